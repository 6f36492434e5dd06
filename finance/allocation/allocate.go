package allocation

import (
	"math/big"

	"github.com/itsmkit/itsm/money"
)

// Allocate carries lines through the stages. What a member has, lines and what it received, is shared by its driver with
// [money.Amount.AllocateBy]: rounded to the coin with the largest remainder, so that the shares add up to it. Nothing is
// lost: what does not come to a bill is idle or unallocated, or the whole is refused. It keeps none of its
// arguments.
func (m Model) Allocate(lines []Line) (*Result, error) {
	n, err := m.network()
	if err != nil {
		return nil, err
	}
	nodes := 2 * len(n.names)
	r := &run{
		Result: &Result{
			network: n, lines: newLines(len(lines)), balance: make([]money.Amount, nodes), out: make([]giving, len(n.names)),
			turns: make([]turns, len(m.Stages)),
		},
		sums: make([]wide, nodes),
		done: make([]bool, nodes),
	}
	if err := r.enter(lines); err != nil {
		return nil, err
	}
	for stage := range m.Stages {
		if err := r.pass(stage); err != nil {
			return nil, err
		}
	}
	for node := range int32(nodes) {
		if err := r.settle(node); err != nil {
			return nil, err
		}
	}
	n.model, n.drivers, n.rule = nil, nil, nil // the result needs them no more
	return r.Result, nil
}

// pass lets the members of a stage give, but for the last.
func (r *run) pass(stage int) error {
	for m := r.first[stage]; m < r.first[stage+1]; m++ {
		if err := r.settle(m); err != nil {
			return err
		}
	}
	switch method := r.model.Stages[stage].Method; {
	case stage == len(r.stages)-1:
		return nil
	case method == StepDown:
		return r.stepDown(stage)
	case method == Reciprocal:
		return r.reciprocal(stage)
	}
	return r.direct(stage)
}

// run is an allocation under way.
type run struct {
	*Result
	sums []wide // of what each node received so far
	done []bool // members that gave already, in a step-down
}

// enter takes the lines to their members.
func (r *run) enter(list []Line) error {
	for i := range list {
		l := &list[i]
		to, known := r.index[l.To]
		switch {
		case l.ID == "":
			return refuse(ErrName, "line %d has no ID", i)
		case !known:
			return refuse(ErrName, "line %q goes to %q, which is no member", l.ID, l.To)
		case l.Amount.Currency() != r.currency:
			return refuse(&money.MismatchError{A: l.Amount.Currency(), B: r.currency}, "line %q", l.ID)
		case !r.lines.add(l.ID, to, l.Amount.Coins()):
			return refuse(ErrName, "line %q is there twice", l.ID)
		}
		r.sums[to].add(l.Amount.Coins())
	}
	return nil
}

// settle makes the balance of a node of what it received.
func (r *run) settle(node int32) error {
	coins, fits := r.sums[node].int64()
	if !fits {
		return refuse(money.ErrOverflow, "the balance of %q", r.endOf(node).Name)
	}
	var err error
	r.balance[node], err = money.New(coins, r.currency)
	return err
}

// give shares the balance of a member among those of its driver that may receive.
func (r *run) give(from int32, may func(to int32) bool) error {
	return r.share(from, r.receivers(from, may))
}

// receivers returns whom a member gives to and by which weights: those that may receive of its driver, and its idle
// capacity.
func (r *run) receivers(from int32, may func(to int32) bool) giving {
	d := r.rule[from]
	if d == nil {
		return giving{}
	}
	g := giving{to: d.to, units: d.units}
	if d.earliest > r.stage[from] && d.idle.Sign() == 0 {
		return g
	}
	g = giving{}
	for i, to := range d.to {
		if may(to) {
			g.to, g.units = append(g.to, to), append(g.units, d.units[i])
		}
	}
	if d.idle.Sign() > 0 {
		g.to, g.units = append(g.to, r.idle(from)), append(g.units, d.idle)
	}
	return g
}

// share gives what a member has to the receivers of g, or leaves it there if that is allowed.
func (r *run) share(from int32, g giving) error {
	if len(g.to) == 0 {
		if r.balance[from].Sign() != 0 && !r.model.Stages[r.stage[from]].Keep {
			return &NoReceiverError{Member: r.names[from]}
		}
		return nil
	}
	var err error
	if g.exact != nil {
		g.coins, err = r.balance[from].AllocateRat(g.exact)
	} else {
		g.coins, err = r.balance[from].AllocateBy(g.units)
	}
	if err != nil {
		return refuse(err, "the driver of %q", r.names[from])
	}
	for i, to := range g.to {
		r.sums[to].add(g.coins[i].Coins())
	}
	r.out[from] = g
	r.order = append(r.order, from)
	return nil
}

// direct lets the members of a stage give to later stages.
func (r *run) direct(stage int) error {
	for from := r.first[stage]; from < r.first[stage+1]; from++ {
		if err := r.give(from, func(to int32) bool { return r.stage[to] > int32(stage) }); err != nil {
			return err
		}
	}
	return nil
}

// stepDown lets the members of a stage give one after the other.
func (r *run) stepDown(stage int) error {
	order, err := r.sequence(stage)
	if err != nil {
		return err
	}
	for _, from := range order {
		if err := r.settle(from); err != nil {
			return err
		}
		r.done[from] = true
		if err := r.give(from, func(to int32) bool { return !r.done[to] }); err != nil {
			return err
		}
	}
	return nil
}

// giving is what a member gave: coins to each receiver, by weights that are decimals or fractions.
type giving struct {
	to    []int32
	coins []money.Amount
	units []money.Number
	exact []*big.Rat
}
