package charging_test

import (
	"fmt"
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/money"
)

// Storage is graduated. A record comes twice and counts once; one comes late, when the bill is out: the correction is at
// the price of the second tier, so that both together are what timely usage would have cost.
func Example() {
	march := charging.MonthOf(day("2026-03-01"))
	list, err := charging.NewList(charging.Entry{Item: "storage", From: day("2026-01-01"), Tariff: charging.Tariff{
		Model: charging.Graduated, Rounding: money.HalfUp,
		Tiers: []charging.Tier{{UpTo: number("100"), UnitPrice: price("0.10")}, {UnitPrice: price("0.08")}},
	}})
	check(err)
	usage := []charging.Usage{
		{ID: "a", Customer: "cleo", Item: "storage", On: day("2026-03-02"), Quantity: number("90")},
		{ID: "a", Customer: "cleo", Item: "storage", On: day("2026-03-02"), Quantity: number("90")},
	}
	rated, err := list.Rate(march, usage)
	check(err)
	bill, err := charging.Unbilled(rated, nil)
	check(err)
	fmt.Println(bill[0].Quantity, bill[0].Amount)

	usage = append(usage, charging.Usage{ID: "b", Customer: "cleo", Item: "storage", On: day("2026-03-30"), Quantity: number("30")})
	rated, err = list.Rate(march, usage)
	check(err)
	correction, err := charging.Unbilled(rated, bill)
	check(err)
	fmt.Println(correction[0].Quantity, correction[0].Amount, correction[0].Period)
	// Output:
	// 90 9.00 EUR
	// 30 2.60 EUR 2026-03-01 to 2026-03-31
}

// How a charge comes about, with a fee in one tier and 15 % on the cost.
func ExampleTariff_Steps() {
	tariff := charging.Tariff{Model: charging.Graduated, Rounding: money.HalfUp, Markup: number("0.15"), Tiers: []charging.Tier{
		{UpTo: number("5"), UnitPrice: price("7")}, {UpTo: number("10"), UnitPrice: price("6.5"), FlatFee: price("3")}, {UnitPrice: price("6")},
	}}
	steps, err := tariff.Steps(number("8.5"))
	check(err)
	for _, s := range steps {
		fmt.Println("tier", s.Tier, s.Units, "x", s.Price, "fee", s.Fee.Number())
	}
	fmt.Println(tariff.Charge(number("8.5")))
	_, err = tariff.Charge(number("-1"))
	fmt.Println(err)
	// Output:
	// tier 1 5 x 7.00 EUR fee 0
	// tier 2 3.5 x 6.50 EUR fee 3
	// 69.86 EUR <nil>
	// charging: negative quantity: -1
}

// A seat from the middle of February on, with a new price in March.
func ExampleList_Recur() {
	seat := func(from, monthly string) charging.Entry {
		return charging.Entry{Item: "seat", From: day(from), Tariff: charging.Tariff{Model: charging.PerUnit, Price: price(monthly), Rounding: money.HalfUp}}
	}
	list, err := charging.NewList(seat("2025-01-01", "10"), seat("2026-03-15", "12"))
	check(err)
	lines, err := list.Recur(charging.Period{From: day("2026-02-01"), Until: day("2026-03-31")}, []charging.Subscription{
		{Customer: "cleo", Item: "seat", Quantity: number("3"), From: day("2026-02-15")},
	})
	check(err)
	for _, line := range lines {
		fmt.Println(line.Period, line.Amount)
	}
	_, err = list.On("seat", day("2024-12-31"))
	fmt.Println(err)
	// Output:
	// 2026-02-15 to 2026-02-28 15.00 EUR
	// 2026-03-01 to 2026-03-14 13.55 EUR
	// 2026-03-15 to 2026-03-31 19.74 EUR
	// charging: no price: item "seat" on 2024-12-31, the list has it from 2025-01-01 on
}

// Three lines of 3 cents at 19 %: rounded line by line the tax is a cent more than rounded once.
func ExampleTax() {
	line := charging.Taxable{Net: money.Must(money.New(3, money.EUR)), Rate: number("0.19")}
	for _, mode := range []charging.TaxMode{charging.PerLine, charging.PerInvoice} {
		sums, err := charging.Tax(money.EUR, []charging.Taxable{line, line, line}, mode, money.HalfUp)
		fmt.Println(mode, sums.Net, sums.Tax, sums.Gross, err)
	}
	// Output:
	// per_line 0.09 EUR 0.03 EUR 0.12 EUR <nil>
	// per_invoice 0.09 EUR 0.02 EUR 0.11 EUR <nil>
}

// A committed minimum of 100 a month, over three months.
func ExampleCommit() {
	usage := []money.Amount{amount("50.00"), amount("150.00"), amount("99.99")}
	for _, mode := range []charging.Mode{charging.PerPeriod, charging.Cumulative} {
		c, err := charging.Commit(usage, amount("100.00"), mode)
		fmt.Println(mode, c.Charges, c.TrueUp, c.Total, err)
	}
	// Output:
	// per_period [100.00 EUR 150.00 EUR 100.00 EUR] 0.00 EUR 350.00 EUR <nil>
	// cumulative [50.00 EUR 150.00 EUR 99.99 EUR] 0.00 EUR 299.99 EUR <nil>
}

func day(text string) calendar.Date {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return calendar.DateOf(d)
}

func number(text string) money.Number {
	n, err := money.ParseNumber(text)
	if err != nil {
		panic(err)
	}
	return n
}

func price(text string) money.Price {
	p, err := money.ParsePrice(text, money.EUR)
	if err != nil {
		panic(err)
	}
	return p
}

func amount(text string) money.Amount { return money.Must(money.Parse(text, money.EUR)) }

func check(err error) {
	if err != nil {
		fmt.Println(err)
	}
}
