package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/storetest"
)

// founder is a store of a process of its own with a desk.
type founder struct {
	*Store
	desk *itsm.Desk[storetest.Other]
}

func newFounder(t *testing.T, dsn string, o Options) founder {
	t.Helper()
	s, err := Open(t.Context(), dsn, o)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	desk, err := itsm.NewDesk(storetest.Others(), itsm.Config[storetest.Other]{Repository: For(s, storetest.Others()), Policy: itsm.AllowAll})
	require.NoError(t, err)
	require.NoError(t, s.Migrate(t.Context()))
	return founder{s, desk}
}

func (f founder) found(t *testing.T) {
	t.Helper()
	_, err := f.desk.Open(itsm.System(t.Context(), "acme"), storetest.Found{As: rand.Text()})
	require.NoError(t, err)
}

// waits begins to wait behind a position, and returns what comes of it.
func (f founder) waits(t *testing.T, after itsm.Position, atMost time.Duration) <-chan itsm.Position {
	t.Helper()
	out := make(chan itsm.Position, 1)
	go func() {
		defer close(out)
		if at, err := f.Wait(t.Context(), after, atMost); err == nil {
			out <- at
		}
	}()
	return out
}

func (f founder) hearing(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool { _, hears := f.ear.next(); return hears }, 20*time.Second, 5*time.Millisecond)
}

// got returns what came of waiting, which must not take long.
func got(t *testing.T, from <-chan itsm.Position) itsm.Position {
	t.Helper()
	select {
	case at, ok := <-from:
		require.True(t, ok, "waiting failed")
		return at
	case <-time.After(20 * time.Second):
		require.Fail(t, "nothing woke it")
		return ""
	}
}

// TestWait: events of another process wake who waits, with and without notifications; the position is that up to which
// Since shows everything.
func TestWait(t *testing.T) {
	for name, o := range map[string]Options{"polling": {}, "notified": {Notify: true}} {
		t.Run(name, func(t *testing.T) {
			dsn := Server.Database(t, Run)
			writer, reader := newFounder(t, dsn, o), newFounder(t, dsn, o)
			begun := time.Now()
			at, err := reader.Wait(t.Context(), "", 50*time.Millisecond)
			require.NoError(t, err)
			require.Empty(t, at)
			require.GreaterOrEqual(t, time.Since(begun), 50*time.Millisecond)
			for range 3 {
				if o.Notify {
					reader.hearing(t)
				}
				woken := reader.waits(t, at, time.Hour)
				writer.found(t)
				next := got(t, woken)
				events, end, err := reader.Since(t.Context(), at, 10)
				require.NoError(t, err)
				require.Len(t, events, 1)
				require.Equal(t, end, next)
				at = next
			}
			same, err := reader.Wait(t.Context(), at, 10*time.Millisecond)
			require.NoError(t, err)
			require.Equal(t, at, same)
			behind, err := reader.Wait(t.Context(), "", time.Hour)
			require.NoError(t, err)
			require.Equal(t, at, behind, "what is there already needs no waiting")
		})
	}
}

// TestWaitHeld: an event that a transaction elsewhere holds back is not told of when it is shown: who waits looks.
func TestWaitHeld(t *testing.T) {
	dsn := Server.Database(t, Run)
	f := newFounder(t, dsn, Options{Notify: true})
	require.NoError(t, Run(dsn, "CREATE TABLE own (n int)"))
	c, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	defer c.Close(context.Background())
	held, err := c.Begin(t.Context())
	require.NoError(t, err)
	_, err = held.Exec(t.Context(), "INSERT INTO own VALUES (1)")
	require.NoError(t, err)
	woken := f.waits(t, "", time.Hour)
	f.found(t)
	f.hearing(t)
	select {
	case <-woken:
		require.Fail(t, "Since shows nothing yet")
	case <-time.After(3 * apart):
	}
	require.NoError(t, held.Rollback(t.Context()))
	require.NotEmpty(t, got(t, woken))
}

// TestWaitLost: where the connection that listens is lost, it looks for itself meanwhile and listens on another one.
func TestWaitLost(t *testing.T) {
	dsn := Server.Database(t, Run)
	f := newFounder(t, dsn, Options{Notify: true})
	_, err := f.Wait(t.Context(), "", time.Millisecond)
	require.NoError(t, err)
	var at itsm.Position
	for range 2 {
		f.hearing(t)
		woken := f.waits(t, at, time.Hour)
		require.NoError(t, Run(dsn, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"))
		require.Eventually(t, func() bool { _, hears := f.ear.next(); return !hears }, 20*time.Second, time.Millisecond)
		f.found(t)
		at = got(t, woken)
	}
	f.hearing(t)
}

// TestWaitDeaf: a connection on which nothing is heard, as one to a pooler of transactions, is found out by what it is
// sent itself, and so is one that falls silent; who waits looks for itself.
func TestWaitDeaf(t *testing.T) {
	dsn := Server.Database(t, Run)
	f := newFounder(t, dsn, Options{Notify: true})
	f.ear.quiet, f.ear.proof = 300*time.Millisecond, 500*time.Millisecond
	_, err := f.Wait(t.Context(), "", time.Millisecond)
	require.NoError(t, err)
	f.hearing(t)
	first, _ := f.ear.next()
	select {
	case <-first: // without an event: the proof of a quiet time
	case <-time.After(20 * time.Second):
		require.Fail(t, "it did not try whether it hears")
	}
	f.bell.close() // nobody notifies any more
	require.Eventually(t, func() bool { _, hears := f.ear.next(); return !hears }, 20*time.Second, 5*time.Millisecond)
	woken := f.waits(t, "", time.Hour)
	f.found(t)
	require.NotEmpty(t, got(t, woken))
}

// TestNotifyTogether: what is committed within a short time is told of once, and of the last there is always a
// notification behind its commit; what only keeps positions, or was undone, tells nobody.
func TestNotifyTogether(t *testing.T) {
	dsn := Server.Database(t, Run)
	f := newFounder(t, dsn, Options{Notify: true})
	c, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	defer c.Close(context.Background())
	_, err = c.Exec(t.Context(), "LISTEN "+f.channel())
	require.NoError(t, err)
	count := func() (n int) {
		for notified(t.Context(), c, 3*apart) == nil {
			n++
		}
		return n
	}
	begun := time.Now()
	for range 40 {
		f.found(t)
	}
	took := time.Since(begun)
	n := count()
	require.Positive(t, n)
	require.LessOrEqual(t, n, int(took/apart)+2)
	f.found(t)
	require.Equal(t, 1, count())
	require.NoError(t, f.SaveConsumer(t.Context(), itsm.Consumer{Name: "c", Version: 1}))
	undone := errors.New("undone")
	require.ErrorIs(t, f.InTx(t.Context(), func(ctx context.Context) error {
		_, err := f.desk.Open(itsm.System(ctx, "acme"), storetest.Found{As: rand.Text()})
		return errors.Join(err, undone)
	}), undone)
	require.Zero(t, count())
	require.NoError(t, f.InTx(t.Context(), func(ctx context.Context) error {
		for range 3 {
			if _, err := f.desk.Open(itsm.System(ctx, "acme"), storetest.Found{As: rand.Text()}); err != nil {
				return err
			}
		}
		return nil
	}))
	f.Close() // sends what is due
	require.Equal(t, 1, count())
	f.Notify()
	require.Zero(t, count())
}

func TestWaitArguments(t *testing.T) {
	dsn := Server.Database(t, Run)
	f := newFounder(t, dsn, Options{})
	for _, p := range []itsm.Position{"x", "1.", "0.1"} {
		_, err := f.Wait(t.Context(), p, time.Second)
		require.ErrorIs(t, err, itsm.ErrInvalid)
	}
	_, err := f.Wait(t.Context(), "", 0)
	require.ErrorIs(t, err, itsm.ErrInvalid)
	require.NoError(t, f.InTx(t.Context(), func(ctx context.Context) error {
		_, err := f.Wait(ctx, "", time.Second)
		require.ErrorIs(t, err, itsm.ErrInvalid)
		return nil
	}))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err = f.Wait(ctx, "", time.Hour)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = Open(t.Context(), dsn, Options{Listen: dsn})
	require.ErrorContains(t, err, "Notify")
	_, err = Open(t.Context(), dsn, Options{Notify: true, Listen: "postgres://:secret@[x"})
	require.ErrorContains(t, err, "Listen")
	require.NotContains(t, err.Error(), "secret")

	through := newFounder(t, dsn, Options{Notify: true, Listen: dsn})
	_, err = through.Wait(t.Context(), "", time.Millisecond)
	require.NoError(t, err)
	through.hearing(t)
}
