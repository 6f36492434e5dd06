package supplier

import (
	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/money"
)

// ContractName is the name of the kind of contracts.
const ContractName = "supplier_contract"

// Contract is what was agreed with a supplier, from when until when.
type Contract struct {
	itsm.Header
	Title     string   `json:"title"`
	Reference string   `json:"reference,omitempty"` // its number on paper
	Supplier  itsm.Ref `json:"supplier"`
	Owner     string   `json:"owner,omitempty"`
	Terms     Terms    `json:"terms"`

	Obligations []Obligation `json:"obligations,omitempty"`
	Disputes    []Dispute    `json:"disputes,omitempty"`

	SignedOn calendar.Date `json:"signed_on,omitzero"`
	SignedBy string        `json:"signed_by,omitempty"`
	Edition  int           `json:"edition,omitempty"`  // how often the terms were agreed anew
	Renewals int           `json:"renewals,omitempty"` // how many terms were added
	// AgreedUntil is the last day that was agreed, once renewals have added terms to it: they are counted from it.
	AgreedUntil calendar.Date `json:"agreed_until,omitzero"`
	Notice      *Notice       `json:"notice,omitempty"`
	NoticeBy    calendar.Date `json:"notice_by,omitzero"` // derived: the last day for a notice, or to take up an option
	DecideBy    calendar.Date `json:"decide_by,omitzero"` // derived: the day on which to decide
	Over        Over          `json:"over,omitzero"`

	Review itsm.ReviewClock `json:"review,omitzero"`
}

// Terms are what a contract says. The terms of service are in the agreements, which are records of their own.
type Terms struct {
	From    calendar.Date `json:"from"`
	Until   calendar.Date `json:"until,omitzero"` // its last day; zero: until notice is given
	Renewal Renewal       `json:"renewal,omitzero"`
	// Annual is what it costs a year.
	Annual     money.Amount `json:"annual,omitzero"`
	Agreements []itsm.Ref   `json:"agreements,omitempty"` // the underpinning agreements
	Delivers   []itsm.Ref   `json:"delivers,omitempty"`   // the services and items that stand on it directly
}

// Renewal is how a contract goes on.
type Renewal struct {
	Mode   RenewalMode `json:"mode,omitempty"`
	Term   itsm.Period `json:"term,omitzero"`   // what a renewal adds
	Notice itsm.Period `json:"notice,omitzero"` // so long it runs: it is given so early that it has run out by the end
	Lead   itsm.Period `json:"lead,omitzero"`   // the decision is wanted so long before that
}

// RenewalMode says what happens at the end of a term.
type RenewalMode string

// The modes. No mode is that of a contract that just ends, or of an open one.
const (
	Automatic RenewalMode = "automatic" // it renews unless notice is given
	Optional  RenewalMode = "optional"  // it ends unless the option is taken up
)

// Choices returns the modes for a pick box.
func (RenewalMode) Choices() []string { return []string{string(Automatic), string(Optional)} }

// Party is one side of a contract.
type Party string

// The parties.
const (
	Us   Party = "us"
	Them Party = "supplier"
)

// Choices returns the parties for a pick box.
func (Party) Choices() []string { return []string{string(Us), string(Them)} }

// Notice is that a contract will end.
type Notice struct {
	By     Party         `json:"by"`
	On     calendar.Date `json:"on"`
	Ends   calendar.Date `json:"ends"`            // the last day
	Early  bool          `json:"early,omitempty"` // terminated: before the end that its terms have
	Cause  bool          `json:"cause,omitempty"` // and that for a breach
	Reason string        `json:"reason"`
}

// Over is how a contract ended.
type Over struct {
	On     calendar.Date `json:"on,omitzero"` // its last day
	Reason string        `json:"reason,omitempty"`
	Cause  bool          `json:"cause,omitempty"` // terminated for a breach
}

// Obligation is something that a party has to do, once or again and again.
type Obligation struct {
	ID         string        `json:"id"`
	Text       string        `json:"text"`
	By         Party         `json:"by"`
	From       calendar.Date `json:"from"`           // when it is due first
	Every      itsm.Period   `json:"every,omitzero"` // and then again; none: once
	Deliveries []Delivery    `json:"deliveries,omitempty"`
}

// Delivery is an obligation met, or waived, for one due date.
type Delivery struct {
	Due      calendar.Date `json:"due"`
	On       calendar.Date `json:"on"`
	Evidence string        `json:"evidence,omitempty"` // the number or address of the proof
	Waived   string        `json:"waived,omitempty"`   // why it was not asked for
	By       string        `json:"by"`                 // who noted it
}

// Dispute is a disagreement over the contract.
type Dispute struct {
	ID        string        `json:"id"`
	About     string        `json:"about"`
	By        Party         `json:"by"`
	Amount    money.Amount  `json:"amount,omitzero"` // what it is about in money
	OpenedOn  calendar.Date `json:"opened_on"`
	SettledOn calendar.Date `json:"settled_on,omitzero"`
	Outcome   string        `json:"outcome,omitempty"`
}

// The states of a contract.
const (
	Drafted     State = "draft"
	InForce     State = "in_force"
	NoticeGiven State = "notice_given" // in force until its end
	Expired     State = "expired"
	Terminated  State = "terminated"
	Abandoned   State = "abandoned" // never signed
)

// IsInForce tells whether the contract binds on a day.
func (c *Contract) IsInForce(on calendar.Date) bool {
	if c.State != InForce && c.State != NoticeGiven || on.Compare(c.Terms.From) < 0 {
		return false
	}
	end := c.lastDay()
	return end.IsZero() || on.Compare(end) <= 0
}

// lastDay returns the day on which the contract ends as things are; zero: it is open, or renews.
func (c *Contract) lastDay() calendar.Date {
	switch {
	case c.Notice != nil:
		return c.Notice.Ends
	case c.Terms.Renewal.Mode == Automatic:
		return calendar.Date{}
	}
	return c.Terms.Until
}

// ContractRules returns the lifecycle of a contract as a table.
func ContractRules() []lifecycle.Rule {
	draft, force := []State{Drafted}, []State{InForce}
	live := []State{InForce, NoticeGiven}
	signed := []State{InForce, NoticeGiven, Expired, Terminated}
	open := []State{Drafted, InForce, NoticeGiven}
	all := []State{Drafted, InForce, NoticeGiven, Expired, Terminated, Abandoned}
	return []lifecycle.Rule{
		{On: "draft", From: []State{""}, To: Drafted},
		{On: "redraft", From: draft, Stay: true},
		{On: "sign", From: draft, To: InForce},
		{On: "abandon", From: draft, To: Abandoned},
		{On: "amend", From: force, Stay: true},
		{On: "renew", From: force, Stay: true},
		{On: "roll_over", From: force, Stay: true},
		{On: "give_notice", From: force, To: NoticeGiven},
		{On: "withdraw_notice", From: []State{NoticeGiven}, To: InForce},
		{On: "expire", From: force, To: Expired},
		{On: "expire", From: []State{NoticeGiven}, To: Expired, Or: []State{Terminated}},
		{On: "terminate", From: force, To: Terminated, Or: []State{NoticeGiven}},
		{On: "terminate", From: []State{NoticeGiven}, To: Terminated, Stay: true},

		{On: "edit", From: open, Stay: true},
		{On: "oblige", From: open, Stay: true},
		{On: "deliver", From: signed, Stay: true},
		{On: "waive", From: signed, Stay: true},
		{On: "dispute", From: signed, Stay: true},
		{On: "settle", From: signed, Stay: true},
		{On: "review", From: live, Stay: true},
		{On: "comment", From: all, Stay: true},
		{On: "relate", From: all, Stay: true},
		{On: "unrelate", From: all, Stay: true},
		{On: "set_attributes", From: all, Stay: true},
	}
}
