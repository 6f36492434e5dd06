package sla

import (
	"slices"
	"time"

	"github.com/itsmkit/itsm/calendar"
)

// panel is decided cases, ready to be judged by many rules.
type panel struct {
	cases      []FitCase
	priorities []string // sorted
	priority   []int    // of each case: where in priorities
	first      []int    // of each priority: where its keys begin, and where the last ones end
}

func newPanel(cases []FitCase) *panel {
	p := &panel{cases: cases}
	index := map[string]int{}
	for i := range cases {
		if _, known := index[cases[i].Priority]; !known {
			index[cases[i].Priority] = 0
			p.priorities = append(p.priorities, cases[i].Priority)
		}
	}
	slices.Sort(p.priorities)
	for i, name := range p.priorities {
		index[name] = i
	}
	p.first = make([]int, len(p.priorities)+1)
	for i := range cases {
		n := index[cases[i].Priority]
		p.priority = append(p.priority, n)
		p.first[n+1]++
	}
	for i := range p.priorities {
		p.first[i+1] += p.first[i]
	}
	return p
}

// prepare compiles a calendar for the time of the cases at once.
func (p *panel) prepare(hours *calendar.Calendar) error {
	first, last := p.cases[0].Opened, p.cases[len(p.cases)-1].Opened
	if first.Year() < 1 || last.Year() > 9998 {
		return nil
	}
	return hours.Prepare(first, last)
}

// laid is the cases as a shape sees them: each from where to where, and what does not count between.
type laid struct {
	from, to []time.Time // zero: there is no clock
	cut      [][]Waiting
	ran      []time.Time // until when it ran last
}

// lay finds what a shape counts.
func (p *panel) lay(x shape) laid {
	l := laid{from: make([]time.Time, len(p.cases)), to: make([]time.Time, len(p.cases)), cut: make([][]Waiting, len(p.cases)), ran: make([]time.Time, len(p.cases))}
	for i := range p.cases {
		c := &p.cases[i]
		from, begun := c.Marks[x.start.Name]
		to, ended := c.Marks[x.stop.Name]
		if !begun || !ended || to.Before(from) {
			continue
		}
		l.from[i], l.to[i] = from, to
		var cut []Waiting
		add := func(list []Waiting) {
			for _, w := range list {
				if w.From.Before(from) {
					w.From = from
				}
				if w.To.After(to) {
					w.To = to
				}
				if w.To.After(w.From) {
					cut = append(cut, w)
				}
			}
		}
		add(c.Waits[x.stop.Name])
		for _, w := range x.waits {
			add(c.Waits[w.Name])
		}
		l.cut[i], l.ran[i] = union(cut), to
		if n := len(l.cut[i]); n > 0 && !l.cut[i][n-1].To.Before(to) {
			l.ran[i] = l.cut[i][n-1].From
		}
	}
	return l
}

// union joins stretches that overlap.
func union(list []Waiting) []Waiting {
	slices.SortFunc(list, func(a, b Waiting) int { return a.From.Compare(b.From) })
	out := list[:0]
	for _, w := range list {
		if n := len(out); n > 0 && !w.From.After(out[n-1].To) {
			if w.To.After(out[n-1].To) {
				out[n-1].To = w.To
			}
			continue
		}
		out = append(out, w)
	}
	return out
}

// need returns the least amount of a case, in milliseconds, under which it is in time, or -1 if there is no clock. That
// is what counted; and more than that where it ran on when the calendar had closed, behind the due instant.
func (l *laid) need(hours *calendar.Calendar, i int) int64 {
	if l.from[i].IsZero() {
		return -1
	}
	total, err := hours.Elapsed(l.from[i], l.to[i])
	for _, w := range l.cut[i] {
		part, failed := hours.Elapsed(w.From, w.To)
		if failed != nil {
			err = failed
		}
		total -= part
	}
	if err != nil {
		return -1 // outside the years of a calendar
	}
	if !hours.IsOpen(l.ran[i].Add(-1)) {
		total += time.Millisecond
	}
	return total.Milliseconds()
}

// cuts finds the amount of each priority, and counts the errors that are left. A case without a clock is an error.
func (p *panel) cuts(hours *calendar.Calendar, l laid) ([]cut, int) {
	keys, end := make([]int64, len(p.cases)), slices.Clone(p.first)
	wrong := 0
	for i := range p.cases {
		ms := l.need(hours, i)
		if ms < 0 {
			wrong++
			continue
		}
		key := ms << 1
		if !p.cases[i].Met {
			key |= 1
		}
		n := p.priority[i]
		keys[end[n]] = key
		end[n]++
	}
	cuts := make([]cut, len(p.priorities))
	for i := range cuts {
		list := keys[p.first[i]:end[i]]
		slices.Sort(list)
		cuts[i] = bestCut(list)
		wrong += cuts[i].errors
	}
	return cuts, wrong
}

// wrong tells of each case whether amounts judge it otherwise than it was.
func (p *panel) wrong(hours *calendar.Calendar, l laid, amounts map[string]time.Duration) []bool {
	out := make([]bool, len(p.cases))
	for i := range p.cases {
		amount, known := amounts[p.cases[i].Priority]
		ms := l.need(hours, i)
		out[i] = !known || ms < 0 || (ms <= amount.Milliseconds()) != p.cases[i].Met
	}
	return out
}

// cut is an amount that parts the cases that were met from the others with the fewest errors; so does any from least
// up to and without below (0: no bound).
type cut struct {
	errors               int
	amount, least, below time.Duration
	round                int // how round the amount is: 0 is whole hours
}

// bestCut finds the cut of sorted keys: the milliseconds that a case needs twice, and one more for a case that was missed. Of cuts
// that are equally good it takes the one with the roundest amount, of these the widest, of these the lowest.
func bestCut(keys []int64) cut {
	wrong := 0 // below the first: all are judged missed
	for _, k := range keys {
		if k&1 == 0 {
			wrong++
		}
	}
	var best cut
	found := false
	offer := func(least, below int64) {
		if below == 0 && least == 0 && len(keys) > 0 || below > 0 && below <= max(least, 1) {
			return
		}
		if found && wrong > best.errors {
			return
		}
		c := cut{errors: wrong, least: time.Duration(least) * time.Millisecond, below: time.Duration(below) * time.Millisecond}
		c.amount, c.round = roundest(c.least, c.below)
		if !found || c.errors < best.errors || c.round < best.round || c.round == best.round && c.width() > best.width() {
			best, found = c, true
		}
	}
	if len(keys) == 0 {
		return cut{amount: time.Hour}
	}
	offer(0, keys[0]>>1)
	for i := 0; i < len(keys); {
		at := keys[i] >> 1
		for ; i < len(keys) && keys[i]>>1 == at; i++ {
			if keys[i]&1 == 0 {
				wrong--
			} else {
				wrong++
			}
		}
		below := int64(0)
		if i < len(keys) {
			below = keys[i] >> 1
		}
		offer(max(at, 1), below)
	}
	return best
}

func (c cut) width() time.Duration {
	if c.below == 0 {
		return 1<<63 - 1
	}
	return c.below - c.least
}

// roundest returns the roundest amount from least up to and without below, near the middle of them; without a bound the
// first whole hour. It also tells which unit it is a multiple of: 0 is the hour.
func roundest(least, below time.Duration) (time.Duration, int) {
	if below == 0 {
		return max(time.Hour, (least+time.Hour-1)/time.Hour*time.Hour), 0
	}
	middle := least + (below-least)/2
	for i, unit := range [...]time.Duration{time.Hour, 30 * time.Minute, 15 * time.Minute, 5 * time.Minute, time.Minute, time.Second} {
		down := middle / unit * unit
		up := down + unit
		fits := func(d time.Duration) bool { return d >= least && d < below && d > 0 }
		switch {
		case fits(down) && (!fits(up) || middle-down <= up-middle):
			return down, i
		case fits(up):
			return up, i
		}
	}
	return max(least, time.Millisecond), 6
}
