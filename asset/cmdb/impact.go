package cmdb

import (
	"iter"
	"slices"
	"sync"

	"github.com/itsmkit/itsm"
)

// State is what failures do to an item.
type State string

// The states, from the best to the worst.
const (
	Up       State = "up"
	Degraded State = "degraded" // its needs are met, but an input is down or degraded
	AtRisk   State = "at_risk"  // degraded, and one more failure of a single item, not itself, would bring it down
	Down     State = "down"     // failed, or a need of it is not met
)

// States lists the states, for pick boxes.
func States() []State { return []State{Up, Degraded, AtRisk, Down} }

// Effect is what failures do to one item.
type Effect struct {
	Item  itsm.Ref
	Class string
	State State
	// Next is an item whose failure would bring an item at risk down: the nearest one found.
	Next itsm.Ref
}

// Impact is what the failure of some items does to the others. It is safe for concurrent use, and the graph's later
// edits do not change it.
type Impact struct {
	g     *Graph
	hits  []hit // the down, then the degraded, each nearest first
	downs int
	index func() hitIndex // made when it is first asked for
}

// Impact returns what happens when items fail or are taken out at once. Items whose needs ask for more inputs than
// there are (see [Graph.Unmet]) are down whatever fails, and with them what cannot be up without them.
//
// The cost is proportional to the number of items that the failures reach and of the relations of these.
func (g *Graph) Impact(failed ...itsm.Ref) (*Impact, error) {
	items, err := g.numbers(failed)
	if err != nil {
		return nil, err
	}
	s := g.borrow()
	defer g.release(s)
	g.fail(s, items, becauseFailed)
	g.fail(s, g.unmet, becauseUnmet)
	g.degrade(s)
	im := &Impact{g: g, downs: len(s.down), hits: slices.Concat(s.down, s.soft)}
	im.index = sync.OnceValue(func() hitIndex { return newHitIndex(im.hits, len(g.pages)*pageSize) })
	return im, nil
}

// Unmet returns the items whose needs ask for more inputs than there are: down with nothing failed.
func (g *Graph) Unmet() []itsm.Ref {
	out := make([]itsm.Ref, len(g.unmet))
	for i, v := range g.unmet {
		out[i] = g.ref(v)
	}
	return out
}

// Down returns how many items are down, those that failed among them.
func (im *Impact) Down() int { return im.downs }

// Reached returns how many items are not up: down, at risk or degraded, those among them that are so whatever fails.
func (im *Impact) Reached() int { return len(im.hits) }

// Effects yields the items that the failures reach, of the classes given and of the classes below them, or of all: the
// down ones, then the others, each nearest first. Where no input alone would bring a degraded item down, it searches
// for one that its inputs have in common, among what these need: name the classes that matter.
func (im *Impact) Effects(classes ...string) iter.Seq[Effect] {
	return func(yield func(Effect) bool) {
		wanted := im.g.classFilter(classes)
		var r *risk
		defer func() { r.close() }() // r is set below
		for _, h := range im.hits {
			if !wanted(im.g.classNumber(h.item)) {
				continue
			}
			if (h.state == slack || h.state == atRisk) && r == nil {
				r = im.risk()
			}
			if !yield(im.effect(h, r)) {
				return
			}
		}
	}
}

// Of returns what the failures do to one item; Up where they do not reach it, or where the graph does not hold it.
func (im *Impact) Of(item itsm.Ref) Effect {
	v, ok := im.g.find(item)
	if !ok {
		return Effect{Item: item, State: Up}
	}
	i, ok := im.index().of(v)
	if !ok {
		return Effect{Item: item, Class: im.g.classOf(v), State: Up}
	}
	h := im.hits[i]
	if h.state != slack && h.state != atRisk {
		return im.effect(h, nil)
	}
	r := im.risk()
	defer r.close()
	return im.effect(h, r)
}

func (im *Impact) effect(h hit, r *risk) Effect {
	e := Effect{Item: im.g.ref(h.item), Class: im.g.classOf(h.item), State: Degraded}
	switch h.state {
	case down:
		e.State = Down
	case atRisk, slack:
		if next, ok := r.next(h.item); ok {
			e.State, e.Next = AtRisk, im.g.ref(next)
		}
	}
	return e
}

// classFilter returns whether a class is one of the names or below it; every class is where there are no names.
func (g *Graph) classFilter(names []string) func(int32) bool {
	if len(names) == 0 {
		return func(int32) bool { return true }
	}
	in := make([]bool, len(g.classes))
	for c := range g.classes {
		for _, name := range names {
			for up := int32(c); up >= 0; up = g.classes[up].parent {
				in[c] = in[c] || g.classes[up].name == name
			}
		}
	}
	return func(c int32) bool { return in[c] }
}
