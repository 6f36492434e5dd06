package relational

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// Step is one thing that a migration does.
type Step struct {
	Kind string // the kind of records whose tables it changes
	// Doc says what it does; SQL is the statement, "" where rows are derived again.
	Doc string
	SQL string

	table  *Table
	index  *itsm.IndexShape // the index that the statement makes
	column *Column          // the column that it adds
	good   []int64          // declarations whose rows need not be derived again
	known  declarations
}

// String returns the step as a line of SQL with its explanation.
func (s Step) String() string {
	if s.SQL == "" {
		return "-- " + s.Kind + ": " + s.Doc
	}
	return "-- " + s.Kind + ": " + s.Doc + "\n" + s.SQL + ";"
}

// plan returns what a kind's tables lack. It adds and never removes.
func (e *Engine) plan(t *Table, known declarations) ([]Step, error) {
	own := DeclarationOf(t.Indexes)
	if slices.ContainsFunc(known, func(d Declaration) bool { return d.Digest() == t.Digest }) {
		return e.stale(t, own, known), nil
	}
	var steps []Step
	add := func(doc, sql string, index *itsm.IndexShape) {
		steps = append(steps, Step{Kind: t.Shape.Name(), Doc: doc, SQL: sql, table: t, index: index, known: known})
	}
	if len(known) == 0 {
		for _, sql := range e.Dialect.Create(t) {
			add("the tables of the kind", sql, nil)
		}
	}
	for _, c := range t.Columns {
		was, has := known.part(c.Part.Name, c.Part)
		if has && was.Type != c.Part.Type {
			return nil, fmt.Errorf("%s: kind %s: the index %s is declared as %s and was declared as %s: no program may use the old declaration any more, then call Prune first",
				e.Store, t.Shape.Name(), c.Part.Name, c.Part.Type, was.Type)
		}
		if !has || was.Multi {
			add("a column for "+string(c.Part.Name), e.Dialect.AddColumn(t, c), nil)
			steps[len(steps)-1].column = &c
		}
	}
	steps = append(steps, e.stale(t, own, known)...)
	for i := range t.Indexes {
		index := &t.Indexes[i]
		if many(*index) || known.has(*index) {
			continue
		}
		add("the index "+string(index.Name), e.createIndex(t, *index), index)
	}
	return append(steps, Step{Kind: t.Shape.Name(), Doc: "the declaration is in use", table: t, SQL: ""}), nil
}

// stale returns the step that derives rows again, where there may be some that do not serve a declaration.
func (e *Engine) stale(t *Table, own Declaration, known declarations) []Step {
	if len(known) == 0 || len(known) == 1 && known[0].Digest() == t.Digest {
		return nil
	}
	return []Step{{Kind: t.Shape.Name(), Doc: "the rows that were written under another declaration are derived again", table: t, good: append(known.good(own), t.Digest), known: known}}
}

// indexName returns the name of an index in the database.
func indexName(n Names, kind string, i itsm.IndexShape) string {
	if i.Unique {
		return n.Index(kind, string(i.Name), "unique")
	}
	return n.Index(kind, string(i.Name))
}

// createIndex returns the statement that makes an index over the columns of its parts.
func (e *Engine) createIndex(t *Table, i itsm.IndexShape) string {
	columns := []string{"tenant"}
	var filled []string // a record without a value is not in the index
	for _, p := range i.Parts {
		columns = append(columns, t.column(p.Name))
		if p.Sparse {
			filled = append(filled, t.column(p.Name)+" IS NOT NULL")
		}
	}
	what := "INDEX"
	if i.Unique {
		what = "UNIQUE INDEX"
	} else {
		columns = append(columns, "id")
	}
	sql := e.Dialect.CreateIndex(what, indexName(e.Names, t.Shape.Name(), i), t, strings.Join(columns, ", "))
	if len(filled) > 0 {
		sql += " WHERE " + strings.Join(filled, " AND ")
	}
	return sql
}

// Plan returns what Migrate would do now, for all kinds of the store.
func (e *Engine) Plan(ctx context.Context) ([]Step, error) {
	c, err := e.Backend.Conn(ctx, Everyone)
	if err != nil {
		return nil, err
	}
	var steps []Step
	for _, t := range e.Tables() {
		known, err := e.declarations(ctx, c, t.Shape.Name())
		if err != nil {
			return nil, e.failed(ctx, "plan", err)
		}
		some, err := e.plan(t, known)
		if err != nil {
			return nil, err
		}
		for _, s := range some {
			if s.good != nil {
				n, err := e.staleRows(ctx, c, s)
				if err != nil {
					return nil, e.failed(ctx, "plan", err)
				}
				if n == 0 {
					continue
				}
				s.Doc = fmt.Sprintf("%d rows that were written under another declaration are derived again", n)
			}
			steps = append(steps, s)
		}
	}
	return steps, nil
}

// Migrate does what Plan says. It may be called at any time, from several programs at once.
func (e *Engine) Migrate(ctx context.Context) error {
	for _, t := range e.Tables() {
		if err := e.migrate(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) migrate(ctx context.Context, t *Table) error {
	c, err := e.Backend.Conn(ctx, Everyone)
	if err != nil {
		return err
	}
	known, err := e.declarations(ctx, c, t.Shape.Name())
	if err != nil {
		return e.failed(ctx, "reading the declarations of kind "+t.Shape.Name(), err)
	}
	steps, err := e.plan(t, known)
	if err != nil {
		return err
	}
	if len(known) == 0 { // new tables are made at once, or not at all
		return e.wrote(ctx, "migrate "+t.Shape.Name(), e.Backend.Alter(ctx, nil, func(c Conn) error {
			if again, err := e.declarations(ctx, c, t.Shape.Name()); err != nil || len(again) > 0 {
				return err // another program was faster
			}
			return e.run(ctx, c, steps)
		}))
	}
	for _, s := range steps {
		switch {
		case s.index != nil:
			if err = e.Backend.Write(ctx, Everyone, func(c Conn) error { return e.holds(ctx, c, t, *s.index) }); err == nil {
				err = e.Backend.BuildIndex(ctx, indexName(e.Names, t.Shape.Name(), *s.index), s.SQL)
			}
		case s.good != nil:
			err = e.deriveAll(ctx, s)
		default:
			err = e.Backend.Alter(ctx, nil, func(c Conn) error { return e.run(ctx, c, []Step{s}) })
		}
		if err != nil {
			return e.wrote(ctx, "migrate "+t.Shape.Name()+": "+s.Doc, err)
		}
	}
	return nil
}

// run runs steps within one transaction.
func (e *Engine) run(ctx context.Context, c Conn, steps []Step) error {
	for _, s := range steps {
		switch {
		case s.index != nil:
			if err := e.holds(ctx, c, s.table, *s.index); err != nil {
				return err
			}
			if len(s.known) > 0 { // a migration that was cut short may have left it
				if _, err := c.Exec(ctx, e.Dialect.DropIndex(indexName(e.Names, s.table.Shape.Name(), *s.index), s.table)); err != nil {
					return err
				}
			}
			if _, err := c.Exec(ctx, s.SQL); err != nil {
				return err
			}
		case s.good != nil:
			for {
				if n, err := e.derive(ctx, c, s, 500); err != nil {
					return err
				} else if n == 0 {
					break
				}
			}
		case s.SQL != "":
			if s.column != nil {
				there, err := e.Dialect.HasColumn(ctx, c, s.table, *s.column)
				if err != nil {
					return err
				}
				if there {
					continue
				}
			}
			if _, err := c.Exec(ctx, s.SQL); err != nil {
				return fmt.Errorf("%s: %w", s.Doc, err)
			}
		default:
			if err := e.declare(ctx, c, s.table); err != nil {
				return err
			}
		}
	}
	return nil
}
