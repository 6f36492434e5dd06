package cmdb

import "slices"

// step is one thing to do for a part.
type step struct {
	do    action
	part  int
	level int // it depends on the state of the conditioned item of this number, and on none above it
	// dependent tells of each group, and in the last place of the groups together, whether what it combines is.
	dependent []bool
}

type action int

const (
	compute    action = iota // the value of a part from those of its inputs
	branch                   // on the value of a part
	computeOwn               // of a part of a cycle: itself with the outer inputs that it cannot be up without
	branchOwn                // on that
	solveCycle               // the states of a cycle whose first part it is, from definite values
	boundCycle               // bounds for the same
)

// support is the set of the loose items that a value depends on, by their numbers.
type support []uint64

func (s support) or(o support) support {
	if len(o) > len(s) {
		s, o = o, s
	}
	if len(o) == 0 {
		return s
	}
	s = slices.Clone(s)
	for i := range o {
		s[i] |= o[i]
	}
	return s
}

func (s support) meets(o support) bool {
	for i := range min(len(s), len(o)) {
		if s[i]&o[i] != 0 {
			return true
		}
	}
	return false
}

func (s support) with(n int) support {
	return s.or(append(make(support, n/64), 1<<(n%64)))
}

// planner decides which parts are conditioned on, in the order of the parts.
type planner struct {
	*formula
	limit   int
	level   []int
	support []support
	fixed   []bool // the value is 0 or 1 whatever happens, or by then conditioned on
	sets    int
}

// plan orders the steps. It tells whether the result is exact with no more than limit conditioned items.
func (f *formula) plan(limit int) bool {
	f.steps, f.conditioned, f.loose = nil, nil, nil
	n := len(f.parts)
	p := planner{formula: f, limit: limit, level: make([]int, n), support: make([]support, n), fixed: make([]bool, n)}
	for i := 0; i < n; {
		if f.parts[i].cycle < 0 {
			p.single(i)
			i++
			continue
		}
		end := i + 1
		for end < n && f.parts[end].cycle == f.parts[i].cycle {
			end++
		}
		p.cycle(i, end)
		i = end
	}
	slices.SortStableFunc(f.steps, func(a, b step) int { return a.level - b.level })
	return len(f.loose) == 0
}

// single plans a part that is in no cycle.
func (p *planner) single(i int) {
	at := &p.parts[i]
	var all support
	allFixed, level, across := true, 0, false
	dependent := make([]bool, len(at.groups)+1)
	for k, group := range at.groups {
		var here support
		for _, in := range group.inputs {
			dependent[k] = dependent[k] || here.meets(p.support[in.part])
			here = here.or(p.support[in.part])
			level = max(level, p.level[in.part])
			allFixed = allFixed && p.fixed[in.part]
		}
		across = across || all.meets(here)
		all = all.or(here)
	}
	dependent[len(at.groups)] = across
	p.level[i], p.support[i] = level, all
	p.steps = append(p.steps, step{do: compute, part: i, level: level, dependent: dependent})
	// A value between 0 and 1 that is an input in several ways has to be conditioned on.
	p.fixed[i] = at.own == 0 || at.own == 1 && allFixed
	if at.uses < 2 || p.fixed[i] {
		return
	}
	if len(all) == 0 && p.take(i, branch, level) {
		p.fixed[i] = true
		return
	}
	p.support[i] = all.with(p.sets)
	p.sets++
	p.loose = append(p.loose, i)
}

// take plans to condition on a part, if there is room.
func (p *planner) take(i int, do action, level int) bool {
	if p.parts[i].required {
		p.steps = append(p.steps, step{do: do, part: i, level: level})
		return true
	}
	if len(p.conditioned) == p.limit {
		return false
	}
	p.conditioned = append(p.conditioned, i)
	p.level[i] = len(p.conditioned)
	p.steps = append(p.steps, step{do: do, part: i, level: p.level[i]})
	return true
}

// cycle plans the parts from first to end.
func (p *planner) cycle(first, end int) {
	inside := func(i int) bool { return first <= i && i < end }
	var all support
	var outer []int // inputs of needs that can bear the failure of some
	room, level := 0, 0
	for i := first; i < end; i++ {
		fixed := p.parts[i].own == 0 || p.parts[i].own == 1
		for _, group := range p.parts[i].groups {
			for _, in := range group.inputs {
				if inside(in.part) {
					continue
				}
				all = all.or(p.support[in.part])
				level = max(level, p.level[in.part])
				if group.all {
					fixed = fixed && p.fixed[in.part]
				} else if !p.fixed[in.part] && !slices.Contains(outer, in.part) {
					outer = append(outer, in.part)
					room += btoi(!p.parts[in.part].required)
				}
			}
		}
		room += btoi(!fixed && !p.parts[i].required)
		p.fixed[i] = fixed
	}
	if len(all) > 0 || len(p.conditioned)+room > p.limit {
		all = all.with(p.sets)
		p.sets++
		for i := first; i < end; i++ {
			p.support[i], p.level[i], p.fixed[i] = all, level, false
			p.loose = append(p.loose, i)
		}
		p.steps = append(p.steps, step{do: boundCycle, part: first, level: level})
		return
	}
	for _, i := range outer {
		p.take(i, branch, p.level[i])
		p.fixed[i] = true
		level = max(level, p.level[i])
	}
	for i := first; i < end; i++ {
		own := 0
		for _, group := range p.parts[i].groups {
			for _, in := range group.inputs {
				if group.all && !inside(in.part) {
					own = max(own, p.level[in.part])
				}
			}
		}
		p.steps = append(p.steps, step{do: computeOwn, part: i, level: own})
		p.level[i] = own
		if !p.fixed[i] {
			p.take(i, branchOwn, own)
		}
		level = max(level, p.level[i])
	}
	for i := first; i < end; i++ {
		p.level[i], p.fixed[i] = level, true
	}
	p.steps = append(p.steps, step{do: solveCycle, part: first, level: level})
}
