package cmdb

import (
	"fmt"
	"slices"

	"github.com/itsmkit/itsm"
)

// Scenario is a change that is thought through before it is made.
type Scenario struct {
	Change Change     // what the graph will gain and lose
	Out    []itsm.Ref // items that will be down meanwhile, or for good, but keep their relations
	// Watch names the items whose single points of failure are compared.
	Watch []itsm.Ref
	// Classes names the classes whose states are compared, with those below them; none: all.
	Classes []string
}

// Outcome compares a graph with what a scenario makes of it.
type Outcome struct {
	After   *Graph
	States  []Difference
	Watched []Watched
	Bereft  []Bereft
}

// Difference is an item whose state the scenario changes. Before is empty for an item that is new, After for one that is
// gone.
type Difference struct {
	Item          itsm.Ref
	Before, After State
}

// Watched is an item with the single points of failure that it gains and loses. They are nil where it is gone or new,
// and where it is down before or after.
type Watched struct {
	Difference
	Gained, Lost []itsm.Ref
}

// Bereft is an item that keeps none of the inputs that it had for a need: it seems to need nothing there any longer,
// which more often is an omission of the scenario than true. A need that is not all_of is no longer met.
type Bereft struct {
	Item itsm.Ref
	Need Need
}

// WhatIf compares the graph, with nothing failed, with the graph after the change, with the items in s.Out failed.
// An item that is removed takes its relations with it: what stood on it stands on it no longer. List it in Out instead,
// or too little in Change, to see what fails without it; Outcome.Bereft lists who lost their last.
func (g *Graph) WhatIf(s Scenario) (Outcome, error) {
	after, err := g.Edit(s.Change)
	if err != nil {
		return Outcome{}, err
	}
	before, err := g.Impact()
	if err != nil {
		return Outcome{}, err
	}
	then, err := after.Impact(s.Out...)
	if err != nil {
		return Outcome{}, fmt.Errorf("what if: out: %w", err)
	}
	out := Outcome{After: after, Bereft: g.bereft(after, s.Change)}
	out.States = differences(before, then, s.Classes)
	for _, item := range s.Watch {
		if !g.Has(item) && !after.Has(item) {
			return Outcome{}, fmt.Errorf("what if: watch: %w", unknown(item))
		}
		w := Watched{Difference: difference(before, then, item)}
		was, errBefore := g.SinglePoints(item)
		is, errAfter := after.SinglePoints(item, s.Out...)
		if errBefore == nil && errAfter == nil { // else it is down, gone or new, as its states say
			w.Gained, w.Lost = without(is, was), without(was, is)
		}
		out.Watched = append(out.Watched, w)
	}
	return out, nil
}

func difference(before, after *Impact, item itsm.Ref) Difference {
	d := Difference{Item: item}
	if before.g.Has(item) {
		d.Before = before.Of(item).State
	}
	if after.g.Has(item) {
		d.After = after.Of(item).State
	}
	return d
}

// differences compares the states of all that is not up before or after, which then comes first.
func differences(before, then *Impact, classes []string) []Difference {
	var out []Difference
	seen := map[itsm.Ref]int{}
	for e := range then.Effects(classes...) {
		seen[e.Item] = len(out)
		out = append(out, Difference{Item: e.Item, After: e.State})
	}
	after := len(out)
	for e := range before.Effects(classes...) {
		at, ok := seen[e.Item]
		if !ok {
			at = len(out)
			out = append(out, difference(before, then, e.Item))
		}
		out[at].Before = e.State
	}
	for i := range out[:after] {
		if out[i].Before == "" {
			out[i] = difference(before, then, out[i].Item)
		}
	}
	return slices.DeleteFunc(out, func(d Difference) bool { return d.Before == d.After })
}

// without returns what is in a and not in b.
func without(a, b []itsm.Ref) []itsm.Ref {
	in := make(map[itsm.Ref]bool, len(b))
	for _, r := range b {
		in[r] = true
	}
	return slices.DeleteFunc(slices.Clone(a), func(r itsm.Ref) bool { return in[r] })
}

// bereft finds the items that lost the last input of a need.
func (g *Graph) bereft(after *Graph, c Change) []Bereft {
	var lost []int32
	for _, e := range c.Unrelate {
		for _, end := range []itsm.Ref{e.Source, e.Target} {
			if v, ok := g.find(end); ok {
				lost = append(lost, v)
			}
		}
	}
	for _, r := range c.Remove {
		if v, ok := g.find(r); ok {
			for _, e := range g.feeds(v) {
				lost = append(lost, e.item)
			}
		}
	}
	slices.Sort(lost)
	var out []Bereft
	for _, v := range slices.Compact(lost) {
		if !after.present(v) {
			continue
		}
		had, has := g.groups(v), after.groups(v)
		for _, need := range had {
			if !slices.Contains(has, need) {
				out = append(out, Bereft{Item: g.ref(v), Need: need})
			}
		}
	}
	return out
}

// groups lists the needs of v that have an input.
func (g *Graph) groups(v int32) []Need {
	var out []Need
	set := g.setOf(v)
	for _, e := range g.needs(v) {
		need := Need{Redundancy: AllOf}
		if group := int(e.bits & groupMask); group < len(set.source) {
			need = set.source[group]
		}
		if !slices.Contains(out, need) {
			out = append(out, need)
		}
	}
	return out
}
