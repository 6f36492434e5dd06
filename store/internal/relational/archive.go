package relational

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
)

// Placing is how a database's positions stand to the places of events in an archive, which are the numbers of their
// rows. It is needed where a position is more than such a number.
type Placing interface {
	// Place returns the greatest place up to which all events lie behind a position. Those beyond it may come again.
	Place(ctx context.Context, c Conn, p itsm.Position) (int64, error)
	// Position returns the position behind a place, in a log that the same transaction has loaded.
	Position(ctx context.Context, c Conn, place int64) (itsm.Position, error)
	// Loaded makes the events that follow come behind a place.
	Loaded(ctx context.Context, c Conn, places int64) error
}

// bySeq is the placing of a database whose positions are the numbers of rows, each one more than the greatest.
type bySeq struct{ *Engine }

func (e bySeq) Place(ctx context.Context, c Conn, p itsm.Position) (seq int64, err error) {
	if p == "" {
		return 0, nil
	}
	var last int64
	if err := one(ctx, c, e.sql("SELECT coalesce(max(seq), 0) FROM @event"), nil, &last); err != nil {
		return 0, err
	}
	if seq, err = strconv.ParseInt(string(p), 10, 64); err != nil || seq < 0 || seq > last {
		return 0, itsm.Invalid("after", "position", "value", string(p), "want", "a position that Since returned")
	}
	return seq, nil
}

func (bySeq) Position(_ context.Context, _ Conn, place int64) (itsm.Position, error) {
	if place == 0 {
		return "", nil
	}
	return itsm.Position(strconv.FormatInt(place, 10)), nil
}

func (bySeq) Loaded(context.Context, Conn, int64) error { return nil }

func (e *Engine) placing() Placing {
	if e.Placing != nil {
		return e.Placing
	}
	return bySeq{e}
}

// Kinds returns the kinds that the store was given, by name.
func (e *Engine) Kinds() []*itsm.Shape {
	var out []*itsm.Shape
	for _, t := range e.byKind() {
		out = append(out, t.Shape)
	}
	return out
}

func (e *Engine) byKind() []*Table {
	return slices.SortedFunc(slices.Values(e.Tables()), func(a, b *Table) int { return strings.Compare(a.Shape.Name(), b.Shape.Name()) })
}

// readyAll returns the tables of all kinds, by name, once the database is known to have what they need.
func (e *Engine) readyAll(ctx context.Context) ([]*Table, error) {
	all := e.byKind()
	for i, t := range all {
		var err error
		if all[i], err = e.ready(ctx, t.Shape.Name()); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Dump implements archive.Source. It reads some records at a time, all of them as they were at one moment.
func (e *Engine) Dump(ctx context.Context, to archive.Sink) error {
	tables, err := e.readyAll(ctx)
	if err != nil {
		return err
	}
	return e.wrote(ctx, "dump", e.Backend.Snapshot(ctx, func(c Conn) error {
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
	kinds, err := collect(ctx, d.conn, d.sql("SELECT DISTINCT kind FROM @declaration ORDER BY kind"), nil, func(rows Rows) (kind string, err error) {
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
	if err := one(ctx, d.conn, d.sql("SELECT count(event), coalesce(max(seq), 0) FROM @event"), nil, &events, &places); err != nil {
		return err
	}
	if err := one(ctx, d.conn, d.sql("SELECT count(*) FROM @key"), nil, &keys); err != nil {
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
	all, err := collect(ctx, d.conn, d.sql("SELECT tenant, prefix, last FROM @series ORDER BY tenant, prefix"), nil, func(rows Rows) (s series, err error) {
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
	consumers, err := collect(ctx, d.conn, d.sql("SELECT consumer FROM @consumer ORDER BY name"), nil, func(rows Rows) (x itsm.Consumer, err error) {
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

// Load implements archive.Target, in one transaction.
func (e *Engine) Load(ctx context.Context, fill func(archive.Sink) error) error {
	tables, err := e.readyAll(ctx)
	if err != nil {
		return err
	}
	begun := false
	return e.wrote(ctx, "load", e.Backend.Write(ctx, func(c Conn) error {
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
	return l.put(l.ctx, l.conn, t, in, rec, now, stored{})
}

func (l *load) Event(place int64, keyed bool, x *itsm.Event) error {
	raw, err := json.Marshal(x)
	if err != nil {
		return err
	}
	l.last = max(l.last, place)
	if _, err := l.conn.Exec(l.ctx, l.sql("INSERT INTO @event (seq, tenant, kind, id, version, event) VALUES (?, ?, ?, ?, ?, ?)"),
		place, x.Tenant, x.Subject.Kind, l.Dialect.ID(x.Subject.ID), x.Version, string(raw)); err != nil || !keyed {
		return err
	}
	added, err := l.conn.Exec(l.ctx, l.sql("INSERT INTO @key (tenant, kind, key, seq, recorded) VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant, kind, key) DO NOTHING"),
		x.Tenant, x.Subject.Kind, x.Key, place, x.RecordedAt.UnixMicro())
	if err == nil && added == 0 {
		err = &itsm.DuplicateError{Index: "key", Value: x.Key, Of: x.Subject}
	}
	return err
}

// Places leaves the places of purged events free, but for the last: the next event comes behind it.
func (l *load) Places(n int64) error {
	if n > l.last {
		if _, err := l.conn.Exec(l.ctx, l.sql("INSERT INTO @event (seq, tenant, kind) VALUES (?, '', '')"), n); err != nil {
			return err
		}
	}
	return l.placing().Loaded(l.ctx, l.conn, n)
}

func (l *load) Series(tenant, prefix string, last int64) error {
	_, err := l.conn.Exec(l.ctx, l.sql("INSERT INTO @series (tenant, prefix, last) VALUES (?, ?, ?)"), tenant, prefix, last)
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
	_, err = l.conn.Exec(l.ctx, l.sql("INSERT INTO @consumer (name, version, consumer) VALUES (?, ?, ?)"), x.Name, x.Version, string(raw))
	return err
}
