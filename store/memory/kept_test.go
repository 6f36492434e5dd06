package memory_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
)

// questions walk the indexes of the kind, its words and its scopes.
var questions = []struct {
	in itsm.Scope
	q  itsm.Query[task]
}{
	{q: itsm.Where(byWho.Is("bo")).Sorted(byRank.Asc())},
	{q: itsm.Where(byTag.In("a", "b")).Sorted(byRank.Desc())},
	{q: itsm.Where(byWho.Is("bo"), itsm.ByState[task]().Is("open")).Sorted(byRank.Asc())},
	{q: itsm.Where(byRank.Is(1)).Sorted(byWho.Asc())},
	{q: itsm.Where(byTag.Is("a"))},
	{q: itsm.Where(itsm.ByState[task]().Is("done"))},
	{q: itsm.Query[task]{}.Matching("mail")},
	{q: itsm.Query[task]{}.Sorted(itsm.ByUpdated[task]().Desc())},
	{q: itsm.Query[task]{}.Sorted(itsm.ByNumber[task]().Asc())},
	{itsm.Scope{Any: []itsm.Condition{byWho.Is("cy").Condition, byTag.Is("b").Condition}}, itsm.Query[task]{}.Sorted(itsm.ByCreated[task]().Asc())},
}

// TestKept: at whatever moment a query is the first that walks an index, and however the records move before and behind
// it, also in transactions that are rolled back, the result is that of the definition: all records, filtered by
// Selection.Match and sorted by Selection.Compare.
func TestKept(t *testing.T) {
	const most = 150 // more than two nodes of an index hold
	undone := errors.New("undone")
	numbers := func(of []*task) []string {
		out := []string{}
		for _, rec := range of {
			out = append(out, rec.Number)
		}
		return out
	}
	rapid.Check(t, func(rt *rapid.T) {
		d, s, r := newDesk(t)
		var ids []itsm.ID
		fields := func() set {
			return set{Title: rapid.SampledFrom([]string{"mail down", "printer", "slow mail"}).Draw(rt, "title"), Rank: rapid.IntRange(0, 2).Draw(rt, "rank"),
				Who: rapid.SampledFrom([]string{"", "bo", "cy"}).Draw(rt, "who"), Tags: slices.Compact(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b"}), 0, 2).Draw(rt, "tags"))}
		}
		ask := func(ctx context.Context) {
			all, err := r.Get(ctx, itsm.Scope{}, ids...)
			require.NoError(rt, err)
			asked := questions[rapid.IntRange(0, len(questions)-1).Draw(rt, "question")]
			sel, err := d.Kind().Shape().Select(asked.in, asked.q.Select)
			require.NoError(rt, err)
			all = slices.DeleteFunc(all, func(rec *task) bool { return rec == nil || !sel.Match(rec) })
			slices.SortFunc(all, func(a, b *task) int { return sel.Compare(a, b) })
			page, err := r.Find(ctx, asked.in, asked.q, itsm.PageRequest{Limit: most})
			require.NoError(rt, err)
			require.Equal(rt, numbers(all), numbers(page.Items))
			counts, err := r.Count(ctx, asked.in, asked.q, "who", "rank")
			require.NoError(rt, err)
			require.EqualValues(rt, len(all), counts.Total)
			for _, b := range counts.Facet("who").Buckets {
				n := int64(0)
				for _, rec := range all {
					if rec.Who == b.Value {
						n++
					}
				}
				require.Equal(rt, n, b.Count)
			}
		}
		write := func(ctx context.Context) {
			batch := d.Batch()
			for range rapid.IntRange(1, 40).Draw(rt, "writes") {
				if len(ids) == most || len(ids) > 0 && rapid.Bool().Draw(rt, "again") {
					_, err := batch.Do(ctx, rapid.SampledFrom(ids).Draw(rt, "id"), fields())
					if err != nil {
						require.ErrorIs(rt, err, itsm.ErrNotFound) // its opening was rolled back
					}
					continue
				}
				rec, err := batch.Open(ctx, add(fields()))
				require.NoError(rt, err)
				ids = append(ids, rec.ID)
			}
			require.NoError(rt, batch.Save(ctx))
		}
		rt.Repeat(map[string]func(*rapid.T){
			"write": func(*rapid.T) { write(ann()) },
			"ask":   func(*rapid.T) { ask(ann()) },
			"undo": func(*rapid.T) {
				require.ErrorIs(rt, s.InTx(ann(), func(ctx context.Context) error {
					write(ctx)
					ask(ctx)
					write(ctx)
					return undone
				}), undone)
			},
		})
		for range questions {
			ask(ann())
		}
	})
}

// TestKeptAtOnce: many first queries beside writers.
func TestKeptAtOnce(t *testing.T) {
	d, _, r := newDesk(t)
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for i := range 40 {
				_, err := d.Open(ann(), add{Title: "mail", Who: "bo", Rank: i, Tags: []string{"a"}})
				require.NoError(t, err)
				asked := questions[(n+i)%len(questions)]
				_, err = r.Find(ann(), asked.in, asked.q, itsm.PageRequest{})
				require.NoError(t, err)
			}
		})
	}
	wg.Wait()
	for _, asked := range questions[:2] {
		n := 0
		for range d.All(ann(), asked.q) {
			n++
		}
		require.Equal(t, 320, n)
	}
}
