package calendar

import "math/bits"

// table is the compiled part of a calendar: UTC days without a gap, each with the sum of the working seconds before
// it. It never changes; a calendar that needs more days makes a larger one.
type table struct {
	first int64  // the first day
	start int64  // its first second
	cells []cell // one a day, and one more for the sum after the last
	// index says where to look for the working second number cells[0].before + i<<shift: in the last cell that does
	// not begin after it.
	index []int32
	shift uint8
}

// cell is one day: the working seconds before it, counted from a day that stays the same for one calendar, and its
// own.
type cell struct {
	before int64
	*pattern
}

func newTable(first int64, cells []cell) *table {
	t := &table{first: first, start: first * daySeconds, cells: cells}
	days := len(cells) - 1
	base, total := cells[0].before, cells[days].before-cells[0].before
	if total == 0 {
		return t
	}
	t.shift = uint8(bits.Len64(uint64(total)/uint64(days)+1) - 1)
	t.index = make([]int32, (total-1)>>t.shift+2)
	at := 0
	for i := range t.index {
		for at+1 < days && cells[at+1].before-base <= int64(i)<<t.shift {
			at++
		}
		t.index[i] = int32(at)
	}
	return t
}

// end is the day after the last.
func (t *table) end() int64 { return t.first + int64(len(t.cells)-1) }

// before is the sum at the beginning of a day that the table has, or at its end.
func (t *table) before(day int64) int64 { return t.cells[day-t.first].before }

// sums returns the sums at both ends.
func (t *table) sums() (first, last int64) { return t.cells[0].before, t.cells[len(t.cells)-1].before }

// at returns the working seconds before an instant and whether it is working; ok is false if the table does not have
// the day.
func (t *table) at(second int64) (before int64, open, ok bool) {
	x := uint64(second - t.start) // far beyond the end for what lies before the start
	day := x / daySeconds
	if day >= uint64(len(t.cells)-1) {
		return 0, false, false
	}
	c := &t.cells[day]
	n, open := c.at(int32(x - day*daySeconds))
	return c.before + int64(n), open, true
}

// find returns the second that is the working second number i, which must lie between the sums.
func (t *table) find(i int64) int64 {
	k := (i - t.cells[0].before) >> t.shift
	low, high := t.index[k], t.index[k+1]
	for low < high {
		middle := (low + high + 1) / 2
		if t.cells[middle].before <= i {
			low = middle
		} else {
			high = middle - 1
		}
	}
	c := &t.cells[low]
	return t.start + int64(low)*daySeconds + int64(c.find(int32(i-c.before)))
}
