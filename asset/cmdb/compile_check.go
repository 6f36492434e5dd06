package cmdb

import "fmt"

// checkItem checks the sorted lists of an item: each relation once, and, where the relations that are there are not
// settled, between classes that it joins and no more of a type than it allows.
func (g *Graph) checkItem(v int32) error {
	needs, rest := g.needs(v), g.rest(v)
	for i := 1; i < len(needs); i++ {
		if needs[i-1].item == needs[i].item && needs[i-1].typ == needs[i].typ {
			return duplicate(g.edge(v, needs[i], false))
		}
	}
	for i := 1; i < len(rest); i++ {
		if rest[i].bits&reversed == 0 && compareLinks(rest[i-1], rest[i]) == 0 {
			return duplicate(g.edge(v, rest[i], true))
		}
	}
	if g.rules.settled {
		return nil
	}
	for _, e := range needs {
		if err := g.checkPair(v, e, false); err != nil {
			return err
		}
	}
	for _, e := range rest {
		if err := g.checkPair(v, e, true); err != nil {
			return err
		}
	}
	for _, typ := range g.rules.limited {
		if err := g.checkCount(v, typ); err != nil {
			return err
		}
	}
	return nil
}

// checkAdded checks a relation that is new in a graph whose other relations are settled.
func (g *Graph) checkAdded(e rawEdge) error {
	at, other, rest := e.item, e.input, false
	if g.rules.types[e.typ].Spread == Nowhere {
		at, other, rest = e.input, e.item, true
	}
	if err := g.checkPair(at, link{item: other, typ: e.typ}, rest); err != nil {
		return err
	}
	if err := g.checkCount(at, e.typ); err != nil {
		return err
	}
	return g.checkCount(other, e.typ)
}

// checkCount checks how many relations of a type an item has.
func (g *Graph) checkCount(v int32, typ uint8) error {
	t, targets, sources := g.rules.types[typ], 0, 0
	asSource, asTarget := g.needs(v), g.feeds(v)
	if t.Spread == ToTarget {
		asSource, asTarget = asTarget, asSource
	}
	if t.Spread == Nowhere {
		asSource, asTarget = nil, nil
		for _, e := range g.rest(v) {
			if e.typ == typ && e.bits&reversed == 0 {
				targets++
			} else if e.typ == typ {
				sources++
			}
		}
	}
	targets, sources = targets+count(asSource, typ), sources+count(asTarget, typ)
	if t.MaxTargets > 0 && targets > t.MaxTargets {
		return fmt.Errorf("cmdb: item %s: %w: %s %d items, want %d or fewer", g.ref(v), ErrCardinality, t.Name, targets, t.MaxTargets)
	}
	if t.MaxSources > 0 && sources > t.MaxSources {
		return fmt.Errorf("cmdb: item %s: %w: %s %d items, want %d or fewer", g.ref(v), ErrCardinality, t.Inverse, sources, t.MaxSources)
	}
	return nil
}

func count(list []link, typ uint8) int {
	n := 0
	for _, e := range list {
		if e.typ == typ {
			n++
		}
	}
	return n
}

// checkPair checks that a relation in the inputs of v, or in its rest, joins the classes of its ends.
func (g *Graph) checkPair(v int32, e link, rest bool) error {
	pairs := g.rules.pairs[e.typ]
	if len(pairs) == 0 {
		return nil
	}
	source, target := g.classNumber(v), g.classNumber(e.item)
	if !rest && g.rules.types[e.typ].Spread == ToTarget || rest && e.bits&reversed != 0 {
		source, target = target, source
	}
	for _, p := range pairs {
		if (p[0] < 0 || g.below(source, p[0])) && (p[1] < 0 || g.below(target, p[1])) {
			return nil
		}
	}
	edge := g.edge(v, e, rest)
	return fmt.Errorf("cmdb: relation %s %s %s: %w: %s and %s", edge.Source, edge.Type, edge.Target, ErrForbiddenPair,
		g.classes[source].name, g.classes[target].name)
}

func duplicate(e Edge) error {
	return fmt.Errorf("cmdb: relation %s %s %s: %w", e.Source, e.Type, e.Target, ErrDuplicate)
}
