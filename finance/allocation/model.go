package allocation

import "github.com/itsmkit/itsm/money"

// Method is how the members of a stage give their costs on.
type Method string

// The methods. What a member uses of itself counts in none of them.
const (
	Direct     Method = "direct"     // to later stages only: what members of the stage use of one another does not count
	StepDown   Method = "step_down"  // one member after the other, also to those of its stage whose turn is still to come
	Reciprocal Method = "reciprocal" // what members use of one another counts in full
)

// Choices returns the methods for a pick box.
func (Method) Choices() []string {
	return []string{string(Direct), string(StepDown), string(Reciprocal)}
}

// Sequence is the rule by which a step-down finds its order where none is given.
type Sequence string

// The sequences. Where two members are equal the earlier one is first.
const (
	ByReference Sequence = "by_reference" // who gives comes before who receives; two that give to each other are a CycleError
	ByCost      Sequence = "by_cost"      // the largest balance at the beginning of the stage first
	ByReach     Sequence = "by_reach"     // who gives to most others of the stage first
)

// Choices returns the sequences for a pick box.
func (Sequence) Choices() []string {
	return []string{string(ByReference), string(ByCost), string(ByReach)}
}

// Model says how costs go: from stage to stage, such as pools, services, customers. Only [Model.Allocate] reads it.
type Model struct {
	Currency money.Currency `json:"currency"`
	Stages   []Stage        `json:"stages"` // in the order in which they give; the members of the last are billed
	Drivers  []Driver       `json:"drivers,omitempty"`
	Rules    []Rule         `json:"rules,omitempty"`
}

// Stage is a level of a model: cost pools, services, customers. The names of members are unique in the whole model.
type Stage struct {
	Name    string   `json:"name"`
	Members []string `json:"members"`

	Method   Method   `json:"method,omitempty"`   // Direct if empty
	Order    []string `json:"order,omitempty"`    // of a step-down: each member once
	Sequence Sequence `json:"sequence,omitempty"` // of a step-down without Order; ByReference if empty

	// Keep leaves the costs of a member that has no receiver with it, as unallocated. Without it they are a
	// NoReceiverError.
	Keep bool `json:"keep,omitempty"`
}

// Rule says by which driver a member gives. A member has one rule at most; two members may share a driver.
type Rule struct {
	From   string `json:"from"`
	Driver string `json:"driver"`
}

// Driver is a set of weights by which costs are shared: fixed shares, heads, units of use, incidents handled, cost of
// use. [Count] and [Cost] make drivers from records.
type Driver struct {
	Name    string   `json:"name"`
	Weights []Weight `json:"weights"` // at most one for a member, none negative; of equal remainders the earlier gets the coin

	// Capacity is the base of a driver over all units: what its weights leave of it is idle, and the costs of that
	// stay visible as idle costs of who gives. Zero is a driver over allocated units only: its weights bear everything.
	Capacity money.Number `json:"capacity"`
}

// Weight is the part of a driver that belongs to a member.
type Weight struct {
	To    string       `json:"to"`
	Units money.Number `json:"units"`
}

// Line is a cost, such as a line of an invoice. It may enter at any stage: overhead at a pool, the direct cost of a
// service at the service.
type Line struct {
	ID     string       `json:"id"` // unique among the lines
	To     string       `json:"to"` // a member of the model
	Amount money.Amount `json:"amount"`
}
