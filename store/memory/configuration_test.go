package memory_test

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/store/internal/sample"
	"github.com/itsmkit/itsm/store/memory"
)

var update = flag.Bool("update", false, "write the golden file of the configuration database anew")

// TestConfiguration plays a configuration database; the other stores are compared with the same text. When it was written
// the outcomes of the first imports, what the first baseline counts and what each failure brings down were reckoned by hand from the files.
func TestConfiguration(t *testing.T) {
	s := memory.New()
	got, err := sample.Configure(t.Context(), cmdb.Config{Items: memory.For(s, cmdb.ItemKind()), Relations: memory.For(s, cmdb.RelationKind()),
		Candidates: memory.For(s, cmdb.CandidateKind()), Baselines: memory.For(s, cmdb.BaselineKind()), Saver: s})
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile("../internal/sample/configuration/report.txt", []byte(got), 0o600))
		return
	}
	require.Equal(t, sample.Configured, got)
}

// TestRivals: what a relation is judged by still holds when it is stored.
func TestRivals(t *testing.T) {
	s := memory.New()
	require.NoError(t, sample.Rivals(t.Context(), cmdb.Config{Items: memory.For(s, cmdb.ItemKind()), Relations: memory.For(s, cmdb.RelationKind()), Saver: s}, 200))
}

// TestImporters: what is new to two imports at the same moment is opened once.
func TestImporters(t *testing.T) {
	s := memory.New()
	require.NoError(t, sample.Importers(t.Context(), cmdb.Config{Items: memory.For(s, cmdb.ItemKind()), Relations: memory.For(s, cmdb.RelationKind()), Saver: s}, 50))
}
