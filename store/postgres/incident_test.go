package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/internal/kinds"
	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/storetest"
)

// TestIncidents plays random actions of incidents, with and without row-level security.
func TestIncidents(t *testing.T) {
	for name, o := range map[string]postgres.Options{"plain": {}, "row security": {RowSecurity: true}} {
		t.Run(name, func(t *testing.T) {
			dsn := bound(t)
			storetest.RunKind(t, incident.Kind(), func(t *testing.T) itsm.Repository[incident.Incident] {
				s := open(t, dsn, fresh(o))
				repo := postgres.For(s, incident.Kind())
				require.NoError(t, s.Migrate(t.Context()))
				return repo
			}, kinds.Incident)
		})
	}
}
