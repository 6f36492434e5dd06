package main

import (
	"context"
	"slices"
	"time"

	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/finance/budget"
	"github.com/itsmkit/itsm/money"
)

// Report is the figures of a year.
type Report struct {
	Year      int          `json:"year"`
	Seed      uint64       `json:"seed"`
	Incidents int          `json:"incidents"`
	Sources   []Source     `json:"sources"`
	Pools     []Pool       `json:"pools"`
	Services  []Unit       `json:"services"`
	Planned   Planned      `json:"planned"`
	Customers []Unit       `json:"customers"`
	Bills     []Bill       `json:"bills"`
	Late      Late         `json:"late"`
	Forward   Trace        `json:"forward"`
	Backward  Trace        `json:"backward"`
	Budgets   []Budget     `json:"budgets"`
	Alerts    []Alert      `json:"alerts"`
	Balance   []Row        `json:"trial_balance"`
	Debit     money.Amount `json:"total_debit"`
	Credit    money.Amount `json:"total_credit"`
	Checks    []Check      `json:"checks"`
}

// Source is where costs come from.
type Source struct {
	Origin finance.Origin `json:"origin"`
	Lines  int            `json:"lines"`
	Amount money.Amount   `json:"amount"`
}

// Pool is what a pool costs by itself, with what it uses of other pools, and what nobody uses of it.
type Pool struct {
	Name   string       `json:"name"`
	Driver string       `json:"driver"`
	Own    money.Amount `json:"own"`
	Gross  money.Amount `json:"gross"`
	Idle   money.Amount `json:"idle"`

	IdlePercent string `json:"idle_percent"` // of gross, rounded to one decimal
}

// Unit is the cost of a unit: of a service by what it is counted in, of a customer by its workplaces.
type Unit struct {
	Name      string       `json:"name"`
	Unit      string       `json:"unit"`
	Units     money.Number `json:"units"`
	Cost      money.Amount `json:"cost"` // without what is idle
	Idle      money.Amount `json:"idle"`
	Each      money.Amount `json:"each"`
	Incidents int          `json:"incidents"`
}

// Planned is what the files that were used would cost at the planned price.
type Planned struct {
	Price  money.Price  `json:"price"`
	Amount money.Amount `json:"amount"`
}

// Bill is an invoice or credit note with what it charges of each service.
type Bill struct {
	Number   string                  `json:"number"`
	Customer string                  `json:"customer"`
	Type     string                  `json:"type"`
	On       time.Time               `json:"on"`
	Lines    map[string]money.Amount `json:"lines"`
	Total    money.Amount            `json:"total"`
}

// Late is usage that came when its month was closed.
type Late struct {
	Record   string       `json:"record"`
	Quantity money.Number `json:"quantity"`
	Customer string       `json:"customer"`
	Refused  string       `json:"refused"` // what the ledger says to an entry of that month
	Idle     money.Amount `json:"idle"`    // of files, before
	IdleNow  money.Amount `json:"idle_now"`
}

// Trace is where a cost line went, or what a bill is made of.
type Trace struct {
	Of     string       `json:"of"`
	Text   string       `json:"text"`
	Amount money.Amount `json:"amount"`
	Shares []Share      `json:"shares"`
	Groups []Group      `json:"groups,omitempty"` // what a bill is made of, by what was bought; the largest first
}

// Share is a part of a trace.
type Share struct {
	Line     string `json:"line"`
	End      string `json:"end"`
	Fraction string `json:"fraction"` // of the line, exactly
	Percent  string `json:"percent"`  // the same, rounded to four decimals
	Amount   string `json:"amount"`   // rounded to four decimals
}

// Group is the shares of lines of one kind in a bill.
type Group struct {
	Text    string `json:"text"`
	Lines   int    `json:"lines"`
	Percent string `json:"percent"` // of the bill, rounded to two decimals
	Amount  string `json:"amount"`  // rounded to four decimals
}

// Budget is a budget against what was spent.
type Budget struct {
	Title string `json:"title"`
	budget.Variance
}

// Alert is a threshold that was reached.
type Alert struct {
	Budget string `json:"budget"`
	budget.Alert
}

// Row is an account of the trial balance.
type Row struct {
	Title string `json:"title"`
	finance.AccountBalance
}

// report checks the year and puts its figures together.
func (y *year) report(ctx context.Context) (*Report, error) {
	r := &Report{Year: theYear, Seed: y.options.seed, Incidents: len(y.incidents)}
	var err error
	if r.Checks, err = y.checks(ctx); err != nil {
		return nil, err
	}
	for _, fill := range []func(context.Context, *Report) error{y.sources, y.poolCosts, y.unitCosts, y.billed, y.traces, y.compared} {
		if err := fill(ctx, r); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (y *year) sources(_ context.Context, r *Report) error {
	for _, origin := range finance.Origin("").Choices() {
		s := Source{Origin: finance.Origin(origin), Amount: eur(0)}
		for _, l := range y.lines {
			if l.Origin == s.Origin {
				var err error
				if s.Amount, err = s.Amount.Add(l.Amount); err != nil {
					return err
				}
				s.Lines++
			}
		}
		if s.Lines > 0 {
			r.Sources = append(r.Sources, s)
		}
	}
	return nil
}

func (y *year) billed(_ context.Context, r *Report) error {
	for _, i := range y.invoices {
		b := Bill{Number: i.Number, Customer: i.Content.Customer, Type: string(i.Content.Type), On: i.IssuedAt, Lines: map[string]money.Amount{}, Total: i.Totals.Gross}
		for _, l := range i.Content.Lines {
			b.Lines[l.Charge.Item] = l.Charge.Amount
		}
		r.Bills = append(r.Bills, b)
	}
	u := lateUsage()
	r.Late = Late{Record: u.ID, Quantity: u.Quantity, Customer: u.Customer, Refused: y.refused.Error(), Idle: idle(y.before, u.Item), IdleNow: idle(y.result, u.Item)}
	return nil
}

func (y *year) compared(ctx context.Context, r *Report) error {
	for i := range y.planned {
		v, err := y.planned[i].Variance(lastDay)
		if err != nil {
			return err
		}
		r.Budgets = append(r.Budgets, Budget{y.planned[i].Title, v})
	}
	for _, a := range y.alerts {
		r.Alerts = append(r.Alerts, Alert{a.budget, a.Alert})
	}
	slices.SortStableFunc(r.Alerts, func(a, b Alert) int { return a.At.Compare(b.At) })
	balance, _, err := y.balance(ctx, lateDay)
	r.Debit, r.Credit = balance.TotalDebit, balance.TotalCredit
	for _, a := range balance.Accounts {
		account, _ := y.chart.Account(a.Account)
		r.Balance = append(r.Balance, Row{account.Title, a})
	}
	return err
}
