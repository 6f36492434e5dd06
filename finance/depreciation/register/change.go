package register

import (
	"errors"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/money"
)

// Revalue gives a book another value from a day on, higher or lower. The charges to come share the new value less salvage
// in their old proportions; what was charged stays.
type Revalue struct {
	Book   string        `json:"book"`
	On     calendar.Date `json:"on"`
	Value  money.Amount  `json:"value"`
	Reason string        `json:"reason"`
}

// Name returns "revalue".
func (Revalue) Name() string { return "revalue" }

// Apply changes the value.
func (x Revalue) Apply(a *Asset, m itsm.Moment) error {
	return a.adjust(Movement{Book: x.Book, On: x.On, Cause: Revaluation, Reason: x.Reason}, x.Value, m)
}

// Impair writes a book down to what can be recovered, from a day on. The charges to come share what is left, as with
// [Revalue]; a salvage above the value falls to it.
type Impair struct {
	Book   string        `json:"book"`
	On     calendar.Date `json:"on"`
	Value  money.Amount  `json:"value"`
	Reason string        `json:"reason"`
}

// Name returns "impair".
func (Impair) Name() string { return "impair" }

// Apply changes the value.
func (x Impair) Apply(a *Asset, m itsm.Moment) error {
	return a.adjust(Movement{Book: x.Book, On: x.On, Cause: Impairment, Reason: x.Reason}, x.Value, m)
}

// adjust gives a book another value.
func (a *Asset) adjust(v Movement, value money.Amount, m itsm.Moment) error {
	if strings.TrimSpace(v.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	var out Entry
	s, err := a.open(v.Book, v.On, &out)
	if err != nil {
		return err
	}
	if err := checkAmount("value", value, s.book); err != nil {
		return err
	}
	change := total{amount: value}
	change.sub(s.at.Value)
	if v.Cause == Impairment && change.amount.Sign() >= 0 {
		return itsm.Invalid("value", "not_below", "value", value.String(), "below", s.at.Value.String())
	}
	gross := total{amount: s.at.Cost} // what cost and adjustments come to has to fit too
	gross.add(s.at.Adjusted)
	gross.add(change.amount)
	if err := invalid("value", change.err, gross.err); err != nil {
		return err
	}
	v.Adjusted = change.amount
	if err := s.worth(value); err != nil {
		return err
	}
	if err := s.move(v); err != nil {
		return err
	}
	s.put()
	return out.record(m)
}

// worth lets the charges ahead write off a value down to the salvage, which is no more than the value.
func (s *schedule) worth(value money.Amount) error {
	p := &s.book.Plan
	if below, err := value.Cmp(p.Salvage); err != nil {
		return invalid("value", err)
	} else if below < 0 {
		p.Salvage = value
	}
	rest, err := value.Sub(p.Salvage)
	if err != nil {
		return invalid("value", err)
	}
	if p.Method == depreciation.UnitsOfUse {
		return s.unitsFrom(value, rest)
	}
	return s.spread(rest, "on")
}

// unitsFrom counts units from now on: of those that are left, which bear what is left of the value.
func (s *schedule) unitsFrom(value, rest money.Amount) error {
	b := s.book
	left, err := b.Plan.TotalUnits.Sub(b.Used)
	if err != nil {
		return invalid("book", err)
	}
	if left.Sign() <= 0 && rest.Sign() > 0 {
		return itsm.Invalid("on", "no_life_left", "book", b.Name, "rest", rest.String(), "want", "terms with a life from then on: revise")
	}
	if left.Sign() < 0 {
		left = money.Number{}
	}
	b.Plan.Cost, b.Plan.TotalUnits, b.Used = value, left, money.Number{}
	return nil
}

// NextPlan is how a book goes on from a day: what of a [depreciation.Plan] is not known by then. Its cost is what the book is
// worth on the day, its start the day, and its rounding stays.
type NextPlan struct {
	Method       depreciation.Method     `json:"method"`
	Salvage      money.Amount            `json:"salvage,omitzero"` // no amount: it stays
	Periods      int                     `json:"periods,omitempty"`
	PeriodMonths int                     `json:"period_months,omitempty"`
	Convention   depreciation.Convention `json:"convention,omitempty"`
	FirstEnd     calendar.Date           `json:"first_end,omitzero"`
	Rate         money.Number            `json:"rate,omitzero"`
	Factor       money.Number            `json:"factor,omitzero"`
	NoSwitch     bool                    `json:"no_switch,omitempty"`
	TotalUnits   money.Number            `json:"total_units,omitzero"`
}

// of returns the plan of a book that is worth a value on a day.
func (n NextPlan) of(b *Book, value money.Amount, on calendar.Date) depreciation.Plan {
	p := depreciation.Plan{Method: n.Method, Cost: value, Salvage: n.Salvage, Periods: n.Periods, PeriodMonths: n.PeriodMonths,
		Convention: n.Convention, Start: on, FirstEnd: n.FirstEnd, Rate: n.Rate, Factor: n.Factor, NoSwitch: n.NoSwitch,
		TotalUnits: n.TotalUnits, Rounding: b.Plan.Rounding}
	if p.Salvage.IsZero() {
		p.Salvage = b.Plan.Salvage
	}
	return p
}

// Revise gives a book other terms from a day on: method, life, convention, salvage. They write off what the book is worth
// then; what was charged stays. For a rest of a life that is no whole number of years use a plan by month.
type Revise struct {
	Book   string        `json:"book"`
	On     calendar.Date `json:"on"`
	Plan   NextPlan      `json:"plan"`
	Reason string        `json:"reason"`
}

// Name returns "revise".
func (Revise) Name() string { return "revise" }

// Apply makes the charges to come anew.
func (x Revise) Apply(a *Asset, m itsm.Moment) error {
	if strings.TrimSpace(x.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	var out Entry
	s, err := a.open(x.Book, x.On, &out)
	if err != nil {
		return err
	}
	p := x.Plan.of(s.book, s.at.Value, s.on)
	ahead, err := planned(&p)
	if err != nil {
		var at *depreciation.FieldError
		if errors.As(err, &at) && at.Field == "start" { // which is the day: the period that ends is another one
			err = &depreciation.FieldError{Field: "first_end", Err: at.Err}
		}
		return invalid("plan", err)
	}
	period := 0
	if n := len(s.done); n > 0 {
		period = s.done[n-1].Period
	}
	for i := range ahead {
		ahead[i].Book, ahead[i].Status, ahead[i].Period = x.Book, Planned, ahead[i].Period+period
	}
	s.ahead, s.book.Plan, s.book.Used = ahead, p, money.Number{}
	if err := s.move(Movement{Cause: Revision, Reason: x.Reason}); err != nil {
		return err
	}
	s.put()
	return out.record(m)
}
