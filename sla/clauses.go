package sla

import (
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/money"
)

// Clauses are what an agreement says: the part of it that is negotiated, and never changes once it is signed. The fields
// are those of [Agreement].
type Clauses struct {
	Title string        `json:"title"`
	Type  AgreementType `json:"type"`

	Kind      string     `json:"kind"`
	Services  []itsm.Ref `json:"services,omitempty"`
	Customers []string   `json:"customers,omitempty"`
	Groups    []string   `json:"groups,omitempty"`
	Covers    Condition  `json:"covers,omitzero"`
	Supplier  itsm.Ref   `json:"supplier,omitzero"`

	ValidFrom  time.Time  `json:"valid_from,omitzero"` // zero: when it is signed
	ValidUntil time.Time  `json:"valid_until,omitzero"`
	Transition Transition `json:"transition,omitempty"`

	Targets   []Target   `json:"targets"`
	Calendars []Calendar `json:"calendars"`

	Goal    int          `json:"goal,omitempty"`
	Period  Period       `json:"period,omitempty"`
	Fee     money.Amount `json:"fee,omitzero"`
	Credits []Credit     `json:"credits,omitempty"`

	ReviewEvery itsm.Period `json:"review_every,omitzero"` // how often it is looked at again
	ReviewOwner string      `json:"review_owner,omitempty"`
}

// Clauses returns what the agreement says, as a copy: the start of its next edition.
func (a Agreement) Clauses() Clauses {
	return Clauses{Title: a.Title, Type: a.Type, Kind: a.Kind,
		Services: slices.Clone(a.Services), Customers: slices.Clone(a.Customers), Groups: slices.Clone(a.Groups),
		Covers: a.Covers, Supplier: a.Supplier, ValidFrom: a.ValidFrom, ValidUntil: a.ValidUntil, Transition: a.Transition,
		Targets: cloned(a.Targets), Calendars: slices.Clone(a.Calendars),
		Goal: a.Goal, Period: a.Period, Fee: a.Fee, Credits: slices.Clone(a.Credits),
		ReviewEvery: a.Review.Every, ReviewOwner: a.Review.Owner}
}

// onto replaces what an agreement says.
func (c Clauses) onto(a *Agreement) {
	a.Title, a.Type, a.Kind, a.Services, a.Customers, a.Groups = c.Title, c.Type, c.Kind, c.Services, c.Customers, c.Groups
	a.Covers, a.Supplier, a.ValidFrom, a.ValidUntil, a.Transition = c.Covers, c.Supplier, c.ValidFrom, c.ValidUntil, c.Transition
	a.Targets, a.Calendars, a.Goal, a.Period, a.Fee, a.Credits = c.Targets, c.Calendars, c.Goal, c.Period, c.Fee, c.Credits
	a.Review.Every, a.Review.Owner = c.ReviewEvery, c.ReviewOwner
}

// cloned copies targets with their lists.
func cloned(targets []Target) []Target {
	out := slices.Clone(targets)
	for i := range out {
		t := &out[i]
		t.Amounts, t.Factors, t.Hours = slices.Clone(t.Amounts), slices.Clone(t.Factors), slices.Clone(t.Hours)
		t.Thresholds = slices.Clone(t.Thresholds)
		for n := range t.Thresholds {
			t.Thresholds[n].Do = slices.Clone(t.Thresholds[n].Do)
		}
	}
	return out
}
