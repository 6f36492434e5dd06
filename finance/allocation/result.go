package allocation

import (
	"iter"

	"github.com/itsmkit/itsm/money"
)

// EndKind says what becomes of a cost.
type EndKind string

// The kinds of ends.
const (
	Bill        EndKind = "bill"        // of a member of the last stage
	Idle        EndKind = "idle"        // of the idle capacity of the member that is named
	Unallocated EndKind = "unallocated" // left with the member that is named
)

// Choices returns the kinds for a pick box.
func (EndKind) Choices() []string {
	return []string{string(Bill), string(Idle), string(Unallocated)}
}

// End is where costs end. All lines together are all ends together.
type End struct {
	Kind EndKind `json:"kind"`
	Name string  `json:"name"` // of a member
}

func (e End) String() string {
	if e.Kind == Bill {
		return e.Name
	}
	return string(e.Kind) + " " + e.Name
}

// Flow is what one member gave to another, or to its own idle capacity, in whole coins. In a reciprocal stage it is what
// came there in the end.
type Flow struct {
	From   string       `json:"from"`
	To     string       `json:"to"`
	Idle   bool         `json:"idle,omitempty"` // to the idle capacity of To, which is From or a member of a reciprocal stage with it
	Amount money.Amount `json:"amount"`
}

// Result is allocated costs. It never changes and is safe for concurrent use.
type Result struct {
	*network
	lines   *lines
	balance []money.Amount // of each node
	out     []giving       // of each member
	order   []int32        // members that gave, in the order in which they did
	turns   []turns        // of each stage
}

// Balance returns what a member had to give or bears: its lines and what it received. It is false for an unknown name.
// In a reciprocal stage it is without what the members gave to one another: that is in [Result.Gross].
func (r *Result) Balance(member string) (money.Amount, bool) {
	m, known := r.index[member]
	if !known {
		return money.Amount{}, false
	}
	return r.balance[m], true
}

// Bills returns the members of the last stage and what they bear, in the order of the model.
func (r *Result) Bills() iter.Seq2[string, money.Amount] {
	return func(yield func(string, money.Amount) bool) {
		for m := range int32(len(r.names)) {
			if r.bills(m) && !yield(r.names[m], r.balance[m]) {
				return
			}
		}
	}
}

// Ends returns all bills, zero ones too, and then what is idle or unallocated, in the order of the members. The amounts
// add up to the lines.
func (r *Result) Ends() iter.Seq2[End, money.Amount] {
	return func(yield func(End, money.Amount) bool) {
		for name, amount := range r.Bills() {
			if !yield(End{Bill, name}, amount) {
				return
			}
		}
		for m := range int32(len(r.names)) {
			for _, node := range []int32{m, r.idle(m)} {
				if r.ends(node) && !r.bills(m) && r.balance[node].Sign() != 0 && !yield(r.endOf(node), r.balance[node]) {
					return
				}
			}
		}
	}
}

// Flows returns what was given, giver by giver in the order in which they gave, without flows of nothing.
func (r *Result) Flows() iter.Seq[Flow] {
	return func(yield func(Flow) bool) {
		for _, from := range r.order {
			for i, to := range r.out[from].to {
				end := r.endOf(to)
				f := Flow{From: r.names[from], To: end.Name, Idle: end.Kind == Idle, Amount: r.out[from].coins[i]}
				if f.Amount.Sign() != 0 && !yield(f) {
					return
				}
			}
		}
	}
}

// ends tells that nobody gives on what a node has.
func (r *Result) ends(node int32) bool { return int(node) >= len(r.out) || len(r.out[node].to) == 0 }

// endOf returns the end that a node is, if it is one.
func (r *Result) endOf(node int32) End {
	switch members := int32(len(r.names)); {
	case node >= members:
		return End{Idle, r.names[node-members]}
	case r.bills(node):
		return End{Bill, r.names[node]}
	default:
		return End{Unallocated, r.names[node]}
	}
}

// node returns the node of an end.
func (r *Result) node(e End) (int32, error) {
	m, known := r.index[e.Name]
	switch {
	case !known:
		return 0, refuse(ErrName, "%q is no member", e.Name)
	case e.Kind == Idle:
		return r.idle(m), nil
	case e.Kind == Bill && r.bills(m), e.Kind == Unallocated && !r.bills(m) && r.ends(m):
		return m, nil
	}
	return 0, refuse(ErrName, "%q has no end of the kind %q", e.Name, e.Kind)
}
