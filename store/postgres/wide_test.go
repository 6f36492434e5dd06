package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/store/internal/sample"
)

// TestMergeWide merges an item of a thousand relations: two thousand records in one write, and imports whose queries name
// as many values as one may.
func TestMergeWide(t *testing.T) {
	if testing.Short() {
		t.Skip("a thousand relations: without -short")
	}
	took, err := sample.MergeWide(t.Context(), configuration(t), 1000)
	require.NoError(t, err)
	t.Log("merged in", took)
}
