package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/storetest"
)

// heard keeps the statements that a pool runs.
type heard struct {
	mu         sync.Mutex
	statements []string
}

func (h *heard) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.statements = append(h.statements, q.SQL)
	return ctx
}

func (h *heard) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// verbs returns the first word of each statement since the last call.
func (h *heard) verbs() (verbs []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.statements {
		verb, _, _ := strings.Cut(s, " ")
		verbs = append(verbs, verb)
	}
	h.statements = nil
	return verbs
}

// listened returns a desk for things, on a pool that the host has made.
func listened(t *testing.T) (*itsm.Desk[storetest.Thing], *pgxpool.Pool, *heard) {
	t.Helper()
	config, err := pgxpool.ParseConfig(database(t))
	require.NoError(t, err)
	h := &heard{}
	config.ConnConfig.Tracer = h
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	s, err := postgres.New(t.Context(), pool, postgres.Options{})
	require.NoError(t, err)
	k := storetest.Things()
	desk, err := itsm.NewDesk(k, itsm.Config[storetest.Thing]{Repository: postgres.For(s, k), Policy: itsm.AllowAll})
	require.NoError(t, err)
	require.NoError(t, s.Migrate(t.Context()))
	return desk, pool, h
}

// TestSingleStatement: an action reads the record and stores it with one statement, with a second one where its lists or
// words change; nothing of it is a transaction. What the statements store, the suite compares.
func TestSingleStatement(t *testing.T) {
	desk, _, h := listened(t)
	ctx := itsm.System(t.Context(), "acme")
	_, err := desk.Open(ctx, storetest.Create{}) // the first call looks whether the tables are there
	require.NoError(t, err)
	h.verbs()
	rec, err := desk.Open(ctx, storetest.Create{Content: storetest.Content{Title: "a", Tags: []string{"x", "y"}}})
	require.NoError(t, err)
	require.Equal(t, []string{"SELECT", "WITH"}, h.verbs(), "the series, and the record with its number")
	for _, act := range []struct {
		a    itsm.Action[storetest.Thing]
		want []string
	}{
		{storetest.Hold{}, []string{"SELECT", "WITH"}},
		{storetest.Put{Content: storetest.Content{Title: "a", Tags: []string{"y", "x"}, Group: "g"}}, []string{"SELECT", "WITH"}},
		{storetest.Put{Content: storetest.Content{Title: "b", Tags: []string{"x", "y"}}}, []string{"SELECT", "WITH", "WITH"}},
		{storetest.Put{Content: storetest.Content{Title: "b", Tags: []string{"y", "z"}}}, []string{"SELECT", "WITH", "WITH"}},
		{storetest.Put{Content: storetest.Content{Title: "b"}}, []string{"SELECT", "WITH", "WITH"}},
	} {
		_, err = desk.Do(ctx, rec.ID, act.a)
		require.NoError(t, err)
		require.Equal(t, act.want, h.verbs(), "%+v", act.a)
	}
}

// TestSingleConflict: what one statement does not store, a transaction says why, and the series keeps its number.
func TestSingleConflict(t *testing.T) {
	desk, _, h := listened(t)
	ctx := itsm.System(t.Context(), "acme")
	first, err := desk.Open(ctx, storetest.Create{Content: storetest.Content{Title: "a", Code: "c"}})
	require.NoError(t, err)
	h.verbs()
	var duplicate *itsm.DuplicateError
	_, err = desk.Open(ctx, storetest.Create{Content: storetest.Content{Title: "b", Code: "c"}})
	require.ErrorAs(t, err, &duplicate)
	require.Equal(t, first.Ref("thing"), duplicate.Of)
	require.Contains(t, h.verbs(), "begin")
	second, err := desk.Open(ctx, storetest.Create{Content: storetest.Content{Title: "b"}})
	require.NoError(t, err)
	series := storetest.Things().Shape().Sequence()
	require.Equal(t, series.Parse(first.Number)+1, series.Parse(second.Number))
}

// TestSingleNumbers: many that open records at once draw numbers of which each is there once.
func TestSingleNumbers(t *testing.T) {
	desk, _, _ := listened(t)
	ctx := itsm.System(t.Context(), "acme")
	var mu sync.Mutex
	seen := map[string]bool{}
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			for range 10 {
				rec, err := desk.Open(ctx, storetest.Create{Content: storetest.Content{Title: "t"}})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				seen[rec.Number] = true
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	require.Len(t, seen, 60)
}

// TestSingleCancelled: a caller who leaves while the statement waits for a lock is let go, and nothing is stored, however
// the host's pool treats a context that ends.
func TestSingleCancelled(t *testing.T) {
	desk, pool, _ := listened(t)
	ctx := itsm.System(t.Context(), "acme")
	rec, err := desk.Open(ctx, storetest.Create{Content: storetest.Content{Title: "a"}})
	require.NoError(t, err)
	for i := range 3 {
		held, err := pool.Begin(t.Context())
		require.NoError(t, err)
		_, err = held.Exec(t.Context(), "SELECT 1 FROM itsm_thing WHERE id = $1 FOR UPDATE", [16]byte(rec.ID))
		require.NoError(t, err)
		leaving, leave := context.WithCancel(ctx)
		left := make(chan error)
		go func() {
			_, err := desk.Do(leaving, rec.ID, storetest.Put{Content: storetest.Content{Title: "a", Group: fmt.Sprint(i)}})
			left <- err
		}()
		require.Eventually(t, func() bool {
			var n int
			err := pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&n)
			return err == nil && n == 1
		}, 20*time.Second, 5*time.Millisecond)
		leave()
		require.ErrorIs(t, <-left, context.Canceled, "while the row is locked still")
		require.NoError(t, held.Rollback(t.Context()))
		now, err := desk.Get(ctx, rec.ID)
		require.NoError(t, err)
		require.Equal(t, rec, now)
	}
	_, err = desk.Do(ctx, rec.ID, storetest.Hold{})
	require.NoError(t, err)
}
