package relational

import (
	"context"
	"encoding/json"
	"fmt"
	"math/bits"
	"strings"

	"github.com/itsmkit/itsm"
)

// get returns records in the order of their IDs, nil for one that is not there.
func (e *Engine) get(ctx context.Context, t *Table, in itsm.Scope, ids []itsm.ID) ([]any, error) {
	out := make([]any, len(ids))
	if !storable(in.Tenant) {
		return out, nil
	}
	for from := 0; from < len(ids); from += itsm.MaxPage {
		if err := e.getSome(ctx, t, in, ids[from:min(from+itsm.MaxPage, len(ids))], out[from:]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (e *Engine) getSome(ctx context.Context, t *Table, in itsm.Scope, ids []itsm.ID, out []any) error {
	c, err := e.Backend.Conn(ctx, reach(in))
	if err != nil {
		return err
	}
	if len(ids) == 1 {
		found, err := e.records(ctx, c, t, t.sql.get, in.Tenant, e.Dialect.ID(ids[0]))
		if len(found) > 0 {
			out[0] = found[0]
		}
		return e.failed(ctx, "get", err)
	}
	s := &statement{dialect: e.Dialect}
	s.add("SELECT t.record FROM ", t.Name, " t WHERE t.tenant = ", s.arg(in.Tenant), " AND t.id IN (")
	params := make([]string, 1<<bits.Len(uint(len(ids)-1))) // few different statements: the last ID is repeated
	for i := range params {
		params[i] = s.arg(e.Dialect.ID(ids[min(i, len(ids)-1)]))
	}
	s.add(strings.Join(params, ", "), ")")
	found, err := e.records(ctx, c, t, s.String(), s.args...)
	if err != nil {
		return e.failed(ctx, "get", err)
	}
	byID := make(map[itsm.ID]any, len(found))
	for _, rec := range found {
		byID[t.Shape.Header(rec).ID] = rec
	}
	for i, id := range ids {
		if rec := byID[id]; rec != nil {
			out[i] = rec
		}
	}
	return nil
}

// records runs a query whose one column is the JSON of records.
func (e *Engine) records(ctx context.Context, c Conn, t *Table, query string, args ...any) ([]any, error) {
	rows, err := c.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []any
	for rows.Next() {
		var raw []byte
		if err := rows.Scan(&raw); err != nil {
			return nil, err
		}
		rec, err := t.Shape.Decode(raw)
		if err != nil {
			return nil, unreadable(raw, err)
		}
		out = append(out, rec)
	}
	return out, rows.Err()
}

// unreadable is the error for a stored text that is no record. It matches no error of the contract: what is wrong is not
// the caller's input.
func unreadable(raw []byte, err error) error {
	var known struct{ ID itsm.ID }
	if json.Unmarshal(raw, &known) != nil || known.ID == (itsm.ID{}) {
		return fmt.Errorf("a record cannot be read: %v", err) //nolint:errorlint // see above
	}
	return fmt.Errorf("the record %s cannot be read: %v", known.ID, err) //nolint:errorlint // see above
}

// find returns a page of a result and the cursor behind it.
func (e *Engine) find(ctx context.Context, t *Table, in itsm.Scope, q itsm.Select, p itsm.PageRequest) ([]any, string, error) {
	limit, err := p.Size()
	if err != nil {
		return nil, "", err
	}
	sel, err := t.Shape.Select(in, q)
	if err != nil {
		return nil, "", err
	}
	after, err := sel.Resume(p.Cursor)
	if err != nil || !storable(in.Tenant) {
		return nil, "", err
	}
	c, err := e.Backend.Conn(ctx, reach(in))
	if err != nil {
		return nil, "", err
	}
	rare, err := e.rare(ctx, c, t, sel.Words())
	if err != nil {
		return nil, "", e.failed(ctx, "find", err)
	}
	query, args := t.Page(e.Dialect, sel, after, limit+1, rare)
	found, err := e.records(ctx, c, t, query, args...)
	if err != nil {
		return nil, "", e.failed(ctx, "find", err)
	}
	if len(found) <= limit {
		return found, "", nil
	}
	found = found[:limit]
	return found, sel.Cursor(found[limit-1]), nil
}

// maxRare is how many rows have words that are rare: they are read and sorted, in place of a walk in the order of the result.
const maxRare = 1000

// rare returns the numbers of the rows that have all words, if these are few and the database has to be told; else nil.
func (e *Engine) rare(ctx context.Context, c Conn, t *Table, words []string) ([]int64, error) {
	if len(words) == 0 {
		return nil, nil
	}
	s := &statement{dialect: e.Dialect}
	with := e.Dialect.Rare(t, words, maxRare+1, s.arg)
	if with == "" {
		return nil, nil
	}
	rows, err := c.Query(ctx, with, s.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []int64{}
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	if len(out) > maxRare {
		out = nil
	}
	return out, rows.Err()
}

// count counts a result, and by the values of some indexes.
func (e *Engine) count(ctx context.Context, t *Table, in itsm.Scope, q itsm.Select, by []itsm.IndexName) (itsm.Counts, error) {
	var counts itsm.Counts
	sel, err := t.Shape.Select(in, q)
	if err != nil {
		return counts, err
	}
	parts := make([]itsm.PartShape, len(by))
	for i, name := range by {
		if n, ok := t.columns[name]; ok {
			parts[i] = t.Columns[n].Part
		} else if n, ok := t.lists[name]; ok && t.Lists[n].part.Name == name {
			parts[i] = t.Lists[n].part
		} else {
			return counts, itsm.Invalid("by", "unknown_index", "value", string(name))
		}
	}
	if !storable(in.Tenant) {
		for _, p := range parts {
			counts.Facets = append(counts.Facets, itsm.Facet{Index: p.Name, Type: p.Type, Buckets: []itsm.Bucket{}})
		}
		return counts, nil
	}
	read := func(c Conn) error {
		counts = itsm.Counts{}
		query, args := t.Total(e.Dialect, sel)
		if err := one(ctx, c, query, args, &counts.Total); err != nil {
			return err
		}
		for _, p := range parts {
			f, err := e.facet(ctx, c, t, sel, p)
			if err != nil {
				return err
			}
			counts.Facets = append(counts.Facets, f)
		}
		return nil
	}
	if len(by) > 0 {
		return counts, e.failed(ctx, "count", e.Backend.Snapshot(ctx, reach(in), read))
	}
	c, err := e.Backend.Conn(ctx, reach(in))
	if err != nil {
		return counts, err
	}
	return counts, e.failed(ctx, "count", read(c))
}

func (e *Engine) facet(ctx context.Context, c Conn, t *Table, sel *itsm.Selection, p itsm.PartShape) (itsm.Facet, error) {
	f := itsm.Facet{Index: p.Name, Type: p.Type, Buckets: []itsm.Bucket{}}
	query, args := t.Facet(e.Dialect, sel, p.Name)
	rows, err := c.Query(ctx, query, args...)
	if err != nil {
		return f, err
	}
	defer rows.Close()
	for rows.Next() {
		var b itsm.Bucket
		var key itsm.Key
		if p.Multi {
			var s []byte
			err = rows.Scan(&s, &key.N, &b.Count)
			key.S = string(s)
		} else {
			var column any
			if err = rows.Scan(&column, &b.Count); err == nil {
				key, err = e.Dialect.Key(p.Type, column)
			}
		}
		if err != nil {
			return f, err
		}
		b.Value = key.Format(p.Type)
		f.Buckets = append(f.Buckets, b)
	}
	return f, rows.Err()
}

// one reads the only row of a query; without one the values stay as they are.
func one(ctx context.Context, c Conn, query string, args []any, into ...any) error {
	_, err := maybe(ctx, c, query, args, into...)
	return err
}

// maybe reads the only row of a query and tells whether there was one.
func maybe(ctx context.Context, c Conn, query string, args []any, into ...any) (bool, error) {
	rows, err := c.Query(ctx, query, args...)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	if !rows.Next() {
		return false, rows.Err()
	}
	if err := rows.Scan(into...); err != nil {
		return false, fmt.Errorf("reading a row: %w", err)
	}
	for rows.Next() { // some drivers end the statement only behind the last row
	}
	return true, rows.Err()
}
