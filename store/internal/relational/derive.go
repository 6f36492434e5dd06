package relational

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
)

// declare notes that a declaration is in use.
func (e *Engine) declare(ctx context.Context, c Conn, t *Table) error {
	raw, err := json.Marshal(t.Indexes)
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, e.SQL("INSERT INTO @declaration (kind, digest, indexes) VALUES (?, ?, ?) ON CONFLICT (kind, digest) DO NOTHING"), t.Shape.Name(), t.Digest, string(raw))
	return err
}

// staleWhere is the condition on the rows that were written under none of the good declarations.
func staleWhere(s Step) string {
	texts := make([]string, len(s.good))
	for i, d := range s.good {
		texts[i] = strconv.FormatInt(d, 10)
	}
	return "declared NOT IN (" + strings.Join(texts, ", ") + ")"
}

func (e *Engine) staleRows(ctx context.Context, c Conn, s Step) (n int64, err error) {
	err = one(ctx, c, "SELECT count(*) FROM "+s.table.Name+" WHERE "+staleWhere(s), nil, &n)
	return n, err
}

// deriveAll derives all stale rows again, some at a time, while others work.
func (e *Engine) deriveAll(ctx context.Context, s Step) error {
	for n := 1; n > 0; {
		if err := e.Backend.Write(ctx, Everyone, func(c Conn) (err error) {
			n, err = e.derive(ctx, c, s, 200)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// derive derives some stale rows again, and returns how many.
func (e *Engine) derive(ctx context.Context, c Conn, s Step, limit int) (int, error) {
	t := s.table
	stale, err := e.records(ctx, c, t, "SELECT record FROM "+t.Name+" WHERE "+staleWhere(s)+" LIMIT "+strconv.Itoa(limit))
	if err != nil {
		return 0, err
	}
	for _, rec := range stale {
		h := t.Shape.Header(rec)
		old, err := e.stored(ctx, c, t, h.Tenant, h.ID)
		if err != nil {
			return 0, err
		}
		if old.version == 0 || slices.Contains(s.good, old.declared) {
			return 0, fmt.Errorf("a row with the record %s stands under another tenant or ID: the database is damaged", h.ID)
		}
		if _, err := e.put(ctx, c, t, itsm.Scope{Tenant: h.Tenant}, rec, t.row(e.Dialect, rec), old); err != nil {
			return 0, err
		}
	}
	return len(stale), nil
}

// holds refuses a unique index that does not hold for the records that there are.
func (e *Engine) holds(ctx context.Context, c Conn, t *Table, i itsm.IndexShape) error {
	if !i.Unique {
		return nil
	}
	var columns, filled []string
	for _, p := range i.Parts {
		columns = append(columns, t.column(p.Name))
		filled = append(filled, t.column(p.Name)+" IS NOT NULL")
	}
	list := strings.Join(columns, ", ")
	tenant := ""
	values := make([]any, len(i.Parts))
	into := []any{&tenant}
	for n := range values {
		into = append(into, &values[n])
	}
	found, err := maybe(ctx, c, "SELECT tenant, "+list+" FROM "+t.Name+" WHERE "+strings.Join(filled, " AND ")+" GROUP BY tenant, "+list+" HAVING count(*) > 1 LIMIT 1", nil, into...)
	if err != nil || !found {
		return err
	}
	s := &statement{dialect: e.Dialect}
	s.add("SELECT record FROM ", t.Name, " WHERE tenant = ", s.arg(tenant))
	for n, column := range columns {
		s.add(" AND ", column, " = ", s.arg(values[n]))
	}
	s.add(" ORDER BY id LIMIT 1")
	holders, err := e.records(ctx, c, t, s.String(), s.args...)
	if err != nil || len(holders) == 0 {
		return err
	}
	return &itsm.DuplicateError{Index: i.Name, Value: t.formatted(i, holders[0]), Of: t.Shape.Header(holders[0]).Ref(t.Shape.Name())}
}

// adopt gives a kind another declaration while the store is in use: what it lacks is added, what it does not have is
// removed, in one transaction.
func (e *Engine) adopt(ctx context.Context, shape *itsm.Shape) error {
	e.mu.RLock()
	p := e.places[shape.Name()]
	old := p.table
	e.mu.RUnlock()
	if old.Shape == shape {
		return nil
	}
	t := NewTable(e.Names, e.Dialect, shape)
	err := e.Backend.Alter(ctx, t, func(c Conn) error {
		known, err := e.declarations(ctx, c, shape.Name())
		if err != nil {
			return err
		}
		return e.swap(ctx, c, t, known, false)
	})
	if err != nil {
		return e.wrote(ctx, "adopt", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	p.table, p.ready = t, true
	return nil
}

// Prune removes the columns, indexes and list values that the declarations in use do not have: what older programs
// left. None of them may run any more.
func (e *Engine) Prune(ctx context.Context) error {
	for _, t := range e.Tables() {
		err := e.Backend.Alter(ctx, t, func(c Conn) error {
			known, err := e.declarations(ctx, c, t.Shape.Name())
			if err != nil || len(known) == 0 {
				return err
			}
			return e.swap(ctx, c, t, known, true)
		})
		if err != nil {
			return e.wrote(ctx, "prune "+t.Shape.Name(), err)
		}
	}
	return nil
}

// swap removes what t has not, adds what it lacks, and forgets the declarations that have lost something, or all others.
// One that has lost nothing may still be that of a program beside this one: what that writes is to be derived again.
func (e *Engine) swap(ctx context.Context, c Conn, t *Table, known declarations, all bool) error {
	kept, err := e.prune(ctx, c, t, known)
	if err != nil {
		return err
	}
	steps, err := e.plan(t, kept)
	if err != nil {
		return err
	}
	if err := e.run(ctx, c, steps); err != nil {
		return err
	}
	if err := e.declare(ctx, c, t); err != nil {
		return err
	}
	for i, d := range known {
		if digest := d.Digest(); digest != t.Digest && (all || digest != kept[i].Digest()) {
			if err := e.forget(ctx, c, t, digest); err != nil {
				return err
			}
		}
	}
	return e.dropOtherLists(ctx, c, t)
}

// forget removes a declaration, and no row says any more that it was written under it: all are as t has them now. One
// that said so would be taken for what it once was when the declaration comes back.
func (e *Engine) forget(ctx context.Context, c Conn, t *Table, digest int64) error {
	s := &statement{dialect: e.Dialect}
	s.add("UPDATE ", t.Name, " SET declared = ", s.arg(t.Digest), " WHERE declared = ", s.arg(digest))
	if _, err := c.Exec(ctx, s.String(), s.args...); err != nil {
		return err
	}
	_, err := c.Exec(ctx, e.SQL("DELETE FROM @declaration WHERE kind = ? AND digest = ?"), t.Shape.Name(), digest)
	return err
}

// prune drops what some of the known declarations have and t has not, or has otherwise, and returns the declarations
// as they are without it.
func (e *Engine) prune(ctx context.Context, c Conn, t *Table, known declarations) (declarations, error) {
	own := DeclarationOf(t.Indexes)
	dropped := map[string]bool{}
	drop := func(sql string) error {
		if dropped[sql] {
			return nil
		}
		dropped[sql] = true
		_, err := c.Exec(ctx, sql)
		return err
	}
	changed := func(p itsm.PartShape) bool {
		now, ok := own.part(p.Name)
		return !ok || now.Type != p.Type || now.Multi != p.Multi
	}
	var kept declarations
	var columns []string
	for _, d := range known {
		var left Declaration
		for _, i := range d.Indexes {
			gone := !declarations{own}.has(i)
			if gone && !many(i) {
				if err := drop(e.Dialect.DropIndex(indexName(e.Names, t.Shape.Name(), i), t)); err != nil {
					return nil, err
				}
			}
			for _, p := range i.Parts {
				if !p.Multi && changed(p) {
					columns = append(columns, "ALTER TABLE "+t.Name+" DROP COLUMN "+quote(columnName(p.Name)))
				}
			}
			if !gone {
				left.Indexes = append(left.Indexes, i)
			}
		}
		kept = append(kept, left)
	}
	for _, sql := range slices.Compact(slices.Sorted(slices.Values(columns))) {
		if err := drop(sql); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// dropOtherLists removes the list values that t has not.
func (e *Engine) dropOtherLists(ctx context.Context, c Conn, t *Table) error {
	s := &statement{dialect: e.Dialect}
	s.add("DELETE FROM ", t.ListsName, " WHERE 1 = 1")
	for _, l := range t.Lists {
		s.add(" AND list <> ", s.arg(string(l.Name)))
	}
	_, err := c.Exec(ctx, s.String(), s.args...)
	return err
}

// forgetOld removes what a row holds beside the record of its kind's declaration, and has all of that written anew.
func (e *Engine) forgetOld(ctx context.Context, c Conn, t *Table, old stored) error {
	known, err := e.declarations(ctx, c, t.Shape.Name())
	if err != nil {
		return err
	}
	set := "lists = 0, word_sum = 0"
	for _, d := range known {
		for _, i := range d.Indexes {
			for _, p := range i.Parts {
				if _, own := t.columns[p.Name]; !p.Multi && !own && !strings.Contains(set, quote(columnName(p.Name))) {
					set += ", " + quote(columnName(p.Name)) + " = NULL"
				}
			}
		}
	}
	_, err = c.Exec(ctx, "UPDATE "+t.Name+" SET "+set+" WHERE seq = "+e.Dialect.Param(1), old.seq)
	return err
}
