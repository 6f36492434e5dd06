package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/store/internal/sample"
	"github.com/itsmkit/itsm/store/postgres"
)

// configuration opens a store for a configuration database.
func configuration(t *testing.T) cmdb.Config {
	s := open(t, bound(t), fresh(postgres.Options{}))
	c := cmdb.Config{Items: postgres.For(s, cmdb.ItemKind()), Relations: postgres.For(s, cmdb.RelationKind()),
		Candidates: postgres.For(s, cmdb.CandidateKind()), Baselines: postgres.For(s, cmdb.BaselineKind()), Saver: s}
	require.NoError(t, s.Migrate(t.Context()))
	return c
}

// TestConfiguration plays a configuration database, with the result that it has in memory.
func TestConfiguration(t *testing.T) {
	got, err := sample.Configure(t.Context(), configuration(t))
	require.NoError(t, err)
	require.Equal(t, sample.Configured, got)
}

// TestRivals: what a relation is judged by still holds when it is stored.
func TestRivals(t *testing.T) {
	require.NoError(t, sample.Rivals(t.Context(), configuration(t), 60))
}

// TestImporters: what is new to two imports at the same moment is opened once.
func TestImporters(t *testing.T) {
	require.NoError(t, sample.Importers(t.Context(), configuration(t), 15))
}
