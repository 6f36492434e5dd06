package budget_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/budget"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/money"
)

// What is refused, and the text that says why. Nothing is changed by any of it.
func TestBadInput(t *testing.T) {
	b := newBench(t)
	x := b.approved(year(budget.Plan{Amount: eur("1000.00")}))
	x = b.do(x, budget.Commit{For: order(1), Amount: eur("400.00")}, budget.Spend{Amount: eur("100.00"), Against: order(1)})
	for _, c := range []struct {
		do   itsm.Action[budget.Budget]
		want string
	}{
		{budget.Commit{Amount: eur("1.00")}, "for: required"},
		{budget.Commit{For: order(2)}, "amount: currency (value , want EUR)"},
		{budget.Commit{For: order(2), Amount: eur("0.00")}, "amount: range (value 0.00 EUR, want more than 0)"},
		{budget.Commit{For: order(2), Amount: eur("-5.00")}, "amount: range"},
		{budget.Commit{For: order(2), Amount: money.Must(money.New(5, money.USD))}, "amount: currency (value USD, want EUR)"},
		{budget.Commit{For: order(1), Amount: eur("5.00")}, "for: committed already"},
		{budget.Commit{For: order(2), Amount: eur("600.01")}, "amount: over budget (available 600.00 EUR, budgeted 1000.00 EUR, over 0.01 EUR)"},
		{budget.Recommit{For: order(2), Amount: eur("5.00")}, "for: not committed"},
		{budget.Recommit{For: order(1), Amount: eur("100.00")}, "amount: below spent (spent 100.00 EUR, value 100.00 EUR, want more than was spent, or release)"},
		{budget.Recommit{For: order(1), Amount: eur("1000.01")}, "amount: over budget"},
		{budget.Release{For: order(2)}, "for: not committed"},
		{budget.Spend{}, "amount: currency"},
		{budget.Spend{Amount: eur("0.00")}, "amount: range (value 0.00 EUR, want an amount other than 0)"},
		{budget.Spend{Amount: eur("1.00"), On: date(2025, time.December, 31)}, "on: outside period (from 2026-01-01, until 2026-12-31, value 2025-12-31)"},
		{budget.Spend{Amount: eur("1.00"), Against: order(2)}, "against: not committed"},
		{budget.Spend{Amount: eur("1.00"), Final: true}, "against: required"},
		{budget.Spend{Amount: coins(1<<63 - 1)}, "amount: amount (error money: overflow"},
		{budget.Close{Reason: "done"}, "not allowed: open commitments (committed 300.00 EUR, want release them, or carry them forward)"},
		{budget.Revise{Plan: budget.Plan{Amount: eur("1.00")}}, "reason: required"},
		{budget.Revise{Reason: "less", Plan: budget.Plan{Amount: money.Must(money.New(5, money.USD))}}, "proposal.plan.amount: currency (value USD, want EUR)"},
		{budget.TransferOut{Amount: eur("1.00")}, "not allowed: only in pairs"},
		{budget.CarryIn{Amount: eur("1.00")}, "not allowed: only in pairs"},
		{budget.Assess{}, "not allowed: nothing new"},
		{budget.Edit{Plan: budget.Plan{Amount: eur("1.00")}}, "not allowed in approved"},
	} {
		_, err := b.desk.Do(b.as("ann"), x.ID, c.do)
		require.ErrorContains(t, err, c.want, "%T", c.do)
		require.Equal(t, x, b.get(x))
	}
	period := func(change func(*budget.Draft)) budget.Draft {
		d := year(budget.Plan{Amount: eur("12.00")})
		change(&d)
		return d
	}
	for _, c := range []struct {
		d    budget.Draft
		want string
	}{
		{period(func(d *budget.Draft) { d.Title = " " }), "title: required"},
		{period(func(d *budget.Draft) { d.Account = "" }), "account: required"},
		{period(func(d *budget.Draft) { d.Until = date(2025, 1, 1) }), "until: before from (from 2026-01-01, value 2025-01-01)"},
		{period(func(d *budget.Draft) { d.Until = date(2036, 1, 1) }), "until: range (max 120 months, value 2036-01-01)"},
		{period(func(d *budget.Draft) { d.Plan.Amount = money.Amount{} }), "proposal.plan.amount: required"},
		{period(func(d *budget.Draft) { d.Plan.Amount = eur("-1.00") }), "proposal.plan.amount: range (min 0, value -1.00 EUR)"},
		{period(func(d *budget.Draft) { d.Plan.OnSpend = "cry" }), "proposal.plan.on_spend: choice (allowed stop, warn, ignore, value cry)"},
		{period(func(d *budget.Draft) { d.Plan.Months = []int64{1, 2} }), "proposal.plan.months: length (value 2, want 12)"},
		{period(func(d *budget.Draft) { d.Plan.Months = make([]int64, 12) }), "proposal.plan.months: all zero"},
		{period(func(d *budget.Draft) { d.Plan.Months = make([]int64, 12); d.From = date(2026, 1, 2) }), "proposal.plan.months: whole months"},
		{period(func(d *budget.Draft) { d.Plan.Months = []int64{1, -2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0} }), "proposal.plan.months[1]: range"},
		{period(func(d *budget.Draft) { d.Plan.Thresholds = []budget.Threshold{{Percent: 0, Of: budget.OfUsed}} }), "thresholds[0].percent: range (max 1000, min 1, value 0)"},
		{period(func(d *budget.Draft) {
			d.Plan.Thresholds = []budget.Threshold{{Percent: 1, Of: budget.OfUsed, AfterDays: -1}}
		}), "thresholds[0].after_days: range (min 0, value -1)"},
		{period(func(d *budget.Draft) { d.Plan.Thresholds = []budget.Threshold{{Percent: 10}} }), "thresholds[0].of: required"},
		{period(func(d *budget.Draft) {
			d.Plan.Thresholds = []budget.Threshold{{Percent: 10, Of: budget.OfUsed}, {Percent: 10, Of: budget.OfUsed}}
		}), "thresholds[1]: twice"},
	} {
		_, err := b.desk.Open(b.as("ann"), c.d)
		require.ErrorContains(t, err, c.want)
	}
}

// The edition in force stays until the next one is approved; a submitted one does not change; nobody approves their own.
func TestEditions(t *testing.T) {
	b := newBench(t)
	x := b.approved(year(budget.Plan{Amount: eur("1000.00")}))
	x = b.do(x, budget.Spend{Amount: eur("700.00")}, budget.Revise{Plan: budget.Plan{Amount: eur("500.00")}, Reason: "cuts"}, budget.Submit{})
	require.Equal(t, budget.Resubmitted, x.State)
	require.Equal(t, "300.00 EUR", x.Available.String())
	_, err := b.desk.Do(b.as("ann"), x.ID, budget.Approve{})
	require.ErrorContains(t, err, "submitted by yourself")
	_, err = b.desk.Do(b.as("ann"), x.ID, budget.Edit{Plan: budget.Plan{Amount: eur("2.00")}})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	x = b.do(x, budget.Reject{Reason: "too little"}, budget.Edit{Plan: budget.Plan{Amount: eur("600.00")}}, budget.Submit{})
	b.now = b.now.Add(time.Hour)
	x, err = b.desk.Do(b.as("boss"), x.ID, budget.Approve{})
	require.NoError(t, err)
	require.Equal(t, "-100.00 EUR", x.Available.String())
	require.Nil(t, x.Proposal)
	require.Equal(t, []budget.Edition{
		{Number: 1, Amount: eur("1000.00"), ApprovedBy: "boss", ApprovedAt: b.now.Add(-time.Hour), SupersededAt: b.now},
		{Number: 2, Amount: eur("600.00"), ApprovedBy: "boss", ApprovedAt: b.now},
	}, x.Editions)
	old, err := b.desk.AsOf(b.as("ann"), x.ID, b.now.Add(-time.Minute))
	require.NoError(t, err)
	require.Equal(t, eur("1000.00"), old.Plan.Amount)

	k, err := budget.NewKind(budget.Options{OwnApproval: true})
	require.NoError(t, err)
	require.NoError(t, b.desk.Use(context.Background(), k))
	x = b.do(x, budget.Revise{Plan: budget.Plan{Amount: eur("900.00")}, Reason: "more"}, budget.Abandon{})
	require.Equal(t, 2, x.Edition)
	x = b.do(x, budget.Revise{Plan: budget.Plan{Amount: eur("900.00")}, Reason: "more"}, budget.Submit{}, budget.Withdraw{}, budget.Submit{}, budget.Approve{}, budget.Close{Reason: "over"})
	require.Equal(t, 3, x.Edition)
	require.Equal(t, budget.Closed, x.State)
}

// Costs warn and are noted where the budget is exceeded, unless the plan stops them or does not mind.
func TestReactions(t *testing.T) {
	for _, c := range []struct {
		reaction budget.Reaction
		noted    bool
		refused  bool
	}{{"", true, false}, {budget.Warn, true, false}, {budget.Ignore, false, false}, {budget.Stop, false, true}} {
		b := newBench(t)
		x := b.approved(year(budget.Plan{Amount: eur("10.00"), OnSpend: c.reaction}))
		_, err := b.desk.Do(b.as("ann"), x.ID, budget.Spend{Amount: eur("10.01")})
		require.Equal(t, c.refused, err != nil, "%v", err)
		events := b.events(x)
		last := events[len(events)-1]
		var over bool
		for _, f := range last.Facts {
			if over = over || f.Name == "over"; f.Name == "over" {
				require.JSONEq(t, `{"available":{"amount":"-0.01","currency":"EUR"},"budgeted":{"amount":"10.00","currency":"EUR"}}`, string(f.Value))
			}
		}
		require.Equal(t, c.noted, over)
	}
	b := newBench(t) // a credit note, and a cost below its commitment, are welcome also where there is nothing left
	x := b.approved(year(budget.Plan{Amount: eur("10.00"), OnSpend: budget.Stop, OnCommit: budget.Warn}))
	x = b.do(x, budget.Commit{For: order(1), Amount: eur("15.00")}, budget.Spend{Amount: eur("14.00"), Against: order(1), Final: true}, budget.Spend{Amount: eur("-1.00")})
	require.Equal(t, "-3.00 EUR", x.Available.String())
}

// Partial costs against a commitment take its place; what is left over is released with the last one.
func TestCommitmentBecomesActual(t *testing.T) {
	b := newBench(t)
	x := b.approved(year(budget.Plan{Amount: eur("100.00")}))
	x = b.do(x, budget.Commit{For: order(1), Amount: eur("60.00")}, budget.Spend{Amount: eur("25.00"), Against: order(1)})
	c, ok := x.Commitment(order(1))
	require.True(t, ok)
	require.Equal(t, []string{"60.00 EUR", "25.00 EUR", "35.00 EUR"}, []string{c.Reserved.String(), c.Spent.String(), c.Rest.String()})
	require.Equal(t, []string{"35.00 EUR", "25.00 EUR", "40.00 EUR"}, []string{x.Committed.String(), x.Actual.String(), x.Available.String()})
	found, err := b.desk.Count(b.as("ann"), itsm.Where(budget.ByPurchase.Is(order(1))))
	require.NoError(t, err)
	require.EqualValues(t, 1, found.Total)
	x = b.do(x, budget.Recommit{For: order(1), Amount: eur("70.00")}, budget.Spend{Amount: eur("50.00"), Against: order(1)}) // more than the rest
	_, ok = x.Commitment(order(1))
	require.False(t, ok)
	require.Equal(t, []string{"0.00 EUR", "75.00 EUR", "25.00 EUR"}, []string{x.Committed.String(), x.Actual.String(), x.Available.String()})
	events := b.events(x)
	last := events[len(events)-1]
	require.Equal(t, "spent", last.Facts[0].Name)
	require.Contains(t, string(last.Facts[0].Value), `"freed":{"amount":"45.00","currency":"EUR"}`)
}

func TestCovering(t *testing.T) {
	b := newBench(t)
	mail := itsm.Ref{Kind: "service", ID: itsm.ID{7}}
	d := year(budget.Plan{Amount: eur("1.00")})
	whole := b.approved(d)
	d.Service = mail
	own := b.approved(d)
	draft, err := b.desk.Open(b.as("ann"), d)
	require.NoError(t, err)
	require.Equal(t, budget.InDraft, draft.State)
	for _, c := range []struct {
		account string
		service itsm.Ref
		month   time.Month
		year    int
		want    []budget.Budget
	}{
		{cloud, mail, 5, 2026, []budget.Budget{own}},
		{cloud, itsm.Ref{}, 5, 2026, []budget.Budget{whole}},
		{cloud, itsm.Ref{Kind: "service", ID: itsm.ID{8}}, 5, 2026, []budget.Budget{whole}},
		{cloud, mail, 5, 2027, nil},
		{"6300", mail, 5, 2026, nil},
	} {
		got, err := budget.Covering(b.as("ann"), b.desk, c.account, c.service, date(c.year, c.month, 1))
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
}

// A draft that is given up never was in force.
func TestCancel(t *testing.T) {
	b := newBench(t)
	x, err := b.desk.Open(b.as("ann"), year(budget.Plan{Amount: eur("1.00")}))
	require.NoError(t, err)
	_, err = x.Forecast(x.From)
	require.ErrorContains(t, err, "plan: not in force (state draft)")
	_, err = b.desk.Do(b.as("ann"), x.ID, budget.Cancel{})
	require.ErrorContains(t, err, "reason: required")
	_, err = b.desk.Do(b.as("ann"), x.ID, budget.Spend{Amount: eur("1.00")})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	x = b.do(x, budget.Cancel{Reason: "no money"})
	require.Equal(t, budget.Cancelled, x.State)
	require.Equal(t, "no money", x.ClosedFor)
}

// The machine and the table agree on each pair of state and action.
func TestTableIsTheKinds(t *testing.T) {
	l := budget.Lifecycle()
	require.ElementsMatch(t, l.Actions(), budget.Kind().Actions())
	require.ElementsMatch(t, []lifecycle.State{budget.Closed, budget.Cancelled}, l.Final())
	for _, from := range append(l.States(), "") {
		for _, on := range l.Actions() {
			_, err := l.Fire(from, on, "")
			require.Equal(t, l.Allows(from, on), err == nil)
		}
	}
}
