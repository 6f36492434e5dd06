package relational

import (
	"context"
	"encoding/json"
	"time"

	"github.com/itsmkit/itsm"
)

// erasure is an itsm.Erasure without its type parameter.
type erasure struct {
	of      itsm.Ref
	version int64
	record  any
	events  []itsm.Event
	keys    time.Time
}

func (e *Engine) erase(ctx context.Context, t *Table, in itsm.Scope, x erasure) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	keys := !x.keys.IsZero() && x.of.IsZero()
	switch {
	case storable(in.Tenant):
	case keys:
		return nil
	default:
		return &itsm.ConflictError{Of: x.of, Expected: x.version}
	}
	err := e.Backend.Write(ctx, reach(in), func(c Conn) error {
		if keys {
			_, err := c.Exec(ctx, e.SQL("DELETE FROM @key WHERE tenant = ? AND kind = ? AND recorded < ?"), in.Tenant, t.Shape.Name(), x.keys.UnixMicro())
			return err
		}
		old, err := e.stored(ctx, c, t, in.Tenant, x.of.ID)
		if err != nil {
			return err
		}
		if x.of.Kind != t.Shape.Name() || old.version == 0 || old.version != x.version {
			return &itsm.ConflictError{Of: x.of, Expected: x.version, Stored: old.version}
		}
		return e.Dialect.Erase(ctx, c, t, func() error {
			if x.record == nil {
				return e.purge(ctx, c, t, in, x.of, old)
			}
			return e.redact(ctx, c, t, in, x, old)
		})
	})
	if err == nil {
		e.Backend.Erased(ctx)
	}
	return e.wrote(ctx, "erase", err)
}

// purge removes a record with its events and keys. The places of the events stay, so that positions stay good.
func (e *Engine) purge(ctx context.Context, c Conn, t *Table, in itsm.Scope, of itsm.Ref, old stored) error {
	id := e.Dialect.ID(of.ID)
	if err := e.dropLists(ctx, c, t, in.Tenant, id); err != nil {
		return err
	}
	if err := e.Dialect.SetWords(ctx, c, t, old.seq, nil); err != nil {
		return err
	}
	if _, err := c.Exec(ctx, "DELETE FROM "+t.Name+" WHERE seq = "+e.Dialect.Param(1), old.seq); err != nil {
		return err
	}
	if _, err := c.Exec(ctx, e.SQL("DELETE FROM @key WHERE tenant = ? AND kind = ? AND seq IN (SELECT seq FROM @event WHERE id = ? AND tenant = ? AND kind = ?)"),
		in.Tenant, of.Kind, id, in.Tenant, of.Kind); err != nil {
		return err
	}
	_, err := c.Exec(ctx, e.SQL("UPDATE @event SET id = NULL, version = NULL, event = NULL WHERE id = ? AND tenant = ? AND kind = ?"), id, in.Tenant, of.Kind)
	return err
}

// redact replaces a record and its events; the last event is new.
func (e *Engine) redact(ctx context.Context, c Conn, t *Table, in itsm.Scope, x erasure, old stored) error {
	last := len(x.events) - 1
	if int64(last) != x.version || t.Shape.Header(x.record).ID != x.of.ID {
		return itsm.Invalid("events", "count", "want", "all events of the record and a new one")
	}
	w := itsm.Write{Kind: t.Shape.Name(), Record: x.record, Event: x.events[last]}
	if err := t.Shape.CheckWrite(in, &w); err != nil {
		return err
	}
	before, err := e.history(ctx, c, in, x.of, 0, last+1)
	if err != nil {
		return err
	}
	if len(before) != last {
		return itsm.Invalid("events", "count", "want", "all events of the record and a new one")
	}
	for i, was := range before {
		now := &x.events[i]
		if now.Version != was.Version || now.Subject != was.Subject {
			return itsm.Invalid("events", "order", "want", "the record's events, oldest first")
		}
		if now.Key != was.Key {
			if _, err := c.Exec(ctx, e.SQL("DELETE FROM @key WHERE tenant = ? AND kind = ? AND key = ?"), in.Tenant, x.of.Kind, was.Key); err != nil {
				return err
			}
		}
		raw, err := json.Marshal(now)
		if err != nil {
			return err
		}
		if _, err := c.Exec(ctx, e.SQL("UPDATE @event SET event = ? WHERE id = ? AND version = ? AND tenant = ? AND kind = ?"),
			string(raw), e.Dialect.ID(x.of.ID), was.Version, in.Tenant, x.of.Kind); err != nil {
			return err
		}
	}
	if err := e.dropLists(ctx, c, t, in.Tenant, e.Dialect.ID(x.of.ID)); err != nil {
		return err
	}
	if err := e.forgetOld(ctx, c, t, old); err != nil {
		return err
	}
	r := e.round(c, in)
	if err := r.save(ctx, t, &w); err != nil {
		return err
	}
	return r.putEvents(ctx)
}
