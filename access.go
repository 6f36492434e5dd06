package itsm

import (
	"slices"
	"strconv"
)

// Access is the way to answer a query: the spans of one index, each in the query's order, to be merged.
type Access struct {
	// Index is the place in [Shape.Indexes] of the index to walk; -1 is all records by ID.
	Index int
	// Spans are the ranges of that index. Within each the entries stand in the query's order (backwards if
	// Desc); several are merged by it.
	Spans []Span
	// Leads are what the keys of each span begin with before the value of the order: the earlier parts of a
	// composite index. They are parallel to Spans.
	Leads []string
	Desc  bool
	// Exact tells that the spans hold just what matches: there is nothing left to ask [Selection.Match], but
	// for the scope.
	Exact bool
	// Served is false where neither an index nor words narrow a query that has conditions: only
	// [Select.Scan] allows it.
	Served bool
}

// plan chooses the index that covers the most conditions and gives the order.
func (s *Selection) plan() error {
	best, covered, eq := -1, 0, 0
	for i := range s.shape.indexes {
		if c, e, ok := s.covers(s.shape.indexes[i].parts); ok && (best < 0 || c > covered) {
			best, covered, eq = i, c, e
		}
	}
	none := len(s.query.Where) == 0
	s.access = Access{Index: -1, Desc: s.desc, Served: none || covered > 0 || len(s.words) > 0,
		Exact: covered == len(s.query.Where) && len(s.words) == 0}
	if best < 0 || s.order == nil && covered == 0 {
		s.access.Exact = none && len(s.words) == 0
		return nil
	}
	s.access.Index = best
	return s.spans(s.shape.indexes[best].parts, eq)
}

// covers tells how many conditions an index answers if it also gives the order: its first eq parts are each
// fixed by values, and the last one, if it is not among them, is the order's.
func (s *Selection) covers(parts []part) (covered, eq int, ok bool) {
	fixed := parts
	if s.order != nil {
		if parts[len(parts)-1].name != s.order.name {
			return 0, 0, false
		}
		fixed = parts[:len(parts)-1]
	}
	for _, p := range fixed {
		if s.values(p.name) < 0 {
			return 0, 0, false
		}
	}
	for i := range s.query.Where {
		for n, p := range parts {
			if p.name == s.query.Where[i].Index && (n == len(fixed) || i == s.values(p.name)) {
				if n < len(fixed) || s.last(p.name) == i {
					covered++
				}
				break
			}
		}
	}
	return covered, len(fixed), true
}

// values returns the first condition on an index that lists values, or -1.
func (s *Selection) values(name IndexName) int {
	return slices.IndexFunc(s.query.Where, func(c Condition) bool { return c.Index == name && c.In != nil })
}

// last returns the condition that the last part of an index answers: its values, or else its first range.
func (s *Selection) last(name IndexName) int {
	if i := s.values(name); i >= 0 {
		return i
	}
	return slices.IndexFunc(s.query.Where, func(c Condition) bool { return c.Index == name })
}

// spans makes the ranges of the chosen index: one for each combination of the values of its first parts.
func (s *Selection) spans(parts []part, eq int) error {
	prefixes := []Key{{}}
	for n, p := range parts[:eq] {
		in := s.query.Where[s.values(p.name)].In
		var next []Key
		for _, prefix := range prefixes {
			for _, k := range distinct(in) {
				if !p.drops(k) {
					next = append(next, combine(parts, n, prefix, k))
				}
			}
		}
		if prefixes = next; len(prefixes) > maxValues {
			return Invalid("where", "too_many", "max", strconv.Itoa(maxValues), "want", "fewer combinations of values")
		}
	}
	if eq == len(parts) {
		for _, k := range prefixes {
			s.span(Span{k, k}, "")
		}
		return nil
	}
	p := parts[eq]
	i := s.last(p.name)
	for _, prefix := range prefixes {
		whole := everything(prefix.S, p.typ)
		switch {
		case i < 0:
			s.span(whole, prefix.S)
		case s.query.Where[i].In != nil:
			for _, k := range distinct(s.query.Where[i].In) {
				if !p.drops(k) {
					at := combine(parts, eq, prefix, k)
					s.span(Span{at, at}, prefix.S)
				}
			}
		default:
			if c := s.query.Where[i]; c.Min != nil {
				whole.From = combine(parts, eq, prefix, *c.Min)
			}
			if c := s.query.Where[i]; c.Max != nil {
				whole.To = combine(parts, eq, prefix, *c.Max)
			}
			if whole.From.Compare(whole.To) <= 0 {
				s.span(whole, prefix.S)
			}
		}
	}
	if len(s.access.Spans) > maxValues {
		return Invalid("where", "too_many", "max", strconv.Itoa(maxValues), "want", "fewer combinations of values")
	}
	return nil
}

func (s *Selection) span(of Span, lead string) {
	s.access.Spans, s.access.Leads = append(s.access.Spans, of), append(s.access.Leads, lead)
}

func distinct(keys []Key) []Key {
	keys = slices.Clone(keys)
	slices.SortFunc(keys, Key.Compare)
	return slices.Compact(keys)
}

// Access returns the way to answer the query.
func (s *Selection) Access() Access { return s.access }
