package sla

import (
	"time"

	"github.com/itsmkit/itsm/calendar"
)

// hoursFor returns the name of the calendar of a target in a case: the first that is sure to hold.
func (p promise) hoursFor(when Condition) string {
	for _, h := range p.target.Hours {
		if implied(when, h.When) {
			return h.Calendar
		}
	}
	if len(p.Calendars) == 0 {
		return ""
	}
	return p.Calendars[0].Name
}

// worth returns an amount as working time.
func (p promise) worth(a Amount, when Condition) (time.Duration, error) {
	if a.Days == 0 {
		return a.Working.Std(), nil
	}
	n, err := p.normal(p.hoursFor(when))
	if err != nil {
		return 0, err
	}
	by, _ := calendar.ParseTimeOfDay(a.By) // midnight where there is none
	return a.days(n.opening, n.hours, by)
}

// normalWeek is a calendar without holidays, over a week in which no zone changes its clock.
type normalWeek struct {
	hours   *calendar.Calendar
	opening time.Time // the first one from Monday on
	week    time.Duration
}

// normal returns the normal week of a calendar, by its last version.
func (p promise) normal(name string) (normalWeek, error) {
	var d calendar.Definition
	for _, c := range p.Calendars {
		if c.Name == name {
			var err error
			if d, err = c.Hours.Definition(); err != nil {
				return normalWeek{}, err
			}
		}
	}
	n := normalWeek{}
	var err error
	if n.hours, err = calendar.New(calendar.Definition{Zone: d.Zone, Hours: d.Hours}); err != nil {
		return n, err
	}
	loc, err := time.LoadLocation(d.Zone)
	if err != nil {
		return n, err
	}
	monday := time.Date(2026, 1, 12, 0, 0, 0, 0, loc)
	if n.week, err = n.hours.Elapsed(monday, monday.AddDate(0, 0, 7)); err != nil {
		return n, err
	}
	if n.opening = monday; !n.hours.IsOpen(monday) {
		n.opening, err = n.hours.NextOpening(monday)
	}
	return n, err
}
