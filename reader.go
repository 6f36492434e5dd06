package itsm

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// reader sets fields from JSON in one pass and collects everything that is wrong with it. A JSON text that is
// broken has that one problem, wherever it is.
type reader struct {
	scanner
	problems []Problem
	kind     string // of the reference read last: most are of the same
}

func newReader(raw []byte) reader { return reader{scanner: scanner{raw: raw}} }

func (r *reader) fail(path, code string, params ...string) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, problem(path, code, params))
	}
}

// record reads a whole JSON text into the struct v.
func (r *reader) record(f fields, v reflect.Value) {
	if r.peek() != '{' {
		r.fail("", "type", "want", "object", "value", clip(string(r.raw)))
		return
	}
	r.object(f, v)
	r.end()
}

// read reads a whole JSON text into a value of n.
func (n *node) read(v reflect.Value, raw []byte) error {
	r := newReader(raw)
	r.value(n, v)
	r.end()
	if len(r.problems) > 0 {
		r.within(n.dotted(), n.is, 0)
	}
	return r.err()
}

// end reports JSON that is broken, or that something follows.
func (r *reader) end() {
	if r.peek(); r.broken || r.at < len(r.raw) {
		r.problems = nil
		err := json.Unmarshal(r.raw, new(json.RawMessage)) // it says what and where
		r.fail("", "json", "error", fmt.Sprint(err))
	}
}

// object reads a JSON object into the struct v; a field that the struct does not have is a problem.
func (r *reader) object(f fields, v reflect.Value) {
	if !r.enter('{', "object") {
		return
	}
	var few [2]uint64
	seen := few[:]
	if len(f.tree) > 64*len(few) {
		seen = make([]uint64, len(f.tree)/64+1)
	}
	next := 0
	for r.more('}') {
		name := r.name()
		i := f.named(name, next)
		if i < 0 {
			r.unknown(name, f)
			continue
		}
		n := f.tree[i]
		from := len(r.problems)
		if seen[i/64]>>(i%64)&1 == 1 {
			r.fail("", "twice")
		}
		seen[i/64] |= 1 << (i % 64)
		next = i + 1
		if n.is == isGroup && r.peek() != 'n' { // its fields are indexed from the container around it
			r.object(n.sub, v)
		} else {
			r.value(n, n.at(v))
		}
		if len(r.problems) > from {
			r.within(n.name, n.is, from)
		}
	}
}

// within puts the name of what they lie in before the paths of the problems from a place on.
func (r *reader) within(name string, is nodeKind, from int) {
	for i := from; i < len(r.problems); i++ {
		p := &r.problems[i].Path
		if *p != "" && is != isList { // the path within a list begins with "["
			*p = "." + *p
		}
		*p = name + *p
	}
}

// enter goes into the object or list that follows; that it is none is a problem.
func (r *reader) enter(bracket byte, want string) bool {
	if r.peek() == bracket {
		r.open()
		return true
	}
	if raw := r.skip(); !r.broken {
		r.fail("", "type", "want", want, "value", clip(string(raw)))
	}
	return false
}

// unknown passes the value of a member that there should not be.
func (r *reader) unknown(name []byte, f fields) {
	if r.skip(); !r.broken && len(r.problems) < maxProblems {
		r.fail(string(name), "unknown_field", "allowed", f.names())
	}
}

// named returns the place of a field in the tree, or -1. Most members come in the order of the fields: it looks
// from the next one on.
func (f fields) named(name []byte, next int) int {
	for i := next; i < len(f.tree); i++ {
		if f.tree[i].name == string(name) {
			return i
		}
	}
	for i := range min(next, len(f.tree)) {
		if f.tree[i].name == string(name) {
			return i
		}
	}
	return -1
}

func (f fields) names() string {
	names := make([]string, len(f.tree))
	for i, n := range f.tree {
		names[i] = n.name
	}
	return strings.Join(names, ", ")
}

// value reads a JSON value into a field or an element; null is its zero value.
func (r *reader) value(n *node, v reflect.Value) {
	if r.null() {
		v.SetZero()
		return
	}
	switch n.is {
	case isRef:
		r.ref(refOf(v))
	case isAttributes:
		r.attributes(attributesOf(v))
	case isGroup:
		r.object(n.sub, v)
	case isOptional:
		p := reflect.New(n.typ.Elem())
		r.object(n.sub, p.Elem())
		v.Set(p)
	case isList:
		r.elements(n, v)
	default:
		if raw := r.skip(); !r.broken {
			r.scalar(n, v, raw)
		}
	}
}

// elements reads a list into a slice of just its length.
func (r *reader) elements(n *node, v reflect.Value) {
	count := 0
	if r.peek() == '[' {
		count = r.count()
	}
	if count > maxList {
		if r.skip(); !r.broken {
			r.fail("", "too_many", "max", strconv.Itoa(maxList))
		}
		return
	}
	if !r.enter('[', "list") {
		return
	}
	if count == 0 {
		v.Set(reflect.MakeSlice(n.typ, 0, 0))
	} else {
		v.SetZero()
		v.Grow(count)
		v.SetLen(count)
		v.SetCap(count)
	}
	for i := 0; r.more(']'); i++ {
		from := len(r.problems)
		if r.value(n.elem, v.Index(i)); len(r.problems) > from {
			r.within("["+strconv.Itoa(i)+"]", n.elem.is, from)
		}
	}
}

// attributes reads an object of any members.
func (r *reader) attributes(to *Attributes) {
	count := 0
	if r.peek() == '{' {
		count = r.count()
	}
	if !r.enter('{', "object") {
		return
	}
	list := make(Attributes, 0, count)
	for r.more('}') {
		key := string(r.name())
		list = append(list, Attribute{Key: key, Value: plain(r.skip())})
	}
	list.sort()
	for i := 1; i < len(list); i++ {
		if list[i].Key == list[i-1].Key {
			r.fail(clip(list[i].Key), "twice")
		}
	}
	*to = list
}
