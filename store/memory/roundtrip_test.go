package memory_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/itsmkit/itsm"
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
		c.Position, c.Version, c.Handled = itsm.Position(fmt.Sprint(s.at)), c.Version+1, int64(s.n)
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

// TestRandomRoundTrip: whatever happened to a store, a restored one shows the same and goes on the same.
func TestRandomRoundTrip(t *testing.T) {
	k := kind(t)
	rapid.Check(t, func(t *rapid.T) {
		a := newYear(t, k, memory.New())
		for _, s := range rapid.SliceOfN(rapid.Custom(drawStep), 0, 40).Draw(t, "steps") {
			_ = a.do(s)
		}
		var kept, again bytes.Buffer
		require.NoError(t, a.store.Snapshot(context.Background(), &kept))
		b := newYear(t, k, memory.New())
		require.NoError(t, b.store.Restore(context.Background(), bytes.NewReader(kept.Bytes())))
		b.ids, b.ticks, b.made = append(b.ids, a.ids...), a.ticks, a.made
		require.Equal(t, a.picture(t), b.picture(t))
		require.NoError(t, b.store.Snapshot(context.Background(), &again))
		require.Equal(t, kept.String(), again.String())
		for _, s := range rapid.SliceOfN(rapid.Custom(drawStep), 0, 15).Draw(t, "more steps") {
			want, got := a.do(s), b.do(s)
			require.Equal(t, fmt.Sprint(want), fmt.Sprint(got), "%+v", s)
		}
		require.Equal(t, a.picture(t), b.picture(t))
	})
}

// TestDamagedSnapshot: the error says in which line and what is wrong, and the store stays empty.
func TestDamagedSnapshot(t *testing.T) {
	k := kind(t)
	y := newYear(t, k, memory.New())
	for n, what := range []string{"open", "set", "open", "end", "open", "redact", "consumer"} {
		require.NoError(t, y.do(step{what: what, tenant: "acme", text: "mail", key: "k1", at: n / 2, n: n}), what)
	}
	var kept bytes.Buffer
	require.NoError(t, y.store.Snapshot(context.Background(), &kept))
	good := kept.String()
	lines := strings.SplitAfter(strings.TrimSuffix(good, "\n"), "\n")
	without := func(has string) string {
		for i, l := range lines {
			if strings.Contains(l, has) {
				return strings.Join(append(append([]string(nil), lines[:i]...), lines[i+1:]...), "")
			}
		}
		t.Fatalf("no line has %s", has)
		return ""
	}
	twice := func(has string) string {
		for i, l := range lines {
			if strings.Contains(l, has) {
				return strings.Join(append(append(append([]string(nil), lines[:i+1]...), l), lines[i+1:]...), "")
			}
		}
		t.Fatalf("no line has %s", has)
		return ""
	}
	for _, c := range []struct{ name, damaged, says string }{
		{"nothing", "", "the end is missing"},
		{"no snapshot", "hello\n", "line 1: invalid character"},
		{"other JSON", "{}\n", "line 1: not a snapshot of format itsm/memory, version 1"},
		{"later format", strings.Replace(good, `"version":1}`, `"version":2}`, 1), "line 1: not a snapshot"},
		{"cut within a line", good[:len(good)/2], "unexpected end of JSON input"},
		{"cut after a line", strings.Join(lines[:3], ""), "the end is missing: the snapshot was cut off"},
		{"without the end", strings.Join(lines[:len(lines)-1], ""), "the end is missing"},
		{"something behind", good + "{}\n", "something follows the end"},
		{"changed text", strings.Replace(good, `"who":"k1"`, `"who":"k9"`, 1), "the checksum is"},
		{"record missing", without(`"record"`), "has no record"},
		{"record twice", twice(`"record"`), "comes twice"},
		{"first event missing", without(`"version":1,"number"`), "follows version 0"},
		{"event twice", twice(`"event":{`), "follows version 1"},
		{"unknown state", strings.Replace(good, `"state":"done"`, `"state":"lost"`, 1), "state: unknown"},
		{"unknown field", strings.Replace(good, `"record":{`, `"record":{"colour":"red",`, 1), "colour: unknown field"},
		{"other kind", strings.Replace(good, `"kind":"task","record"`, `"kind":"job","record"`, 1), `kind "job"`},
		{"key of no event", strings.Replace(good, `"event":1}`, `"event":99}`, 1), "event 99, which does not exist"},
	} {
		s := memory.New()
		memory.For(s, k)
		err := s.Restore(context.Background(), strings.NewReader(c.damaged))
		require.ErrorContains(t, err, c.says, c.name)
		require.ErrorContains(t, err, "memory: restore: line ", c.name)
		require.NoError(t, s.Restore(context.Background(), strings.NewReader(good)), "into the same store, after %s", c.name)
	}
}

// TestEachByteCounts: no byte of a snapshot can be changed unnoticed.
func TestEachByteCounts(t *testing.T) {
	k := kind(t)
	y := newYear(t, k, memory.New())
	require.NoError(t, y.do(step{what: "open", tenant: "acme", text: "mail", key: "k1"}))
	require.NoError(t, y.do(step{what: "consumer", tenant: "acme"}))
	var kept bytes.Buffer
	require.NoError(t, y.store.Snapshot(context.Background(), &kept))
	for i := range kept.Bytes() {
		damaged := bytes.Clone(kept.Bytes())
		damaged[i] ^= 1
		s := memory.New()
		memory.For(s, k)
		require.Error(t, s.Restore(context.Background(), bytes.NewReader(damaged)), "byte %d: %q", i, damaged[max(0, i-20):i+1])
	}
}

// failingWriter fails after some bytes.
type failingWriter struct{ left int }

func (w *failingWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

// TestSnapshotPassesErrorsOn: the writer's and the reader's errors reach the caller, a cancelled context ends both.
func TestSnapshotPassesErrorsOn(t *testing.T) {
	k := kind(t)
	y := newYear(t, k, memory.New())
	require.NoError(t, y.do(step{what: "open", text: "mail"}))
	var kept bytes.Buffer
	require.NoError(t, y.store.Snapshot(context.Background(), &kept))
	for _, left := range []int{0, kept.Len() / 2, kept.Len() - 1} {
		require.ErrorIs(t, y.store.Snapshot(context.Background(), &failingWriter{left}), io.ErrClosedPipe)
	}
	s := memory.New()
	memory.For(s, k)
	broken := io.MultiReader(bytes.NewReader(kept.Bytes()[:kept.Len()/2]), iotest.ErrReader(io.ErrNoProgress))
	require.ErrorIs(t, s.Restore(context.Background(), broken), io.ErrNoProgress)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, y.store.Snapshot(ctx, io.Discard), context.Canceled)
	require.ErrorIs(t, s.Restore(ctx, &kept), context.Canceled)
}
