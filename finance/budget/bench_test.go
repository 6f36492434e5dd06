package budget_test

import (
	"context"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/budget"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

// bench is a desk under test with a clock that only moves when it is told to.
type bench struct {
	t     require.TestingT
	store *memory.Store
	desk  *itsm.Desk[budget.Budget]
	now   time.Time
	ids   byte
}

const cloud = "6200" // the account

func newBench(t require.TestingT) *bench {
	b := &bench{t: t, store: memory.New(), now: time.Date(2026, 1, 15, 8, 0, 0, 0, time.UTC)}
	k := budget.Kind()
	desk, err := itsm.NewDesk(k, itsm.Config[budget.Budget]{
		Repository: memory.For(b.store, k), Policy: itsm.AllowAll, Facts: budget.Facts, Clock: func() time.Time { return b.now },
		NewID: func(time.Time) itsm.ID { // the same IDs in every run
			b.ids++
			return itsm.ID{6: 0x70, 8: 0x80, 15: b.ids}
		},
	})
	require.NoError(t, err)
	b.desk = desk
	return b
}

// as returns the context of a person of the tenant.
func (b *bench) as(id string) context.Context {
	return itsm.WithActor(context.Background(), itsm.Actor{ID: id, Tenant: "acme"})
}

// year is a draft for the cloud account in 2026.
func year(plan budget.Plan) budget.Draft {
	return budget.Draft{Title: "Cloud 2026", Account: cloud, From: date(2026, time.January, 1), Until: date(2026, time.December, 31), Plan: plan}
}

// approved opens a budget and puts it in force.
func (b *bench) approved(d budget.Draft) budget.Budget {
	x, err := b.desk.Open(b.as("ann"), d)
	require.NoError(b.t, err)
	x = b.do(x, budget.Submit{})
	x, err = b.desk.Do(b.as("boss"), x.ID, budget.Approve{})
	require.NoError(b.t, err)
	return x
}

// do lets ann do actions, which must all succeed.
func (b *bench) do(x budget.Budget, actions ...itsm.Action[budget.Budget]) budget.Budget {
	for _, a := range actions {
		var err error
		x, err = b.desk.Do(b.as("ann"), x.ID, a)
		require.NoError(b.t, err, a.Name())
	}
	return x
}

func (b *bench) get(x budget.Budget) budget.Budget {
	got, err := b.desk.Get(b.as("ann"), x.ID)
	require.NoError(b.t, err)
	return got
}

func (b *bench) events(x budget.Budget) []itsm.Event {
	page, err := b.desk.History(b.as("ann"), x.ID, itsm.PageRequest{Limit: itsm.MaxPage})
	require.NoError(b.t, err)
	require.Empty(b.t, page.Next)
	return page.Items
}

func order(n byte) itsm.Ref { return itsm.Ref{Kind: "order", ID: itsm.ID{9, n}} }

func coins(n int64) money.Amount { return money.Must(money.New(n, money.EUR)) }

// blinkers hide the commitments.
type blinkers struct{ itsm.Policy }

func (blinkers) See(context.Context, *itsm.Actor, string) (itsm.View, error) {
	return itsm.View{Hidden: []string{"commitments", "purchase"}}, nil
}
