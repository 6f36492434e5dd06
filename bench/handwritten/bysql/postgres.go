package bysql

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
)

// Postgres is a desk on a PostgreSQL database. An action is two round trips: the record, and one statement that stores
// it with its event.
type Postgres struct{ pool *pgxpool.Pool }

// OnPostgres returns a desk on a database whose tables the library made.
func OnPostgres(pool *pgxpool.Pool) *Postgres { return &Postgres{pool} }

// Get returns an incident.
func (d *Postgres) Get(ctx context.Context, tenant string, id itsm.ID) (*incident.Incident, error) {
	var raw []byte
	err := d.pool.QueryRow(ctx, "SELECT record FROM itsm_incident WHERE tenant = $1 AND id = $2", tenant, [16]byte(id)).Scan(&raw)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	i := new(incident.Incident)
	return i, json.Unmarshal(raw, i)
}

// Page returns the first 50 incidents of a group, by priority.
func (d *Postgres) Page(ctx context.Context, tenant, group string) ([]incident.Incident, error) {
	rows, err := d.pool.Query(ctx, "SELECT record FROM itsm_incident WHERE tenant = $1 AND queue = $2 ORDER BY priority, id LIMIT 50", tenant, group)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := make([]incident.Incident, 0, 50)
	for rows.Next() {
		var raw []byte
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
func (d *Postgres) Assign(ctx context.Context, actor itsm.Actor, id itsm.ID, group, person string) error {
	i, err := d.Get(ctx, actor.Tenant, id)
	if err != nil {
		return err
	}
	raw, event, err := assign(i, actor, group, person)
	if err != nil {
		return err
	}
	var stored int
	err = d.pool.QueryRow(ctx, `WITH u AS (
			UPDATE itsm_incident SET version = $1, record = $2, state = $3, updated = $4, "group" = $5, assignee = $6, queue = $5, desk = $6
			WHERE tenant = $7 AND id = $8 AND version = $1 - 1 RETURNING id
		), e AS (
			INSERT INTO itsm_event (tenant, kind, id, version, event) SELECT $7, 'incident', u.id, $1, $9 FROM u
		) SELECT count(*) FROM u`,
		i.Version, raw, string(i.State), i.UpdatedAt, i.Group, i.Assignee, i.Tenant, [16]byte(i.ID), event).Scan(&stored)
	if err == nil && stored == 0 {
		return ErrConflict
	}
	return err
}
