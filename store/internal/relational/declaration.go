package relational

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/itsmkit/itsm"
)

// declarations are those under which rows of a kind may have been written.
type declarations []Declaration

// declarations reads those of a kind; none is a kind that has no tables yet.
func (e *Engine) declarations(ctx context.Context, c Conn, kind string) (declarations, error) {
	rows, err := c.Query(ctx, e.SQL("SELECT indexes FROM @declaration WHERE kind = ? ORDER BY digest"), kind)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out declarations
	for rows.Next() {
		var raw []byte
		if err := rows.Scan(&raw); err != nil {
			return nil, err
		}
		var d Declaration
		if err := json.Unmarshal(raw, &d.Indexes); err != nil {
			return nil, fmt.Errorf("a declaration of kind %s: %w", kind, err)
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// part returns a value as a declaration has it.
func (d Declaration) part(name itsm.IndexName) (itsm.PartShape, bool) {
	for _, i := range d.Indexes {
		for _, p := range i.Parts {
			if p.Name == name {
				return p, true
			}
		}
	}
	return itsm.PartShape{}, false
}

func (d Declaration) index(name itsm.IndexName) (itsm.IndexShape, bool) {
	i := slices.IndexFunc(d.Indexes, func(x itsm.IndexShape) bool { return x.Name == name })
	if i < 0 {
		return itsm.IndexShape{}, false
	}
	return d.Indexes[i], true
}

// serves tells whether rows written under d hold all that another declaration asks for.
func (d Declaration) serves(other Declaration) bool {
	for _, i := range other.Indexes {
		for _, p := range i.Parts {
			if own, ok := d.part(p.Name); !ok || own != p {
				return false
			}
		}
		if own, ok := d.index(i.Name); many(i) && (!ok || !slices.Equal(own.Parts, i.Parts)) {
			return false
		}
	}
	return true
}

// part returns a value as one of the declarations has it; the one of them whose type is not want first.
func (all declarations) part(name itsm.IndexName, want itsm.PartShape) (found itsm.PartShape, ok bool) {
	for _, d := range all {
		if p, has := d.part(name); has {
			if found, ok = p, true; p.Type != want.Type || p.Multi != want.Multi {
				return found, true
			}
		}
	}
	return found, ok
}

// has tells whether one of the declarations has an index just so.
func (all declarations) has(i itsm.IndexShape) bool {
	return slices.ContainsFunc(all, func(d Declaration) bool {
		own, ok := d.index(i.Name)
		return ok && own.Unique == i.Unique && slices.EqualFunc(own.Parts, i.Parts, func(a, b itsm.PartShape) bool { return a.Name == b.Name && a.Type == b.Type && a.Sparse == b.Sparse })
	})
}

// good returns the digests of the declarations whose rows serve d.
func (all declarations) good(d Declaration) []int64 {
	var out []int64
	for _, other := range all {
		if other.serves(d) {
			out = append(out, other.Digest())
		}
	}
	return out
}

// ready returns the table of a kind once the database is known to have what its declaration needs, adding what it lacks
// if that is wanted.
func (e *Engine) ready(ctx context.Context, kind string) (*Table, error) {
	e.mu.RLock()
	p := e.places[kind]
	var t *Table
	done, add := false, false
	if p != nil {
		t, done, add = p.table, p.ready, p.migrate && !itsm.InTx(ctx)
	}
	e.mu.RUnlock()
	switch {
	case p == nil:
		return nil, fmt.Errorf("%s: the store has no kind %q: make its repository with %s.For", e.Store, kind, e.Store)
	case done:
		return t, nil
	case add:
		p.migrating.Lock()
		defer p.migrating.Unlock()
		if err := e.migrate(ctx, t); err != nil {
			return nil, err
		}
	}
	return t, e.seen(ctx, p, t)
}

// seen looks whether the database has what a declaration needs, and remembers it.
func (e *Engine) seen(ctx context.Context, p *place, t *Table) error {
	c, err := e.Backend.Conn(ctx, Everyone)
	if err != nil {
		return err
	}
	kind := t.Shape.Name()
	all, err := e.declarations(ctx, c, kind)
	if err != nil {
		return e.failed(ctx, "reading the declarations of kind "+kind, err)
	}
	if !slices.ContainsFunc(all, func(d Declaration) bool { return d.Digest() == t.Digest }) {
		return fmt.Errorf("%s: kind %s: the database lacks tables, columns or indexes of its declaration: call Migrate (and see Plan for what it will do)", e.Store, kind)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if p.table == t {
		p.ready = true
	}
	return nil
}
