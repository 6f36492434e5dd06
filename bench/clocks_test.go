package bench_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/replay"
	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
	"github.com/itsmkit/itsm/examples/servicedesk/year"
	"github.com/itsmkit/itsm/simulate"
	"github.com/itsmkit/itsm/sla"
	"github.com/itsmkit/itsm/store/memory"
)

// BenchmarkClock reads a running clock at varied instants: elapsed, remaining, due and the breach.
func BenchmarkClock(b *testing.B) {
	hours, err := calendar.New(calendar.Definition{Zone: "Europe/Berlin", Hours: calendar.Hours{}.Add("09:00", "17:00", calendar.Weekdays...)})
	require.NoError(b, err)
	const many = 1 << 12
	rng := rand.New(rand.NewPCG(1, 2))
	timers, instants := make([]*sla.Timer, many), make([]time.Time, many)
	for i := range timers {
		at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(rng.IntN(2*365*24*60)) * time.Minute)
		timer, err := sla.NewTimer(hours, time.Duration(1+rng.IntN(200))*time.Hour)
		require.NoError(b, err)
		require.NoError(b, timer.Start(at))
		if i%3 == 0 { // a third of them have waited
			at = at.Add(time.Duration(rng.IntN(100*60)) * time.Minute)
			require.NoError(b, timer.Pause(at))
			at = at.Add(time.Duration(rng.IntN(100*60)) * time.Minute)
			require.NoError(b, timer.Resume(at))
		}
		timers[i], instants[i] = timer, at.Add(time.Duration(rng.IntN(30*24*60))*time.Minute)
	}
	measure(b, func(i int) error {
		_, err := timers[i%many].Read(instants[i%many])
		return err
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "clocks/s")
}

// desk returns the store of the main job: with ITSM_DATA behind the public log, else behind a simulated year.
func desk(b *testing.B) (casebook.Store, []itsm.Event) {
	var book *casebook.Book
	if root := os.Getenv("ITSM_DATA"); root != "" {
		log, err := snlog.Open(filepath.Join(root, "uci-incident-event-log", "incident_event_log.dev.csv.gz"))
		require.NoError(b, err)
		result, err := replay.Run(context.Background(), log, replay.Options{})
		require.NoError(b, err)
		require.NoError(b, log.Close())
		book = result.Book
	} else {
		cases, err := simulate.Year(simulate.Options{Seed: 1, Incidents: 2000})
		require.NoError(b, err)
		book, err = year.Run(context.Background(), cases, year.Options{})
		require.NoError(b, err)
	}
	var all []itsm.Event
	var at itsm.Position
	for {
		events, next, err := book.Store.Since(context.Background(), at, 10_000, "incident")
		require.NoError(b, err)
		if len(events) == 0 {
			return book.Store, all
		}
		all, at = append(all, events...), next
	}
}

// terms are the four targets of the aims: response, resolution, next reply, and the time of each group.
func terms(b *testing.B, first time.Duration) *sla.Rules {
	office, err := sla.HoursOf(calendar.Definition{Zone: "UTC", Hours: calendar.Hours{}.Add("08:00", "18:00", calendar.Weekdays...)})
	require.NoError(b, err)
	customer := sla.Agreement{Title: "Customers", Type: sla.SLA, Edition: 1, Kind: "incident",
		Calendars: []sla.Calendar{{Name: "office", Hours: office}},
		Targets: []sla.Target{
			sla.ResponseTarget(sla.ByPriority(15*time.Minute, time.Hour, 4*time.Hour, 8*time.Hour, 16*time.Hour)...),
			sla.ResolutionTarget(sla.ByPriority(first, 2*first, 10*first, 20*first, 40*first)...),
			sla.NextReplyTarget(sla.Amount{Working: itsm.Duration(4 * time.Hour)}),
		}}
	groups := customer
	groups.Title, groups.Type = "Groups", sla.OLA
	groups.Targets = []sla.Target{sla.GroupTarget(sla.Amount{Working: itsm.Duration(16 * time.Hour)})}
	rules, err := sla.Compile(sla.Terms{Subjects: []sla.Subject{sla.IncidentSubject()}, Agreements: []sla.Agreement{customer, groups}})
	require.NoError(b, err)
	return rules
}

// BenchmarkTracker follows the desk's events with four targets, in batches of 1,000, onto a memory store of its own.
func BenchmarkTracker(b *testing.B) {
	_, events := desk(b)
	rules := terms(b, 4*time.Hour)
	end := events[len(events)-1].RecordedAt
	var clocks int64
	measure(b, func(int) error {
		b.StopTimer()
		defer b.StartTimer()
		store := memory.New()
		d, err := itsm.NewDesk(sla.ClockKind(), itsm.Config[sla.Clock]{Repository: memory.For(store, sla.ClockKind()), Policy: itsm.AllowAll,
			Clock: func() time.Time { return end.AddDate(1, 0, 0) }})
		if err != nil {
			return err
		}
		log := so{store, map[itsm.Ref][]itsm.Event{}}
		tracker, err := sla.NewTracker(d, log, rules)
		if err != nil {
			return err
		}
		ctx := itsm.System(context.Background(), "")
		runtime.GC()
		b.StartTimer()
		for from := 0; from < len(events); from += 1000 {
			some := events[from:min(from+1000, len(events))]
			for _, e := range some { // the log shows what has happened so far
				log.far[e.Subject] = append(log.far[e.Subject], e)
			}
			if _, err := tracker.Handle(ctx, some); err != nil {
				return err
			}
		}
		b.StopTimer()
		counts, err := d.Count(ctx, itsm.Query[sla.Clock]{})
		clocks = counts.Total
		return err
	})
	require.Greater(b, clocks, int64(len(events)/10))
	b.ReportMetric(float64(b.N)*float64(len(events))/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(clocks), "clocks")
}

// so is a log of the events that have happened so far.
type so struct {
	*memory.Store
	far map[itsm.Ref][]itsm.Event
}

func (l so) History(_ context.Context, _ itsm.Scope, of itsm.Ref, _ itsm.PageRequest) (itsm.Page[itsm.Event], error) {
	return itsm.Page[itsm.Event]{Items: l.far[of]}, nil
}

// BenchmarkWhatIf replays the desk's events under 20 alternatives on all cores: other amounts for the time to resolve.
func BenchmarkWhatIf(b *testing.B) {
	_, events := desk(b)
	history, err := sla.HistoryOf(events)
	require.NoError(b, err)
	var alternatives []sla.Alternative
	for i := range 20 {
		alternatives = append(alternatives, sla.Alternative{Name: "alternative", Rules: terms(b, time.Duration(1+i)*time.Hour)})
	}
	runtime.GC()
	measure(b, func(int) error {
		_, err := sla.WhatIf(context.Background(), history, alternatives, runtime.GOMAXPROCS(0))
		return err
	})
	b.ReportMetric(float64(len(events)), "events")
	b.ReportMetric(float64(len(alternatives)), "alternatives")
}
