package supplier

import (
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// DutyStatus is what became of an obligation on one of its due dates.
type DutyStatus string

// The states of a duty.
const (
	Met     DutyStatus = "met"
	MetLate DutyStatus = "late"
	Missed  DutyStatus = "missed" // the date has passed, and there is no evidence
	Waived  DutyStatus = "waived"
	Pending DutyStatus = "pending"
)

// Duty is an obligation on one of its due dates.
type Duty struct {
	Contract   itsm.Ref      `json:"contract"`
	Number     string        `json:"number"` // of the contract
	Obligation string        `json:"obligation"`
	Text       string        `json:"text"`
	By         Party         `json:"by"`
	Due        calendar.Date `json:"due"`
	Days       int           `json:"days"` // from today; below zero it has passed
	Status     DutyStatus    `json:"status"`
	On         calendar.Date `json:"on,omitzero"` // when it was met or waived
	Evidence   string        `json:"evidence,omitempty"`
}

// Duties returns what the contract asks of both parties from one date to another, both included, by date, as it stands
// today. What would fall due after the end of the contract does not, and nothing of a draft that was given up.
func (c *Contract) Duties(from, to, today calendar.Date) []Duty {
	if c.State == Abandoned {
		return nil
	}
	end := c.ends()
	if !end.IsZero() && end.Compare(to) < 0 {
		to = end
	}
	var out []Duty
	for i := range c.Obligations {
		o := &c.Obligations[i]
		for due := range o.dues(to) {
			if due.Compare(from) < 0 {
				continue
			}
			d := Duty{Contract: c.Ref(ContractName), Number: c.Number, Obligation: o.ID, Text: o.Text, By: o.By, Due: due, Days: today.DaysUntil(due)}
			d.Status, d.On, d.Evidence = o.status(due, today)
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b Duty) int { return a.Due.Compare(b.Due) })
	return out
}

// ends returns the day after which nothing falls due; zero: there is none as things are.
func (c *Contract) ends() calendar.Date {
	switch {
	case !c.Over.On.IsZero():
		return c.Over.On
	case c.State == Drafted || c.State == InForce || c.State == NoticeGiven:
		return c.lastDay()
	}
	return c.Terms.Until
}

// dues yields the dates on which the obligation falls due, up to a date. They are counted from the first one, so that
// the 31st comes back after a short month.
func (o *Obligation) dues(to calendar.Date) func(yield func(calendar.Date) bool) {
	return func(yield func(calendar.Date) bool) {
		for n := 0; ; n++ {
			due := plus(o.From, itsm.Period{Months: n * o.Every.Months, Days: n * o.Every.Days})
			if due.Compare(to) > 0 || !yield(due) || o.Every.IsZero() {
				return
			}
		}
	}
}

// fallsDue tells whether a date is one of the obligation's, not after the end of the term if there is one.
func (o *Obligation) fallsDue(on, until calendar.Date) bool {
	if !until.IsZero() && on.Compare(until) > 0 {
		return false
	}
	for due := range o.dues(on) {
		if due == on {
			return true
		}
	}
	return false
}

func (o *Obligation) delivery(due calendar.Date) *Delivery {
	for i := range o.Deliveries {
		if o.Deliveries[i].Due == due {
			return &o.Deliveries[i]
		}
	}
	return nil
}

func (o *Obligation) status(due, today calendar.Date) (DutyStatus, calendar.Date, string) {
	switch d := o.delivery(due); {
	case d == nil && due.Compare(today) < 0:
		return Missed, calendar.Date{}, ""
	case d == nil:
		return Pending, calendar.Date{}, ""
	case d.Waived != "":
		return Waived, d.On, ""
	case d.On.Compare(due) > 0:
		return MetLate, d.On, d.Evidence
	default:
		return Met, d.On, d.Evidence
	}
}

func (c *Contract) obligation(id string) int {
	return slices.IndexFunc(c.Obligations, func(o Obligation) bool { return o.ID == id })
}
