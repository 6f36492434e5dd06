package cmdb

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

// The states of a hit. slack is a degraded item none of whose inputs alone brings it down: whether it is at risk depends
// on what these have in common.
const (
	degraded = iota + 1
	slack
	atRisk
	down
)

// The marks of an item in a walk. An item that no walk of the epoch met has none.
const (
	unmarked = iota
	touched  // some input failed, and the item bears it
	reached  // an input is degraded
	isDown
	marks // how many there are
)

// cell is what a walk knows of an item: epoch * marks + mark in its lower half, and above it, where the item is touched,
// what may fail yet in the one group that can bear some, or inCounts. Most of a large walk is the waiting for cells,
// so they are small.
type cell uint32

const (
	lower     = 1<<16 - 1
	lastEpoch = lower/marks - 1
	inCounts  = lower // the item has several such groups, or one that can bear more: what failed in each is in counts
)

func (c cell) stamp() uint32 { return uint32(c) & lower }
func (c cell) left() uint32  { return uint32(c) >> 16 }

// stamped returns the cell with another mark.
func (c cell) stamped(stamp uint32) cell { return c&^lower | cell(stamp) }

// bearing returns the cell with another rest.
func (c cell) bearing(left uint32) cell { return c&lower | cell(left)<<16 }

// counts holds the weight that has failed in each group of the items of a page.
type counts struct {
	epoch  uint32
	failed []int64
}

// scratch is what a walk writes on. Marks of earlier walks are out of date by their epoch, so that starting costs
// nothing and a walk costs what it reaches.
type scratch struct {
	epoch  uint32
	cells  []cell   // by item
	pages  []counts // by page
	down   []hit    // in the order in which they fail
	soft   []hit    // reached and, when they were, not down
	undo   []undone
	queue  []int32
	second []int32
	read   uint32 // means nothing: it keeps what is read ahead from being left out
}

// borrow returns a scratch that fits the graph; give it back with release.
func (g *Graph) borrow() *scratch {
	s, _ := g.registry.scratch.Get().(*scratch)
	if s == nil {
		s = &scratch{}
	}
	if n := len(g.pages) * pageSize; len(s.cells) < n {
		s.cells, s.pages, s.epoch = make([]cell, n), make([]counts, len(g.pages)), 0
	}
	s.next()
	return s
}

func (g *Graph) release(s *scratch) { g.registry.scratch.Put(s) }

// next forgets all marks and counts.
func (s *scratch) next() {
	s.epoch++
	if s.epoch > lastEpoch {
		clear(s.cells)
		clear(s.pages)
		s.epoch = 1
	}
	s.down, s.soft = s.down[:0], s.soft[:0]
}

func (s *scratch) mark(v int32) uint32 {
	if m := s.cells[v].stamp(); m/marks == s.epoch {
		return m % marks
	}
	return unmarked
}

func (s *scratch) set(v int32, mark uint32) { s.cells[v] = s.cells[v].stamped(s.epoch*marks + mark) }

// failed returns the counts of the groups of v.
func (s *scratch) failed(g *Graph, v int32) []int64 {
	c := &s.pages[v>>pageBits]
	p, at := g.at(v)
	if c.epoch != s.epoch {
		if cap(c.failed) < len(p.margins) {
			c.failed = make([]int64, len(p.margins))
		}
		c.failed = c.failed[:len(p.margins)]
		clear(c.failed)
		c.epoch = s.epoch
	}
	return c.failed[p.slotAt[at]:p.slotAt[at+1]]
}

// bears returns what may fail of v in the one group that can bear some, or inCounts.
func (g *Graph) bears(v int32) uint32 { return uint32(g.pages[v>>pageBits].bears[v&pageMask]) }

// spend counts a weight as failed in a group of v, which is not down, and returns what may fail there yet. Less than 0:
// the need is no longer met, and nothing is counted. A weight below 0 undoes what was counted.
func (g *Graph) spend(s *scratch, v int32, group uint8, weight int64) int64 {
	c := &s.cells[v]
	if m := s.mark(v); m == unmarked || m == reached {
		*c = c.bearing(g.bears(v)).stamped(s.epoch*marks + touched)
	}
	if c.left() != inCounts {
		left := int64(c.left()) - weight
		if left >= 0 {
			*c = c.bearing(uint32(left))
		}
		return left
	}
	failed := s.failed(g, v)
	left := g.margins(v)[group] - failed[group] - weight
	if left >= 0 {
		failed[group] += weight
	}
	return left
}

// left returns what may fail yet in a group of v, which is not down.
func (g *Graph) left(s *scratch, v int32, group uint8) int64 {
	switch {
	case s.mark(v) != touched:
		return g.margins(v)[group]
	case s.cells[v].left() != inCounts:
		return int64(s.cells[v].left())
	}
	return g.margins(v)[group] - s.failed(g, v)[group]
}
