package calendar

import (
	"fmt"
	"math"
	"sort"
	"time"
)

// Version is a calendar that holds from a date on, from the midnight that begins it in the calendar's own zone.
type Version struct {
	From     Date // the zero Date for the first version, which holds from the beginning
	Calendar *Calendar
}

// Versions makes one calendar of several that hold one after the other. Working time before a change is that of the
// earlier version for ever. The first version must have no From, the others must be in ascending order; all problems
// are reported at once as an [InvalidError].
func Versions(list ...Version) (*Calendar, error) {
	var found problems
	if len(list) == 0 {
		found.add("", "no versions")
	}
	v := &versions{}
	for i, next := range list {
		place := fmt.Sprintf("[%d]", i)
		switch {
		case i == 0 && !next.From.IsZero():
			found.add(place, "the first version holds from the beginning and has no date")
		case i > 0 && !next.From.real():
			found.add(place, "needs the date from which it holds")
		case next.Calendar == nil:
			found.add(place, "has no calendar")
		case i == 0:
			v.from, v.sources = append(v.from, math.MinInt64), append(v.sources, next.Calendar.source)
		default:
			s := next.Calendar.source
			from := s.reach(next.From.day() * daySeconds)
			if n := len(v.from); n > 0 && from <= v.from[n-1] {
				found.add(place, next.From.String()+" is not after the version before")
			}
			v.from, v.sources = append(v.from, from), append(v.sources, s)
		}
	}
	if err := found.err(); err != nil {
		return nil, err
	}
	return newCalendar(v), nil
}

// versions are sources, each from an instant on.
type versions struct {
	from    []int64
	sources []source
}

// at returns which version holds at an instant.
func (v *versions) at(second int64) int {
	return sort.Search(len(v.from), func(i int) bool { return v.from[i] > second }) - 1
}

// until returns when a version ends.
func (v *versions) until(i int) int64 {
	if i+1 < len(v.from) {
		return v.from[i+1]
	}
	return math.MaxInt64
}

func (v *versions) walk() func(day int64) *pattern {
	walks := make([]func(int64) *pattern, len(v.sources))
	for i, s := range v.sources {
		walks[i] = s.walk()
	}
	return func(day int64) *pattern {
		i := v.at(day * daySeconds)
		if v.until(i) < (day+1)*daySeconds {
			return patternOf(v, day)
		}
		return walks[i](day)
	}
}

func (v *versions) spans(from, to int64, yield func(piece) bool) bool {
	for i := v.at(from); from < to; i++ {
		end := min(v.until(i), to)
		if !v.sources[i].spans(from, end, yield) {
			return false
		}
		from = end
	}
	return true
}

func (v *versions) location(second int64) *time.Location {
	return v.sources[v.at(second)].location(second)
}

func (v *versions) reach(local int64) int64 {
	for i, s := range v.sources {
		if at := max(s.reach(local), v.from[i]); at < v.until(i) {
			return at
		}
	}
	return math.MaxInt64 // not reached: the last version has no end
}

func (v *versions) settled() (early, late int64) {
	early, late = v.sources[0].settled()
	for i, s := range v.sources[1:] {
		e, l := s.settled()
		day := floorDiv(v.from[i+1], daySeconds)
		early, late = min(early, e, day), max(late, l, day+1)
	}
	return early, late
}

func (v *versions) always() bool {
	for _, s := range v.sources {
		if !s.always() {
			return false
		}
	}
	return true
}
