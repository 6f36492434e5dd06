package report_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
)

// TestRealLog sums up the public log and compares the report with figures that an independent program
// computed from the same file.
func TestRealLog(t *testing.T) {
	root := os.Getenv("ITSM_DATA")
	if root == "" {
		t.Skip("ITSM_DATA is not set: it names the folder that holds uci-incident-event-log, which is not in the repository")
	}
	dir := filepath.Join(root, "uci-incident-event-log")
	type hours struct {
		N        int
		P50, P90 float64
	}
	var facts struct {
		Cases int
		Raw   struct {
			Start map[string]int
			End   map[string]int
		}
		Collapsed struct{ Dfg map[string]map[string]int }
		Hours     struct {
			Resolved   hours            `json:"opened_to_resolved"`
			ByPriority map[string]hours `json:"opened_to_resolved_by_final_priority"`
		}
		Reopen struct {
			Cases int `json:"cases_reopened"`
		}
		Reassignment struct{ Dist map[int]int } `json:"reassignment_final"`
		Weeks        map[string]int             `json:"opened_per_iso_week"`
		Weekdays     map[int]int                `json:"opened_by_weekday_0_is_monday"`
		Hour         map[int]int                `json:"opened_by_hour"`
	}
	text, err := os.ReadFile(filepath.Join(dir, "facts.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &facts))

	r := sumUp(t, filepath.Join(dir, "incident_event_log.dev.csv.gz"))
	require.Equal(t, facts.Cases, r.Cases)
	require.Equal(t, facts.Raw.Start, r.InitialStates)
	require.Equal(t, facts.Raw.End, r.FinalStates)
	moves := map[string]map[string]int{}
	for _, x := range r.Transitions {
		if moves[x.From] == nil {
			moves[x.From] = map[string]int{}
		}
		moves[x.From][x.To] = x.Count
	}
	require.Equal(t, facts.Collapsed.Dfg, moves)
	var got struct {
		Hours struct {
			hours
			ByPriority map[string]hours `json:"by_priority"`
		} `json:"resolved_hours"`
	}
	require.NoError(t, json.Unmarshal([]byte(render(t, report.JSON, r)), &got))
	require.Equal(t, facts.Hours.Resolved, got.Hours.hours)
	require.Equal(t, facts.Hours.ByPriority, got.Hours.ByPriority)
	require.Equal(t, facts.Reopen.Cases, r.ReopenedCases)
	for _, f := range r.Reassignments {
		require.Equal(t, facts.Reassignment.Dist[f.Times], f.Cases)
	}
	require.Len(t, r.Reassignments, len(facts.Reassignment.Dist))
	for _, w := range r.Weeks {
		require.Equal(t, facts.Weeks[w.Starts], w.Opened)
	}
	for day, n := range facts.Weekdays {
		require.Equal(t, n, r.Arrivals.ByWeekday[day])
	}
	for hour, n := range facts.Hour {
		require.Equal(t, n, r.Arrivals.ByHour[hour])
	}
}

// sumUp makes a report of a log without a desk: a case is what its rows say.
func sumUp(t testing.TB, path string) *report.Report {
	log, err := snlog.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, log.Close()) }()
	cases := map[string]*report.Case{}
	for {
		row, err := log.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		c, ok := cases[row.Number]
		if !ok {
			c = &report.Case{Number: row.Number, Opened: row.OpenedAt}
			cases[row.Number] = c
		}
		reason, _ := strings.CutPrefix(row.State, "Awaiting ")
		if reason == row.State {
			reason = ""
		}
		c.Path = append(c.Path, report.Visit{State: row.State, Reason: reason, Group: row.Group, At: row.SysUpdatedAt})
		if !row.ResolvedAt.IsZero() {
			c.Resolved = row.ResolvedAt
		}
		c.Closed, c.Priority, c.Category, c.Group = row.ClosedAt, row.Priority, row.Category, row.Group
		c.Reassignments, c.Reopenings = row.ReassignmentCount, row.ReopenCount
	}
	b := report.NewBuilder("Public log", "UCI 498")
	for _, c := range cases {
		b.Case(*c)
	}
	return b.Report()
}
