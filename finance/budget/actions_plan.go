package budget

import (
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Draft opens a budget with the plan of its first edition.
type Draft struct {
	Title   string        `json:"title"`
	Owner   string        `json:"owner,omitempty"` // the actor if it is empty
	Account string        `json:"account"`         // its code
	Service itsm.Ref      `json:"service,omitzero"`
	From    calendar.Date `json:"from"`
	Until   calendar.Date `json:"until"` // the last date
	Plan    Plan          `json:"plan"`
}

// Name returns "draft".
func (Draft) Name() string { return "draft" }

// Apply fills in the budget.
func (a Draft) Apply(b *Budget, m itsm.Moment) error {
	b.Title, b.Owner, b.Account, b.Service, b.From, b.Until = a.Title, a.Owner, a.Account, a.Service, a.From, a.Until
	if b.Owner == "" {
		b.Owner = m.Actor.ID
	}
	b.Proposal = &Proposal{Plan: a.Plan.own()}
	return nil
}

// own returns the plan, sharing nothing with the caller's.
func (p Plan) own() Plan {
	p.Months, p.Thresholds = slices.Clone(p.Months), slices.Clone(p.Thresholds)
	return p
}

// Edit replaces the plan of the edition that is being written, and the title and owner where they are given.
type Edit struct {
	Title string `json:"title,omitempty"`
	Owner string `json:"owner,omitempty"`
	Plan  Plan   `json:"plan"`
}

// Name returns "edit".
func (Edit) Name() string { return "edit" }

// Apply takes over the plan.
func (a Edit) Apply(b *Budget, _ itsm.Moment) error {
	if a.Title != "" {
		b.Title = a.Title
	}
	if a.Owner != "" {
		b.Owner = a.Owner
	}
	b.Proposal.Plan = a.Plan.own()
	return nil
}

// Submit asks for approval.
type Submit struct{}

// Name returns "submit".
func (Submit) Name() string { return "submit" }

// Apply notes who asks.
func (Submit) Apply(b *Budget, m itsm.Moment) error {
	b.Proposal.SubmittedBy, b.Proposal.SubmittedAt = m.Actor.ID, m.Time
	return nil
}

// Withdraw takes a submitted edition back, to be edited.
type Withdraw struct{}

// Name returns "withdraw".
func (Withdraw) Name() string { return "withdraw" }

// Apply changes nothing but the state.
func (Withdraw) Apply(*Budget, itsm.Moment) error { return nil }

// Reject sends a submitted edition back.
type Reject struct {
	Reason string `json:"reason"`
}

// Name returns "reject".
func (Reject) Name() string { return "reject" }

// Apply notes the reason.
func (a Reject) Apply(b *Budget, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	b.Proposal.RejectedFor = a.Reason
	m.Say(a.Reason, false)
	return nil
}

// Approve puts the submitted edition in force. Transfers, carry-forward, commitments and actuals stay: a revision that is
// less than what is used leaves less than nothing available.
type Approve struct{}

// Name returns "approve".
func (Approve) Name() string { return "approve" }

// Apply supersedes the edition before.
func (Approve) Apply(b *Budget, m itsm.Moment) error {
	if b.Edition == 0 {
		none, err := money.New(0, b.Currency())
		if err != nil {
			return itsm.Invalid("plan.amount", "amount", "error", err.Error())
		}
		b.Transferred, b.Carried, b.Actual = none, none, none
	} else {
		b.Editions[len(b.Editions)-1].SupersededAt = m.Time
	}
	b.Edition, b.Plan, b.Proposal = b.Edition+1, b.Proposal.Plan, nil
	b.Editions = append(b.Editions, Edition{Number: b.Edition, Amount: b.Plan.Amount, ApprovedBy: m.Actor.ID, ApprovedAt: m.Time})
	return b.settle()
}

// Revise begins the next edition. The one in force stays in force until that is approved.
type Revise struct {
	Plan   Plan   `json:"plan"`
	Reason string `json:"reason"`
}

// Name returns "revise".
func (Revise) Name() string { return "revise" }

// Apply keeps the proposal.
func (a Revise) Apply(b *Budget, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	b.Proposal = &Proposal{Plan: a.Plan.own(), Reason: a.Reason}
	m.Say(a.Reason, false)
	return nil
}

// Abandon gives up a revision that is not submitted.
type Abandon struct{}

// Name returns "abandon".
func (Abandon) Name() string { return "abandon" }

// Apply drops the proposal.
func (Abandon) Apply(b *Budget, _ itsm.Moment) error {
	b.Proposal = nil
	return nil
}

// Cancel gives up a budget that never was in force.
type Cancel struct {
	Reason string `json:"reason"`
}

// Name returns "cancel".
func (Cancel) Name() string { return "cancel" }

// Apply notes the reason.
func (a Cancel) Apply(b *Budget, m itsm.Moment) error { return b.end(a.Reason, m) }

// Close ends a budget without open commitments. What is left of it lapses; see [CarryForward].
type Close struct {
	Reason string `json:"reason"`
}

// Name returns "close".
func (Close) Name() string { return "close" }

// Apply notes the reason.
func (a Close) Apply(b *Budget, m itsm.Moment) error { return b.end(a.Reason, m) }

func (b *Budget) end(reason string, m itsm.Moment) error {
	if strings.TrimSpace(reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	b.ClosedFor = reason
	m.Say(reason, false)
	return nil
}
