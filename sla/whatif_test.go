package sla_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyRules draws rules over incidents: one agreement or two that follow each other, with targets of every sort.
func anyRules(t *rapid.T) *sla.Rules { return compiled(t, anyAgreements(t)...) }

func anyAgreements(t *rapid.T) []sla.Agreement {
	draw := func(label string) itsm.Duration {
		return itsm.Duration(rapid.IntRange(1, 4000).Draw(t, label)) * itsm.Duration(time.Minute)
	}
	target := sla.Target{Name: "resolution", Start: rapid.SampledFrom([]sla.Condition{sla.Always(), sla.Did("report"), sla.Is("state", "in_progress"),
		sla.Changed("group"), sla.By("assignee"), sla.Not(sla.Did("assign"))}).Draw(t, "start"),
		Stop:       rapid.SampledFrom([]sla.Condition{sla.Is("state", "resolved", "closed"), sla.Did("resolve"), sla.All(sla.Did("close"), sla.Has("group"))}).Draw(t, "stop"),
		Pause:      rapid.SampledFrom([]sla.Condition{{}, sla.Is("state", "on_hold"), sla.Is("hold.reason", "caller"), sla.Public()}).Draw(t, "pause"),
		Reset:      rapid.SampledFrom([]sla.Condition{{}, {}, sla.Did("assign"), sla.Is("group", "network")}).Draw(t, "reset"),
		Amounts:    []sla.Amount{{When: sla.Is("priority", "p1"), Working: draw("p1")}, {When: sla.Is("priority", "p2", "p3"), Working: draw("p3")}},
		Hours:      []sla.HoursChoice{{When: sla.Is("priority", "p1"), Calendar: "always"}, {Calendar: "office"}},
		Change:     rapid.SampledFrom([]sla.Change{sla.Keep, sla.Restart, sla.Retroactive}).Draw(t, "change"),
		Reopening:  rapid.SampledFrom([]sla.Reopening{sla.Leave, sla.GoOn, sla.Again}).Draw(t, "reopening"),
		Thresholds: []sla.Threshold{{Name: "half", Percent: 50}}}
	first := agreement(t, target)
	ola := agreement(t, sla.GroupTarget(sla.Amount{Working: draw("group")}))
	ola.Type, ola.Targets[0].Within, ola.Targets[0].FairShare = sla.OLA, "resolution", 50
	if !rapid.Bool().Draw(t, "two") {
		return []sla.Agreement{first, ola}
	}
	second := first
	second.Targets = slices.Clone(first.Targets)
	second.Targets[0].Amounts = []sla.Amount{{Working: draw("second")}}
	second.Edition, second.ValidFrom = 2, monday.Add(time.Duration(rapid.IntRange(0, 14*24).Draw(t, "change"))*time.Hour)
	first.ValidUntil = second.ValidFrom
	second.Transition = rapid.SampledFrom([]sla.Transition{sla.Stay, sla.Move}).Draw(t, "transition")
	return []sla.Agreement{first, second, ola}
}

// anyHistory draws events of a few incidents; many of them change nothing that matters.
func anyHistory(t *rapid.T) []itsm.Event {
	var cases []logCase
	for n := range rapid.IntRange(1, 5).Draw(t, "records") {
		c := logCase{number: fmt.Sprint("INC", n)}
		at := monday.Add(time.Duration(rapid.IntRange(0, 10_000).Draw(t, "opened")) * time.Minute)
		c.add("report", "new", at, []itsm.Change{text("/priority", rapid.SampledFrom([]string{"p1", "p2", "p3", "p4"}).Draw(t, "priority"))})
		for range rapid.IntRange(0, 12).Draw(t, "events") {
			at = at.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 30, 300, 900, 3000}).Draw(t, "later")) * time.Minute)
			state := c.events[len(c.events)-1].To
			switch rapid.IntRange(0, 8).Draw(t, "event") {
			case 0:
				c.add("start", "in_progress", at, nil)
			case 1:
				c.add("hold", "on_hold", at, []itsm.Change{text("/hold/reason", rapid.SampledFrom([]string{"caller", "supplier"}).Draw(t, "reason"))})
			case 2:
				c.add("resolve", "resolved", at, []itsm.Change{text("/hold/reason", "")})
			case 3:
				c.add("close", "closed", at, nil)
			case 4:
				c.add("assign", state, at, []itsm.Change{text("/group", rapid.SampledFrom([]string{"desk", "network"}).Draw(t, "group")), text("/assignee", "ann")})
			case 5:
				c.add("prioritise", state, at, []itsm.Change{text("/priority", rapid.SampledFrom([]string{"p1", "p3", "p4"}).Draw(t, "priority"))})
			default:
				c.add("comment", state, at, nil)
				c.events[len(c.events)-1].Public = rapid.Bool().Draw(t, "public")
			}
		}
		cases = append(cases, c)
	}
	return flat(cases)
}

// TestWhatIfJudgesAsTheCaseDoes replays random histories under random rules: the outcome is what the pure engine gives for each
// record alone, for any number of workers.
func TestWhatIfJudgesAsTheCaseDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := anyHistory(t)
		history, err := sla.HistoryOf(events)
		require.NoError(t, err)
		alternatives := []sla.Alternative{{Name: "a", Rules: anyRules(t)}, {Name: "b", Rules: anyRules(t)}}
		outcomes, err := sla.WhatIf(context.Background(), history, alternatives, rapid.IntRange(0, 3).Draw(t, "workers"))
		require.NoError(t, err)
		for n, o := range outcomes {
			var want []string
			count := map[sla.AgreementType]sla.Tally{}
			seen := map[itsm.Ref]bool{}
			for _, e := range events {
				if seen[e.Subject] {
					continue
				}
				seen[e.Subject] = true
				c := alternatives[n].Rules.Case(e.Subject)
				for i := range events {
					if events[i].Subject == e.Subject {
						require.NoError(t, c.Take(&events[i]))
					}
				}
				require.NoError(t, c.Advance(history.End()))
				for _, x := range c.Clocks() {
					r := x.Reading
					clock := sla.Clock{Of: e.Subject, Reading: r}
					clock.State = x.State
					account, err := alternatives[n].Rules.Explain(clock, history.End())
					require.NoError(t, err)
					want = append(want, fmt.Sprint(e.Subject, r.Target, r.Round, r.Holder, r.Priority, x.State, r.Amount, account.Elapsed, r.DueAt, r.BreachedAt))
					k := count[r.Type]
					switch {
					case x.State == sla.Met:
						k.Met++
					case x.State == sla.Missed || x.State != sla.Cancelled && !r.BreachedAt.IsZero():
						k.Missed++
					case x.State != sla.Cancelled:
						k.Pending++
					}
					count[r.Type] = k
				}
			}
			var got []string
			for v := range o.Verdicts() {
				got = append(got, fmt.Sprint(v.Of, v.Target, v.Round, v.Holder, v.Priority, v.State, v.Amount, v.Elapsed, v.DueAt, v.BreachedAt))
				account, err := o.Explain(v)
				require.NoError(t, err)
				require.Equal(t, v.Elapsed, account.Elapsed)
			}
			require.Equal(t, want, got)
			for _, x := range o.Targets {
				require.Equal(t, count[x.Type], x.Tally)
				var sum sla.Tally
				for _, p := range x.Priorities {
					sum.Met, sum.Missed, sum.Pending = sum.Met+p.Met, sum.Missed+p.Missed, sum.Pending+p.Pending
				}
				require.Equal(t, x.Tally, sum)
			}
		}
		compared(t, &outcomes[0], &outcomes[1])
	})
}

// compared holds that the differences are those that a look at both lists shows.
func compared(t *rapid.T, a, b *sla.Outcome) {
	results := func(o *sla.Outcome) map[string]string {
		all := map[string]string{}
		for v := range o.Verdicts() {
			all[fmt.Sprint(v.Of, v.Type, v.Target, v.Round)] = string(v.Result())
		}
		return all
	}
	left, right := results(a), results(b)
	want := map[string]bool{}
	for k := range left {
		if left[k] != right[k] {
			want[k] = true
		}
	}
	for k := range right {
		if left[k] != right[k] {
			want[k] = true
		}
	}
	got := map[string]bool{}
	for _, d := range sla.Compare(a, b) {
		v := d.Base
		if v == nil {
			v = d.Other
		}
		got[fmt.Sprint(d.Of, d.Type, d.Target, v.Round)] = true
	}
	require.Equal(t, want, got)
}

// The engine passes over events that change nothing that a condition asks for. A further agreement whose condition asks what
// each event changed makes it look at all of them; that must not make a difference.
func TestQuietEventsMayBePassedOver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		history, err := sla.HistoryOf(anyHistory(t))
		require.NoError(t, err)
		agreements := anyAgreements(t)
		never := agreement(t, sla.Target{Name: "never", Start: sla.Changed("title"), Stop: sla.Always(), Amounts: []sla.Amount{{Working: hours(1)}}})
		never.Type = sla.UC
		outcomes, err := sla.WhatIf(context.Background(), history, []sla.Alternative{
			{Rules: compiled(t, agreements...)}, {Rules: compiled(t, append(agreements, never)...)}}, 1)
		require.NoError(t, err)
		require.Equal(t, slices.Collect(outcomes[1].Verdicts()), slices.Collect(outcomes[0].Verdicts()))
	})
}

// An event that changes nothing that a condition asks for leaves the clocks as they are: the same history without the
// comments, under rules that do not ask for them, ends alike.
func TestQuietEventsChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, events := compiled(t, agreement(t, resolution())), anyHistory(t)
		version := map[itsm.Ref]int64{}
		var loud []itsm.Event
		for _, e := range events {
			if e.Action != "comment" {
				version[e.Subject]++
				e.Version = version[e.Subject]
				loud = append(loud, e)
			}
		}
		var ends [2][]string
		for i, list := range [][]itsm.Event{events, loud} {
			history, err := sla.HistoryOf(list)
			require.NoError(t, err)
			outcomes, err := sla.WhatIf(context.Background(), history.Until(monday.Add(60*24*time.Hour)), []sla.Alternative{{Rules: rules}}, 1)
			require.NoError(t, err)
			for v := range outcomes[0].Verdicts() {
				ends[i] = append(ends[i], fmt.Sprint(v))
			}
			slices.Sort(ends[i])
		}
		require.Equal(t, ends[1], ends[0])
	})
}

func TestWhatIfRefusesAndStops(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	history, err := sla.HistoryOf(madeUp(rng).events)
	require.NoError(t, err)
	_, err = sla.WhatIf(context.Background(), history, []sla.Alternative{{Name: "none"}}, 1)
	require.ErrorContains(t, err, "none")
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = sla.WhatIf(ctx, history, []sla.Alternative{{Name: "a", Rules: four(t)}}, 4)
	require.ErrorIs(t, err, context.Canceled)
	require.LessOrEqual(t, runtime.NumGoroutine(), before)
	outcomes, err := sla.WhatIf(context.Background(), sla.History{}, []sla.Alternative{{Name: "a", Rules: four(t)}}, 4)
	require.NoError(t, err)
	require.Empty(t, outcomes[0].Targets)

	back := madeUp(rng).events // a clock that goes back in time is named
	back[1].Time = back[0].Time.Add(-time.Hour)
	history, err = sla.HistoryOf(back)
	require.NoError(t, err)
	_, err = sla.WhatIf(context.Background(), history, []sla.Alternative{{Name: "a", Rules: four(t)}}, 4)
	require.ErrorIs(t, err, itsm.ErrInvalid)
	require.ErrorContains(t, err, back[1].ID())
}

func TestHistory(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	one, other := madeUp(rng).events, madeUp(rng).events
	all := slices.Concat(other, one, one[:3]) // some come again
	slices.Reverse(all)
	h, err := sla.HistoryOf(all)
	require.NoError(t, err)
	require.Equal(t, 2, h.Len())
	_, err = sla.HistoryOf(one[1:])
	require.ErrorIs(t, err, itsm.ErrNotFound)
	require.Equal(t, 1, h.Until(minTime(one[0].Time, other[0].Time)).Len())

	// A store's own history: an incident of another tenant is left out.
	house := newHouse(t, four(t))
	house.open(report())
	i := house.open(report())
	house.after(3 * time.Hour)
	_, err = house.desk.Open(itsm.WithActor(context.Background(), itsm.Actor{ID: "eve", Tenant: "other"}), report())
	require.NoError(t, err)
	read, err := sla.ReadHistory(context.Background(), house.store, itsm.Scope{Tenant: tenant}, "incident")
	require.NoError(t, err)
	require.Equal(t, 2, read.Len())
	outcomes, err := sla.WhatIf(context.Background(), read.Until(house.now), []sla.Alternative{{Name: "now", Rules: house.rules}}, 2)
	require.NoError(t, err)
	for v := range outcomes[0].Verdicts() {
		if v.Of == i.Ref("incident") && v.Target == "response" {
			require.Equal(t, "running, PT3H of PT4H, due 2026-03-02T13:00:00Z", v.String())
		}
	}
	_, err = sla.ReadHistory(context.Background(), house.store, itsm.Scope{Tenant: tenant, Any: []itsm.Condition{}})
	require.ErrorIs(t, err, itsm.ErrInvalid)
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func TestCompareTellsWhy(t *testing.T) {
	c := logCase{number: "INC1"}
	c.add("report", "new", monday, []itsm.Change{text("/priority", "p3")})
	c.add("resolve", "resolved", monday.Add(9*time.Hour), nil)
	history, err := sla.HistoryOf(c.events)
	require.NoError(t, err)
	longer, none := resolution(), resolution()
	longer.Amounts = []sla.Amount{{Working: hours(9)}}
	none.Amounts = sla.ByPriority(time.Hour) // none for P3
	longer.Hours = []sla.HoursChoice{{Calendar: "always"}}
	outcomes, err := sla.WhatIf(context.Background(), history, []sla.Alternative{
		{Name: "standard", Rules: compiled(t, agreement(t, sla.ResolutionTarget(sla.Amount{Working: hours(7)})))},
		{Name: "longer", Rules: compiled(t, agreement(t, longer))}, {Name: "none", Rules: compiled(t, agreement(t, none))}}, 2)
	require.NoError(t, err)
	d := sla.Compare(&outcomes[0], &outcomes[1])
	require.Len(t, d, 1)
	require.Equal(t, "INC1 resolution: missed, PT8H of PT7H, due 2026-03-02T16:00:00Z -> met, PT9H of PT9H (differs in elapsed, amount)", d[0].String())
	account, err := outcomes[1].Explain(*d[0].Other)
	require.NoError(t, err)
	require.Equal(t, hours(9), account.Elapsed)
	d = sla.Compare(&outcomes[0], &outcomes[2])
	require.Len(t, d, 1)
	require.Nil(t, d[0].Other)
	require.True(t, strings.HasSuffix(d[0].String(), "-> no clock"))
	require.Empty(t, sla.Compare(&outcomes[0], &outcomes[0]))
	require.Equal(t, 0, outcomes[0].Targets[0].Attained())
	require.Equal(t, 10_000, outcomes[1].Targets[0].Attained())
}

// On every case of the real log each clock accounts for itself: without a gap, and adding up to what it shows.
func TestRealLogIsExplained(t *testing.T) {
	history, err := sla.HistoryOf(flat(realLog(t)))
	require.NoError(t, err)
	outcomes, err := sla.WhatIf(context.Background(), history, []sla.Alternative{{Name: "four", Rules: four(t)}}, 2)
	require.NoError(t, err)
	clocks := 0
	for v := range outcomes[0].Verdicts() {
		account, err := outcomes[0].Explain(v)
		require.NoError(t, err)
		var sum itsm.Duration
		for i, l := range account.Lines {
			sum += l.Counted
			if i > 0 && !account.Lines[i-1].To.Equal(l.From) {
				t.Fatalf("%s %s has a gap: %s", v.Number, v.Target, account)
			}
		}
		if sum != v.Elapsed || account.Elapsed != v.Elapsed || v.State != account.State {
			t.Fatalf("%s %s: %s, explained as %s", v.Number, v.Target, v, account)
		}
		clocks++
	}
	require.Greater(t, clocks, history.Len())
}
