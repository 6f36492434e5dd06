package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/sqlite"
)

// hosted is a database of a host's own, with a table of its own and the store in it.
func hosted(t *testing.T) (*sql.DB, *sqlite.Store, *itsm.Desk[incident.Incident], context.Context) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "host.db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	_, err = db.ExecContext(t.Context(), "CREATE TABLE orders (id INTEGER PRIMARY KEY, incident TEXT NOT NULL)")
	require.NoError(t, err)
	store, err := sqlite.New(t.Context(), db, sqlite.Options{Prefix: "help_"})
	require.NoError(t, err)
	desk, err := itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{Repository: sqlite.For(store, incident.Kind()), Policy: itsm.AllowAll})
	require.NoError(t, err)
	return db, store, desk, itsm.System(t.Context(), "acme")
}

func orders(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM orders").Scan(&n))
	return n
}

var report = incident.Report{Title: "Mail does not arrive", Impact: incident.High, Urgency: incident.High, Channel: incident.Phone, Caller: "ann"}

// TestHostRowsCommitTogether: the store's transaction takes a row of the host's own, and either both are kept or none.
func TestHostRowsCommitTogether(t *testing.T) {
	db, store, desk, ctx := hosted(t)
	refused := errors.New("refused")
	for _, end := range []error{nil, refused} {
		err := store.InTx(ctx, func(ctx context.Context) error {
			rec, err := desk.Open(ctx, report)
			if err != nil {
				return err
			}
			if _, err := store.Tx(ctx).ExecContext(ctx, "INSERT INTO orders (incident) VALUES (?)", rec.Number); err != nil {
				return err
			}
			return end
		})
		require.ErrorIs(t, err, end)
		counts, err := desk.Count(ctx, itsm.Query[incident.Incident]{})
		require.NoError(t, err)
		require.EqualValues(t, 1, counts.Total, "after a transaction that ended with %v", end)
		require.Equal(t, 1, orders(t, db))
	}
	require.Nil(t, store.Tx(ctx), "outside of a transaction")
}

// TestJoin: a transaction that the host began takes the store in.
func TestJoin(t *testing.T) {
	db, store, desk, ctx := hosted(t)
	for _, commit := range []bool{false, true} {
		tx, err := db.BeginTx(ctx, nil)
		require.NoError(t, err)
		joined, err := store.Join(ctx, tx)
		require.NoError(t, err)
		rec, err := desk.Open(joined, report)
		require.NoError(t, err)
		_, err = tx.ExecContext(ctx, "INSERT INTO orders (incident) VALUES (?)", rec.Number)
		require.NoError(t, err)
		_, err = desk.Do(joined, rec.ID, incident.Start{}) // refused by the lifecycle or not: the transaction goes on
		require.True(t, err == nil || errors.Is(err, itsm.ErrNotAllowed), "%v", err)
		if commit {
			require.NoError(t, tx.Commit())
		} else {
			require.NoError(t, tx.Rollback())
		}
		_, err = desk.Get(ctx, rec.ID)
		if commit {
			require.NoError(t, err)
			require.Equal(t, 1, orders(t, db))
		} else {
			require.ErrorIs(t, err, itsm.ErrNotFound)
			require.Zero(t, orders(t, db))
		}
	}
	_, err := store.Join(ctx, nil)
	require.ErrorContains(t, err, "the transaction is required")
}

// TestEndedTransaction: a context that outlives its transaction is refused.
func TestEndedTransaction(t *testing.T) {
	_, store, desk, ctx := hosted(t)
	var kept context.Context
	require.NoError(t, store.InTx(ctx, func(ctx context.Context) error {
		kept = ctx
		return nil
	}))
	_, err := desk.Open(kept, report)
	require.ErrorContains(t, err, "the transaction of this context has ended")
}

// TestWriterElsewhere: while another process holds the right to write, a writer waits as long as it was told to, or as
// its context lasts; reads go on; afterwards all is well.
func TestWriterElsewhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	store, err := sqlite.Open(t.Context(), path, sqlite.Options{Wait: 100 * time.Millisecond, Sync: sqlite.SyncNormal})
	require.NoError(t, err)
	defer func() { require.NoError(t, store.Close()) }()
	desk, err := itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{Repository: sqlite.For(store, incident.Kind()), Policy: itsm.AllowAll})
	require.NoError(t, err)
	ctx := itsm.System(t.Context(), "acme")
	rec, err := desk.Open(ctx, report)
	require.NoError(t, err)

	other, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate")
	require.NoError(t, err)
	defer func() { require.NoError(t, other.Close()) }()
	tx, err := other.BeginTx(t.Context(), nil)
	require.NoError(t, err)

	_, err = desk.Open(ctx, report)
	require.ErrorContains(t, err, "locked")
	require.NotErrorIs(t, err, itsm.ErrConflict)
	short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	_, err = desk.Open(short, report)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = desk.Get(ctx, rec.ID)
	require.NoError(t, err)

	require.NoError(t, tx.Rollback())
	next, err := desk.Open(ctx, report)
	require.NoError(t, err)
	require.Equal(t, "INC0000002", next.Number, "nothing of the refused ones is left")
}

// TestUndoneBySQLite: a statement of the host's, whose error it passes over, has made SQLite undo the whole transaction:
// what the store would do behind it is refused, as it could not be undone any more, and nothing is kept.
func TestUndoneBySQLite(t *testing.T) {
	db, store, desk, ctx := hosted(t)
	_, err := db.ExecContext(ctx, "INSERT INTO orders (id, incident) VALUES (1, 'INC')")
	require.NoError(t, err)
	refused := errors.New("refused")
	within := func(ctx context.Context, tx sqlite.Tx) {
		_, err := desk.Open(ctx, report)
		require.NoError(t, err)
		_, err = tx.ExecContext(ctx, "INSERT OR ROLLBACK INTO orders (id, incident) VALUES (1, 'INC')")
		require.ErrorContains(t, err, "UNIQUE")
		_, err = desk.Open(ctx, report)
		require.ErrorContains(t, err, "the transaction of this context was undone")
	}
	for _, end := range []error{nil, refused} {
		require.Error(t, store.InTx(ctx, func(ctx context.Context) error {
			within(ctx, store.Tx(ctx))
			return end
		}))
	}
	tx, err := db.BeginTx(ctx, nil)
	require.NoError(t, err)
	joined, err := store.Join(ctx, tx)
	require.NoError(t, err)
	within(joined, tx)
	require.Error(t, tx.Commit())

	counts, err := desk.Count(ctx, itsm.Query[incident.Incident]{})
	require.NoError(t, err)
	require.Zero(t, counts.Total)
	rec, err := desk.Open(ctx, report)
	require.NoError(t, err)
	require.Equal(t, "INC0000001", rec.Number, "the store works on")
}
