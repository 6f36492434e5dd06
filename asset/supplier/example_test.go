package supplier_test

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/supplier"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

// A supplier is assessed, a contract signed, and the day comes on which to decide.
func Example() {
	store := memory.New()
	now := time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	suppliers := memory.For(store, supplier.Kind())
	contracts := memory.For(store, supplier.ContractKind())
	people, err := itsm.NewDesk(supplier.Kind(), itsm.Config[supplier.Supplier]{Repository: suppliers, Policy: itsm.AllowAll, Clock: clock,
		Facts: supplier.Facts(contracts)})
	if err != nil {
		fmt.Println(err)
		return
	}
	desk, err := itsm.NewDesk(supplier.ContractKind(), itsm.Config[supplier.Contract]{Repository: contracts, Policy: itsm.AllowAll, Clock: clock,
		Facts: supplier.ContractFacts(suppliers)})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Tenant: "acme"})
	day := func(y int, m time.Month, d int) calendar.Date { return calendar.Date{Year: y, Month: m, Day: d} }

	s, err := people.Open(ctx, supplier.Propose{Title: "Example Networks"})
	for _, a := range []itsm.Action[supplier.Supplier]{supplier.Assess{Value: supplier.High, Risk: supplier.Medium, Reason: "all offices hang on it"}, supplier.Approve{}} {
		if err == nil {
			s, err = people.Do(ctx, s.ID, a)
		}
	}
	fmt.Println(s.Number, s.Category, err)

	c, err := desk.Open(ctx, supplier.Draft{Title: "Wide area network", Supplier: s.Ref(supplier.Name), Terms: supplier.Terms{
		From: day(2026, 2, 1), Until: day(2026, 12, 31), Annual: money.Must(money.New(12000000, money.EUR)),
		Renewal: supplier.Renewal{Mode: supplier.Automatic, Term: itsm.Period{Months: 12}, Notice: itsm.Period{Months: 3}, Lead: itsm.Period{Days: 30}},
	}, Obligations: []supplier.Obligation{{ID: "report", Text: "Monthly service report", By: supplier.Them, From: day(2026, 2, 28), Every: itsm.Period{Months: 1}}}})
	if err == nil {
		c, err = desk.Do(ctx, c.ID, supplier.Sign{By: "the board"})
	}
	fmt.Println(c.Number, "decide by", c.DecideBy, "notice by", c.NoticeBy, err)

	now = time.Date(2026, 9, 10, 9, 0, 0, 0, time.UTC)
	due, err := supplier.Decisions(ctx, desk, day(2026, 9, 10), day(2026, 10, 1))
	for _, d := range due {
		fmt.Println(d.Title, d.Question, d.Days, "days, too late:", d.Late, err)
	}
	now = time.Date(2027, 1, 2, 9, 0, 0, 0, time.UTC)
	swept, err := supplier.Sweep(itsm.System(context.Background(), "acme"), desk, now)
	fmt.Println("rolled over:", swept.RolledOver, err)
	_, err = people.Do(ctx, s.ID, supplier.End{Reason: "too dear"})
	fmt.Println(err)
	// Output:
	// SUP0000001 strategic <nil>
	// CTR0000001 decide by 2026-08-31 notice by 2026-09-30 <nil>
	// Wide area network renew_or_notice -10 days, too late: false <nil>
	// rolled over: 1 <nil>
	// supplier SUP0000001: end: not allowed: has contracts (in_force 1)
}
