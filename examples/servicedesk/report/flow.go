package report

import (
	"cmp"
	"math"
	"slices"
)

// flow is the lifecycle as a drawing: the states in one row; each step to the next state is a straight arrow
// in the gap between the two, each further step forward an arrow above the row, each step back one below.
//
// Nothing overlaps, by construction: each arrow has places of its own on its two states (upright parts) and a
// level of its own wherever it passes another (level parts); its number stands on the level part in the gap
// beside the state that it leaves, where no upright part ever is.
type flow struct {
	nodes  []flowNode
	edges  []flowEdge
	gap    float64
	above  int // levels above the row
	below  int
	hidden int // steps too rare to be drawn
}

type flowNode struct {
	state         string // "" is where cases begin
	x, width      float64
	entered, ends int
}

type flowEdge struct {
	from, to, count int     // nodes by index
	level           int     // 0 is straight, >0 above the row, <0 below
	x1, x2          float64 // where it leaves and arrives
	width           float64
}

const (
	mostEdges = 28
	portRoom  = 19.0
	flowGap   = 92.0
)

// newFlow places the states and steps of a report.
func newFlow(r *Report) *flow {
	f := &flow{gap: flowGap, nodes: []flowNode{{}}}
	index := map[string]int{}
	for _, s := range r.States {
		index[s] = len(f.nodes)
		f.nodes = append(f.nodes, flowNode{state: s, entered: r.InitialStates[s], ends: r.FinalStates[s]})
	}
	for i := range f.nodes[1:] {
		if n := r.InitialStates[f.nodes[i+1].state]; n > 0 {
			f.edges = append(f.edges, flowEdge{from: 0, to: i + 1, count: n})
		}
	}
	for _, t := range r.Transitions {
		from, ok1 := index[t.From]
		to, ok2 := index[t.To]
		if !ok1 || !ok2 || from == to || t.Count <= 0 {
			continue
		}
		f.nodes[to].entered += t.Count
		f.edges = append(f.edges, flowEdge{from: from, to: to, count: t.Count})
	}
	slices.SortStableFunc(f.edges, func(x, y flowEdge) int { return y.count - x.count })
	if extra := len(f.edges) - mostEdges; extra > 0 {
		f.edges, f.hidden = f.edges[:mostEdges], extra
	}
	f.weigh()
	f.place()
	f.levels()
	return f
}

// weigh gives each arrow its width: the area of what it carries, not less than can be seen.
func (f *flow) weigh() {
	most := 1
	for _, e := range f.edges {
		most = max(most, e.count)
	}
	for i := range f.edges {
		f.edges[i].width = 1.2 + 7.8*math.Sqrt(float64(f.edges[i].count)/float64(most))
	}
}

func (e flowEdge) straight() bool { return e.to == e.from+1 }
func (e flowEdge) forward() bool  { return e.to > e.from }
func (e flowEdge) span() int      { return max(e.to-e.from, e.from-e.to) }

// place gives each state its width and each arrow its places on the states. Above, arrows arrive on the left
// and leave on the right of a state, below the other way round; the order on a side keeps nested arrows from
// crossing.
func (f *flow) place() {
	x := 0.0
	for i := range f.nodes {
		n := &f.nodes[i]
		aboveIn := f.at(func(e flowEdge) bool { return e.to == i && e.forward() && !e.straight() }, shortFirst)
		aboveOut := f.at(func(e flowEdge) bool { return e.from == i && e.forward() && !e.straight() }, longFirst)
		belowOut := f.at(func(e flowEdge) bool { return e.from == i && !e.forward() }, shortFirst)
		belowIn := f.at(func(e flowEdge) bool { return e.to == i && !e.forward() }, longFirst)
		ports := max(len(aboveIn)+len(aboveOut), len(belowIn)+len(belowOut))
		n.x, n.width = x, 58
		if n.state != "" {
			n.width = max(116, 8*float64(columns(fit(label(n.state), 24)))+28)
		}
		n.width = max(n.width, portRoom*float64(ports)+14)
		f.ports(n, aboveIn, aboveOut, true)
		f.ports(n, belowOut, belowIn, false)
		x += n.width + f.gap
	}
	for i := range f.edges {
		if e := &f.edges[i]; e.straight() {
			e.x1, e.x2 = f.nodes[e.from].x+f.nodes[e.from].width, f.nodes[e.to].x
		}
	}
}

// at returns the arrows that meet a condition, in the order of their span.
func (f *flow) at(is func(flowEdge) bool, order func(x, y *flowEdge) int) []*flowEdge {
	var list []*flowEdge
	for i := range f.edges {
		if is(f.edges[i]) {
			list = append(list, &f.edges[i])
		}
	}
	slices.SortStableFunc(list, order)
	return list
}

func shortFirst(x, y *flowEdge) int { return x.span() - y.span() }
func longFirst(x, y *flowEdge) int  { return y.span() - x.span() }

// ports spreads arrows over the upper or lower side of a state: the first list, then the second. Above, the
// first list arrives; below, the second.
func (f *flow) ports(n *flowNode, first, second []*flowEdge, above bool) {
	left := n.x + n.width/2 - portRoom*float64(len(first)+len(second)-1)/2
	for k, e := range slices.Concat(first, second) {
		x := left + float64(k)*portRoom
		if above == (k < len(first)) {
			e.x2 = x
		} else {
			e.x1 = x
		}
	}
}

// levels puts each arrow above all shorter ones that it passes.
func (f *flow) levels() {
	var bent []*flowEdge
	for i := range f.edges {
		if !f.edges[i].straight() {
			bent = append(bent, &f.edges[i])
		}
	}
	slices.SortStableFunc(bent, func(x, y *flowEdge) int {
		return cmp.Or(x.span()-y.span(), cmp.Compare(x.from, y.from))
	})
	for i, e := range bent {
		level := 1
		for _, other := range bent[:i] {
			if other.forward() == e.forward() && min(other.x1, other.x2) <= max(e.x1, e.x2) &&
				min(e.x1, e.x2) <= max(other.x1, other.x2) {
				level = max(level, abs(other.level)+1)
			}
		}
		if e.forward() {
			e.level, f.above = level, max(f.above, level)
		} else {
			e.level, f.below = -level, max(f.below, level)
		}
	}
}

func abs(n int) int { return max(n, -n) }
