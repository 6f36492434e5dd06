package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRealLog runs the whole program on the public log, which is not part of the repository, and holds its JSON
// against the facts beside the log.
func TestRealLog(t *testing.T) {
	root := os.Getenv("ITSM_DATA")
	if root == "" {
		t.Skip("ITSM_DATA is not set: it names the folder that holds uci-incident-event-log, which is not in the repository")
	}
	dir := filepath.Join(root, "uci-incident-event-log")
	var facts struct {
		Rows, Cases int
		Hours       struct {
			Resolved struct{ P50, P90 float64 } `json:"opened_to_resolved"`
		}
		Reopen struct {
			Cases int `json:"cases_reopened"`
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "facts.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &facts))

	log, fit := filepath.Join(dir, "incident_event_log.dev.csv.gz"), filepath.Join(t.TempDir(), "fit.json")
	code, out, errs := call("-log", log, "-json", "-fit", fit)
	require.Zero(t, code, errs)
	require.Empty(t, errs)
	var fitted struct {
		Levels struct {
			Fit struct{ All, Later struct{ Share float64 } }
		} `json:"service_levels"`
	}
	require.NoError(t, json.Unmarshal([]byte(out), &fitted))
	require.GreaterOrEqual(t, fitted.Levels.Fit.Later.Share, 0.985, "the later half, by a rule of the earlier half")
	var got struct {
		Rows, Cases, Actions, Unchanged, Reordered, Events int
		Refused                                            []struct{ Count int }
		FinalStates                                        map[string]int `json:"final_states"`
		ReopenedCases                                      int            `json:"reopened_cases"`
		Hours                                              struct {
			N        int
			P50, P90 float64
		} `json:"resolved_hours"`
	}
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.Equal(t, facts.Rows, got.Rows)
	require.Equal(t, facts.Cases, got.Cases)
	require.Equal(t, map[string]int{"closed": facts.Cases}, got.FinalStates)
	require.Equal(t, facts.Reopen.Cases, got.ReopenedCases)
	require.Equal(t, 13861, got.Hours.N)
	require.InDelta(t, facts.Hours.Resolved.P50, got.Hours.P50, 1e-9)
	require.InDelta(t, facts.Hours.Resolved.P90, got.Hours.P90, 1e-9)
	require.Equal(t, got.Actions, got.Events)
	refused := 0
	for _, x := range got.Refused {
		refused += x.Count
	}
	require.Equal(t, 101_115, got.Events, "those of the incidents alone")

	m := measureBy(t, "-log", log, "-agreement", fit)
	require.Equal(t, facts.Cases, m.MadeSLA.Cases)
	require.GreaterOrEqual(t, m.MadeSLA.Share, 0.985)
	require.InDelta(t, fitted.Levels.Fit.All.Share, m.MadeSLA.Share, 1e-12, "the tracker judges as the fit did")
	require.LessOrEqual(t, refused*2000, got.Rows, "at most 0.05 % of the rows")
}
