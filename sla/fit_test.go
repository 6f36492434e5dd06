package sla_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
)

// TestFitRealLog fits the rule behind made_sla of the public log. The issue asks for 98.5 %.
func TestFitRealLog(t *testing.T) {
	log := realLog(t)
	var events []itsm.Event
	met := map[itsm.Ref]bool{}
	for _, c := range log {
		events = append(events, c.events...)
		met[c.events[0].Subject] = c.madeSLA
	}
	history, err := sla.HistoryOf(events)
	require.NoError(t, err)
	for _, holdout := range []bool{false, true} {
		o := sla.FitOptions{Holdout: holdout}
		cases, err := sla.FitCases(history, met, o)
		require.NoError(t, err)
		require.Len(t, cases, len(log))
		f, err := sla.Fit(context.Background(), cases, o)
		require.NoError(t, err)
		t.Logf("%s, start %s, stop %s, pauses %v: %+v, later half %+v", f.Hours, f.Start, f.Stop, f.Pauses, f.All, f.Later)
		require.GreaterOrEqual(t, f.All.Share, 0.985)
		require.GreaterOrEqual(t, f.Later.Share, 0.985)
		agree(t, history, met, f)
	}
}

// agree holds that the engine under the fitted terms gives the verdicts that the fit counted.
func agree(t require.TestingT, history sla.History, met map[itsm.Ref]bool, f sla.Fitted) {
	raw, err := json.Marshal(f.Terms())
	require.NoError(t, err)
	var terms sla.Terms
	require.NoError(t, json.Unmarshal(raw, &terms))
	rules, err := sla.Compile(terms)
	require.NoError(t, err)
	outcomes, err := sla.WhatIf(context.Background(), history, []sla.Alternative{{Name: "fitted", Rules: rules}}, 2)
	require.NoError(t, err)
	right := 0
	for v := range outcomes[0].Verdicts() {
		if verdict, judged := met[v.Of]; judged && (v.Result() == sla.Met) == verdict && v.Result() != sla.Running {
			right++
		}
	}
	require.Equal(t, f.All.Agree, right)
}

// rule is a rule that verdicts are made by.
type rule struct {
	hours       calendar.Definition
	start, stop string
	waits       []string
	amounts     map[string]time.Duration
}

// judge tells by the stopwatch whether a case is met.
func (r rule) judge(t require.TestingT, hours *calendar.Calendar, c sla.FitCase) bool {
	timer, err := sla.NewTimer(hours, r.amounts[c.Priority])
	require.NoError(t, err)
	require.NoError(t, timer.Start(c.Marks[r.start]))
	for _, name := range r.waits {
		for _, w := range c.Waits[name] {
			require.NoError(t, timer.Pause(w.From))
			require.NoError(t, timer.Resume(w.To))
		}
	}
	require.NoError(t, timer.Stop(c.Marks[r.stop]))
	s, err := timer.Read(c.Marks[r.stop])
	require.NoError(t, err)
	return s.BreachedAt.IsZero()
}

// desk returns cases of three months, and the errors of the rule itself: some verdicts are wrong.
func (r rule) desk(t require.TestingT, rng *rand.Rand, n, noise int) ([]sla.FitCase, int) {
	hours, err := calendar.New(r.hours)
	require.NoError(t, err)
	var cases []sla.FitCase
	wrong := 0
	for range n {
		at := monday.Add(time.Duration(rng.IntN(90*24*60)) * time.Minute)
		later := func(most int) time.Time {
			at = at.Add(time.Duration(1+rng.IntN(most)) * time.Minute)
			return at
		}
		c := sla.FitCase{Opened: at, Priority: []string{"p1", "p2"}[rng.IntN(2)], Marks: map[string]time.Time{"opened": at, "work": later(600)}, Waits: map[string][]sla.Waiting{}}
		if rng.IntN(2) == 0 {
			from := later(1000)
			c.Waits[[]string{"caller", "supplier"}[rng.IntN(2)]] = []sla.Waiting{{From: from, To: later(3000)}}
		}
		c.Marks["resolved"] = later(6000)
		c.Marks["closed"] = later(4000)
		c.Met = r.judge(t, hours, c)
		if rng.IntN(100) < noise {
			c.Met = !c.Met
			wrong++
		}
		cases = append(cases, c)
	}
	return cases, wrong
}

// Fit finds a rule that explains the verdicts as well as the one that made them, noise apart; a tenth of a percent of the
// cases more may be wrong, since it does not try every rule.
func TestFitFindsWhatMadeTheVerdicts(t *testing.T) {
	for i, r := range []rule{
		{calendar.Definition{Zone: "UTC", Hours: calendar.Hours{}.Add("08:30", "17:30", calendar.Weekdays...)}, "opened", "resolved", []string{"caller"}, nil},
		{calendar.Definition{Zone: "UTC", Hours: calendar.Hours{}.Add("22:00", "06:00", calendar.Weekdays...)}, "work", "closed", nil, nil},
		{calendar.Definition{Zone: "UTC", Hours: calendar.Hours{}.Add("00:00", "24:00", everyWeekday...)}, "opened", "closed", []string{"caller", "supplier"}, map[string]time.Duration{"p1": 50 * time.Hour, "p2": 80 * time.Hour}},
		{calendar.Definition{Zone: "UTC", Hours: calendar.Hours{}.Add("07:00", "19:00", append(calendar.Weekdays[:5:5], time.Saturday)...)}, "work", "resolved", []string{"supplier"}, nil},
	} {
		for _, noise := range []int{0, 3} {
			t.Run(fmt.Sprint(i, "/", noise), func(t *testing.T) {
				t.Parallel()
				if r.amounts == nil {
					r.amounts = map[string]time.Duration{"p1": 12 * time.Hour, "p2": 20 * time.Hour}
				}
				const n = 1500
				cases, wrong := r.desk(t, rand.New(rand.NewPCG(uint64(i), 7)), n, noise)
				o := sla.FitOptions{Waits: []sla.FitWait{{Name: "caller", While: sla.Is("hold.reason", "caller")}, {Name: "supplier", While: sla.Is("hold.reason", "supplier")}}}
				f, err := sla.Fit(context.Background(), cases, o)
				require.NoError(t, err)
				require.LessOrEqual(t, f.All.Errors, wrong+n/1000, "%s %s %s %v", f.Hours, f.Start, f.Stop, f.Pauses)
				require.Equal(t, f.All.Cases, f.Earlier.Cases+f.Later.Cases)
				require.Equal(t, f.All.Errors, f.Earlier.Errors+f.Later.Errors)
				require.Equal(t, r.start+" "+r.stop+fmt.Sprint(r.waits), f.Start+" "+f.Stop+fmt.Sprint(f.Pauses))
				_, err = sla.Compile(f.Terms())
				require.NoError(t, err)
			})
		}
	}
}

var everyWeekday = append(calendar.Weekdays[:5:5], time.Saturday, time.Sunday)

// A closed date is found where cases around it show it.
func TestFitFindsAClosedDate(t *testing.T) {
	r := rule{calendar.Definition{Zone: "UTC", Hours: calendar.Hours{}.Add("08:00", "18:00", calendar.Weekdays...), Closed: []string{"2026-03-18"}},
		"opened", "resolved", nil, map[string]time.Duration{"p1": 12 * time.Hour, "p2": 20 * time.Hour}}
	cases, _ := r.desk(t, rand.New(rand.NewPCG(5, 7)), 3000, 0)
	f, err := sla.Fit(context.Background(), cases, sla.FitOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"2026-03-18"}, f.Closed)
	require.LessOrEqual(t, f.All.Errors, 3)
}

func TestFitIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	r := rule{calendar.Definition{Zone: "UTC", Hours: calendar.Hours{}.Add("08:00", "18:00", calendar.Weekdays...)}, "opened", "resolved", nil,
		map[string]time.Duration{"p1": 12 * time.Hour, "p2": 20 * time.Hour}}
	cases, _ := r.desk(t, rand.New(rand.NewPCG(6, 7)), 300, 10)
	var texts []string
	for _, workers := range []int{1, 3} {
		f, err := sla.Fit(context.Background(), cases, sla.FitOptions{Workers: workers, Holdout: true})
		require.NoError(t, err)
		raw, err := json.Marshal(f)
		require.NoError(t, err)
		texts = append(texts, string(raw))
		var back sla.Fitted
		require.NoError(t, json.Unmarshal(raw, &back))
		again, err := json.Marshal(back)
		require.NoError(t, err)
		require.Equal(t, string(raw), string(again))
	}
	require.Equal(t, texts[0], texts[1])
}

func TestFitRefuses(t *testing.T) {
	ctx := context.Background()
	one := []sla.FitCase{{Opened: monday, Priority: "p1", Met: true, Marks: map[string]time.Time{"opened": monday, "closed": monday.Add(time.Hour)}}}
	for name, c := range map[string]struct {
		cases []sla.FitCase
		o     sla.FitOptions
		want  string
	}{
		"no cases":     {nil, sla.FitOptions{}, "no cases"},
		"zone":         {one, sla.FitOptions{Zone: "Mars/Olympus"}, "Mars/Olympus"},
		"no condition": {one, sla.FitOptions{Stops: []sla.FitMark{{Name: "closed"}}}, "closed"},
		"no while":     {one, sla.FitOptions{Waits: []sla.FitWait{{Name: "lunch"}}}, "lunch"},
	} {
		_, err := sla.Fit(ctx, c.cases, c.o)
		require.ErrorContains(t, err, c.want, name)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, err := sla.Fit(cancelled, one, sla.FitOptions{})
	require.ErrorIs(t, err, context.Canceled)
	f, err := sla.Fit(ctx, one, sla.FitOptions{})
	require.NoError(t, err)
	require.Zero(t, f.All.Errors)
	require.Equal(t, "all days 24 h", f.Hours, "the simplest of all that explain it")
}

// The engine judges a history under the fitted terms as the fit counted, also with priorities that change, reopenings and holds.
func TestFittedTermsJudgeAsCounted(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	var cases []logCase
	met := map[itsm.Ref]bool{}
	for range 400 {
		c := madeUp(rng)
		at := c.events[len(c.events)-1].Time
		if rng.IntN(3) == 0 {
			c.add("reopen", "in_progress", at.Add(time.Hour), nil)
			c.add("prioritise", "in_progress", at.Add(2*time.Hour), []itsm.Change{text("/priority", "p1")})
			c.add("close", "closed", at.Add(time.Duration(rng.IntN(5000))*time.Minute+3*time.Hour), nil)
		}
		cases = append(cases, c)
		met[c.events[0].Subject] = rng.IntN(3) > 0
	}
	history, err := sla.HistoryOf(flat(cases))
	require.NoError(t, err)
	for _, stop := range []sla.FitMark{{Name: "closed", When: sla.Is("state", "closed")}, {Name: "resolved_last", When: sla.Is("state", "resolved", "closed"), Reopening: sla.GoOn}} {
		o := sla.FitOptions{Stops: []sla.FitMark{stop}}
		list, err := sla.FitCases(history, met, o)
		require.NoError(t, err)
		f, err := sla.Fit(context.Background(), list, o)
		require.NoError(t, err)
		agree(t, history, met, f)
	}
}
