package cmdb

import (
	"iter"
	"slices"

	"github.com/itsmkit/itsm"
)

// Node is an item as the graph sees it.
type Node struct {
	Ref   itsm.Ref
	Class string
	Needs []Need // nil: the needs of its class
}

// Edge is a relation of a type that the rules declare. A source and a target have one relation of a type at most.
type Edge struct {
	Source itsm.Ref
	Type   string
	Target itsm.Ref
	Weight int // what the input counts for where a need is Weighted; 0 stands for 1
}

// Graph is a compiled graph of items and relations. It never changes, so that any number of goroutines may read it;
// [Graph.Edit] returns another one that shares most of its memory with the first. The zero Graph is not usable.
type Graph struct {
	rules    *rulebook
	registry *registry
	snapshot         // what the registry held when the graph was made
	pages    []*page // by number / pageSize
	unmet    []int32 // items whose needs ask for more inputs than there are, ascending
	items    int
	edges    int
}

// Items returns how many items the graph holds.
func (g *Graph) Items() int { return g.items }

// Relations returns how many relations the graph holds.
func (g *Graph) Relations() int { return g.edges }

// Has tells whether the graph holds the item.
func (g *Graph) Has(r itsm.Ref) bool {
	_, ok := g.find(r)
	return ok
}

// Class returns the class of an item, or "" where the graph does not hold it.
func (g *Graph) Class(r itsm.Ref) string {
	v, ok := g.find(r)
	if !ok {
		return ""
	}
	return g.classOf(v)
}

// Nodes yields every item, in the order in which they were first known.
func (g *Graph) Nodes() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for v := range int32(len(g.ids)) {
			if g.present(v) && !yield(g.node(v)) {
				return
			}
		}
	}
}

func (g *Graph) node(v int32) Node {
	p, at := g.at(v)
	n := Node{Ref: g.ref(v), Class: g.classOf(v)}
	if p.flags[at]&ownNeeds != 0 {
		n.Needs = slices.Clone(g.sets[p.set[at]].source)
		if n.Needs == nil {
			n.Needs = []Need{}
		}
	}
	return n
}

// Edges yields every relation.
func (g *Graph) Edges() iter.Seq[Edge] {
	return func(yield func(Edge) bool) {
		for v := range int32(len(g.ids)) {
			if !g.present(v) {
				continue
			}
			for _, e := range g.needs(v) {
				if !yield(g.edge(v, e, false)) {
					return
				}
			}
			for _, e := range g.rest(v) {
				if e.bits&reversed == 0 && !yield(g.edge(v, e, true)) {
					return
				}
			}
		}
	}
}

// edge writes an entry of the inputs of v, or of its relations that spread no failure, as a relation.
func (g *Graph) edge(v int32, e link, rest bool) Edge {
	t := g.rules.types[e.typ]
	out := Edge{Source: g.ref(v), Type: t.Name, Target: g.ref(e.item), Weight: int(e.weight)}
	if !rest && t.Spread == ToTarget || rest && e.bits&reversed != 0 {
		out.Source, out.Target = out.Target, out.Source
	}
	return out
}

// RelationsOf yields the relations that start or end at an item; none where the graph does not hold it.
func (g *Graph) RelationsOf(r itsm.Ref) iter.Seq[Edge] {
	return func(yield func(Edge) bool) {
		v, ok := g.find(r)
		if !ok {
			return
		}
		for _, e := range g.needs(v) {
			if !yield(g.edge(v, e, false)) {
				return
			}
		}
		for _, e := range g.feeds(v) {
			back := link{item: v, typ: e.typ, weight: g.weight(e.item, v, e.typ)}
			if !yield(g.edge(e.item, back, false)) {
				return
			}
		}
		for _, e := range g.rest(v) {
			if !yield(g.edge(v, e, true)) {
				return
			}
		}
	}
}

// related tells whether the graph holds a relation, whatever its weight.
func (g *Graph) related(e Edge) bool {
	typ, known := g.rules.typeNo[e.Type]
	source, okSource := g.find(e.Source)
	target, okTarget := g.find(e.Target)
	if !known || !okSource || !okTarget {
		return false
	}
	switch g.rules.types[typ].Spread {
	case Nowhere:
		_, ok := slices.BinarySearchFunc(g.rest(source), link{item: target, typ: typ}, compareLinks)
		return ok
	case ToTarget:
		source, target = target, source
	}
	_, ok := position(g.needs(source), target, typ)
	return ok
}

// isRelated tells whether an item has any relation.
func (g *Graph) isRelated(r itsm.Ref) bool {
	v, ok := g.find(r)
	return ok && len(g.needs(v))+len(g.feeds(v))+len(g.rest(v)) > 0
}

// find returns the number of an item that the graph holds.
func (g *Graph) find(r itsm.Ref) (int32, bool) {
	v, ok := g.registry.find(r)
	return v, ok && int(v) < len(g.ids) && g.present(v)
}

// numbers finds several items.
func (g *Graph) numbers(refs []itsm.Ref) ([]int32, error) {
	out := make([]int32, 0, len(refs))
	var p problems
	for _, r := range refs {
		v, ok := g.find(r)
		if !ok {
			p.add(unknown(r))
			continue
		}
		out = append(out, v)
	}
	return out, p.err()
}
