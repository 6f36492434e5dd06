package cmdb

import (
	"cmp"
	"slices"
)

// An item has a number. 256 items are a page, so that an edit writes a page or two and a table of pages, whatever the
// size of the graph.
const (
	pageBits = 8
	pageSize = 1 << pageBits
	pageMask = pageSize - 1
)

// link is an entry of an item's list: the item at the other end, and what joins the two.
type link struct {
	item   int32
	weight uint16
	typ    uint8
	bits   uint8 // the group of the input, or restGroup; with reversed or counted
}

const (
	restGroup = 127 // the group of the inputs that no need takes, all of which are needed
	groupMask = 127
	reversed  = 128 // in rest: the relation starts at the other item
	counted   = 128 // in feeds: the group of the input can bear the failure of some of it
)

// The flags of an item.
const (
	isPresent = 1 << iota
	ownNeeds  // its needs are its own, not those of its class
	allGroup  // it has an input whose failure alone brings it down
)

// page holds pageSize items. needs are the inputs of each, feeds the items that have it as an input, rest the relations
// that spread no failure. The lists of item i are the entries from …At[i] to …At[i+1]; margins[slotAt[i]+group] is the
// weight that may fail in a group before the need fails, less than 0 where it is not met at all. bears is the margin of
// an item that has one group that can bear some failure, where it is small, or inCounts. The lists of pages that were compiled together
// are parts of one array.
//
// Weights in needs are those of the relation. Weights in feeds are what the failure counts for.
type page struct {
	flags   []uint8
	class   []uint16
	set     []uint32
	needsAt []uint32
	feedsAt []uint32
	restAt  []uint32
	slotAt  []uint16
	bears   []uint16
	needs   []link
	feeds   []link
	rest    []link
	margins []int64
}

func (g *Graph) at(v int32) (*page, int) { return g.pages[v>>pageBits], int(v & pageMask) }

func (g *Graph) present(v int32) bool {
	if int(v>>pageBits) >= len(g.pages) {
		return false
	}
	p, at := g.at(v)
	return at < len(p.flags) && p.flags[at]&isPresent != 0
}

func (g *Graph) needs(v int32) []link {
	p, at := g.at(v)
	return p.needs[p.needsAt[at]:p.needsAt[at+1]]
}

func (g *Graph) feeds(v int32) []link {
	p, at := g.at(v)
	return p.feeds[p.feedsAt[at]:p.feedsAt[at+1]]
}

func (g *Graph) rest(v int32) []link {
	p, at := g.at(v)
	return p.rest[p.restAt[at]:p.restAt[at+1]]
}

// margins returns the margin of each need of v; none where it needs all its inputs.
func (g *Graph) margins(v int32) []int64 {
	p, at := g.at(v)
	return p.margins[p.slotAt[at]:p.slotAt[at+1]]
}

func (g *Graph) setOf(v int32) *needSet {
	p, at := g.at(v)
	return &g.sets[p.set[at]]
}

func (g *Graph) classOf(v int32) string {
	p, at := g.at(v)
	return g.classes[p.class[at]].name
}

// weight returns the weight of the relation of a type between v and its input from; 0 where there is none.
func (g *Graph) weight(v, from int32, typ uint8) uint16 {
	if at, ok := position(g.needs(v), from, typ); ok {
		return g.needs(v)[at].weight
	}
	return 0
}

// position returns where a sorted list of needs or feeds has the relation of a type with an item.
func position(list []link, item int32, typ uint8) (int, bool) {
	return slices.BinarySearchFunc(list, link{item: item, typ: typ}, func(a, b link) int {
		return cmp.Or(cmp.Compare(a.item, b.item), cmp.Compare(a.typ, b.typ))
	})
}

// compareLinks orders the entries of a list.
func compareLinks(a, b link) int {
	return cmp.Or(cmp.Compare(a.item, b.item), cmp.Compare(a.typ, b.typ), cmp.Compare(a.bits&reversed, b.bits&reversed))
}
