package cmdb

import (
	"context"
	"iter"
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
)

// Live is the graph of what is in use now, with the items that are out of service.
type Live struct {
	*Graph
	// Out are the items that are out of service: give them to [Graph.Impact] beside what failed.
	Out []itsm.Ref
}

// Graph compiles the items that are in use and the active relations that the actor may see. A relation to an item that
// he may not see, or that is no longer in use, is left out. Records of other kinds are in the graph while something in it
// is related to them.
//
// A relation was judged when it was made. One that the rules would not allow today, since they or the class of an item
// have changed, is in the graph all the same, and one of a type that they do not have any longer spreads no failure;
// [Database.Health] counts these as forbidden. What [Graph.Edit] and [Graph.WhatIf] add is judged by the rules.
func (d *Database) Graph(ctx context.Context) (Live, error) {
	in, err := scope(ctx)
	if err != nil {
		return Live{}, err
	}
	return d.live(ctx, in, d.Relations.All(ctx, itsm.Where(itsm.ByState[Relation]().Is(Active))),
		d.Items.All(ctx, itsm.Where(itsm.ByState[Item]().In(Operational, OutOfService))))
}

// live compiles the graph of active relations and of items that are in use, which are read in this order.
func (d *Database) live(ctx context.Context, in itsm.Scope, relations iter.Seq2[Relation, error], used iter.Seq2[Item, error]) (Live, error) {
	known, err := d.known(ctx, in)
	if err != nil {
		return Live{}, err
	}
	var edges []Edge
	var others []itsm.Ref // in the order in which they are first named, so that the graph is the same each time
	seen := map[itsm.Ref]bool{}
	for r, err := range relations {
		if err != nil {
			return Live{}, err
		}
		edges = append(edges, r.Edge())
		for _, end := range [...]itsm.Ref{r.Source, r.Target} {
			if end.Kind != ItemName && !seen[end] {
				others, seen[end] = append(others, end), true
			}
		}
	}
	var live Live
	var items []Node
	for x, err := range used {
		if err != nil {
			return Live{}, err
		}
		n := x.Node()
		if x.State == OutOfService {
			live.Out = append(live.Out, n.Ref)
		}
		items, seen[n.Ref] = append(items, n), true
	}
	edges = slices.DeleteFunc(edges, func(e Edge) bool {
		return e.Source.Kind == ItemName && !seen[e.Source] || e.Target.Kind == ItemName && !seen[e.Target]
	})
	related := map[itsm.Ref]bool{}
	for _, e := range edges {
		related[e.Source], related[e.Target] = true, true
	}
	for _, r := range others {
		if !related[r] {
			continue
		}
		class := r.Kind
		if d.config.Others != nil {
			var there bool
			if class, there, err = d.config.Others(ctx, r); err != nil {
				return Live{}, err
			}
			if seen[r] = there; !there {
				continue
			}
		}
		items = append(items, Node{Ref: r, Class: class})
	}
	edges = slices.DeleteFunc(edges, func(e Edge) bool { return !seen[e.Source] || !seen[e.Target] })
	sortRefs(live.Out)
	live.Graph, err = compile(d.config.Rules.under(known.judge.model).with(items, edges), true, Each(items...), Each(edges...))
	return live, err
}

// with returns the rules with the relation types that records name and the rules do not have any longer.
func (r Rules) with(items []Node, edges []Edge) Rules {
	known := map[string]bool{"": true}
	for _, t := range r.Relations {
		known[t.Name] = true
	}
	out := r
	add := func(name string) {
		if !known[name] {
			known[name] = true
			out.Relations = append(slices.Clip(out.Relations), RelationType{Name: name, Inverse: name, Spread: Nowhere})
		}
	}
	for i := range edges {
		add(edges[i].Type)
	}
	for _, n := range items {
		for _, need := range n.Needs {
			add(need.Relation)
		}
	}
	return out
}

// Node returns the item as the graph sees it.
func (x *Item) Node() Node {
	n := Node{Ref: x.Ref(ItemName), Class: x.Class}
	if x.Needs != nil {
		if n.Needs = x.Needs.Of; n.Needs == nil {
			n.Needs = []Need{}
		}
	}
	return n
}

// under returns the rules with the inheritance of a class model.
func (r Rules) under(m *asset.Model) Rules {
	own := map[string]int{}
	out := Rules{Relations: r.Relations, Classes: slices.Clone(r.Classes)}
	for i, c := range out.Classes {
		own[c.Class] = i
	}
	for _, c := range m.Classes() {
		if i, ok := own[c.Name]; ok {
			out.Classes[i].Parent = c.Extends
		} else if c.Extends != "" {
			out.Classes = append(out.Classes, ClassRule{Class: c.Name, Parent: c.Extends})
		}
	}
	return out
}

// Falls returns the records of some classes (and of those that extend them) that are down if all that failed fails at
// the same time, each once. What it does not know makes nothing fall.
func (g *Graph) Falls(failed []itsm.Ref, classes ...string) ([]itsm.Ref, error) {
	impact, err := g.Impact(slices.DeleteFunc(slices.Clone(failed), func(r itsm.Ref) bool { return !g.Has(r) })...)
	if err != nil {
		return nil, err
	}
	var out []itsm.Ref
	for e := range impact.Effects(classes...) {
		if e.State == Down {
			out = append(out, e.Item)
		}
	}
	return out, nil
}

// Services answers what package supplier asks: which services fall. Classes are those of services; none stands for
// "service".
type Services struct {
	Graph   *Graph
	Classes []string
}

// Falls returns the services that are down if all of some items and services fail at the same time.
func (s Services) Falls(_ context.Context, failed []itsm.Ref) ([]itsm.Ref, error) {
	if len(s.Classes) == 0 {
		return s.Graph.Falls(failed, "service")
	}
	return s.Graph.Falls(failed, s.Classes...)
}
