package itsm

import (
	"reflect"
	"strings"
)

// diff collects the changes between two values of a plan. It is reused: nothing that leaves the kernel points
// into it.
type diff struct {
	spans []span
	buf   []byte
	check *Checker
	plan  *plan
}

// span is a change whose values lie in the buffer.
type span struct {
	path       string
	old0, old1 int
	new0, new1 int
}

// changes returns what differs between two records as changes, and reports through c what the new values may
// not be. The values share one buffer of their own.
func (p *plan) changes(old, new reflect.Value, c *Checker) []Change {
	d := p.scratch.Get().(*diff)
	d.spans, d.buf, d.check, d.plan = d.spans[:0], d.buf[:0], c, p
	d.structure(p.root, old, new)
	var out []Change
	if len(d.spans) > 0 {
		out = make([]Change, len(d.spans))
		buf := append([]byte(nil), d.buf...)
		for i, s := range d.spans {
			out[i].Path = s.path
			if s.old1 > s.old0 {
				out[i].Old = buf[s.old0:s.old1:s.old1]
			}
			if s.new1 > s.new0 {
				out[i].New = buf[s.new0:s.new1:s.new1]
			}
		}
	}
	if len(d.buf) > 8<<10 {
		c.size(p.root.size(new))
	}
	d.check = nil
	p.scratch.Put(d)
	return out
}

func (d *diff) structure(f fields, old, new reflect.Value) {
	for _, n := range f.flat {
		if n.is == isHeader {
			continue
		}
		a, b := n.at(old), n.at(new)
		switch {
		case n.is == isOptional && !a.IsNil() && !b.IsNil():
			d.structure(n.sub, a.Elem(), b.Elem())
		case n.equal(a, b):
		case n.is == isList && n.keyed:
			d.keyed(n, a, b)
		case n.is == isAttributes:
			d.attributes(n, *attributesOf(a), *attributesOf(b))
		default:
			d.change(n, n.path, a, b)
		}
	}
}

func (d *diff) change(n *node, path string, old, new reflect.Value) {
	if new.IsValid() {
		n.check(new, path, d.check)
	}
	s := span{path: path, old0: len(d.buf)}
	if old.IsValid() && (n.index == nil || !n.isZero(old)) { // an element is written even when it is zero
		d.buf = n.appendJSON(d.buf, old)
	}
	s.old1, s.new0 = len(d.buf), len(d.buf)
	if new.IsValid() && (n.index == nil || !n.isZero(new)) {
		d.buf = n.appendJSON(d.buf, new)
	}
	s.new1 = len(d.buf)
	d.spans = append(d.spans, s)
}

// keyed merges two sorted lists: one change an element that came, went or differs.
func (d *diff) keyed(n *node, old, new reflect.Value) {
	i, j := 0, 0
	for i < old.Len() || j < new.Len() {
		order := 0
		switch {
		case i == old.Len():
			order = 1
		case j == new.Len():
			order = -1
		default:
			order = n.compareKeys(old.Index(i), new.Index(j))
		}
		switch {
		case order < 0:
			d.change(n.elem, n.elementPath(old.Index(i)), old.Index(i), reflect.Value{})
			i++
		case order > 0:
			d.change(n.elem, n.elementPath(new.Index(j)), reflect.Value{}, new.Index(j))
			j++
		default:
			if a, b := old.Index(i), new.Index(j); !n.elem.equal(a, b) {
				d.change(n.elem, n.elementPath(b), a, b)
			}
			i, j = i+1, j+1
		}
	}
}

func (n *node) elementPath(v reflect.Value) string { return n.path + "/" + escapePointer(n.keyOf(v)) }

func (d *diff) attributes(n *node, old, new Attributes) {
	i, j := 0, 0
	for i < len(old) || j < len(new) {
		s := span{old0: len(d.buf)}
		switch {
		case j == len(new) || i < len(old) && old[i].Key < new[j].Key:
			s.path, d.buf = n.path+"/"+escapePointer(old[i].Key), append(d.buf, old[i].Value...)
			s.old1, s.new0, s.new1 = len(d.buf), len(d.buf), len(d.buf)
			i++
		case i == len(old) || new[j].Key < old[i].Key:
			s.path, s.old1, s.new0 = n.path+"/"+escapePointer(new[j].Key), len(d.buf), len(d.buf)
			d.buf = append(d.buf, new[j].Value...)
			s.new1 = len(d.buf)
			j++
		default:
			a, b := old[i], new[j]
			i, j = i+1, j+1
			if a.Value == b.Value {
				continue
			}
			s.path, d.buf = n.path+"/"+escapePointer(a.Key), append(d.buf, a.Value...)
			s.old1, s.new0 = len(d.buf), len(d.buf)
			d.buf = append(d.buf, b.Value...)
			s.new1 = len(d.buf)
		}
		d.spans = append(d.spans, s)
	}
}

// settle shares memory between an old record (which nobody writes to), the new one that is going to be
// stored, and out, a plain copy of the new one for the caller: a list that did not change is the old one's in
// the store, and the caller keeps the clone that the action worked on. What changed is cloned for both, as it
// may be the caller's input.
func (f fields) settle(old, new, out reflect.Value) {
	for _, n := range f.flat {
		if !n.owns() {
			continue
		}
		a, b := n.at(old), n.at(new)
		if n.isZero(b) {
			continue
		}
		if n.equal(a, b) {
			b.Set(a)
			continue
		}
		n.detach(b)
		n.detach(n.at(out))
	}
}

func escapePointer(s string) string {
	if !strings.ContainsAny(s, "~/") {
		return s
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(s)
}

func unescapePointer(s string) string {
	if !strings.Contains(s, "~") {
		return s
	}
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(s)
}
