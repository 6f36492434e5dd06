package cmdb

// statesWork is how many visits of parts the likeliest states may cost.
const statesWork = 10_000_000

// likeliest encloses the availability by the likeliest states: those in which no more than a few parts failed by
// themselves. Each is known to be up or down; what is left is the probability that more parts failed at once, which is
// small where failures are rare (V. O. K. Li, J. A. Silvester, Performance analysis of networks with unreliable
// components, 1984). How few these are follows from the number of the parts.
func (f *formula) likeliest() (low, high float64) {
	s := newStates(f)
	for i := range f.parts {
		if f.parts[i].own == 0 && s.fail(i) {
			return 0, 0
		}
	}
	certain, always := 1.0, len(s.queue) // certain: all that the top cannot be up without is up by itself
	for i := range f.parts {
		own := f.parts[i].own
		switch {
		case own == 1 || s.gone[i]:
			continue
		case s.fail(i):
			certain *= own
		default:
			s.may = append(s.may, i)
		}
		s.undo(always)
	}
	s.rest = make([]float64, len(s.may)+1)
	s.rest[len(s.may)] = 1
	for n := len(s.may) - 1; n >= 0; n-- {
		s.rest[n] = s.rest[n+1] * f.parts[s.may[n]].own
	}
	s.visit(0, s.few(), 1, false)
	rounding := float64(s.visited+len(f.parts)) * 0x1p-52
	return max(0, certain*(s.up-rounding)), min(1, certain*(1-s.down+rounding))
}

// states tries which parts bring the top down together.
type states struct {
	*formula
	feeds   [][]feed  // of each part: what it is an input of
	left    [][]int64 // of each group of each part: the weight that may still fail
	gone    []bool
	queue   []int     // what went down, in that order
	spent   []feed    // and what that took from the groups
	from    []int     // where the entries of spent begin for each part in the queue
	may     []int     // the parts that may fail and that are not needed alone
	rest    []float64 // the probability that of these all from a number on are up by themselves
	visited int
	up      float64
	down    float64
}

// feed is a group of a part with the weight that an input has in it.
type feed struct {
	part, group int
	weight      int64
}

func newStates(f *formula) *states {
	s := &states{formula: f, feeds: make([][]feed, len(f.parts)), left: make([][]int64, len(f.parts)), gone: make([]bool, len(f.parts))}
	for i := range f.parts {
		for k, group := range f.parts[i].groups {
			s.left[i] = append(s.left[i], group.total-group.least)
			for _, in := range group.inputs {
				s.feeds[in.part] = append(s.feeds[in.part], feed{i, k, in.weight})
			}
		}
	}
	return s
}

// few is how many parts may fail at once for the work that is allowed.
func (s *states) few() int {
	sets, k := 1.0, 0
	for ; k < len(s.may); k++ {
		sets *= float64(len(s.may)-k) / float64(k+1)
		if sets*float64(len(s.parts)) > statesWork {
			break
		}
	}
	return k
}

// visit adds the state in which no more parts fail, from number from on, and those in which up to few more do. The
// probability is that of what the parts before are.
func (s *states) visit(from, few int, probability float64, isDown bool) {
	s.visited++
	if isDown {
		s.down += probability * s.rest[from]
	} else {
		s.up += probability * s.rest[from]
	}
	if few == 0 {
		return
	}
	for n := from; n < len(s.may); n++ {
		i, mark := s.may[n], len(s.queue)
		own := s.parts[i].own
		s.visit(n+1, few-1, probability*(1-own), isDown || s.fail(i))
		s.undo(mark)
		probability *= own
	}
}

// fail brings a part down and all that falls with it, and tells whether the top does.
func (s *states) fail(i int) bool {
	at := len(s.queue)
	s.push(i)
	for ; at < len(s.queue); at++ {
		for _, e := range s.feeds[s.queue[at]] {
			s.left[e.part][e.group] -= e.weight
			s.spent = append(s.spent, e)
			if s.left[e.part][e.group] < 0 {
				s.push(e.part)
			}
		}
	}
	return s.gone[s.top]
}

func (s *states) push(i int) {
	if !s.gone[i] {
		s.gone[i] = true
		s.queue, s.from = append(s.queue, i), append(s.from, len(s.spent))
	}
}

// undo brings up again what went down behind the first entries of the queue.
func (s *states) undo(mark int) {
	if mark == len(s.queue) {
		return
	}
	for _, i := range s.queue[mark:] {
		s.gone[i] = false
	}
	first := s.from[mark]
	for _, e := range s.spent[first:] {
		s.left[e.part][e.group] += e.weight
	}
	s.queue, s.from, s.spent = s.queue[:mark], s.from[:mark], s.spent[:first]
}
