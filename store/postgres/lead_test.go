package postgres_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/postgres"
)

// TestLead: of several processes one leads at a time; when it ends another one takes over, at once if it said good-bye,
// and when the lease has run out if not.
func TestLead(t *testing.T) {
	s := open(t, database(t), postgres.Options{})
	var at, most, runs atomic.Int64
	leaders := sync.Map{}
	var wait sync.WaitGroup
	ends := make([]context.CancelFunc, 3)
	for i := range ends {
		ctx, cancel := context.WithCancel(t.Context())
		ends[i] = cancel
		wait.Go(func() {
			err := s.Lead(ctx, "clocks", time.Minute, 5*time.Millisecond, func(context.Context) error {
				most.Store(max(most.Load(), at.Add(1)))
				defer at.Add(-1)
				runs.Add(1)
				leaders.Store(i, true)
				time.Sleep(time.Millisecond)
				return nil
			})
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
	leading := func() (is []int) {
		leaders.Clear()
		require.Eventually(t, func() bool {
			leaders.Range(func(i, _ any) bool { is = append(is, i.(int)); return true })
			return len(is) > 0
		}, 10*time.Second, 5*time.Millisecond)
		return is
	}
	first := leading()
	require.Len(t, first, 1)
	ends[first[0]]()
	require.Eventually(t, func() bool { second := leading(); return len(second) == 1 && second[0] != first[0] }, 10*time.Second, 5*time.Millisecond)
	for _, end := range ends {
		end()
	}
	wait.Wait()
	require.EqualValues(t, 1, most.Load(), "two led at once")

	require.NoError(t, s.InTx(t.Context(), func(ctx context.Context) error {
		_, err := s.Tx(ctx).Exec(ctx, "INSERT INTO itsm_lease VALUES ('dead', 'a process that was killed', clock_timestamp() + interval '1 second')")
		return err
	}))
	begun, done := time.Now(), errors.New("done")
	require.ErrorIs(t, s.Lead(t.Context(), "dead", time.Second, 10*time.Millisecond, func(context.Context) error { return done }), done)
	require.Greater(t, time.Since(begun), 800*time.Millisecond)
	require.ErrorIs(t, s.Lead(t.Context(), "", time.Second, time.Second, nil), itsm.ErrInvalid)
}

// TestLeadLost: work is told to stop when its lease has gone to somebody else.
func TestLeadLost(t *testing.T) {
	dsn := database(t)
	s := open(t, dsn, postgres.Options{})
	done := errors.New("done")
	runs := 0
	err := s.Lead(t.Context(), "clocks", time.Second, 10*time.Millisecond, func(ctx context.Context) error {
		if runs++; runs > 1 {
			return done
		}
		require.NoError(t, run(dsn, "UPDATE itsm_lease SET holder = 'another', until = clock_timestamp() + interval '1500 milliseconds'"))
		<-ctx.Done()
		return ctx.Err()
	})
	require.ErrorIs(t, err, done)
	require.Equal(t, 2, runs)
}
