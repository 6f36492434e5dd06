package cmdb

// interval encloses a probability.
type interval struct{ low, high float64 }

// sum does the steps from one on and adds the result, weighted with the probability of the states so far.
func (f *formula) sum(from int, weight float64) {
	for ; from < len(f.steps); from++ {
		s := &f.steps[from]
		values := f.value
		switch s.do {
		case compute:
			f.value[s.part] = f.compute(s)
			continue
		case computeOwn:
			f.own[s.part] = f.computeOwn(s.part)
			continue
		case solveCycle:
			f.solve(s.part)
			continue
		case boundCycle:
			f.bound(s.part)
			continue
		case branchOwn:
			values = f.own
		}
		was := values[s.part]
		switch up := was.low; {
		case up == 1:
		case f.parts[s.part].required: // while it is down, the top is down
			if up == 0 {
				return
			}
			weight *= up
			values[s.part] = interval{1, 1}
		case up > 0:
			values[s.part] = interval{1, 1}
			f.sum(from+1, weight*up)
			values[s.part] = interval{}
			f.sum(from+1, weight*(1-up))
			values[s.part] = was
			return
		}
	}
	f.low += weight * f.value[f.top].low
	f.high += weight * f.value[f.top].high
}

func (f *formula) compute(s *step) interval {
	at := &f.parts[s.part]
	out := interval{1, 1}
	for k := range at.groups {
		out = both(out, f.group(&at.groups[k], s.dependent[k]), s.dependent[len(at.groups)])
	}
	return interval{out.low * at.own, out.high * at.own}
}

// both returns the probability that two things are up.
func both(a, b interval, dependent bool) interval {
	if dependent {
		return interval{a.low * b.low, min(a.high, b.high)}
	}
	return interval{a.low * b.low, a.high * b.high}
}

func (f *formula) group(g *group, dependent bool) interval {
	if g.all {
		out := interval{1, 1}
		for _, in := range g.inputs {
			out = both(out, f.value[in.part], dependent)
		}
		return out
	}
	if dependent {
		return f.markov(g)
	}
	low := f.atLeast(g, func(v interval) float64 { return v.low })
	for _, in := range g.inputs {
		if v := f.value[in.part]; v.low != v.high {
			return interval{low, f.atLeast(g, func(v interval) float64 { return v.high })}
		}
	}
	return interval{low, low}
}

// atLeast returns the probability that enough of independent inputs are up. It follows the distribution of the weight
// that is up, or of that which is down, whichever needs the shorter table.
func (f *formula) atLeast(g *group, of func(interval) float64) float64 {
	margin := g.total - g.least
	ups := g.least <= margin
	size := margin + 1
	if ups {
		size = g.least
	}
	table := make([]float64, size) // table[w]: the weight is w
	table[0] = 1
	for _, in := range g.inputs {
		p := of(f.value[in.part])
		if !ups {
			p = 1 - p
		}
		for w := size - 1; w >= 0; w-- {
			table[w] *= 1 - p
			if w >= in.weight {
				table[w] += p * table[w-in.weight]
			}
		}
	}
	below := 0.0 // the weight is less than size
	for _, p := range table {
		below += p
	}
	if ups {
		return max(0, 1-below)
	}
	return min(1, below)
}

// markov bounds the probability that enough inputs are up, however these depend on one another.
func (f *formula) markov(g *group) interval {
	down, up, best, none := 0.0, 0.0, 0.0, 1.0
	for _, in := range g.inputs {
		v := f.value[in.part]
		down += float64(in.weight) * (1 - v.low)
		up += float64(in.weight) * v.high
		if in.weight >= g.least { // it is enough alone
			best = max(best, v.low)
		}
		none *= 1 - v.high
	}
	low := max(best, 1-down/float64(g.total-g.least+1))
	high := min(1, up/float64(g.least), 1-none) // up is at most: one of them is up
	return interval{max(0, low), max(high, 0, low)}
}

// computeOwn returns the probability that a part of a cycle is up with the inputs outside the cycle that it cannot be
// up without. These are its alone, or conditioned on.
func (f *formula) computeOwn(i int) interval {
	out := interval{f.parts[i].own, f.parts[i].own}
	for _, group := range f.parts[i].groups {
		for _, in := range group.inputs {
			if group.all && f.parts[in.part].cycle != f.parts[i].cycle {
				out = both(out, f.value[in.part], false)
			}
		}
	}
	return out
}

// solve finds the greatest set of parts of a cycle that is up.
func (f *formula) solve(first int) {
	end := first
	for ; end < len(f.parts) && f.parts[end].cycle == f.parts[first].cycle; end++ {
		f.value[end] = f.own[end]
	}
	for again := true; again; {
		again = false
		for i := first; i < end; i++ {
			if f.value[i].low == 1 && !f.holds(i) {
				f.value[i], again = interval{}, true
			}
		}
	}
}

// holds tells whether the needs of a part of a cycle are met by what is up.
func (f *formula) holds(i int) bool {
	for _, group := range f.parts[i].groups {
		up := group.total
		for _, in := range group.inputs {
			outside := f.parts[in.part].cycle != f.parts[i].cycle
			if (!group.all || !outside) && f.value[in.part].low != 1 {
				up -= in.weight
			}
		}
		if up < group.least {
			return false
		}
	}
	return true
}

// bound encloses the parts of a cycle: all are up at least when each of them by itself and all inputs are, and each is
// at most when it is by itself and the inputs outside the cycle are that it cannot be up without.
func (f *formula) bound(first int) {
	low, end := 1.0, first
	for ; end < len(f.parts) && f.parts[end].cycle == f.parts[first].cycle; end++ {
		at := &f.parts[end]
		low *= at.own
		high := 1.0
		for _, group := range at.groups {
			for _, in := range group.inputs {
				if f.parts[in.part].cycle == at.cycle {
					continue
				}
				low *= f.value[in.part].low
				if group.all {
					high = min(high, f.value[in.part].high)
				}
			}
		}
		f.value[end].high = high * at.own
	}
	for i := first; i < end; i++ {
		f.value[i].low = low
	}
}
