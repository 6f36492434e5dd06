package budget

import (
	"fmt"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Budget is what an account may cost in a period. All its amounts are in the currency of its plan.
type Budget struct {
	itsm.Header

	Title   string        `json:"title"`
	Owner   string        `json:"owner,omitempty"`  // who answers for it
	Account string        `json:"account"`          // its code, as in a finance.Chart
	Service itsm.Ref      `json:"service,omitzero"` // zero: the whole account
	From    calendar.Date `json:"from"`
	Until   calendar.Date `json:"until"` // the last date

	Plan     Plan      `json:"plan,omitzero"`      // in force; none before the first approval
	Edition  int       `json:"edition,omitempty"`  // its number, from 1
	Proposal *Proposal `json:"proposal,omitempty"` // the next edition, while it is being written or judged
	Editions []Edition `json:"editions,omitempty"` // all that were approved, the one in force last

	Transferred money.Amount `json:"transferred,omitzero"` // from other budgets, less what was given
	Carried     money.Amount `json:"carried,omitzero"`     // from earlier periods, less what went to later ones
	Budgeted    money.Amount `json:"budgeted,omitzero"`    // plan, transfers and carry-forward together
	Committed   money.Amount `json:"committed,omitzero"`   // the rest of all open commitments
	Actual      money.Amount `json:"actual,omitzero"`      // the costs so far
	Available   money.Amount `json:"available,omitzero"`   // below zero where it is exceeded

	Commitments []Commitment `json:"commitments,omitempty"` // the open ones
	Alerts      []Alert      `json:"alerts,omitempty"`      // thresholds that were reached, each once in an edition

	ClosedFor string `json:"closed_for,omitempty"` // why it was closed or cancelled
}

// Plan is what is asked for and approved.
type Plan struct {
	Amount money.Amount `json:"amount"` // of the whole period, 0 or more
	// Months are the weights of the calendar months of the period, where the amount is not spread by days. The period must
	// be whole months then.
	Months     []int64     `json:"months,omitempty"`
	OnCommit   Reaction    `json:"on_commit,omitempty"` // when a commitment is more than available; Stop if it is empty
	OnSpend    Reaction    `json:"on_spend,omitempty"`  // when a cost is; Warn if it is empty
	Thresholds []Threshold `json:"thresholds,omitempty"`
}

// Reaction is what happens when a budget is exceeded.
type Reaction string

// The reactions.
const (
	Stop   Reaction = "stop"   // it is refused
	Warn   Reaction = "warn"   // it passes, with the fact "over" on its event
	Ignore Reaction = "ignore" // it passes
)

// Choices returns the reactions for a pick box.
func (Reaction) Choices() []string { return []string{string(Stop), string(Warn), string(Ignore)} }

// Proposal is the next edition of a budget.
type Proposal struct {
	Plan        Plan      `json:"plan"`
	Reason      string    `json:"reason,omitempty"` // why it is revised
	SubmittedBy string    `json:"submitted_by,omitempty"`
	SubmittedAt time.Time `json:"submitted_at,omitzero"`
	RejectedFor string    `json:"rejected_for,omitempty"` // the last rejection
}

// Edition is a plan that was approved. The plans themselves are in the history.
type Edition struct {
	Number       int          `json:"number"`
	Amount       money.Amount `json:"amount"`
	ApprovedBy   string       `json:"approved_by"`
	ApprovedAt   time.Time    `json:"approved_at"`
	SupersededAt time.Time    `json:"superseded_at,omitzero"`
}

// Commitment is money reserved for a purchase.
type Commitment struct {
	For      itsm.Ref     `json:"for"`      // the request or order
	Reserved money.Amount `json:"reserved"` // what was reserved
	Spent    money.Amount `json:"spent"`    // actual costs that took its place
	Rest     money.Amount `json:"rest"`     // what of it is still reserved
	Since    time.Time    `json:"since"`
}

// IsInForce tells whether money can be committed and spent.
func (b *Budget) IsInForce() bool { return slices.Contains(InForce(), b.State) }

// Currency returns the currency of all amounts.
func (b *Budget) Currency() money.Currency {
	if b.Edition == 0 && b.Proposal != nil {
		return b.Proposal.Plan.Amount.Currency()
	}
	return b.Plan.Amount.Currency()
}

// Commitment returns the open commitment for a purchase.
func (b *Budget) Commitment(purchase itsm.Ref) (Commitment, bool) {
	if i := b.commitmentFor(purchase); i >= 0 {
		return b.Commitments[i], true
	}
	return Commitment{}, false
}

func (b *Budget) commitmentFor(purchase itsm.Ref) int {
	return slices.IndexFunc(b.Commitments, func(c Commitment) bool { return c.For == purchase })
}

// covers tells whether a date is in the period.
func (b *Budget) covers(on calendar.Date) bool {
	return b.From.Compare(on) <= 0 && on.Compare(b.Until) <= 0
}

// settle computes the amounts that follow from the others.
func (b *Budget) settle() error {
	sum := func(into *money.Amount, parts ...money.Amount) error {
		total, err := money.Sum(b.Currency(), parts)
		if err == nil {
			*into = total
		}
		return err
	}
	rests := make([]money.Amount, len(b.Commitments))
	for i, c := range b.Commitments {
		rests[i] = c.Rest
	}
	for _, err := range []error{
		sum(&b.Committed, rests...),
		sum(&b.Budgeted, b.Plan.Amount, b.Transferred, b.Carried),
		sum(&b.Available, b.Plan.Amount, b.Transferred, b.Carried, b.Actual.Neg(), b.Committed.Neg()),
	} {
		if err != nil {
			return itsm.Invalid("amount", "amount", "error", err.Error())
		}
	}
	return nil
}

// check refuses an amount that is 0 or not in the currency of the budget, and with a sign of 1 one below 0.
func (b *Budget) check(a money.Amount, sign int) error {
	switch {
	case a.Currency() != b.Currency():
		return itsm.Invalid("amount", "currency", "value", string(a.Currency()), "want", string(b.Currency()))
	case sign > 0 && a.Sign() <= 0:
		return itsm.Invalid("amount", "range", "value", a.String(), "want", "more than 0")
	case a.Sign() == 0:
		return itsm.Invalid("amount", "range", "value", a.String(), "want", "an amount other than 0")
	}
	return nil
}

// exceeded reacts to what leaves less than nothing available: a refusal, a fact on the event, or nothing.
func (b *Budget) exceeded(r, usual Reaction, before money.Amount, m itsm.Moment) error {
	if r == "" {
		r = usual
	}
	less, err := b.Available.Cmp(before)
	if err != nil || b.Available.Sign() >= 0 || less >= 0 || r == Ignore {
		return err
	}
	if r == Stop {
		return itsm.Invalid("amount", "over_budget", "available", before.String(), "over", b.Available.Neg().String(), "budgeted", b.Budgeted.String())
	}
	return m.Record("over", Over{Available: b.Available, Budgeted: b.Budgeted})
}

// Over is the fact "over" on the event of an action that exceeded the budget, or exceeded it further.
type Over struct {
	Available money.Amount `json:"available"` // after it: below zero
	Budgeted  money.Amount `json:"budgeted"`
}

// String returns the budget in one line.
func (b *Budget) String() string {
	return fmt.Sprintf("%s %s: %s budgeted, %s committed, %s actual, %s available", b.Number, b.Title, b.Budgeted, b.Committed, b.Actual, b.Available)
}
