package supplier

import (
	"cmp"
	"context"
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Question is what has to be decided of a contract.
type Question string

// The questions.
const (
	RenewOrNotice  Question = "renew_or_notice"  // it renews unless notice is given
	TakeUpOrLeave  Question = "take_up_or_leave" // it ends unless the option is taken up
	ReplaceOrLeave Question = "replace_or_leave" // it ends, by its terms or by notice of the supplier
)

// Decision is what must be decided by when.
type Decision struct {
	Contract itsm.Ref      `json:"contract"`
	Number   string        `json:"number"`
	Title    string        `json:"title"`
	Supplier itsm.Ref      `json:"supplier"`
	Owner    string        `json:"owner,omitempty"`
	Question Question      `json:"question"`
	DecideBy calendar.Date `json:"decide_by"`
	NoticeBy calendar.Date `json:"notice_by,omitzero"` // the last day on which the decision has an effect
	Until    calendar.Date `json:"until"`              // the last day as things are
	Days     int           `json:"days"`               // from today until DecideBy; below zero it is overdue
	Late     bool          `json:"late,omitempty"`     // NoticeBy has passed: only an agreement helps
	Annual   money.Amount  `json:"annual,omitzero"`
}

// Decision returns what has to be decided of the contract, or false if nothing has to be.
func (c *Contract) Decision(today calendar.Date) (Decision, bool) {
	if c.DecideBy.IsZero() {
		return Decision{}, false
	}
	d := Decision{Contract: c.Ref(ContractName), Number: c.Number, Title: c.Title, Supplier: c.Supplier, Owner: c.Owner, Question: ReplaceOrLeave,
		DecideBy: c.DecideBy, NoticeBy: c.NoticeBy, Until: c.Terms.Until, Days: today.DaysUntil(c.DecideBy), Annual: c.Terms.Annual}
	switch {
	case c.Notice != nil: // the supplier's: see derive
		d.Until = c.Notice.Ends
	case c.Terms.Renewal.Mode == Automatic:
		d.Question = RenewOrNotice
	case c.Terms.Renewal.Mode == Optional:
		d.Question = TakeUpOrLeave
	}
	d.Late = !c.NoticeBy.IsZero() && c.NoticeBy.Compare(today) < 0
	return d, true
}

// Decisions returns what must be decided of the contracts in force up to a date, the most urgent first; what is overdue
// is among them. Nothing has to be of those that we gave notice of.
func Decisions(ctx context.Context, d *itsm.Desk[Contract], today, to calendar.Date) ([]Decision, error) {
	if to.IsZero() {
		return nil, itsm.Invalid("to", "required")
	}
	var out []Decision
	for c, err := range d.All(ctx, itsm.Where(ContractsByDecision.To(to.String()))) {
		if err != nil {
			return nil, err
		}
		if x, has := c.Decision(today); has {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b Decision) int {
		return cmp.Or(a.DecideBy.Compare(b.DecideBy), cmp.Compare(a.Number, b.Number))
	})
	return out, nil
}
