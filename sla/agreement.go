package sla

import (
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// AgreementName is the name of the kind of agreements.
const AgreementName = "agreement"

// AgreementType says between whom an agreement is.
type AgreementType string

// The types.
const (
	SLA AgreementType = "sla" // with a customer: service level agreement
	OLA AgreementType = "ola" // with a group of the own house: operational level agreement
	UC  AgreementType = "uc"  // with a supplier: underpinning contract
)

// Choices returns the types for a pick box.
func (AgreementType) Choices() []string { return []string{string(SLA), string(OLA), string(UC)} }

// Agreement is what was promised to whom, from when until when. What is signed never changes: new terms are a new
// edition, which names the one that it supersedes.
type Agreement struct {
	itsm.Header
	Title      string        `json:"title"`
	Type       AgreementType `json:"type"`
	Edition    int           `json:"edition"`
	Supersedes itsm.Ref      `json:"supersedes,omitzero"`

	// Covers: records of the kind, of these services, customers and groups (empty lists are all), that meet the
	// condition. Of several agreements of a type the more specific counts: see [Rules].
	Kind      string     `json:"kind"`
	Services  []itsm.Ref `json:"services,omitempty"`
	Customers []string   `json:"customers,omitempty"`
	Groups    []string   `json:"groups,omitempty"`
	Covers    Condition  `json:"covers,omitzero"`

	Supplier itsm.Ref `json:"supplier,omitzero"` // of an underpinning contract

	ValidFrom  time.Time  `json:"valid_from,omitzero"`  // zero: always was
	ValidUntil time.Time  `json:"valid_until,omitzero"` // exclusive; zero: open
	Transition Transition `json:"transition,omitempty"` // of clocks that go when it takes effect; stay if it is empty

	Targets   []Target   `json:"targets"`
	Calendars []Calendar `json:"calendars"` // the first is the usual one

	Goal    int          `json:"goal,omitempty"`   // attainment promised for a period, in hundredths of a percent: 9500 is 95 %
	Period  Period       `json:"period,omitempty"` // month if it is empty
	Fee     money.Amount `json:"fee,omitzero"`     // what the customer pays a period, which credits are a share of
	Credits []Credit     `json:"credits,omitempty"`

	SignedAt time.Time        `json:"signed_at,omitzero"`
	SignedBy string           `json:"signed_by,omitempty"`
	EndedFor string           `json:"ended_for,omitempty"` // why it was terminated
	Findings []Finding        `json:"findings,omitempty"`  // what the activation found, see [Support]
	Review   itsm.ReviewClock `json:"review,omitzero"`
}

// Transition says what becomes of clocks that go when an agreement takes effect.
type Transition string

// The transitions.
const (
	Stay Transition = "stay" // they end under the terms under which they started
	Move Transition = "move" // they move to the new terms at the date, by each target's Change
)

// Choices returns the transitions for a pick box.
func (Transition) Choices() []string { return []string{string(Stay), string(Move)} }

// Period is the length of an attainment period.
type Period string

// The periods.
const (
	Month   Period = "month"
	Quarter Period = "quarter"
	Year    Period = "year"
)

// Choices returns the periods for a pick box.
func (Period) Choices() []string { return []string{string(Month), string(Quarter), string(Year)} }

// Credit is a step of service credits: below an attainment so many hundredths of a percent of the fee are due. The
// lowest step that applies counts alone.
type Credit struct {
	Below int `json:"below"` // hundredths of a percent: 9500
	Share int `json:"share"` // hundredths of a percent of the fee: 500
}

// Calendar is working time under a name, from a date on: the same name with a later date changes the hours from then
// on, and never what was counted before.
type Calendar struct {
	Name  string        `json:"name"`
	From  calendar.Date `json:"from,omitzero"` // the first version of a name has none
	Hours WorkingHours  `json:"hours"`
}

// Subject says where the records of a kind hold what agreements and measures ask for, as dotted paths; an empty one
// is absent.
type Subject struct {
	Kind     string `json:"kind"`
	Service  string `json:"service,omitempty"`
	Customer string `json:"customer,omitempty"`
	Group    string `json:"group,omitempty"`
	Priority string `json:"priority,omitempty"`
}

// Finding is what does not fit between agreements.
type Finding struct {
	Target string `json:"target"`
	Code   string `json:"code"`
	Text   string `json:"text"`
}
