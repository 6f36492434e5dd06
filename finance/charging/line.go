package charging

import (
	"cmp"
	"fmt"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Period is a range of days, both counted.
type Period struct {
	From  calendar.Date `json:"from"`
	Until calendar.Date `json:"until"`
}

// MonthOf returns the calendar month of a day.
func MonthOf(day calendar.Date) Period {
	return Period{calendar.Date{Year: day.Year, Month: day.Month, Day: 1}, monthEnd(day)}
}

// Has tells whether a day is in the period.
func (p Period) Has(day calendar.Date) bool {
	return day.Compare(p.From) >= 0 && day.Compare(p.Until) <= 0
}

// String returns "2026-03-01 to 2026-03-31".
func (p Period) String() string { return p.From.String() + " to " + p.Until.String() }

// Days returns how many days the period has.
func (p Period) Days() int { return p.From.DaysUntil(p.Until) + 1 }

// clip is the part of the period from a day to another, which may be open.
func (p Period) clip(from, until calendar.Date) Period {
	if from.Compare(p.From) > 0 {
		p.From = from
	}
	if !until.IsZero() && until.Compare(p.Until) < 0 {
		p.Until = until
	}
	return p
}

// Source is what a line is of.
type Source string

// The sources.
const (
	OfUsage        Source = "usage"
	OfSubscription Source = "subscription"
	OfCommitment   Source = "commitment" // what is missing to a minimum
	OfCredit       Source = "credit"     // what is given back without being billed again, see package invoice
)

// Choices returns the sources for a pick box.
func (Source) Choices() []string {
	return []string{string(OfUsage), string(OfSubscription), string(OfCommitment), string(OfCredit)}
}

// Line is what a customer is charged for an item in a period. A line that somebody writes by hand, on an invoice, has a customer
// and an amount only.
type Line struct {
	Customer string       `json:"customer"`
	Item     string       `json:"item,omitempty"`
	Of       Source       `json:"of,omitempty"`
	Period   Period       `json:"period,omitzero"`   // the days of the billing period on which the price holds
	Quantity money.Number `json:"quantity,omitzero"` // of a subscription: what is subscribed to
	Amount   money.Amount `json:"amount"`            // net
	Tax      money.Number `json:"tax,omitzero"`
	Records  int          `json:"records,omitempty"` // how many usage records or subscriptions
}

// Covers tells whether a usage record is one of those that the line charges.
func (l *Line) Covers(u Usage) bool {
	return l.Of == OfUsage && l.Customer == u.Customer && l.Item == u.Item && l.Period.Has(u.On)
}

func (l *Line) name() string {
	return fmt.Sprintf("customer %q, item %q, %s", clip(l.Customer), clip(l.Item), l.Period)
}

func compareLines(a, b Line) int {
	return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Item, b.Item), cmp.Compare(a.Of, b.Of),
		a.Period.From.Compare(b.Period.From), a.Period.Until.Compare(b.Period.Until), a.Tax.Cmp(b.Tax))
}

// add adds what another line charges.
func (l *Line) add(other Line) error {
	quantity, err := l.Quantity.Add(other.Quantity)
	if err != nil {
		return at(err, "the quantity of %s", l.name())
	}
	amount, err := l.Amount.Add(other.Amount)
	if err != nil {
		return at(err, "the amount of %s", l.name())
	}
	l.Quantity, l.Amount, l.Records = quantity, amount, l.Records+other.Records
	return nil
}
