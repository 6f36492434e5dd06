package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/storetest"
)

// TestHostTables: rows of a host's own table and records are kept or undone together, whoever began the transaction.
func TestHostTables(t *testing.T) {
	o := newOthers(t, database(t), postgres.Options{})
	require.NoError(t, run(o.dsn, "CREATE TABLE own (name text)"))
	rows := func() (n int) {
		require.NoError(t, o.InTx(t.Context(), func(ctx context.Context) error {
			return o.Tx(ctx).QueryRow(ctx, "SELECT count(*) FROM own").Scan(&n)
		}))
		return n
	}
	both := func(ctx context.Context, name string) error {
		if _, err := o.Tx(ctx).Exec(ctx, "INSERT INTO own VALUES ($1)", name); err != nil {
			return err
		}
		_, err := o.desk.Open(itsm.System(ctx, "acme"), storetest.Found{As: name})
		return err
	}
	undo := errors.New("undo")
	require.NoError(t, o.InTx(t.Context(), func(ctx context.Context) error { return both(ctx, "kept") }))
	require.ErrorIs(t, o.InTx(t.Context(), func(ctx context.Context) error { return errors.Join(both(ctx, "undone"), undo) }), undo)
	require.Equal(t, 1, rows())

	for _, keep := range []bool{true, false} {
		held := begin(t, o.dsn, pgx.Serializable)
		ctx, err := o.Join(t.Context(), held)
		require.NoError(t, err)
		require.True(t, itsm.InTx(ctx))
		require.NoError(t, both(ctx, fmt.Sprint("joined ", keep)))
		if keep {
			require.NoError(t, held.Commit(ctx))
		} else {
			require.NoError(t, held.Rollback(ctx))
		}
	}
	require.Equal(t, 2, rows())
	names, _ := o.read(t, "")
	require.Equal(t, []string{"kept", "joined true"}, names)
	require.Nil(t, o.Tx(t.Context()), "outside of a transaction")
}

func TestJoinRefusesWeakIsolation(t *testing.T) {
	o := newOthers(t, database(t), postgres.Options{})
	for _, level := range []pgx.TxIsoLevel{pgx.ReadCommitted, pgx.RepeatableRead} {
		_, err := o.Join(t.Context(), begin(t, o.dsn, level))
		require.ErrorContains(t, err, string(level))
		require.ErrorContains(t, err, "SERIALIZABLE")
	}
	_, err := o.Join(t.Context(), nil)
	require.ErrorContains(t, err, "required")
}

// TestTxIsNotEndedWithin: the host's function cannot end the transaction that it runs in, nor use it afterwards.
func TestTxIsNotEndedWithin(t *testing.T) {
	o := newOthers(t, database(t), postgres.Options{})
	var kept context.Context
	require.NoError(t, o.InTx(t.Context(), func(ctx context.Context) error {
		kept = ctx
		require.Error(t, o.Tx(ctx).Commit(ctx))
		require.Error(t, o.Tx(ctx).Rollback(ctx))
		return nil
	}))
	require.ErrorContains(t, o.InTx(kept, func(context.Context) error { return nil }), "has ended")
}

// TestRunAgain: a transaction that PostgreSQL refuses because of another one runs again, and comes out as if it had run
// behind it, also where its function hides the error.
func TestRunAgain(t *testing.T) {
	o := newOthers(t, database(t), postgres.Options{})
	require.NoError(t, run(o.dsn, "CREATE TABLE own (n int)"))
	require.NoError(t, run(o.dsn, "INSERT INTO own VALUES (0)"))
	tries := 0
	require.NoError(t, o.InTx(t.Context(), func(ctx context.Context) error {
		tries++
		var n int
		if err := o.Tx(ctx).QueryRow(ctx, "SELECT n FROM own").Scan(&n); err != nil {
			return err
		}
		if tries == 1 {
			require.NoError(t, run(o.dsn, "UPDATE own SET n = n + 1"))
		}
		if _, err := o.Tx(ctx).Exec(ctx, "UPDATE own SET n = $1", n+10); err != nil {
			return fmt.Errorf("the host's own words: %w", err)
		}
		return nil
	}))
	require.Equal(t, 2, tries)
	var n int
	require.NoError(t, o.InTx(t.Context(), func(ctx context.Context) error {
		return o.Tx(ctx).QueryRow(ctx, "SELECT n FROM own").Scan(&n)
	}))
	require.Equal(t, 11, n)
}

// TestAlwaysRefused: a transaction that is refused each time ends with an error matching ErrConflict.
func TestAlwaysRefused(t *testing.T) {
	o := newOthers(t, database(t), postgres.Options{})
	tries := 0
	err := o.InTx(t.Context(), func(ctx context.Context) error {
		tries++
		_, err := o.Tx(ctx).Exec(ctx, "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$")
		return err
	})
	require.ErrorIs(t, err, itsm.ErrConflict)
	require.Greater(t, tries, 10)
}

// TestLostConnection: connections that the server ends while nothing is committed are not noticed by those who save and
// read; the store works on.
func TestLostConnection(t *testing.T) {
	o := newOthers(t, database(t), postgres.Options{})
	end := func() {
		require.NoError(t, run(o.dsn, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"))
	}
	end()
	o.found(t, t.Context(), "a")
	end()
	names, _ := o.read(t, "")
	require.Equal(t, []string{"a"}, names)
	tries := 0
	require.NoError(t, o.InTx(t.Context(), func(ctx context.Context) error {
		if tries++; tries == 1 {
			end()
		}
		_, err := o.desk.Open(itsm.System(ctx, "acme"), storetest.Found{As: "b"})
		return err
	}))
	require.Equal(t, 2, tries)
	end()
	counts, err := o.desk.Count(itsm.System(t.Context(), "acme"), itsm.Query[storetest.Other]{}, "number")
	require.NoError(t, err)
	require.EqualValues(t, 2, counts.Total)
}

// TestSmallPool: a store gets by with one connection, however many call it.
func TestSmallPool(t *testing.T) {
	config, err := pgxpool.ParseConfig(database(t))
	require.NoError(t, err)
	config.MaxConns = 1
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	defer pool.Close()
	s, err := postgres.New(t.Context(), pool, postgres.Options{})
	require.NoError(t, err)
	k := storetest.Others()
	desk, err := itsm.NewDesk(k, itsm.Config[storetest.Other]{Repository: postgres.For(s, k), Policy: itsm.AllowAll})
	require.NoError(t, err)
	_, err = desk.Open(itsm.System(t.Context(), "acme"), storetest.Found{As: "early"})
	require.ErrorContains(t, err, "call Migrate")
	require.NoError(t, s.Migrate(t.Context()))
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			_, err := desk.Open(itsm.System(context.Background(), "acme"), storetest.Found{As: fmt.Sprint(i)})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	s.Close()
	require.NoError(t, pool.Ping(t.Context()), "the pool is the host's")
}

// TestOpenErrors: what is wrong is said without the password.
func TestOpenErrors(t *testing.T) {
	for _, dsn := range []string{
		"postgres://ann:s3cret@127.0.0.1:port/desk", "postgres://ann:s3cret@[::1/desk", "host=127.0.0.1 password=s3cret port=no",
		"postgres://ann:s3cret@127.0.0.1:1/desk?connect_timeout=1", "host=127.0.0.1 port=1 user=ann password='s3cret' sslmode=disable",
		"postgres://ann:s3cret%zz@127.0.0.1/desk", "password=s3cret host", "postgres://ann:s3cret@127.0.0.1/desk?sslmode=s3cretmode",
	} {
		_, err := postgres.Open(t.Context(), dsn, postgres.Options{})
		require.ErrorContains(t, err, "postgres: ", dsn)
		require.NotContains(t, err.Error(), "s3cret", dsn)
	}
	for _, o := range []postgres.Options{{Schema: "Upper"}, {Prefix: `a"b`}, {Schema: "a234567890123456789012"}, {Wait: -1}, {LockTimeout: -1}} {
		_, err := postgres.Open(t.Context(), "host=127.0.0.1", o)
		require.ErrorContains(t, err, "Options")
	}
	_, err := postgres.New(t.Context(), nil, postgres.Options{})
	require.ErrorContains(t, err, "required")
}

// TestClosedBeforeTheCommit: where the connection is closed when the commit is to be sent, as by a statement of the host's
// that was cut short and whose error it passed over, it is known that nothing was kept: the transaction runs again.
func TestClosedBeforeTheCommit(t *testing.T) {
	o := newOthers(t, database(t), postgres.Options{})
	tries := 0
	require.NoError(t, o.InTx(t.Context(), func(ctx context.Context) error {
		_, err := o.desk.Open(itsm.System(ctx, "acme"), storetest.Found{As: "a"})
		if tries++; tries == 1 {
			require.NoError(t, o.Tx(ctx).Conn().Close(ctx))
		}
		return err
	}))
	require.Equal(t, 2, tries)
	names, _ := o.read(t, "")
	require.Equal(t, []string{"a"}, names)
}
