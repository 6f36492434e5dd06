package memory

import (
	"bytes"
	"slices"

	"github.com/itsmkit/itsm"
)

// slot is the place of one record: it stays while the versions of the record come and go.
type slot struct {
	id   itsm.ID
	rec  any   // *T, never written to
	last int64 // the sequence number of its last event
}

// entry is a slot under a key of an index.
type entry struct {
	key  itsm.Key
	slot *slot
}

// place is a point between or at the entries of a tree. With edge -1 it lies before all entries of the key,
// with 1 behind them, with 0 at the one with the ID.
type place struct {
	key  itsm.Key
	id   itsm.ID
	edge int
}

func (e *entry) compare(p *place) int {
	if c := e.key.Compare(p.key); c != 0 {
		return c
	}
	if p.edge != 0 {
		return -p.edge
	}
	return bytes.Compare(e.slot.id[:], p.id[:])
}

// fanout is the number of entries, or children, that a node holds before it is split.
const fanout = 64

// tree is a B+ tree of entries by key and ID, with the number of entries below each node. A node that runs
// empty is removed; others are not joined, so that a removal touches one path only.
type tree struct {
	root *node
	kept bool // the entries are there: writes move them
}

type node struct {
	size  int
	items []entry // of a leaf
	kids  []*node // of an inner node
	seps  []entry // seps[i] lies above all of kids[i] and is not above any of kids[i+1]
}

func (n *node) leaf() bool { return n.kids == nil }

// grown returns the tree of entries that are in order, each once. Its nodes have room for more.
func grown(entries []entry) tree {
	const filled = fanout * 3 / 4
	var level []*node
	var first []entry // of each node of the level
	for part := range slices.Chunk(entries, filled) {
		level = append(level, &node{size: len(part), items: append(make([]entry, 0, fanout+1), part...)})
		first = append(first, part[0])
	}
	for len(level) > 1 {
		var above []*node
		var firsts []entry
		for at := 0; at < len(level); at += filled {
			end := min(at+filled, len(level))
			n := &node{kids: append(make([]*node, 0, fanout+1), level[at:end]...), seps: append(make([]entry, 0, fanout), first[at+1:end]...)}
			for _, k := range n.kids {
				n.size += k.size
			}
			above, firsts = append(above, n), append(firsts, first[at])
		}
		level, first = above, firsts
	}
	t := tree{kept: true}
	if len(level) > 0 {
		t.root = level[0]
	}
	return t
}

// len returns the number of entries.
func (t *tree) len() int {
	if t.root == nil {
		return 0
	}
	return t.root.size
}

// search returns the first item that is not before p.
func (n *node) search(p *place) int {
	low, high := 0, len(n.items)
	for low < high {
		if mid := (low + high) / 2; n.items[mid].compare(p) < 0 {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// child returns the child in which p lies.
func (n *node) child(p *place) int {
	low, high := 0, len(n.seps)
	for low < high {
		if mid := (low + high) / 2; n.seps[mid].compare(p) <= 0 {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// insert adds an entry; one that is there already is left.
func (t *tree) insert(e entry) {
	if t.root == nil {
		t.root = &node{}
	}
	p := place{key: e.key, id: e.slot.id}
	t.root.insert(e, &p)
	if sep, right := t.root.split(); right != nil {
		t.root = &node{size: t.root.size + right.size, kids: []*node{t.root, right}, seps: []entry{sep}}
	}
}

func (n *node) insert(e entry, p *place) bool {
	if n.leaf() {
		i := n.search(p)
		if i < len(n.items) && n.items[i].compare(p) == 0 {
			return false
		}
		n.items = slices.Insert(n.items, i, e)
		n.size++
		return true
	}
	i := n.child(p)
	if !n.kids[i].insert(e, p) {
		return false
	}
	n.size++
	if sep, right := n.kids[i].split(); right != nil {
		n.kids = slices.Insert(n.kids, i+1, right)
		n.seps = slices.Insert(n.seps, i, sep)
	}
	return true
}

// split halves a node that is too full. Entries that come in order, as those by time do, leave the left node
// nearly full.
func (n *node) split() (sep entry, right *node) {
	if n.leaf() {
		if len(n.items) <= fanout {
			return sep, nil
		}
		at := len(n.items) * 3 / 4
		right = &node{items: append(make([]entry, 0, fanout+1), n.items[at:]...)}
		clear(n.items[at:])
		n.items = n.items[:at]
		right.size, n.size = len(right.items), len(n.items)
		return right.items[0], right
	}
	if len(n.kids) <= fanout {
		return sep, nil
	}
	at := len(n.kids) * 3 / 4
	sep = n.seps[at-1]
	right = &node{kids: append(make([]*node, 0, fanout+1), n.kids[at:]...), seps: append(make([]entry, 0, fanout), n.seps[at:]...)}
	clear(n.kids[at:])
	clear(n.seps[at-1:])
	n.kids, n.seps = n.kids[:at], n.seps[:at-1]
	for _, k := range right.kids {
		right.size += k.size
	}
	n.size -= right.size
	return sep, right
}

// remove takes an entry out.
func (t *tree) remove(e entry) {
	if t.root == nil {
		return
	}
	p := place{key: e.key, id: e.slot.id}
	t.root.remove(&p)
	for !t.root.leaf() && len(t.root.kids) == 1 {
		t.root = t.root.kids[0]
	}
	if t.root.size == 0 {
		t.root = nil
	}
}

func (n *node) remove(p *place) bool {
	if n.leaf() {
		i := n.search(p)
		if i == len(n.items) || n.items[i].compare(p) != 0 {
			return false
		}
		n.items = slices.Delete(n.items, i, i+1)
		n.size--
		return true
	}
	i := n.child(p)
	if !n.kids[i].remove(p) {
		return false
	}
	n.size--
	if n.kids[i].size == 0 {
		n.kids = slices.Delete(n.kids, i, i+1)
		if len(n.seps) > 0 {
			at := max(i-1, 0)
			n.seps = slices.Delete(n.seps, at, at+1)
		}
	}
	return true
}

// rank returns how many entries lie before p.
func (t *tree) rank(p place) int {
	before := 0
	for n := t.root; n != nil; {
		if n.leaf() {
			return before + n.search(&p)
		}
		i := n.child(&p)
		for _, k := range n.kids[:i] {
			before += k.size
		}
		n = n.kids[i]
	}
	return before
}

// has tells whether there is an entry at p.
func (t *tree) has(p place) bool {
	for n := t.root; n != nil; {
		if n.leaf() {
			i := n.search(&p)
			return i < len(n.items) && n.items[i].compare(&p) == 0
		}
		n = n.kids[n.child(&p)]
	}
	return false
}

// within returns how many entries lie in a span of keys.
func (t *tree) within(s itsm.Span) int {
	return max(0, t.rank(place{key: s.To, edge: 1})-t.rank(place{key: s.From, edge: -1}))
}

// walker runs over the entries of a tree, forwards or backwards.
type walker struct {
	stack []frame
	desc  bool
}

type frame struct {
	node *node
	at   int
}

// walk returns a walker that begins with the first entry behind p, or, backwards, with the last before it.
func (t *tree) walk(p place, desc bool) walker {
	w := walker{desc: desc}
	for n := t.root; n != nil; {
		if n.leaf() {
			i := n.search(&p)
			if desc {
				i--
			} else if i < len(n.items) && n.items[i].compare(&p) == 0 {
				i++
			}
			w.stack = append(w.stack, frame{n, i})
			break
		}
		i := n.child(&p)
		w.stack = append(w.stack, frame{n, i})
		n = n.kids[i]
	}
	return w
}

// next returns the next entry, or nil at the end.
func (w *walker) next() *entry {
	step := 1
	if w.desc {
		step = -1
	}
	for len(w.stack) > 0 {
		f := &w.stack[len(w.stack)-1]
		if !f.node.leaf() {
			f.at += step
			if f.at < 0 || f.at >= len(f.node.kids) {
				w.stack = w.stack[:len(w.stack)-1]
				continue
			}
			w.enter(f.node.kids[f.at])
			continue
		}
		if f.at < 0 || f.at >= len(f.node.items) {
			w.stack = w.stack[:len(w.stack)-1]
			continue
		}
		e := &f.node.items[f.at]
		f.at += step
		return e
	}
	return nil
}

// enter puts a node on the stack, at its first or last entry.
func (w *walker) enter(n *node) {
	f := frame{node: n, at: -1} // an inner node is stepped into by next
	switch {
	case n.leaf() && w.desc:
		f.at = len(n.items) - 1
	case n.leaf():
		f.at = 0
	case w.desc:
		f.at = len(n.kids)
	}
	w.stack = append(w.stack, f)
}
