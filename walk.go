package itsm

import (
	"bytes"
	"cmp"
	"reflect"
	"slices"
	"strings"
	"time"
)

// at returns the field of n within the struct v.
func (n *node) at(v reflect.Value) reflect.Value {
	if len(n.index) == 1 {
		return v.Field(n.index[0])
	}
	return v.FieldByIndex(n.index)
}

// equal compares two values of n. Instants are compared as instants, lists by element.
func (n *node) equal(a, b reflect.Value) bool {
	switch n.is {
	case isText:
		return a.String() == b.String()
	case isBool:
		return a.Bool() == b.Bool()
	case isInteger:
		return a.Int() == b.Int()
	case isInstant:
		return timeOf(a).Equal(*timeOf(b))
	case isID:
		return *a.Addr().Interface().(*ID) == *b.Addr().Interface().(*ID)
	case isRef:
		return *refOf(a) == *refOf(b)
	case isValue:
		return a.Equal(b)
	case isAttributes:
		return slices.Equal(*attributesOf(a), *attributesOf(b))
	case isOptional:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		return n.sub.equal(a.Elem(), b.Elem())
	case isGroup:
		return n.sub.equal(a, b)
	case isList:
		if a.Len() != b.Len() {
			return false
		}
		if a.Len() == 0 || a.UnsafePointer() == b.UnsafePointer() {
			return true
		}
		switch x := a.Addr().Interface().(type) {
		case *[]string:
			return slices.Equal(*x, *b.Addr().Interface().(*[]string))
		case *[]Ref:
			return slices.Equal(*x, *b.Addr().Interface().(*[]Ref))
		case *[]Link:
			return slices.Equal(*x, *b.Addr().Interface().(*[]Link))
		}
		for i := range a.Len() {
			if !n.elem.equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
	}
	return true
}

func (f fields) equal(a, b reflect.Value) bool {
	for _, n := range f.flat {
		if !n.equal(n.at(a), n.at(b)) {
			return false
		}
	}
	return true
}

func timeOf(v reflect.Value) *time.Time        { return v.Addr().Interface().(*time.Time) }
func refOf(v reflect.Value) *Ref               { return v.Addr().Interface().(*Ref) }
func attributesOf(v reflect.Value) *Attributes { return v.Addr().Interface().(*Attributes) }

// owns tells that values of n hold memory of their own, which a plain copy would share.
func (n *node) owns() bool { return n.is == isList || n.is == isOptional || n.is == isAttributes }

// detach gives every list, optional struct and attribute list below v memory of its own.
func (f fields) detach(v reflect.Value) {
	for _, n := range f.owned {
		n.detach(n.at(v))
	}
}

func (n *node) detach(v reflect.Value) {
	switch n.is {
	case isAttributes:
		a := attributesOf(v)
		*a = slices.Clone(*a)
	case isOptional:
		if !v.IsNil() {
			c := reflect.New(n.typ.Elem())
			c.Elem().Set(v.Elem())
			n.sub.detach(c.Elem())
			v.Set(c)
		}
	case isList:
		switch x := v.Addr().Interface().(type) {
		case *[]string:
			*x = slices.Clone(*x)
			return
		case *[]Ref:
			*x = slices.Clone(*x)
			return
		case *[]Link:
			*x = slices.Clone(*x)
			return
		}
		if v.IsNil() {
			return
		}
		c := reflect.New(n.typ).Elem()
		c.Grow(v.Len())
		c.SetLen(v.Len())
		reflect.Copy(c, v)
		if n.elem.is == isGroup {
			for i := range c.Len() {
				n.elem.sub.detach(c.Index(i))
			}
		}
		v.Set(c)
	}
}

func (n *node) compareKeys(a, b reflect.Value) int {
	for _, k := range n.by {
		x, y := a, b
		if k != n.elem {
			x, y = k.at(a), k.at(b)
		}
		if c := k.compare(x, y); c != 0 {
			return c
		}
	}
	return 0
}

func (n *node) compare(a, b reflect.Value) int {
	switch n.is {
	case isText:
		return strings.Compare(a.String(), b.String())
	case isInteger:
		return cmp.Compare(a.Int(), b.Int())
	case isInstant:
		return timeOf(a).Compare(*timeOf(b))
	case isID:
		return bytes.Compare(a.Bytes(), b.Bytes())
	case isRef:
		x, y := refOf(a), refOf(b)
		if c := strings.Compare(x.Kind, y.Kind); c != 0 {
			return c
		}
		return bytes.Compare(x.ID[:], y.ID[:])
	}
	return 0
}

// keyOf returns the key of a list element as text.
func (n *node) keyOf(v reflect.Value) string {
	parts := make([]string, len(n.by))
	for i, k := range n.by {
		x := v
		if k != n.elem {
			x = k.at(v)
		}
		switch k.is {
		case isText:
			parts[i] = x.String()
		case isRef:
			parts[i] = refOf(x).String()
		default:
			parts[i] = strings.Trim(string(k.appendJSON(nil, x)), `"`)
		}
	}
	return strings.Join(parts, " ")
}

// isZero tells whether v is the zero value of n.
func (n *node) isZero(v reflect.Value) bool {
	if n.is == isList {
		return v.Len() == 0
	}
	return v.IsZero()
}

// size estimates the bytes that the texts below v hold.
func (f fields) size(v reflect.Value) int {
	total := 0
	for _, n := range f.flat {
		total += n.size(n.at(v))
	}
	return total
}

func (n *node) size(v reflect.Value) int {
	switch n.is {
	case isText:
		return v.Len()
	case isGroup:
		return n.sub.size(v)
	case isOptional:
		if !v.IsNil() {
			return n.sub.size(v.Elem())
		}
	case isList:
		total := 0
		for i := range v.Len() {
			total += n.elem.size(v.Index(i))
		}
		return total
	case isAttributes:
		total := 0
		for _, a := range *attributesOf(v) {
			total += len(a.Key) + len(a.Value)
		}
		return total
	}
	return 16
}
