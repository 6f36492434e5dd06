package sla_test

import (
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
)

// office hours are from nine to five; P1 has 1 h, P2 4 h, P3 8 h.
func queueHouse(t *testing.T) (h *house, p2, p3, p1 incident.Incident) {
	h = newHouse(t, compiled(t, agreement(t, resolution())))
	in := func(title, group string, impact, urgency incident.Level) incident.Incident {
		r := report()
		r.Title, r.Group, r.Impact, r.Urgency = title, group, impact, urgency
		return h.open(r)
	}
	p2 = in("p2", "desk", incident.High, incident.Medium)     // due at 13:00
	p3 = in("p3", "desk", incident.Medium, incident.Medium)   // due at 17:00
	h.after(6 * time.Hour)                                    // 15:00
	p1 = in("p1", "network", incident.High, incident.High)    // due at 16:00
	h.do(in("waits", "desk", incident.High, incident.Medium), // paused: due at no time
		incident.PutOnHold{Reason: incident.ForCaller, Text: "?"})
	in("late", "desk", incident.High, incident.Medium) // due at 11:00 tomorrow
	return h, p2, p3, p1
}

func TestQueue(t *testing.T) {
	h, p2, p3, p1 := queueHouse(t)
	of := func(group string, limit int) (out []string) {
		var p itsm.PageRequest
		for p.Limit = limit; ; {
			page, err := sla.Queue(h.ctx(), h.clocks, group, p)
			require.NoError(t, err)
			for _, c := range page.Items {
				out = append(out, c.OfNumber)
			}
			if p.Cursor = page.Next; p.Cursor == "" {
				return out
			}
		}
	}
	for _, limit := range []int{1, 50} {
		require.Equal(t, []string{p2.Number, p3.Number, "INC0000005"}, of("desk", limit), "what is long past comes first")
		require.Equal(t, []string{p2.Number, p1.Number, p3.Number, "INC0000005"}, of("", limit))
		require.Equal(t, []string{p1.Number}, of("network", limit))
		require.Empty(t, of("nobody", limit))
	}
	h.do(p3, incident.Assign{Group: "network"})
	require.Equal(t, []string{p1.Number, p3.Number}, of("network", 50), "it goes with the record")
	h.do(p1, incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	require.Equal(t, []string{p3.Number}, of("network", 50))
}

func TestAtRisk(t *testing.T) {
	h, _, p3, p1 := queueHouse(t)
	risks := func(n float64) (out []string) {
		found, err := sla.AtRisk(h.ctx(), h.clocks, h.rules, h.now, hours(n))
		require.NoError(t, err)
		for _, r := range found {
			out = append(out, r.Clock.OfNumber+" "+r.Remaining.String())
		}
		return out
	}
	require.Empty(t, risks(1), "at sixteen it is still in time")
	require.Equal(t, []string{p1.Number + " PT1H"}, risks(1.01), "p2 is missed already")
	require.Equal(t, []string{p1.Number + " PT1H", p3.Number + " PT2H"}, risks(3))
	require.Equal(t, []string{p1.Number + " PT1H", p3.Number + " PT2H", "INC0000005 PT4H"}, risks(24), "twenty hours on the wall are four of work")
	h.sweep()
	require.Equal(t, []string{p1.Number + " PT1H", p3.Number + " PT2H"}, risks(3), "a sweep changes nothing")

	_, err := sla.AtRisk(h.ctx(), h.clocks, h.rules, h.now, 0)
	require.Equal(t, "within", refused(t, err).Path)
	_, err = sla.AtRisk(h.ctx(), h.clocks, h.rules, time.Time{}, 1)
	require.Equal(t, "now", refused(t, err).Path)
	_, err = sla.AtRisk(h.ctx(), h.clocks, nil, h.now, 1)
	require.Equal(t, "rules", refused(t, err).Path)
	_, err = sla.AtRisk(h.ctx(), h.clocks, compiled(t, sla.Agreement{Title: "Other", Type: sla.SLA, Kind: "incident",
		Targets: []sla.Target{resolution()}, Calendars: []sla.Calendar{{Name: "office", Hours: office(t)}}}), h.now, hours(3))
	require.ErrorIs(t, err, itsm.ErrNotFound, "rules without the agreement of a clock")
}

// What AtRisk foretells is what a sweep finds missed if nobody acts.
func TestAtRiskComesTrue(t *testing.T) {
	h, _, _, _ := queueHouse(t)
	h.sweep()
	found, err := sla.AtRisk(h.ctx(), h.clocks, h.rules, h.now, hours(30))
	require.NoError(t, err)
	foretold, came := map[itsm.ID]time.Time{}, map[itsm.ID]time.Time{}
	for _, r := range found {
		foretold[r.Clock.ID] = r.Clock.Reading.DueAt
	}
	before := h.now
	h.after(30 * time.Hour)
	h.sweep()
	for c, err := range h.clocks.All(h.system(), itsm.Query[sla.Clock]{}) {
		require.NoError(t, err)
		if at := c.Reading.BreachedAt; !at.IsZero() && !at.Before(before) {
			came[c.ID] = at
		}
	}
	require.Len(t, came, 3)
	require.Equal(t, came, foretold)
}
