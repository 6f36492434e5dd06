package budget_test

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/budget"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

// At the end of the year an order still runs: its money goes to the next year's budget, with some of what is left.
func ExampleCarryForward() {
	kind, err := budget.NewKind(budget.Options{OwnApproval: true}) // to be short
	if err != nil {
		panic(err)
	}
	store := memory.New()
	desk, err := itsm.NewDesk(kind, itsm.Config[budget.Budget]{
		Repository: memory.For(store, kind), Policy: itsm.AllowAll, Facts: budget.Facts,
		Clock: func() time.Time { return time.Date(2026, time.December, 30, 9, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		panic(err)
	}
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Tenant: "acme"})
	inForce := func(y int) budget.Budget {
		b, err := desk.Open(ctx, budget.Draft{Title: fmt.Sprint("Cloud ", y), Account: "6200",
			From: date(y, time.January, 1), Until: date(y, time.December, 31), Plan: budget.Plan{Amount: eur("1000.00")}})
		for _, a := range []itsm.Action[budget.Budget]{budget.Submit{}, budget.Approve{}} {
			if err == nil {
				b, err = desk.Do(ctx, b.ID, a)
			}
		}
		if err != nil {
			panic(err)
		}
		return b
	}
	old, next := inForce(2026), inForce(2027)
	order := itsm.Ref{Kind: "order", ID: itsm.ID{2}}
	for _, a := range []itsm.Action[budget.Budget]{budget.Commit{For: order, Amount: eur("300.00")}, budget.Spend{Amount: eur("550.00")}} {
		if old, err = desk.Do(ctx, old.ID, a); err != nil {
			panic(err)
		}
	}
	move := budget.Move{From: old.ID, To: next.ID, Amount: money.Must(money.Parse("50.00", money.EUR)), Reason: "the order runs on"}
	old, next, err = budget.CarryForward(ctx, desk, store, move)
	fmt.Println(old.State, &old)
	fmt.Println(next.State, &next)
	fmt.Println(err)
	// Output:
	// closed BUD0000001 Cloud 2026: 650.00 EUR budgeted, 0.00 EUR committed, 550.00 EUR actual, 100.00 EUR available
	// approved BUD0000002 Cloud 2027: 1350.00 EUR budgeted, 300.00 EUR committed, 0.00 EUR actual, 1050.00 EUR available
	// <nil>
}
