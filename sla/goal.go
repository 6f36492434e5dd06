package sla

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm/calendar"
)

// The limits of a target.
const (
	maxAmount  = 10 * 366 * 24 * time.Hour
	maxDays    = 3660
	maxRepeat  = 100
	maxPercent = 10_000 // of an amount
)

// goal is a target, compiled.
type goal struct {
	*Target
	deal                              *deal
	start, stop, pause, cancel, reset *test
	amounts, factors, hours           []*test // parallel to the target's lists; nil: always
	by                                []calendar.TimeOfDay
	each                              int // slot, or -1
}

// goal compiles a target that was checked.
func (d *deal) goal(t *Target) *goal {
	s := d.of.slots
	g := &goal{Target: t, deal: d, each: -1, start: s.compile(t.Start), stop: s.compile(t.Stop), pause: s.compile(t.Pause),
		cancel: s.compile(t.Cancel), reset: s.compile(t.Reset)}
	if t.Each != "" {
		g.each = s.field(t.Each)
	}
	s.own = s.own || g.reset != nil // it starts a clock again at each event behind which it holds
	for _, a := range t.Amounts {
		by, _ := calendar.ParseTimeOfDay(a.By) // midnight where there is none
		g.amounts, g.by = append(g.amounts, s.compile(a.When)), append(g.by, by)
	}
	for _, f := range t.Factors {
		g.factors = append(g.factors, s.compile(f.When))
	}
	for _, h := range t.Hours {
		g.hours = append(g.hours, s.compile(h.When))
	}
	return g
}

// calendarFor chooses the calendar of a clock.
func (g *goal) calendarFor(s *scene) string {
	for i, h := range g.Hours {
		if g.hours[i] == nil || g.hours[i].holds(s) {
			return h.Calendar
		}
	}
	return g.deal.Calendars[0].Name
}

// amountFor returns the amount of a clock that started at an instant; false if there is none for the record.
func (g *goal) amountFor(s *scene, start time.Time, hours *calendar.Calendar) (time.Duration, bool, error) {
	for i, a := range g.Amounts {
		if g.amounts[i] != nil && !g.amounts[i].holds(s) {
			continue
		}
		amount := a.Working.Std()
		if a.Days > 0 {
			var err error
			if amount, err = a.days(start, hours, g.by[i]); err != nil {
				return 0, false, err
			}
		}
		for n, f := range g.Factors {
			if g.factors[n].holds(s) {
				amount = min(percent(amount, f.Percent), maxAmount)
			}
		}
		return max(amount, time.Millisecond).Truncate(time.Millisecond), true, nil
	}
	return 0, false, nil
}

// percent returns so many percent of an amount, and never more than a duration holds.
func percent(amount time.Duration, n int) time.Duration {
	if amount/100 > math.MaxInt64/time.Duration(n) {
		return math.MaxInt64
	}
	return amount / 100 * time.Duration(n)
}

// days turns working days into working time.
func (a Amount) days(start time.Time, hours *calendar.Calendar, by calendar.TimeOfDay) (time.Duration, error) {
	end, err := hours.DueDays(start, a.Days)
	if err == nil && a.By != "" {
		end, err = hours.DueDaysAt(start, a.Days, by)
	}
	switch {
	case err == nil:
		return hours.Elapsed(start, end)
	case unreachable(err) == nil:
		return maxAmount, nil // the calendar has no such day: the clock is never due
	}
	return 0, err
}

// point is a place on the way of a clock: so much working time from its start.
type point struct {
	threshold *Threshold
	nth       int // of a repeated one, from 1
	at        time.Duration
}

// points returns the thresholds of an amount in order.
func (g *goal) points(amount time.Duration) []point {
	var out []point
	for i := range g.Thresholds {
		x := &g.Thresholds[i]
		at := amount + x.After.Std()
		switch {
		case x.Percent > 0:
			at = percent(amount, x.Percent)
		case x.Before > 0:
			at = max(0, amount-x.Before.Std())
		case x.After == 0: // every alone: the first one is a step behind the end
			at += x.Every.Std()
		}
		for n := range max(1, x.Times) {
			out = append(out, point{x, n + 1, at})
			if at > math.MaxInt64-x.Every.Std() {
				break // no clock gets further
			}
			at += x.Every.Std()
		}
	}
	slices.SortStableFunc(out, func(a, b point) int { return cmp.Compare(a.at, b.at) })
	return out
}

// plain returns the text of a JSON text.
func plain(raw string) (string, bool) {
	if !strings.ContainsRune(raw, '\\') {
		return raw[1 : len(raw)-1], true
	}
	var s string
	return s, json.Unmarshal([]byte(raw), &s) == nil
}
