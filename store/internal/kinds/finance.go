package kinds

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/finance/budget"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/finance/charging/invoice"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/finance/depreciation/register"
	"github.com/itsmkit/itsm/money"
)

func day(n int) calendar.Date {
	return calendar.DateOf(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).AddDays(n)
}

func euros(coins int64) money.Amount { return money.Must(money.New(coins, money.EUR)) }

// Chart makes an action of a chart of accounts.
func Chart(rnd *rand.Rand, c *finance.Chart) itsm.Action[finance.Chart] {
	code := fmt.Sprint(1000 + rnd.IntN(6)*100)
	if c == nil {
		return finance.Establish{Title: "IT " + word(rnd), Currency: money.EUR, Accounts: []finance.Account{{Code: "1000", Title: "Bank", Class: finance.Asset}},
			CostCentres: []finance.CostCentre{{Code: "IT", Title: "Information technology"}}}
	}
	return one[itsm.Action[finance.Chart]](rnd, finance.SetClearing{Account: code}, itsm.Comment[finance.Chart]{Text: word(rnd)},
		finance.SetCostCentres{CostCentres: []finance.CostCentre{{Code: "C" + code, Title: code, Parent: "IT", Closed: rnd.IntN(2) == 0}}},
		finance.SetAccounts{Accounts: []finance.Account{{Code: code, Title: code, Class: finance.Asset, Closed: rnd.IntN(3) == 0}, {Code: "x" + code, Title: code, Class: finance.Income}}})
}

// Period makes an action of a period of the ledger.
func Period(rnd *rand.Rand, p *finance.Period) itsm.Action[finance.Period] {
	if p == nil {
		first := rnd.IntN(300)
		return finance.OpenPeriod{Chart: itsm.Ref{Kind: finance.ChartName, ID: itsm.ID{15: byte(1 + rnd.IntN(100))}}, From: day(first), Until: day(first + rnd.IntN(40) - 2)}
	}
	return one[itsm.Action[finance.Period]](rnd, finance.ClosePeriod{}, finance.ReopenPeriod{Reason: word(rnd)}, itsm.Comment[finance.Period]{Text: word(rnd)},
		itsm.Relate[finance.Period]{Type: "checked_by", To: ref(rnd, "audit")})
}

// Entry makes an action of an entry of the ledger.
func Entry(rnd *rand.Rand, e *finance.Entry) itsm.Action[finance.Entry] {
	if e == nil {
		a := euros(rnd.Int64N(10_000)) // 0 is refused
		return finance.Post{Chart: ref(rnd, finance.ChartName), Date: day(rnd.IntN(9)), Text: "an invoice", Reference: one(rnd, "", "R-1", "R-2"), Cause: ref(rnd, "contract"),
			Postings: []finance.Posting{finance.Debit("5000", a), finance.Credit(one(rnd, "1000", "2000"), a)}}
	}
	return one[itsm.Action[finance.Entry]](rnd, itsm.Comment[finance.Entry]{Text: word(rnd)}, finance.Reverse{}, itsm.Relate[finance.Entry]{Type: "see_also", To: ref(rnd, "contract")})
}

// Budget makes an action of a budget whose submitter may approve it.
func Budget(rnd *rand.Rand, b *budget.Budget) itsm.Action[budget.Budget] {
	plan := budget.Plan{Amount: euros(rnd.Int64N(1000_00)), Thresholds: []budget.Threshold{{Percent: 50, Of: budget.OfActual}, {Percent: 80, Of: budget.OfUsed}}[:rnd.IntN(3)]}
	amount, purchase := euros(rnd.Int64N(200_00)-10_00), ref(rnd, "order")
	if b == nil {
		return budget.Draft{Title: "Cloud", Account: one(rnd, "6200", "6300"), Service: ref(rnd, "service"), From: day(-9000), Until: day(-5500), Plan: plan}
	}
	return one[itsm.Action[budget.Budget]](rnd, budget.Edit{Title: "Cloud " + word(rnd), Plan: plan}, budget.Submit{}, budget.Submit{}, budget.Approve{}, budget.Approve{}, budget.Reject{Reason: "no"},
		budget.Revise{Plan: plan, Reason: "new"}, budget.Commit{For: purchase, Amount: amount}, budget.Commit{For: purchase, Amount: amount}, budget.Release{For: purchase},
		budget.Spend{Amount: amount, On: b.From}, budget.Spend{Amount: amount, Against: purchase, On: b.From}, budget.Comment{Text: word(rnd)})
}

// Invoice makes an action of an invoice.
func Invoice(rnd *rand.Rand, i *invoice.Invoice) itsm.Action[invoice.Invoice] {
	c := invoice.Content{Type: invoice.Charge, Customer: one(rnd, "cleo", "dan"), Title: word(rnd), Currency: money.EUR, TaxMode: charging.PerInvoice, Rounding: money.HalfUp, DueOn: day(90)}
	for n := range rnd.IntN(4) {
		c.Lines = append(c.Lines, invoice.Line{Charge: charging.Line{Customer: c.Customer, Item: fmt.Sprint("item ", n), Of: charging.OfUsage,
			Period: charging.MonthOf(day(0)), Quantity: money.Int(10), Amount: euros(rnd.Int64N(5000)), Records: 1}})
	}
	if i == nil {
		return invoice.Draft{Content: c}
	}
	amount := euros(rnd.Int64N(3000))
	if rnd.IntN(3) == 0 && !i.Balance.IsZero() {
		amount = i.Balance.Abs()
	}
	return one[itsm.Action[invoice.Invoice]](rnd, invoice.Edit{Content: c}, invoice.Issue{}, invoice.Issue{}, invoice.Pay{ID: fmt.Sprint(rnd.IntN(9)), Amount: amount},
		invoice.OpenDispute{Reason: word(rnd)}, invoice.Settle{Outcome: word(rnd)}, invoice.Credit{Reason: "because"}, invoice.Cancel{Reason: word(rnd)},
		itsm.Comment[invoice.Invoice]{Text: word(rnd)})
}

// FixedAsset makes an action of an asset in the register.
func FixedAsset(rnd *rand.Rand, a *register.Asset) itsm.Action[register.Asset] {
	if a == nil {
		plan := func(m depreciation.Method, cost int64) depreciation.Plan {
			return depreciation.Plan{Method: m, Cost: euros(cost), Salvage: euros(cost / 10), Periods: 1 + rnd.IntN(5), Start: day(0), FirstEnd: day(364), Rounding: money.HalfUp}
		}
		return register.Capitalise{Title: "Rack", Class: "servers", Books: []register.Terms{
			{Name: "tax", Plan: plan(one(rnd, depreciation.StraightLine, depreciation.SumOfYears), 1000_00)}, {Name: "statutory", Plan: plan(depreciation.StraightLine, 900_00)}}}
	}
	on, value := day(rnd.IntN(1800)), euros(rnd.Int64N(100_000))
	return one[itsm.Action[register.Asset]](rnd, register.Depreciate{Until: on}, register.Revalue{Book: "tax", On: on, Value: value, Reason: "x"},
		register.Impair{Book: "statutory", On: on, Value: value, Reason: "x"}, register.Dispose{On: on, Part: 1, Whole: 1 + rnd.Int64N(5), Proceeds: value, Reason: "x"},
		register.Divide{On: on, Parts: []register.Portion{{Weight: 1, Title: "a"}, {Weight: 2, Title: "b"}}}, register.Edit{Class: word(rnd)})
}
