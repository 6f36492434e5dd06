package sla_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// terms are four targets of three agreements, of which two change in the middle.
func terms(t *rapid.T) *sla.Rules {
	resolve := resolution()
	resolve.Change = rapid.SampledFrom([]sla.Change{sla.Keep, sla.Restart, sla.Retroactive}).Draw(t, "change")
	resolve.Reopening = rapid.SampledFrom([]sla.Reopening{sla.Leave, sla.GoOn, sla.Again}).Draw(t, "reopening")
	resolve.Hours = []sla.HoursChoice{{When: sla.Is("priority", "p1"), Calendar: "always"}, {Calendar: "office"}}
	resolve.Thresholds = append(resolve.Thresholds, sla.Threshold{Name: "again", Every: hours(2), Times: 3}, sla.Threshold{Name: "soon", Before: hours(1)})
	first := agreement(t, resolve, sla.ResponseTarget(sla.Amount{Working: hours(1)}), sla.NextReplyTarget(sla.Amount{Working: hours(2)}))
	second := first
	first.ValidUntil = monday.Add(30 * time.Hour)
	second.ValidFrom, second.Edition = first.ValidUntil, 2
	second.Transition = rapid.SampledFrom([]sla.Transition{sla.Stay, sla.Move}).Draw(t, "transition")
	second.Targets = append([]sla.Target(nil), first.Targets...)
	second.Targets[0].Amounts = sla.ByPriority(2*time.Hour, 3*time.Hour, 4*time.Hour, 5*time.Hour, 6*time.Hour)
	ola := agreement(t, sla.GroupTarget(sla.Amount{Working: hours(4)}))
	ola.Type = sla.OLA
	ola.Targets[0].Within, ola.Targets[0].FairShare, ola.Targets[0].Reset = "resolution", 25, sla.Did("comment")
	later := ola
	ola.ValidUntil = monday.Add(20 * time.Hour)
	later.ValidFrom, later.Edition, later.Transition = ola.ValidUntil, 2, sla.Move
	later.Targets = []sla.Target{ola.Targets[0]}
	later.Targets[0].Amounts, later.Targets[0].Pause = []sla.Amount{{Days: 1}}, sla.Condition{}
	later.Targets[0].Thresholds = []sla.Threshold{{Name: "half", Percent: 50}, {Name: "at once", Before: hours(30)}}
	later.Targets[0].Change = rapid.SampledFrom([]sla.Change{sla.Keep, sla.Restart, sla.Retroactive}).Draw(t, "change of the group")
	uc := agreement(t, sla.SupplierTarget(sla.Amount{Days: 1, By: "16:00"}))
	uc.Type = sla.UC
	return compiled(t, first, second, ola, later, uc)
}

// arbitrary draws an action that the incident may refuse.
func arbitrary(t *rapid.T) itsm.Action[incident.Incident] {
	level := rapid.SampledFrom([]incident.Level{incident.High, incident.Medium, incident.Low})
	return rapid.SampledFrom([]itsm.Action[incident.Incident]{
		incident.Assign{Group: "network", To: "bo"}, incident.Assign{Group: "desk"}, incident.Start{}, incident.Accept{},
		incident.PutOnHold{Reason: incident.ForCaller, Text: "?"}, incident.PutOnHold{Reason: incident.ForSupplier}, incident.Resume{},
		incident.CallerReply{Text: "news?"}, incident.Comment{Text: "soon", Public: true}, incident.Comment{Text: "hm"},
		incident.Resolve{Code: incident.Fixed, Text: "fixed"}, incident.Reopen{Reason: "again"}, incident.Close{}, incident.Cancel{Reason: "none"},
		incident.Prioritise{Impact: level.Draw(t, "impact"), Urgency: level.Draw(t, "urgency")},
	}).Draw(t, "action")
}

// Random histories delivered with repeats, restarts, other trackers and late sweeps give the same clocks and the same
// threshold events as one clean pass.
func TestAnyDeliveryGivesTheSameClocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newHouse(t, terms(t))
		var records []incident.Incident
		for range 3 {
			i, err := h.desk.Open(h.ctx(), report())
			require.NoError(t, err)
			records = append(records, i)
		}
		t.Repeat(map[string]func(*rapid.T){
			"act": func(t *rapid.T) {
				h.after(time.Duration(rapid.Int64Range(0, int64(5*time.Hour)).Draw(t, "later")).Truncate(time.Millisecond))
				_, _ = h.desk.Do(h.ctx(), rapid.SampledFrom(records).Draw(t, "record").ID, arbitrary(t)) // a refusal is no event
			},
			"relay": func(*rapid.T) { h.relay() },
			"relay a part": func(t *rapid.T) {
				events, next, err := h.store.Since(context.Background(), h.from, rapid.IntRange(1, 3).Draw(t, "n"), "incident")
				require.NoError(t, err)
				if len(events) > 0 {
					_, err = h.tracker.Handle(h.system(), events)
					require.NoError(t, err)
				}
				if rapid.Bool().Draw(t, "position kept") { // or lost: they come again
					h.from = next
				}
			},
			"start again from nothing": func(*rapid.T) { h.from = "" },
			"restart":                  func(*rapid.T) { h.restart() },
			"sweep":                    func(*rapid.T) { h.sweep() },
		})
		h.relay()
		h.sweep()

		clean := newHouse(t, h.rules)
		clean.now = h.now
		var err error
		clean.tracker, err = sla.NewTracker(clean.clocks, h.store, h.rules)
		require.NoError(t, err)
		events, _, err := h.store.Since(context.Background(), "", 10_000, "incident")
		require.NoError(t, err)
		_, err = clean.tracker.Handle(clean.system(), events)
		require.NoError(t, err)
		clean.sweep()
		want, got := clean.picture(), h.picture()
		for key := range want {
			require.Equal(t, want[key], got[key], key)
		}
		require.Len(t, got, len(want))
		require.Equal(t, clean.told(), h.told())
		h.explained()
	})
}

// picture is what all clocks show.
func (h *house) picture() map[string]string {
	out := map[string]string{}
	for c, err := range h.clocks.All(h.system(), itsm.Query[sla.Clock]{}) {
		require.NoError(h.t, err)
		c.Reading.Through = 0 // when it was written, not what it shows
		raw, err := json.MarshalIndent(sla.Snapshot{State: c.State, Reading: c.Reading}, "", " ")
		require.NoError(h.t, err)
		out[c.External] = string(raw)
	}
	return out
}

// told is which threshold events are in force: emitted and not withdrawn.
func (h *house) told() map[string]int {
	out := map[string]int{}
	for c, err := range h.clocks.All(h.system(), itsm.Query[sla.Clock]{}) {
		require.NoError(h.t, err)
		inForce := map[string]int{}
		page, err := h.clocks.History(h.system(), c.ID, itsm.PageRequest{Limit: itsm.MaxPage})
		require.NoError(h.t, err)
		for _, e := range page.Items {
			for _, x := range e.Changes {
				if len(x.Path) > len("/reading/crossed/") && x.Path[:len("/reading/crossed/")] == "/reading/crossed/" {
					if len(x.New) > 0 {
						inForce[string(x.New)]++
					} else {
						inForce[string(x.Old)]--
					}
				}
			}
		}
		for what, n := range inForce {
			require.True(h.t, n == 0 || n == 1, "%s was told %d times more often than withdrawn", what, n)
			out[c.External+" "+what] += n
		}
		for key, n := range out {
			if n == 0 {
				delete(out, key)
			}
		}
	}
	return out
}

// explained checks that each clock accounts for itself exactly.
func (h *house) explained() {
	for c, err := range h.clocks.All(h.system(), itsm.Query[sla.Clock]{}) {
		require.NoError(h.t, err)
		a, err := h.rules.Explain(c, h.now)
		require.NoError(h.t, err)
		total, at := itsm.Duration(0), time.Time{}
		for _, l := range a.Lines {
			require.True(h.t, at.IsZero() || at.Equal(l.From), "a gap before %s", l.From)
			total, at = total+l.Counted, l.To
		}
		require.Equal(h.t, a.Elapsed, total)
		if c.State != sla.Running {
			require.Equal(h.t, c.Reading.Elapsed, a.Elapsed, fmt.Sprint(a))
		}
		history, err := h.desk.History(h.system(), c.Of.ID, itsm.PageRequest{Limit: itsm.MaxPage})
		require.NoError(h.t, err)
		shares, err := h.rules.Breakdown(c, "group", history.Items, h.now)
		require.NoError(h.t, err)
		total = 0
		for _, s := range shares {
			total += s.Elapsed
		}
		require.Equal(h.t, a.Elapsed, total, "the shares of the groups add up")
	}
}
