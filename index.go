package itsm

import (
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm/lifecycle"
)

// IndexName names an index of a kind: a lower-case name, or those of a composite joined by commas.
type IndexName string

// Indexed is an index that a kind declares: an [Index], or several of them in order made by [Then].
type Indexed[T any] interface{ index(*T) indexDef }

// Index is a typed handle on a value by which records are found and ordered. Handles work on each kind of T
// that declares the index; they are values that may be kept in package variables.
type Index[T, V any] struct {
	def indexDef
	key func(V) Key
}

// indexDef is an index without its type parameters.
type indexDef struct {
	parts  []part // one, or several of a composite
	unique bool
}

// part is one value of an index.
type part struct {
	name   IndexName
	typ    ValueType
	multi  bool // a record may have several values, or none
	sparse bool
	unique bool // the marker of a redaction is no value either
	zero   bool // of a sparse part: the empty key is a value too, a record without one has no key
	keys   func(rec any, dst []Key) []Key
	same   func(a, b any) bool // whether two records have the same keys
}

func (i Index[T, V]) index(*T) indexDef { return i.def }

// Name returns the name of the index.
func (i Index[T, V]) Name() IndexName { return i.def.parts[0].name }

func single[T, V any](name string, t ValueType, get func(*T) V, key func(V) Key) Index[T, V] {
	return Index[T, V]{key: key, def: indexDef{parts: []part{{
		name: IndexName(name), typ: t,
		keys: func(rec any, dst []Key) []Key { return append(dst, key(get(rec.(*T)))) },
		same: func(a, b any) bool { return key(get(a.(*T))) == key(get(b.(*T))) },
	}}}}
}

func textKey[V ~string](v V) Key { return Key{S: string(v)} }

func refKey(r Ref) Key { return Key{S: r.String()} }

// Text declares an index over a text of the record, ordered by bytes; 512 bytes at most.
func Text[T any, V ~string](name string, get func(*T) V) Index[T, V] {
	return single(name, TypeText, get, textKey[V])
}

// Number declares an index over a whole number of the record.
func Number[T any, V ~int | ~int64 | ~int32](name string, get func(*T) V) Index[T, V] {
	return single(name, TypeNumber, get, func(v V) Key { return Key{N: int64(v)} })
}

// When declares an index over an instant of the record. The zero time is the empty value: it comes first, or is
// left out with [Index.Sparse].
func When[T any](name string, get func(*T) time.Time) Index[T, time.Time] {
	return single(name, TypeTime, get, timeKey)
}

// Flag declares an index over a yes or no of the record.
func Flag[T any](name string, get func(*T) bool) Index[T, bool] {
	return single(name, TypeBool, get, boolKey)
}

// Points declares an index over a reference of the record.
func Points[T any](name string, get func(*T) Ref) Index[T, Ref] {
	i := single(name, TypeRef, get, refKey)
	i.def.parts[0].same = func(a, b any) bool { return get(a.(*T)) == get(b.(*T)) } // without writing them out
	return i
}

// Texts declares an index over a list of texts: a record is found by each of them. It gives no order.
func Texts[T any, V ~string](name string, get func(*T) []V) Index[T, V] {
	return several(name, TypeText, get, textKey[V])
}

// PointsEach declares an index over a list of references: a record is found by each of them. It gives no order.
func PointsEach[T any](name string, get func(*T) []Ref) Index[T, Ref] {
	return several(name, TypeRef, get, refKey)
}

func several[T any, V comparable](name string, t ValueType, get func(*T) []V, key func(V) Key) Index[T, V] {
	return Index[T, V]{key: key, def: indexDef{parts: []part{{
		name: IndexName(name), typ: t, multi: true,
		keys: func(rec any, dst []Key) []Key {
			for _, v := range get(rec.(*T)) {
				dst = append(dst, key(v))
			}
			return dst
		},
		same: func(a, b any) bool { return slices.Equal(get(a.(*T)), get(b.(*T))) },
	}}}}
}

// Unique makes the index refuse a value that another record of the same tenant and kind has. Empty values are
// left out, and so is [Redacted].
func (i Index[T, V]) Unique() Index[T, V] {
	i = i.Sparse()
	i.def.unique, i.def.parts[0].unique = true, true
	return i
}

// Sparse makes the index leave out empty values: a query that uses it, even only for its order, does not
// return records without one.
func (i Index[T, V]) Sparse() Index[T, V] {
	p := i.def.parts[0]
	p.sparse = true
	i.def.parts = []part{p}
	return i
}

// Is selects the records with a value.
func (i Index[T, V]) Is(v V) Cond[T] { return i.In(v) }

// In selects the records with one of some values; none select nothing.
func (i Index[T, V]) In(values ...V) Cond[T] {
	c := Condition{Index: i.Name(), Type: i.def.parts[0].typ, In: make([]Key, len(values))}
	for n, v := range values {
		c.In[n] = i.key(v)
	}
	return Cond[T]{c}
}

// Between selects the records with a value from a to b, both included.
func (i Index[T, V]) Between(a, b V) Cond[T] { return i.within(&Key{}, &Key{}, a, b) }

// From selects the records with a value of a or more.
func (i Index[T, V]) From(a V) Cond[T] { return i.within(&Key{}, nil, a, a) }

// To selects the records with a value of b or less.
func (i Index[T, V]) To(b V) Cond[T] { return i.within(nil, &Key{}, b, b) }

func (i Index[T, V]) within(low, high *Key, a, b V) Cond[T] {
	if low != nil {
		*low = i.key(a)
	}
	if high != nil {
		*high = i.key(b)
	}
	return Cond[T]{Condition{Index: i.Name(), Type: i.def.parts[0].typ, Min: low, Max: high}}
}

// Asc orders by the value, then by ID.
func (i Index[T, V]) Asc() Order { return Order{Index: i.Name()} }

// Desc orders by the value from the greatest, then by ID from the greatest.
func (i Index[T, V]) Desc() Order { return Order{Index: i.Name(), Desc: true} }

// composite is several indexes in order.
type composite[T any] struct{ def indexDef }

func (c composite[T]) index(*T) indexDef { return c.def }

// Then declares a composite index: the records with one value of each index but the last, in the order of the
// last, without walking the others. [Then](ByCaller, ByOpened) serves "the caller's incidents, newest first",
// which is asked with the two single handles.
func Then[T any](first Indexed[T], more ...Indexed[T]) Indexed[T] {
	def := indexDef{parts: append([]part(nil), first.index(nil).parts...)}
	for _, m := range more {
		def.parts = append(def.parts, m.index(nil).parts...)
	}
	return composite[T]{def}
}

// name returns the index's name: those of its parts joined by commas.
func (d indexDef) name() IndexName {
	names := make([]string, len(d.parts))
	for i, p := range d.parts {
		names[i] = string(p.name)
	}
	return IndexName(strings.Join(names, ","))
}

// The indexes that every kind has.
const (
	IndexNumber   IndexName = "number"   // unique, without empty ones
	IndexExternal IndexName = "external" // unique, without empty ones
	IndexState    IndexName = "state"
	IndexCreated  IndexName = "created"
	IndexUpdated  IndexName = "updated"
	IndexLink     IndexName = "link" // the targets of the record's links
)

// ByNumber is the handle on the record's number.
func ByNumber[T any]() Index[T, string] {
	return Text(string(IndexNumber), func(r *T) string { return head(r).Number }).Unique()
}

// ByExternal is the handle on the host's own key.
func ByExternal[T any]() Index[T, string] {
	return Text(string(IndexExternal), func(r *T) string { return head(r).External }).Unique()
}

// ByState is the handle on the record's state.
func ByState[T any]() Index[T, lifecycle.State] {
	return Text(string(IndexState), func(r *T) lifecycle.State { return head(r).State })
}

// ByCreated is the handle on the instant at which the record was opened.
func ByCreated[T any]() Index[T, time.Time] {
	return When(string(IndexCreated), func(r *T) time.Time { return head(r).CreatedAt })
}

// ByUpdated is the handle on the instant of the record's last event.
func ByUpdated[T any]() Index[T, time.Time] {
	return When(string(IndexUpdated), func(r *T) time.Time { return head(r).UpdatedAt })
}

// ByLink is the handle on the targets of the record's links, of any type.
func ByLink[T any]() Index[T, Ref] {
	i := PointsEach(string(IndexLink), func(*T) []Ref { return nil })
	p := &i.def.parts[0]
	p.keys = func(rec any, dst []Key) []Key {
		for _, l := range head(rec).Links {
			dst = append(dst, refKey(l.To))
		}
		return dst
	}
	p.same = func(a, b any) bool { return slices.Equal(head(a).Links, head(b).Links) }
	return i
}

// standard returns the indexes that every kind has, with the composites that lists and sweeps need.
func standard[T any]() []Indexed[T] {
	return []Indexed[T]{
		ByNumber[T](), ByExternal[T](), ByState[T](), ByCreated[T](), ByUpdated[T](), ByLink[T](),
		Then(ByState[T](), ByUpdated[T]()),
	}
}
