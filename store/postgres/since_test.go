package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/storetest"
)

// others is a store with a desk for the small kind of the suite.
type others struct {
	*postgres.Store
	desk *itsm.Desk[storetest.Other]
	dsn  string
	o    postgres.Options
}

func newOthers(t *testing.T, dsn string, o postgres.Options) others {
	t.Helper()
	s := open(t, dsn, o)
	k := storetest.Others()
	desk, err := itsm.NewDesk(k, itsm.Config[storetest.Other]{Repository: postgres.For(s, k), Policy: itsm.AllowAll})
	require.NoError(t, err)
	require.NoError(t, s.Migrate(t.Context()))
	return others{s, desk, dsn, o}
}

func (o others) found(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	_, err := o.desk.Open(itsm.System(ctx, "acme"), storetest.Found{As: name})
	require.NoError(t, err)
}

// read returns the names of what was founded behind a position.
func (o others) read(t *testing.T, after itsm.Position) ([]string, itsm.Position) {
	t.Helper()
	names := []string{}
	for {
		events, next, err := o.Since(t.Context(), after, 2)
		require.NoError(t, err)
		for _, e := range events {
			rec, err := o.desk.Get(itsm.System(t.Context(), "acme"), e.Subject.ID)
			require.NoError(t, err)
			names = append(names, rec.Name)
		}
		if after = next; len(events) == 0 {
			return names, after
		}
	}
}

// begin begins a transaction of a host on a connection of its own.
func begin(t *testing.T, dsn string, level pgx.TxIsoLevel) pgx.Tx {
	t.Helper()
	c, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { c.Close(context.Background()) })
	held, err := c.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: level})
	require.NoError(t, err)
	return held
}

// TestSincePassesNothing holds a transaction open that has written its event before others, and commits it after them:
// a reader who came in between gets it all the same.
func TestSincePassesNothing(t *testing.T) {
	o := newOthers(t, database(t), postgres.Options{})
	o.found(t, t.Context(), "first")
	held := begin(t, o.dsn, pgx.Serializable)
	ctx, err := o.Join(t.Context(), held)
	require.NoError(t, err)
	var seq int64
	require.NoError(t, held.QueryRow(ctx, "SELECT nextval(pg_get_serial_sequence('itsm_event', 'seq'))").Scan(&seq))
	_, err = held.Exec(ctx, "INSERT INTO itsm_event (seq, tenant, kind, id, version, event) OVERRIDING SYSTEM VALUE VALUES ($1, 'x', 'x', gen_random_uuid(), 1, '{}')", seq)
	require.NoError(t, err, "an event that was written early")
	_, err = held.Exec(ctx, "DELETE FROM itsm_event WHERE seq = $1", seq)
	require.NoError(t, err, "its transaction goes on")
	o.found(t, t.Context(), "beside it")

	names, at := o.read(t, "")
	require.Equal(t, []string{"first"}, names, "what comes behind the transaction that is open waits for it")
	again, same := o.read(t, at)
	require.Empty(t, again)
	require.Equal(t, at, same, "the position stays")
	stall, err := o.Stall(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, stall.Waiting)
	require.Positive(t, stall.Oldest)
	require.NotZero(t, stall.Process)

	_, err = held.Exec(ctx, "INSERT INTO itsm_event (tenant, kind, id, version, event) SELECT tenant, kind, gen_random_uuid(), 1, event FROM itsm_event ORDER BY seq LIMIT 1")
	require.NoError(t, err)
	require.NoError(t, held.Commit(ctx))
	events, _, err := o.Since(t.Context(), at, 10)
	require.NoError(t, err)
	require.Len(t, events, 2, "both, the one that came late among them")
	stall, err = o.Stall(t.Context())
	require.NoError(t, err)
	require.Zero(t, stall.Waiting)
}

// TestSinceForeignTransaction: a transaction that has nothing to do with the store, but writes, holds readers back, and
// shows as lag of a relay's consumer.
func TestSinceForeignTransaction(t *testing.T) {
	o := newOthers(t, database(t), postgres.Options{})
	require.NoError(t, run(o.dsn, "CREATE TABLE own (n int)"))
	held := begin(t, o.dsn, pgx.ReadCommitted)
	_, err := held.Exec(t.Context(), "INSERT INTO own VALUES (1)")
	require.NoError(t, err)
	o.found(t, t.Context(), "a")
	o.found(t, t.Context(), "b")
	names, _ := o.read(t, "")
	require.Empty(t, names)
	time.Sleep(10 * time.Millisecond)
	stall, err := o.Stall(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 2, stall.Waiting)
	require.GreaterOrEqual(t, stall.Oldest, 10*time.Millisecond)
	require.NoError(t, held.Rollback(t.Context()))
	names, _ = o.read(t, "")
	require.Equal(t, []string{"a", "b"}, names)
}

// TestRestored: in a copy of the database on a server whose transactions have lower numbers, events go on behind the
// old ones, and positions from before stay good.
func TestRestored(t *testing.T) {
	o := newOthers(t, database(t), postgres.Options{})
	for _, name := range []string{"a", "b", "c"} {
		o.found(t, t.Context(), name)
	}
	_, err := o.desk.Get(t.Context(), itsm.ID{})
	require.Error(t, err)
	const ahead = "UPDATE itsm_event SET at = at + 1000000"
	require.NoError(t, run(o.dsn, ahead))
	names, _ := o.read(t, "")
	require.Empty(t, names, "the numbers come from the future")

	again := newOthers(t, o.dsn, o.o)
	names, at := again.read(t, "")
	require.Equal(t, []string{"a", "b", "c"}, names)
	again.found(t, t.Context(), "d")
	names, end := again.read(t, at)
	require.Equal(t, []string{"d"}, names)
	third := newOthers(t, o.dsn, o.o)
	third.found(t, t.Context(), "e")
	names, _ = third.read(t, end)
	require.Equal(t, []string{"e"}, names)
}

func TestPositions(t *testing.T) {
	o := newOthers(t, database(t), postgres.Options{})
	o.found(t, t.Context(), "a")
	for _, p := range []itsm.Position{"x", "1", "1.", ".1", "-1.1", "1.-1", "01.1", "+1.1", "1.1.1", "0.0", "1.0", "9000000000000000000.1", "99999999999999999999.1", "1.1\x00"} {
		_, _, err := o.Since(t.Context(), p, 1)
		require.ErrorIs(t, err, itsm.ErrInvalid, "%q", p)
	}
	_, _, err := o.Since(t.Context(), "", 0)
	require.ErrorIs(t, err, itsm.ErrInvalid)
}
