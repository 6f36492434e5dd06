package sla_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/sla"
)

// oracle keeps the clocks of one record as the documentation of Target tells it, minute by minute, for the target of
// oracle_case_test.go. It shares no code with the package.
type oracle struct {
	hours     map[string]wallClock
	amounts   map[string]int // minutes by priority
	change    sla.Change
	reopening sla.Reopening
	clocks    []*minutes
	now       time.Time
}

// wallClock is working time as the clocks on the wall show it.
type wallClock struct {
	of   calendar.Definition
	zone *time.Location
}

func (w wallClock) open(t time.Time) bool {
	local := t.In(w.zone)
	date, clock := local.Format(time.DateOnly), local.Format("15:04")
	if slices.Contains(w.of.Closed, date) {
		return false
	}
	list, special := w.of.Special[date]
	if !special {
		list = w.of.Hours[[]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[local.Weekday()]]
	}
	return slices.ContainsFunc(list, func(i calendar.Interval) bool { return i[0] <= clock && clock < i[1] })
}

// minutes is one clock.
type minutes struct {
	state           lifecycle.State
	amount, elapsed int
	hours           string
	started, since  time.Time
	stopped         time.Time
	due             time.Time // reached in the stretch under way
	breached        time.Time
	crossed         map[string]time.Time
	ran             [][2]time.Time // the ended stretches that count
}

// places are the thresholds of the target, in minutes.
func (m *minutes) places() map[string]int {
	return map[string]int{"half 1": m.amount / 2, "all 1": m.amount, "over 1": m.amount + m.amount/2, "soon 1": m.amount - 30,
		"late 1": m.amount + 7, "late 2": m.amount + 18, "late 3": m.amount + 29}
}

// cross notes the thresholds that a clock which runs has reached.
func (m *minutes) cross(at time.Time) {
	for name, place := range m.places() {
		if _, told := m.crossed[name]; !told && m.state == sla.Running && m.elapsed >= place {
			m.crossed[name] = at
		}
	}
}

// begin begins a stretch. If nothing is left the clock is due at once.
func (m *minutes) begin(at time.Time, state lifecycle.State) {
	m.state, m.since, m.due = state, at, time.Time{}
	if state == sla.Running && m.elapsed >= m.amount {
		m.due = at
	}
	m.cross(at)
}

// end ends a stretch.
func (m *minutes) end(at time.Time) {
	if m.state == sla.Running {
		m.ran = append(m.ran, [2]time.Time{m.since, at})
	}
}

// pass lets a clock run for a while: in time is up to and including the due instant.
func (m *minutes) pass(from, to time.Time, w wallClock) {
	for t := from; m.state == sla.Running && t.Before(to); t = t.Add(time.Minute) {
		if m.breached.IsZero() {
			m.breached = m.due
		}
		if w.open(t) {
			if m.elapsed++; m.elapsed == m.amount {
				m.due = t.Add(time.Minute)
			}
		}
		m.cross(t.Add(time.Minute))
	}
}

// again begins from nothing.
func (m *minutes) again(at time.Time) {
	*m = minutes{amount: m.amount, hours: m.hours, started: at, crossed: map[string]time.Time{}, state: m.state}
	m.begin(at, m.state)
}

func (m *minutes) goes() bool { return m.state == sla.Running || m.state == sla.Paused }

// advance lets time pass.
func (o *oracle) advance(to time.Time) {
	for _, m := range o.clocks {
		m.pass(o.now, to, o.hours[m.hours])
	}
	o.now = to
}

// going is the clock that goes, or nil.
func (o *oracle) going() *minutes {
	if i := slices.IndexFunc(o.clocks, (*minutes).goes); i >= 0 {
		return o.clocks[i]
	}
	return nil
}

// event takes what the record is behind an event, in the steps that Target tells.
func (o *oracle) event(state, priority, hours string, reset bool) {
	if m := o.going(); m != nil {
		switch {
		case state == "done":
			m.end(o.now)
			m.state, m.stopped = sla.Met, o.now
			if !m.breached.IsZero() {
				m.state = sla.Missed
			}
		case reset:
			m.again(o.now)
		}
	}
	if n := len(o.clocks); o.going() == nil && state != "done" {
		switch {
		case n == 0 || o.reopening == sla.Again:
			m := &minutes{amount: o.amounts[priority], hours: hours, started: o.now, crossed: map[string]time.Time{}}
			m.begin(o.now, sla.Running)
			o.clocks = append(o.clocks, m)
		case o.reopening == sla.GoOn:
			o.clocks[n-1].stopped = time.Time{}
			o.clocks[n-1].begin(o.now, sla.Running)
		}
	}
	m := o.going()
	if m == nil {
		return
	}
	if m.amount != o.amounts[priority] || m.hours != hours {
		o.retarget(m, o.amounts[priority], hours)
	}
	want := sla.Running
	if state == "waiting" {
		want = sla.Paused
	}
	if m.state != want {
		m.end(o.now)
		m.begin(o.now, want)
	}
}

// retarget gives a clock another amount and other hours.
func (o *oracle) retarget(m *minutes, amount int, hours string) {
	m.end(o.now)
	m.amount, m.hours = amount, hours
	switch o.change {
	case sla.Restart:
		m.again(o.now)
		return
	case sla.Retroactive:
		state := m.state
		m.elapsed, m.breached, m.crossed = 0, time.Time{}, map[string]time.Time{}
		for _, s := range m.ran {
			m.begin(s[0], sla.Running)
			m.pass(s[0], s[1], o.hours[hours])
		}
		m.state = state
	}
	m.begin(o.now, m.state)
}

// show writes what a clock shows.
func (m *minutes) show() string {
	var crossed []string
	for name, at := range m.crossed {
		crossed = append(crossed, name+" "+at.UTC().Format(time.RFC3339))
	}
	return shown(m.state, m.elapsed, m.amount, m.hours, m.started, m.breached, m.stopped, crossed)
}

func show(s sla.Snapshot, elapsed itsm.Duration) string {
	var crossed []string
	for _, c := range s.Reading.Crossed {
		crossed = append(crossed, fmt.Sprintf("%s %d %s", c.Threshold, c.Nth, c.At.UTC().Format(time.RFC3339Nano)))
	}
	r := s.Reading
	return shown(s.State, int(elapsed.Std()/time.Minute), int(r.Amount.Std()/time.Minute), r.Calendar, r.StartedAt, r.BreachedAt, r.StoppedAt, crossed)
}

func shown(state lifecycle.State, elapsed, amount int, hours string, started, breached, stopped time.Time, crossed []string) string {
	slices.Sort(crossed)
	return fmt.Sprintf("%s %d of %d by %s, started %s, breached %s, stopped %s, crossed %s", state, elapsed, amount, hours,
		started.UTC(), breached.UTC(), stopped.UTC(), crossed)
}
