package calendar

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
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
	folders := []string{filepath.Join("testdata", "vectors")}
	if more := os.Getenv("ITSM_VECTORS"); more != "" {
		folders = append(folders, more)
	}
	for i, folder := range folders {
		n := 0
		require.NoError(t, filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && strings.HasSuffix(file, ".json") {
				n += runVectors(t, file)
			}
			return err
		}))
		t.Logf("vectors %s: %d run", filepath.Base(folder), n)
		if i == 0 {
			require.Equal(t, 943, n, "the cases of testdata/vectors: 512 elapsed, 394 due, 37 invalid")
		}
	}
}

// runVectors returns how many cases of a file were compared.
func runVectors(t *testing.T, file string) int {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var content struct{ Vectors []json.RawMessage }
	if json.Unmarshal(text, &content) != nil {
		return 0 // not a file of vectors
	}
	n := 0
	for _, raw := range content.Vectors {
		var kind struct{ ID, Kind string }
		require.NoError(t, json.Unmarshal(raw, &kind), file)
		if !slices.Contains([]string{"elapsed", "due", "invalid"}, kind.Kind) {
			continue // another package's
		}
		n++
		t.Run(kind.ID, func(t *testing.T) {
			var v vector
			require.NoError(t, json.Unmarshal(raw, &v))
			v.compare(t)
		})
	}
	return n
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
