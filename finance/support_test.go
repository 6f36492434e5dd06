package finance_test

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

// bench is a ledger under test, with a clock that only moves when it is told to and the same IDs in every run.
type bench struct {
	*finance.Ledger
	t      require.TestingT
	store  *memory.Store
	now    time.Time
	ids    atomic.Int64
	config finance.Config
	books  itsm.Ref
	chart  finance.Chart
}

const tenant = "acme"

func newBench(t require.TestingT) *bench {
	b := &bench{t: t, store: memory.New(), now: time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)}
	b.config = finance.Config{
		Charts: memory.For(b.store, finance.ChartKind()), Periods: memory.For(b.store, finance.PeriodKind()),
		Entries: memory.For(b.store, finance.EntryKind()), Saver: b.store, Policy: itsm.AllowAll,
		Clock: func() time.Time { return b.now },
		NewID: func(time.Time) itsm.ID {
			var id itsm.ID
			n := b.ids.Add(1)
			id[6], id[8], id[13], id[14], id[15] = 0x70, 0x80, byte(n>>16), byte(n>>8), byte(n)
			return id
		},
	}
	var err error
	b.Ledger, err = finance.NewLedger(b.config)
	require.NoError(t, err)
	b.chart, err = b.Charts.Open(b.as("mia"), finance.Establish{Title: "IT", Currency: money.EUR, Accounts: accounts(), CostCentres: centres(), Clearing: "1900"})
	require.NoError(t, err)
	b.books = b.chart.Ref(finance.ChartName)
	return b
}

func (b *bench) as(id string) context.Context {
	return itsm.WithActor(context.Background(), itsm.Actor{ID: id, Tenant: tenant})
}

// months opens so many periods of a month, from January 2026 on.
func (b *bench) months(n int) []finance.Period {
	var out []finance.Period
	for i := range n {
		last := calendar.DateOf(time.Date(2026, time.Month(i+2), 0, 0, 0, 0, 0, time.UTC))
		p, err := b.Periods.Open(b.as("mia"), finance.OpenPeriod{Chart: b.books, From: date(2026, time.Month(i+1), 1), Until: last})
		require.NoError(b.t, err)
		out = append(out, p)
	}
	return out
}

// licence is an ordinary entry.
func (b *bench) licence(on calendar.Date, text string) finance.Post {
	return finance.Post{Chart: b.books, Date: on, Text: "licence", Cause: cause(1), Postings: []finance.Posting{
		finance.Debit("5100", euros(text)), finance.Credit("2000", euros(text)),
	}}
}

func (b *bench) post(p finance.Post) finance.Entry {
	e, err := b.Post(b.as("mia"), p)
	require.NoError(b.t, err)
	return e
}

// balances are the trial balance of all entries as a text.
func (b *bench) balances(asOf calendar.Date, known time.Time) []finance.Balance {
	out, err := b.TrialBalance(b.as("mia"), b.books, asOf, known)
	require.NoError(b.t, err)
	return out
}
