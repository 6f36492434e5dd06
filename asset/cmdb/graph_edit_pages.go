package cmdb

import (
	"maps"
	"slices"
)

// finish settles what has to be and writes the pages.
func (e *editor) finish() (*Graph, error) {
	g := e.sum
	g.snapshot = e.registry.snapshot
	var work settled
	for v := range e.dirty {
		i := e.item(v)
		work.settle(&g.snapshot, e.classNumber, &g.sets[i.set], i.needs)
		i.flags = i.flags&^allGroup | work.flags
		i.margins, i.bears, i.unmet = slices.Clone(work.margins), work.bears, work.unmet
		for k, l := range i.needs {
			e.feed(l.item, link{item: v, weight: work.effective[k], typ: l.typ, bits: l.bits})
		}
	}
	touched := slices.Sorted(maps.Keys(e.items))
	g.pages = e.pages(touched)
	g.unmet = slices.Clone(g.unmet)
	for _, v := range touched {
		at, was := slices.BinarySearch(g.unmet, v)
		if is := e.items[v].unmet; is && !was {
			g.unmet = slices.Insert(g.unmet, at, v)
		} else if was && !is {
			g.unmet = slices.Delete(g.unmet, at, at+1)
		}
	}
	var p problems
	for _, v := range touched {
		if err := g.checkItem(v); err != nil {
			p.add(err)
		}
	}
	for _, raw := range e.added {
		if !g.rules.settled || e.settled { // else it was checked with its ends, or is not to be
			continue
		}
		if err := g.checkAdded(raw); err != nil {
			p.add(err)
		}
	}
	if err := p.err(); err != nil {
		return nil, err
	}
	return &g, nil
}

// feed writes what the failure of an input counts for, where that changed.
func (e *editor) feed(input int32, now link) {
	var feeds []link
	if i := e.items[input]; i != nil {
		feeds = i.feeds
	} else {
		feeds = e.g.feeds(input)
	}
	if at, _ := position(feeds, now.item, now.typ); feeds[at] != now {
		e.item(input).feeds[at] = now
	}
}

// pages returns the table of pages with the touched items, which are in ascending order, written anew.
func (e *editor) pages(touched []int32) []*page {
	old := e.g.pages
	pages := slices.Clone(old)
	for len(touched) > 0 {
		no := int(touched[0]) >> pageBits
		for len(pages) <= no {
			pages = append(pages, emptyPage())
		}
		n := 1
		for n < len(touched) && int(touched[n])>>pageBits == no {
			n++
		}
		pages[no] = e.page(pages[no], no)
		touched = touched[n:]
	}
	return pages
}

// emptyPage returns a page of items that are absent.
func emptyPage() *page {
	return &page{
		flags: make([]uint8, pageSize), class: make([]uint16, pageSize), set: make([]uint32, pageSize),
		needsAt: make([]uint32, pageSize+1), feedsAt: make([]uint32, pageSize+1), restAt: make([]uint32, pageSize+1),
		slotAt: make([]uint16, pageSize+1), bears: make([]uint16, pageSize),
	}
}

// page copies a page with the items that have changed.
func (e *editor) page(old *page, no int) *page {
	p := emptyPage()
	for at := range pageSize {
		i := e.items[int32(no*pageSize+at)]
		if i == nil {
			i = old.item(at)
		}
		p.flags[at], p.class[at], p.set[at], p.bears[at] = i.flags, i.class, i.set, i.bears
		p.needs, p.feeds, p.rest = append(p.needs, i.needs...), append(p.feeds, i.feeds...), append(p.rest, i.rest...)
		p.margins = append(p.margins, i.margins...)
		p.needsAt[at+1], p.feedsAt[at+1], p.restAt[at+1] = uint32(len(p.needs)), uint32(len(p.feeds)), uint32(len(p.rest))
		p.slotAt[at+1] = uint16(len(p.margins))
	}
	return p
}

// item returns an item of the page, with the page's own lists; an absent one behind its end.
func (p *page) item(at int) *editItem {
	if at >= len(p.flags) {
		return &editItem{}
	}
	return &editItem{
		flags: p.flags[at], class: p.class[at], set: p.set[at], bears: p.bears[at],
		needs:   p.needs[p.needsAt[at]:p.needsAt[at+1]],
		feeds:   p.feeds[p.feedsAt[at]:p.feedsAt[at+1]],
		rest:    p.rest[p.restAt[at]:p.restAt[at+1]],
		margins: p.margins[p.slotAt[at]:p.slotAt[at+1]],
	}
}
