package sla_test

import (
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
)

// Clocks of a kind that the rules are about no longer are left alone, and keep no other clock from the sweep however many
// they are.
func TestSweepBehindWhatIsNotMeasured(t *testing.T) {
	h := newHouse(t, compiled(t, agreement(t, resolution())))
	for n := range 600 {
		at := monday.Add(time.Duration(n) * time.Millisecond)
		_, err := h.clocks.Open(h.system(), sla.Begin{Of: itsm.Ref{Kind: "repair", ID: itsm.ID{1, byte(n), byte(n >> 8)}}, Follow: sla.Following{State: sla.Running,
			Reading: sla.Reading{Type: sla.SLA, Target: "repaired", Round: 1, Since: at, StartedAt: at, NextAt: at}}})
		require.NoError(t, err)
	}
	i := h.open(report()) // P3: 8 h
	h.after(9 * 24 * time.Hour)
	h.sweep()
	require.Equal(t, monday.Add(8*time.Hour), h.clock(i).Reading.BreachedAt)
}

// A clock that runs on behind the end of its record is cancelled when the record was purged: nothing is left to measure, and
// the host is not told to come again.
func TestSweepOfAPurgedRecord(t *testing.T) {
	x := resolution()
	x.Cancel = sla.Condition{}
	h := newHouse(t, compiled(t, agreement(t, x)))
	i := h.do(h.open(report()), incident.Cancel{Reason: "a mistake"})
	require.Equal(t, sla.Running, h.clock(i).State)
	h.after(time.Hour)
	n, err := h.desk.Purge(h.system(), h.now, 0)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	h.restart()
	h.after(24 * time.Hour)
	h.sweep()
	c := h.clock(i)
	require.Equal(t, sla.Cancelled, c.State)
	require.Equal(t, h.now, c.Reading.StoppedAt)
	next, err := h.tracker.Next(h.system())
	require.NoError(t, err)
	require.Zero(t, next)
}

// In Havana the clocks went from midnight to one on 1 April 2012 (tz database): at 5:00 UTC, when the month begins. A clock
// that was decided half an hour before belongs to March.
func TestMonthBeginsBehindAGap(t *testing.T) {
	april := time.Date(2012, 4, 1, 5, 0, 0, 0, time.UTC)
	for at, period := range map[time.Time]string{april.Add(-30 * time.Minute): "2012-03", april: "2012-04"} {
		c := sla.Clock{Reading: sla.Reading{StoppedAt: at}}
		c.State = sla.Met
		rows, err := sla.Attain(func(yield func(sla.Clock, error) bool) { yield(c, nil) }, sla.AttainOptions{Now: at, Zone: "America/Havana"})
		require.NoError(t, err)
		require.Equal(t, period, rows[0].Period)
		require.False(t, at.Before(rows[0].From), rows[0].From)
		require.True(t, at.Before(rows[0].Until), rows[0].Until)
	}
}
