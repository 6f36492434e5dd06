package calendar

import (
	"math"
	"time"
)

// weekly is the source that a definition makes: weekly hours and dates of their own in one zone.
type weekly struct {
	zone  *time.Location
	days  []dayRule       // noHours, then Sunday to Saturday, then special dates
	dates map[int64]int32 // closed and special dates: which of days they follow
}

// dayRule is what holds on a date.
type dayRule struct {
	hours []hours
	why   Reason
}

// hours is [from, to) in seconds of a local date.
type hours struct{ from, to int32 }

// noHours is where in weekly.days the rule of closed dates is.
const noHours = 0

// rule returns which of w.days a date follows.
func (w *weekly) rule(day int64) int32 {
	if len(w.dates) > 0 {
		if rule, own := w.dates[day]; own {
			return rule
		}
	}
	return 1 + int32(weekday(day))
}

// period is [from, to), in which a zone keeps one offset from UTC.
type period struct{ from, to, offset int64 }

// periodAt returns a period that begins at an instant. It need not be as long as the zone keeps its offset, because
// package time may say that an offset ends earlier than it does: where a rule repeats yearly, 365 days after the
// beginning of a year, which is even too early on the last day of a leap year. (What it says of the beginning may be
// too early as well and is not used.)
func periodAt(zone *time.Location, second int64) period {
	t := time.Unix(second, 0).In(zone)
	_, offset := t.Zone()
	p := period{from: second, to: math.MaxInt64, offset: int64(offset)}
	if _, to := t.ZoneBounds(); !to.IsZero() {
		if p.to = to.Unix(); p.to <= second {
			p.to = time.Date(t.UTC().Year()+1, time.January, 1, 0, 0, 0, 0, time.UTC).Unix()
		}
	}
	return p
}

// walk keeps the patterns that it has made: a UTC day without a change of offset is known by the offset and the
// rules of the two local dates that it touches.
func (w *weekly) walk() func(day int64) *pattern {
	type key struct {
		offset        int64
		first, second int32
	}
	made := map[key]*pattern{}
	var last key
	var lastPattern *pattern
	var now period
	return func(day int64) *pattern {
		start := day * daySeconds
		if start < now.from || start+daySeconds > now.to || lastPattern == nil {
			now = periodAt(w.zone, start)
		}
		if start+daySeconds > now.to {
			return patternOf(w, day)
		}
		date := floorDiv(start+now.offset, daySeconds)
		k := key{now.offset, w.rule(date), noHours}
		if date*daySeconds != start+now.offset {
			k.second = w.rule(date + 1)
		}
		if k == last && lastPattern != nil {
			return lastPattern
		}
		p := made[k]
		if p == nil {
			p = patternOf(w, day)
			made[k] = p
		}
		last, lastPattern = k, p
		return p
	}
}

func (w *weekly) spans(from, to int64, yield func(piece) bool) bool {
	for from < to {
		now := periodAt(w.zone, from)
		end := min(now.to, to)
		for from < end {
			day := floorDiv(from+now.offset, daySeconds)
			midnight := day*daySeconds - now.offset
			dateEnd := min(midnight+daySeconds, end)
			rule := &w.days[w.rule(day)]
			for _, h := range rule.hours {
				begin, finish := max(midnight+int64(h.from), from), min(midnight+int64(h.to), dateEnd)
				if begin >= finish {
					continue
				}
				if begin > from && !yield(piece{from, begin, false, day, rule.why}) {
					return false
				}
				if !yield(piece{begin, finish, true, day, rule.why}) {
					return false
				}
				from = finish
			}
			if from < dateEnd && !yield(piece{from, dateEnd, false, day, rule.why}) {
				return false
			}
			from = dateEnd
		}
	}
	return true
}

func (w *weekly) location(int64) *time.Location { return w.zone }

func (w *weekly) reach(local int64) int64 {
	for at := local - 2*daySeconds; ; { // no offset is more than a day
		now := periodAt(w.zone, at)
		if found := max(at, local-now.offset); found < now.to {
			return found
		}
		at = now.to
	}
}

// The tz database has no change of offset before the year 1800, and none after 2100 that does not repeat with the
// Gregorian calendar; a test holds both for every zone. A local date touches the UTC days next to it.
var (
	firstHistory = Date{1800, 1, 1}.day()
	lastHistory  = Date{2201, 1, 1}.day()
)

func (w *weekly) settled() (early, late int64) {
	early, late = firstHistory, lastHistory
	for day := range w.dates {
		early, late = min(early, day-2), max(late, day+3)
	}
	return early, late
}

func (w *weekly) always() bool {
	for i, rule := range w.days {
		if (i != noHours || len(w.dates) > 0) && (len(rule.hours) != 1 || rule.hours[0] != hours{0, daySeconds}) {
			return false
		}
	}
	return true
}
