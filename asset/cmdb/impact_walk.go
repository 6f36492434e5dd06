package cmdb

import "math"

// hit is an item that failures reach.
type hit struct {
	item  int32
	cause int32 // the hit through which they reach it first (degraded) or bring it down (down); -1: none
	typ   uint8 // of the relation to cause
	group uint8 // of the input that cause is, or why there is no cause
	state uint8
}

// The groups of a hit without a cause.
const (
	becauseFailed = 255 // it was said to have failed
	becauseUnmet  = 254 // its needs ask for more inputs than there are
)

// The states of a hit, and of an item's mark. slack is the state of a degraded item none of whose inputs alone brings
// it down: whether it is at risk depends on what these have in common.
const (
	up = iota
	degraded
	slack
	atRisk
	down
)

// scratch is what a walk writes on. Marks of earlier walks are out of date by their epoch, so that starting costs
// nothing and a walk costs what it reaches.
type scratch struct {
	epoch  uint32
	mark   []uint32 // by item: epoch * markStates + state
	pages  []counts // by page
	down   []hit    // in the order in which they fail
	soft   []hit    // reached and, when they were, not down
	undo   []undone
	queue  []int32
	second []int32
}

const markStates = 8

// counts holds the weight that has failed in each group of the items of a page.
type counts struct {
	epoch  uint32
	failed []int64
}

// borrow returns a scratch that fits the graph; give it back with release.
func (g *Graph) borrow() *scratch {
	s, _ := g.registry.scratch.Get().(*scratch)
	if s == nil {
		s = &scratch{}
	}
	if n := len(g.pages) * pageSize; len(s.mark) < n {
		s.mark, s.pages, s.epoch = make([]uint32, n), make([]counts, len(g.pages)), 0
	}
	s.next()
	return s
}

func (g *Graph) release(s *scratch) { g.registry.scratch.Put(s) }

// next forgets all marks and counts.
func (s *scratch) next() {
	s.epoch++
	if s.epoch >= math.MaxUint32/markStates {
		clear(s.mark)
		clear(s.pages)
		s.epoch = 1
	}
	s.down, s.soft = s.down[:0], s.soft[:0]
}

func (s *scratch) state(v int32) uint32 {
	if m := s.mark[v]; m/markStates == s.epoch {
		return m % markStates
	}
	return up
}

func (s *scratch) set(v int32, state uint32) { s.mark[v] = s.epoch*markStates + state }

// failed returns the counts of the groups of v.
func (s *scratch) failed(g *Graph, v int32) []int64 {
	c := &s.pages[v>>pageBits]
	p, at := g.at(v)
	if c.epoch != s.epoch || len(c.failed) < len(p.margins) {
		if cap(c.failed) < len(p.margins) {
			c.failed = make([]int64, len(p.margins))
		}
		c.failed = c.failed[:len(p.margins)]
		clear(c.failed)
		c.epoch = s.epoch
	}
	return c.failed[p.slotAt[at]:p.slotAt[at+1]]
}

// fail brings items down, unless they are, and all that cannot be up without them: the least set that holds them and
// every item one of whose needs is not met by the items outside the set. Items that are reached and stay up are
// collected in soft.
func (g *Graph) fail(s *scratch, items []int32, because uint8) {
	from := len(s.down)
	for _, v := range items {
		if s.state(v) != down {
			s.set(v, down)
			s.down = append(s.down, hit{item: v, cause: -1, group: because, state: down})
		}
	}
	isDown, isSoft := s.epoch*markStates+down, s.epoch*markStates+degraded
	for ; from < len(s.down); from++ {
		for _, e := range g.feeds(s.down[from].item) {
			m := s.mark[e.item]
			if m == isDown {
				continue
			}
			if e.bits&counted != 0 {
				failed, group := s.failed(g, e.item), e.bits&groupMask
				failed[group] += int64(e.weight)
				if failed[group] <= g.margins(e.item)[group] {
					if m != isSoft {
						s.mark[e.item] = isSoft
						s.soft = append(s.soft, hit{item: e.item, cause: int32(from), typ: e.typ, group: group, state: degraded})
					}
					continue
				}
			}
			s.mark[e.item] = isDown
			s.down = append(s.down, hit{item: e.item, cause: int32(from), typ: e.typ, group: e.bits & groupMask, state: down})
		}
	}
}

// degrade turns soft into the items that are not down and that failures reach, nearest first. The causes of soft
// follow those of down: cause len(down) is the first of soft.
func (g *Graph) degrade(s *scratch) {
	kept := s.soft[:0]
	for _, h := range s.soft {
		if s.state(h.item) != down {
			kept = append(kept, h)
		}
	}
	s.soft = kept
	isDown, isSoft := s.epoch*markStates+down, s.epoch*markStates+degraded
	for from := 0; from < len(s.soft); from++ {
		for _, e := range g.feeds(s.soft[from].item) {
			if m := s.mark[e.item]; m == isDown || m == isSoft {
				continue
			}
			s.mark[e.item] = isSoft
			cause := int32(len(s.down) + from)
			s.soft = append(s.soft, hit{item: e.item, cause: cause, typ: e.typ, group: e.bits & groupMask, state: degraded})
		}
	}
	for i := range s.soft {
		s.soft[i].state = g.exposure(s, s.soft[i].item)
	}
}

// exposure tells whether one input of a degraded item can bring it down alone.
func (g *Graph) exposure(s *scratch, v int32) uint8 {
	p, at := g.at(v)
	if p.flags[at]&allGroup != 0 {
		return atRisk
	}
	margins, failed := g.margins(v), s.failed(g, v)
	if len(margins) == 0 {
		return degraded
	}
	set := &g.sets[p.set[at]]
	for group, n := range set.needs {
		if n.all || n.weighted {
			continue
		}
		if margins[group] == failed[group] { // some input is up, or the need would not be met
			return atRisk
		}
	}
	for _, e := range g.needs(v) {
		group := e.bits & groupMask
		if e.bits&counted != 0 && set.needs[group].weighted && s.state(e.item) != down &&
			int64(e.weight) > margins[group]-failed[group] {
			return atRisk
		}
	}
	return slack
}
