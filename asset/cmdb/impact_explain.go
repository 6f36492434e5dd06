package cmdb

import (
	"fmt"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// Step is one item on the path from a failure to what it does.
type Step struct {
	Item  itsm.Ref
	Class string
	State State // Down or Degraded
	// Relation reads from the item to the one of the step before: runs_on, or has_member where the inverse spreads
	// failure. The first step has none.
	Relation string
	// Need is the need of the item that the step before is an input of; an item without such a need needs all of them.
	// Inputs is what its inputs add up to, each counting 1 or, where the need is weighted, its weight; Failed is what
	// of that is down. In the first step they are zero, or say which need asks for more inputs than there are.
	Need   Need
	Inputs int
	Failed int
}

// Path returns how the failures reach an item: from the one that failed to the item itself, which is down or degraded.
// A down item follows the input whose failure was one too many, a degraded one the nearest input that is down or
// degraded. It is nil where the failures do not reach the item. Where there are cycles, the path is free of them.
func (im *Impact) Path(item itsm.Ref) []Step {
	v, ok := im.g.find(item)
	if !ok {
		return nil
	}
	i, ok := im.index().of(v)
	if !ok {
		return nil
	}
	var out []Step
	for at := i; at >= 0; at = im.hits[at].cause {
		out = append(out, im.step(im.hits[at]))
	}
	slices.Reverse(out)
	return out
}

func (im *Impact) step(h hit) Step {
	s := Step{Item: im.g.ref(h.item), Class: im.g.classOf(h.item), State: Degraded}
	if h.state == down {
		s.State = Down
	}
	if h.cause >= 0 {
		t := im.g.rules.types[h.typ]
		s.Relation = t.Name
		if t.Spread == ToTarget {
			s.Relation = t.Inverse
		}
		s.Need, s.Inputs, s.Failed = im.sum(h.item, h.group)
	} else if h.group == becauseUnmet {
		for group, margin := range im.g.margins(h.item) {
			if margin < 0 {
				s.Need, s.Inputs, s.Failed = im.sum(h.item, uint8(group))
				break
			}
		}
	}
	return s
}

// sum adds up the inputs of a need.
func (im *Impact) sum(v int32, group uint8) (n Need, inputs, failed int) {
	set := im.g.setOf(v)
	n = Need{Redundancy: AllOf}
	if int(group) < len(set.source) {
		n = set.source[group]
	}
	list := im.g.needs(v)
	for i := 0; i < len(list); {
		item, weight := list[i].item, 0 // one item counts once, with its largest weight
		for ; i < len(list) && list[i].item == item; i++ {
			switch {
			case list[i].bits&groupMask != group:
			case n.Redundancy == Weighted:
				weight = max(weight, int(list[i].weight))
			default:
				weight = 1
			}
		}
		inputs += weight
		if at, ok := im.index().of(item); ok && im.hits[at].state == down {
			failed += weight
		}
	}
	return n, inputs, failed
}

// String writes a step as a line for people: "service/… down: runs_on, 2 of 2 failed, needs any_of".
func (s Step) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", s.Item, s.State)
	switch {
	case s.Relation != "":
		fmt.Fprintf(&b, ": %s, %d of %d failed, needs %s", s.Relation, s.Failed, s.Inputs, s.Need)
	case s.Need != Need{}:
		fmt.Fprintf(&b, ": has %d, needs %s", s.Inputs, s.Need)
	}
	return b.String()
}

// String writes what is needed: "any_of", "2 k_of_n", "60 weighted".
func (n Need) String() string {
	if n.Min != 0 {
		return fmt.Sprintf("%d %s", n.Min, n.Redundancy)
	}
	return string(n.Redundancy)
}
