package report

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// volume is what happened in a week; done counts the cases that left the backlog.
type volume struct{ opened, resolved, closed, done int }

// week returns the counts of the week of t.
func (b *Builder) week(t time.Time) *volume {
	monday := day(t)
	monday -= weekday(monday)
	v, ok := b.volume[monday]
	if !ok {
		v = &volume{}
		b.volume[monday] = v
	}
	return v
}

// count adds a case to the volumes and the calendar of arrivals.
func (b *Builder) count(c Case, done time.Time) {
	if !c.Resolved.IsZero() {
		b.week(c.Resolved).resolved++
	}
	if !c.Closed.IsZero() {
		b.week(c.Closed).closed++
	}
	if c.Opened.IsZero() {
		return // it never was in the backlog
	}
	b.week(c.Opened).opened++
	if !done.IsZero() {
		b.week(done).done++
	}
	wd, hour := weekday(day(c.Opened)), c.Opened.Hour()
	b.arrivals.ByWeekday[wd]++
	b.arrivals.ByHour[hour]++
	b.arrivals.ByWeekdayHour[wd][hour]++
}

// weeks lists the weeks from the first to the last. A single wrong date must not make a list without end: a
// gap of more than ten years is left out.
func (b *Builder) weeks() []Week {
	const tenYears = 522 * 7
	list, backlog, next := []Week{}, 0, 0
	for i, monday := range slices.Sorted(maps.Keys(b.volume)) {
		if i == 0 || monday-next > tenYears {
			next = monday
		}
		for ; next < monday; next += 7 {
			list = append(list, newWeek(next, volume{}, backlog))
		}
		v := *b.volume[monday]
		backlog += v.opened - v.done
		list = append(list, newWeek(monday, v, backlog))
		next = monday + 7
	}
	return list
}

func newWeek(monday int, v volume, backlog int) Week {
	t := time.Unix(int64(monday)*86400, 0).UTC()
	year, week := t.ISOWeek()
	return Week{Week: fmt.Sprintf("%04d-W%02d", year, week), Starts: t.Format(time.DateOnly), Opened: v.opened,
		Resolved: v.resolved, Closed: v.closed, Backlog: backlog}
}

// day counts the days from 1970-01-01 to the date of t in its own location.
func day(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400) // exact: it is midnight
}

// weekday returns 0 for Monday. 1970-01-01 was a Thursday.
func weekday(day int) int { return ((day+3)%7 + 7) % 7 }
