package investment_test

import (
	"errors"
	"fmt"

	"github.com/itsmkit/itsm/investment"
	"github.com/itsmkit/itsm/money"
)

// A tool costs 50,000 and saves more each year.
func Example() {
	flows := []money.Number{money.Int(-50_000), money.Int(13_300), money.Int(18_300), money.Int(22_400), money.Int(22_400)}
	rate, _ := money.ParseNumber("0.08")

	npv, err := investment.NPV(rate, flows, 0)
	fmt.Println("net present value:", npv.FloatString(2), err)
	irr, err := investment.IRR(flows)
	fmt.Printf("internal rate of return: %.2f %% %v\n", 100*irr, err)
	periods, err := investment.Payback(flows)
	fmt.Println("paid back after", periods.FloatString(2), "years", err)
	periods, err = investment.DiscountedPayback(rate, flows)
	fmt.Println("at 8 % after", periods.FloatString(2), "years", err)
	// Output:
	// net present value: 12250.63 <nil>
	// internal rate of return: 17.62 % <nil>
	// paid back after 2.82 years <nil>
	// at 8 % after 3.26 years <nil>
}

// A mine has to be cleared in the end: two rates make the net present value 0, and neither says whether it pays.
func ExampleIRR() {
	_, err := investment.IRR([]money.Number{money.Int(-4_000), money.Int(25_000), money.Int(-25_000)})
	fmt.Println(err)
	fmt.Println(errors.Is(err, investment.ErrSeveralRates))
	// Output:
	// internal rate of return: more than one rate of return: 2 rates make the net present value 0
	// true
}

// Two machines of unequal lives, in thousands: the longer one costs more, and less a year. It is the textbook case of Brealey,
// Myers and Allen, Principles of Corporate Finance, on equivalent annual cost.
func ExampleOwnership() {
	rate, _ := money.ParseNumber("0.06")
	a := investment.Ownership{Acquisition: dollars(15), Operation: []money.Amount{dollars(5), dollars(5), dollars(5)}}
	b := investment.Ownership{Acquisition: dollars(10), Operation: []money.Amount{dollars(6), dollars(6)}}
	for _, machine := range []investment.Ownership{a, b} {
		cost, err := machine.Cost(rate)
		fmt.Println(cost.Total.FloatString(2), cost.PerPeriod.FloatString(2), cost.Currency, err)
	}
	// Output:
	// 28.37 10.61 USD <nil>
	// 21.00 11.45 USD <nil>
}

// A tool that costs 80,000 and saves 100,000 returns a quarter of what it costs.
func ExampleROI() {
	roi, err := investment.ROI(money.Int(80_000), money.Int(100_000))
	fmt.Println(roi.FloatString(2), err)
	// Output: 0.25 <nil>
}

func dollars(n int64) money.Amount { return money.Must(money.New(100*n, money.USD)) }
