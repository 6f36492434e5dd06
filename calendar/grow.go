package calendar

// domain is what of time a calendar may have to compile: days from low to high. Before low it repeats weekly and from
// high on every 400 years, unless the years 1 to 9999 end there.
type domain struct{ low, high int64 }

func newDomain(s source) domain {
	early, late := s.settled()
	return domain{low: max(early-weekDays, minDay), high: min(late+cycleDays, maxDay)}
}

// fold moves a day into the domain, by whole repetitions: day + cycles*length days.
func (d domain) fold(day int64) (folded, length, cycles int64) {
	switch {
	case day < d.low:
		cycles = (d.low - day + weekDays - 1) / weekDays
		return day + cycles*weekDays, weekDays, cycles
	case day >= d.high:
		cycles = (day-d.high)/cycleDays + 1
		return day - cycles*cycleDays, cycleDays, -cycles
	}
	return day, 0, 0
}

// A first table has a year before and two after what is asked for; growth at least doubles it.
const (
	yearBefore = 366
	yearsAfter = 2 * 366
)

// cover returns a table that has the days from and to-1, which must be in the domain.
func (c *Calendar) cover(from, to int64) *table {
	if t := c.table.Load(); t != nil && t.first <= from && to <= t.end() {
		return t
	}
	c.growing.Lock()
	defer c.growing.Unlock()
	old := c.table.Load()
	low, high := from-yearBefore, to+yearsAfter
	if old != nil {
		size := old.end() - old.first
		if low, high = old.first, old.end(); from < low {
			low = min(from-yearBefore, low-size)
		}
		if to > high {
			high = max(to+yearBefore, high+size)
		}
		if low == old.first && high == old.end() {
			return old
		}
	}
	t := c.compile(old, max(low, c.domain.low), min(high, c.domain.high))
	c.table.Store(t)
	return t
}

// compile makes a table of the days from low to high, taking over those of an old one.
func (c *Calendar) compile(old *table, low, high int64) *table {
	cells := make([]cell, high-low+1)
	walk := c.source.walk()
	oldFirst, oldEnd, sum := high, high, int64(0)
	if old != nil {
		oldFirst, oldEnd = old.first, old.end()
		copy(cells[oldFirst-low:], old.cells)
		sum, _ = old.sums()
	}
	for day := low; day < high; day++ {
		if day == oldFirst {
			day = oldEnd
			if day == high {
				break
			}
		}
		cells[day-low].pattern = walk(day)
		if day < oldFirst && old != nil {
			sum -= int64(cells[day-low].total)
		}
	}
	for i := range cells {
		cells[i].before = sum
		if i < len(cells)-1 {
			sum += int64(cells[i].total)
		}
	}
	cells[len(cells)-1].pattern = empty
	return newTable(low, cells)
}
