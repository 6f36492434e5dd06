package sla_test

import (
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
)

// editions are an agreement of eight hours, and one that moves its clocks to other terms on Monday at eleven.
func editions(t *testing.T, other func(*sla.Target)) (first, second sla.Agreement) {
	first, second = agreement(t, resolution()), agreement(t, resolution())
	first.ValidUntil = monday.Add(2 * time.Hour)
	second.ValidFrom, second.Edition, second.Transition = first.ValidUntil, 2, sla.Move
	other(&second.Targets[0])
	return first, second
}

func threeHours(x *sla.Target) { x.Amounts = []sla.Amount{{Working: hours(3)}} }

// Three hours from nine on end at noon, not at 17:00 as the first edition has it. The sweep does not wait for the old
// instants, and the host is told to come at the date.
func TestSweepMovesAtTheDate(t *testing.T) {
	first, second := editions(t, threeHours)
	h := newHouse(t, compiled(t, first, second))
	i := h.open(report())
	next, err := h.tracker.Next(h.system())
	require.NoError(t, err)
	require.Equal(t, second.ValidFrom, next)
	h.after(3*time.Hour + 30*time.Minute)
	h.sweep()
	c := h.clock(i)
	require.Equal(t, 2, c.Reading.Edition)
	require.Equal(t, monday.Add(3*time.Hour), c.Reading.BreachedAt)
	next, err = h.tracker.Next(h.system())
	require.NoError(t, err)
	require.True(t, next.After(h.now), "nothing is left to note by %s", h.now)
}

// The same where the second edition is signed while the clock runs: before its date, or behind it.
func TestSweepUnderNewRules(t *testing.T) {
	first, second := editions(t, threeHours)
	for name, signed := range map[string]time.Duration{"before": time.Hour, "behind": 3*time.Hour + 10*time.Minute} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, compiled(t, first))
			i := h.open(report())
			h.after(signed)
			h.rules = compiled(t, first, second)
			h.tracker.Use(h.rules)
			h.sweep()
			h.now = monday.Add(3*time.Hour + 30*time.Minute)
			h.sweep()
			require.Equal(t, monday.Add(3*time.Hour), h.clock(i).Reading.BreachedAt)
		})
	}
}

// A clock that waited since ten runs from eleven on, because the second edition does not wait: seven hours are left, six of
// them on Monday.
func TestMoveEndsAWait(t *testing.T) {
	first, second := editions(t, func(x *sla.Target) { x.Pause = sla.Condition{} })
	h := newHouse(t, compiled(t, first, second))
	i := h.open(report())
	h.after(time.Hour)
	h.do(i, incident.PutOnHold{Reason: incident.ForCaller, Text: "?"})
	h.after(4 * time.Hour)
	h.sweep()
	c := h.clock(i)
	require.Equal(t, sla.Running, c.State)
	require.Equal(t, hours(1), c.Reading.Elapsed)
	require.Equal(t, second.ValidFrom, c.Reading.Since)
	require.Equal(t, monday.Add(25*time.Hour), c.Reading.DueAt)
	h.explained()
}

// A clock that starts from nothing tells its thresholds anew, also one that was crossed before its amount changed.
func TestResetTellsThresholdsAnew(t *testing.T) {
	x := resolution()
	x.Reset = sla.Did("caller_reply")
	h := newHouse(t, compiled(t, agreement(t, x)))
	i := h.open(report())
	h.after(5 * time.Hour) // half of eight hours is crossed
	h.do(i, incident.Prioritise{Impact: incident.Medium, Urgency: incident.Low}, incident.CallerReply{Text: "news?"})
	c := h.clock(i)
	require.Equal(t, hours(16), c.Reading.Amount)
	require.Empty(t, c.Reading.Crossed)
	h.after(24 * time.Hour) // three hours on Monday, five on Tuesday
	h.sweep()
	require.Equal(t, []sla.Crossing{{Threshold: "half", Nth: 1, At: h.now}}, h.clock(i).Reading.Crossed)
}

// An operational clock that starts from nothing has what the customer's clock has left then.
func TestResetWithinTheCustomersTime(t *testing.T) {
	group := sla.GroupTarget(sla.Amount{Working: hours(6)})
	group.Within, group.Reset = "resolution", sla.Did("caller_reply")
	ola := agreement(t, group)
	ola.Type = sla.OLA
	h := newHouse(t, compiled(t, agreement(t, resolution()), ola)) // P3: 8 h
	i := h.open(report())
	h.after(5 * time.Hour)
	h.do(i, incident.CallerReply{Text: "news?"})
	for _, c := range h.all(i) {
		if c.Reading.Type == sla.OLA {
			require.Equal(t, hours(3), c.Reading.Amount)
			require.Equal(t, hours(6), c.Reading.Own)
			return
		}
	}
	require.Fail(t, "there is no operational clock")
}

// Days of a clock that starts anew are counted from then on: two days from Wednesday ten are Friday's close. Later events
// leave it alone.
func TestRestartCountsDaysAnew(t *testing.T) {
	x := resolution()
	x.Change = sla.Restart
	x.Amounts = []sla.Amount{{When: sla.Is("priority", "p3"), Days: 1, By: "16:00"}, {Days: 2}}
	h := newHouse(t, compiled(t, agreement(t, x)))
	i := h.open(report())
	h.after(49 * time.Hour)
	changed := h.now
	h.do(i, incident.Prioritise{Impact: incident.Medium, Urgency: incident.Low})
	for range 3 {
		c := h.clock(i)
		require.Equal(t, changed, c.Reading.StartedAt)
		require.Equal(t, time.Date(2026, 3, 6, 17, 0, 0, 0, time.UTC), c.Reading.DueAt)
		h.after(time.Hour)
		h.do(i, incident.Comment{Text: "soon", Public: true})
		h.do(i, incident.Assign{Group: "network"})
	}
}

// An amount is ten years at most, whatever its factors; a threshold behind all time is never crossed.
func TestLargeAmounts(t *testing.T) {
	years := itsm.Duration(10 * 365 * 24 * time.Hour)
	x := resolution()
	x.Amounts = []sla.Amount{{Working: years}}
	x.Factors = []sla.Factor{{When: sla.Always(), Percent: 10_000}}
	x.Thresholds = []sla.Threshold{{Name: "far", Percent: 10_000}, {Name: "late", After: years, Every: years, Times: 100}}
	h := newHouse(t, compiled(t, agreement(t, x)))
	i := h.open(report())
	h.after(5 * time.Hour)
	h.sweep()
	c := h.clock(i)
	require.Equal(t, itsm.Duration(10*366*24*time.Hour), c.Reading.Amount)
	require.Empty(t, c.Reading.Crossed)
	require.True(t, c.Reading.BreachedAt.IsZero())
}

// An account is in the zone of the calendar, also of one whose hours change at a date.
func TestAccountZoneOfVersions(t *testing.T) {
	a := agreement(t, resolution())
	d, err := office(t).Definition()
	require.NoError(t, err)
	d.Zone = "Asia/Tokyo"
	tokyo, err := sla.HoursOf(d)
	require.NoError(t, err)
	later := sla.Calendar{Name: "tokyo", Hours: tokyo}
	require.NoError(t, later.From.UnmarshalText([]byte("2027-01-01")))
	a.Calendars = []sla.Calendar{{Name: "tokyo", Hours: tokyo}, later}
	h := newHouse(t, compiled(t, a))
	i := h.open(report())
	h.after(time.Hour)
	account, err := h.rules.Explain(h.clock(i), h.now)
	require.NoError(t, err)
	require.Equal(t, "Asia/Tokyo", account.Zone)
	require.Contains(t, account.String(), "Mon 2026-03-02 18:00:00  Mon 2026-03-02 19:00:00  closed")
}

// Days that a calendar has no longer are no error, which would keep the tracker from all that happens behind: the clock has
// the largest amount, and is due never, as one over working time is.
func TestDaysThatNeverCome(t *testing.T) {
	campaign, err := sla.HoursOf(calendar.Definition{Zone: "UTC", Special: map[string][]calendar.Interval{"2026-03-02": {{"08:00", "17:00"}}}})
	require.NoError(t, err)
	x := resolution()
	x.Amounts = []sla.Amount{{Days: 3}}
	a := agreement(t, x)
	a.Calendars = []sla.Calendar{{Name: "campaign", Hours: campaign}}
	h := newHouse(t, compiled(t, a))
	c := h.clock(h.open(report()))
	require.Equal(t, sla.Running, c.State)
	require.Equal(t, itsm.Duration(10*366*24*time.Hour), c.Reading.Amount)
	require.Zero(t, c.Reading.DueAt)
}
