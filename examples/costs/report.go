package main

import (
	"context"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/finance/budget"
	"github.com/itsmkit/itsm/money"
)

// Report is the figures of a year.
type Report struct {
	Year      int      `json:"year"`
	Seed      uint64   `json:"seed"`
	Incidents int      `json:"incidents"`
	Sources   []Source `json:"sources"`
	Pools     []Pool   `json:"pools"`
	Services  []Unit   `json:"services"`
	Customers []Unit   `json:"customers"`
	Bills     []Bill   `json:"bills"`
	Late      Late     `json:"late"`
	Forward   Trace    `json:"forward"`
	Backward  Trace    `json:"backward"`
	Budgets   []Budget `json:"budgets"`
	Alerts    []Alert  `json:"alerts"`
	Balance   []Row    `json:"trial_balance"`
	Checks    []Check  `json:"checks"`
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
	Parts  int          `json:"parts"`
	Shares []Share      `json:"shares"` // the largest ones
}

// Share is a part of a trace.
type Share struct {
	Name    string `json:"name"`
	Text    string `json:"text,omitempty"`
	Percent string `json:"percent"` // of the line
	Amount  string `json:"amount"`
}

// Budget is a budget against what was spent.
type Budget struct {
	Title string `json:"title"`
	budget.Variance
}

// Alert is a threshold that was reached.
type Alert struct {
	Budget string    `json:"budget"`
	At     time.Time `json:"at"`
	Text   string    `json:"text"`
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

// idle returns the cost of what nobody uses of a member.
func idle(r *allocation.Result, member string) money.Amount {
	for end, amount := range r.Ends() {
		if end.Kind == allocation.Idle && end.Name == member {
			return amount
		}
	}
	return eur(0)
}

func (y *year) poolCosts(_ context.Context, r *Report) error {
	gross, err := y.gross()
	if err != nil {
		return err
	}
	for i, p := range pools {
		own, _ := y.result.Balance(p.name)
		all, err := money.RoundRat(new(big.Rat).Quo(gross[i].Gross, big.NewRat(100, 1)), money.EUR, money.HalfUp)
		if err != nil {
			return err
		}
		r.Pools = append(r.Pools, Pool{p.name, p.gives, own, all, idle(y.result, p.name)})
	}
	return nil
}

// unitCosts divides what services and customers cost by how many units they have. Idle costs are not the price of what is
// used.
func (y *year) unitCosts(_ context.Context, r *Report) error {
	bySite, byService := map[string]int{}, map[string]int{}
	for _, c := range y.incidents {
		byService[disturbed[c.Service]]++
		bySite[c.Location]++
	}
	add := func(list *[]Unit, u Unit) (err error) {
		u.Each, err = u.Cost.Over(u.Units, money.HalfUp)
		*list = append(*list, u)
		return err
	}
	for _, s := range services {
		u := Unit{Name: s.name, Unit: s.unit, Idle: idle(y.result, s.name), Incidents: byService[s.name]}
		all, _ := y.result.Balance(s.name)
		var err error
		if u.Cost, err = all.Sub(u.Idle); err != nil {
			return err
		}
		for _, c := range customers {
			if u.Units, err = u.Units.Add(y.units(s.unit+" of "+s.name, c.name)); err != nil {
				return err
			}
		}
		if err := add(&r.Services, u); err != nil {
			return err
		}
	}
	handled := Unit{Name: "An incident", Unit: "incident", Units: money.Int(int32(len(y.incidents))), Incidents: len(y.incidents), Idle: eur(0),
		Cost: r.Pools[slices.IndexFunc(r.Pools, func(p Pool) bool { return p.Name == desk })].Gross}
	if err := add(&r.Services, handled); err != nil {
		return err
	}
	for _, c := range customers {
		u := Unit{Name: c.name, Unit: "seat", Units: money.Int(c.seats), Idle: eur(0)}
		u.Cost, _ = y.result.Balance(c.name)
		for _, site := range c.sites {
			u.Incidents += bySite[site]
		}
		if err := add(&r.Customers, u); err != nil {
			return err
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
		r.Alerts = append(r.Alerts, Alert{a.account, a.At, a.Alert.String()})
	}
	slices.SortStableFunc(r.Alerts, func(a, b Alert) int { return a.At.Compare(b.At) })
	balance, _, err := y.balance(ctx, lateDay)
	for _, a := range balance.Accounts {
		account, _ := y.chart.Account(a.Account)
		r.Balance = append(r.Balance, Row{strings.TrimSpace(account.Title), a})
	}
	return err
}
