package calendar

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/internal/vectors"
)

// vector is one case of the files in testdata/vectors, for the kinds that this package covers.
type vector struct {
	ID, Kind string
	Calendar json.RawMessage
	From, To time.Time // elapsed
	Start    time.Time // due
	Amount   string    // due
	Want     json.RawMessage
	Why      string // invalid
}

// TestVectors compares every case of testdata/vectors, and of the folder that ITSM_VECTORS names.
func TestVectors(t *testing.T) {
	kinds := []string{"elapsed", "due", "invalid"}
	counts := vectors.Run(t, func(_, kind string) bool { return slices.Contains(kinds, kind) }, func(t *testing.T, raw json.RawMessage) {
		var v vector
		require.NoError(t, json.Unmarshal(raw, &v))
		v.compare(t)
	})
	require.Equal(t, 943, counts[0], "the cases of testdata/vectors: 512 elapsed, 394 due, 37 invalid")
}

func (v vector) compare(t *testing.T) {
	c, err := Parse(v.Calendar)
	if v.Kind == "invalid" {
		require.ErrorIs(t, err, ErrInvalid, v.Why)
		return
	}
	require.NoError(t, err)
	var want string
	require.NoError(t, json.Unmarshal(v.Want, &want))
	if v.Kind == "elapsed" {
		expected, err := time.ParseDuration(want)
		require.NoError(t, err)
		got, err := c.Elapsed(v.From, v.To)
		require.NoError(t, err)
		require.Equal(t, expected, got)
		back, err := c.Elapsed(v.To, v.From)
		require.NoError(t, err)
		require.Equal(t, -expected, back)
		return
	}
	amount, err := time.ParseDuration(v.Amount)
	require.NoError(t, err)
	expected, err := time.Parse(time.RFC3339Nano, want)
	require.NoError(t, err)
	got, err := c.Due(v.Start, amount)
	require.NoError(t, err)
	require.True(t, got.Equal(expected), "got %s, want %s", got, expected)
}
