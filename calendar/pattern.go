package calendar

import "sort"

// pattern is the working time of one UTC day: stretches that are sorted and do not touch. Days that are alike share
// one.
type pattern struct {
	stretches []stretch
	total     int32 // seconds
}

// stretch is [from, to) in seconds of the day, and how many working seconds of the day lie before it.
type stretch struct{ from, to, before int32 }

// empty is the pattern of a day without working time.
var empty = &pattern{}

// add appends [from, to), which must not begin before the end of the last stretch.
func (p *pattern) add(from, to int32) {
	if from >= to {
		return
	}
	if n := len(p.stretches); n > 0 && p.stretches[n-1].to == from {
		p.stretches[n-1].to = to
	} else {
		p.stretches = append(p.stretches, stretch{from, to, p.total})
	}
	p.total += to - from
}

// fewStretches are looked through one by one.
const fewStretches = 8

// at returns how many working seconds of the day lie before a second, and whether that second is working.
func (p *pattern) at(second int32) (before int32, open bool) {
	n := len(p.stretches)
	if n > fewStretches {
		n = sort.Search(n, func(i int) bool { return p.stretches[i].from > second })
	}
	for n--; n >= 0; n-- {
		if s := &p.stretches[n]; s.from <= second {
			if second < s.to {
				return s.before + second - s.from, true
			}
			return s.before + s.to - s.from, false
		}
	}
	return 0, false
}

// find returns which second of the day is its working second number i, from 0.
func (p *pattern) find(i int32) int32 {
	n := len(p.stretches)
	if n > fewStretches {
		n = sort.Search(n, func(k int) bool { return p.stretches[k].before > i })
	}
	n--
	for n > 0 && p.stretches[n].before > i {
		n--
	}
	return p.stretches[n].from + i - p.stretches[n].before
}

// end returns the end of the working time that a second is in, or -1 if it is not working. The end of the day need
// not be the end of the working time.
func (p *pattern) end(second int32) int32 {
	i := sort.Search(len(p.stretches), func(i int) bool { return p.stretches[i].to > second })
	if i == len(p.stretches) || p.stretches[i].from > second {
		return -1
	}
	return p.stretches[i].to
}

// united is working where a or b is.
func united(a, b *pattern) *pattern {
	out := &pattern{}
	i, j, end := 0, 0, int32(0)
	for i < len(a.stretches) || j < len(b.stretches) {
		var next stretch
		if j == len(b.stretches) || i < len(a.stretches) && a.stretches[i].from <= b.stretches[j].from {
			next, i = a.stretches[i], i+1
		} else {
			next, j = b.stretches[j], j+1
		}
		out.add(max(next.from, end), next.to)
		end = max(end, next.to)
	}
	return out
}

// shared is working where a and b are.
func shared(a, b *pattern) *pattern {
	out := &pattern{}
	for i, j := 0, 0; i < len(a.stretches) && j < len(b.stretches); {
		s, t := a.stretches[i], b.stretches[j]
		out.add(max(s.from, t.from), min(s.to, t.to))
		if s.to < t.to {
			i++
		} else {
			j++
		}
	}
	return out
}
