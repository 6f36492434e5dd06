package snlog_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
)

// realLog returns the folder of the public log that CONTRIBUTING names; it is not part of the repository.
func realLog(t testing.TB) string {
	t.Helper()
	root := os.Getenv("ITSM_DATA")
	if root == "" {
		t.Skip("ITSM_DATA is not set: it names the folder that holds uci-incident-event-log, which is not in the repository")
	}
	return filepath.Join(root, "uci-incident-event-log")
}

func TestRealLog(t *testing.T) {
	dir := realLog(t)
	var facts struct {
		Rows    int
		Cases   int
		Columns []string
		Raw     struct{ Activities map[string]int }
		Reopen  struct {
			FinalReopenCount map[int]int `json:"final_reopen_count"`
		}
		Reassignment struct{ Dist map[int]int } `json:"reassignment_final"`
	}
	text, err := os.ReadFile(filepath.Join(dir, "facts.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &facts))
	require.Equal(t, facts.Columns, snlog.Columns())

	log, err := snlog.Open(filepath.Join(dir, "incident_event_log.dev.csv.gz"))
	require.NoError(t, err)
	defer func() { require.NoError(t, log.Close()) }()
	states := map[string]int{}
	last := map[string]snlog.Row{}
	for {
		row, err := log.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		states[row.State]++
		last[row.Number] = row
	}
	require.Equal(t, facts.Rows, log.Rows())
	require.Equal(t, facts.Rows+1, log.Line())
	require.Len(t, last, facts.Cases)
	require.Equal(t, facts.Raw.Activities, states)
	reopened, reassigned := map[int]int{}, map[int]int{}
	for _, row := range last {
		reopened[row.ReopenCount]++
		reassigned[row.ReassignmentCount]++
	}
	require.Equal(t, facts.Reopen.FinalReopenCount, reopened)
	require.Equal(t, facts.Reassignment.Dist, reassigned)
}
