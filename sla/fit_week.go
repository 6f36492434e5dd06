package sla

import (
	"fmt"
	"time"

	"github.com/itsmkit/itsm/calendar"
)

// week is working hours that are the same on some days of the week: from a minute of the day on, for so many minutes, over
// midnight if need be.
type week struct {
	days         daySet
	from, length int
}

// daySet has a bit for each time.Weekday.
type daySet uint8

const (
	dayMinutes = 24 * 60

	mondayToFriday   daySet = 0b0111110
	mondayToSaturday daySet = 0b1111110
	sundayToThursday daySet = 0b0011111
	everyDay         daySet = 0b1111111
)

var dayNames = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func (d daySet) String() string {
	return map[daySet]string{mondayToFriday: "Mon-Fri", mondayToSaturday: "Mon-Sat", sundayToThursday: "Sun-Thu", everyDay: "all days"}[d]
}

func (w week) String() string {
	if w.length == dayMinutes && w.from == 0 {
		return w.days.String() + " 24 h"
	}
	return fmt.Sprintf("%s %s-%s", w.days, clock(w.from), clock((w.from+w.length)%dayMinutes))
}

func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// definition returns the week as a calendar.
func (w week) definition(zone string, closed []string) calendar.Definition {
	d := calendar.Definition{Zone: zone, Hours: calendar.Hours{}, Closed: closed}
	var morning, evening [7]int // minutes from midnight on, and until midnight from
	for day := range 7 {
		evening[day] = dayMinutes
	}
	for day := range 7 {
		if w.days&(1<<day) == 0 {
			continue
		}
		if end := w.from + w.length; end <= dayMinutes {
			d.Hours[dayNames[day]] = []calendar.Interval{{clock(w.from), clock(end)}}
			continue
		}
		evening[day] = w.from
		morning[(day+1)%7] = w.from + w.length - dayMinutes
	}
	for day := range 7 {
		var list []calendar.Interval
		switch {
		case morning[day] > 0 && morning[day] >= evening[day]:
			list = []calendar.Interval{{"00:00", "24:00"}}
		default:
			if morning[day] > 0 {
				list = append(list, calendar.Interval{"00:00", clock(morning[day])})
			}
			if evening[day] < dayMinutes {
				list = append(list, calendar.Interval{clock(evening[day]), "24:00"})
			}
		}
		if list != nil {
			d.Hours[dayNames[day]] = list
		}
	}
	return d
}

// hours returns the week as working hours.
func (w week) hours(zone string, closed []string) (WorkingHours, error) {
	return HoursOf(w.definition(zone, closed))
}

// rough tells how far the ends are from whole hours: 0, 1 for half hours, 2 for quarters.
func (w week) rough() int {
	n := 0
	for _, minute := range [...]int{w.from, w.from + w.length} {
		switch {
		case minute%30 != 0:
			n = max(n, 2)
		case minute%60 != 0:
			n = max(n, 1)
		}
	}
	return n
}

// plain orders weeks from simple to special: no closed hour, no hour within a day, others.
func (w week) plain() int {
	switch {
	case w.length == dayMinutes && w.days == everyDay:
		return 0
	case w.length == dayMinutes && w.from == 0:
		return 1
	}
	return 2
}

// coarse are the weeks by which the structure of a rule is looked for.
func coarse() []week {
	return []week{{everyDay, 0, dayMinutes}, {mondayToFriday, 0, dayMinutes}, {mondayToFriday, 8 * 60, 10 * 60}}
}

// windows are weeks of every second hour.
func windows() []week {
	var out []week
	for _, days := range [...]daySet{mondayToFriday, mondayToSaturday, sundayToThursday, everyDay} {
		for from := 0; from < dayMinutes; from += 120 {
			for length := 120; length <= dayMinutes; length += 120 {
				out = append(out, week{days, from, length})
			}
		}
	}
	return out
}

// near are the weeks around one: those that begin and last a step, or more, less or longer.
func (w week) near(step, shift, longer int) []week {
	var out []week
	for s := -shift; s <= shift; s += step {
		for l := -longer; l <= longer; l += step {
			from, length := (w.from+s+dayMinutes)%dayMinutes, w.length+l
			if length > 0 && length <= dayMinutes {
				if length == dayMinutes && w.days == everyDay {
					from = 0 // there is one of these
				}
				out = append(out, week{w.days, from, length})
			}
		}
	}
	return out
}

// datesOf returns the local dates that a stretch touches, at most so many.
func datesOf(zone *time.Location, from, to time.Time, most int) []string {
	var out []string
	for at := calendar.DateOf(from.In(zone)); len(out) < most && at.Compare(calendar.DateOf(to.In(zone))) <= 0; at = at.AddDays(1) {
		out = append(out, at.String())
	}
	return out
}
