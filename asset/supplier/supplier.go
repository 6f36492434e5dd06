package supplier

import (
	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// Name is the name of the kind of suppliers.
const Name = "supplier"

// Supplier is a party outside the organisation that delivers services or goods for it.
type Supplier struct {
	itsm.Header
	Title    string    `json:"title"`
	Code     string    `json:"code,omitempty"`  // the number in purchasing; no two suppliers have the same
	Owner    string    `json:"owner,omitempty"` // the supplier manager, who answers for the relation
	Contacts []Contact `json:"contacts,omitempty"`

	Value    Level    `json:"value,omitempty"`    // what its deliveries are worth to the business
	Risk     Level    `json:"risk,omitempty"`     // what its failure would do
	Category Category `json:"category,omitempty"` // derived from both, by the matrix
	Judged   string   `json:"judged,omitempty"`   // why it was assessed so

	Ended  string           `json:"ended,omitempty"` // why it was rejected or the relation ended
	Review itsm.ReviewClock `json:"review,omitzero"`
}

// Contact is a person at the supplier.
type Contact struct {
	Role  string `json:"role"` // account manager, service desk, escalation
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// Level is a degree of value or risk.
type Level string

// The levels.
const (
	High   Level = "high"
	Medium Level = "medium"
	Low    Level = "low"
)

// Choices returns the levels for a pick box.
func (Level) Choices() []string { return []string{string(High), string(Medium), string(Low)} }

// Category is how closely a supplier is managed. The four are those of ITIL service design.
type Category string

// The categories.
const (
	Strategic   Category = "strategic"   // partnership at the level of the management
	Tactical    Category = "tactical"    // regular reviews by middle management
	Operational Category = "operational" // contact of those who do the work
	Commodity   Category = "commodity"   // easily replaced
)

// Choices returns the categories for a pick box.
func (Category) Choices() []string {
	return []string{string(Strategic), string(Tactical), string(Operational), string(Commodity)}
}

// Matrix gives the category by value and risk. A combination that it lacks is Commodity.
type Matrix map[Level]map[Level]Category

// StandardMatrix returns the usual matrix: what is high in one and not low in the other is strategic.
func StandardMatrix() Matrix {
	return Matrix{
		High:   {High: Strategic, Medium: Strategic, Low: Tactical},
		Medium: {High: Strategic, Medium: Tactical, Low: Operational},
		Low:    {High: Tactical, Medium: Operational, Low: Commodity},
	}
}

// Category returns the category of a supplier; "" as long as value or risk are not known.
func (m Matrix) Category(value, risk Level) Category {
	if value == "" || risk == "" {
		return ""
	}
	if c := m[value][risk]; c != "" {
		return c
	}
	return Commodity
}

// State is where a supplier or a contract is in its lifecycle.
type State = lifecycle.State

// The states of a supplier.
const (
	Candidate State = "candidate"
	Approved  State = "approved"
	Suspended State = "suspended" // no new contracts
	Rejected  State = "rejected"
	Ended     State = "ended"
)

// Rules returns the lifecycle of a supplier as a table.
func Rules() []lifecycle.Rule {
	live := []State{Candidate, Approved, Suspended}
	all := []State{Candidate, Approved, Suspended, Rejected, Ended}
	return []lifecycle.Rule{
		{On: "propose", From: []State{""}, To: Candidate},
		{On: "assess", From: live, Stay: true},
		{On: "approve", From: []State{Candidate}, To: Approved},
		{On: "reject", From: []State{Candidate}, To: Rejected},
		{On: "suspend", From: []State{Approved}, To: Suspended},
		{On: "readmit", From: []State{Suspended}, To: Approved},
		{On: "end", From: []State{Approved, Suspended}, To: Ended},
		{On: "edit", From: live, Stay: true},
		{On: "set_contacts", From: live, Stay: true},
		{On: "review", From: live, Stay: true},
		{On: "comment", From: all, Stay: true},
		{On: "relate", From: all, Stay: true},
		{On: "unrelate", From: all, Stay: true},
		{On: "set_attributes", From: all, Stay: true},
	}
}
