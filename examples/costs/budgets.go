package main

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/finance/budget"
	"github.com/itsmkit/itsm/store/memory"
)

// plans are the budgets of the year, one for each account of costs. Salaries are paid twice in November.
var plans = []plan{ // never written to
	{account: maintenance, amount: 125_000},
	{account: software, amount: 1_500_000},
	{account: cloud, amount: 132_000},
	{account: salaries, amount: 3_640_000, months: []int64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1}},
	{account: rent, amount: 610_000},
	{account: external, amount: 735_000},
	{account: depreciated, amount: 842_000},
}

type plan struct {
	account string
	amount  int64
	months  []int64 // weights
}

// alert is a threshold that a budget reached.
type alert struct {
	budget string // its title
	budget.Alert
}

// openBudgets drafts the budgets, and the director approves them: nobody approves what they submitted.
func (y *year) openBudgets(ctx context.Context) (err error) {
	kind := budget.Kind()
	y.budgets, err = itsm.NewDesk(kind, itsm.Config[budget.Budget]{
		Repository: memory.For(y.store, kind), Policy: y.policy, Facts: budget.Facts, Clock: y.clock, NewID: y.newID})
	if err != nil {
		return err
	}
	director := itsm.WithActor(ctx, itsm.Actor{ID: "theo"})
	for _, p := range plans {
		account, _ := y.chart.Account(p.account)
		b, err := y.budgets.Open(ctx, budget.Draft{Title: account.Title, Account: p.account, From: date(time.January, 1), Until: lastDay,
			Plan: budget.Plan{Amount: eur(p.amount), Months: p.months, Thresholds: []budget.Threshold{
				{Percent: 102, Of: budget.OfForecast, AfterDays: 90}, {Percent: 100, Of: budget.OfActual},
			}}})
		if err != nil {
			return err
		}
		if _, err = y.budgets.Do(ctx, b.ID, budget.Submit{}); err != nil {
			return err
		}
		if b, err = y.budgets.Do(director, b.ID, budget.Approve{}); err != nil {
			return err
		}
		y.planned = append(y.planned, b)
	}
	return nil
}

// spend adds to each budget what its account shows more at the end of a month, and hears of the alerts that this raises.
func (y *year) spend(ctx context.Context, m time.Month) error {
	balances, err := y.ledger.TrialBalance(ctx, y.books, monthEnd(m), time.Time{})
	if err != nil {
		return err
	}
	y.now = midnight(monthEnd(m)).Add(17 * time.Hour)
	for i, p := range plans {
		shown, err := balances[0].Of(p.account)
		if err != nil {
			return err
		}
		more, err := shown.Sub(y.planned[i].Actual)
		if err != nil {
			return err
		}
		key := itsm.IdempotencyKey(fmt.Sprintf("%s/%04d-%02d", p.account, theYear, m))
		if y.planned[i], err = y.budgets.Do(ctx, y.planned[i].ID, budget.Spend{Amount: more, For: y.month.Ref(finance.PeriodName)}, key); err != nil {
			return err
		}
	}
	titles := map[itsm.ID]string{}
	for _, b := range y.planned {
		titles[b.ID] = b.Title
	}
	return itsm.NewRelay(y.store).Run(itsm.System(ctx, ""), budget.Alarm{Raise: func(_ context.Context, e itsm.Event, a budget.Alert) error {
		y.alerts = append(y.alerts, alert{titles[e.Subject.ID], a})
		return nil
	}})
}
