package asset

import (
	"context"
	"slices"
	"strings"

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

// Choices returns the types for a pick box.
func (DeadlineType) Choices() []string {
	return []string{string(DeliveryDue), string(LoanDue), string(MaintenanceDue), string(WarrantyDue), string(SupportDue), string(LifeDue),
		string(TermDue), string(UpgradeRightDue)}
}

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

func (a *Asset) dueDates() []string {
	var out []string
	for _, d := range a.Deadlines() {
		if on := d.On.String(); !slices.Contains(out, on) {
			out = append(out, on)
		}
	}
	return out
}

// Due returns what ends from one date to another, both included, by date: what is due in the next 30 days is
// Due(ctx, desk, today, today.AddDays(-overdue), today.AddDays(30)). Days are counted from today. Instants are dates
// in UTC.
func Due(ctx context.Context, d *itsm.Desk[Asset], today, from, to calendar.Date) ([]Deadline, error) {
	var out []Deadline
	if to.Compare(from) < 0 {
		return nil, itsm.Invalid("to", "not_after", "from", from.String(), "value", to.String())
	}
	for a, err := range d.All(ctx, itsm.Where(ByDue.Between(from.String(), to.String()))) {
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
		if c := x.On.Compare(y.On); c != 0 {
			return c
		}
		if c := strings.Compare(x.Number, y.Number); c != 0 {
			return c
		}
		return strings.Compare(string(x.Type), string(y.Type))
	})
	return out, nil
}
