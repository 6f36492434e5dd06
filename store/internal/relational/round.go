package relational

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/itsmkit/itsm"
)

// round is several writes in one transaction. A record that is written more than once gets its row once, with the last
// of them: between them only what other writes are checked against must be there, which is the unique values.
type round struct {
	engine *Engine
	conn   Conn
	in     itsm.Scope
	left   map[itsm.Ref]int    // how often each record is still written
	rows   map[itsm.Ref]stored // what is stored of those that will be written again
	events []itsm.Event        // to be stored, in their order
}

func (e *Engine) round(c Conn, in itsm.Scope) *round {
	return &round{engine: e, conn: c, in: in, left: map[itsm.Ref]int{}, rows: map[itsm.Ref]stored{}}
}

// expect refuses where a record does not have the version that it must have.
func (r *round) expect(ctx context.Context, all []itsm.Expect) error {
	for _, x := range all {
		t, err := r.engine.ready(ctx, x.Of.Kind)
		if err != nil {
			return err
		}
		old, err := r.engine.stored(ctx, r.conn, t, r.in.Tenant, x.Of.ID)
		if err != nil {
			return err
		}
		if old.version != x.Version {
			return &itsm.ConflictError{Of: x.Of, Expected: x.Version, Stored: old.version}
		}
	}
	return nil
}

// save stores one write; the transaction undoes what was done when something is refused.
func (r *round) save(ctx context.Context, t *Table, w *itsm.Write) error {
	e, of := r.engine, w.Event.Subject
	old, known := r.rows[of]
	if !known {
		var err error
		if old, err = e.stored(ctx, r.conn, t, r.in.Tenant, of.ID); err != nil {
			return err
		}
	}
	if old.version != w.Event.Version-1 {
		return &itsm.ConflictError{Of: of, Expected: w.Event.Version - 1, Stored: old.version}
	}
	if w.Event.Key != "" {
		if err := r.putEvents(ctx); err != nil {
			return err
		}
		if err := e.keyTaken(ctx, r.conn, r.in, w); err != nil {
			return err
		}
	}
	if err := e.number(ctx, r.conn, t, r.in, w, old.number); err != nil {
		return err
	}
	now := t.row(e.Dialect, w.Record)
	r.left[of]--
	if again := r.left[of] > 0; again && old.seq > 0 && t.sameUnique(now, old) {
		old.version++
		r.rows[of] = old
	} else {
		if err := e.taken(ctx, r.conn, t, r.in, w.Record, now, old); err != nil {
			return err
		}
		if err := r.put(ctx, t, w, now, old, again); err != nil {
			return err
		}
	}
	r.events = append(r.events, w.Event)
	if w.Event.Key != "" {
		return r.putEvents(ctx)
	}
	return nil
}

// put stores the row of a write; again tells that another one of the same record comes behind it.
func (r *round) put(ctx context.Context, t *Table, w *itsm.Write, now row, old stored, again bool) (err error) {
	if again && old.version == 0 {
		r.rows[w.Event.Subject], err = r.engine.putFirst(ctx, r.conn, t, r.in, w.Record, now)
		return err
	}
	seq, err := r.engine.put(ctx, r.conn, t, r.in, w.Record, now, old)
	if again {
		r.rows[w.Event.Subject] = stored{seq: seq, version: w.Event.Version, declared: t.Digest, lists: now.lists, wordSum: now.wordSum,
			number: t.Shape.Header(w.Record).Number, columns: now.values}
	}
	return err
}

// sameUnique tells whether a row has the unique values already that it is to have.
func (t *Table) sameUnique(now row, old stored) bool {
	for _, i := range t.Indexes {
		if !i.Unique {
			continue
		}
		for _, p := range i.Parts {
			if n := t.columns[p.Name]; !equal(now.values[n], old.columns[n]) {
				return false
			}
		}
	}
	return true
}

// atOnce is how many events one statement appends.
const atOnce = 32

// putEvents appends the events that wait to the log, with their idempotency keys.
func (r *round) putEvents(ctx context.Context) error {
	for len(r.events) > 0 {
		n := 1
		if len(r.events) >= atOnce {
			n = atOnce
		}
		if err := r.append(ctx, r.events[:n]); err != nil {
			return err
		}
		r.events = r.events[n:]
	}
	return nil
}

func (r *round) append(ctx context.Context, events []itsm.Event) error {
	e := r.engine
	args := make([]any, 0, 5*len(events))
	for i := range events {
		x := &events[i]
		raw, err := json.Marshal(x)
		if err != nil {
			return fmt.Errorf("event %s: %w", x.ID(), err)
		}
		args = append(args, r.in.Tenant, x.Subject.Kind, e.Dialect.ID(x.Subject.ID), x.Version, string(raw))
	}
	const insert = "INSERT INTO @event (tenant, kind, id, version, event) VALUES (?, ?, ?, ?, ?)"
	if len(events) > 1 {
		_, err := r.conn.Exec(ctx, e.SQL(insert+strings.Repeat(", (?, ?, ?, ?, ?)", len(events)-1)), args...)
		return err
	}
	x := &events[0]
	if x.Key == "" {
		_, err := r.conn.Exec(ctx, e.SQL(insert), args...)
		return err
	}
	var seq int64
	if err := one(ctx, r.conn, e.SQL(insert+" RETURNING seq"), args, &seq); err != nil {
		return err
	}
	_, err := r.conn.Exec(ctx, e.SQL("INSERT INTO @key (tenant, kind, key, seq, recorded) VALUES (?, ?, ?, ?, ?)"),
		r.in.Tenant, x.Subject.Kind, x.Key, seq, x.RecordedAt.UnixMicro())
	return err
}
