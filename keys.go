package itsm

import (
	"fmt"
	"slices"
	"strconv"
)

func (s *Shape) declareIndex(d indexDef) error {
	for _, p := range d.parts {
		switch known, seen := s.parts[p.name]; {
		case !validName(string(p.name)):
			return fmt.Errorf("index %q: the name must be %s", p.name, nameRule)
		case p.name == "key" || p.name == "id":
			return fmt.Errorf("index %q: the name is the kernel's", p.name)
		case seen && (known.typ != p.typ || known.multi != p.multi || known.sparse != p.sparse):
			return fmt.Errorf("index %q is declared twice, with different types", p.name)
		case seen && len(d.parts) == 1 && s.index(d.name()) >= 0:
			return fmt.Errorf("index %q is declared twice", p.name)
		case !seen:
			s.parts[p.name], s.order, s.values = p, append(s.order, p.name), append(s.values, p)
		}
	}
	if s.index(d.name()) >= 0 {
		return fmt.Errorf("index %q is declared twice", d.name())
	}
	if d.unique && d.parts[0].multi {
		return fmt.Errorf("index %q: an index over a list cannot be unique", d.name())
	}
	s.indexes, s.uses = append(s.indexes, d), append(s.uses, nil)
	for _, p := range d.parts {
		last := &s.uses[len(s.uses)-1]
		*last = append(*last, slices.Index(s.order, p.name))
	}
	return nil
}

func (s *Shape) index(name IndexName) int {
	return slices.IndexFunc(s.indexes, func(d indexDef) bool { return d.name() == name })
}

// IndexShape is an index as a store sees it.
type IndexShape struct {
	Name   IndexName
	Parts  []PartShape // one, or those of a composite in order
	Unique bool
}

// PartShape is one value of an index.
type PartShape struct {
	Name   IndexName
	Type   ValueType
	Multi  bool // a record may have several values
	Sparse bool // a record with an empty value is not in the index
}

// Indexes returns the declared indexes, in a stable order: the standard ones first.
func (s *Shape) Indexes() []IndexShape {
	out := make([]IndexShape, len(s.indexes))
	for i, d := range s.indexes {
		out[i] = IndexShape{Name: d.name(), Unique: d.unique}
		for _, p := range d.parts {
			out[i].Parts = append(out[i].Parts, PartShape{Name: p.name, Type: p.typ, Multi: p.multi, Sparse: p.sparse})
		}
	}
	return out
}

// Keys appends the keys under which a record stands in the i-th index: one, several for a list, none where a
// sparse value is empty. The key of a composite orders as its parts do.
func (s *Shape) Keys(i int, rec any, dst []Key) []Key {
	parts := s.indexes[i].parts
	if len(parts) == 1 {
		return parts[0].of(rec, dst)
	}
	from := len(dst)
	dst = append(dst, Key{})
	for n := range parts {
		end := len(dst)
		dst = parts[n].of(rec, dst)             // behind what there is: the caller's memory is enough
		if end == from+1 && len(dst) == end+1 { // the common case, without a product
			dst[from] = combine(parts, n, dst[from], dst[end])
			dst = dst[:end]
			continue
		}
		prefixes, keys := slices.Clone(dst[from:end]), slices.Clone(dst[end:])
		dst = dst[:from]
		for _, p := range prefixes {
			for _, k := range keys {
				dst = append(dst, combine(parts, n, p, k))
			}
		}
	}
	return dst
}

// Moved appends the places of the indexes in which two versions of a record stand under different keys, without
// making the keys. There may be more of them, where lists hold the same values in another order.
func (s *Shape) Moved(a, b any, dst []int) []int {
	const known = 64 // values beyond count as different
	var differs uint64
	for n := range min(known, len(s.values)) {
		if !s.values[n].same(a, b) {
			differs |= 1 << n
		}
	}
	for i, uses := range s.uses {
		for _, n := range uses {
			if n >= known || differs&(1<<n) != 0 {
				dst = append(dst, i)
				break
			}
		}
	}
	return dst
}

// combine adds the n-th part to the key of a composite.
func combine(parts []part, n int, prefix, k Key) Key {
	switch {
	case n < len(parts)-1 && n == len(parts)-2 && n == 0 && !parts[n].typ.numeric() && parts[n+1].typ.numeric():
		return k // a text before a number needs no end: the text as it is, and no allocation
	case n < len(parts)-1:
		return Key{S: prefix.S + lead(parts[n].typ, k)}
	case parts[n].typ.numeric():
		return Key{S: prefix.S, N: k.N}
	}
	return Key{S: prefix.S + k.S}
}

// Values appends the keys of one part of an index, by the part's name: what a column of a table holds.
func (s *Shape) Values(name IndexName, rec any, dst []Key) []Key {
	p, ok := s.parts[name]
	if !ok {
		return dst
	}
	return p.of(rec, dst)
}

// drops tells whether a key is left out: because it is empty, or because it stands in place of a unique value that
// was redacted.
func (p *part) drops(k Key) bool {
	return p.sparse && !p.zero && k.IsZero() || p.unique && k.S == Redacted
}

// of appends the part's keys of a record, without the empty ones where it is sparse.
func (p *part) of(rec any, dst []Key) []Key {
	from := len(dst)
	dst = p.keys(rec, dst)
	if p.sparse {
		kept := dst[:from]
		for _, k := range dst[from:] {
			if !p.drops(k) {
				kept = append(kept, k)
			}
		}
		dst = kept
	}
	return dst
}

// checkIndexed reports texts that are too long for their index.
func (s *Shape) checkIndexed(rec any, c *Checker, buf []Key) {
	for i := range s.values {
		p := &s.values[i]
		if p.typ != TypeText {
			continue
		}
		for _, k := range p.keys(rec, buf) {
			if len(k.S) > maxIndexed {
				c.Fail(string(p.name), "too_long", "max", strconv.Itoa(maxIndexed), "bytes", strconv.Itoa(len(k.S)))
				break
			}
		}
	}
}
