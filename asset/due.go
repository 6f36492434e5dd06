package asset

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// DeadlineType says what ends on a date.
type DeadlineType string

// The types.
const (
	DeliveryDue     DeadlineType = "delivery"    // an order is expected
	LoanDue         DeadlineType = "loan"        // a loan is due back
	MaintenanceDue  DeadlineType = "maintenance" // a repair is to be back
	WarrantyDue     DeadlineType = "warranty"    // the last day of the warranty
	SupportDue      DeadlineType = "support"     // the last day of the maker's support
	LifeDue         DeadlineType = "life"        // to be replaced
	TermDue         DeadlineType = "term"        // the last day of a licence or subscription
	UpgradeRightDue DeadlineType = "upgrade"     // the last day on which a new release is included
)

// Deadline is a date on which something of an asset ends.
type Deadline struct {
	Asset  itsm.Ref      `json:"asset"`
	Number string        `json:"number"`
	Title  string        `json:"title"`
	Holder string        `json:"holder,omitempty"`
	Type   DeadlineType  `json:"type"`
	On     calendar.Date `json:"on"`
	Days   int           `json:"days"` // from the day of the question; below zero it is overdue
}

// Deadlines returns what ends for the asset and when, the earliest first. What is retired or gone has none.
func (a *Asset) Deadlines() []Deadline {
	var out []Deadline
	add := func(t DeadlineType, on calendar.Date) {
		if !on.IsZero() {
			out = append(out, Deadline{Asset: a.Ref(Name), Number: a.Number, Title: a.Title, Holder: a.Holder, Type: t, On: on})
		}
	}
	switch {
	case a.State == Ordered:
		add(DeliveryDue, a.Purchase.ExpectedOn)
	case a.IsHeld():
		if a.Custody != nil && !a.Custody.DueBack.IsZero() {
			add(LoanDue, calendar.DateOf(a.Custody.DueBack))
		}
		if a.Maintenance != nil {
			add(MaintenanceDue, a.Maintenance.BackBy)
		}
		add(WarrantyDue, a.WarrantyEnds)
		add(SupportDue, a.SupportEnds)
		add(LifeDue, a.LifeEnds)
		if a.Grant != nil {
			add(TermDue, a.Grant.Until)
			add(UpgradeRightDue, a.Grant.UpgradeUntil)
		}
	}
	slices.SortStableFunc(out, func(x, y Deadline) int { return x.On.Compare(y.On) })
	return out
}

func (a *Asset) dueMonths() []string {
	var out []string
	for _, d := range a.Deadlines() {
		if month := monthOf(d.On); !slices.Contains(out, month) {
			out = append(out, month)
		}
	}
	return out
}

func monthOf(d calendar.Date) string { return d.String()[:len("2006-01")] }

// maxMonths is how far the dates of one question can lie apart.
const maxMonths = 240

// Due returns what ends from one date to another, both included and at most 20 years apart, by date: what is due in
// the next 30 days is Due(ctx, desk, today, today, today.AddDays(30)); an earlier date finds what is overdue too. Days
// are counted from today.
func Due(ctx context.Context, d *itsm.Desk[Asset], today, from, to calendar.Date) ([]Deadline, error) {
	if from.IsZero() || to.Compare(from) < 0 {
		return nil, itsm.Invalid("to", "before_from", "from", from.String(), "value", to.String())
	}
	var months []string
	for m := (calendar.Date{Year: from.Year, Month: from.Month, Day: 1}); m.Compare(to) <= 0; m = calendar.DateOf(time.Date(m.Year, m.Month+1, 1, 0, 0, 0, 0, time.UTC)) {
		if months = append(months, monthOf(m)); len(months) > maxMonths {
			return nil, itsm.Invalid("to", "range", "max", strconv.Itoa(maxMonths)+" months", "from", from.String(), "value", to.String())
		}
	}
	var out []Deadline
	for a, err := range d.All(ctx, itsm.Where(ByDueMonth.In(months...))) {
		if err != nil {
			return nil, err
		}
		for _, x := range a.Deadlines() {
			if x.On.Compare(from) >= 0 && x.On.Compare(to) <= 0 {
				x.Days = today.DaysUntil(x.On)
				out = append(out, x)
			}
		}
	}
	slices.SortFunc(out, func(x, y Deadline) int {
		return cmp.Or(x.On.Compare(y.On), cmp.Compare(x.Number, y.Number), cmp.Compare(x.Type, y.Type))
	})
	return out, nil
}
