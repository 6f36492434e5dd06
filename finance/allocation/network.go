package allocation

import (
	"slices"

	"github.com/itsmkit/itsm/money"
)

// network is a model with numbers for names. Members count from 0 through all stages; the idle capacity of member m is
// node len(names)+m.
type network struct {
	currency money.Currency
	stages   []string // their names
	names    []string // of members
	index    map[string]int32
	stage    []int32 // of each member
	first    []int32 // member of each stage, and one more: the number of members

	// The rest is dropped when the costs are allocated.
	model   *Model
	drivers map[string]*driver
	rule    []*driver // of each member; nil is none
}

// driver is the weights of a driver that are not zero.
type driver struct {
	to       []int32
	units    []money.Number
	idle     money.Number
	earliest int32 // stage that it gives to, zero weights too
}

func (m *Model) network() (*network, error) {
	n := &network{currency: m.Currency, model: m, index: map[string]int32{}, drivers: make(map[string]*driver, len(m.Drivers))}
	if !m.Currency.Valid() {
		return nil, refuse(money.ErrCurrency, "%q of the model is unknown", m.Currency)
	}
	if err := n.members(); err != nil {
		return nil, err
	}
	seen := make([]int32, len(n.names)) // the number of the last driver that has a weight for it, from 1
	for i := range m.Drivers {
		if err := n.driver(&m.Drivers[i], seen, int32(i+1)); err != nil {
			return nil, err
		}
	}
	return n, n.rules()
}

// members numbers the members and checks their stages.
func (n *network) members() error {
	for i := range n.model.Stages {
		s := &n.model.Stages[i]
		if s.Name == "" || slices.Contains(n.stages, s.Name) {
			return refuse(ErrName, "stage %d: %q, want a name of its own", i+1, s.Name)
		}
		n.stages = append(n.stages, s.Name)
		switch s.Method {
		case "", Direct, StepDown, Reciprocal:
		default:
			return refuse(ErrMethod, "%q of stage %q is unknown", s.Method, s.Name)
		}
		n.first = append(n.first, int32(len(n.names)))
		for _, name := range s.Members {
			if name == "" {
				return refuse(ErrName, "a member of stage %q has none", s.Name)
			}
			if _, twice := n.index[name]; twice {
				return refuse(ErrName, "member %q of stage %q is there twice", name, s.Name)
			}
			n.index[name] = int32(len(n.names))
			n.names, n.stage = append(n.names, name), append(n.stage, int32(i))
		}
	}
	n.first, n.rule = append(n.first, int32(len(n.names))), make([]*driver, len(n.names))
	return nil
}

func (n *network) driver(d *Driver, seen []int32, number int32) error {
	if d.Name == "" || n.drivers[d.Name] != nil {
		return refuse(ErrName, "driver %d: %q, want a name of its own", number, d.Name)
	}
	out := &driver{
		to: make([]int32, 0, len(d.Weights)), units: make([]money.Number, 0, len(d.Weights)), earliest: int32(len(n.first)),
	}
	for _, w := range d.Weights {
		to, known := n.index[w.To]
		switch {
		case !known:
			return refuse(ErrName, "driver %q has a weight for %q, which is no member", d.Name, w.To)
		case seen[to] == number:
			return refuse(ErrName, "driver %q has two weights for %q", d.Name, w.To)
		case w.Units.Sign() < 0:
			return refuse(money.ErrNegativeWeight, "driver %q has %s for %q", d.Name, w.Units, w.To)
		}
		seen[to] = number
		out.earliest = min(out.earliest, n.stage[to])
		if w.Units.Sign() > 0 {
			out.to, out.units = append(out.to, to), append(out.units, w.Units)
		}
	}
	n.drivers[d.Name] = out
	return out.setIdle(d)
}

// setIdle finds what the weights leave of the capacity.
func (d *driver) setIdle(from *Driver) error {
	switch from.Capacity.Sign() {
	case 0:
		return nil
	case -1:
		return refuse(ErrCapacity, "driver %q has %s", from.Name, from.Capacity)
	}
	d.idle = from.Capacity
	for _, u := range d.units {
		var err error
		if d.idle, err = d.idle.Sub(u); err != nil {
			return refuse(err, "driver %q: its capacity of %s and its weights have too many digits together", from.Name, from.Capacity)
		}
	}
	if d.idle.Sign() < 0 {
		return refuse(ErrCapacity, "driver %q has %s, its weights are %s more", from.Name, from.Capacity, d.idle.Neg())
	}
	return nil
}

func (n *network) rules() error {
	for _, r := range n.model.Rules {
		from, known := n.index[r.From]
		if !known {
			return refuse(ErrName, "a rule is for %q, which is no member", r.From)
		}
		d := n.drivers[r.Driver]
		s := n.stage[from]
		switch {
		case d == nil:
			return refuse(ErrName, "the rule of %q names the driver %q, which does not exist", r.From, r.Driver)
		case n.rule[from] != nil:
			return refuse(ErrName, "%q has two rules", r.From)
		case n.bills(from):
			return refuse(ErrStage, "%q has a rule, but its stage %q is the last", r.From, n.stages[s])
		case d.earliest < s:
			return refuse(ErrStage, "the driver %q leads from %q in stage %q back to stage %q",
				r.Driver, r.From, n.stages[s], n.stages[d.earliest])
		}
		n.rule[from] = d
	}
	return nil
}

// bills tells whether a member is billed: it is in the last stage.
func (n *network) bills(member int32) bool { return int(n.stage[member]) == len(n.stages)-1 }

// idle is the node of a member's idle capacity.
func (n *network) idle(member int32) int32 { return int32(len(n.names)) + member }
