package itsm

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm/internal/text"
)

// Selection is a query that was checked against a kind, with the way to answer it. Its Match and Compare are
// the definition of what a store returns; a Selection is safe for concurrent use.
type Selection struct {
	shape  *Shape
	in     Scope
	query  Select
	conds  []part // parallel to query.Where
	any    []part // parallel to in.Any
	words  []string
	order  *part // nil: by ID
	desc   bool
	access Access
	digest [8]byte
}

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

// maxValues is how many values a condition may have, and how many spans an access.
const maxValues = 1000

// Select checks a query against the kind. The error matches [ErrInvalid]: an unknown index, values of another
// type, an order by a list, a query that no index serves.
func (s *Shape) Select(in Scope, q Select) (*Selection, error) {
	sel := &Selection{shape: s, in: in, query: q, desc: q.Order.Desc}
	var err error
	if sel.conds, err = s.resolve(q.Where, "where"); err != nil {
		return nil, err
	}
	if sel.any, err = s.resolve(in.Any, "scope"); err != nil {
		return nil, err
	}
	if code := checkText(q.Text, maxLine); code != "" {
		return nil, Invalid("text", code, "max", strconv.Itoa(maxLine))
	}
	if strings.TrimSpace(q.Text) != "" {
		if sel.words = text.Set(q.Text); len(sel.words) == 0 {
			return nil, Invalid("text", "no_words", "want", "at least one letter or digit")
		}
	}
	by := q.Order.Index
	for i := 0; by == "" && i < len(q.Where); i++ {
		if q.Where[i].In == nil && !sel.conds[i].multi {
			by = q.Where[i].Index
		}
	}
	if by != "" {
		p, ok := s.parts[by]
		if !ok {
			return nil, s.unknownIndex("order.index", by)
		}
		if p.multi {
			return nil, Invalid("order.index", "list", "value", string(by), "want", "an index over a single value")
		}
		sel.order = &p
	}
	if err := sel.plan(); err != nil {
		return nil, err
	}
	if !sel.access.Served && !q.Scan {
		return nil, Invalid("where", "no_index", "conditions", sel.named(), "order", string(by),
			"want", "an index that begins with a condition and ends with the order, see itsm.Then; or Scan")
	}
	return sel, sel.sign()
}

func (s *Shape) resolve(conditions []Condition, where string) ([]part, error) {
	parts := make([]part, len(conditions))
	for i, c := range conditions {
		at := where + "[" + strconv.Itoa(i) + "]"
		p, ok := s.parts[c.Index]
		switch {
		case !ok:
			return nil, s.unknownIndex(at+".index", c.Index)
		case c.Type != p.typ:
			return nil, Invalid(at, "type", "index", string(c.Index), "value", string(c.Type), "want", string(p.typ))
		case len(c.In) > maxValues:
			return nil, Invalid(at+".in", "too_many", "max", strconv.Itoa(maxValues))
		}
		parts[i] = p
	}
	return parts, nil
}

func (s *Shape) unknownIndex(path string, name IndexName) *ValidationError {
	names := make([]string, len(s.order))
	for i, n := range s.order {
		names[i] = string(n)
	}
	return &ValidationError{Problems: []Problem{problem(path, "unknown_index", []string{"value", clip(string(name)), "allowed", strings.Join(names, ", ")})}}
}

func (s *Selection) named() string {
	names := make([]string, len(s.query.Where))
	for i, c := range s.query.Where {
		names[i] = string(c.Index)
	}
	return strings.Join(names, ", ")
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

// Shape returns the kind that the selection is of.
func (s *Selection) Shape() *Shape { return s.shape }

// Query returns what was asked.
func (s *Selection) Query() Select { return s.query }

// Scope returns whose records were asked for.
func (s *Selection) Scope() Scope { return s.in }

// Words returns the words to search for, as tokens.
func (s *Selection) Words() []string { return s.words }

// Access returns the way to answer the query.
func (s *Selection) Access() Access { return s.access }

// Order returns the index of the order, "" for the order by ID, and whether it is backwards.
func (s *Selection) Order() (by IndexName, desc bool) {
	if s.order != nil {
		by = s.order.name
	}
	return by, s.desc
}

// Visible tells whether a record is within the scope.
func (s *Selection) Visible(rec any) bool {
	if head(rec).Tenant != s.in.Tenant {
		return false
	}
	if s.in.Any == nil {
		return true
	}
	var buf [8]Key
	for i := range s.in.Any {
		if s.in.Any[i].matches(s.any[i].of(rec, buf[:0])) {
			return true
		}
	}
	return false
}

// Match tells whether a record is in the result.
func (s *Selection) Match(rec any) bool {
	if !s.Visible(rec) || !s.Holds(rec) {
		return false
	}
	return len(s.words) == 0 || text.Matches(s.words, s.shape.Tokens(rec))
}

// Holds tells whether a record meets the conditions, words and scope apart.
func (s *Selection) Holds(rec any) bool {
	var buf [8]Key
	for i := range s.query.Where {
		if !s.query.Where[i].matches(s.conds[i].of(rec, buf[:0])) {
			return false
		}
	}
	return s.order == nil || !s.order.sparse || len(s.order.of(rec, buf[:0])) > 0
}

// Compare orders two records of the result: by the order's index, then by ID; backwards both.
func (s *Selection) Compare(a, b any) int {
	return s.ComparePlaces(s.Place(a), s.Place(b))
}

// Place is where a record stands in a result: its key in the order, and its ID.
type Place struct {
	Key Key
	ID  ID
}

// Place returns where a record stands in the result.
func (s *Selection) Place(rec any) Place {
	p := Place{ID: head(rec).ID}
	if s.order != nil {
		var buf [1]Key
		if keys := s.order.of(rec, buf[:0]); len(keys) > 0 {
			p.Key = keys[0]
		}
	}
	return p
}

// ComparePlaces orders two places of the result.
func (s *Selection) ComparePlaces(a, b Place) int {
	c := cmp.Or(a.Key.Compare(b.Key), bytes.Compare(a.ID[:], b.ID[:]))
	if s.desc {
		return -c
	}
	return c
}

// Match tells whether a record of the kind is in the result of a query in a scope; with [Kind.Compare] it is
// the definition of Find.
func (k *Kind[T]) Match(in Scope, q Query[T], rec *T) (bool, error) {
	q.Scan = true
	s, err := k.shape.Select(in, q.Select)
	if err != nil {
		return false, err
	}
	return s.Match(rec), nil
}

// Compare orders two records as a query does.
func (k *Kind[T]) Compare(q Query[T], a, b *T) (int, error) {
	q.Scan = true
	s, err := k.shape.Select(Scope{}, q.Select)
	if err != nil {
		return 0, err
	}
	return s.Compare(a, b), nil
}
