package report_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/report"
)

func TestSums(t *testing.T) {
	r := small()
	require.Equal(t, 4, r.Cases)
	require.Equal(t, 1, r.Open)
	require.Equal(t, 17, r.Rows)
	require.Equal(t, []report.Refusal{{From: "closed", Wanted: "on_hold", Count: 2}, {From: "cancelled", Wanted: "resolved", Count: 1}}, r.Refused)
	require.Equal(t, map[string]int{"closed": 2, "on_hold": 1, "cancelled": 1}, r.FinalStates)
	require.Equal(t, map[string]int{"new": 3}, r.InitialStates)
	require.Equal(t, report.Percentiles{N: 2, P50: (52.5 + 0.25) / 2, P90: 52.5 - 0.1*(52.5-0.25)}, rounded(r.ResolvedHours.Percentiles))
	require.Equal(t, 1, r.ReopenedCases)
	require.Equal(t, 1, r.FirstContact)
	require.Equal(t, []report.Frequency{{Times: 0, Cases: 3}, {Times: 2, Cases: 1}}, r.Reassignments)
	require.Equal(t, report.PingPong{Cases: 1, Returns: 1, Pairs: []report.Pair{{A: "Desk", B: "Network", Returns: 1}}}, r.PingPong)
	require.Contains(t, r.Groups, report.Group{Name: "Desk", Cases: 2, Resolved: 2, ReassignedAway: 1})
	require.Contains(t, r.Groups, report.Group{Name: "Network", Cases: 2, ReassignedAway: 1})
	require.Equal(t, []report.Hold{
		{Reason: "caller", Times: 1, Cases: 1, Ended: 1, Total: 24, P50: 24, P90: 24}, // the change of group did not end it
		{Reason: "supplier", Times: 1, Cases: 1},                                      // it still waits
	}, r.Holds)
	require.Contains(t, r.Transitions, report.Transition{From: "resolved", To: "closed", Count: 2})
	require.Contains(t, r.Transitions, report.Transition{From: "resolved", To: "in_progress", Count: 1})
	require.Equal(t, 1, r.Arrivals.ByWeekdayHour[0][9], "Monday, 2 March 2026, 09:15")
	require.Equal(t, report.Period{From: at(2, 9, 15), To: at(23, 7, 30)}, r.Period)
}

func rounded(p report.Percentiles) report.Percentiles {
	p.P90 = report.Hours(math.Round(float64(p.P90)*1e6) / 1e6)
	return p
}

func TestWeeks(t *testing.T) {
	require.Equal(t, []report.Week{
		{Week: "2026-W10", Starts: "2026-03-02", Opened: 2, Resolved: 2, Closed: 1},
		{Week: "2026-W11", Starts: "2026-03-09", Opened: 1, Closed: 1, Backlog: 1},
		{Week: "2026-W12", Starts: "2026-03-16", Backlog: 1},
		{Week: "2026-W13", Starts: "2026-03-23", Opened: 1, Closed: 1, Backlog: 1},
	}, small().Weeks)
}

func TestISOWeekAtTheTurnOfTheYear(t *testing.T) {
	b := report.NewBuilder("", "")
	b.Case(report.Case{Opened: time.Date(2027, 1, 3, 23, 59, 0, 0, time.UTC)}) // a Sunday
	b.Case(report.Case{Opened: time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC)}) // a Wednesday, 57 years before
	weeks := b.Report().Weeks
	require.Equal(t, []string{"1970-W01", "2026-W53"}, []string{weeks[0].Week, weeks[1].Week})
	require.Equal(t, []string{"1969-12-29", "2026-12-28"}, []string{weeks[0].Starts, weeks[1].Starts})
	require.Len(t, weeks, 2, "a gap of more than ten years is left out")
}

// TestLocalTime shows that a case opened late on a Sunday in its own location belongs to that Sunday.
func TestLocalTime(t *testing.T) {
	b := report.NewBuilder("", "")
	b.Case(report.Case{Opened: time.Date(2026, 3, 8, 23, 30, 0, 0, time.FixedZone("", -5*3600))})
	r := b.Report()
	require.Equal(t, "2026-03-02", r.Weeks[0].Starts)
	require.Equal(t, 1, r.Arrivals.ByWeekdayHour[6][23])
}

func TestResolvedBeforeOpened(t *testing.T) {
	b := report.NewBuilder("", "")
	b.Case(report.Case{Opened: at(12, 0, 0), Resolved: at(2, 0, 0)})
	for _, w := range b.Report().Weeks {
		require.GreaterOrEqual(t, w.Backlog, 0)
	}
}

func TestReportIsNotTheBuilders(t *testing.T) {
	b := report.NewBuilder("", "")
	b.Case(report.Case{Number: "1", FinalState: "closed", Opened: at(1, 0, 0), Closed: at(2, 0, 0)})
	first := b.Report()
	first.FinalStates["closed"] = 99
	b.Case(report.Case{Number: "2", FinalState: "closed", Opened: at(1, 0, 0), Closed: at(3, 0, 0)})
	second := b.Report()
	require.Equal(t, 2, second.FinalStates["closed"])
	require.Equal(t, "1", first.Longest[0].Number)
	require.Equal(t, "2", second.Longest[0].Number)
}

// TestLongest compares the kept ten with a sorted list of all, for cases in any order.
func TestLongest(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		b := report.NewBuilder("", "")
		type one struct {
			number string
			hours  float64
		}
		var all []one
		end := at(1, 0, 0).Add(5000 * time.Hour)
		b.Case(report.Case{Number: "end", Closed: end}) // the end of the period
		for i := range 5 + random.IntN(40) {
			opened := at(1, 0, 0).Add(time.Duration(random.IntN(1000)) * time.Hour)
			c := report.Case{Number: fmt.Sprintf("%03d", i), Opened: opened}
			done := end
			if random.IntN(4) > 0 {
				done = opened.Add(time.Duration(random.IntN(1000)) * time.Hour)
				c.Resolved = done
			}
			all = append(all, one{c.Number, done.Sub(opened).Hours()})
			b.Case(c)
		}
		slices.SortStableFunc(all, func(x, y one) int {
			if x.hours != y.hours {
				return int(y.hours - x.hours)
			}
			return int(x.number[0]) - int(y.number[0])
		})
		got := b.Report().Longest
		require.Len(t, got, min(10, len(all)))
		for i, c := range got {
			require.Equal(t, all[i].hours, float64(c.Hours))
		}
	}
}

func TestStatesInTheOrderOfTheFlow(t *testing.T) {
	require.Equal(t, []string{"new", "in_progress", "resolved", "on_hold", "cancelled", "closed"}, small().States)
}
