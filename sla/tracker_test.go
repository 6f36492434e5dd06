package sla_test

import (
	"context"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// house is an incident desk with clocks on it, and a clock on the wall that only moves when it is told to.
type house struct {
	t       require.TestingT
	store   *memory.Store
	desk    *itsm.Desk[incident.Incident]
	clocks  *itsm.Desk[sla.Clock]
	tracker *sla.Tracker
	rules   *sla.Rules
	now     time.Time
	from    itsm.Position
}

const tenant = "acme"

// monday is a working day at nine.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func office(t require.TestingT) sla.WorkingHours {
	h, err := sla.HoursOf(calendar.Definition{Zone: "UTC", Hours: calendar.Hours{}.Add("09:00", "17:00", calendar.Weekdays...)})
	require.NoError(t, err)
	return h
}

// agreement is one with a customer, over office hours.
func agreement(t require.TestingT, targets ...sla.Target) sla.Agreement {
	return sla.Agreement{Title: "Standard", Type: sla.SLA, Edition: 1, Kind: "incident", Targets: targets,
		Calendars: []sla.Calendar{{Name: "office", Hours: office(t)}, {Name: "always", Hours: sla.Always24x7()}}}
}

func hours(n float64) itsm.Duration { return itsm.Duration(n * float64(time.Hour)) }

func compiled(t require.TestingT, agreements ...sla.Agreement) *sla.Rules {
	r, err := sla.Compile(sla.Terms{Subjects: []sla.Subject{sla.IncidentSubject()}, Agreements: agreements})
	require.NoError(t, err)
	return r
}

func newHouse(t require.TestingT, r *sla.Rules) *house {
	h := &house{t: t, store: memory.New(), rules: r, now: monday}
	wall := func() time.Time { return h.now }
	var err error
	h.desk, err = itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{Repository: memory.For(h.store, incident.Kind()), Policy: itsm.AllowAll, Clock: wall})
	require.NoError(t, err)
	h.clocks, err = itsm.NewDesk(sla.ClockKind(), itsm.Config[sla.Clock]{Repository: memory.For(h.store, sla.ClockKind()), Policy: itsm.AllowAll, Clock: wall})
	require.NoError(t, err)
	h.restart()
	return h
}

// restart forgets everything that the tracker remembers.
func (h *house) restart() {
	var err error
	h.tracker, err = sla.NewTracker(h.clocks, h.store, h.rules)
	require.NoError(h.t, err)
}

func (h *house) ctx() context.Context {
	return itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Tenant: tenant})
}

func (h *house) system() context.Context { return itsm.System(context.Background(), tenant) }

// after moves the clock on the wall.
func (h *house) after(d time.Duration) { h.now = h.now.Add(d) }

func (h *house) open(a itsm.Action[incident.Incident]) incident.Incident {
	i, err := h.desk.Open(h.ctx(), a)
	require.NoError(h.t, err)
	h.relay()
	return i
}

func (h *house) do(i incident.Incident, actions ...itsm.Action[incident.Incident]) incident.Incident {
	for _, a := range actions {
		var err error
		i, err = h.desk.Do(h.ctx(), i.ID, a)
		require.NoError(h.t, err)
	}
	h.relay()
	return i
}

// relay hands the events that there are to the tracker.
func (h *house) relay() {
	for {
		events, next, err := h.store.Since(context.Background(), h.from, 100, h.tracker.Kinds()...)
		require.NoError(h.t, err)
		if len(events) > 0 {
			done, err := h.tracker.Handle(h.system(), events)
			require.NoError(h.t, err)
			require.Equal(h.t, len(events), done)
		}
		if h.from = next; len(events) == 0 {
			return
		}
	}
}

func (h *house) sweep() {
	_, err := h.tracker.Sweep(h.system(), h.now)
	require.NoError(h.t, err)
}

// all returns the clocks of a record in the order in which they started.
func (h *house) all(i incident.Incident) []sla.Clock {
	page, err := h.clocks.Find(h.system(), itsm.Where(sla.ByRecord.Is(i.Ref(incident.Name))), itsm.PageRequest{})
	require.NoError(h.t, err)
	return page.Items
}

// clock returns the only clock of a record.
func (h *house) clock(i incident.Incident) sla.Clock {
	all := h.all(i)
	require.Len(h.t, all, 1)
	return all[0]
}

// actions returns what happened to a clock.
func (h *house) actions(c sla.Clock) []string {
	page, err := h.clocks.History(h.system(), c.ID, itsm.PageRequest{})
	require.NoError(h.t, err)
	var out []string
	for _, e := range page.Items {
		out = append(out, e.Action)
	}
	return out
}

func resolution() sla.Target {
	return sla.ResolutionTarget(sla.ByPriority(time.Hour, 4*time.Hour, 8*time.Hour, 16*time.Hour, 40*time.Hour)...)
}

func report() incident.Report {
	return incident.Report{Title: "Mail is down", Caller: "cleo", Impact: incident.Medium, Urgency: incident.Medium, Group: "desk"}
}

func TestClockOfAnIncident(t *testing.T) {
	h := newHouse(t, compiled(t, agreement(t, resolution())))
	i := h.open(report()) // P3: 8 h
	c := h.clock(i)
	require.Equal(t, sla.Running, c.State)
	require.Equal(t, monday.Add(8*time.Hour), c.Reading.DueAt, "closing time is in time")

	h.after(2 * time.Hour) // 11:00
	h.do(i, incident.PutOnHold{Reason: incident.ForCaller, Text: "?"})
	c = h.clock(i)
	require.Equal(t, sla.Paused, c.State)
	require.Equal(t, hours(2), c.Reading.Elapsed)
	require.True(t, c.Reading.DueAt.IsZero())

	h.after(24 * time.Hour) // Tuesday 11:00
	h.do(i, incident.Resume{})
	require.Equal(t, monday.Add(32*time.Hour), h.clock(i).Reading.DueAt, "six hours from Tuesday 11:00 on: at closing time")
	h.after(6 * time.Hour) // 17:00: in time is up to and including the due instant
	h.do(i, incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	c = h.clock(i)
	require.Equal(t, sla.Met, c.State)
	require.Equal(t, hours(8), c.Reading.Elapsed, "exactly used up")
	require.Equal(t, []string{"begin", "pause", "resume", "stop"}, without(h.actions(c), "cross"))
}

func without(list []string, what string) []string {
	var out []string
	for _, s := range list {
		if s != what {
			out = append(out, s)
		}
	}
	return out
}

func TestBreachAndThresholdsCarryTheirInstant(t *testing.T) {
	h := newHouse(t, compiled(t, agreement(t, resolution())))
	i := h.open(report())
	next, err := h.tracker.Next(h.ctx())
	require.NoError(t, err)
	require.Equal(t, monday.Add(4*time.Hour), next, "half of eight hours")
	h.after(4 * 24 * time.Hour) // Friday: a very late sweep
	h.sweep()
	h.sweep()
	c := h.clock(i)
	require.Equal(t, []sla.Crossing{
		{Threshold: "half", Nth: 1, At: monday.Add(4 * time.Hour)},
		{Threshold: "warning", Nth: 1, At: monday.Add(6 * time.Hour)},
		{Threshold: "breach", Nth: 1, At: monday.Add(8 * time.Hour)},
		{Threshold: "overdue", Nth: 1, At: monday.Add(28 * time.Hour)}, // Tuesday 13:00
	}, c.Reading.Crossed)
	require.Equal(t, monday.Add(8*time.Hour), c.Reading.BreachedAt)
	require.Equal(t, sla.Running, c.State, "a breached clock runs on")
	require.Equal(t, []string{"begin", "cross", "cross", "cross", "cross", "breach"}, h.actions(c))
	h.do(i, incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	require.Equal(t, sla.Missed, h.clock(i).State)
}

// A pause that becomes known only after a sweep withdraws what the sweep noted behind its instant.
func TestLatePauseWithdraws(t *testing.T) {
	h := newHouse(t, compiled(t, agreement(t, resolution())))
	i := h.open(report())
	h.after(3 * time.Hour)
	_, err := h.desk.Do(h.ctx(), i.ID, incident.PutOnHold{Reason: incident.ForCaller, Text: "?"}) // not relayed yet
	require.NoError(t, err)
	h.after(4 * time.Hour)
	h.restart()
	known, err := sla.NewTracker(h.clocks, blind{h.store}, h.rules)
	require.NoError(t, err)
	_, err = known.Sweep(h.system(), h.now) // by somebody who does not know of the pause
	require.NoError(t, err)
	require.Len(t, h.clock(i).Reading.Crossed, 2)
	h.relay()
	c := h.clock(i)
	require.Empty(t, c.Reading.Crossed)
	require.Equal(t, sla.Paused, c.State)
	require.Equal(t, hours(3), c.Reading.Elapsed)
	require.Equal(t, []string{"begin", "cross", "cross", "withdraw", "withdraw", "pause"}, h.actions(c))
}

// blind is a log that shows the first event of each record only.
type blind struct{ *memory.Store }

func (b blind) History(ctx context.Context, in itsm.Scope, of itsm.Ref, p itsm.PageRequest) (itsm.Page[itsm.Event], error) {
	page, err := b.Store.History(ctx, in, of, p)
	page.Items, page.Next = page.Items[:1], ""
	return page, err
}

func TestChangeOfPriority(t *testing.T) {
	for _, c := range []struct {
		rule    sla.Change
		elapsed float64
		due     time.Duration // from Monday nine
	}{
		{sla.Keep, 2, 2*time.Hour + 2*time.Hour},
		{sla.Restart, 0, 2*time.Hour + 4*time.Hour},
		{sla.Retroactive, 2, 4 * time.Hour},
	} {
		t.Run(string(c.rule), func(t *testing.T) {
			target := resolution()
			target.Change = c.rule
			h := newHouse(t, compiled(t, agreement(t, target)))
			i := h.open(report())
			h.after(2 * time.Hour)
			h.do(i, incident.Prioritise{Impact: incident.High, Urgency: incident.Medium}) // P2: 4 h
			got := h.clock(i)
			require.Equal(t, hours(c.elapsed), got.Reading.Elapsed)
			require.Equal(t, monday.Add(c.due), got.Reading.DueAt)
			require.Equal(t, []string{"begin", "retarget"}, without(h.actions(got), "cross"))
		})
	}
}

// Retroactive takes another calendar as if it had been so from the start, with the pause that really was.
func TestRetroactiveCalendar(t *testing.T) {
	target := resolution()
	target.Change = sla.Retroactive
	target.Hours = []sla.HoursChoice{{When: sla.Is("priority", "p1"), Calendar: "always"}, {Calendar: "office"}}
	target.Amounts = []sla.Amount{{Working: hours(30)}}
	h := newHouse(t, compiled(t, agreement(t, target)))
	i := h.open(report())
	h.after(time.Hour)
	h.do(i, incident.PutOnHold{Reason: incident.ForCaller, Text: "?"})
	h.after(time.Hour)
	h.do(i, incident.Resume{})
	h.after(22 * time.Hour) // Tuesday 9:00: 1 h + 6 h of office hours
	h.do(i, incident.Prioritise{Impact: incident.High, Urgency: incident.High})
	c := h.clock(i)
	require.Equal(t, "always", c.Reading.Calendar)
	require.Equal(t, hours(1+22), c.Reading.Elapsed)
	require.Equal(t, monday.Add(31*time.Hour), c.Reading.DueAt)
}

func TestReopening(t *testing.T) {
	for _, c := range []struct {
		rule   sla.Reopening
		states []string
	}{
		{sla.Leave, []string{"met"}}, {sla.GoOn, []string{"running"}}, {sla.Again, []string{"met", "running"}},
	} {
		t.Run(string(c.rule), func(t *testing.T) {
			target := resolution()
			target.Reopening = c.rule
			h := newHouse(t, compiled(t, agreement(t, target)))
			i := h.open(report())
			h.after(time.Hour)
			h.do(i, incident.Resolve{Code: incident.Fixed, Text: "fixed"})
			h.after(time.Hour)
			h.do(i, incident.Reopen{Reason: "again"})
			h.after(time.Hour)
			var states []string
			for _, x := range h.all(i) {
				states = append(states, string(x.State))
				account, err := h.rules.Explain(x, h.now)
				require.NoError(t, err)
				want := hours(1)
				if x.State == sla.Running && c.rule == sla.GoOn {
					want = hours(2) // the hour between does not count
				}
				require.Equal(t, want, account.Elapsed)
			}
			require.Equal(t, c.states, states)
		})
	}
}

func TestGroupsHaveTheirOwnClocks(t *testing.T) {
	ola := agreement(t, sla.GroupTarget(sla.Amount{Working: hours(4)}))
	ola.Type, ola.Title = sla.OLA, "Groups"
	h := newHouse(t, compiled(t, agreement(t, resolution()), ola))
	i := h.open(report())
	h.after(3 * time.Hour)
	h.do(i, incident.Assign{Group: "network"})
	h.after(time.Hour)
	h.do(i, incident.Assign{Group: "desk"})
	h.after(2 * time.Hour)
	h.do(i, incident.Resolve{Code: incident.Fixed, Text: "fixed"})
	var got []string
	var customers sla.Clock
	for _, c := range h.all(i) {
		if c.Reading.Type == sla.OLA {
			got = append(got, c.Reading.Holder+" "+c.Reading.Elapsed.String()+" "+string(c.State))
		} else {
			customers = c
		}
	}
	require.ElementsMatch(t, []string{"desk PT3H met", "network PT1H met", "desk PT2H met"}, got)

	history, err := h.desk.History(h.ctx(), i.ID, itsm.PageRequest{})
	require.NoError(t, err)
	shares, err := h.rules.Breakdown(customers, "group", history.Items, h.now)
	require.NoError(t, err)
	require.Equal(t, []sla.Share{{Holder: "desk", Elapsed: hours(5)}, {Holder: "network", Elapsed: hours(1)}}, shares)
}

func TestFairShareBehindALateHandOver(t *testing.T) {
	ola := agreement(t, sla.GroupTarget(sla.Amount{Working: hours(4)}))
	ola.Type, ola.Title = sla.OLA, "Groups"
	ola.Targets[0].Within, ola.Targets[0].FairShare = "resolution", 50
	h := newHouse(t, compiled(t, agreement(t, resolution()), ola))
	i := h.open(report())
	amount := func(holder string) itsm.Duration {
		for _, c := range h.all(i) {
			if c.Reading.Holder == holder {
				return c.Reading.Amount
			}
		}
		return 0
	}
	h.after(5 * time.Hour)
	h.do(i, incident.Assign{Group: "network"})
	require.Equal(t, hours(3), amount("network"), "what the customer's eight hours have left")
	h.after(150 * time.Minute)
	h.do(i, incident.Assign{Group: "database"})
	require.Equal(t, hours(2), amount("database"), "half an hour is left, half of its own four is fair")
}

func TestNextReplyIsAClockEachTime(t *testing.T) {
	h := newHouse(t, compiled(t, agreement(t, sla.NextReplyTarget(sla.Amount{Working: hours(2)}))))
	i := h.open(report())
	require.Empty(t, h.all(i))
	for range 2 {
		h.do(i, incident.CallerReply{Text: "any news?"})
		h.after(time.Hour)
		h.do(i, incident.Comment{Text: "internal"})
		h.do(i, incident.Comment{Text: "soon", Public: true})
	}
	all := h.all(i)
	require.Len(t, all, 2)
	for _, c := range all {
		require.Equal(t, sla.Met, c.State)
		require.Equal(t, hours(1), c.Reading.Elapsed)
	}
}

func TestNextWorkingDayByFour(t *testing.T) {
	target := resolution()
	target.Amounts = []sla.Amount{{Days: 1, By: "16:00"}}
	h := newHouse(t, compiled(t, agreement(t, target)))
	h.now = monday.Add(4*24*time.Hour + 3*time.Hour) // Friday noon
	i := h.open(report())
	require.Equal(t, monday.Add(7*24*time.Hour+7*time.Hour), h.clock(i).Reading.DueAt, "Monday 16:00")
}

func TestTermsThatMove(t *testing.T) {
	first, second := agreement(t, resolution()), agreement(t, resolution())
	change := monday.Add(3 * time.Hour)
	first.ValidUntil = change
	second.ValidFrom, second.Edition, second.Title = change, 2, "Second edition"
	second.Targets[0].Amounts = []sla.Amount{{Working: hours(4)}}
	for _, move := range []sla.Transition{sla.Stay, sla.Move} {
		t.Run(string(move), func(t *testing.T) {
			second.Transition = move
			h := newHouse(t, compiled(t, first, second))
			decided := h.open(report())
			h.after(time.Hour)
			h.do(decided, incident.Resolve{Code: incident.Fixed, Text: "fixed"})
			i := h.open(report()) // at ten
			h.after(5 * time.Hour)
			h.do(i, incident.Comment{Text: "still at it"})
			want := hours(8)
			if move == sla.Move {
				want = hours(4)
			}
			require.Equal(t, want, h.clock(i).Reading.Amount)
			require.Equal(t, 1, h.clock(decided).Reading.Edition, "what was decided stays")
			late := h.open(report())
			require.Equal(t, hours(4), h.clock(late).Reading.Amount)
			account, err := h.rules.Explain(h.clock(i), h.now)
			require.NoError(t, err)
			require.Equal(t, hours(5), account.Elapsed)
		})
	}
}
