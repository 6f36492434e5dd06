package relational

import (
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// where adds what makes a row of the table, named t, part of a result: its tenant, the conditions, the words and the
// scope.
func (t *Table) where(s *statement, sel *itsm.Selection, conditions bool) {
	in := sel.Scope()
	s.add("t.tenant = ", s.arg(in.Tenant))
	if conditions {
		for i := range sel.Query().Where {
			s.add(" AND ")
			t.condition(s, in.Tenant, &sel.Query().Where[i])
		}
	}
	if words := sel.Words(); len(words) > 0 {
		s.add(" AND ", s.dialect.Matching(t, words, s.arg))
	}
	if in.Any == nil {
		return
	}
	s.add(" AND (1 = 0")
	for i := range in.Any {
		s.add(" OR ")
		t.condition(s, in.Tenant, &in.Any[i])
	}
	s.add(")")
}

// condition adds one condition on one index.
func (t *Table) condition(s *statement, tenant string, c *itsm.Condition) {
	if n, ok := t.columns[c.Index]; ok {
		column := "t." + t.Columns[n].Name
		if c.In != nil {
			t.oneOf(s, column, c.Type, c.In)
			return
		}
		t.between(s, column, c.Type, c.Min, c.Max)
		return
	}
	open, end := " IN (", ")"
	if len(c.In) > few {
		open, end = s.dialect.Gathered()
	}
	s.add("t.id", open, "SELECT l.id FROM ", t.ListsName, " l WHERE l.tenant = ", s.arg(tenant), " AND l.list = ", s.arg(string(c.Index)), " AND ")
	if spans := c.Spans(); c.In != nil {
		t.entriesOf(s, spans)
	} else {
		t.entries(s, spans[0])
	}
	s.add(end)
}

// entriesOf adds that an entry of a list, named l, has one of some values of one type. These differ in one column, so that
// a list of each column says it; an OR for each value would be deeper than SQLite reads.
func (t *Table) entriesOf(s *statement, points []itsm.Span) {
	var texts, numbers []string
	last := itsm.Key{}
	for i, p := range points {
		if i == 0 || p.From.S != last.S {
			texts = append(texts, s.arg([]byte(p.From.S)))
		}
		if i == 0 || p.From.N != last.N {
			numbers = append(numbers, s.arg(p.From.N))
		}
		last = p.From
	}
	if len(points) == 0 {
		s.add("1 = 0")
		return
	}
	s.add("l.s IN (", strings.Join(texts, ", "), ") AND l.n IN (", strings.Join(numbers, ", "), ")")
}

// oneOf adds that a column has one of some values.
func (t *Table) oneOf(s *statement, column string, typ itsm.ValueType, values []itsm.Key) {
	switch len(values) {
	case 0:
		s.add("1 = 0")
		return
	case 1:
		s.add(column, " = ", s.arg(s.dialect.Value(typ, values[0])))
		return
	}
	params := make([]string, len(values))
	for i, k := range values {
		params[i] = s.arg(s.dialect.Value(typ, k))
	}
	s.add(column, " IN (", strings.Join(params, ", "), ")")
}

// between adds that a column has a value within bounds; nil is open.
func (t *Table) between(s *statement, column string, typ itsm.ValueType, from, to *itsm.Key) {
	if from == nil && to == nil {
		s.add(column, " IS NOT NULL")
		return
	}
	if from != nil {
		s.add(column, " >= ", s.arg(s.dialect.Value(typ, *from)))
	}
	if to != nil {
		if from != nil {
			s.add(" AND ")
		}
		s.add(column, " <= ", s.arg(s.dialect.Value(typ, *to)))
	}
}

// entries adds that an entry of a list, named l, lies in a span of its keys.
func (t *Table) entries(s *statement, span itsm.Span) {
	switch {
	case span.From.S == span.To.S && span.From.N == span.To.N:
		s.add("(l.s = ", s.arg([]byte(span.From.S)), " AND l.n = ", s.arg(span.From.N), ")")
	case span.From.S == span.To.S:
		s.add("(l.s = ", s.arg([]byte(span.From.S)), " AND l.n >= ", s.arg(span.From.N), " AND l.n <= ", s.arg(span.To.N), ")")
	default:
		s.add("(l.s >= ", s.arg([]byte(span.From.S)), " AND l.s <= ", s.arg([]byte(span.To.S)), ")")
	}
}

// parts adds that the columns of an index lie in one of the spans of an access.
func (t *Table) parts(s *statement, index int, span itsm.Span) {
	from, to := t.Shape.Split(index, span.From), t.Shape.Split(index, span.To)
	for i, p := range t.Indexes[index].Parts {
		if i > 0 {
			s.add(" AND ")
		}
		column := "t." + t.column(p.Name)
		if from[i] == to[i] {
			s.add(column, " = ", s.arg(s.dialect.Value(p.Type, from[i])))
			continue
		}
		openFrom, openTo := itsm.Span{From: from[i], To: to[i]}.Open(p.Type)
		low, high := &from[i], &to[i]
		if openFrom {
			low = nil
		}
		if openTo {
			high = nil
		}
		t.between(s, column, p.Type, low, high)
	}
}

// few is how many spans of an index are walked side by side; more are taken together and sorted. So are those of a query
// with so many values that all walks together, each of which has them, would be more than a database takes.
const (
	few       = 24
	allValues = 12_000
)

// branches tells whether the spans of an access are walked each on its own.
func branches(sel *itsm.Selection) bool {
	a, values := sel.Access(), 0
	for _, conditions := range [][]itsm.Condition{sel.Query().Where, sel.Scope().Any} {
		for i := range conditions {
			values += len(conditions[i].In)
		}
	}
	return a.Index >= 0 && (len(a.Spans) == 1 || len(a.Spans) > 0 && len(a.Spans) <= few && len(a.Spans)*values <= allValues)
}

// listOf returns the list that an index stands for, or nil.
func (t *Table) listOf(index int) *List {
	i := slices.IndexFunc(t.Lists, func(l List) bool { return l.index == index })
	if i < 0 {
		return nil
	}
	return &t.Lists[i]
}
