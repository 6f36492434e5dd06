package relational

import (
	"context"

	"github.com/itsmkit/itsm"
)

// draw draws the next number of a series.
const draw = "INSERT INTO @series (tenant, prefix, last) VALUES (?, ?, 1) ON CONFLICT (tenant, prefix) DO UPDATE SET last = @series.last + 1 RETURNING last"

// number draws the number that a write asks for, and keeps the series ahead of those that come from elsewhere. has is
// the number that the record is stored with.
func (e *Engine) number(ctx context.Context, c Conn, t *Table, in itsm.Scope, w *itsm.Write, has string) error {
	h := t.Shape.Header(w.Record)
	if w.Draw.Prefix == "" {
		series := t.Shape.Sequence()
		if series.Prefix == "" || h.Number == "" || h.Version != 1 {
			return nil
		}
		n := series.Parse(h.Number)
		if n == 0 {
			return nil
		}
		_, err := c.Exec(ctx, e.SQL("INSERT INTO @series (tenant, prefix, last) VALUES (?, ?, ?) ON CONFLICT (tenant, prefix) DO UPDATE SET last = excluded.last WHERE excluded.last > @series.last"),
			in.Tenant, series.Prefix, n)
		return err
	}
	if has != "" { // an earlier write drew it
		t.Shape.SetNumber(w.Record, &w.Event, has)
		return nil
	}
	for {
		var n int64
		if err := one(ctx, c, e.SQL(draw), []any{in.Tenant, w.Draw.Prefix}, &n); err != nil {
			return err
		}
		number := w.Draw.Format(n)
		var id itsm.ID
		used, err := maybe(ctx, c, t.sql.numbered, []any{in.Tenant, number}, &id)
		if err != nil {
			return err
		}
		if !used {
			t.Shape.SetNumber(w.Record, &w.Event, number)
			return nil
		}
	}
}
