package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/store/internal/sample"
	"github.com/itsmkit/itsm/store/sqlite"
)

// configuration opens a store for a configuration database.
func configuration(t *testing.T) cmdb.Config {
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "desk.db"), sqlite.Options{Sync: sqlite.SyncNormal})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return cmdb.Config{Items: sqlite.For(s, cmdb.ItemKind()), Relations: sqlite.For(s, cmdb.RelationKind()),
		Candidates: sqlite.For(s, cmdb.CandidateKind()), Baselines: sqlite.For(s, cmdb.BaselineKind()), Saver: s}
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
