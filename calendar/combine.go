package calendar

import (
	"fmt"
	"time"
)

// Union makes the calendar that is working while at least one of its parts is. The parts may have different zones.
// It is an error to give none, or a nil one.
func Union(parts ...*Calendar) (*Calendar, error) { return combine(parts, true) }

// Intersection makes the calendar that is working while all of its parts are. The parts may have different zones; that
// they have no working time in common is not found here, but told by [Calendar.Due] as [ErrNoWorkingTime]. It is an
// error to give none, or a nil one.
func Intersection(parts ...*Calendar) (*Calendar, error) { return combine(parts, false) }

func combine(parts []*Calendar, union bool) (*Calendar, error) {
	if len(parts) == 0 {
		return nil, invalid("", "no calendars to combine")
	}
	for i, part := range parts {
		if part == nil {
			return nil, invalid(fmt.Sprintf("[%d]", i), "is nil")
		}
	}
	s := parts[0].source
	for _, part := range parts[1:] {
		s = &pair{s, part.source, union}
	}
	return newCalendar(s), nil
}

// Always returns the calendar in which every instant is working (24×7), in UTC.
func Always() *Calendar {
	var hours Hours
	for day := time.Sunday; day <= time.Saturday; day++ {
		hours = hours.Add("00:00", "24:00", day)
	}
	c, err := New(Definition{Zone: "UTC", Hours: hours})
	if err != nil {
		panic(err) // UTC is always known, and the hours are right
	}
	return c
}

// pair is the union or the intersection of two sources.
type pair struct {
	a, b  source
	union bool
}

func (p *pair) walk() func(day int64) *pattern {
	a, b := p.a.walk(), p.b.walk()
	merge := shared
	if p.union {
		merge = united
	}
	made := map[[2]*pattern]*pattern{}
	return func(day int64) *pattern {
		both := [2]*pattern{a(day), b(day)}
		found := made[both]
		if found == nil {
			found = merge(both[0], both[1])
			made[both] = found
		}
		return found
	}
}

func (p *pair) spans(from, to int64, yield func(piece) bool) bool {
	return p.a.spans(from, to, func(a piece) bool {
		return p.b.spans(a.from, a.to, func(b piece) bool {
			out := piece{b.from, b.to, a.open, a.date, a.why}
			if a.open != p.union && b.open == p.union { // b decides
				out.open, out.why = b.open, b.why
			}
			return yield(out)
		})
	})
}

func (p *pair) location(second int64) *time.Location { return p.a.location(second) }

func (p *pair) reach(local int64) int64 { return p.a.reach(local) }

func (p *pair) settled() (early, late int64) {
	early, late = p.a.settled()
	e, l := p.b.settled()
	return min(early, e), max(late, l)
}

func (p *pair) always() bool {
	a, b := p.a.always(), p.b.always()
	return a && b || p.union && (a || b)
}
