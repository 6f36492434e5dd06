package postgres_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/storetest"
)

// cutting is a connection that is cut at its next commit, or the next statement that has a record and an event and is
// kept on its own: before the server has got it, or before its answer comes.
type cutting struct {
	net.Conn
	before, after *atomic.Int64 // how many commits are still to be cut
}

func (c cutting) Write(b []byte) (int, error) {
	if !bytes.Contains(b, []byte("commit\x00")) && bytes.Count(b, []byte(`"tenant":"acme"`)) < 2 {
		return c.Conn.Write(b)
	}
	if c.before.Add(-1) >= 0 {
		return len(b), c.Close()
	}
	if c.after.Add(-1) >= 0 {
		n, err := c.Conn.Write(b)
		if err == nil { // the answer gets lost, which shows that the server has done it
			_, err = c.Read(make([]byte, 1))
		}
		c.Close()
		return n, err
	}
	return c.Conn.Write(b)
}

// TestLostCommit: where the connection is lost within a commit, Save finds out what became of it: it is stored once, and
// has the number that it was stored with. InTx says that it does not know.
func TestLostCommit(t *testing.T) {
	dsn := database(t)
	var before, after atomic.Int64
	config, err := pgxpool.ParseConfig(dsn)
	require.NoError(t, err)
	dial := config.ConnConfig.DialFunc
	config.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		return cutting{c, &before, &after}, err
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	defer pool.Close()
	s, err := postgres.New(t.Context(), pool, postgres.Options{})
	require.NoError(t, err)
	k := storetest.Others()
	desk, err := itsm.NewDesk(k, itsm.Config[storetest.Other]{Repository: postgres.For(s, k), Policy: itsm.AllowAll})
	require.NoError(t, err)
	require.NoError(t, s.Migrate(t.Context()))
	ctx := itsm.System(t.Context(), "acme")
	for i, cut := range []struct{ before, after int64 }{{0, 0}, {1, 0}, {0, 1}, {2, 1}} {
		before.Store(cut.before)
		after.Store(cut.after)
		rec, err := desk.Open(ctx, storetest.Found{As: fmt.Sprint(i)})
		require.NoError(t, err, "%+v", cut)
		require.Negative(t, before.Load(), "%+v: nothing was there to be cut", cut)
		require.Equal(t, fmt.Sprintf("OT%03d", i+1), rec.Number, "%+v", cut)
		stored, err := desk.Get(ctx, rec.ID)
		require.NoError(t, err)
		require.Equal(t, rec, stored)
		events, _, err := s.Since(ctx, "", 100)
		require.NoError(t, err)
		require.Len(t, events, i+1)
	}
	for _, kept := range []bool{false, true} {
		before.Store(0)
		after.Store(0)
		if kept {
			after.Store(1)
		} else {
			before.Store(1)
		}
		runs := 0
		var id itsm.ID
		err = s.InTx(ctx, func(ctx context.Context) error {
			runs++
			rec, err := desk.Open(ctx, storetest.Found{As: fmt.Sprint("in a transaction ", kept)})
			id = rec.ID
			return err
		})
		require.ErrorIs(t, err, postgres.ErrUnknown)
		require.Equal(t, 1, runs, "it must not run again: it may have been kept")
		_, err = desk.Get(ctx, id)
		require.Equal(t, kept, err == nil)
	}
}
