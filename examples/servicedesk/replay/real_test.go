package replay_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/replay"
	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
	"github.com/itsmkit/itsm/incident"
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

func runReal(t testing.TB, o replay.Options) *replay.Result {
	t.Helper()
	log, err := snlog.Open(filepath.Join(realLog(t), "incident_event_log.dev.csv.gz"))
	require.NoError(t, err)
	defer func() { require.NoError(t, log.Close()) }()
	result, err := replay.Run(context.Background(), log, o)
	require.NoError(t, err)
	return result
}

// The expected values are the facts beside the log, which an independent program computed; the waits for each
// reason are one state for the desk, so they are added up here.
func TestRealLog(t *testing.T) {
	type hours struct {
		N        int
		P50, P90 float64
	}
	var facts struct {
		Rows, Cases int
		Collapsed   struct {
			Start, Activities map[string]int
			Dfg               map[string]map[string]int
		}
		Hours struct {
			Resolved   hours            `json:"opened_to_resolved"`
			ByPriority map[string]hours `json:"opened_to_resolved_by_final_priority"`
		}
		Reopen struct {
			Cases int `json:"cases_reopened"`
		}
		Matrix struct {
			Last map[string]map[string]int `json:"last_row_of_case"`
		} `json:"priority_matrix"`
		Links struct {
			Problem int `json:"cases_with_problem_id"`
			Change  int `json:"cases_with_rfc"`
			Caused  int `json:"cases_with_caused_by_change"`
		}
		Codes   map[string]int `json:"closed_code_final"`
		Contact map[string]int `json:"contact_type_final"`
		SLA     struct {
			Final map[string]int `json:"final_row"`
		} `json:"made_sla"`
		Weeks map[string]int `json:"opened_per_iso_week"`
	}
	text, err := os.ReadFile(filepath.Join(realLog(t), "facts.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &facts))
	ctx := casebook.System(context.Background())

	result := runReal(t, replay.Options{})
	r, err := result.Report(ctx, casebook.Heading{})
	require.NoError(t, err)

	require.Equal(t, facts.Rows, r.Rows)
	require.Equal(t, facts.Cases, r.Cases)
	require.Empty(t, r.Refused)
	require.Equal(t, 2, r.Reordered, "two rows of INC0000137 are earlier than the row of 29/2/2016 11:10")
	require.Equal(t, 19573, r.Unchanged, "counted apart from the file: rows that differ from the one before in nothing but sys_*, active, reassignment_count and reopen_count")
	require.Equal(t, map[string]int{"closed": facts.Cases}, r.FinalStates)
	require.Equal(t, facts.Reopen.Cases, r.ReopenedCases)
	require.Equal(t, r.Actions, r.Events)
	require.Equal(t, r.Events, countEvents(t, result.Book))

	moves, start := map[string]map[string]int{}, map[string]int{}
	for from, row := range facts.Collapsed.Dfg {
		for to, n := range row {
			if from, to := stateOf(from), stateOf(to); from != to {
				if moves[from] == nil {
					moves[from] = map[string]int{}
				}
				moves[from][to] += n
			}
		}
	}
	for state, n := range facts.Collapsed.Start {
		start[stateOf(state)] += n
	}
	require.Equal(t, start, r.InitialStates)
	got := map[string]map[string]int{}
	for _, x := range r.Transitions {
		if got[x.From] == nil {
			got[x.From] = map[string]int{}
		}
		got[x.From][x.To] = x.Count
	}
	require.Equal(t, moves, got)
	waits := map[string]int{}
	for _, h := range r.Holds {
		waits[h.Reason] = h.Times
	}
	require.Equal(t, map[string]int{
		"caller": facts.Collapsed.Activities["Awaiting User Info"], "supplier": facts.Collapsed.Activities["Awaiting Vendor"],
		"problem": facts.Collapsed.Activities["Awaiting Problem"], "evidence": facts.Collapsed.Activities["Awaiting Evidence"],
	}, waits)

	var page struct {
		Hours struct {
			hours
			ByPriority map[string]hours `json:"by_priority"`
		} `json:"resolved_hours"`
	}
	raw, err := json.Marshal(r)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &page))
	require.Equal(t, facts.Hours.Resolved, page.Hours.hours)
	require.Equal(t, 13861, page.Hours.N)
	byPriority := map[string]hours{}
	for name, h := range facts.Hours.ByPriority {
		byPriority["p"+name[:1]] = h
	}
	require.Equal(t, byPriority, page.Hours.ByPriority)
	for _, w := range r.Weeks {
		require.Equal(t, facts.Weeks[w.Starts], w.Opened)
	}

	// What the desk has at the end.
	codes, contact, sla, weight := map[string]int{}, map[string]int{}, map[string]int{}, map[string]map[string]int{}
	links := map[string]int{}
	levels := map[incident.Level]string{incident.High: "1 - High", incident.Medium: "2 - Medium", incident.Low: "3 - Low"}
	priorities := map[incident.Priority]string{incident.P1: "1 - Critical", incident.P2: "2 - High", incident.P3: "3 - Moderate", incident.P4: "4 - Low"}
	for i, err := range result.Book.Desk.All(ctx, itsm.Query[incident.Incident]{}) {
		require.NoError(t, err)
		codes[string(i.Resolution.Code)]++
		contact[string(i.Channel)]++
		sla[i.Attributes.Text("made_sla")]++
		at := levels[i.Impact] + " x " + levels[i.Urgency]
		if weight[at] == nil {
			weight[at] = map[string]int{}
		}
		weight[at][priorities[i.Priority]]++
		require.Nil(t, i.Override)
		seen := map[string]bool{}
		for _, l := range i.Links {
			seen[l.Type+" "+l.To.Kind] = true
		}
		for l := range seen {
			links[l]++
		}
	}
	facts.Codes["not given"] = facts.Codes["?"]
	delete(facts.Codes, "?")
	require.Equal(t, facts.Codes, codes)
	require.Equal(t, map[string]int{"phone": facts.Contact["Phone"], "email": facts.Contact["Email"]}, contact)
	require.Equal(t, facts.SLA.Final, sla)
	require.Equal(t, facts.Matrix.Last, weight)
	// The facts count a case that had a link on any row; the desk's cases may have lost theirs.
	require.LessOrEqual(t, links["caused_by problem"], facts.Links.Problem)
	require.InDelta(t, facts.Links.Problem, links["caused_by problem"], 3)
	require.InDelta(t, facts.Links.Change, links["resolved_by change"], 4)
	require.Equal(t, facts.Links.Caused, links["caused_by change"])
}

func stateOf(logged string) string {
	switch logged {
	case "New":
		return "new"
	case "Active":
		return "in_progress"
	case "Resolved":
		return "resolved"
	case "Closed":
		return "closed"
	}
	return "on_hold"
}

func countEvents(t testing.TB, b *casebook.Book) int {
	n, after := 0, itsm.Position("")
	for {
		events, next, err := b.Store.Since(context.Background(), after, 1000)
		require.NoError(t, err)
		n += len(events)
		if after = next; len(events) == 0 {
			return n
		}
	}
}

// Each record is compared with what its events give: after each action in a second run of the same log, which has
// the same IDs, and at ten random instants of each case.
func TestReplayOfRealLog(t *testing.T) {
	ctx := casebook.System(context.Background())
	book := runReal(t, replay.Options{}).Book
	kind := book.Desk.Kind()
	random := rand.New(rand.NewPCG(1, 2))
	var versions []incident.Incident // of the case at hand
	cases := 0
	compare := func() {
		if len(versions) == 0 {
			return
		}
		cases++
		last := versions[len(versions)-1]
		stored, err := book.Desk.Get(ctx, last.ID)
		require.NoError(t, err)
		require.Equal(t, last, stored)
		page, err := book.Desk.History(ctx, last.ID, itsm.PageRequest{Limit: itsm.MaxPage})
		require.NoError(t, err)
		require.Len(t, page.Items, len(versions))
		var rec incident.Incident
		for i := range page.Items {
			require.NoError(t, kind.Fold(&rec, page.Items[i]))
			if !reflect.DeepEqual(rec, versions[i]) { // many times faster than require
				require.Equal(t, versions[i], rec)
			}
		}
		all, err := kind.Replay(page.Items, time.Time{})
		require.NoError(t, err)
		require.Equal(t, stored, all)
		span := last.UpdatedAt.Sub(last.CreatedAt)
		for range 10 {
			at := last.CreatedAt.Add(time.Duration(random.Int64N(int64(span) + 1)))
			old, err := kind.Replay(page.Items, at)
			require.NoError(t, err)
			i := len(versions) - 1
			for versions[i].UpdatedAt.After(at) {
				i--
			}
			if !reflect.DeepEqual(old, versions[i]) {
				require.Equal(t, versions[i], old)
			}
		}
		if cases%100 == 0 {
			at := versions[0].UpdatedAt
			old, err := book.Desk.AsOf(ctx, last.ID, at)
			require.NoError(t, err)
			again, err := kind.Replay(page.Items, at)
			require.NoError(t, err)
			require.Equal(t, again, old, "the desk answers from the same events")
		}
		versions = versions[:0]
	}
	runReal(t, replay.Options{Observe: func(c *casebook.Case) {
		if len(versions) > 0 && versions[0].ID != c.ID {
			compare()
		}
		versions = append(versions, c.Incident)
	}})
	compare()
	require.Equal(t, 14950, cases)
}
