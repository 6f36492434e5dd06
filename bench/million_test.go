package bench_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/sqlite"
)

// sized is a store on a database with the bytes that it takes.
type sized struct {
	repo   itsm.Repository[incident.Incident]
	clocks itsm.Repository[sla.Clock]
	size   func() int64
}

// BenchmarkMillion fills a database with a million incidents of five events each (2,000 with -short), and measures what
// that costs: bytes, pages at the beginning and far within, a search, counts, and a rebuild of all clocks. One
// iteration is all of it; the figures are its metrics.
func BenchmarkMillion(b *testing.B) {
	n := 1_000_000
	if testing.Short() {
		n = 2000
	}
	b.Run("sqlite", func(b *testing.B) {
		folder, err := os.MkdirTemp("", "itsm")
		require.NoError(b, err)
		defer os.RemoveAll(folder) //nolint:errcheck // the operating system's to clean
		path := filepath.Join(folder, "desk.db")
		store, err := sqlite.Open(b.Context(), path, sqlite.Options{Sync: sqlite.SyncNormal})
		require.NoError(b, err)
		defer store.Close() //nolint:errcheck // it has only been measured
		million(b, n, sized{sqlite.For(store, incident.Kind()), sqlite.For(store, sla.ClockKind()), func() int64 {
			info, err := os.Stat(path)
			require.NoError(b, err)
			return info.Size()
		}})
	})
	b.Run("postgres", func(b *testing.B) {
		store, pool := postgresStore(b)
		s := sized{repo: postgres.For(store, incident.Kind()), clocks: postgres.For(store, sla.ClockKind()), size: func() (n int64) {
			require.NoError(b, pool.QueryRow(b.Context(), `SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
				WHERE n.nspname = current_schema AND c.relkind = 'r'`).Scan(&n))
			return n
		}}
		require.NoError(b, store.Migrate(b.Context()))
		million(b, n, s)
	})
}

func million(b *testing.B, n int, s sized) {
	ctx := itsm.System(b.Context(), actor.Tenant)
	now := time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)
	desk, err := itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{Repository: s.repo, Policy: itsm.AllowAll, Clock: func() time.Time { return now }})
	require.NoError(b, err)
	for b.Loop() {
		begun := time.Now()
		fill(b, ctx, desk, n, &now)
		b.ReportMetric(float64(time.Since(begun).Microseconds())/float64(5*n), "µs/event-in")
		b.ReportMetric(float64(s.size())/float64(n), "B/incident")
		open := itsm.Where(incident.ByQueue.Is("group 7")).Sorted(incident.ByPriority.Asc())
		report := func(name string, times int, call func(i int) error) {
			begun := time.Now()
			for i := range times {
				require.NoError(b, call(i))
			}
			b.ReportMetric(float64(time.Since(begun).Microseconds())/float64(times), name)
		}
		cursor := ""
		report("µs/page", 50, func(int) error {
			page, err := desk.Find(ctx, open, itsm.PageRequest{})
			cursor = page.Next
			return err
		})
		report("µs/next-page", 50, func(int) error {
			page, err := desk.Find(ctx, open, itsm.PageRequest{Cursor: cursor})
			cursor = page.Next
			return err
		})
		report("µs/states-page", 50, func(int) error {
			_, err := desk.Find(ctx, itsm.Where(itsm.ByState[incident.Incident]().In(incident.New, incident.Assigned, incident.InProgress, incident.OnHold)).
				Sorted(itsm.ByUpdated[incident.Incident]().Desc()), itsm.PageRequest{})
			return err
		})
		report("µs/rare-word", 20, func(i int) error {
			_, err := desk.Find(ctx, itsm.Query[incident.Incident]{}.Matching(fmt.Sprintf("INC%07d", 1+i*n/20)), itsm.PageRequest{})
			return err
		})
		report("µs/count-queue", 20, func(int) error {
			_, err := desk.Count(ctx, open)
			return err
		})
		begun = time.Now()
		require.NoError(b, rebuild(ctx, b, desk, s, now))
		b.ReportMetric(time.Since(begun).Seconds(), "s/clocks")
		b.ReportMetric(0, "ns/op")
	}
}

// fill opens n incidents and works on each, five events.
func fill(b *testing.B, ctx context.Context, desk *itsm.Desk[incident.Incident], n int, now *time.Time) {
	batch := desk.Batch()
	for i := range n {
		*now = now.Add(20 * time.Second)
		r := report(i)
		rec, err := batch.Open(ctx, r)
		require.NoError(b, err)
		for _, a := range []itsm.Action[incident.Incident]{
			incident.Assign{Group: fmt.Sprint("group ", i%50), To: fmt.Sprint("agent-", i%400)}, incident.Start{},
			itsm.Comment[incident.Incident]{Text: "Called back, nobody there."},
		} {
			_, err = batch.Do(ctx, rec.ID, a)
			require.NoError(b, err)
		}
		last := itsm.Action[incident.Incident](incident.PutOnHold{Reason: incident.ForSupplier})
		if i%20 > 0 {
			last = incident.Resolve{Code: "workaround", Text: "The mail server was started again."}
		}
		_, err = batch.Do(ctx, rec.ID, last)
		require.NoError(b, err)
		if batch.Len() >= 1000 || i == n-1 {
			require.NoError(b, batch.Save(ctx))
		}
	}
}

// rebuild follows all events with four targets onto the same database.
func rebuild(ctx context.Context, b *testing.B, incidents *itsm.Desk[incident.Incident], s sized, end time.Time) error {
	desk, err := itsm.NewDesk(sla.ClockKind(), itsm.Config[sla.Clock]{Repository: s.clocks, Policy: itsm.AllowAll, Clock: func() time.Time { return end.AddDate(1, 0, 0) }})
	if err != nil {
		return err
	}
	tracker, err := sla.NewTracker(desk, s.repo, terms(b, 4*time.Hour))
	if err != nil {
		return err
	}
	var at itsm.Position
	for {
		events, next, err := s.repo.Since(ctx, at, 1000, incidents.Kind().Name())
		if err != nil || len(events) == 0 {
			return err
		}
		if _, err := tracker.Handle(ctx, events); err != nil {
			return err
		}
		at = next
	}
}
