package invoice_test

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/finance/charging/invoice"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

const tenant = "acme"

// bureau is a desk under test with a clock that only moves when it is told to.
type bureau struct {
	t     require.TestingT
	store *memory.Store
	desk  *itsm.Desk[invoice.Invoice]
	now   time.Time
	ids   atomic.Int64
}

func newBureau(t require.TestingT) *bureau {
	b := &bureau{t: t, store: memory.New(), now: time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)}
	desk, err := itsm.NewDesk(invoice.Kind(), itsm.Config[invoice.Invoice]{
		Repository: memory.For(b.store, invoice.Kind()), Policy: itsm.AllowAll, Clock: func() time.Time { return b.now },
		NewID: func(time.Time) itsm.ID { // the same IDs in every run
			n := b.ids.Add(1)
			return itsm.ID{6: 0x70, 8: 0x80, 14: byte(n >> 8), 15: byte(n)}
		},
	})
	require.NoError(t, err)
	b.desk = desk
	return b
}

func (b *bureau) ctx() context.Context {
	return itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Tenant: tenant})
}

func (b *bureau) system() context.Context { return itsm.System(context.Background(), tenant) }

func (b *bureau) open(c invoice.Content) invoice.Invoice {
	i, err := b.desk.Open(b.ctx(), invoice.Draft{Content: c})
	require.NoError(b.t, err)
	return i
}

// do does actions that must all succeed.
func (b *bureau) do(i invoice.Invoice, actions ...itsm.Action[invoice.Invoice]) invoice.Invoice {
	for _, a := range actions {
		var err error
		i, err = b.desk.Do(b.ctx(), i.ID, a)
		require.NoError(b.t, err, a.Name())
	}
	return i
}

// invalid does an action that must fail with one problem, and returns its path and code.
func (b *bureau) invalid(i invoice.Invoice, a itsm.Action[invoice.Invoice]) string {
	_, err := b.desk.Do(b.ctx(), i.ID, a)
	var invalid *itsm.ValidationError
	require.ErrorAs(b.t, err, &invalid)
	require.Len(b.t, invalid.Problems, 1)
	return invalid.Problems[0].Path + " " + invalid.Problems[0].Code
}

// denied does an action that a guard must refuse, and returns the code of the reason.
func (b *bureau) denied(i invoice.Invoice, a itsm.Action[invoice.Invoice]) string {
	_, err := b.desk.Do(b.ctx(), i.ID, a)
	var refused *itsm.TransitionError
	require.ErrorAs(b.t, err, &refused)
	require.NotNil(b.t, refused.Reason, "%s is not in the lifecycle of %s", a.Name(), i.State)
	return refused.Reason.Code
}

// relay lets the notes follow.
func (b *bureau) relay() {
	require.NoError(b.t, itsm.NewRelay(b.store).Run(context.Background(), invoice.Notes{Desk: b.desk}))
}

func (b *bureau) all() []invoice.Invoice {
	var out []invoice.Invoice
	for i, err := range b.desk.All(b.ctx(), itsm.Query[invoice.Invoice]{}) {
		require.NoError(b.t, err)
		out = append(out, i)
	}
	return out
}

func (b *bureau) get(id itsm.ID) invoice.Invoice {
	i, err := b.desk.Get(b.ctx(), id)
	require.NoError(b.t, err)
	return i
}

func eur(text string) money.Amount {
	a, err := money.Parse(text, money.EUR)
	if err != nil {
		panic(err)
	}
	return a
}

func number(text string) money.Number {
	n, err := money.ParseNumber(text)
	if err != nil {
		panic(err)
	}
	return n
}

func day(text string) calendar.Date {
	d, err := calendar.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

var march = charging.MonthOf(day("2026-03-01"))

// charge is a usage line of cleo's at 19 %.
func charge(item, net string) charging.Line {
	return charging.Line{Customer: "cleo", Item: item, Of: charging.OfUsage, Period: march, Quantity: number("10"), Amount: eur(net), Tax: number("0.19"), Records: 1}
}

// content is a bill of cleo's with one line for each net.
func content(nets ...string) invoice.Content {
	c := invoice.Content{Type: invoice.Charge, Customer: "cleo", Title: "March", Currency: money.EUR, TaxMode: charging.PerInvoice, Rounding: money.HalfUp, DueOn: day("2026-04-30")}
	for k, net := range nets {
		c.Lines = append(c.Lines, invoice.Line{Charge: charge(string(rune('a'+k)), net)})
	}
	return c
}
