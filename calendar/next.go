package calendar

import "time"

// NextOpening returns the first instant after t at which working time begins, in the location of t. At an opening it
// is the following one, so that openings can be enumerated; the first working instant at or after t is t itself if
// [Calendar.IsOpen], and NextOpening if not. Intervals that touch are one. The error is [ErrNoWorkingTime],
// [ErrNeverCloses] or [ErrRange].
func (c *Calendar) NextOpening(t time.Time) (time.Time, error) {
	second, open, err := c.openAt(t)
	if err == nil && open {
		second, err = c.closing(second)
	}
	if err == nil {
		second, err = c.opening(second)
	}
	if err != nil {
		return time.Time{}, err
	}
	return inYears(time.Unix(second, 0).In(t.Location()))
}

// NextClosing returns the first instant after t at which working time ends, in the location of t. While it is closed
// that is the end of the working time that begins next. The error is [ErrNoWorkingTime], [ErrNeverCloses] or
// [ErrRange].
func (c *Calendar) NextClosing(t time.Time) (time.Time, error) {
	second, open, err := c.openAt(t)
	if err == nil && !open {
		second, err = c.opening(second)
	}
	if err == nil {
		second, err = c.closing(second)
	}
	if err != nil {
		return time.Time{}, err
	}
	return inYears(time.Unix(second, 0).In(t.Location()))
}

func (c *Calendar) openAt(t time.Time) (second int64, open bool, err error) {
	_, open, err = c.count(t.Unix())
	return t.Unix(), open, err
}

// opening returns the first working second after one that is not.
func (c *Calendar) opening(second int64) (int64, error) {
	if second >= maxSecond {
		return 0, ErrRange
	}
	before, _, err := c.count(second)
	if err != nil {
		return 0, err
	}
	return c.find(before)
}

// closing returns the end of the working time that a working second is in. It looks at one day after the other, as
// long as they are working from midnight to midnight, but at no repetition twice.
func (c *Calendar) closing(second int64) (int64, error) {
	if c.source.always() {
		return 0, ErrNeverCloses
	}
	day := floorDiv(second, daySeconds)
	last := min(max(day, c.domain.high)+cycleDays, maxDay)
	for ; day < last; day++ {
		folded, _, _ := c.domain.fold(day)
		t := c.cover(folded, folded+1)
		end := t.cells[folded-t.first].end(int32(max(second-day*daySeconds, 0)))
		if end < 0 {
			return day * daySeconds, nil // working until midnight
		}
		if end < daySeconds {
			return day*daySeconds + int64(end), nil
		}
	}
	return 0, ErrNeverCloses
}
