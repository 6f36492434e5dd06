package asset_test

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/finance/depreciation/register"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

// What happens to a server becomes what happens to a fixed asset. The two know nothing of each other: a host hands the
// value events on, each under its own key, so that one that comes twice is booked once.
func ExampleValuation() {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	assets, err := itsm.NewDesk(asset.Kind(), itsm.Config[asset.Asset]{Repository: memory.For(memory.New(), asset.Kind()), Policy: itsm.AllowAll, Clock: clock})
	must(err)
	accounts := memory.For(memory.New(), register.Kind())
	books, err := itsm.NewDesk(register.Kind(), itsm.Config[register.Asset]{Repository: accounts, Policy: itsm.AllowAll, Clock: clock, Facts: register.Facts(accounts)})
	must(err)
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Tenant: "acme"})
	eur := func(euros int64) money.Amount { return money.Must(money.New(euros*100, money.EUR)) }

	server, err := assets.Open(ctx, asset.Register{Asset: asset.Particulars{Title: "Rack 7", Class: "server"}, Purchase: asset.Purchase{Cost: eur(7000)}})
	must(err)
	for _, step := range []struct {
		on time.Time
		do itsm.Action[asset.Asset]
	}{
		{time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC), asset.CheckOut{Location: "Room 1"}},
		{time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC), asset.SetValue{Cost: eur(7200), Reason: "rails came with another invoice"}},
		{time.Date(2027, 12, 20, 9, 0, 0, 0, time.UTC), asset.Retire{Reason: "successor is in"}},
		{time.Date(2028, 1, 1, 9, 0, 0, 0, time.UTC), asset.Dispose{Method: asset.Sold, Wiped: asset.Purged, WipedBy: "ann", Certificate: "W-7", Proceeds: eur(3100)}},
	} {
		now = step.on
		server, err = assets.Do(ctx, server.ID, step.do)
		must(err)
	}

	history, err := assets.History(ctx, server.ID, itsm.PageRequest{Limit: itsm.MaxPage})
	must(err)
	events, err := asset.Valuation(history.Items)
	must(err)
	fixed, err := handedOn(ctx, books, append(events, events...)) // the whole history comes again
	must(err)
	for _, v := range fixed.Movements {
		fmt.Println(v.Cause, v.On, v.Cost, v.Gain)
	}
	// Of 7,000 one month of 36 is written off, 200 are added, and of the sum 20 months of 35: 3,002 are left, give or take
	// the cents of the rounding, for 3,100.
	// Output:
	// acquisition 2026-04-01 7000.00 EUR no amount
	// revaluation 2026-05-01 0.00 EUR no amount
	// disposal 2028-01-01 -7000.00 EUR 97.58 EUR
}

// handedOn hands value events on to a register: three years by month, in one book.
func handedOn(ctx context.Context, books *itsm.Desk[register.Asset], events []asset.ValueEvent) (fixed register.Asset, err error) {
	for _, e := range events {
		key := itsm.IdempotencyKey(e.Event + "/" + string(e.Type))
		switch e.Type {
		case asset.PutInService:
			first := calendar.Date{Year: e.On.Year, Month: e.On.Month, Day: 1}
			plan := depreciation.Plan{Method: depreciation.StraightLine, Cost: e.Amount, Salvage: money.Must(money.New(0, e.Amount.Currency())),
				Periods: 36, PeriodMonths: 1, Start: first, FirstEnd: first.AddDays(31), Rounding: money.HalfUp}
			plan.FirstEnd = calendar.Date{Year: plan.FirstEnd.Year, Month: plan.FirstEnd.Month, Day: 1}.AddDays(-1)
			fixed, err = books.Open(ctx, register.Capitalise{Title: e.Number, Of: e.Asset, Books: []register.Terms{{Name: "main", Plan: plan}}}, key)
		case asset.CostAdjusted:
			var at register.Position
			if at, err = fixed.Position("main", e.On.AddDays(-1)); err == nil {
				var value money.Amount
				value, err = at.Value.Add(e.Amount)
				if err == nil {
					fixed, err = books.Do(ctx, fixed.ID, register.Revalue{Book: "main", On: e.On, Value: value, Reason: "cost adjusted"}, key)
				}
			}
		case asset.Derecognised:
			fixed, err = books.Do(ctx, fixed.ID, register.Dispose{On: e.On, Proceeds: e.Amount, Reason: "gone"}, key)
		}
		if err != nil {
			return fixed, err
		}
	}
	return fixed, nil
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
