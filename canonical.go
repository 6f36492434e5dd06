package itsm

import (
	"reflect"
	"slices"
	"strconv"
	"time"
)

// canonical brings the values below v into the one form that they are stored in: instants in UTC and whole
// milliseconds, empty lists nil, keyed lists and attributes sorted. It reports keys that occur twice. What v
// points at may be the action's own input: it is copied before it is written to.
func (f fields) canonical(v reflect.Value, c *Checker) {
	for _, n := range f.loose {
		x := n.at(v)
		if n.is != isInstant {
			if x.IsZero() {
				continue
			}
			if !n.isCanonical(x) {
				n.detach(x)
			}
		}
		n.canonical(x, c)
	}
}

// isCanonical tells that canonical has nothing to write in the memory that v points at.
func (n *node) isCanonical(v reflect.Value) bool {
	switch n.is {
	case isInstant:
		return isInstantCanonical(*timeOf(v))
	case isGroup:
		return n.sub.isCanonical(v)
	case isOptional:
		return v.IsNil() || n.sub.isCanonical(v.Elem())
	case isAttributes:
		return slices.IsSortedFunc(*attributesOf(v), Attribute.compare)
	case isList:
		if n.elem.is == isGroup || n.elem.is == isInstant {
			for i := range v.Len() {
				if !n.elem.isCanonical(v.Index(i)) {
					return false
				}
			}
		}
		return !n.keyed || n.isSorted(v)
	}
	return true
}

func (f fields) isCanonical(v reflect.Value) bool {
	for _, n := range f.loose {
		if !n.isCanonical(n.at(v)) {
			return false
		}
	}
	return true
}

func isInstantCanonical(t time.Time) bool {
	return t.IsZero() || t.Location() == time.UTC && t.Nanosecond()%1e6 == 0
}

func (n *node) canonical(v reflect.Value, c *Checker) {
	switch n.is {
	case isInstant:
		if t := timeOf(v); !isInstantCanonical(*t) {
			*t = Instant(*t)
		}
	case isGroup:
		n.sub.canonical(v, c)
	case isOptional:
		if !v.IsNil() {
			n.sub.canonical(v.Elem(), c)
		}
	case isAttributes:
		a := attributesOf(v)
		if twice := a.sort(); twice != "" {
			c.Fail(n.dotted()+"."+twice, "twice")
		}
	case isList:
		if v.IsNil() {
			return
		}
		if v.Len() == 0 {
			v.SetZero()
			return
		}
		if n.elem.is == isGroup || n.elem.is == isInstant {
			for i := range v.Len() {
				n.elem.canonical(v.Index(i), c)
			}
		}
		if n.keyed {
			n.sort(v)
			for i := 1; i < v.Len(); i++ {
				if n.compareKeys(v.Index(i-1), v.Index(i)) == 0 {
					c.Fail(n.dotted(), "twice", "key", clip(n.keyOf(v.Index(i))))
				}
			}
		}
		if v.Len() > maxList {
			c.Fail(n.dotted(), "too_many", "max", strconv.Itoa(maxList))
		}
	}
}

// isSorted tells whether a keyed list is in the order of its keys.
func (n *node) isSorted(v reflect.Value) bool {
	for i := 1; i < v.Len(); i++ {
		if n.compareKeys(v.Index(i-1), v.Index(i)) > 0 {
			return false
		}
	}
	return true
}

// sort orders a keyed list by its keys.
func (n *node) sort(v reflect.Value) {
	if n.isSorted(v) {
		return
	}
	order := make([]int, v.Len())
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return n.compareKeys(v.Index(a), v.Index(b)) })
	out := reflect.MakeSlice(n.typ, v.Len(), v.Len())
	for to, from := range order {
		out.Index(to).Set(v.Index(from))
	}
	reflect.Copy(v, out)
}
