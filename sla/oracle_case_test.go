package sla_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
)

// The engine shows what the oracle shows on random records, most of them around changes of offset; its accounts add up,
// and a replay ends alike.
func TestOracle(t *testing.T) {
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 7))
		start := []time.Time{monday, time.Date(2026, 3, 28, 20, 0, 0, 0, time.UTC), time.Date(2026, 10, 24, 20, 0, 0, 0, time.UTC),
			time.Date(2026, 4, 4, 9, 0, 0, 0, time.UTC), time.Date(2011, 12, 29, 9, 0, 0, 0, time.UTC)}[r.IntN(5)]
		o := &oracle{hours: map[string]wallClock{"x": anyHours(t, r, start), "y": anyHours(t, r, start)}, now: start,
			amounts:   map[string]int{"a": 2 * (31 + r.IntN(300)), "b": 2 * (31 + r.IntN(100))}, // even, and more than half an hour
			change:    []sla.Change{sla.Keep, sla.Restart, sla.Retroactive}[r.IntN(3)],
			reopening: []sla.Reopening{sla.Leave, sla.GoOn, sla.Again}[r.IntN(3)]}
		o.compare(t, r, o.rules(t), seed)
	}
}

// anyHours draws working time, with dates of its own near an instant.
func anyHours(t *testing.T, r *rand.Rand, near time.Time) wallClock {
	zone, err := time.LoadLocation([]string{"UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu"}[r.IntN(6)])
	require.NoError(t, err)
	d := calendar.Definition{Zone: zone.String(), Hours: []calendar.Hours{
		calendar.Hours{}.Add("09:00", "17:00", calendar.Weekdays...),
		calendar.Hours{}.Add("22:00", "03:30", time.Saturday, time.Sunday, time.Wednesday).Add("12:00", "12:45", time.Tuesday),
		calendar.Hours{}.Add("00:00", "24:00", time.Saturday, time.Sunday, time.Monday).Add("08:00", "08:20", time.Friday),
	}[r.IntN(3)]}
	if r.IntN(2) == 0 {
		d.Close(calendar.DateOf(near.AddDate(0, 0, r.IntN(4))))
	}
	if r.IntN(2) == 0 {
		d.Special = map[string][]calendar.Interval{near.AddDate(0, 0, r.IntN(4)).Format(time.DateOnly): {{"01:00", "02:45"}, {"23:00", "24:00"}}}
	}
	return wallClock{d, zone}
}

// rules are the target that the oracle knows.
func (o *oracle) rules(t *testing.T) *sla.Rules {
	working := func(priority string) itsm.Duration {
		return itsm.Duration(time.Duration(o.amounts[priority]) * time.Minute)
	}
	x := sla.Target{Name: "x", Start: sla.Is("state", "open", "waiting"), Pause: sla.Is("state", "waiting"), Stop: sla.Is("state", "done"),
		Reset: sla.Did("reset"), Change: o.change, Reopening: o.reopening,
		Amounts: []sla.Amount{{When: sla.Is("priority", "a"), Working: working("a")}, {Working: working("b")}},
		Hours:   []sla.HoursChoice{{When: sla.Is("hours", "x"), Calendar: "x"}, {Calendar: "y"}},
		Thresholds: []sla.Threshold{{Name: "half", Percent: 50}, {Name: "all", Percent: 100}, {Name: "over", Percent: 150}, {Name: "soon", Before: hours(0.5)},
			{Name: "late", After: itsm.Duration(7 * time.Minute), Every: itsm.Duration(11 * time.Minute), Times: 3}}}
	a := sla.Agreement{Title: "T", Type: sla.SLA, Kind: "thing", Targets: []sla.Target{x}}
	for _, name := range []string{"x", "y"} {
		h, err := sla.HoursOf(o.hours[name].of)
		require.NoError(t, err)
		a.Calendars = append(a.Calendars, sla.Calendar{Name: name, Hours: h})
	}
	rules, err := sla.Compile(sla.Terms{Subjects: []sla.Subject{{Kind: "thing"}}, Agreements: []sla.Agreement{a}})
	require.NoError(t, err)
	return rules
}

// compare draws the events of a record and compares at their end.
func (o *oracle) compare(t *testing.T, r *rand.Rand, rules *sla.Rules, seed uint64) {
	of := itsm.Ref{Kind: "thing", ID: itsm.ID{1}}
	c := rules.Case(of)
	var events []itsm.Event
	priority, choice := "", ""
	for v := range int64(2 + r.IntN(12)) {
		if v > 0 {
			o.advance(o.now.Add(anyStep(r, c, o.now)))
		}
		e := itsm.Event{Subject: of, Version: v + 1, Time: o.now, Action: "move", To: []lifecycle.State{"open", "open", "waiting", "done"}[r.IntN(4)]}
		if v == 0 || r.IntN(4) == 0 {
			priority = []string{"a", "b"}[r.IntN(2)]
			e.Changes = append(e.Changes, text("/priority", priority))
		}
		if v == 0 || r.IntN(6) == 0 {
			choice = []string{"x", "y"}[r.IntN(2)]
			e.Changes = append(e.Changes, text("/hours", choice))
		}
		if r.IntN(8) == 0 {
			e.Action = "reset"
		}
		events = append(events, e)
		require.NoError(t, c.Take(&e), seed)
		o.event(string(e.To), priority, choice, e.Action == "reset")
	}
	o.advance(o.now.Add(time.Duration(r.IntN(3000)) * time.Minute))
	require.NoError(t, c.Advance(o.now), seed)

	history, err := sla.HistoryOf(events)
	require.NoError(t, err)
	outcomes, err := sla.WhatIf(t.Context(), history.Until(o.now), []sla.Alternative{{Name: "the same", Rules: rules}}, 1)
	require.NoError(t, err)
	var want, got []string
	for _, m := range o.clocks {
		want = append(want, m.show())
	}
	for i, v := range slices.Collect(outcomes[0].Verdicts()) {
		s := c.Clocks()[i]
		account, err := rules.Explain(sla.Clock{Header: itsm.Header{State: s.State}, Of: of, Reading: s.Reading}, o.now)
		require.NoError(t, err)
		sum := itsm.Duration(0)
		for _, l := range account.Lines {
			sum += l.Counted
		}
		require.Equal(t, sum, account.Elapsed, seed)
		require.Equal(t, sum, v.Elapsed, seed)
		require.Equal(t, s.State, v.State, seed)
		require.Equal(t, s.Reading.BreachedAt, v.BreachedAt, seed)
		got = append(got, show(s, account.Elapsed))
	}
	require.Equal(t, want, got, "seed %d: %s, %s, %v\n%+v", seed, o.change, o.reopening, o.amounts, events)
}

// anyStep draws how long nothing happens: often nothing, and often up to the due instant.
func anyStep(r *rand.Rand, c *sla.Case, now time.Time) time.Duration {
	if clocks := c.Clocks(); len(clocks) > 0 && r.IntN(4) == 0 {
		if left := clocks[len(clocks)-1].Reading.DueAt.Sub(now); left > 0 && left < 100*time.Hour {
			return left
		}
	}
	switch r.IntN(5) {
	case 0:
		return 0
	case 1:
		return time.Duration(r.IntN(3000)) * time.Minute
	}
	return time.Duration(r.IntN(400)) * time.Minute
}
