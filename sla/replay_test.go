package sla_test

import (
	"slices"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
)

// A change of a part is a change of the whole, in a replay as for the engine: one clock starts at the second event.
func TestReplaySeesAPartChange(t *testing.T) {
	x := resolution()
	x.Start = sla.Changed("attributes")
	r := compiled(t, agreement(t, x))
	of := itsm.Ref{Kind: "incident", ID: itsm.ID{1}}
	events := []itsm.Event{
		{Subject: of, Version: 1, Action: "report", To: "new", Time: monday, Changes: []itsm.Change{text("/priority", "p3")}},
		{Subject: of, Version: 2, Action: "set_attributes", From: "new", To: "new", Time: monday.Add(time.Hour), Changes: []itsm.Change{text("/attributes/floor", "3")}},
	}
	c := r.Case(of)
	for i := range events {
		require.NoError(t, c.Take(&events[i]))
	}
	require.Len(t, c.Clocks(), 1)
	history, err := sla.HistoryOf(events)
	require.NoError(t, err)
	outcomes, err := sla.WhatIf(t.Context(), history, []sla.Alternative{{Name: "the same", Rules: r}}, 1)
	require.NoError(t, err)
	require.Len(t, slices.Collect(outcomes[0].Verdicts()), 1)
}

// A redaction changes the history of a record: a decided clock, too, then shows what is left, and no event of the record
// stops the tracker.
func TestRedactedRecord(t *testing.T) {
	h := newHouse(t, compiled(t, agreement(t, resolution(), sla.NextReplyTarget(sla.Amount{Working: hours(2)}))))
	i := h.open(report())
	h.after(time.Hour)
	h.do(i, incident.CallerReply{Text: "news?"})
	h.after(time.Hour)
	h.do(i, incident.Comment{Text: "soon", Public: true}) // the reply is decided
	_, err := h.desk.Redact(h.system(), i.ID, itsm.Redaction{Paths: []string{"group"}, Reason: "asked for"})
	require.NoError(t, err)
	h.restart()
	h.relay()
	for _, c := range h.all(i) {
		require.Equal(t, itsm.Redacted, c.Reading.Group, c.Reading.Target)
		if c.Reading.Target == "next_reply" {
			require.Equal(t, sla.Met, c.State)
			require.Equal(t, hours(1), c.Reading.Elapsed)
		}
	}
}
