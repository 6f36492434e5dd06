package main

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/finance/charging/invoice"
	"github.com/itsmkit/itsm/finance/focus"
	"github.com/itsmkit/itsm/money"
)

// Check is a figure that two parts of the accounting come to on ways of their own.
type Check struct {
	What   string       `json:"what"`
	Amount money.Amount `json:"amount"`
}

// checks compares what must be the same. The first difference is the error: a report whose figures do not agree is none.
func (y *year) checks(ctx context.Context) ([]Check, error) {
	var out []Check
	same := func(what string, a, b money.Amount, err error) error {
		if err != nil {
			return err
		}
		if a != b {
			return fmt.Errorf("%s: %s is not %s", what, a, b)
		}
		out = append(out, Check{what, a})
		return nil
	}
	now, roots, err := y.balance(ctx, lateDay)
	if err != nil {
		return nil, err
	}
	debit, err := sum(now.Accounts, func(a finance.AccountBalance) money.Amount { return a.Debit })
	if err != nil {
		return nil, err
	}
	credit, err := sum(now.Accounts, func(a finance.AccountBalance) money.Amount { return a.Credit })
	if err := same("Debits of the trial balance are its credits", debit, credit, err); err != nil {
		return nil, err
	}
	all, err := sum(y.lines, func(l finance.CostLine) money.Amount { return l.Amount })
	if err := same("Costs in the ledger are the lines that were allocated", roots[costs], all, err); err != nil {
		return nil, err
	}
	billed, idle, err := ends(y.result)
	if err != nil {
		return nil, err
	}
	income, err := now.Of(charged)
	if err := same("Charged in the ledger is what was allocated to customers", income.Neg(), billed, err); err != nil {
		return nil, err
	}
	owed, err := now.Of(receivables)
	if err != nil {
		return nil, err
	}
	balances, of := make([]money.Amount, len(y.invoices)), map[string]money.Amount{}
	for i, v := range y.invoices {
		if balances[i] = v.Balance; v.Content.Type == invoice.CreditNote {
			balances[i] = v.Balance.Neg()
		}
		if want := fmt.Sprintf("INV%07d", i+1); v.Number != want {
			return nil, fmt.Errorf("invoice %d of the year is %s, not %s", i+1, v.Number, want)
		}
		if before, ok := of[v.Content.Customer]; !ok {
			of[v.Content.Customer] = balances[i]
		} else if of[v.Content.Customer], err = before.Add(balances[i]); err != nil {
			return nil, err
		}
	}
	for customer, bears := range y.result.Bills() {
		if of[customer] != bears {
			return nil, fmt.Errorf("%s was billed %s, and bears %s", customer, of[customer], bears)
		}
	}
	bills, err := money.Sum(money.EUR, balances)
	if err := same("Owed in the ledger is what invoices ask for, without gaps", owed, bills, err); err != nil {
		return nil, err
	}
	both, err := bills.Add(idle)
	if err := same("Bills and idle costs are the costs of the year", both, all, err); err != nil {
		return nil, err
	}
	cloudTotal, err := sum(y.cloud, func(b focus.Bill) money.Amount { return b.Total })
	if err != nil {
		return nil, err
	}
	booked, err := now.Of(cloud)
	if err := same("The provider's bills are the cost of the cloud", cloudTotal, booked, err); err != nil {
		return nil, err
	}
	for i, p := range plans {
		actual, err := now.Of(p.account)
		if err == nil && actual != y.planned[i].Actual {
			err = fmt.Errorf("the budget of account %s has seen %s of %s", p.account, y.planned[i].Actual, actual)
		}
		if err != nil {
			return nil, err
		}
	}
	if y.refused == nil {
		return nil, fmt.Errorf("the closed month took an entry")
	}
	traced, err := y.traced()
	return append(out, Check{"Traced from each line to all bills, and back", traced}), err
}

// balance returns the trial balance up to a date, and its accounts with all below them.
func (y *year) balance(ctx context.Context, on calendar.Date) (finance.Balance, map[string]money.Amount, error) {
	balances, err := y.ledger.TrialBalance(ctx, y.books, on, time.Time{})
	if err != nil {
		return finance.Balance{}, nil, err
	}
	nodes, err := y.chart.RollUp(balances[0])
	totals := make(map[string]money.Amount, len(nodes))
	for _, n := range nodes {
		totals[n.Code] = n.Total
	}
	return balances[0], totals, err
}

// ends adds up what is billed and what is not.
func ends(r *allocation.Result) (billed, idle money.Amount, err error) {
	billed, idle = eur(0), eur(0)
	for end, amount := range r.Ends() {
		into := &idle
		if end.Kind == allocation.Bill {
			into = &billed
		}
		if *into, err = into.Add(amount); err != nil {
			return billed, idle, err
		}
	}
	return billed, idle, nil
}

// traced follows every end back to its lines, and compares exactly: the shares of an end are the end, and those of a line
// are the line. It returns the sum of all of them.
func (y *year) traced() (money.Amount, error) {
	ofLine, all := map[string]*big.Rat{}, new(big.Rat)
	for end, amount := range y.result.Ends() {
		shares, err := y.result.TraceEnd(end)
		if err != nil {
			return money.Amount{}, err
		}
		of := new(big.Rat)
		for s := range shares {
			part := s.Amount()
			of.Add(of, part)
			if ofLine[s.Line.ID] == nil {
				ofLine[s.Line.ID] = new(big.Rat)
			}
			ofLine[s.Line.ID].Add(ofLine[s.Line.ID], part)
		}
		if of.Cmp(amount.Rat()) != 0 {
			return money.Amount{}, fmt.Errorf("the lines of %s are %s, not %s", end, of.FloatString(6), amount)
		}
		all.Add(all, of)
	}
	for _, l := range y.lines {
		if got := ofLine[l.ID]; got == nil || got.Cmp(l.Amount.Rat()) != 0 {
			return money.Amount{}, fmt.Errorf("the ends of line %s are %v, not %s", l.ID, got, l.Amount)
		}
	}
	return money.RoundRat(all, money.EUR, money.HalfUp)
}

func sum[T any](list []T, of func(T) money.Amount) (money.Amount, error) {
	amounts := make([]money.Amount, len(list))
	for i, x := range list {
		amounts[i] = of(x)
	}
	return money.Sum(money.EUR, amounts)
}
