package relational

import (
	"slices"
	"strconv"

	"github.com/itsmkit/itsm"
)

// order is how a result is ordered.
type order struct {
	column string // of the value, "" for the order by ID
	typ    itsm.ValueType
	sparse bool
	unique bool // no two records have the same value: the ID decides nothing
	desc   bool
}

func (t *Table) order(sel *itsm.Selection) order {
	by, desc := sel.Order()
	o := order{desc: desc}
	if by != "" {
		c := t.Columns[t.columns[by]]
		o.column, o.typ, o.sparse = c.Name, c.Part.Type, c.Part.Sparse
		o.unique = slices.ContainsFunc(t.Indexes, func(i itsm.IndexShape) bool { return i.Unique && i.Name == by })
	}
	return o
}

func (o *order) way() (compare, direction string) {
	if o.desc {
		return " < ", " DESC"
	}
	return " > ", ""
}

// by adds ORDER BY over a table's columns.
func (o *order) by(s *statement, table, column string) {
	_, direction := o.way()
	s.add(" ORDER BY ")
	if column != "" {
		s.add(table, ".", column, direction)
		if o.unique {
			return
		}
		s.add(", ")
	}
	s.add(table, ".id", direction)
}

// behind adds that a row comes behind a place.
func (o *order) behind(s *statement, after *itsm.Place) {
	if o.sparse {
		s.add(" AND t.", o.column, " IS NOT NULL")
	}
	if after == nil {
		return
	}
	compare, _ := o.way()
	if o.column == "" {
		s.add(" AND t.id", compare, s.arg(s.dialect.ID(after.ID)))
		return
	}
	if o.unique {
		s.add(" AND t.", o.column, compare, s.arg(s.dialect.Value(o.typ, after.Key)))
		return
	}
	s.add(" AND (t.", o.column, ", t.id)", compare, "(", s.arg(s.dialect.Value(o.typ, after.Key)), ", ", s.arg(s.dialect.ID(after.ID)), ")")
}

// Page returns the statement for the records of a result behind a place, in order. One column, the records' JSON. rare are
// the numbers of the only rows that have the words of the selection, where these are known.
func (t *Table) Page(d Dialect, sel *itsm.Selection, after *itsm.Place, limit int, rare []int64) (string, []any) {
	s := &statement{dialect: d}
	o := t.order(sel)
	a := sel.Access()
	switch {
	case rare != nil:
		s.add("SELECT t.record FROM ", d.Among(t, rare, s.arg), " WHERE ")
		t.where(s, sel, true)
		o.behind(s, after)
		o.by(s, "t", o.column)
		s.add(" LIMIT ", strconv.Itoa(limit))
	case a.Index >= 0 && len(a.Spans) == 0:
		s.add("SELECT t.record FROM ", t.Name, " t WHERE 1 = 0")
	case branches(sel):
		t.union(s, sel, o, after, limit)
	default:
		s.add("SELECT t.record FROM ", t.Name, " t WHERE ")
		t.where(s, sel, true)
		o.behind(s, after)
		o.by(s, "t", o.column)
		s.add(" LIMIT ", strconv.Itoa(limit))
	}
	return s.String(), s.args
}

// union walks each span of an index on its own and merges what they give: no span is read further than a page.
func (t *Table) union(s *statement, sel *itsm.Selection, o order, after *itsm.Place, limit int) {
	a := sel.Access()
	if len(a.Spans) == 1 {
		t.branch(s, sel, o, after, 0, "t.record", limit)
		return
	}
	columns, between := "t.id", " UNION ALL "
	if o.column != "" {
		columns += ", t." + o.column
	}
	if many(t.Indexes[a.Index]) {
		between = " UNION " // a record may stand in several spans
	}
	s.add("SELECT r.record FROM (")
	for i := range a.Spans {
		if i > 0 {
			s.add(between)
		}
		s.add("SELECT * FROM (")
		t.branch(s, sel, o, after, i, columns, limit)
		s.add(") b", strconv.Itoa(i))
	}
	s.add(") u", s.dialect.Join(), t.Name, " r ON r.tenant = ", s.arg(sel.Scope().Tenant), " AND r.id = u.id")
	o.by(s, "u", o.column)
	s.add(" LIMIT ", strconv.Itoa(limit))
}

// branch walks one span.
func (t *Table) branch(s *statement, sel *itsm.Selection, o order, after *itsm.Place, span int, columns string, limit int) {
	a := sel.Access()
	limited := func() { s.add(" LIMIT ", strconv.Itoa(limit)) }
	if list := t.listOf(a.Index); list != nil {
		s.add("SELECT ", columns, " FROM ", t.ListsName, " l", s.dialect.Join(), t.Name, " t ON t.tenant = l.tenant AND t.id = l.id WHERE l.tenant = ",
			s.arg(sel.Scope().Tenant), " AND l.list = ", s.arg(string(list.Name)), " AND ")
		t.entries(s, a.Spans[span])
		s.add(" AND ")
		t.where(s, sel, !a.Exact)
		t.behindEntry(s, o, a.Leads[span], after)
		t.byEntry(s, o)
		limited()
		return
	}
	s.add("SELECT ", columns, " FROM ", t.Name, " t")
	if len(sel.Words()) == 0 && sel.Scope().Any == nil { // what narrows more than the index, where there is something
		s.add(s.dialect.Use(t.Names[a.Index]))
	}
	s.add(" WHERE ")
	t.parts(s, a.Index, a.Spans[span])
	s.add(" AND ")
	t.where(s, sel, !a.Exact)
	o.behind(s, after)
	o.by(s, "t", o.column)
	limited()
}

// behindEntry adds that an entry of a list comes behind a place: the value of the order is the last part of its key.
func (t *Table) behindEntry(s *statement, o order, lead string, after *itsm.Place) {
	if after == nil {
		return
	}
	compare, _ := o.way()
	switch id := s.dialect.ID(after.ID); {
	case o.column == "":
		s.add(" AND l.id", compare, s.arg(id))
	case numeric(o.typ):
		s.add(" AND (l.n, l.id)", compare, "(", s.arg(after.Key.N), ", ", s.arg(id), ")")
	default:
		s.add(" AND (l.s, l.id)", compare, "(", s.arg([]byte(lead+after.Key.S)), ", ", s.arg(id), ")")
	}
}

func (t *Table) byEntry(s *statement, o order) {
	_, direction := o.way()
	s.add(" ORDER BY ")
	switch {
	case o.column == "":
	case numeric(o.typ):
		s.add("l.n", direction, ", ")
	default:
		s.add("l.s", direction, ", ")
	}
	s.add("l.id", direction)
}

func numeric(t itsm.ValueType) bool {
	return t == itsm.TypeNumber || t == itsm.TypeTime || t == itsm.TypeBool
}

// Total returns the statement that counts a result.
func (t *Table) Total(d Dialect, sel *itsm.Selection) (string, []any) {
	s := &statement{dialect: d}
	s.add("SELECT count(*) FROM ", t.Name, " t WHERE ")
	t.where(s, sel, true)
	if o := t.order(sel); o.sparse {
		s.add(" AND t.", o.column, " IS NOT NULL")
	}
	return s.String(), s.args
}

// Facet returns the statement that counts a result by the values of an index. Its columns are the value and the count,
// or, for a list, the text and the number of the value and the count.
func (t *Table) Facet(d Dialect, sel *itsm.Selection, by itsm.IndexName) (string, []any) {
	s := &statement{dialect: d}
	values := "l.s, l.n"
	if n, single := t.columns[by]; single {
		values = "t." + t.Columns[n].Name
		s.add("SELECT ", values, ", count(*) FROM ", t.Name, " t WHERE ", values, " IS NOT NULL AND ")
	} else {
		s.add("SELECT ", values, ", count(*) FROM ", t.Name, " t JOIN ", t.ListsName, " l ON l.tenant = t.tenant AND l.id = t.id WHERE l.list = ", s.arg(string(by)), " AND ")
	}
	t.where(s, sel, true)
	if o := t.order(sel); o.sparse {
		s.add(" AND t.", o.column, " IS NOT NULL")
	}
	s.add(" GROUP BY ", values, " ORDER BY ", values)
	return s.String(), s.args
}
