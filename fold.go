package itsm

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// fold applies the changes of an event to a record: the same few lines for every kind.
func (p *plan) fold(v reflect.Value, changes []Change, renamed map[string]string) error {
	for _, c := range changes {
		path := rename(c.Path, renamed)
		if n := p.byPath[path]; n != nil && n.is != isGroup && n.is != isHeader {
			if err := n.fold(p.place(n, v), c); err != nil {
				return fmt.Errorf("%s: %w", c.Path, err)
			}
			continue
		}
		cut := strings.LastIndexByte(path, '/')
		if cut < 0 {
			return fmt.Errorf("change of %q: not a JSON Pointer into the record", c.Path)
		}
		n, key := p.byPath[path[:cut]], unescapePointer(path[cut+1:])
		if n == nil || n.is != isAttributes && !n.keyed {
			return fmt.Errorf("change of %q: the record has no such field; a field that was renamed is declared in Declaration.Renamed", c.Path)
		}
		var err error
		if at := p.place(n, v); n.is == isAttributes {
			attributesOf(at).set(key, plain(c.New))
		} else {
			err = n.foldElement(at, c, key)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", c.Path, err)
		}
	}
	return nil
}

// place finds the value of n within the record v, making the optional structs on the way.
func (p *plan) place(n *node, v reflect.Value) reflect.Value {
	outer := p.outer(n)
	if outer != nil {
		o := p.place(outer, v)
		if o.IsNil() {
			o.Set(reflect.New(outer.typ.Elem()))
		}
		v = o.Elem()
	}
	return n.at(v)
}

// outer returns the optional struct that n lies in, or nil.
func (p *plan) outer(n *node) *node {
	for path := n.path; ; {
		cut := strings.LastIndexByte(path, '/')
		if cut <= 0 {
			return nil
		}
		path = path[:cut]
		if o := p.byPath[path]; o != nil && o.is == isOptional {
			return o
		}
	}
}

func (n *node) fold(v reflect.Value, c Change) error {
	if len(c.New) == 0 {
		v.SetZero()
		return nil
	}
	return n.read(v, c.New)
}

func (r *reader) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	return &ValidationError{Problems: r.problems}
}

// foldElement inserts, replaces or removes one element of a keyed list.
func (n *node) foldElement(v reflect.Value, c Change, key string) error {
	removed := len(c.New) == 0
	raw := c.New
	if removed {
		raw = c.Old
	}
	var item reflect.Value
	if len(raw) > 0 {
		item = reflect.New(n.elem.typ).Elem()
		if err := n.elem.read(item, raw); err != nil {
			return err
		}
	}
	at, found := v.Len(), false
	for i := range v.Len() {
		if item.IsValid() { // the key as text may be that of another element too: "a b" and "c", "a" and "b c"
			if order := n.compareKeys(v.Index(i), item); order >= 0 {
				at, found = i, order == 0
				break
			}
		} else if n.keyOf(v.Index(i)) == key {
			at, found = i, true
			break
		}
	}
	switch {
	case removed && !found:
		return fmt.Errorf("no element %q to remove", key)
	case removed:
		reflect.Copy(v.Slice(at, v.Len()), v.Slice(at+1, v.Len()))
		v.Index(v.Len() - 1).SetZero()
		if v.SetLen(v.Len() - 1); v.Len() == 0 {
			v.SetZero()
		}
	case found:
		v.Index(at).Set(item)
	default:
		v.Set(reflect.Append(v, item))
		reflect.Copy(v.Slice(at+1, v.Len()), v.Slice(at, v.Len()-1))
		v.Index(at).Set(item)
	}
	return nil
}

// rename follows the declared renames: the longest old path that leads to the change's counts.
func rename(path string, renamed map[string]string) string {
	for from := path; from != "" && len(renamed) > 0; {
		if to, ok := renamed[from]; ok {
			return to + path[len(from):]
		}
		from = from[:strings.LastIndexByte(from, '/')]
	}
	return path
}

// Set changes one attribute in a list that stays sorted; "" removes it.
func (a *Attributes) set(key, value string) {
	i, found := slices.BinarySearchFunc(*a, key, func(x Attribute, k string) int { return strings.Compare(x.Key, k) })
	switch {
	case found && value == "":
		if *a = slices.Delete(*a, i, i+1); len(*a) == 0 {
			*a = nil
		}
	case found:
		(*a)[i].Value = value
	case value != "":
		*a = slices.Insert(*a, i, Attribute{Key: key, Value: value})
	}
}
