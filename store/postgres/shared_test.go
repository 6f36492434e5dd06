package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/storetest"
)

// counting counts what is tried to be stored.
type counting struct {
	itsm.Repository[storetest.Thing]
	tries *atomic.Int64
}

func (c counting) Save(ctx context.Context, in itsm.Scope, commits ...itsm.Commit[storetest.Thing]) error {
	c.tries.Add(1)
	return c.Repository.Save(ctx, in, commits...)
}

// sweepers is desks of several processes for things.
type sweepers struct {
	dsn   string
	desks []*itsm.Desk[storetest.Thing]
	tries atomic.Int64
	repos []itsm.Repository[storetest.Thing]
}

func newSweepers(t *testing.T, dsn string, o postgres.Options, n int, share postgres.Share) *sweepers {
	t.Helper()
	w := &sweepers{dsn: dsn}
	for range n {
		s := open(t, dsn, o)
		repo := postgres.Shared(s, storetest.Things(), share)
		require.NoError(t, s.Migrate(t.Context()))
		desk, err := itsm.NewDesk(storetest.Things(), itsm.Config[storetest.Thing]{Repository: counting{repo, &w.tries}, Policy: itsm.AllowAll})
		require.NoError(t, err)
		w.desks, w.repos = append(w.desks, desk), append(w.repos, repo)
	}
	return w
}

func (w *sweepers) create(t *testing.T, n int) (ids []itsm.ID) {
	t.Helper()
	for i := range n {
		rec, err := w.desks[0].Open(acme(t), storetest.Create{Content: storetest.Content{Title: fmt.Sprint(i)}})
		require.NoError(t, err)
		ids = append(ids, rec.ID)
	}
	return ids
}

// handed returns how many records a desk is given for a sweep.
func (w *sweepers) handed(t *testing.T, desk int, q itsm.Query[storetest.Thing]) (n int) {
	t.Helper()
	for _, err := range w.desks[desk].All(acme(t), q) {
		require.NoError(t, err)
		n++
	}
	return n
}

func acme(t *testing.T) context.Context { return itsm.System(t.Context(), "acme") }

func in(states ...lifecycle.State) itsm.Query[storetest.Thing] {
	return itsm.Where(itsm.ByState[storetest.Thing]().In(states...))
}

// TestSharedSweep: four processes sweep at once. Each record is done, and tried, by just one of them.
func TestSharedSweep(t *testing.T) {
	for name, o := range map[string]postgres.Options{"plain": {}, "row security": {RowSecurity: true}} {
		t.Run(name, func(t *testing.T) {
			const workers, records = 4, 60
			w := newSweepers(t, bound(t), o, workers, postgres.Share{Batch: 4})
			ids := w.create(t, records)
			w.tries.Store(0)
			var done atomic.Int64
			var wait sync.WaitGroup
			for _, desk := range w.desks {
				wait.Go(func() {
					n, err := desk.Sweep(acme(t), in(storetest.StateOpen), time.Now(), storetest.Finish{})
					if err != nil {
						t.Error(err)
					}
					done.Add(int64(n))
				})
			}
			wait.Wait()
			require.EqualValues(t, records, done.Load())
			require.EqualValues(t, records, w.tries.Load(), "each was tried once")
			for _, id := range ids {
				rec, err := w.desks[0].Get(acme(t), id)
				require.NoError(t, err)
				require.Equal(t, storetest.StateDone, rec.State)
				require.EqualValues(t, 2, rec.Version)
			}
		})
	}
}

// TestSharedClaims: what was handed out is nobody else's until the lease has run out or the record has another version,
// for one sweep and one tenant.
func TestSharedClaims(t *testing.T) {
	w := newSweepers(t, database(t), postgres.Options{}, 2, postgres.Share{Batch: 2})
	ids := w.create(t, 5)
	require.Equal(t, 5, w.handed(t, 0, in(storetest.StateOpen)))
	require.Zero(t, w.handed(t, 1, in(storetest.StateOpen)))
	require.Zero(t, w.handed(t, 0, in(storetest.StateOpen)), "not twice to the same one either")
	require.Equal(t, 5, w.handed(t, 1, in(storetest.StateOpen, storetest.StateHeld)), "another sweep")

	since := func(at time.Time) itsm.Query[storetest.Thing] {
		return itsm.Where(itsm.ByCreated[storetest.Thing]().To(at))
	}
	require.Equal(t, 5, w.handed(t, 0, since(time.Now().Add(time.Hour))))
	require.Zero(t, w.handed(t, 1, since(time.Now().Add(2*time.Hour))), "the same sweep, later")

	_, err := w.desks[0].Do(acme(t), ids[3], storetest.Put{})
	require.NoError(t, err)
	require.Equal(t, 1, w.handed(t, 1, in(storetest.StateOpen)), "it was acted on")
	require.Zero(t, w.handed(t, 0, in(storetest.StateOpen)))

	const ended = "UPDATE itsm_sweep SET until = clock_timestamp() WHERE id IN (SELECT id FROM itsm_thing ORDER BY id LIMIT 2)"
	require.NoError(t, run(w.dsn, ended))
	require.Equal(t, 2, w.handed(t, 1, in(storetest.StateOpen)), "who had them has vanished")
	require.NoError(t, run(w.dsn, "UPDATE itsm_sweep SET until = clock_timestamp()"))
	require.Equal(t, 5, w.handed(t, 1, in(storetest.StateOpen)))
	require.NoError(t, run(w.dsn, "DO $$ BEGIN ASSERT (SELECT count(*) FROM itsm_sweep) = 5, 'claims that have run out are still there'; END $$"))
}

// TestSharedSkips: a record that somebody is writing to is not waited for.
func TestSharedSkips(t *testing.T) {
	w := newSweepers(t, database(t), postgres.Options{}, 1, postgres.Share{})
	w.create(t, 3)
	held := begin(t, w.dsn, pgx.ReadCommitted)
	_, err := held.Exec(t.Context(), "SELECT FROM itsm_thing ORDER BY seq LIMIT 1 FOR UPDATE")
	require.NoError(t, err)
	require.Equal(t, 2, w.handed(t, 0, in(storetest.StateOpen)))
	require.NoError(t, held.Rollback(t.Context()))
	require.Equal(t, 1, w.handed(t, 0, in(storetest.StateOpen)))
}

// TestSharedRace: many that claim the same records at once get each of them once among them.
func TestSharedRace(t *testing.T) {
	w := newSweepers(t, database(t), postgres.Options{}, 4, postgres.Share{Batch: 40})
	w.create(t, 40)
	for range 5 {
		var handed atomic.Int64
		var wait sync.WaitGroup
		for i := range w.repos {
			wait.Go(func() {
				page, err := w.repos[i].Find(t.Context(), itsm.Scope{Tenant: "acme"}, in(storetest.StateOpen), itsm.PageRequest{Limit: 40})
				if err != nil {
					t.Error(err)
				}
				handed.Add(int64(len(page.Items)))
			})
		}
		wait.Wait()
		require.EqualValues(t, 40, handed.Load())
		require.NoError(t, run(w.dsn, "UPDATE itsm_sweep SET until = clock_timestamp()"))
	}
}

func TestSharedArguments(t *testing.T) {
	s := open(t, database(t), postgres.Options{})
	find := func(ctx context.Context, o postgres.Share, limit int) error {
		repo := postgres.Shared(s, storetest.Things(), o)
		require.NoError(t, s.Migrate(t.Context()))
		_, err := repo.Find(ctx, itsm.Scope{Tenant: "acme"}, in(storetest.StateOpen), itsm.PageRequest{Limit: limit})
		return err
	}
	require.NoError(t, find(t.Context(), postgres.Share{}, 0))
	require.ErrorIs(t, find(t.Context(), postgres.Share{}, -1), itsm.ErrInvalid)
	for _, o := range []postgres.Share{{Lease: time.Millisecond}, {Lease: -time.Hour}, {Batch: -1}, {Batch: itsm.MaxPage + 1}} {
		require.ErrorIs(t, find(t.Context(), o, 0), itsm.ErrInvalid, "%+v", o)
	}
	require.NoError(t, s.InTx(t.Context(), func(ctx context.Context) error {
		repo := postgres.Shared(s, storetest.Things(), postgres.Share{})
		_, err := repo.Find(ctx, itsm.Scope{Tenant: "acme"}, in(storetest.StateOpen), itsm.PageRequest{})
		require.ErrorIs(t, err, itsm.ErrInvalid)
		return nil
	}))
}
