package relational

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
)

// Dump implements archive.Source. It reads some records at a time, all of them as they were at one moment.
func (e *Engine) Dump(ctx context.Context, to archive.Sink) error {
	tables, err := e.readyAll(ctx)
	if err != nil {
		return err
	}
	return e.wrote(ctx, "dump", e.Backend.Snapshot(ctx, Everyone, func(c Conn) error {
		d := dump{Engine: e, conn: c, to: to}
		if err := d.known(ctx, tables); err != nil {
			return err
		}
		for _, t := range tables {
			if err := d.records(ctx, t); err != nil {
				return err
			}
		}
		return d.rest(ctx)
	}))
}

// dump is a dump under way, in one transaction.
type dump struct {
	*Engine
	conn   Conn
	to     archive.Sink
	events int64
	keys   int64
}

// known refuses to leave out records of a kind that the database has and the store was not given.
func (d *dump) known(ctx context.Context, tables []*Table) error {
	kinds, err := collect(ctx, d.conn, d.SQL("SELECT DISTINCT kind FROM @declaration ORDER BY kind"), nil, func(rows Rows) (kind string, err error) {
		return kind, rows.Scan(&kind)
	})
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		if !slices.ContainsFunc(tables, func(t *Table) bool { return t.Shape.Name() == kind }) {
			return fmt.Errorf("the database has a kind %q, which the store was not given: call For for it too", kind)
		}
	}
	return nil
}

// dumped is how many records are read at a time, with their events.
const dumped = 50

// dumpedRecord is a record with its events.
type dumpedRecord struct {
	record any
	events []dumpedEvent
}

type dumpedEvent struct {
	place int64
	event itsm.Event
}

func (d *dump) records(ctx context.Context, t *Table) error {
	var last *itsm.Header
	for {
		some, err := d.page(ctx, t, last)
		if err != nil || len(some) == 0 {
			return err
		}
		keyed, err := d.keyed(ctx, t, some)
		if err != nil {
			return err
		}
		for _, r := range some {
			if err := d.to.Record(t.Shape, r.record); err != nil {
				return err
			}
			for i := range r.events {
				x := &r.events[i]
				if err := d.to.Event(x.place, keyed[x.place], &x.event); err != nil {
					return err
				}
				d.events++
			}
		}
		last = t.Shape.Header(some[len(some)-1].record)
	}
}

// page reads the records behind one, nil being the beginning, in the order of tenant and ID.
func (d *dump) page(ctx context.Context, t *Table, behind *itsm.Header) ([]*dumpedRecord, error) {
	s := &statement{dialect: d.Dialect}
	s.add("SELECT record FROM ", t.Name)
	if behind != nil {
		s.add(" WHERE (tenant, id) > (", s.arg(behind.Tenant), ", ", s.arg(d.Dialect.ID(behind.ID)), ")")
	}
	s.add(" ORDER BY tenant, id LIMIT ", strconv.Itoa(dumped))
	records, err := d.Engine.records(ctx, d.conn, t, s.String(), s.args...)
	if err != nil || len(records) == 0 {
		return nil, err
	}
	type owner struct {
		tenant string
		id     itsm.ID
	}
	out := make([]*dumpedRecord, len(records))
	of := map[owner]*dumpedRecord{}
	s = &statement{dialect: d.Dialect}
	s.add("SELECT seq, event FROM ", d.Names.Table("event"), " WHERE kind = ", s.arg(t.Shape.Name()), " AND id IN (")
	for i, rec := range records {
		h := t.Shape.Header(rec)
		out[i] = &dumpedRecord{record: rec}
		of[owner{h.Tenant, h.ID}] = out[i]
		if i > 0 {
			s.add(", ")
		}
		s.add(s.arg(d.Dialect.ID(h.ID)))
	}
	s.add(") ORDER BY id, version")
	events, err := collect(ctx, d.conn, s.String(), s.args, func(rows Rows) (x dumpedEvent, err error) {
		var raw []byte
		if err = rows.Scan(&x.place, &raw); err == nil {
			err = json.Unmarshal(raw, &x.event)
		}
		return x, err
	})
	if err != nil {
		return nil, err
	}
	for _, x := range events { // the same ID may be another record's in another tenant, which is not of this page
		if r := of[owner{x.event.Tenant, x.event.Subject.ID}]; r != nil {
			r.events = append(r.events, x)
		}
	}
	return out, nil
}

// keyed returns the places of those events whose idempotency keys are remembered.
func (d *dump) keyed(ctx context.Context, t *Table, some []*dumpedRecord) (map[int64]bool, error) {
	s := &statement{dialect: d.Dialect}
	out := map[int64]bool{}
	ask := func() error {
		if len(s.args) == 0 {
			return nil
		}
		s.add(")")
		found, err := collect(ctx, d.conn, s.String(), s.args, func(rows Rows) (seq int64, err error) { return seq, rows.Scan(&seq) })
		for _, seq := range found {
			out[seq] = true
		}
		s = &statement{dialect: d.Dialect}
		return err
	}
	for _, r := range some {
		for _, x := range r.events {
			if x.event.Key == "" {
				continue
			}
			if len(s.args) == 0 {
				s.add("SELECT seq FROM ", d.Names.Table("key"), " WHERE kind = ", s.arg(t.Shape.Name()), " AND (1 = 0")
			}
			s.add(" OR tenant = ", s.arg(x.event.Tenant), " AND key = ", s.arg(x.event.Key), " AND seq = ", s.arg(x.place))
			if len(s.args) > 300 {
				if err := ask(); err != nil {
					return nil, err
				}
			}
		}
	}
	err := ask()
	d.keys += int64(len(out))
	return out, err
}

// rest hands over what is not of one record, and refuses a store that has events or keys of none.
func (d *dump) rest(ctx context.Context) error {
	var events, keys, places int64
	if err := one(ctx, d.conn, d.SQL("SELECT count(event), coalesce(max(seq), 0) FROM @event"), nil, &events, &places); err != nil {
		return err
	}
	if err := one(ctx, d.conn, d.SQL("SELECT count(*) FROM @key"), nil, &keys); err != nil {
		return err
	}
	if events != d.events || keys != d.keys {
		return fmt.Errorf("the database has %d events and %d keys, and %d and %d of them belong to its records: it is damaged", events, keys, d.events, d.keys)
	}
	if err := d.to.Places(places); err != nil {
		return err
	}
	type series struct {
		tenant, prefix string
		last           int64
	}
	all, err := collect(ctx, d.conn, d.SQL("SELECT tenant, prefix, last FROM @series ORDER BY tenant, prefix"), nil, func(rows Rows) (s series, err error) {
		return s, rows.Scan(&s.tenant, &s.prefix, &s.last)
	})
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := d.to.Series(s.tenant, s.prefix, s.last); err != nil {
			return err
		}
	}
	consumers, err := collect(ctx, d.conn, d.SQL("SELECT consumer FROM @consumer ORDER BY name"), nil, func(rows Rows) (x itsm.Consumer, err error) {
		var raw []byte
		if err = rows.Scan(&raw); err == nil {
			err = json.Unmarshal(raw, &x)
		}
		return x, err
	})
	if err != nil {
		return err
	}
	for _, x := range consumers {
		passed, err := d.placing().Place(ctx, d.conn, x.Position)
		if err != nil {
			return fmt.Errorf("consumer %s: %w", x.Name, err)
		}
		if err := d.to.Consumer(x, passed); err != nil {
			return err
		}
	}
	return nil
}

// collect reads all rows of a query.
func collect[R any](ctx context.Context, c Conn, query string, args []any, scan func(Rows) (R, error)) ([]R, error) {
	rows, err := c.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []R
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("reading a row: %w", err)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
