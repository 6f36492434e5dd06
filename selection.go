package itsm

import (
	"bytes"
	"cmp"
	"math"
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
}

// What a query may have, and a scope: no more than what the databases take in one statement.
const (
	maxValues     = 1000   // values of a condition, and spans of an access
	maxConditions = 100    // conditions
	maxAllValues  = 10_000 // values of all conditions together
)

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
	return sel, nil
}

func (s *Shape) resolve(conditions []Condition, where string) ([]part, error) {
	if len(conditions) > maxConditions {
		return nil, Invalid(where, "too_many", "max", strconv.Itoa(maxConditions))
	}
	parts := make([]part, len(conditions))
	values := 0
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
		if values += len(c.In); values > maxAllValues {
			return nil, Invalid(where, "too_many_values", "max", strconv.Itoa(maxAllValues), "want", "fewer values in all conditions together")
		}
		if code := c.checkTexts(); code != "" {
			return nil, Invalid(at, code, "index", string(c.Index), "want", c.Type.written())
		}
		parts[i] = p
	}
	return parts, nil
}

// checkTexts refuses values that no record can have: the databases refuse them too, each in its own way.
func (c *Condition) checkTexts() string {
	check := func(k Key) string {
		if k.S == above {
			return "type"
		}
		return checkText(k.S, math.MaxInt)
	}
	for _, k := range c.In {
		if code := check(k); code != "" {
			return code
		}
	}
	for _, k := range [2]*Key{c.Min, c.Max} {
		if k != nil {
			if code := check(*k); code != "" {
				return code
			}
		}
	}
	return ""
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

// Shape returns the kind that the selection is of.
func (s *Selection) Shape() *Shape { return s.shape }

// Query returns what was asked.
func (s *Selection) Query() Select { return s.query }

// Scope returns whose records were asked for.
func (s *Selection) Scope() Scope { return s.in }

// Words returns the words to search for, as tokens.
func (s *Selection) Words() []string { return s.words }

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
