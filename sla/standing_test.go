package sla_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
)

// What a clock shows at a moment: the figures are counted by hand from Monday nine on, eight hours a day.
func TestReadAClock(t *testing.T) {
	h := newHouse(t, compiled(t, agreement(t, resolution()))) // P3: 8 h
	i := h.open(report())
	read := func() sla.Standing {
		s, err := h.rules.Read(h.clock(i), h.now)
		require.NoError(t, err)
		return s
	}
	h.after(3 * time.Hour)
	require.Equal(t, sla.Standing{State: "running", Elapsed: 3 * time.Hour, Remaining: 5 * time.Hour, Due: monday.Add(8 * time.Hour)}, read())
	h.after(23 * time.Hour) // Tuesday 11:00, without a sweep
	require.Equal(t, sla.Standing{State: "running", Elapsed: 10 * time.Hour, Remaining: -2 * time.Hour, Due: monday.Add(8 * time.Hour),
		BreachedAt: monday.Add(8 * time.Hour)}, read())
	h.do(i, incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	h.after(time.Hour)
	require.Equal(t, 10*time.Hour, read().Elapsed, "it is decided")
	_, err := h.rules.Read(h.clock(h.open(report())), h.now.Add(-time.Hour))
	require.ErrorIs(t, err, itsm.ErrInvalid)
}

func TestEventsDoNotGoBack(t *testing.T) {
	r := compiled(t, agreement(t, resolution()))
	of := itsm.Ref{Kind: "incident", ID: itsm.ID{1}}
	c := r.Case(of)
	first := itsm.Event{Subject: of, Version: 1, Action: "report", To: "new", Time: monday}
	require.NoError(t, c.Take(&first))
	back := itsm.Event{Subject: of, Version: 2, Action: "start", From: "new", To: "in_progress", Time: monday.Add(-time.Millisecond)}
	err := c.Take(&back)
	require.ErrorIs(t, err, itsm.ErrInvalid)
	require.ErrorContains(t, err, "before last event")
	back.Version = 4
	require.ErrorContains(t, c.Take(&back), "does not follow version 1")
	require.Nil(t, r.Case(itsm.Ref{Kind: "problem", ID: itsm.ID{1}}), "no agreement is about problems")
}

func TestClockOfNoRecord(t *testing.T) {
	h := newHouse(t, compiled(t, agreement(t, resolution())))
	_, err := h.clocks.Open(h.system(), sla.Begin{Follow: sla.Following{State: sla.Running}})
	require.Equal(t, "of", problem(t, err).Path)
	// An event whose record has no history any more: it was purged, and there is nothing to measure.
	gone := itsm.Event{Subject: itsm.Ref{Kind: "incident", ID: itsm.ID{9}}, Version: 3, Tenant: tenant, Action: "start", To: "in_progress", Time: monday}
	done, err := h.tracker.Handle(h.system(), []itsm.Event{gone})
	require.NoError(t, err)
	require.Equal(t, 1, done)
	counts, err := h.clocks.Count(h.system(), itsm.Query[sla.Clock]{})
	require.NoError(t, err)
	require.Zero(t, counts.Total)
}

func problem(t *testing.T, err error) itsm.Problem {
	var invalid *itsm.ValidationError
	require.ErrorAs(t, err, &invalid)
	require.Len(t, invalid.Problems, 1)
	return invalid.Problems[0]
}

// Attainment and credits under an alternative: one of two incidents took three of two hours.
func TestCreditsUnderAnAlternative(t *testing.T) {
	h := newHouse(t, compiled(t, agreement(t, resolution())))
	a, b := h.open(report()), h.open(report())
	h.after(time.Hour)
	h.do(a, incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	h.after(2 * time.Hour)
	h.do(b, incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	other := agreement(t, resolution())
	other.Targets[0].Amounts = []sla.Amount{{Working: hours(2)}}
	other.Goal, other.Fee, other.Credits = 9500, money.Must(money.Parse("1000.00", money.EUR)), []sla.Credit{{Below: 9500, Share: 1000}}
	history, err := sla.ReadHistory(t.Context(), h.store, itsm.Scope{Tenant: tenant}, "incident")
	require.NoError(t, err)
	outcomes, err := sla.WhatIf(t.Context(), history, []sla.Alternative{{Name: "two hours", Rules: compiled(t, other)}}, 2)
	require.NoError(t, err)
	rows, err := sla.Attain(outcomes[0].Clocks(), sla.AttainOptions{Now: h.now})
	require.NoError(t, err)
	due, err := sla.Credits(other, rows, money.HalfEven)
	require.NoError(t, err)
	require.Len(t, due, 1)
	require.Equal(t, 1, due[0].Attained.Met)
	require.Equal(t, 1, due[0].Attained.Missed)
	require.Equal(t, "100.00 EUR", due[0].Amount.String())
}

// Events that come together are stored together: the clock opens as decided, and tells what it crossed.
func TestFollowedLate(t *testing.T) {
	h := newHouse(t, compiled(t, agreement(t, resolution())))
	i, err := h.desk.Open(h.ctx(), report())
	require.NoError(t, err)
	h.after(time.Hour)
	_, err = h.desk.Do(h.ctx(), i.ID, incident.PutOnHold{Reason: incident.ForCaller, Text: "?"})
	require.NoError(t, err)
	h.after(time.Hour)
	_, err = h.desk.Do(h.ctx(), i.ID, incident.CallerReply{Text: "yes"})
	require.NoError(t, err)
	h.after(5 * time.Hour)
	_, err = h.desk.Do(h.ctx(), i.ID, incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	require.NoError(t, err)
	h.relay()
	c := h.clock(i)
	require.Equal(t, sla.Met, c.State)
	require.Equal(t, hours(6), c.Reading.Elapsed)
	require.Len(t, c.Reading.Stretches, 3)
	page, err := h.clocks.History(h.system(), c.ID, itsm.PageRequest{})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Equal(t, sla.FactCrossed, page.Items[0].Facts[0].Name)
	var told []sla.Told
	require.NoError(t, json.Unmarshal(page.Items[0].Facts[0].Value, &told))
	require.Equal(t, []sla.Told{
		{Crossing: sla.Crossing{Threshold: "half", Nth: 1, At: monday.Add(5 * time.Hour)}}, // four hours, and one that waited
		{Crossing: sla.Crossing{Threshold: "warning", Nth: 1, At: monday.Add(7 * time.Hour)}, Do: []sla.Escalation{{Do: sla.Notify, To: "assignee"}}},
	}, told)
}
