package report

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// place sums up where in their paths cases come to a state: 0 is the beginning, 1 the end.
type place struct {
	sum float64
	n   int
}

// steps returns the path of a case without the visits that changed only the group.
func steps(path []Visit) []Step {
	list := make([]Step, 0, len(path))
	for _, v := range path {
		s := Step{State: v.State, Reason: v.Reason}
		if n := len(list); n == 0 || list[n-1] != s {
			list = append(list, s)
		}
	}
	return list
}

// walk counts where the case began, how it moved and where it ended.
func (b *Builder) walk(c Case) {
	var states []string
	for _, v := range c.Path {
		if n := len(states); n == 0 || states[n-1] != v.State {
			states = append(states, v.State)
		}
	}
	final := c.FinalState
	if final == "" && len(states) > 0 {
		final = states[len(states)-1]
	}
	b.final[final]++
	if len(states) == 0 {
		b.stateAt(final, 1)
		return
	}
	b.initial[states[0]]++
	for i, s := range states {
		b.stateAt(s, float64(i)/float64(max(len(states)-1, 1)))
		if i > 0 {
			b.transitions[Transition{From: states[i-1], To: s}]++
		}
	}
}

func (b *Builder) stateAt(state string, where float64) {
	p, ok := b.order[state]
	if !ok {
		p = &place{}
		b.order[state] = p
	}
	p.sum += where
	p.n++
}

// states returns all states in the order of their mean place in the paths.
func (b *Builder) states() []string {
	mean := func(s string) float64 { return b.order[s].sum / float64(b.order[s].n) }
	list := slices.AppendSeq([]string{}, maps.Keys(b.order))
	slices.SortFunc(list, func(x, y string) int { return cmp.Or(cmp.Compare(mean(x), mean(y)), cmp.Compare(x, y)) })
	return list
}

// hold collects the waits for one reason.
type hold struct {
	times, cases int
	hours        []float64
}

// wait counts the waits of a case. One that goes on while only the group changes is one wait.
func (b *Builder) wait(path []Visit) {
	seen := map[string]bool{}
	for i := 0; i < len(path); {
		v, end := path[i], i+1
		for end < len(path) && path[end].State == v.State && path[end].Reason == v.Reason {
			end++
		}
		if v.Reason != "" {
			h, ok := b.holds[v.Reason]
			if !ok {
				h = &hold{}
				b.holds[v.Reason] = h
			}
			h.times++
			if !seen[v.Reason] {
				seen[v.Reason] = true
				h.cases++
			}
			if end < len(path) {
				h.hours = append(h.hours, path[end].At.Sub(v.At).Hours())
			}
		}
		i = end
	}
}

// waits lists the reasons, most hours first.
func (b *Builder) waits() []Hold {
	list := []Hold{}
	for reason, h := range b.holds {
		p := percentiles(h.hours)
		line := Hold{Reason: reason, Cases: h.cases, Times: h.times, Ended: p.N, P50: p.P50, P90: p.P90}
		for _, hours := range h.hours {
			line.Total += Hours(hours)
		}
		list = append(list, line)
	}
	slices.SortFunc(list, func(x, y Hold) int { return cmp.Or(cmp.Compare(y.Total, x.Total), cmp.Compare(x.Reason, y.Reason)) })
	return list
}

// longest keeps the ten longest of the cases that are done and the ten oldest of those that are not.
type longest struct{ done, open []candidate }

type candidate struct {
	LongCase
	opened time.Time
}

const longestCases = 10

func (l *longest) add(c Case, done time.Time) {
	if c.Opened.IsZero() {
		return
	}
	x := candidate{LongCase{Number: c.Number, Title: c.Title}, c.Opened}
	if done.IsZero() {
		x.Open = true
		l.open = insert(l.open, x, c.Path, older)
		return
	}
	x.Hours = HoursOf(done.Sub(c.Opened))
	l.done = insert(l.done, x, c.Path, longer)
}

// insert puts x where it belongs in a sorted list of ten at most. Only a case that is kept gets its path.
func insert(list []candidate, x candidate, path []Visit, compare func(x, y candidate) int) []candidate {
	i, _ := slices.BinarySearchFunc(list, x, compare)
	if i >= longestCases {
		return list
	}
	x.Path = steps(path)
	list = slices.Insert(list, i, x)
	return list[:min(len(list), longestCases)]
}

func longer(x, y candidate) int {
	return cmp.Or(cmp.Compare(y.Hours, x.Hours), cmp.Compare(x.Number, y.Number))
}

func older(x, y candidate) int {
	return cmp.Or(x.opened.Compare(y.opened), cmp.Compare(x.Number, y.Number))
}

// list merges both, the open cases with their age at the end.
func (l *longest) list(end time.Time) []LongCase {
	all := slices.Clone(l.done)
	for _, x := range l.open {
		x.Hours = HoursOf(end.Sub(x.opened))
		all = append(all, x)
	}
	slices.SortFunc(all, longer)
	list := make([]LongCase, 0, longestCases)
	for _, x := range all[:min(len(all), longestCases)] {
		list = append(list, x.LongCase)
	}
	return list
}
