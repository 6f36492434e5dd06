package finance_test

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

// accounts are a small chart of accounts.
func accounts() []finance.Account {
	operating := func(t finance.CostType, b finance.Behaviour) finance.Cost {
		return finance.Cost{Type: t, Treatment: finance.Operating, Assignment: finance.Indirect, Behaviour: b}
	}
	return []finance.Account{
		{Code: "1000", Title: "Bank", Class: finance.Asset},
		{Code: "1900", Title: "Currency clearing", Class: finance.Asset},
		{Code: "2000", Title: "Payables", Class: finance.Liability},
		{Code: "4900", Title: "Exchange differences", Class: finance.Income},
		{Code: "5", Title: "Costs of IT", Class: finance.Expense, Heading: true},
		{Code: "5000", Title: "Cloud", Parent: "5", Class: finance.Expense, Cost: operating(finance.External, finance.Variable)},
		{Code: "5100", Title: "Licences", Parent: "5", Class: finance.Expense, Cost: operating(finance.Software, finance.Fixed)},
	}
}

func centres() []finance.CostCentre {
	return []finance.CostCentre{
		{Code: "IT", Title: "Information technology", Owner: "mia"},
		{Code: "IT-OPS", Title: "Operations", Parent: "IT"},
		{Code: "IT-DEV", Title: "Development", Parent: "IT"},
	}
}

func newLedger(clock itsm.Clock) *finance.Ledger {
	store := memory.New()
	l, err := finance.NewLedger(finance.Config{
		Charts: memory.For(store, finance.ChartKind()), Periods: memory.For(store, finance.PeriodKind()),
		Entries: memory.For(store, finance.EntryKind()), Saver: store, Policy: itsm.AllowAll, Clock: clock,
	})
	if err != nil {
		panic(err)
	}
	return l
}

func date(y int, m time.Month, d int) calendar.Date { return calendar.Date{Year: y, Month: m, Day: d} }

func euros(text string) money.Amount { return money.Must(money.Parse(text, money.EUR)) }

func dollars(text string) money.Amount { return money.Must(money.Parse(text, money.USD)) }

func cause(n byte) itsm.Ref { return itsm.Ref{Kind: "invoice", ID: itsm.ID{15: n}} }

func show(balances []finance.Balance) {
	for _, b := range balances {
		for _, a := range b.Accounts {
			fmt.Println(a.Account, a.Debit, a.Credit)
		}
		fmt.Println("total", b.TotalDebit, b.TotalCredit)
	}
}

// A licence is invoiced and paid; then the month is closed.
func Example() {
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "mia"})
	l := newLedger(nil)
	chart, err := l.Charts.Open(ctx, finance.Establish{Title: "IT", Currency: money.EUR, Accounts: accounts(), CostCentres: centres()})
	books := chart.Ref(finance.ChartName)
	fmt.Println(chart.Title, chart.State, err)
	november, err := l.Periods.Open(ctx, finance.OpenPeriod{Chart: books, From: date(2026, 11, 1), Until: date(2026, 11, 30)})
	fmt.Println(november.State, err)

	licence := finance.Debit("5100", euros("1200.00"))
	licence.CostCentre = "IT-OPS"
	entry, err := l.Post(ctx, finance.Post{Chart: books, Date: date(2026, 11, 5), Cause: cause(1), Postings: []finance.Posting{
		licence, finance.Credit("2000", euros("1200.00")),
	}})
	fmt.Println(entry.Number, err)
	entry, err = l.Post(ctx, finance.Post{Chart: books, Date: date(2026, 11, 20), Cause: cause(1), Postings: []finance.Posting{
		finance.Debit("2000", euros("1200.00")), finance.Credit("1000", euros("1200.00")),
	}})
	fmt.Println(entry.Number, err)

	balances, err := l.TrialBalance(ctx, books, date(2026, 11, 30), time.Time{})
	show(balances)
	fmt.Println(err)

	_, err = l.Periods.Do(ctx, november.ID, finance.ClosePeriod{})
	fmt.Println(err)
	_, err = l.Post(ctx, finance.Post{Chart: books, Date: date(2026, 11, 30), Cause: cause(2), Postings: []finance.Posting{
		finance.Debit("5000", euros("10.00")), finance.Credit("2000", euros("10.00")),
	}})
	fmt.Println(err)
	// Output:
	// IT active <nil>
	// open <nil>
	// JE0000001 <nil>
	// JE0000002 <nil>
	// 1000 0.00 EUR 1200.00 EUR
	// 2000 0.00 EUR 0.00 EUR
	// 5100 1200.00 EUR 0.00 EUR
	// total 1200.00 EUR 1200.00 EUR
	// <nil>
	// <nil>
	// ledger_entry: post: not allowed: period closed (date 2026-11-30, dates 2026-11-01 to 2026-11-30, period PER0000001, state closed)
}

// An invoice in dollars is booked at the rate of its day and paid at another one: the difference is realised.
func ExampleLedger_Exchange() {
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "mia"})
	l := newLedger(nil)
	chart, _ := l.Charts.Open(ctx, finance.Establish{Title: "IT", Currency: money.EUR, Accounts: accounts(), Clearing: "1900"})
	books := chart.Ref(finance.ChartName)
	l.Periods.Open(ctx, finance.OpenPeriod{Chart: books, From: date(2026, 11, 1), Until: date(2026, 11, 30)})
	rates, _ := money.NewRates(0, quote("1.00", 5), quote("1.25", 20), quote("1.20", 30))

	// What is owed in dollars becomes a cost in euros: payables give 100.00 USD, the cost gets 100.00 EUR.
	booked, err := rates.Convert(dollars("100.00"), money.EUR, day(5), money.HalfUp)
	fmt.Println(booked.To, err)
	_, err = l.Exchange(ctx, "", finance.Exchange{Chart: books, Date: date(2026, 11, 5), From: "2000", To: "5000", Conversion: booked, Cause: cause(1)})
	fmt.Println(err)
	// Three quarters are paid: the bank gives 60.00 EUR, payables get 75.00 USD.
	paid, err := rates.Convert(euros("60.00"), money.USD, day(20), money.HalfUp)
	fmt.Println(paid.To, err)
	halves, err := l.Exchange(ctx, "", finance.Exchange{Chart: books, Date: date(2026, 11, 20), From: "1000", To: "2000", Conversion: paid, Cause: cause(1)})
	fmt.Println(len(halves), err)

	differences, err := finance.Differences(l.EntriesOf(ctx, books, date(2026, 11, 30), time.Time{}), money.EUR, rates, date(2026, 11, 30), money.HalfUp)
	for _, d := range differences {
		fmt.Println("owed", d.Amount, "carried at", d.Carrying, "worth", d.Value)
		fmt.Println("realised", d.Realised, "unrealised", d.Unrealised)
	}
	fmt.Println(err)
	_, err = rates.Convert(dollars("1.00"), money.EUR, day(6), money.HalfUp)
	fmt.Println(err)
	// Output:
	// 100.00 EUR <nil>
	// <nil>
	// 75.00 USD <nil>
	// 2 <nil>
	// owed -25.00 USD carried at -25.00 EUR worth -20.83 EUR
	// realised 15.00 EUR unrealised 4.17 EUR
	// <nil>
	// money: no exchange rate from USD to EUR for 2026-11-06: the latest is of 2026-11-05
}

// quote is how many dollars a euro was worth on a day of November.
func quote(rate string, d int) money.Quote {
	n, err := money.ParseNumber(rate)
	if err != nil {
		panic(err)
	}
	return money.Quote{From: money.EUR, To: money.USD, Rate: n, Date: day(d), Source: "reference rates"}
}

func day(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }

// Costs of an invoice become an entry, and come back out of the ledger along the tree of cost centres.
func ExampleCostLines() {
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "mia"})
	l := newLedger(nil)
	chart, _ := l.Charts.Open(ctx, finance.Establish{Title: "IT", Currency: money.EUR, Accounts: accounts(), CostCentres: centres()})
	books := chart.Ref(finance.ChartName)
	l.Periods.Open(ctx, finance.OpenPeriod{Chart: books, From: date(2026, 11, 1), Until: date(2026, 11, 30)})

	cloud, _ := chart.Account("5000")
	line := finance.CostLine{ID: "a", From: date(2026, 11, 1), Until: date(2026, 11, 30), Amount: euros("80.00"), Cost: cloud.Cost,
		Origin: finance.FromCloud, Account: "5000", CostCentre: "IT-DEV", Cause: cause(7)}
	other := line
	other.ID, other.Amount, other.CostCentre = "b", euros("20.50"), "IT-OPS"
	posts, err := finance.PostCosts([]finance.CostLine{line, other}, "2000", date(2026, 11, 30))
	for i := range posts {
		posts[i].Chart = books
	}
	fmt.Println(len(posts), err)
	_, err = l.PostAll(ctx, "invoice 2026-17", posts...)
	fmt.Println(err)

	entries := l.EntriesOf(ctx, books, date(2026, 11, 30), time.Time{})
	for c, err := range finance.CostLines(&chart, entries) {
		fmt.Println(c.ID, c.Amount, c.Cost.Type, c.Origin, c.CostCentre, err)
	}
	nodes, err := chart.RollUpCosts(money.EUR, finance.CostLines(&chart, entries))
	for _, n := range nodes {
		fmt.Println(n.Depth, n.Code, n.Own, n.Total)
	}
	fmt.Println(err)
	// Output:
	// 1 <nil>
	// <nil>
	// JE0000001/1 80.00 EUR external cloud IT-DEV <nil>
	// JE0000001/2 20.50 EUR external cloud IT-OPS <nil>
	// 0 IT 0.00 EUR 100.50 EUR
	// 1 IT-DEV 80.00 EUR 80.00 EUR
	// 1 IT-OPS 20.50 EUR 20.50 EUR
	// <nil>
}

// A journal of another system is read whole: its numbers are texts, and may be wrong.
func ExampleReadJournal() {
	journal := []finance.Draft{{ID: "A-1", Date: date(2026, 11, 5), Lines: []finance.Line{
		{Account: "5100", Currency: "EUR", Debit: "1200.00"}, {Account: "2000", Currency: "EUR", Credit: "1200.00"},
	}}}
	posts, err := finance.ReadJournal(journal)
	fmt.Println(posts[0].Reference, posts[0].Postings[0].Net(), posts[0].Postings[1].Net(), err)
	journal[0].Lines[1].Credit = "1200.005"
	_, err = finance.ReadJournal(journal)
	fmt.Println(err)
	journal[0].Lines[1].Credit = "1100.00"
	_, err = finance.ReadJournal(journal)
	fmt.Println(err)
	// Output:
	// A-1 1200.00 EUR -1200.00 EUR <nil>
	// finance: entry A-1: invalid: postings[1].credit: too precise (because money: 1200.005 EUR has more decimals than the coin (2), currency EUR, value 1200.005)
	// finance: entry A-1: invalid: postings: unbalanced (credit 1100.00 EUR, debit 1200.00 EUR)
}
