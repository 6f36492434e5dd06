package storage

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
	"github.com/itsmkit/itsm/store/postgres"
)

type inPostgres struct{ *postgres.Store }

func openPostgres(ctx context.Context, dsn string) (Store, error) {
	s, err := postgres.Open(ctx, dsn, postgres.Options{})
	if err != nil {
		return nil, err
	}
	return inPostgres{s}, nil
}

// shownPostgres tells where a connection string leads, without its password.
func shownPostgres(dsn string) string {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return "…"
	}
	c := config.ConnConfig
	return fmt.Sprintf("%s@%s:%d/%s", c.User, c.Host, c.Port, c.Database)
}

func (s inPostgres) Incidents(k *itsm.Kind[incident.Incident]) itsm.Repository[incident.Incident] {
	return postgres.For(s.Store, k)
}

func (s inPostgres) Clocks(k *itsm.Kind[sla.Clock]) itsm.Repository[sla.Clock] {
	return postgres.For(s.Store, k)
}

func (s inPostgres) Runs(k *itsm.Kind[casebook.Run]) itsm.Repository[casebook.Run] {
	return postgres.For(s.Store, k)
}

func (s inPostgres) Close() error {
	s.Store.Close()
	return nil
}
