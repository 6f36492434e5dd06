package main

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

// The accounts that the program names.
const (
	receivables  = "1100"
	equipment    = "1400"
	writtenOff   = "1490" // what of the equipment was depreciated
	payables     = "2000"
	salariesOwed = "2100"
	capital      = "3000"
	charged      = "4000" // to the customers
	costs        = "6"
	maintenance  = "6000"
	software     = "6100"
	cloud        = "6200"
	salaries     = "6300"
	rent         = "6400"
	external     = "6500"
	depreciated  = "6600"
)

func accounts() []finance.Account {
	account := func(code, title string, class finance.Class) finance.Account {
		return finance.Account{Code: code, Title: title, Class: class}
	}
	cost := func(code, title string, t finance.CostType, a finance.Assignment, b finance.Behaviour) finance.Account {
		return finance.Account{Code: code, Title: title, Class: finance.Expense, Parent: costs,
			Cost: finance.Cost{Type: t, Treatment: finance.Operating, Assignment: a, Behaviour: b}}
	}
	bought := account(equipment, "Equipment", finance.Asset) // what lasts is a cost too, but none of the year
	bought.Cost = finance.Cost{Type: finance.Hardware, Treatment: finance.Capital, Assignment: finance.Indirect, Behaviour: finance.Fixed}
	heading := account(costs, "Costs of IT", finance.Expense)
	heading.Heading = true
	return []finance.Account{
		account(receivables, "Receivables from customers", finance.Asset), bought,
		account(writtenOff, "Accumulated depreciation", finance.Asset), account(payables, "Payables to suppliers", finance.Liability),
		account(salariesOwed, "Salaries owed", finance.Liability), account(capital, "Capital of the department", finance.Equity),
		account(charged, "Charged to customers", finance.Income), heading,
		cost(maintenance, "Maintenance of hardware", finance.Hardware, finance.Indirect, finance.Fixed),
		cost(software, "Software", finance.Software, finance.Direct, finance.Fixed),
		cost(cloud, "Cloud", finance.External, finance.Direct, finance.Variable),
		cost(salaries, "Salaries", finance.People, finance.Indirect, finance.Fixed),
		cost(rent, "Premises and power", finance.Premises, finance.Indirect, finance.Fixed),
		cost(external, "External services", finance.External, finance.Indirect, finance.Variable),
		cost(depreciated, "Depreciation", finance.Hardware, finance.Indirect, finance.Fixed),
	}
}

// openBooks opens a ledger with a chart of accounts: each pool of costs is a cost centre, and so is each service.
func (y *year) openBooks(ctx context.Context) error {
	var err error
	y.ledger, err = finance.NewLedger(finance.Config{
		Charts: memory.For(y.store, finance.ChartKind()), Periods: memory.For(y.store, finance.PeriodKind()),
		Entries: memory.For(y.store, finance.EntryKind()), Saver: y.store, Policy: y.policy, Clock: y.clock, NewID: y.newID,
	})
	if err != nil {
		return err
	}
	centres := []finance.CostCentre{{Code: "C", Title: "Information technology", Heading: true}}
	for _, p := range pools {
		centres = append(centres, finance.CostCentre{Code: p.centre, Title: p.name, Parent: "C"})
	}
	y.chart, err = y.ledger.Charts.Open(ctx, finance.Establish{Title: "IT department", Currency: money.EUR, Accounts: accounts(), CostCentres: centres})
	y.books = y.chart.Ref(finance.ChartName)
	return err
}

// openMonth opens the accounting period of a month, which follows the one before.
func (y *year) openMonth(ctx context.Context, until calendar.Date) (err error) {
	y.month, err = y.ledger.Periods.Open(ctx, finance.OpenPeriod{
		Chart: y.books, From: calendar.Date{Year: until.Year, Month: until.Month, Day: 1}, Until: until})
	return err
}

func (y *year) closeMonth(ctx context.Context) error {
	_, err := y.ledger.Periods.Do(ctx, y.month.ID, finance.ClosePeriod{})
	return err
}

// post books the cost lines of a document on a day: their accounts against a contra account.
func (y *year) post(ctx context.Context, document string, on calendar.Date, contra string, lines ...finance.CostLine) error {
	posts, err := finance.PostCosts(lines, contra, on)
	if err != nil {
		return fmt.Errorf("%s: %w", document, err)
	}
	for i := range posts {
		posts[i].Chart, posts[i].Reference = y.books, document
	}
	y.now = midnight(on).Add(9 * time.Hour)
	if _, err = y.ledger.PostAll(ctx, document+" "+on.String(), posts...); err != nil {
		return fmt.Errorf("%s: %w", document, err)
	}
	return nil
}

// line is a cost line of a whole month on an account of the chart.
func (y *year) line(account string, m time.Month, amount money.Amount) finance.CostLine {
	a, _ := y.chart.Account(account)
	return finance.CostLine{From: date(m, 1), Until: monthEnd(m), Amount: amount, Account: account, Cost: a.Cost}
}
