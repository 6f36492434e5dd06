package finance_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
)

// While some post, the period is closed and reopened. In the order of the store's events no entry of the period stands
// between a closing and the next reopening.
func TestClosingIsNotOvertaken(t *testing.T) {
	b := newBench(t)
	p := b.months(1)[0]
	post := func() error {
		_, err := b.Post(b.as("mia"), b.licence(date(2026, 1, 15), "1.00"))
		return err
	}
	require.NoError(t, post())
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range 50 {
				err := post()
				if err != nil && !errors.Is(err, itsm.ErrNotAllowed) && !errors.Is(err, itsm.ErrConflict) {
					t.Errorf("post: %v", err)
				}
			}
		})
	}
	for range 20 {
		_, err := b.Periods.Do(b.as("mia"), p.ID, finance.ClosePeriod{})
		require.NoError(t, err)
		_, err = b.Periods.Do(b.as("mia"), p.ID, finance.ReopenPeriod{Reason: "late"})
		require.NoError(t, err)
	}
	wait.Wait()
	require.NoError(t, post()) // how many of the others came through is chance
	events, _, err := b.config.Entries.Since(b.as("mia"), "", 10_000)
	require.NoError(t, err)
	open, entries := false, 0
	for _, e := range events {
		switch e.Subject.Kind {
		case finance.PeriodName:
			open = e.To == finance.Open
		case finance.EntryName:
			require.True(t, open, "%s was stored while the period was closed", e.Number)
			entries++
		}
	}
	require.GreaterOrEqual(t, entries, 2)
	balances := b.balances(calendar.Date{}, time.Time{})
	require.Equal(t, int64(entries)*100, balances[0].TotalDebit.Coins(), "what was refused is not there")
}

// between is a Saver that lets something happen just before the first write.
type between struct {
	itsm.Saver
	once sync.Once
	what func()
}

func (s *between) SaveAll(ctx context.Context, in itsm.Scope, w []itsm.Write, expect ...itsm.Expect) error {
	s.once.Do(s.what)
	return s.Saver.SaveAll(ctx, in, w, expect...)
}

// What happens to the period or the chart between the check and the write is seen: what forbids the entry refuses it, what
// does not lets it be tried again.
func TestWhatHappensInBetweenIsSeen(t *testing.T) {
	for _, c := range []struct {
		name string
		what func(b *bench, p finance.Period) error
		says string
	}{
		{"the period is closed", func(b *bench, p finance.Period) error {
			_, err := b.Periods.Do(b.as("bo"), p.ID, finance.ClosePeriod{})
			return err
		}, "period closed"},
		{"the chart is archived", func(b *bench, _ finance.Period) error {
			_, err := b.Charts.Do(b.as("bo"), b.chart.ID, finance.Archive{Reason: "merged"})
			return err
		}, "chart archived"},
		{"an account is closed", func(b *bench, _ finance.Period) error {
			a, _ := b.chart.Account("5100")
			a.Closed = true
			_, err := b.Charts.Do(b.as("bo"), b.chart.ID, finance.SetAccounts{Accounts: []finance.Account{a}})
			return err
		}, "postings[0].account: closed"},
		{"somebody comments on the period", func(b *bench, p finance.Period) error {
			_, err := b.Periods.Do(b.as("bo"), p.ID, itsm.Comment[finance.Period]{Text: "soon"})
			return err
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			p := b.months(1)[0]
			saver := &between{Saver: b.store, what: func() { require.NoError(t, c.what(b, p)) }}
			b.config.Saver = saver
			l, err := finance.NewLedger(b.config)
			require.NoError(t, err)
			e, err := l.Post(b.as("mia"), b.licence(date(2026, 1, 15), "1.00"))
			if c.says != "" {
				require.ErrorContains(t, err, c.says)
				require.Empty(t, b.balances(calendar.Date{}, time.Time{}))
				return
			}
			require.NoError(t, err)
			require.Equal(t, "JE0000001", e.Number, "the try that failed has drawn no number")
		})
	}
}

// Within a transaction a conflict is not tried again by the ledger: the transaction is.
func TestPostInTransaction(t *testing.T) {
	b := newBench(t)
	p := b.months(1)[0]
	undone := errors.New("undone")
	err := b.store.InTx(b.as("mia"), func(ctx context.Context) error {
		_, err := b.Post(ctx, b.licence(date(2026, 1, 15), "1.00"))
		require.NoError(t, err)
		return undone
	})
	require.ErrorIs(t, err, undone)
	require.Empty(t, b.balances(calendar.Date{}, time.Time{}))
	require.NoError(t, b.store.InTx(b.as("mia"), func(ctx context.Context) error {
		if _, err := b.Post(ctx, b.licence(date(2026, 1, 15), "1.00")); err != nil {
			return err
		}
		_, err := b.Periods.Do(ctx, p.ID, finance.ClosePeriod{})
		return err
	}))
	require.Equal(t, "1.00 EUR", b.balances(calendar.Date{}, time.Time{})[0].TotalDebit.String())
}

// refusing is a Saver to which somebody else is always faster.
type refusing struct{ tries int }

func (s *refusing) SaveAll(context.Context, itsm.Scope, []itsm.Write, ...itsm.Expect) error {
	s.tries++
	return &itsm.ConflictError{}
}

// A conflict is tried again a few times, then it is the error; within a transaction the host tries the whole again.
func TestConflictsAreTriedAgain(t *testing.T) {
	b := newBench(t)
	b.months(1)
	for _, c := range []struct {
		ctx   context.Context
		tries int
	}{{b.as("mia"), 6}, {itsm.MarkTx(b.as("mia")), 1}} {
		saver := &refusing{}
		b.config.Saver = saver
		l, err := finance.NewLedger(b.config)
		require.NoError(t, err)
		_, err = l.Post(c.ctx, b.licence(date(2026, 1, 15), "1.00"))
		require.ErrorIs(t, err, itsm.ErrConflict)
		require.Equal(t, c.tries, saver.tries)
	}
}
