package bench_test

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/memory"
)

const page = 50

// BenchmarkFind asks for a page of 50 of a list, through the desk, which copies the records for its caller.
// Beside the two names that are compared, which walk all incidents by the instant of their last change, there
// are the lists of a service desk: -queue is what a group has to do next, -rare a caller's few incidents newest
// first, -count and -facets how many there are.
//
// Run it with a fixed number of iterations (-benchtime 2000x): see quiet.
func BenchmarkFind(b *testing.B) {
	for _, n := range []int{1000, 1_000_000} {
		// The store is made on first use and is garbage when its benchmarks have run.
		store := sync.OnceValue(func() *crowd { return newCrowd(b, n) })
		type query = itsm.Query[incident.Incident]
		find := func(name string, q query, want int) {
			b.Run(fmt.Sprint(n, name), func(b *testing.B) {
				skipLarge(b, n)
				c, ctx := store(), acting()
				quiet(b, func(int) error {
					found, err := c.desk.Find(ctx, q, itsm.PageRequest{Limit: page})
					if err == nil && len(found.Items) != want {
						err = fmt.Errorf("%d found, want %d", len(found.Items), want)
					}
					return err
				})
			})
		}
		updated, created := itsm.ByUpdated[incident.Incident](), itsm.ByCreated[incident.Incident]()
		find("", query{}.Sorted(updated.Desc()), page)
		find("-queue", itsm.Where(incident.ByQueue.Is("group-03")).Sorted(incident.ByPriority.Asc()), min(page, n/groups))
		find("-rare", itsm.Where(incident.ByCaller.Is(rareCaller)).Sorted(created.Desc()), rareIncidents)

		count := func(name string, q query, by ...itsm.IndexName) {
			b.Run(fmt.Sprint(n, name), func(b *testing.B) {
				skipLarge(b, n)
				c, ctx := store(), acting()
				quiet(b, func(int) error {
					counts, err := c.desk.Count(ctx, q, by...)
					if err == nil && counts.Total == 0 {
						err = fmt.Errorf("nothing counted")
					}
					return err
				})
			})
		}
		count("-count", itsm.Where(incident.ByQueue.Is("group-03")))
		count("-facets", query{}, itsm.IndexState, incident.ByPriority.Name(), incident.ByGroup.Name())
	}
}

// BenchmarkFirstQuery asks for the same page where no query has walked the index before: it makes it. Another declaration of
// the kind begins without any.
func BenchmarkFirstQuery(b *testing.B) {
	for _, n := range []int{1000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			skipLarge(b, n)
			c, ctx := newCrowd(b, n), acting()
			q := itsm.Query[incident.Incident]{}.Sorted(itsm.ByUpdated[incident.Incident]().Desc())
			for b.Loop() {
				b.StopTimer()
				kind, err := incident.NewKind(incident.Options{})
				require.NoError(b, err)
				require.NoError(b, c.desk.Use(ctx, kind))
				b.StartTimer()
				_, err = c.desk.Find(ctx, q, itsm.PageRequest{Limit: page})
				require.NoError(b, err)
			}
		})
	}
}

func skipLarge(b *testing.B, n int) {
	if testing.Short() && n > 1000 {
		b.Skip("a million incidents take half a minute and 4 GB: not with -short")
	}
}

// quiet measures without the collector: one pass over a heap of gigabytes within a window of milliseconds would
// be all that is measured. The collector runs before the window, and in it only if half a gigabyte of garbage
// has come together, which 4,000 iterations do not make. Nor does the window pay for memory that the system gives
// page by page: a small store would, a large one has it already.
func quiet(b *testing.B, call func(i int) error) {
	require.NoError(b, call(0))
	warm := make([][]byte, 0, 8192)
	for range cap(warm) {
		block := make([]byte, 32<<10)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		warm = append(warm, block)
	}
	runtime.KeepAlive(warm) // garbage from here on
	runtime.GC()
	runtime.GC() // the second one ends the sweep of the first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	percent, limit := debug.SetGCPercent(-1), debug.SetMemoryLimit(int64(m.Sys)+512<<20)
	defer func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}()
	measure(b, call)
}

const (
	groups, callers, offices = 40, 5000, 97

	rareCaller    = "caller-rare"
	rareIncidents = 20
)

// crowd is many incidents, opened one a second.
type crowd struct {
	desk  *itsm.Desk[incident.Incident]
	store *memory.Store
}

func newCrowd(tb testing.TB, n int) *crowd {
	tb.Helper()
	c := &crowd{store: memory.New()}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var err error
	c.desk, err = itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{
		Repository: memory.For(c.store, incident.Kind()), Policy: itsm.AllowAll | itsm.AllowImport,
		Clock: func() time.Time { return now },
	})
	require.NoError(tb, err)
	ctx, batch := acting(), c.desk.Batch()
	levels := incident.Level("").Choices()
	for i := range n {
		now = now.Add(time.Second)
		caller := fmt.Sprintf("caller-%04d", i%callers)
		if i%(n/rareIncidents) == 0 {
			caller = rareCaller
		}
		rec, err := batch.Open(ctx, incident.Report{
			Title: fmt.Sprintf("Mail does not arrive in office %d", i%offices), Caller: caller, Location: fmt.Sprintf("site-%02d", i%60),
			Category: "messaging", Group: fmt.Sprintf("group-%02d", i%groups), Service: itsm.Ref{Kind: "service", ID: itsm.ID{1, byte(i % 50)}},
			Impact: incident.Level(levels[i%3]), Urgency: incident.Level(levels[i/3%3]),
		})
		require.NoError(tb, err)
		if i%10 == 0 {
			_, err = batch.Do(ctx, rec.ID, incident.Start{})
			require.NoError(tb, err)
		}
		if batch.Len() >= 1000 {
			require.NoError(tb, batch.Save(ctx))
		}
	}
	require.NoError(tb, batch.Save(ctx))
	return c
}
