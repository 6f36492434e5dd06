package allocation_test

import (
	"fmt"
	"os"

	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/money"
)

// costs is a small IT department: the storage has 100 TB, of which 80 are used, and its owner wants to see what the rest
// costs.
func costs() (allocation.Model, []allocation.Line) {
	model := allocation.Model{
		Currency: money.EUR,
		Stages: []allocation.Stage{
			{Name: "pools", Members: []string{"storage", "service desk"}},
			{Name: "services", Members: []string{"mail", "files"}},
			{Name: "customers", Members: []string{"sales", "works"}},
		},
		Drivers: []allocation.Driver{
			{Name: "terabytes", Capacity: money.Int(100), Weights: weights("mail", 20, "files", 60)},
			{Name: "incidents", Weights: weights("mail", 200, "files", 100)},
			{Name: "heads", Weights: weights("sales", 40, "works", 80)},
		},
		Rules: []allocation.Rule{
			{From: "storage", Driver: "terabytes"},
			{From: "service desk", Driver: "incidents"},
			{From: "mail", Driver: "heads"},
			{From: "files", Driver: "heads"},
		},
	}
	return model, []allocation.Line{
		{ID: "disks 2027-01", To: "storage", Amount: eur("5000.00")},
		{ID: "payroll 2027-01", To: "service desk", Amount: eur("1000.00")},
		{ID: "mail licences", To: "mail", Amount: eur("300.00")},
	}
}

func Example() {
	model, lines := costs()
	result, err := model.Allocate(lines)
	if err != nil {
		fmt.Println(err)
		return
	}
	for end, amount := range result.Ends() {
		fmt.Println(end, amount)
	}
	trace, err := result.TraceEnd(allocation.End{Kind: allocation.Bill, Name: "sales"})
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = allocation.WriteTable(os.Stdout, trace)
	// Output:
	// sales 1766.67 EUR
	// works 3533.33 EUR
	// idle storage 1000.00 EUR
	// line,member,end,kind,percent,amount,currency
	// disks 2027-01,storage,sales,bill,26.666701,1333.335028,EUR
	// payroll 2027-01,service desk,sales,bill,33.333446,333.334463,EUR
	// mail licences,mail,sales,bill,33.333503,100.000508,EUR
}

// Two services use each other: a well-known exercise, Y = 7260 + 0.3 Z and Z = 4000 + 0.2 Y.
func ExampleSolveReciprocal() {
	solved, err := allocation.SolveReciprocal([]allocation.Department{
		{Name: "Y", Service: true, Cost: eur("7260.00"), Gives: weights("Z", 20, "works", 40, "sales", 40)},
		{Name: "Z", Service: true, Cost: eur("4000.00"), Gives: weights("Y", 30, "works", 35, "sales", 35)},
		{Name: "works", Cost: eur("0.00")},
		{Name: "sales", Cost: eur("0.00")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(solved[0].Gross.RatString(), solved[1].Gross.RatString())
	fmt.Println(solved[2].Total, solved[3].Total)
	// Output:
	// 9000 5800
	// 5630.00 EUR 5630.00 EUR
}

// The order is found by reference, or the circle is named.
func ExampleCycleError() {
	model, lines := costs()
	model.Stages[1].Method = allocation.StepDown
	model.Drivers[2].Weights = weights("mail", 10, "files", 10, "sales", 40, "works", 80)
	_, err := model.Allocate(lines)
	fmt.Println(err)
	// Output:
	// allocation: order: "mail" → "files" → "mail" give to each other in a circle; name an order, or allocate reciprocally
}

func weights(list ...any) []allocation.Weight {
	var out []allocation.Weight
	for i := 0; i < len(list); i += 2 {
		out = append(out, allocation.Weight{To: list[i].(string), Units: money.Int(int32(list[i+1].(int)))})
	}
	return out
}

func eur(text string) money.Amount { return money.Must(money.Parse(text, money.EUR)) }
