package simulate

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWords(t *testing.T) {
	suits := map[family]bool{}
	for i := range symptomCount {
		s := symptomAt(i)
		require.GreaterOrEqual(t, groupNamed(s.team), 0, s.team)
		require.GreaterOrEqual(t, groupNamed(s.expert), 0, s.expert)
		require.Equal(t, 2, groups[groupNamed(s.team)].Level, s.team)
		require.Equal(t, 3, groups[groupNamed(s.expert)].Level, s.expert)
		for _, text := range []string{s.titles[0], s.titles[1], s.says, s.ask, s.answer, s.fix, s.workaround} {
			require.NotEmpty(t, text, s.titles[0])
		}
		suits[s.of] = true
	}
	require.Len(t, suits, 5)
	for _, list := range [][]string{firstNames[:], lastNames[:]} {
		require.Len(t, slices.Compact(slices.Sorted(slices.Values(list))), len(list))
	}
	require.Len(t, groups, 60)
}

func TestPathsAreLegal(t *testing.T) {
	var sum int64
	for _, p := range factPaths {
		sum += p.n
		require.True(t, strings.HasSuffix(p.letters, "RC"), p.letters)
		require.Equal(t, 1, strings.Count(p.letters, "C"), p.letters)
		require.NotContains(t, p.letters[1:], "N", p.letters)
		require.Equal(t, strings.Count(p.letters, "R")-1, strings.Count(p.letters, "RA"), p.letters)
	}
	require.Equal(t, int64(factCases-11), sum)
}

func TestApportion(t *testing.T) {
	require.Equal(t, []int{3, 2, 5}, apportion(10, []int64{30, 20, 50}))
	require.Equal(t, []int{1, 1, 0}, apportion(2, []int64{1, 1, 1}))
	require.Equal(t, []int{0, 0}, apportion(0, []int64{1, 0}))
}

func TestHours(t *testing.T) {
	h := hours{0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000, 80_000, 90_000}
	require.Equal(t, int64(0), h.at(0, 100))
	require.Equal(t, int64(1800), h.at(25, 1000))
	require.Equal(t, int64(4*3600), h.at(1, 2))
	require.Equal(t, int64(9*3600), h.at(100, 100))
}

// TestFacts compares the tables with the facts computed from the log by an independent program.
func TestFacts(t *testing.T) {
	dir := os.Getenv("ITSM_DATA")
	if dir == "" {
		t.Skip("ITSM_DATA is not set: it names the folder of the logs, see the package comment for the source")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "uci-incident-event-log", "facts.json"))
	require.NoError(t, err)
	var f struct {
		Cases int
		Raw   struct {
			TraceLen struct{ Mean float64 } `json:"trace_len"`
		}
		Collapsed struct {
			Start map[string]int64
			DFG   map[string]map[string]int64
		}
		Hours struct {
			Close map[string]float64            `json:"resolved_to_closed"`
			Solve map[string]map[string]float64 `json:"opened_to_resolved_by_final_priority"`
		}
		Reopen struct {
			Final map[string]int64 `json:"final_reopen_count"`
		}
		Matrix struct {
			Last map[string]map[string]int64 `json:"last_row_of_case"`
		} `json:"priority_matrix"`
		Changes struct {
			Cases int `json:"cases_with_priority_change"`
		} `json:"priority_changes"`
		Moves struct{ Dist map[string]int64 } `json:"reassignment_final"`
		Links map[string]int
		Phone map[string]int64 `json:"contact_type_final"`
		Code  map[string]int64 `json:"closed_code_final"`
		Days  map[string]int64 `json:"opened_by_weekday_0_is_monday"`
		Hour  map[string]int64 `json:"opened_by_hour"`
	}
	require.NoError(t, json.Unmarshal(raw, &f))

	require.Equal(t, factCases, f.Cases)
	require.InDelta(t, factUpdates, f.Raw.TraceLen.Mean, 0)
	require.Equal(t, factReprioritised, f.Changes.Cases)
	require.Equal(t, factWithProblem, f.Links["cases_with_problem_id"])
	require.Equal(t, factProblemsEach, f.Links["distinct_problem_ids"])
	require.Equal(t, factWithChange, f.Links["cases_with_rfc"])
	for i, n := range factWeekday {
		require.Equal(t, f.Days[strconv.Itoa((i+6)%7)], n)
	}
	for i, n := range factHour {
		require.Equal(t, f.Hour[strconv.Itoa(i)], n)
	}
	for i, n := range factMoves {
		require.Equal(t, f.Moves.Dist[strconv.Itoa(i)], n)
	}
	for i, n := range factReopened {
		require.Equal(t, f.Reopen.Final[strconv.Itoa(i)], n)
	}
	require.Equal(t, f.Phone, map[string]int64{"Phone": factChannel[0].n, "Email": factChannel[1].n})
	require.Len(t, f.Code, len(closures))
	for _, c := range closures {
		require.Equal(t, f.Code[c.logged], c.n, c.label)
	}
	words := [...]string{"", "High", "Medium", "Low"}
	priorities := [...]string{"1 - Critical", "2 - High", "3 - Moderate", "4 - Low"}
	for _, w := range factWeight {
		pair := strconv.Itoa(w.impact) + " - " + words[w.impact] + " x " + strconv.Itoa(w.urgency) + " - " + words[w.urgency]
		require.Equal(t, map[string]int64{priorities[priorityOf(w.impact, w.urgency)-1]: w.n}, f.Matrix.Last[pair])
	}
	for k, p := range percentages {
		name := "p" + strconv.FormatInt(p, 10)
		require.InDelta(t, f.Hours.Close[name], float64(factToClose[k])/10_000, 1e-4)
		for i, priority := range priorities {
			require.InDelta(t, f.Hours.Solve[priority][name], float64(factToResolve[i][k])/10_000, 1e-4)
		}
	}
	states := [len(letters)]string{"New", "Active", "Awaiting User Info", "Awaiting Problem", "Awaiting Vendor",
		"Awaiting Evidence", "Resolved", "Closed"}
	left := int64(0)
	for i, from := range states {
		require.Equal(t, f.Collapsed.Start[from], factStart[i])
		for j, to := range states {
			if factNext[i][j] > 0 {
				require.Equal(t, f.Collapsed.DFG[from][to], factNext[i][j], from+" to "+to)
			} else {
				left += f.Collapsed.DFG[from][to]
			}
		}
	}
	require.Equal(t, int64(11), left)
}
