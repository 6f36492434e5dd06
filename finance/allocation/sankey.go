package allocation

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
)

// Sankey is a picture of the flows of a result, as an HTML page that holds one SVG drawing and needs nothing else. The
// width of a band is an amount; a credit is drawn red and as wide as the amount without its sign. All amounts are
// calculated in floats and shown to the coin.
type Sankey struct {
	Title   string
	Line    string // shows where this line went, if it is not empty
	End     End    // shows what this end is made of, if it is not zero; not together with Line
	Largest int    // of each column shows so many members and adds the others up; 0 is 20
}

// picture is nodes and bands before they have places.
type picture struct {
	nodes   []node
	bands   []band
	columns int
}

type node struct {
	label       string
	kind        EndKind // "" for one that gives on
	column      int
	amount      float64 // coins
	in, out     float64 // sum of its bands
	y           float64 // top
	inAt, outAt float64 // where the next band begins, at both sides
}

type band struct {
	from, to int
	amount   float64 // coins
}

// flows returns the coins that a member gives to its i-th receiver.
type flows func(from int32) func(i int) float64

// picture returns what is shown of a result: the flows of all costs, of one line or to one end.
func (r *Result) picture(s Sankey) (*picture, error) {
	flows, amounts, err := r.amounts(s)
	if err != nil {
		return nil, err
	}
	column, shown := r.columns(flows, amounts)
	last := slices.Max(append(column, 0))
	p := &picture{columns: last + 1}
	place := p.choose(r, s, amounts, shown, column, last)
	p.connect(r, flows, place)
	return p, nil
}

// columns returns the column of each node, behind those that give to it and behind the stages before, and which nodes are
// shown: those with an amount or a flow.
func (r *Result) columns(flows flows, amounts []float64) (column []int, shown []bool) {
	column, shown = make([]int, len(r.balance)), make([]bool, len(r.balance))
	for n, amount := range amounts {
		shown[n] = amount != 0
	}
	last := 0
	stage, first := int32(0), 0    // of the stage at hand the first column
	for _, from := range r.order { // each before those that it gives to
		if amounts[from] == 0 {
			continue
		}
		if r.stage[from] > stage {
			stage, first = r.stage[from], last
		}
		column[from] = max(column[from], first)
		last = max(last, column[from]+1)
		amount := flows(from)
		for i, to := range r.out[from].to {
			if amount(i) != 0 {
				shown[to] = true
				column[to] = max(column[to], column[from]+1)
			}
		}
	}
	return column, shown
}

// choose makes nodes of the largest of each column, and one of all others, and returns the node of each node of the
// result, -1 for those that are not shown. Ends are in the last column.
func (p *picture) choose(r *Result, s Sankey, amounts []float64, shown []bool, column []int, last int) []int {
	type group struct {
		column int
		kind   EndKind
	}
	members := map[group][]int32{}
	place := make([]int, len(amounts))
	for n := range amounts {
		place[n] = -1
		if !shown[n] {
			continue
		}
		g := group{column: column[n]}
		if r.ends(int32(n)) {
			g = group{last, r.endOf(int32(n)).Kind}
		}
		members[g] = append(members[g], int32(n))
	}
	most := cmp.Or(max(s.Largest, 0), 20)
	for c := range last + 1 {
		for _, kind := range []EndKind{"", Bill, Idle, Unallocated} {
			list := members[group{c, kind}]
			slices.SortStableFunc(list, func(a, b int32) int { return cmp.Compare(math.Abs(amounts[b]), math.Abs(amounts[a])) })
			for i, n := range list {
				switch fold := len(list) > most+1; {
				case i < most || !fold:
					p.nodes = append(p.nodes, node{label: r.label(n), kind: kind, column: c})
				case i == most:
					p.nodes = append(p.nodes, node{label: fmt.Sprintf("%d others", len(list)-most), kind: kind, column: c})
				}
				place[n] = len(p.nodes) - 1
				p.nodes[place[n]].amount += amounts[n]
			}
		}
	}
	return place
}

// label names a node.
func (r *Result) label(n int32) string {
	if r.ends(n) {
		return r.endOf(n).String()
	}
	return r.names[n]
}

// connect makes the bands. Those between the same two nodes add up.
func (p *picture) connect(r *Result, flows flows, place []int) {
	index := map[[2]int]int{}
	for _, from := range r.order {
		amountOf := flows(from)
		for i, to := range r.out[from].to {
			amount := amountOf(i)
			ends := [2]int{place[from], place[to]}
			if amount == 0 || ends[0] < 0 || ends[1] < 0 {
				continue
			}
			at, known := index[ends]
			if !known {
				at = len(p.bands)
				index[ends] = at
				p.bands = append(p.bands, band{from: ends[0], to: ends[1]})
			}
			p.bands[at].amount += amount
		}
	}
	for _, b := range p.bands {
		p.nodes[b.from].out += math.Abs(b.amount)
		p.nodes[b.to].in += math.Abs(b.amount)
	}
}

// amounts returns the flows that are shown, in coins, and what is shown of each node.
func (r *Result) amounts(s Sankey) (show flows, amounts []float64, err error) {
	amounts = make([]float64, len(r.balance))
	switch {
	case s.Line != "" && s.End != End{}:
		return nil, nil, refuse(ErrName, "a picture is of the line %q or of the end %q, not of both", s.Line, s.End)
	case s.Line != "":
		number, err := r.lineOf(s.Line)
		if err != nil {
			return nil, nil, err
		}
		amounts[r.lines.at[number]] = float64(r.lines.coins[number])
		for _, from := range r.order {
			if amounts[from] != 0 {
				part := r.part(from)
				for i, to := range r.out[from].to {
					amounts[to] += amounts[from] * part(i)
				}
			}
		}
		return func(from int32) func(int) float64 {
			if amounts[from] == 0 {
				return func(int) float64 { return 0 }
			}
			part := r.part(from)
			return func(i int) float64 { return amounts[from] * part(i) }
		}, amounts, nil
	case s.End != End{}:
		to, err := r.node(s.End)
		if err != nil {
			return nil, nil, err
		}
		parts := r.parts(to)
		for n := range amounts {
			amounts[n] = parts[n] * float64(r.balance[n].Coins())
		}
		return func(from int32) func(int) float64 {
			flow, to := r.flow(from), r.out[from].to
			return func(i int) float64 { return flow(i) * parts[to[i]] }
		}, amounts, nil
	}
	for n := range amounts {
		amounts[n] = float64(r.balance[n].Coins())
	}
	return r.flow, amounts, nil
}

// parts is backward in floats.
func (r *Result) parts(to int32) []float64 {
	parts := make([]float64, len(r.balance))
	parts[to] = 1
	for _, from := range slices.Backward(r.order) {
		part := func(int) float64 { return 0 }
		if slices.ContainsFunc(r.out[from].to, func(next int32) bool { return parts[next] != 0 }) {
			part = r.part(from)
		}
		for i, next := range r.out[from].to {
			if parts[next] != 0 {
				parts[from] += parts[next] * part(i)
			}
		}
	}
	return parts
}

// flow returns the coins that went from a member to its i-th receiver.
func (r *Result) flow(from int32) func(i int) float64 {
	coins := r.out[from].coins
	return func(i int) float64 { return float64(coins[i].Coins()) }
}

// part returns which part of a member's costs went to its i-th receiver; see weights.
func (r *Result) part(from int32) func(i int) float64 {
	if balance := float64(r.balance[from].Coins()); balance != 0 {
		flow := r.flow(from)
		return func(i int) float64 { return flow(i) / balance }
	}
	at, total := r.weights(from)
	return func(i int) float64 {
		f, _ := new(big.Rat).Quo(at(i), total).Float64()
		return f
	}
}
