package calendar

import "time"

// DateOf returns the local date at t in the calendar's zone. Of a combined calendar the zone is that of its first
// part, and of versions that of the one in effect.
func (c *Calendar) DateOf(t time.Time) Date { return DateOf(t.In(c.source.location(t.Unix()))) }

// At returns the first instant at which the calendar's local clock shows a time on a date, or a later time: of an hour
// that repeats, the first; for an hour or a date that is skipped, the end of the gap. It is in the calendar's zone, and
// [ErrRange] outside the years 1 to 9999.
func (c *Calendar) At(date Date, clock TimeOfDay) (time.Time, error) {
	if !date.real() || clock < 0 || clock > 24*60 {
		return time.Time{}, ErrRange
	}
	second := c.source.reach(date.day()*daySeconds + int64(clock)*60)
	return inYears(time.Unix(second, 0).In(c.source.location(second)))
}

// IsWorkingDate tells whether there is working time on a date.
func (c *Calendar) IsWorkingDate(date Date) bool {
	_, err := c.Closing(date)
	return err == nil
}

// WorkingDate returns the n-th date after another that has working time. For n = 0 it is the date itself or, if it has
// no working time, the next that has. A negative n is [ErrNegative]; otherwise the error is [ErrNoWorkingTime] or
// [ErrRange].
func (c *Calendar) WorkingDate(after Date, n int) (Date, error) {
	switch {
	case n < 0:
		return Date{}, ErrNegative
	case !after.real():
		return Date{}, ErrRange
	case n == 0:
		after, n = after.AddDays(-1), 1
	}
	day := after.day()
	for range n {
		next, err := c.nextDay(day)
		if err != nil {
			return Date{}, err
		}
		day = next
	}
	return dateOf(day), nil
}

// nextDay returns the first local date after another that has working time.
func (c *Calendar) nextDay(day int64) (int64, error) {
	for at := max(c.source.reach((day+1)*daySeconds), minSecond); ; at += daySeconds {
		_, open, err := c.count(at)
		if err != nil {
			return 0, err
		}
		if !open {
			if at, err = c.opening(at); err != nil {
				return 0, err
			}
		}
		if at >= maxSecond {
			return 0, ErrRange
		}
		// The first piece is of a later date, unless the clock has gone back to the date before.
		found := int64(-1 << 62)
		c.source.spans(at, at+daySeconds, func(p piece) bool {
			if p.open && p.date > day {
				found = p.date
			}
			return found <= day
		})
		if found > day {
			return found, nil
		}
	}
}

// Opening returns when the working time of a date begins, in the calendar's zone. A date without working time is
// [ErrNoWorkingTime].
func (c *Calendar) Opening(date Date) (time.Time, error) {
	opening, _, err := c.ends(date)
	return opening, err
}

// Closing returns when the last working time of a date ends, in the calendar's zone. For a date that works until
// midnight that is the midnight which begins the next. A date without working time is [ErrNoWorkingTime].
func (c *Calendar) Closing(date Date) (time.Time, error) {
	_, closing, err := c.ends(date)
	return closing, err
}

func (c *Calendar) ends(date Date) (opening, closing time.Time, err error) {
	if !date.real() {
		return opening, closing, ErrRange
	}
	day := date.day()
	// A day more, because a clock that goes back just after midnight returns to a date that was over.
	from, to := c.source.reach(day*daySeconds), c.source.reach((day+1)*daySeconds)+daySeconds
	first, last := int64(0), int64(-1)
	c.source.spans(from, to, func(p piece) bool {
		if p.open && p.date == day {
			if last < first {
				first = p.from
			}
			last = p.to
		}
		return true
	})
	if last < first {
		return opening, closing, ErrNoWorkingTime
	}
	zone := c.source.location(first)
	if opening, err = inYears(time.Unix(first, 0).In(zone)); err == nil {
		closing, err = inYears(time.Unix(last, 0).In(zone))
	}
	return opening, closing, err
}

// DueDays returns the closing of the n-th working date after the local date of start, in the location of start:
// for "three working days" n is 3. At what time of its date start is does not matter. For n = 0 it is the closing
// of the date itself, or of the next working date if it has no working time; that closing may lie before start.
// Errors are as for [Calendar.WorkingDate].
func (c *Calendar) DueDays(start time.Time, n int) (time.Time, error) {
	return c.dueDays(start, n, c.Closing)
}

// DueDaysAt is [Calendar.DueDays] with a time of day in place of the closing: for "the next working day by 16:00" n is
// 1. The time need not be working time; see [Calendar.At] for one that is skipped or repeats.
func (c *Calendar) DueDaysAt(start time.Time, n int, clock TimeOfDay) (time.Time, error) {
	return c.dueDays(start, n, func(date Date) (time.Time, error) { return c.At(date, clock) })
}

func (c *Calendar) dueDays(start time.Time, n int, when func(Date) (time.Time, error)) (time.Time, error) {
	if _, err := inYears(start); err != nil {
		return time.Time{}, err
	}
	date, err := c.WorkingDate(c.DateOf(start), n)
	if err != nil {
		return time.Time{}, err
	}
	due, err := when(date)
	if err != nil {
		return time.Time{}, err
	}
	return due.In(start.Location()), nil
}
