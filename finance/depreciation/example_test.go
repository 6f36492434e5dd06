package depreciation_test

import (
	"fmt"
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/money"
)

// Servers came into service in October: the first year bears three months, a fourth year the other nine.
func ExamplePlan_Charges() {
	plan := depreciation.Plan{
		Method:     depreciation.StraightLine,
		Convention: depreciation.FullMonth,
		Cost:       amount("10000.00"),
		Salvage:    amount("1000.00"),
		Periods:    3,
		Start:      calendar.Date{Year: 2026, Month: time.October, Day: 12},
		FirstEnd:   calendar.Date{Year: 2026, Month: time.December, Day: 31},
		Rounding:   money.HalfUp,
	}
	charges, err := plan.Charges()
	for _, c := range charges {
		fmt.Println(c.Period, c.From, c.Until, c.Amount)
	}
	fmt.Println(err)
	// Output:
	// 1 2026-10-12 2026-12-31 750.00 EUR
	// 2 2027-01-01 2027-12-31 3000.00 EUR
	// 3 2028-01-01 2028-12-31 3000.00 EUR
	// 4 2029-01-01 2029-09-30 2250.00 EUR
	// <nil>
}

// The double declining balance turns into a straight line once that gives more.
func ExamplePlan_Amounts() {
	plan := depreciation.Plan{
		Method: depreciation.DoubleDeclining, Cost: amount("1000.00"), Salvage: amount("0.00"), Periods: 5, Rounding: money.HalfUp,
	}
	amounts, err := plan.Amounts()
	fmt.Println(amounts, err)
	plan.Salvage = amount("2000.00")
	_, err = plan.Amounts()
	fmt.Println(err)
	// Output:
	// [400.00 EUR 240.00 EUR 144.00 EUR 108.00 EUR 108.00 EUR] <nil>
	// depreciation: salvage above cost: 2000.00 EUR is more than 1000.00 EUR
}

// The charge of the first year of Microsoft's example for VDB: 2400, 300 left after ten years.
func ExampleVDB() {
	charge, err := depreciation.VDB(money.Int(2400), money.Int(300), money.Int(10), money.Int(0), money.Int(1), money.Number{}, false)
	fmt.Println(charge.FloatString(2), err)
	// Output: 480.00 <nil>
}

func amount(text string) money.Amount {
	a, err := money.Parse(text, money.EUR)
	if err != nil {
		panic(err)
	}
	return a
}
