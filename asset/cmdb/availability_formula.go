package cmdb

import "slices"

// formula is what the availability of an item is computed from: its parts are the item and all that it stands on,
// inputs before what needs them, but for cycles, whose items are neighbours.
type formula struct {
	parts       []part
	top         int // the item itself
	steps       []step
	conditioned []int
	loose       []int
	value       []interval // by part
	own         []interval // by part of a cycle: itself with the inputs outside the cycle that it cannot be up without
	low, high   float64
}

// part is an item of a formula.
type part struct {
	item     int32
	own      float64
	required bool // the top is down without it
	cycle    int  // the parts of a cycle have its number; -1: none
	uses     int  // in how many needs of parts it is an input
	groups   []group
}

// group is the inputs of one need of a part.
type group struct {
	all    bool
	least  int64 // weight that has to be up
	total  int64
	inputs []source
}

type source struct {
	part   int
	weight int64
}

// formula returns the formula of x, or nil where x is down with nothing failed.
func (g *Graph) formula(x int32) *formula {
	s := g.borrow()
	defer g.release(s)
	g.fail(s, g.unmet, becauseUnmet)
	if s.mark(x) == isDown {
		return nil
	}
	required := map[int32]bool{x: true}
	g.points(s, x, func(v int32) bool {
		required[v] = true
		return true
	})
	f := &formula{}
	number := map[int32]int{}
	cycles := 0
	for _, component := range g.components(s, x) {
		cycle := -1
		if len(component) > 1 {
			cycle = cycles
			cycles++
		}
		for _, v := range component {
			number[v] = len(f.parts)
			f.parts = append(f.parts, part{item: v, required: required[v], cycle: cycle})
		}
	}
	for i := range f.parts {
		f.parts[i].groups = g.partGroups(s, f.parts[i].item, number)
		for _, group := range f.parts[i].groups {
			for _, in := range group.inputs {
				f.parts[in.part].uses++
			}
		}
	}
	f.top = number[x]
	f.value = make([]interval, len(f.parts))
	f.own = make([]interval, len(f.parts))
	return f
}

// partGroups lists the inputs of v by need, without those that are down for good.
func (g *Graph) partGroups(s *scratch, v int32, number map[int32]int) []group {
	set := g.setOf(v)
	at := map[uint8]int{}
	var out []group
	for _, e := range g.needs(v) {
		no := e.bits & groupMask
		if s.mark(e.item) == isDown {
			continue // v is up without it, or it would be down too
		}
		k, ok := at[no]
		if !ok {
			k = len(out)
			at[no] = k
			one := group{all: true}
			if e.bits&counted != 0 {
				one = group{least: set.needs[no].min}
			}
			out = append(out, one)
		}
		weight := int64(1)
		if e.bits&counted != 0 && set.needs[no].weighted {
			weight = int64(e.weight)
		}
		to, in := &out[k], source{number[e.item], weight}
		if last := len(to.inputs) - 1; last >= 0 && to.inputs[last].part == in.part { // it counts once, with the largest
			to.inputs[last].weight = max(to.inputs[last].weight, weight)
			continue
		}
		to.inputs = append(to.inputs, in)
	}
	for i := range out {
		for _, in := range out[i].inputs {
			out[i].total += in.weight
		}
		if out[i].all {
			out[i].least = out[i].total
		}
		out[i].all = out[i].least == out[i].total
		out[i].reduce()
	}
	return out
}

// reduce divides the weights by what they have in common: the time of a sum over them is proportional to the total, and
// lines of 10,000 Mbit/s each are counted in no smaller steps.
func (g *group) reduce() {
	common := g.total
	for _, in := range g.inputs {
		for rest := in.weight; rest != 0; {
			common, rest = rest, common%rest
		}
	}
	for i := range g.inputs {
		g.inputs[i].weight /= common
	}
	g.total, g.least = g.total/common, (g.least+common-1)/common
}

// components returns what x stands on, x included and without what is down, as strongly connected components, those
// that others stand on first (R. Tarjan, Depth-first search and linear graph algorithms, 1972).
func (g *Graph) components(s *scratch, x int32) [][]int32 {
	type frame struct {
		v    int32
		next int
	}
	var (
		out       [][]int32
		stack     []int32
		index     = map[int32]int{x: 1}
		low       = map[int32]int{x: 1}
		onStack   = map[int32]bool{x: true}
		recursion = []frame{{v: x}}
	)
	stack = append(stack, x)
	for len(recursion) > 0 {
		top := &recursion[len(recursion)-1]
		if needs := g.needs(top.v); top.next < len(needs) {
			w := needs[top.next].item
			top.next++
			switch {
			case s.mark(w) == isDown:
			case index[w] == 0:
				index[w] = len(index) + 1
				low[w] = index[w]
				stack, onStack[w] = append(stack, w), true
				recursion = append(recursion, frame{v: w})
			case onStack[w]:
				low[top.v] = min(low[top.v], index[w])
			}
			continue
		}
		v := top.v
		recursion = recursion[:len(recursion)-1]
		if len(recursion) > 0 {
			under := recursion[len(recursion)-1].v
			low[under] = min(low[under], low[v])
		}
		if low[v] == index[v] {
			at := len(stack) - 1
			for stack[at] != v {
				at--
			}
			component := slices.Clone(stack[at:])
			stack = stack[:at]
			for _, w := range component {
				onStack[w] = false
			}
			out = append(out, component)
		}
	}
	return out
}
