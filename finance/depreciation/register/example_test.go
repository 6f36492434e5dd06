package register_test

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/finance/depreciation/register"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

// A rack in two books, impaired in one of them and sold in mid-year.
func Example() {
	repository := memory.For(memory.New(), register.Kind())
	now := time.Date(2026, time.March, 31, 9, 0, 0, 0, time.UTC)
	desk, err := itsm.NewDesk(register.Kind(), itsm.Config[register.Asset]{
		Repository: repository, Policy: itsm.AllowAll, Facts: register.Facts(repository), Clock: func() time.Time { return now },
	})
	check(err)
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann"})

	// Three years by month in the statutory accounts, the falling balance of 30 % a year for the tax office.
	statutory := depreciation.Plan{Method: depreciation.StraightLine, Cost: eur("7200.00"), Salvage: eur("0.00"), Periods: 36, PeriodMonths: 1,
		Start: day("2026-03-01"), FirstEnd: day("2026-03-31"), Rounding: money.HalfUp}
	tax := depreciation.Plan{Method: depreciation.DecliningBalance, Rate: number("0.3"), Cost: eur("7200.00"), Salvage: eur("0.00"), Periods: 5,
		Convention: depreciation.FullMonth, Start: day("2026-03-01"), FirstEnd: day("2026-12-31"), Rounding: money.HalfUp}
	a, err := desk.Open(ctx, register.Capitalise{Title: "Rack 7", Class: "servers",
		Books: []register.Terms{{Name: "statutory", Plan: statutory}, {Name: "tax", Plan: tax}}})
	check(err)
	show(a, "2026-12-31")

	_, err = register.DepreciateAll(itsm.System(ctx, ""), desk, day("2026-12-31"), now)
	check(err)
	a, err = desk.Do(ctx, a.ID, register.Impair{Book: "statutory", On: day("2027-01-01"), Value: eur("2600.00"), Reason: "successor is out"})
	check(err)
	show(a, "2027-12-31")

	a, err = desk.Do(ctx, a.ID, register.Dispose{On: day("2027-07-15"), Proceeds: eur("3000.00"), Reason: "sold"})
	check(err)
	for _, v := range a.Movements {
		fmt.Println(v.Book, v.Cause, v.On, v.Cost, v.Gain)
	}
	_, err = desk.Do(ctx, a.ID, register.Revalue{Book: "tax", On: day("2027-08-01"), Value: eur("1.00"), Reason: "?"})
	fmt.Println(err)
	// Output:
	// statutory 5200.00 EUR
	// tax 5400.00 EUR
	// statutory 1400.00 EUR
	// tax 3780.00 EUR
	// statutory acquisition 2026-03-01 7200.00 EUR no amount
	// statutory impairment 2027-01-01 0.00 EUR no amount
	// statutory disposal 2027-07-15 -7200.00 EUR 1045.16 EUR
	// tax acquisition 2026-03-01 7200.00 EUR no amount
	// tax disposal 2027-07-01 -7200.00 EUR -1590.00 EUR
	// fixed_asset FA0000001: revalue: not allowed in disposed (allowed: edit, comment, relate, unrelate, set_attributes)
}

// show prints the value of each book on a day.
func show(a register.Asset, on string) {
	for _, b := range a.Books {
		p, err := a.Position(b.Name, day(on))
		check(err)
		fmt.Println(b.Name, p.Value)
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func day(text string) calendar.Date {
	d, err := calendar.ParseDate(text)
	check(err)
	return d
}

func eur(text string) money.Amount {
	a, err := money.Parse(text, money.EUR)
	check(err)
	return a
}

func number(text string) money.Number {
	n, err := money.ParseNumber(text)
	check(err)
	return n
}
