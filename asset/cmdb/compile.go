package cmdb

import (
	"fmt"
	"iter"
	"slices"
)

// Compile builds a graph from the items and the relations between them, each read once, the items first. It takes
// time and memory in proportion to their number. The error lists what breaks the rules, up to 100 of them; then there
// is no graph. An error that an iterator yields ends the reading and is returned.
//
// A relation to an item that is not there, from an item to itself, of a type that the rules do not declare, between
// classes that the type does not join, beyond its cardinality, or twice the same is an error. Cycles are not.
func Compile(rules Rules, nodes iter.Seq2[Node, error], edges iter.Seq2[Edge, error]) (*Graph, error) {
	return compile(rules, false, nodes, edges)
}

// compile is Compile. settled: the relations were judged when they were made, and are not judged again.
func compile(rules Rules, settled bool, nodes iter.Seq2[Node, error], edges iter.Seq2[Edge, error]) (*Graph, error) {
	r := newRegistry()
	book, err := newRulebook(rules, r)
	if err != nil {
		return nil, err
	}
	book.settled = settled
	c := compiler{rules: book, registry: r}
	if err := c.readNodes(nodes); err != nil {
		return nil, err
	}
	c.exact()
	if err := c.readEdges(edges); err != nil {
		return nil, err
	}
	g := &Graph{rules: book, registry: r, snapshot: r.snapshot, items: len(c.flags), edges: c.edges}
	if err := c.join(g); err != nil {
		return nil, err
	}
	return g, nil
}

// Each turns lists into what Compile reads.
func Each[T any](list ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, one := range list {
			if !yield(one, nil) {
				return
			}
		}
	}
}

// compiler holds what was read.
type compiler struct {
	rules    *rulebook
	registry *registry
	flags    []uint8
	class    []uint16
	set      []uint32
	raw      [][]rawEdge // in pieces, so that none is copied
	edges    int
}

// rawEdge is a relation as failure goes: from the input to what needs it. Where the type spreads none it goes from
// the source to the target.
type rawEdge struct {
	input, item int32
	weight      uint16
	typ         uint8
}

const rawPiece = 1 << 14

func (c *compiler) readNodes(nodes iter.Seq2[Node, error]) error {
	var p problems
	for n, err := range nodes {
		if err != nil {
			return fmt.Errorf("cmdb: reading items: %w", err)
		}
		_, isNew, err := c.registry.number(n.Ref)
		if err == nil && !isNew {
			err = fmt.Errorf("cmdb: item %s: %w", n.Ref, ErrDuplicate)
		}
		if err != nil {
			p.add(err)
			continue
		}
		class, set, flags, err := c.rules.place(c.registry, n)
		if err != nil {
			p.add(err)
		}
		c.flags, c.class, c.set = append(c.flags, flags), append(c.class, class), append(c.set, set)
	}
	return p.err()
}

// exact gives back what appending took in advance.
func (c *compiler) exact() {
	c.flags, c.class, c.set = exact(c.flags), exact(c.class), exact(c.set)
	c.registry.ids, c.registry.kinds = exact(c.registry.ids), exact(c.registry.kinds)
}

func exact[T any](list []T) []T { return append(make([]T, 0, len(list)), list...) }

func (c *compiler) readEdges(edges iter.Seq2[Edge, error]) error {
	var p problems
	for e, err := range edges {
		if err != nil {
			return fmt.Errorf("cmdb: reading relations: %w", err)
		}
		raw, err := c.rules.resolve(e, c.registry.find)
		if err != nil {
			p.add(err)
			continue
		}
		if c.edges%rawPiece == 0 {
			c.raw = append(c.raw, make([]rawEdge, 0, rawPiece))
		}
		last := &c.raw[len(c.raw)-1]
		*last = append(*last, raw)
		c.edges++
	}
	return p.err()
}

// join makes the pages of the graph.
func (c *compiler) join(g *Graph) error {
	n := len(c.flags)
	needsAt, feedsAt, restAt := c.offsets(n)
	needs, rest := make([]link, needsAt[n]), make([]link, restAt[n])
	put := func(list []link, at []uint32, v int32, l link) { // at moves forward; it is set back below
		list[at[v]] = l
		at[v]++
	}
	for _, piece := range c.raw {
		for _, e := range piece {
			if c.rules.types[e.typ].Spread == Nowhere {
				put(rest, restAt, e.input, link{item: e.item, weight: e.weight, typ: e.typ})
				put(rest, restAt, e.item, link{item: e.input, weight: e.weight, typ: e.typ, bits: reversed})
				continue
			}
			put(needs, needsAt, e.item, link{item: e.input, weight: e.weight, typ: e.typ})
		}
	}
	c.raw = nil
	setBack(needsAt)
	setBack(restAt)
	feeds := make([]link, feedsAt[n])

	g.pages = make([]*page, (n+pageSize-1)/pageSize)
	for i := range g.pages {
		from, to := i*pageSize, min((i+1)*pageSize, n)
		g.pages[i] = &page{
			flags: c.flags[from:to:to], class: c.class[from:to:to], set: c.set[from:to:to],
			needsAt: needsAt[from : to+1 : to+1], feedsAt: feedsAt[from : to+1 : to+1], restAt: restAt[from : to+1 : to+1],
			needs: needs, feeds: feeds, rest: rest,
		}
	}
	var p problems
	next := slices.Clone(feedsAt[:n])
	var work settled
	for i, pg := range g.pages {
		pg.slotAt, pg.bears = make([]uint16, len(pg.flags)+1), make([]uint16, len(pg.flags))
		for at := range pg.flags {
			v := int32(i*pageSize + at)
			slices.SortFunc(g.needs(v), compareLinks)
			slices.SortFunc(g.rest(v), compareLinks)
			work.settle(&g.snapshot, g.classNumber, g.setOf(v), g.needs(v))
			pg.flags[at] |= work.flags
			pg.bears[at] = work.bears
			pg.margins = append(pg.margins, work.margins...)
			pg.slotAt[at+1] = uint16(len(pg.margins))
			if work.unmet {
				g.unmet = append(g.unmet, v)
			}
			for k, e := range g.needs(v) {
				feeds[next[e.item]] = link{item: v, weight: work.effective[k], typ: e.typ, bits: e.bits}
				next[e.item]++
			}
		}
		pg.margins = exact(pg.margins)
	}
	for v := range int32(n) {
		if err := g.checkItem(v); err != nil {
			p.add(err)
		}
	}
	return p.err()
}

// offsets returns where the lists of each item start, and in the last place where they end.
func (c *compiler) offsets(n int) (needsAt, feedsAt, restAt []uint32) {
	needsAt, feedsAt, restAt = make([]uint32, n+1), make([]uint32, n+1), make([]uint32, n+1)
	for _, piece := range c.raw {
		for _, e := range piece {
			if c.rules.types[e.typ].Spread == Nowhere {
				restAt[e.input]++
				restAt[e.item]++
				continue
			}
			feedsAt[e.input]++
			needsAt[e.item]++
		}
	}
	for _, at := range [][]uint32{needsAt, feedsAt, restAt} {
		sum := uint32(0)
		for i, count := range at {
			at[i] = sum
			sum += count
		}
	}
	return needsAt, feedsAt, restAt
}

// setBack undoes that each start was moved to its end.
func setBack(at []uint32) {
	copy(at[1:], at[:len(at)-1])
	at[0] = 0
}
