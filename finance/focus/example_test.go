package focus_test

import (
	"fmt"
	"strings"

	"github.com/itsmkit/itsm/finance/focus"
	"github.com/itsmkit/itsm/money"
)

// Two hours of a machine, and a promotional credit: the lines add up to the invoice.
func Example() {
	export := `BillingCurrency,BilledCost,EffectiveCost,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ServiceName,InvoiceId,Tags
EUR,0.1254,0.1254,2026-04-01T00:00:00Z,2026-05-01T00:00:00Z,2026-04-03T10:00:00Z,2026-04-03T11:00:00Z,Usage,Machines,I-9,"{""team"":""shop""}"
EUR,0.1254,0.1254,2026-04-01T00:00:00Z,2026-05-01T00:00:00Z,2026-04-03T11:00:00Z,2026-04-03T12:00:00Z,Usage,Machines,I-9,"{""team"":""web""}"
EUR,-0.05,-0.05,2026-04-01T00:00:00Z,2026-05-01T00:00:00Z,2026-04-01T00:00:00Z,2026-05-01T00:00:00Z,Credit,Machines,I-9,
`
	in, err := focus.NewReader(strings.NewReader(export), focus.Options{Lenient: true}) // it has only the essential columns
	if err != nil {
		panic(err)
	}
	bills, err := focus.Bills(in.All(), focus.Billing{Rounding: money.HalfUp})
	if err != nil {
		panic(err)
	}
	for _, b := range bills {
		fmt.Println(b.Invoice, b.Total, "of", b.Exact)
		for _, l := range b.Lines {
			fmt.Println(" ", l.From.Format("15:04"), l.Category, l.Cost, "->", l.Amount, l.Tags.Value("team"))
		}
	}
	// Output:
	// I-9 0.20 EUR of 0.2008 EUR
	//   10:00 Usage 0.1254 EUR -> 0.13 EUR shop
	//   11:00 Usage 0.1254 EUR -> 0.12 EUR web
	//   00:00 Credit -0.05 EUR -> -0.05 EUR
}

// A row that breaks rules says which, where, and what is allowed.
func ExampleReader_All() {
	in, err := focus.NewReader(strings.NewReader(dataset(with(usage(), "ChargeCategory", "Fee", "BilledCost", "12,50"))), focus.Options{})
	if err != nil {
		panic(err)
	}
	for _, err := range in.All() {
		fmt.Println(err)
	}
	// Output:
	// focus: line 2: BilledCost: number "12,50", want a decimal such as -12.5 or 35.2E-7; ChargeCategory: choice "Fee", want Usage, Purchase, Tax, Credit, Adjustment
}

// What each team costs, by the value of a tag.
func ExampleTotals() {
	in, err := focus.NewReader(strings.NewReader(dataset(usage(), usage(), with(usage(), "Tags", ""))), focus.Options{})
	if err != nil {
		panic(err)
	}
	totals, err := focus.Totals(in.All(), func(c *focus.Charge) string { return c.Tags.Value("team") })
	for _, t := range totals {
		fmt.Printf("%q %d %v\n", t.Of, t.Charges, t.Billed)
	}
	fmt.Println(err)
	// Output:
	// "shop" 2 0.068 USD
	// "" 1 0.034 USD
	// <nil>
}
