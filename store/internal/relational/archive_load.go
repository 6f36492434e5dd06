package relational

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
)

// Load implements archive.Target, in one transaction.
func (e *Engine) Load(ctx context.Context, fill func(archive.Sink) error) error {
	tables, err := e.readyAll(ctx)
	if err != nil {
		return err
	}
	begun := false
	return e.wrote(ctx, "load", e.Backend.Write(ctx, Everyone, func(c Conn) error {
		if begun {
			return errors.New("another transaction came between: begin again")
		}
		begun = true
		for _, name := range []string{"event", "key", "series", "consumer"} {
			var there int64
			found, err := maybe(ctx, c, "SELECT 1 FROM "+e.Names.Table(name)+" LIMIT 1", nil, &there)
			if err != nil {
				return err
			}
			if found {
				return fmt.Errorf("the table %s is not empty: want a store that holds nothing", e.Names.Bare(name))
			}
		}
		l := load{Engine: e, ctx: ctx, conn: c, tables: map[string]*Table{}}
		for _, t := range tables {
			l.tables[t.Shape.Name()] = t
		}
		return fill(&l)
	}))
}

// load is the sink that fills a database, in one transaction.
type load struct {
	*Engine
	ctx    context.Context
	conn   Conn
	tables map[string]*Table
	last   int64 // the greatest place of an event
}

func (l *load) Record(s *itsm.Shape, rec any) error {
	t := l.tables[s.Name()]
	if t == nil {
		return fmt.Errorf("the store has no kind %q: call For for it first", s.Name())
	}
	in, now := itsm.Scope{Tenant: s.Header(rec).Tenant}, t.row(l.Dialect, rec)
	if err := l.taken(l.ctx, l.conn, t, in, rec, now, stored{}); err != nil {
		return err
	}
	_, err := l.put(l.ctx, l.conn, t, in, rec, now, stored{})
	return err
}

func (l *load) Event(place int64, keyed bool, x *itsm.Event) error {
	raw, err := json.Marshal(x)
	if err != nil {
		return err
	}
	l.last = max(l.last, place)
	if _, err := l.conn.Exec(l.ctx, l.SQL("INSERT INTO @event (seq, tenant, kind, id, version, event) VALUES (?, ?, ?, ?, ?, ?)"),
		place, x.Tenant, x.Subject.Kind, l.Dialect.ID(x.Subject.ID), x.Version, string(raw)); err != nil || !keyed {
		return err
	}
	added, err := l.conn.Exec(l.ctx, l.SQL("INSERT INTO @key (tenant, kind, key, seq, recorded) VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant, kind, key) DO NOTHING"),
		x.Tenant, x.Subject.Kind, x.Key, place, x.RecordedAt.UnixMicro())
	if err == nil && added == 0 {
		err = &itsm.DuplicateError{Index: "key", Value: x.Key, Of: x.Subject}
	}
	return err
}

// Places leaves the places of purged events free, but for the last: the next event comes behind it.
func (l *load) Places(n int64) error {
	if n > l.last {
		if _, err := l.conn.Exec(l.ctx, l.SQL("INSERT INTO @event (seq, tenant, kind) VALUES (?, '', '')"), n); err != nil {
			return err
		}
	}
	return l.placing().Loaded(l.ctx, l.conn, n)
}

func (l *load) Series(tenant, prefix string, last int64) error {
	_, err := l.conn.Exec(l.ctx, l.SQL("INSERT INTO @series (tenant, prefix, last) VALUES (?, ?, ?)"), tenant, prefix, last)
	return err
}

func (l *load) Consumer(x itsm.Consumer, passed int64) error {
	var err error
	if x.Position, err = l.placing().Position(l.ctx, l.conn, passed); err != nil {
		return err
	}
	raw, err := json.Marshal(x)
	if err != nil {
		return err
	}
	_, err = l.conn.Exec(l.ctx, l.SQL("INSERT INTO @consumer (name, version, consumer) VALUES (?, ?, ?)"), x.Name, x.Version, string(raw))
	return err
}
