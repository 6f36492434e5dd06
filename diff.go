package itsm

import (
	"bytes"
	"reflect"
	"strings"
	"time"
)

// diff collects the changes between two values of a plan. It is reused: nothing that leaves the kernel points
// into it.
type diff struct {
	spans []span
	buf   []byte
	check *Checker
	// The two records are copied onto sheets, whose fields have been found once for all: finding each field of
	// each record by reflection took longer than comparing them.
	old, new sheet
}

// sheet is a record of a plan's type with the places of its fields.
type sheet struct {
	rec   reflect.Value
	at    []reflect.Value // parallel to the plan's flat fields
	times []*time.Time    // those that are instants; else nil
}

func newSheet(p *plan) sheet {
	v := sheet{rec: reflect.New(p.typ).Elem()}
	for _, n := range p.root.flat {
		x := n.at(v.rec)
		t, _ := x.Addr().Interface().(*time.Time)
		v.at, v.times = append(v.at, x), append(v.times, t)
	}
	return v
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
	d.spans, d.buf, d.check = d.spans[:0], d.buf[:0], c
	d.old.rec.Set(old)
	d.new.rec.Set(new)
	for i, n := range p.root.flat {
		if t := d.old.times[i]; n.is != isHeader && (t == nil || !t.Equal(*d.new.times[i])) {
			d.field(n, d.old.at[i], d.new.at[i])
		}
	}
	d.old.rec.SetZero()
	d.new.rec.SetZero()
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
		d.field(n, n.at(old), n.at(new))
	}
}

func (d *diff) field(n *node, old, new reflect.Value) {
	switch {
	case n.is == isOptional && !old.IsNil() && !new.IsNil():
		d.structure(n.sub, old.Elem(), new.Elem())
	case n.equal(old, new):
	case n.is == isList && n.keyed:
		d.keyed(n, old, new)
	case n.is == isAttributes:
		d.attributes(n, *attributesOf(old), *attributesOf(new))
	default:
		d.change(n, n.path, old, new)
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
	if why := unmarked(d.buf[s.new0:s.new1]); why != "" {
		d.check.Fail(dotted(path), "value", "error", why)
	}
	d.spans = append(d.spans, s)
}

// unmarked returns why a value has no JSON, which appendJSON wrote behind a NUL, or "".
func unmarked(raw []byte) string {
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		return clip(string(raw[i+1:]))
	}
	return ""
}

// keyed merges two sorted lists: one change an element that came, went or differs.
func (d *diff) keyed(n *node, old, new reflect.Value) {
	i, j := 0, 0
	for i < old.Len() || j < new.Len() {
		var order int
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

// disown gives what an action changed in a record memory of its own, as it may be the caller's input.
func (f fields) disown(old, new reflect.Value) {
	for _, n := range f.owned {
		if b := n.at(new); !n.isZero(b) && !n.equal(n.at(old), b) {
			n.detach(b)
		}
	}
}

// settle parts the record that is going to be stored from a plain copy of it, which is the caller's: a list that
// did not change is the old record's in the store, as nobody writes to that, and the caller keeps the clone that
// the action worked on; one that changed is cloned once more.
func (f fields) settle(old, new reflect.Value) {
	for _, n := range f.owned {
		b := n.at(new)
		if n.isZero(b) {
			continue
		}
		if a := n.at(old); n.equal(a, b) {
			b.Set(a)
			continue
		}
		n.detach(b)
	}
}

func escapePointer(s string) string {
	if !strings.ContainsAny(s, "~/") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}

func unescapePointer(s string) string {
	if !strings.Contains(s, "~") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
}
