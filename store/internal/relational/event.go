package relational

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/itsmkit/itsm"
)

// SQL fills in the names of the shared tables, each behind an @, and numbers the parameters where they are question
// marks. It keeps what it made: texts are constants, what varies is an argument.
func (e *Engine) SQL(text string) string {
	if known, ok := e.texts.Load(text); ok {
		return known.(string)
	}
	full := e.fill(text)
	e.texts.Store(text, full)
	return full
}

func (e *Engine) fill(text string) string {
	var out []byte
	n := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '?':
			n++
			out = append(out, e.Dialect.Param(n)...)
		case '@':
			end := i + 1
			for end < len(text) && (text[end] == '_' || text[end] >= 'a' && text[end] <= 'z') {
				end++
			}
			out = append(out, e.Names.Table(text[i+1:end])...)
			i = end - 1
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

// History implements itsm.EventLog.
func (e *Engine) History(ctx context.Context, in itsm.Scope, of itsm.Ref, p itsm.PageRequest) (itsm.Page[itsm.Event], error) {
	page := itsm.Page[itsm.Event]{Items: []itsm.Event{}}
	limit, err := p.Size()
	if err != nil {
		return page, err
	}
	behind, err := itsm.ResumeHistory(of, p.Cursor)
	if err != nil {
		return page, err
	}
	c, err := e.Backend.Conn(ctx, reach(in))
	if err != nil {
		return page, err
	}
	if !storable(in.Tenant, of.Kind) {
		return page, nil
	}
	page.Items, err = e.history(ctx, c, in, of, behind, limit+1)
	if err != nil {
		return page, e.failed(ctx, "history", err)
	}
	if len(page.Items) > limit {
		page.Items = page.Items[:limit]
		page.Next = itsm.HistoryCursor(of, page.Items[limit-1].Version)
	}
	return page, nil
}

func (e *Engine) history(ctx context.Context, c Conn, in itsm.Scope, of itsm.Ref, behind int64, limit int) ([]itsm.Event, error) {
	return events(ctx, c, e.SQL("SELECT event FROM @event WHERE id = ? AND tenant = ? AND kind = ? AND version > ? ORDER BY version LIMIT ?"),
		e.Dialect.ID(of.ID), in.Tenant, of.Kind, behind, limit)
}

// events runs a query whose one column is the JSON of events.
func events(ctx context.Context, c Conn, query string, args ...any) ([]itsm.Event, error) {
	rows, err := c.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []itsm.Event{}
	for rows.Next() {
		var raw []byte
		if err := rows.Scan(&raw); err != nil {
			return nil, err
		}
		x, err := EventOf(raw)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, rows.Err()
}

// EventOf reads the text of a stored event.
func EventOf(raw []byte) (x itsm.Event, err error) {
	if err = json.Unmarshal(raw, &x); err == nil && x.Version < 1 {
		err = errors.New("it has no version")
	}
	if err != nil {
		return x, fmt.Errorf("an event cannot be read: %v", err) //nolint:errorlint // it is not the caller's input that is wrong
	}
	return x, nil
}

// byKey reads the event that was stored under an idempotency key.
const byKey = "SELECT e.event FROM @key k JOIN @event e ON e.seq = k.seq WHERE k.tenant = ? AND k.kind = ? AND k.key = ?"

// ByKey implements itsm.EventLog.
func (e *Engine) ByKey(ctx context.Context, in itsm.Scope, kind, key string) (itsm.Event, error) {
	c, err := e.Backend.Conn(ctx, reach(in))
	if err != nil {
		return itsm.Event{}, err
	}
	var found []itsm.Event
	if storable(in.Tenant, kind, key) {
		found, err = events(ctx, c, e.SQL(byKey),
			in.Tenant, kind, key)
	}
	if err != nil {
		return itsm.Event{}, e.failed(ctx, "by key", err)
	}
	if len(found) == 0 {
		return itsm.Event{}, fmt.Errorf("%s: key %q of %s: %w", e.Store, key, kind, itsm.ErrNotFound)
	}
	return found[0], nil
}

// LoadConsumer implements itsm.Consumers.
func (e *Engine) LoadConsumer(ctx context.Context, name string) (itsm.Consumer, error) {
	var consumer itsm.Consumer
	c, err := e.Backend.Conn(ctx, Everyone)
	if err != nil {
		return consumer, err
	}
	var raw []byte
	found := false
	if storable(name) {
		found, err = maybe(ctx, c, e.SQL("SELECT consumer FROM @consumer WHERE name = ?"), []any{name}, &raw)
	}
	switch {
	case err != nil:
		return consumer, e.failed(ctx, "load consumer", err)
	case !found:
		return consumer, fmt.Errorf("%s: consumer %s: %w", e.Store, name, itsm.ErrNotFound)
	}
	if err := json.Unmarshal(raw, &consumer); err != nil || consumer.Name != name {
		return itsm.Consumer{}, fmt.Errorf("%s: load consumer %s: it cannot be read: %v", e.Store, name, err) //nolint:errorlint // not the caller's input is wrong
	}
	return consumer, nil
}

// SaveConsumer implements itsm.Consumers.
func (e *Engine) SaveConsumer(ctx context.Context, consumer itsm.Consumer) error {
	raw, err := json.Marshal(consumer)
	if err != nil {
		return err
	}
	err = e.Backend.Write(ctx, Everyone, func(c Conn) error {
		statement, args := "UPDATE @consumer SET version = ?, consumer = ? WHERE name = ? AND version = ?", []any{consumer.Version, string(raw), consumer.Name, consumer.Version - 1}
		if consumer.Version == 1 {
			statement, args = "INSERT INTO @consumer (name, version, consumer) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING", []any{consumer.Name, consumer.Version, string(raw)}
		}
		changed, err := c.Exec(ctx, e.SQL(statement), args...)
		if err != nil || changed > 0 {
			return err
		}
		var stored int64
		if err := one(ctx, c, e.SQL("SELECT version FROM @consumer WHERE name = ?"), []any{consumer.Name}, &stored); err != nil {
			return err
		}
		return &itsm.ConflictError{Of: itsm.Ref{Kind: "consumer"}, Expected: consumer.Version - 1, Stored: stored}
	})
	return e.wrote(ctx, "save consumer", err)
}

// wrote names the store in an error of the database; those of the contract, and what the caller's own function
// returned, pass through.
func (e *Engine) wrote(ctx context.Context, what string, err error) error {
	for _, known := range []error{itsm.ErrConflict, itsm.ErrDuplicate, itsm.ErrInvalid, itsm.ErrNotFound} {
		if errors.Is(err, known) {
			return err
		}
	}
	return e.failed(ctx, what, err)
}

// SinceSeq reads the log behind a position that is the number of a row, in a database where no lower number is ever
// committed later.
func (e *Engine) SinceSeq(ctx context.Context, c Conn, after itsm.Position, limit int, kinds []string) ([]itsm.Event, itsm.Position, error) {
	var last, seq int64
	if err := one(ctx, c, e.SQL("SELECT coalesce(max(seq), 0) FROM @event"), nil, &last); err != nil {
		return nil, after, e.failed(ctx, "since", err)
	}
	if after != "" {
		var err error
		if seq, err = strconv.ParseInt(string(after), 10, 64); err != nil || seq < 0 || seq > last {
			return nil, after, itsm.Invalid("after", "position", "value", string(after), "want", "a position that Since returned")
		}
	}
	s := &statement{dialect: e.Dialect}
	s.add("SELECT seq, event FROM ", e.Names.Table("event"), " WHERE seq > ", s.arg(seq), " AND seq <= ", s.arg(last), " AND event IS NOT NULL")
	for i, kind := range kinds {
		if i == 0 {
			s.add(" AND kind IN (", s.arg(kind))
		} else {
			s.add(", ", s.arg(kind))
		}
	}
	if len(kinds) > 0 {
		s.add(")")
	}
	s.add(" ORDER BY seq LIMIT ", strconv.Itoa(limit))
	out, at, err := located(ctx, c, s.String(), s.args)
	if err != nil {
		return nil, after, e.failed(ctx, "since", err)
	}
	if len(out) < limit {
		at = last
	}
	if at == 0 {
		return out, "", nil
	}
	return out, itsm.Position(strconv.FormatInt(at, 10)), nil
}

// located reads events with their numbers, and returns that of the last.
func located(ctx context.Context, c Conn, query string, args []any) (out []itsm.Event, at int64, err error) {
	rows, err := c.Query(ctx, query, args...)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var raw []byte
		if err := rows.Scan(&at, &raw); err != nil {
			return nil, 0, err
		}
		x, err := EventOf(raw)
		if err != nil {
			return nil, 0, err
		}
		out = append(out, x)
	}
	return out, at, rows.Err()
}
