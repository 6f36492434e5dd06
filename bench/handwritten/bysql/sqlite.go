// Package bysql is the service desk that one would write by hand on an SQL database for incidents alone, and for one
// action: the limit for a general library. It works on the tables that the library made, with the same indexes, and
// knows which columns its action changes. It leaves out what a limit may: other actions, policies, guards,
// idempotency, numbers, lists, text search, and the difference of two records: the one event that it writes names the
// fields that it knows to change.
package bysql

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	_ "modernc.org/sqlite" // the driver that the library uses too

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
)

// The errors of the desks.
var (
	ErrNotFound   = errors.New("bysql: no such incident")
	ErrNotAllowed = errors.New("bysql: not allowed in this state")
	ErrConflict   = errors.New("bysql: changed by somebody else")
)

// SQLite is a desk on an SQLite file.
type SQLite struct {
	db                             *sql.DB
	writer                         *sql.Conn
	get, page, begin, commit, back *sql.Stmt
	update, event                  *sql.Stmt
}

// OpenSQLite opens a file whose tables the library made.
func OpenSQLite(ctx context.Context, path string) (*SQLite, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=cache_size(-65536)")
	if err != nil {
		return nil, err
	}
	d := &SQLite{db: db}
	if d.writer, err = db.Conn(ctx); err != nil {
		return nil, err
	}
	for text, into := range map[string]**sql.Stmt{
		"SELECT record FROM itsm_incident WHERE tenant = ?1 AND id = ?2":                                   &d.get,
		"SELECT record FROM itsm_incident WHERE tenant = ?1 AND queue = ?2 ORDER BY priority, id LIMIT 50": &d.page,
	} {
		if *into, err = db.PrepareContext(ctx, text); err != nil {
			return nil, err
		}
	}
	for text, into := range map[string]**sql.Stmt{
		"BEGIN IMMEDIATE": &d.begin, "COMMIT": &d.commit, "ROLLBACK": &d.back,
		`UPDATE itsm_incident SET version = ?1, record = ?2, state = ?3, updated = ?4, "group" = ?5, assignee = ?6, queue = ?5, desk = ?6
			WHERE tenant = ?7 AND id = ?8 AND version = ?1 - 1`: &d.update,
		"INSERT INTO itsm_event (tenant, kind, id, version, event) VALUES (?1, 'incident', ?2, ?3, ?4)": &d.event,
	} {
		if *into, err = d.writer.PrepareContext(ctx, text); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Close closes the file.
func (d *SQLite) Close() error { return errors.Join(d.writer.Close(), d.db.Close()) }

// Get returns an incident.
func (d *SQLite) Get(ctx context.Context, tenant string, id itsm.ID) (*incident.Incident, error) {
	var raw []byte
	err := d.get.QueryRowContext(ctx, tenant, id[:]).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	i := new(incident.Incident)
	return i, json.Unmarshal(raw, i)
}

// Page returns the first 50 incidents of a group, by priority.
func (d *SQLite) Page(ctx context.Context, tenant, group string) ([]incident.Incident, error) {
	rows, err := d.page.QueryContext(ctx, tenant, group)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	out := make([]incident.Incident, 0, 50)
	for rows.Next() {
		var raw sql.RawBytes
		if err := rows.Scan(&raw); err != nil {
			return nil, err
		}
		out = append(out, incident.Incident{})
		if err := json.Unmarshal(raw, &out[len(out)-1]); err != nil {
			return nil, err
		}
	}
	return out, rows.Err()
}

// Assign gives an incident to a group and a person.
func (d *SQLite) Assign(ctx context.Context, actor itsm.Actor, id itsm.ID, group, person string) error {
	i, err := d.Get(ctx, actor.Tenant, id)
	if err != nil {
		return err
	}
	raw, event, err := assign(i, actor, group, person)
	if err != nil {
		return err
	}
	if _, err := d.begin.ExecContext(ctx); err != nil {
		return err
	}
	if err := d.store(ctx, i, raw, event); err != nil {
		return errors.Join(err, d.undo(ctx))
	}
	_, err = d.commit.ExecContext(ctx)
	return err
}

func (d *SQLite) undo(ctx context.Context) error {
	_, err := d.back.ExecContext(context.WithoutCancel(ctx))
	return err
}

func (d *SQLite) store(ctx context.Context, i *incident.Incident, raw, event string) error {
	r, err := d.update.ExecContext(ctx, i.Version, raw, string(i.State), i.UpdatedAt.UnixMilli(), i.Group, i.Assignee, i.Tenant, i.ID[:])
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrConflict, err)
	}
	_, err = d.event.ExecContext(ctx, i.Tenant, i.ID[:], i.Version, event)
	return err
}

// assign changes an incident and returns the JSON of it and of its event.
func assign(i *incident.Incident, actor itsm.Actor, group, person string) (record, event string, err error) {
	if !i.IsOpen() {
		return "", "", ErrNotAllowed
	}
	now := itsm.Clock(nil).Now()
	e := itsm.Event{
		Subject: i.Ref("incident"), Version: i.Version + 1, Number: i.Number, Tenant: i.Tenant, Action: "assign", From: i.State, To: i.State,
		Time: now, RecordedAt: now, Actor: itsm.Actor{ID: actor.ID, Name: actor.Name}, Changes: make([]itsm.Change, 0, 4),
	}
	change := func(path string, from, to any) error {
		before, err := json.Marshal(from)
		if err != nil {
			return err
		}
		after, err := json.Marshal(to)
		e.Changes = append(e.Changes, itsm.Change{Path: path, Old: before, New: after})
		return err
	}
	if i.Group != group {
		err = errors.Join(change("/group", i.Group, group), change("/reassignments", i.Reassignments, i.Reassignments+1))
		i.Group, i.Reassignments = group, i.Reassignments+1
	}
	if i.Assignee != person {
		err = errors.Join(err, change("/assignee", i.Assignee, person))
		i.Assignee, i.AcceptedAt = person, time.Time{}
	}
	if err != nil {
		return "", "", err
	}
	i.Version, i.UpdatedAt = e.Version, now
	raw, err := json.Marshal(i)
	if err != nil {
		return "", "", err
	}
	told, err := json.Marshal(e)
	return string(raw), string(told), err
}
