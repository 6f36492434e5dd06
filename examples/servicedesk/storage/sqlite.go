package storage

import (
	"context"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
	"github.com/itsmkit/itsm/store/sqlite"
)

type inSQLite struct{ *sqlite.Store }

func openSQLite(ctx context.Context, path string) (Store, error) {
	s, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	return inSQLite{s}, nil
}

func (s inSQLite) Incidents(k *itsm.Kind[incident.Incident]) itsm.Repository[incident.Incident] {
	return sqlite.For(s.Store, k)
}

func (s inSQLite) Clocks(k *itsm.Kind[sla.Clock]) itsm.Repository[sla.Clock] {
	return sqlite.For(s.Store, k)
}

func (s inSQLite) Runs(k *itsm.Kind[casebook.Run]) itsm.Repository[casebook.Run] {
	return sqlite.For(s.Store, k)
}
