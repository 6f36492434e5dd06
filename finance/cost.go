package finance

import (
	"iter"
	"strconv"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// CostLine is an amount that was spent, with all that accounting for IT asks of it: what for, by whom, and why. It is data:
// an invoice, a contract, a payroll, a schedule of depreciation or a cloud bill gives lines, and so do the postings of a
// ledger.
type CostLine struct {
	ID         string        `json:"id"`    // unique among the lines it is used with: "JE0000042/1"
	From       calendar.Date `json:"from"`  // when what was paid for was used
	Until      calendar.Date `json:"until"` // included
	Amount     money.Amount  `json:"amount"`
	Cost       Cost          `json:"cost"`
	Origin     Origin        `json:"origin"`
	Account    string        `json:"account,omitempty"`
	CostCentre string        `json:"cost_centre,omitempty"`
	Service    itsm.Ref      `json:"service,omitzero"`
	Cause      itsm.Ref      `json:"cause,omitzero"` // the invoice, contract, asset …
	Text       string        `json:"text,omitempty"`
}

// Check returns an itsm.ValidationError with all that a line lacks, or nil. Negative amounts are credits.
func (l CostLine) Check() error {
	var wrong problems
	want := func(ok bool, path, code string, params ...string) {
		if !ok {
			wrong.fail(path, code, params...)
		}
	}
	want(l.ID != "", "id", "required")
	want(!l.Amount.IsZero(), "amount", "required")
	want(!l.From.IsZero(), "from", "required")
	want(!l.Until.IsZero(), "until", "required")
	want(l.From.Compare(l.Until) <= 0, "until", "before_from", "from", l.From.String(), "until", l.Until.String())
	choice(&wrong, "cost.type", string(l.Cost.Type), l.Cost.Type.Choices())
	choice(&wrong, "cost.treatment", string(l.Cost.Treatment), l.Cost.Treatment.Choices())
	choice(&wrong, "cost.assignment", string(l.Cost.Assignment), l.Cost.Assignment.Choices())
	choice(&wrong, "cost.behaviour", string(l.Cost.Behaviour), l.Cost.Behaviour.Choices())
	choice(&wrong, "origin", string(l.Origin), l.Origin.Choices())
	return wrong.err()
}

// CostLines runs over the costs in entries: a line for each posting to an account of the chart that has a cost. What is on
// the credit is negative, so that a reversal takes its costs back. The ID of a line is the number of its entry with the place
// of the posting behind it; what the booked line was called is the Line of that posting. A posting to an account that the chart does not have is
// an error.
func CostLines(chart *Chart, entries iter.Seq2[Entry, error]) iter.Seq2[CostLine, error] {
	accounts := make(map[string]Cost, len(chart.Accounts))
	for _, a := range chart.Accounts {
		accounts[a.Code] = a.Cost
	}
	return func(yield func(CostLine, error) bool) {
		for e, err := range entries {
			if err != nil {
				yield(CostLine{}, err)
				return
			}
			for i, p := range e.Postings {
				cost, known := accounts[p.Account]
				if !known {
					yield(CostLine{}, &EntryError{e.name(), itsm.Invalid(place(i)+".account", "unknown_account", "value", clip(p.Account))})
					return
				}
				if cost != (Cost{}) && !yield(e.costLine(i, cost), nil) {
					return
				}
			}
		}
	}
}

func (e *Entry) costLine(i int, cost Cost) CostLine {
	p := &e.Postings[i]
	l := CostLine{
		ID: e.name() + "/" + strconv.Itoa(i+1), From: p.From, Until: p.Until, Amount: p.Net(), Cost: cost, Origin: e.Origin,
		Account: p.Account, CostCentre: p.CostCentre, Service: p.Service, Cause: p.Cause, Text: p.Text,
	}
	if l.From.IsZero() {
		l.From, l.Until = e.Date, e.Date
	}
	if l.Origin == "" {
		l.Origin = FromElsewhere
	}
	if l.Text == "" {
		l.Text = e.Text
	}
	return l
}

// RollUpCosts sums cost lines of one currency up the tree of cost centres: each before those below it. A line without a
// cost centre, or with one that the chart does not have, is an error, and so is one in another currency.
func (c *Chart) RollUpCosts(currency money.Currency, lines iter.Seq2[CostLine, error]) ([]Node, error) {
	own := map[string]*sum{}
	for l, err := range lines {
		switch {
		case err != nil:
			return nil, err
		case l.CostCentre == "":
			return nil, itsm.Invalid("cost_centre", "required", "line", l.ID)
		case l.Amount.Currency() != currency:
			return nil, itsm.Invalid("amount", "mixed_currency", "line", l.ID, "currency", string(l.Amount.Currency()), "want", string(currency))
		}
		s := own[l.CostCentre]
		if s == nil {
			s = new(sum)
			own[l.CostCentre] = s
		}
		s.add(l.Amount.Coins())
	}
	return c.centreTree().rollUp(currency, own)
}
