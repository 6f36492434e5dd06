package calendar

import (
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// Calendar says which instants are working time. It is made by [New], [Parse], [Union], [Intersection], [Versions]
// or [Always]. It never changes, is safe for concurrent use, and must not be copied.
type Calendar struct {
	source     source
	domain     domain
	definition *Definition
	table      atomic.Pointer[table]
	growing    sync.Mutex
}

// New makes a calendar. A definition that is wrong is an [InvalidError] with all its problems. New does not keep d.
func New(d Definition) (*Calendar, error) {
	w, err := compile(d)
	if err != nil {
		return nil, err
	}
	c := newCalendar(w)
	d = d.Clone()
	c.definition = &d
	return c, nil
}

func newCalendar(s source) *Calendar { return &Calendar{source: s, domain: newDomain(s)} }

// Definition returns a copy of what the calendar was made from, or false if it was made from other calendars.
func (c *Calendar) Definition() (Definition, bool) {
	if c.definition == nil {
		return Definition{}, false
	}
	return c.definition.Clone(), true
}

// Elapsed returns how much working time lies in [a, b); if b is before a, how much lies in [b, a), as a negative
// duration. It is [ErrRange] if a or b is outside the years 1 to 9999 or the result is outside time.Duration.
func (c *Calendar) Elapsed(a, b time.Time) (time.Duration, error) {
	before, openA, err := c.count(a.Unix())
	if err != nil {
		return 0, err
	}
	after, openB, err := c.count(b.Unix())
	if err != nil {
		return 0, err
	}
	var nanos int64
	if openA {
		nanos = -int64(a.Nanosecond())
	}
	if openB {
		nanos += int64(b.Nanosecond())
	}
	return duration(after-before, nanos)
}

// Due returns the earliest instant at or after start by which an amount of working time has elapsed, in the location
// of start. A negative amount is [ErrNegative]. If the calendar has not that much working time ahead, the error is
// [ErrNoWorkingTime]; if the instant is after the year 9999, it is [ErrRange].
func (c *Calendar) Due(start time.Time, amount time.Duration) (time.Time, error) {
	if amount < 0 {
		return time.Time{}, ErrNegative
	}
	second, open, err := c.count(start.Unix())
	if err != nil {
		return time.Time{}, err
	}
	if amount == 0 {
		return start, nil
	}
	nanos := int64(amount % time.Second)
	second += int64(amount / time.Second)
	if open {
		nanos += int64(start.Nanosecond())
	}
	if nanos >= int64(time.Second) {
		second, nanos = second+1, nanos-int64(time.Second)
	}
	if nanos == 0 { // the end of the second before, not the beginning of this one: closing, not the next opening
		second, nanos = second-1, int64(time.Second)
	}
	at, err := c.find(second)
	if err != nil {
		return time.Time{}, err
	}
	return inYears(time.Unix(at, nanos).In(start.Location()))
}

// IsOpen tells whether t is working time. Outside the years 1 to 9999 nothing is.
func (c *Calendar) IsOpen(t time.Time) bool {
	_, open, err := c.count(t.Unix())
	return open && err == nil
}

// Prepare compiles the calendar from a to b in advance, so that no later question about that time has to. Nothing
// else depends on it.
func (c *Calendar) Prepare(a, b time.Time) error {
	for _, t := range [...]time.Time{a, b} {
		if _, _, err := c.count(t.Unix()); err != nil {
			return err
		}
	}
	return nil
}

// count returns how many working seconds lie before an instant, and whether it is working. Counts begin at an
// arbitrary instant that stays the same; those before it are negative.
func (c *Calendar) count(second int64) (int64, bool, error) {
	if t := c.table.Load(); t != nil {
		if before, open, ok := t.at(second); ok {
			return before, open, nil
		}
	}
	return c.countFar(second)
}

// countFar is count for what is not compiled yet or never will be.
func (c *Calendar) countFar(second int64) (int64, bool, error) {
	if second < minSecond || second >= maxSecond {
		return 0, false, ErrRange
	}
	day, length, cycles := c.domain.fold(floorDiv(second, daySeconds))
	t := c.cover(day, day+1)
	before, open, _ := t.at(second + cycles*length*daySeconds)
	if cycles != 0 {
		before -= cycles * c.repeated(length)
	}
	return before, open, nil
}

// repeated returns how much working time there is in the part of the domain that repeats.
func (c *Calendar) repeated(length int64) int64 {
	from, to := c.domain.low, c.domain.low+weekDays
	if length == cycleDays {
		from, to = c.domain.high-cycleDays, c.domain.high
	}
	t := c.cover(from, to)
	return t.before(to) - t.before(from)
}

// find returns the second that is the working second number i, for an i that is not less than the count of some
// instant of the years 1 to 9999.
func (c *Calendar) find(i int64) (int64, error) {
	t := c.table.Load()
	for {
		first, last := t.sums()
		switch {
		case i < first: // only from a start that was folded, so the table begins where the domain does
			week := c.repeated(weekDays)
			cycles := (first - i + week - 1) / week
			return t.find(i+cycles*week) - cycles*weekDays*daySeconds, nil
		case i < last:
			return t.find(i), nil
		case t.end() < c.domain.high:
			t = c.cover(t.first, t.end()+1)
		case c.domain.high == maxDay:
			return 0, ErrRange
		default:
			sum := c.repeated(cycleDays)
			if sum == 0 {
				return 0, ErrNoWorkingTime
			}
			cycles := (i-last)/sum + 1
			return t.find(i-cycles*sum) + cycles*cycleDays*daySeconds, nil
		}
	}
}

// duration is seconds and nanoseconds; the nanoseconds are less than a second, either way.
func duration(seconds, nanos int64) (time.Duration, error) {
	const limit = math.MaxInt64 / int64(time.Second)
	if seconds > -limit && seconds < limit {
		return time.Duration(seconds*int64(time.Second) + nanos), nil
	}
	if seconds > 0 && nanos < 0 {
		seconds, nanos = seconds-1, nanos+int64(time.Second)
	} else if seconds < 0 && nanos > 0 {
		seconds, nanos = seconds+1, nanos-int64(time.Second)
	}
	if seconds > limit || seconds < -limit ||
		seconds == limit && nanos > math.MaxInt64%int64(time.Second) ||
		seconds == -limit && nanos < math.MinInt64%int64(time.Second) {
		return 0, ErrRange
	}
	return time.Duration(seconds*int64(time.Second) + nanos), nil
}

// inYears returns t, or ErrRange if it is outside the years 1 to 9999.
func inYears(t time.Time) (time.Time, error) {
	if second := t.Unix(); second < minSecond || second >= maxSecond {
		return time.Time{}, ErrRange
	}
	return t, nil
}
