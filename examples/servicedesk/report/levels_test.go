package report_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/report"
)

// levels has something of everything that there is about service levels.
func levels(number, title, name string) *report.Levels {
	promise := func(target string, met, missed, breached, pending int) report.Promise {
		return report.Promise{Agreement: name, Type: "sla", Target: target, Title: "Time to " + target + " " + name, Goal: 0.9,
			Kept: report.NewKept(met, missed, breached, pending)}
	}
	month := func(month, target, priority string, met, missed int) report.Attained {
		return report.Attained{Month: month, Agreement: name, Type: "sla", Target: target, Priority: priority, Kept: report.NewKept(met, missed, 0, 0)}
	}
	return &report.Levels{
		Terms: name, Zone: "Europe/Berlin",
		Promises: []report.Promise{promise("respond", 3, 0, 0, 0), promise("resolve", 1, 1, 1, 1),
			{Agreement: "House", Type: "ola", Target: "group_time", Title: "Time of the group", Kept: report.NewKept(0, 0, 0, 2)}},
		Attainment: []report.Attained{month("2026-03", "respond", "p2", 1, 0), month("2026-03", "respond", "p3", 2, 0),
			month("2026-03", "resolve", "p2", 0, 2), month("2026-04", "resolve", "p3", 1, 0)},
		Misses: []report.Miss{{Number: number, Title: title, Target: "Time to resolve", Priority: "p2", State: "missed", Amount: 8 * 3600, Elapsed: 20*3600 + 60,
			Due: at(3, 9, 15), Holders: []report.Holder{{Group: "Network", Elapsed: 20 * 3600}, {Elapsed: 60}},
			Account: []report.Stretch{
				{From: at(2, 9, 15), To: at(2, 11, 0), Why: "worked", Counted: 6300, Closed: 0},
				{From: at(2, 11, 0), To: at(3, 11, 0), Why: "waiting", By: title},
				{From: at(3, 11, 0), To: at(4, 9, 0), Why: "stopped"},
				{From: at(4, 9, 0), To: at(8, 13, 45), Why: "worked", Counted: 65760, Closed: 4},
				{From: at(8, 13, 45), To: at(8, 14, 0), Why: "worked", Closed: 1},
				{From: at(8, 14, 0), To: at(9, 14, 0), Why: "restarted"},
			}}},
		Escalations: []report.Escalation{{Agreement: name, Target: "Time to resolve", Threshold: "warning", At: "75 %", Crossed: 3, Clocks: 3,
			Do: []report.Reaction{{Do: "notify", To: "group_lead"}, {Do: "raise"}}}, {Agreement: name, Target: title, Threshold: "half", At: "50 %"}},
		WhatIf: []report.Alternative{{Name: name, Promises: []report.Promise{promise("resolve", 3, 1, 0, 0)}, Judged: 4, Better: 2, Worse: 1, Other: 1,
			Examples: []report.Example{{Number: number, Was: "missed", Is: "met", Why: title}, {Number: "INC2", Is: "met", Why: "resolution: 2 h of 4 h there"}}}},
		Fit: &report.Fit{File: name, Hours: "Mon-Fri 14:00-23:00", Start: "opened", Stop: "resolved_last", Pauses: []string{"caller"}, Closed: []string{"2026-01-01"},
			All: report.NewAgreed(4, 3), Later: report.NewAgreed(2, 2),
			Priorities: []report.FitAmount{{Priority: "p3", Amount: 62 * 3600, Least: 61 * 3600, Below: 63 * 3600, Agreed: report.NewAgreed(4, 3)},
				{Priority: "", Amount: 90, Least: 30, Agreed: report.NewAgreed(1, 1)}},
			Rivals: []report.Rival{{Hours: "all days 24 h", Start: "work", Stop: "closed", Errors: 2}}},
	}
}

func TestWorking(t *testing.T) {
	for seconds, want := range map[report.Working]string{0: "0 min", 59: "1 min", 90: "2 min", 3600: "1 h", 223320: "62 h 2 min", 3599: "1 h", 100*3600 + 1800: "101 h", -5400: "−1 h 30 min"} {
		require.Equal(t, want, seconds.String())
	}
}

func TestShareOfNothing(t *testing.T) {
	require.Zero(t, report.ShareOf(0, 0))
	require.Equal(t, report.Share(0.75), report.NewKept(3, 0, 1, 7).Share, "those that are pending do not count")
}
