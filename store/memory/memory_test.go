package memory_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

type task struct {
	itsm.Header
	Title string   `json:"title"`
	Who   string   `json:"who,omitempty"`
	Rank  int      `json:"rank,omitempty"`
	Tags  []string `json:"tags,omitempty"`
	Code  string   `json:"code,omitempty"`
}

type set struct {
	Title string   `json:"title"`
	Who   string   `json:"who,omitempty"`
	Rank  int      `json:"rank,omitempty"`
	Tags  []string `json:"tags,omitempty"`
	Code  string   `json:"code,omitempty"`
}

type add set

func (add) Name() string                         { return "add" }
func (a add) Apply(t *task, m itsm.Moment) error { return set(a).Apply(t, m) }
func (set) Name() string                         { return "set" }
func (a set) Apply(t *task, _ itsm.Moment) error {
	t.Title, t.Who, t.Rank, t.Tags, t.Code = a.Title, a.Who, a.Rank, a.Tags, a.Code
	return nil
}

type end struct{}

func (end) Name() string                   { return "end" }
func (end) Apply(*task, itsm.Moment) error { return nil }

var (
	byWho  = itsm.Text("who", func(t *task) string { return t.Who })
	byRank = itsm.Number("rank", func(t *task) int { return t.Rank })
	byTag  = itsm.Texts("tags", func(t *task) []string { return t.Tags })
	byCode = itsm.Text("code", func(t *task) string { return t.Code }).Unique()
)

func kind(t testing.TB) *itsm.Kind[task] {
	l, err := lifecycle.New([]lifecycle.Rule{
		{On: "add", From: []lifecycle.State{""}, To: "open"},
		{On: "set", From: []lifecycle.State{"open"}, Stay: true},
		{On: "end", From: []lifecycle.State{"open"}, To: "done"},
	}, "done")
	require.NoError(t, err)
	k, err := itsm.NewKind("task", itsm.Declaration[task]{
		Lifecycle: l, Actions: []itsm.Offer[task]{itsm.Do(add{}), itsm.Do(set{}), itsm.Do(end{})},
		Indexes: []itsm.Indexed[task]{byWho, byRank, byTag, byCode, itsm.Then(byWho, byRank), itsm.Then(byTag, byRank),
			itsm.Then(byWho, itsm.ByState[task](), byRank), itsm.Then(byRank, byWho)},
		Number: itsm.Numbering{Prefix: "T"}, Keyed: []itsm.Keyed{{List: "tags"}}, Search: []string{"title"},
	})
	require.NoError(t, err)
	return k
}

func newDesk(t testing.TB) (*itsm.Desk[task], *memory.Store, itsm.Repository[task]) {
	s, k := memory.New(), kind(t)
	r := memory.For(s, k)
	d, err := itsm.NewDesk(k, itsm.Config[task]{Repository: r, Policy: itsm.AllowAll | itsm.AllowRedact | itsm.AllowPurge | itsm.AllowImport})
	require.NoError(t, err)
	return d, s, r
}

func ann() context.Context { return itsm.WithActor(context.Background(), itsm.Actor{ID: "ann"}) }

// TestFindIsMatch compares pages of random queries with the definition: all records, filtered by
// Selection.Match and sorted by Selection.Compare.
func TestFindIsMatch(t *testing.T) {
	d, _, r := newDesk(t)
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[rng.IntN(len(from))] }
	var all []*task
	for range 600 {
		var tags []string
		for _, x := range []string{"a", "b", "c"} {
			if rng.IntN(2) == 0 {
				tags = append(tags, x)
			}
		}
		rec, err := d.Open(ann(), add{Title: pick("mail down", "Mail slow", "printer", "vpn down"), Who: pick("", "bo", "Bo", "cy", "çy"), Rank: rng.IntN(7) - 3, Tags: tags})
		require.NoError(t, err)
		if rng.IntN(3) == 0 {
			rec, err = d.Do(ann(), rec.ID, set{Title: pick("mail", "router"), Who: pick("bo", "dee"), Rank: rng.IntN(3), Tags: tags})
			require.NoError(t, err)
		}
		if rng.IntN(3) == 0 {
			rec, err = d.Do(ann(), rec.ID, end{})
			require.NoError(t, err)
		}
		all = append(all, &rec)
	}
	conditions := []func() itsm.Cond[task]{
		func() itsm.Cond[task] { return byWho.Is(pick("bo", "Bo", "", "cy", "nobody")) },
		func() itsm.Cond[task] { return byWho.In("bo", "cy", "bo") },
		func() itsm.Cond[task] { return byRank.Between(rng.IntN(5)-3, rng.IntN(5)-1) },
		func() itsm.Cond[task] { return byRank.From(rng.IntN(5) - 2) },
		func() itsm.Cond[task] { return byRank.In(1, 2, -3) },
		func() itsm.Cond[task] { return byTag.In("a", "c") },
		func() itsm.Cond[task] { return itsm.ByState[task]().Is("open") },
		func() itsm.Cond[task] { return itsm.ByState[task]().In("open", "done") },
		func() itsm.Cond[task] { return byWho.From("c") },
	}
	orders := []itsm.Order{{}, byRank.Asc(), byRank.Desc(), byWho.Asc(), byWho.Desc(), itsm.ByUpdated[task]().Desc(), itsm.ByNumber[task]().Asc()}
	served := 0
	for n := range 800 {
		var q itsm.Query[task]
		for range rng.IntN(3) {
			q.Where = append(q.Where, conditions[rng.IntN(len(conditions))]().Condition)
		}
		q.Order = orders[rng.IntN(len(orders))]
		if rng.IntN(4) == 0 {
			q.Text = pick("mail", "MA", "down mail", "v", "zzz")
		}
		in := itsm.Scope{}
		if rng.IntN(4) == 0 {
			in.Any = []itsm.Condition{byWho.Is(pick("bo", "cy")).Condition, byTag.Is("b").Condition}
		}
		if _, err := d.Kind().Shape().Select(in, q.Select); err == nil {
			served++
		} else {
			require.ErrorIs(t, err, itsm.ErrInvalid)
			_, err := r.Find(ann(), in, q, itsm.PageRequest{})
			require.ErrorIs(t, err, itsm.ErrInvalid)
		}
		q.Scan = true
		sel, err := d.Kind().Shape().Select(in, q.Select)
		require.NoError(t, err)
		var want []string
		var matching []*task
		for _, rec := range all {
			if sel.Match(rec) {
				matching = append(matching, rec)
			}
		}
		slices.SortFunc(matching, func(a, b *task) int { return sel.Compare(a, b) })
		for _, rec := range matching {
			want = append(want, rec.Number)
		}
		var got []string
		p := itsm.PageRequest{Limit: 1 + rng.IntN(200)}
		for {
			page, err := r.Find(ann(), in, q, p)
			require.NoError(t, err)
			for _, rec := range page.Items {
				got = append(got, rec.Number)
			}
			if p.Cursor = page.Next; p.Cursor == "" {
				break
			}
			require.Len(t, page.Items, p.Limit)
		}
		require.Equal(t, want, got, "query %d: %+v in %+v", n, q, in)
		counts, err := r.Count(ann(), in, q, "who", "tags")
		require.NoError(t, err)
		require.EqualValues(t, len(want), counts.Total)
		total := int64(0)
		for _, b := range counts.Facet("who").Buckets {
			total += b.Count
		}
		require.EqualValues(t, len(want), total)
		counts, err = r.Count(ann(), in, q)
		require.NoError(t, err)
		require.EqualValues(t, len(want), counts.Total)
	}
	require.Greater(t, served, 250)
	require.Less(t, served, 780)
}

// TestManyWriters: nothing is lost and each version has one winner, on one record and on many.
func TestManyWriters(t *testing.T) {
	d, s, _ := newDesk(t)
	hot, err := d.Open(ann(), add{Title: "hot"})
	require.NoError(t, err)
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			for i := range 50 {
				if _, err := d.Do(ann(), hot.ID, set{Title: "hot", Rank: w*100 + i}); err != nil {
					t.Error(err)
				}
				if _, err := d.Open(ann(), add{Title: "own", Who: fmt.Sprint(w)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	rec, err := d.Get(ann(), hot.ID)
	require.NoError(t, err)
	require.EqualValues(t, 801, rec.Version)
	events, _, err := s.Since(ann(), "", 10_000)
	require.NoError(t, err)
	require.Len(t, events, 1601)
	counts, err := d.Count(ann(), itsm.Query[task]{})
	require.NoError(t, err)
	require.EqualValues(t, 801, counts.Total)
	seen := map[string]bool{}
	for rec, err := range d.All(ann(), itsm.Query[task]{}) {
		require.NoError(t, err)
		require.False(t, seen[rec.Number])
		seen[rec.Number] = true
	}
}

// TestTransaction: an error and a panic undo everything, own writes are seen, and serial numbers go back too.
func TestTransaction(t *testing.T) {
	d, s, _ := newDesk(t)
	one, err := d.Open(ann(), add{Title: "one", Who: "bo", Code: "x"})
	require.NoError(t, err)
	stop := fmt.Errorf("stop")
	try := func(fail func() error) error {
		return s.InTx(ann(), func(ctx context.Context) error {
			_, err := d.Do(ctx, one.ID, set{Title: "changed", Who: "cy"})
			require.NoError(t, err)
			two, err := d.Open(ctx, add{Title: "two", Code: "x"}, itsm.IdempotencyKey("k"))
			require.NoError(t, err)
			require.Equal(t, "T0000002", two.Number)
			page, err := d.Find(ctx, itsm.Where(byWho.Is("cy")), itsm.PageRequest{})
			require.NoError(t, err)
			require.Len(t, page.Items, 1)
			return fail()
		})
	}
	require.ErrorIs(t, try(func() error { return stop }), stop)
	require.Panics(t, func() { _ = try(func() error { panic("no") }) })
	rec, err := d.Get(ann(), one.ID)
	require.NoError(t, err)
	require.Equal(t, one, rec)
	page, err := d.Find(ann(), itsm.Where(byWho.Is("cy")), itsm.PageRequest{})
	require.NoError(t, err)
	require.Empty(t, page.Items)
	events, _, err := s.Since(ann(), "", 100)
	require.NoError(t, err)
	require.Len(t, events, 1)
	require.NoError(t, try(func() error { return nil }))
	_, err = d.Open(ann(), add{Title: "three", Code: "x"})
	require.ErrorIs(t, err, itsm.ErrDuplicate)
	three, err := d.Open(ann(), add{Title: "three"})
	require.NoError(t, err)
	require.Equal(t, "T0000003", three.Number)
}

// TestRedactAndPurge: the secret is in no record, event or search, and replay still gives the record.
func TestRedactAndPurge(t *testing.T) {
	d, s, _ := newDesk(t)
	rec, err := d.Open(ann(), add{Title: "secret plan", Who: "bo", Tags: []string{"secret"}})
	require.NoError(t, err)
	_, err = d.Do(ann(), rec.ID, set{Title: "other secret", Who: "bo"}, itsm.Note("the secret", false))
	require.NoError(t, err)
	rec, err = d.Redact(ann(), rec.ID, itsm.Redaction{Paths: []string{"title", "tags"}, Notes: []int64{2}, Reason: "asked by the person"})
	require.NoError(t, err)
	require.Equal(t, itsm.Redacted, rec.Title)
	page, err := d.Find(ann(), itsm.Query[task]{}.Matching("secret"), itsm.PageRequest{})
	require.NoError(t, err)
	require.Empty(t, page.Items)
	history, err := d.History(ann(), rec.ID, itsm.PageRequest{})
	require.NoError(t, err)
	require.Len(t, history.Items, 3)
	require.NotContains(t, string(must(json.Marshal(history.Items))), "secret")
	again, err := d.Kind().Replay(history.Items, time.Time{})
	require.NoError(t, err)
	require.Equal(t, rec, again)
	_, err = d.Do(ann(), rec.ID, end{})
	require.NoError(t, err)
	n, err := d.Purge(ann(), time.Now().Add(time.Hour), 0)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	_, err = d.Get(ann(), rec.ID)
	require.ErrorIs(t, err, itsm.ErrNotFound)
	events, end, err := s.Since(ann(), "", 100)
	require.NoError(t, err)
	require.Empty(t, events)
	require.Equal(t, itsm.Position("4"), end)
}

func must[V any](v V, err error) V {
	if err != nil {
		panic(err)
	}
	return v
}
