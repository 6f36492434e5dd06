package itsm

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"
)

// A plan is what the kernel knows of a struct type: which fields it has, how they are compared, copied,
// written and read. It is made once per kind, and everything per field below works on it without type
// parameters, so that a kind costs little program.
type plan struct {
	typ     reflect.Type
	root    fields
	byPath  map[string]*node // by JSON Pointer, outside lists
	scratch sync.Pool        // *diff
}

// fields are those of a struct, once as a tree and once flat: with the fields of plain nested structs in
// place of the structs.
type fields struct {
	tree []*node
	flat []*node
	// Of flat: those with memory of their own, and with them those whose form canonical may change.
	owned, loose []*node
}

// sort fills in the lists beside flat, once that is complete.
func (f *fields) sort() {
	for _, n := range f.flat {
		if n.owns() {
			f.owned = append(f.owned, n)
		}
		if n.owns() || n.is == isInstant {
			f.loose = append(f.loose, n)
		}
	}
}

type nodeKind uint8

const (
	isText nodeKind = iota
	isBool
	isInteger
	isInstant
	isID
	isRef
	isValue    // a type with its own JSON, pointer-free and comparable
	isGroup    // a struct
	isOptional // a pointer to a struct
	isList
	isAttributes
	isHeader // a header field that the kernel writes: known to JSON and screens, never a change
)

// node is one field, or the element of a list.
type node struct {
	name    string // its JSON name
	path    string // JSON Pointer from the record: "/resolution/code"
	index   []int  // from the record, or from the optional or list element around it
	is      nodeKind
	typ     reflect.Type
	sub     fields   // of a group, optional, or list element that is a struct
	elem    *node    // of a list
	by      []*node  // of a keyed list: what makes its key; the element itself for a list of leaves
	keyed   bool     // of a list
	choices []string // of an enumeration
	limit   int      // of a text: see long
	long    bool     // limit counts bytes instead of characters
	omit    bool     // absent from JSON when zero
}

// dotted returns the path as errors name it: "resolution.code".
func (n *node) dotted() string { return dotted(n.path) }

func dotted(pointer string) string {
	return unescapePointer(strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", "."))
}

// chooser is implemented by the typed strings of enumerations, with the list for pick boxes.
type chooser interface{ Choices() []string }

var ( // types, never written to
	typeTime       = reflect.TypeFor[time.Time]()
	typeID         = reflect.TypeFor[ID]()
	typeRef        = reflect.TypeFor[Ref]()
	typeHeader     = reflect.TypeFor[Header]()
	typeAttributes = reflect.TypeFor[Attributes]()
	typeMarshaler  = reflect.TypeFor[json.Marshaler]()
	typeTexter     = reflect.TypeFor[encoding.TextMarshaler]()
	typeReader     = reflect.TypeFor[json.Unmarshaler]()
	typeTextReader = reflect.TypeFor[encoding.TextUnmarshaler]()
	typeChooser    = reflect.TypeFor[chooser]()
)

// newPlan reads a struct type. It refuses what the kernel could not keep: floats, maps, interfaces, functions,
// channels, arrays, recursive types, fields that are unexported or have no JSON name.
func newPlan(t reflect.Type) (*plan, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%s: want a struct", t)
	}
	b := planner{plan: &plan{typ: t, byPath: map[string]*node{}}}
	b.plan.root = b.structure(t, "", nil, nil)
	b.plan.root.sort()
	if len(b.problems) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(b.problems, "; "))
	}
	p := b.plan
	p.scratch.New = func() any { return &diff{old: newSheet(p), new: newSheet(p)} }
	return b.plan, nil
}

type planner struct {
	plan     *plan
	problems []string
	within   []reflect.Type
	inList   int
}

func (b *planner) fail(path, format string, args ...any) {
	b.problems = append(b.problems, "field "+dotted(path)+": "+fmt.Sprintf(format, args...))
}

// structure reads the fields of t, whose place is path; index leads to it from the container around it.
func (b *planner) structure(t reflect.Type, path string, index []int, into *fields) fields {
	for _, w := range b.within {
		if w == t {
			b.fail(path, "type %s holds itself; use a Ref to another record", t)
			return fields{}
		}
	}
	b.within = append(b.within, t)
	defer func() { b.within = b.within[:len(b.within)-1] }()
	var out fields
	if into == nil {
		into = &out
	}
	names := map[string]bool{}
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(append([]int(nil), index...), i)
		if f.Anonymous && f.Type == typeHeader && path == "" {
			for j := range typeHeader.NumField() {
				n := b.field(typeHeader.Field(j), "", append(append([]int(nil), at...), j), into)
				switch n.name {
				case "external", "links", "attributes":
				default:
					n.is = isHeader
				}
				names[n.name], out.tree = true, append(out.tree, n)
			}
			continue
		}
		if f.Anonymous || !f.IsExported() {
			b.fail(path+"/"+f.Name, "must be exported and not embedded (only itsm.Header is)")
			continue
		}
		n := b.field(f, path, at, into)
		if n == nil {
			continue
		}
		if names[n.name] {
			b.fail(n.path, "the JSON name is taken by another field")
		}
		names[n.name], out.tree = true, append(out.tree, n)
	}
	if into == &out {
		return out
	}
	return fields{tree: out.tree}
}

func (b *planner) field(f reflect.StructField, path string, index []int, into *fields) *node {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" || name == "-" || strings.ContainsAny(name, "/~.") {
		b.fail(path+"/"+f.Name, `needs a JSON name without '/', '~' and '.': json:"…"`)
		return nil
	}
	n := &node{name: name, path: path + "/" + name, index: index, typ: f.Type,
		omit: strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")}
	b.classify(n, into)
	if b.inList == 0 {
		b.plan.byPath[n.path] = n
	}
	return n
}

// classify fills in what n is; fields of nested structs go flat into the container around them.
func (b *planner) classify(n *node, into *fields) {
	t := n.typ
	switch {
	case t == typeTime:
		n.is = isInstant
	case t == typeID:
		n.is = isID
	case t == typeRef:
		n.is = isRef
	case t == typeAttributes:
		n.is = isAttributes
	case ownJSON(t):
		n.is = isValue
		if !t.Comparable() || !pointerFree(t) {
			b.fail(n.path, "type %s has its own JSON: it must be comparable and hold no pointer", t)
		}
	case t.Kind() == reflect.String:
		n.is, n.limit = isText, maxLine
		if t.Implements(typeChooser) {
			n.choices = reflect.Zero(t).Interface().(chooser).Choices()
		}
	case t.Kind() == reflect.Bool:
		n.is = isBool
	case t.Kind() == reflect.Int, t.Kind() == reflect.Int64, t.Kind() == reflect.Int32:
		if n.is = isInteger; t == reflect.TypeFor[time.Duration]() {
			b.fail(n.path, "time.Duration is a bare number in JSON; use itsm.Duration")
		}
	case t.Kind() == reflect.Struct:
		n.is = isGroup
		n.sub = b.structure(t, n.path, n.index, into)
		return
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct && !ownJSON(t.Elem()) && t.Elem() != typeTime:
		n.is = isOptional
		n.sub = b.structure(t.Elem(), n.path, nil, nil)
		n.sub.sort()
	case t.Kind() == reflect.Slice:
		n.is = isList
		n.elem = &node{name: n.name, path: n.path, typ: t.Elem()}
		b.inList++
		var sub fields
		b.classify(n.elem, &sub)
		b.inList--
		if n.elem.is == isGroup {
			n.elem.sub.flat = sub.flat
			n.elem.sub.sort()
		}
		if n.elem.is == isList || n.elem.is == isOptional || n.elem.is == isAttributes || t.Elem().Kind() == reflect.Uint8 {
			b.fail(n.path, "a list holds texts, numbers, instants, references or structs, not %s", t.Elem())
		}
		if n.path == "/links" {
			n.keyed, n.by = true, n.elem.sub.flat
		}
	default:
		b.fail(n.path, "type %s cannot be kept; use a text, bool, int, int64, time.Time, itsm.Duration, itsm.Ref, itsm.ID, a struct, a pointer to a struct or a list of them", t)
	}
	if into != nil && n.index != nil {
		into.flat = append(into.flat, n)
	}
}

func ownJSON(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return (p.Implements(typeMarshaler) || p.Implements(typeTexter)) && (p.Implements(typeReader) || p.Implements(typeTextReader))
}

func pointerFree(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if !pointerFree(t.Field(i).Type) {
				return false
			}
		}
		return true
	case reflect.Array:
		return pointerFree(t.Elem())
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer, reflect.Float32, reflect.Float64:
		return false
	}
	return true
}

// list finds a list of the record by its dotted path.
func (p *plan) find(dottedPath string) *node {
	return p.byPath["/"+strings.ReplaceAll(dottedPath, ".", "/")]
}

// key declares that a list is keyed by some fields of its elements, or, without any, by the elements.
func (p *plan) key(k Keyed) error {
	n := p.find(k.List)
	if n == nil || n.is != isList {
		return fmt.Errorf("keyed list %q: there is no such list", k.List)
	}
	n.keyed = true
	if len(k.By) == 0 {
		if n.elem.is == isGroup {
			return fmt.Errorf("keyed list %q: its elements are structs, name the fields that make the key in By", k.List)
		}
		n.by = []*node{n.elem}
		return nil
	}
	n.by = nil
	for _, name := range k.By {
		var found *node
		for _, f := range n.elem.sub.flat {
			if strings.TrimPrefix(f.path, n.path+"/") == strings.ReplaceAll(name, ".", "/") {
				found = f
			}
		}
		if found == nil || found.is > isRef {
			return fmt.Errorf("keyed list %q: its elements have no field %q of a simple type", k.List, name)
		}
		n.by = append(n.by, found)
	}
	return nil
}
