package memory_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// year is a store with the desk that fills it. Its clock and its IDs repeat themselves, so that two of them can be
// led through the same history.
type year struct {
	store *memory.Store
	desk  *itsm.Desk[task]
	repo  itsm.Repository[task]
	ticks int
	made  int
	ids   []itsm.ID
}

func newYear(t require.TestingT, k *itsm.Kind[task], s *memory.Store) *year {
	y := &year{store: s, repo: memory.For(s, k)}
	var err error
	y.desk, err = itsm.NewDesk(k, itsm.Config[task]{
		Repository: y.repo, Policy: itsm.AllowAll | itsm.AllowRedact | itsm.AllowPurge | itsm.AllowImport,
		Clock: func() time.Time {
			y.ticks++
			return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(y.ticks) * 13 * time.Millisecond)
		},
		NewID: func(time.Time) itsm.ID { // the same in two tenants: an ID is a tenant's own for this store
			y.made++
			return itsm.ID{1, byte(y.made >> 8), byte(y.made)}
		},
	})
	require.NoError(t, err)
	return y
}

func of(tenant string) context.Context {
	return itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Name: "Ann Ä", Tenant: tenant})
}

// step is one thing that happens to a store.
type step struct {
	what, tenant, text, key string
	at, n                   int
}

func drawStep(t *rapid.T) step {
	return step{
		what:   rapid.SampledFrom([]string{"open", "open", "set", "set", "end", "batch", "redact", "purge", "forget", "undone", "consumer"}).Draw(t, "what"),
		tenant: rapid.SampledFrom([]string{"", "acme", "zeta"}).Draw(t, "tenant"),
		text:   rapid.SampledFrom([]string{"", "mail", "<b>\"é\"\n", "ÄÖ \u2028", "{}"}).Draw(t, "text"),
		key:    rapid.SampledFrom([]string{"", "k1", "k2", "é"}).Draw(t, "key"),
		at:     rapid.IntRange(0, 20).Draw(t, "at"),
		n:      rapid.IntRange(-3, 3).Draw(t, "n"),
	}
}

// do takes a step; it may be refused.
func (y *year) do(s step) error {
	ctx := of(s.tenant)
	opts := []itsm.DoOption{itsm.Note(s.text, s.n > 0)}
	if s.key != "" {
		opts = append(opts, itsm.IdempotencyKey(s.key+s.what+fmt.Sprint(s.at)))
	}
	var id itsm.ID
	if len(y.ids) > 0 {
		id = y.ids[s.at%len(y.ids)]
	}
	input := set{Title: s.text, Who: s.key, Rank: s.n, Tags: []string{s.key, "t"}, Code: fmt.Sprint(s.at, s.n)}
	var err error
	switch s.what {
	case "open":
		var rec task
		if rec, err = y.desk.Open(ctx, add(input), append(opts, itsm.External(fmt.Sprint("e", len(y.ids))))...); err == nil {
			y.ids = append(y.ids, rec.ID)
		}
	case "set":
		_, err = y.desk.Do(ctx, id, input, opts...)
	case "end":
		_, err = y.desk.Do(ctx, id, end{}, opts...)
	case "batch":
		b := y.desk.Batch()
		for range 3 {
			var rec task
			if rec, err = b.Open(ctx, add{Title: s.text}); err == nil {
				y.ids = append(y.ids, rec.ID)
			}
		}
		err = b.Save(ctx)
	case "redact":
		_, err = y.desk.Redact(ctx, id, itsm.Redaction{Paths: []string{"title", "code", "tags"}, Notes: []int64{1}, Reason: "asked"})
	case "purge":
		_, err = y.desk.Purge(ctx, time.Date(2026, 1, 1, 0, 0, 0, y.ticks*6_000_000, time.UTC), s.at)
	case "forget":
		err = y.repo.Erase(ctx, itsm.Scope{Tenant: s.tenant}, itsm.Erasure[task]{Keys: time.Date(2026, 1, 1, 0, 0, 0, y.ticks*6_000_000, time.UTC)})
	case "undone":
		err = y.store.InTx(ctx, func(ctx context.Context) error {
			if _, err := y.desk.Open(ctx, add(input)); err != nil {
				return err
			}
			return errors.New("undone")
		})
	case "consumer":
		var c itsm.Consumer
		if c, err = y.store.LoadConsumer(ctx, "sla"); errors.Is(err, itsm.ErrNotFound) {
			c = itsm.Consumer{Name: "sla"}
		}
		if _, c.Position, err = y.store.Since(ctx, "", 1+s.at); err != nil {
			return err
		}
		c.Version, c.Handled = c.Version+1, int64(s.n)
		c.Parked = append(c.Parked, itsm.Parked{Reason: s.text, At: time.Date(2026, 1, 1, 0, 0, s.at, 0, time.UTC)})
		err = y.store.SaveConsumer(ctx, c)
	}
	return err
}

// picture is all that can be read from a store, as text.
func (y *year) picture(t require.TestingT) string {
	var out strings.Builder
	put := func(v any, err error) {
		raw, encodeErr := json.Marshal(v)
		require.NoError(t, encodeErr)
		fmt.Fprintf(&out, "%s %v\n", raw, err)
	}
	for _, tenant := range []string{"", "acme", "zeta"} {
		in := itsm.Scope{Tenant: tenant}
		for _, q := range []itsm.Query[task]{
			{}, itsm.Query[task]{}.Sorted(byRank.Desc()), itsm.Where(byTag.Is("t")), itsm.Where(byWho.Is("k1")).Sorted(byRank.Asc()), itsm.Query[task]{}.Matching("mail"),
			itsm.Query[task]{}.Sorted(byCode.Asc()), itsm.Query[task]{}.Matching("redacted"),
		} {
			page, err := y.repo.Find(context.Background(), in, q, itsm.PageRequest{Limit: 1000})
			put(page, err)
			counts, err := y.repo.Count(context.Background(), in, q, "who", "tags", "state")
			put(counts, err)
		}
		for _, id := range y.ids {
			page, err := y.store.History(context.Background(), in, itsm.Ref{Kind: "task", ID: id}, itsm.PageRequest{Limit: 1000})
			put(page, err)
		}
		for _, key := range []string{"k1", "k2", "é"} {
			for n := range 21 {
				for _, what := range []string{"open", "set", "end"} {
					if e, err := y.store.ByKey(context.Background(), in, "task", key+what+fmt.Sprint(n)); err == nil {
						put(e, err)
					}
				}
			}
		}
	}
	for at := itsm.Position(""); ; {
		events, next, err := y.store.Since(context.Background(), at, 1)
		put(events, err)
		put(next, nil)
		if at = next; len(events) == 0 {
			break
		}
	}
	put(y.store.LoadConsumer(context.Background(), "sla"))
	return out.String()
}

// TestRandomRoundTrip: whatever happened to a store, one that is filled from its archive shows the same and goes on the same.
func TestRandomRoundTrip(t *testing.T) {
	k := kind(t)
	rapid.Check(t, func(t *rapid.T) {
		a := newYear(t, k, memory.New())
		for _, s := range rapid.SliceOfN(rapid.Custom(drawStep), 0, 40).Draw(t, "steps") {
			_ = a.do(s)
		}
		var kept, again bytes.Buffer
		require.NoError(t, archive.Export(context.Background(), a.store, &kept))
		b := newYear(t, k, memory.New())
		require.NoError(t, archive.Import(context.Background(), b.store, bytes.NewReader(kept.Bytes())))
		b.ids, b.ticks, b.made = append(b.ids, a.ids...), a.ticks, a.made
		require.Equal(t, a.picture(t), b.picture(t))
		require.NoError(t, archive.Export(context.Background(), b.store, &again))
		require.Equal(t, kept.String(), again.String())
		for _, s := range rapid.SliceOfN(rapid.Custom(drawStep), 0, 15).Draw(t, "more steps") {
			want, got := a.do(s), b.do(s)
			require.Equal(t, fmt.Sprint(want), fmt.Sprint(got), "%+v", s)
		}
		require.Equal(t, a.picture(t), b.picture(t))
	})
}
