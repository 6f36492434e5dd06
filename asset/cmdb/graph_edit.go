package cmdb

import (
	"fmt"
	"slices"

	"github.com/itsmkit/itsm"
)

// Change is a set of changes of a graph. They take effect in the order of the fields.
type Change struct {
	Unrelate []Edge     // relations to take away; their weight is not looked at
	Remove   []itsm.Ref // items to take away, with their relations
	Put      []Node     // items to add, or to give another class or other needs
	Relate   []Edge     // relations to add
}

// Edit returns the graph as it is after a change, or the graph's error and no graph. The receiver stays as it is. The
// cost is that of the items at both ends of what changes, with their lists, and of the table of pages: 8 bytes for 256
// items. It does not depend on the number of edits before, and the result is the graph that [Compile] would make of
// the same items and relations. Classes of other names than before are taken; the rules cannot be changed.
func (g *Graph) Edit(c Change) (*Graph, error) { return g.edit(c, false) }

// edit is Edit. settled: the relations were judged when they were made.
func (g *Graph) edit(c Change, settled bool) (*Graph, error) {
	r := g.registry
	r.mu.Lock()
	defer r.mu.Unlock()
	e := editor{g: g, registry: r, items: map[int32]*editItem{}, dirty: map[int32]bool{}, sum: *g, settled: settled}
	for _, step := range []func(Change) error{e.unrelate, e.remove, e.put, e.relate} {
		if err := step(c); err != nil {
			return nil, err
		}
	}
	return e.finish()
}

// editor collects what changes.
type editor struct {
	g        *Graph
	registry *registry
	items    map[int32]*editItem
	dirty    map[int32]bool // items whose needs have to be settled again
	sum      Graph          // the counts of the result
	settled  bool
	added    []rawEdge
}

// editItem is an item with lists of its own.
type editItem struct {
	flags              uint8
	class              uint16
	set                uint32
	needs, feeds, rest []link
	margins            []int64
	bears              uint16
	unmet              bool
}

// item returns an item to write to, an absent one for a number that the graph does not hold.
func (e *editor) item(v int32) *editItem {
	if i := e.items[v]; i != nil {
		return i
	}
	i := &editItem{}
	if int(v)>>pageBits < len(e.g.pages) {
		p, at := e.g.at(v)
		i = p.item(at)
		i.needs, i.feeds, i.rest = slices.Clone(i.needs), slices.Clone(i.feeds), slices.Clone(i.rest)
		_, i.unmet = slices.BinarySearch(e.g.unmet, v)
	}
	e.items[v] = i
	return i
}

// find finds an item as the changes so far left it.
func (e *editor) find(r itsm.Ref) (int32, bool) {
	kind, ok := e.registry.kindOf[r.Kind]
	if !ok {
		return 0, false
	}
	_, v := e.registry.slot(kind, r.ID)
	if i := e.items[max(v, 0)]; v >= 0 && i != nil {
		return v, i.flags&isPresent != 0
	}
	return v, v >= 0 && e.g.present(v)
}

func (e *editor) classNumber(v int32) int32 {
	if i := e.items[v]; i != nil {
		return int32(i.class)
	}
	return e.g.classNumber(v)
}

func (e *editor) unrelate(c Change) error {
	for _, edge := range c.Unrelate {
		typ, known := e.g.rules.typeNo[edge.Type]
		source, okSource := e.find(edge.Source)
		target, okTarget := e.find(edge.Target)
		if !known || !okSource || !okTarget || !e.cut(source, target, typ) {
			return fmt.Errorf("cmdb: relation %s %s %s: %w", edge.Source, edge.Type, edge.Target, ErrNoSuchRelation)
		}
	}
	return nil
}

// cut takes a relation away.
func (e *editor) cut(source, target int32, typ uint8) bool {
	if e.g.rules.types[typ].Spread == Nowhere {
		ok := take(&e.item(source).rest, target, typ, 0)
		take(&e.item(target).rest, source, typ, reversed)
		e.sum.edges -= btoi(ok)
		return ok
	}
	input, item := target, source
	if e.g.rules.types[typ].Spread == ToTarget {
		input, item = source, target
	}
	at, ok := position(e.item(item).needs, input, typ)
	if !ok {
		return false
	}
	e.item(item).needs = slices.Delete(e.item(item).needs, at, at+1)
	at, _ = position(e.item(input).feeds, item, typ)
	e.item(input).feeds = slices.Delete(e.item(input).feeds, at, at+1)
	e.dirty[item] = true
	e.sum.edges--
	return true
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// take deletes an entry of rest.
func take(list *[]link, item int32, typ, direction uint8) bool {
	at := slices.IndexFunc(*list, func(l link) bool { return l.item == item && l.typ == typ && l.bits&reversed == direction })
	if at >= 0 {
		*list = slices.Delete(*list, at, at+1)
	}
	return at >= 0
}

func (e *editor) remove(c Change) error {
	for _, r := range c.Remove {
		v, ok := e.find(r)
		if !ok {
			return unknown(r)
		}
		i := e.item(v)
		e.sum.edges -= len(i.needs) + len(i.feeds) + len(i.rest)
		for _, l := range i.needs {
			o := e.item(l.item)
			o.feeds = slices.DeleteFunc(o.feeds, func(b link) bool { return b.item == v })
		}
		for _, l := range i.feeds {
			o := e.item(l.item)
			o.needs = slices.DeleteFunc(o.needs, func(b link) bool { return b.item == v })
			e.dirty[l.item] = true
		}
		for _, l := range i.rest {
			o := e.item(l.item)
			o.rest = slices.DeleteFunc(o.rest, func(b link) bool { return b.item == v })
		}
		*i = editItem{}
		delete(e.dirty, v)
		e.sum.items--
	}
	return nil
}

func (e *editor) put(c Change) error {
	for _, n := range c.Put {
		class, set, flags, err := e.g.rules.place(e.registry, n)
		if err != nil {
			return err
		}
		v, _, err := e.registry.number(n.Ref)
		if err != nil {
			return err
		}
		i := e.item(v)
		if i.flags&isPresent == 0 {
			e.sum.items++
		}
		if i.class != class { // it may be in another group of what it feeds
			for _, l := range i.feeds {
				e.dirty[l.item] = true
			}
		}
		i.flags, i.class, i.set = flags, class, set
		e.dirty[v] = true
	}
	return nil
}

func (e *editor) relate(c Change) error {
	for _, edge := range c.Relate {
		raw, err := e.g.rules.resolve(edge, e.find)
		if err != nil {
			return err
		}
		e.sum.edges++
		e.added = append(e.added, raw)
		l := link{item: raw.item, weight: raw.weight, typ: raw.typ}
		back := link{item: raw.input, weight: raw.weight, typ: raw.typ}
		if e.g.rules.types[raw.typ].Spread == Nowhere {
			back.bits = reversed
			insert(&e.item(raw.input).rest, l)
			insert(&e.item(raw.item).rest, back)
			continue
		}
		insert(&e.item(raw.item).needs, back)
		insert(&e.item(raw.input).feeds, l)
		e.dirty[raw.item] = true
	}
	return nil
}

func insert(list *[]link, l link) {
	at, _ := slices.BinarySearchFunc(*list, l, compareLinks)
	*list = slices.Insert(*list, at, l)
}
