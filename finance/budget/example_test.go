package budget_test

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/budget"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

// A year's budget is approved, reserved, spent and watched.
func Example() {
	store, kind := memory.New(), budget.Kind()
	now := time.Date(2026, 3, 31, 9, 0, 0, 0, time.UTC)
	desk, err := itsm.NewDesk(kind, itsm.Config[budget.Budget]{
		Repository: memory.For(store, kind), Policy: itsm.AllowAll, Facts: budget.Facts, Clock: func() time.Time { return now },
	})
	if err != nil {
		panic(err)
	}
	ann := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Tenant: "acme"})
	boss := itsm.WithActor(context.Background(), itsm.Actor{ID: "boss", Tenant: "acme"})
	do := func(ctx context.Context, b budget.Budget, a itsm.Action[budget.Budget]) budget.Budget {
		next, err := desk.Do(ctx, b.ID, a)
		if err != nil {
			fmt.Println(err)
			return b
		}
		return next
	}

	b, err := desk.Open(ann, budget.Draft{
		Title: "Cloud 2026", Account: "6200",
		From: date(2026, time.January, 1), Until: date(2026, time.December, 31),
		Plan: budget.Plan{Amount: eur("12000.00"), Thresholds: []budget.Threshold{{Percent: 50, Of: budget.OfUsed}}},
	})
	if err != nil {
		panic(err)
	}
	b = do(ann, b, budget.Submit{})
	b = do(ann, b, budget.Approve{}) // refused: she has submitted it
	b = do(boss, b, budget.Approve{})

	order := itsm.Ref{Kind: "order", ID: itsm.ID{2}}
	b = do(ann, b, budget.Spend{Amount: eur("3300.00")})
	b = do(ann, b, budget.Commit{For: order, Amount: eur("3000.00")})
	b = do(ann, b, budget.Commit{For: itsm.Ref{Kind: "order", ID: itsm.ID{3}}, Amount: eur("6000.00")}) // refused: too much
	b = do(ann, b, budget.Spend{Amount: eur("2900.00"), Against: order, Final: true})
	fmt.Println(&b)

	forecast, err := b.Forecast(date(2026, time.March, 31))
	fmt.Println("expected", forecast.Expected, "after", forecast.Days, "of", forecast.Total, "days", err)
	variance, err := b.Variance(date(2026, time.March, 31))
	fmt.Println(variance, err)
	fmt.Println(b.Alerts[0])
	// Output:
	// budget BUD0000001: approve: not allowed: submitted by yourself (want the approval of another person)
	// budget: commit: invalid: amount: over budget (available 5700.00 EUR, budgeted 12000.00 EUR, over 300.00 EUR)
	// BUD0000001 Cloud 2026: 12000.00 EUR budgeted, 0.00 EUR committed, 6200.00 EUR actual, 5800.00 EUR available
	// expected 25144.44 EUR after 90 of 365 days <nil>
	// -3241.10 EUR (-109.54 %), unfavourable <nil>
	// 50 % of 12000.00 EUR (used): 6300.00 EUR
}

func date(y int, m time.Month, d int) calendar.Date { return calendar.Date{Year: y, Month: m, Day: d} }

func eur(text string) money.Amount { return money.Must(money.Parse(text, money.EUR)) }
