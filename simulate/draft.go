package simulate

// draft is a case before its story is written: what was dealt to it.
type draft struct {
	opened   int64 // seconds since the start
	path     int   // of factPaths
	weight   int   // of factWeight: at the end
	before   int   // of factReprioritise, or -1
	solve    int64 // seconds from opening to the last resolution
	wait     int64 // seconds from there to the closing
	rank     int   // of solve among all cases
	moves    int
	symptom  int // of the catalogue of symptoms
	code     int // of closures
	problem  int // number, 0 for none
	change   int // number, 0 for none
	comments int
	channel  int // of factChannel
}

func (d *draft) letters() string { return factPaths[d.path].letters }

func (d *draft) priority() int {
	w := factWeight[d.weight]
	return priorityOf(w.impact, w.urgency)
}

// dealAll decides everything about the cases of a year but the words and the times in between.
func dealAll(o Options, opened []int64) []draft {
	n := len(opened)
	cases := make([]draft, n)
	paths := deal(streamPaths.open(o.Seed), pathCounts(n))
	r := streamPriorities.open(o.Seed)
	weights := deal(r, apportion(n, column(len(factWeight), func(i int) int64 { return factWeight[i].n })))
	r = streamChannels.open(o.Seed)
	channels := deal(r, apportion(n, column(len(factChannel), func(i int) int64 { return factChannel[i].n })))
	for i := range cases {
		cases[i] = draft{opened: opened[i], path: paths[i], weight: weights[i], before: -1, channel: channels[i]}
	}
	dealBefore(o.Seed, cases)
	dealDurations(o, cases)
	dealMoves(o.Seed, cases)
	dealSymptoms(o.Seed, cases)
	dealLinks(o.Seed, cases)
	dealCodes(o.Seed, cases)
	dealComments(o.Seed, cases)
	return cases
}

// column collects weights.
func column(n int, weight func(i int) int64) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = weight(i)
	}
	return out
}

// share is the part of n that part is of all logged incidents, to the nearest case.
func share(n int, part int64) int {
	return int((int64(n)*part + factCases/2) / factCases)
}

// dealBefore decides which cases had another priority at first.
func dealBefore(seed uint64, cases []draft) {
	r := streamBefore.open(seed)
	kinds := apportion(share(len(cases), factReprioritised),
		column(len(factReprioritise), func(i int) int64 { return factReprioritise[i].n }))
	free := map[[2]int][]int{}
	for i := range cases {
		w := factWeight[cases[i].weight]
		to := [2]int{w.impact, w.urgency}
		free[to] = append(free[to], i)
	}
	for _, w := range factWeight {
		list := free[[2]int{w.impact, w.urgency}]
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	for k, n := range kinds {
		to := factReprioritise[k].to
		n = min(n, len(free[to]))
		for _, i := range free[to][:n] {
			cases[i].before = k
		}
		free[to] = free[to][n:]
	}
}

// dealMoves matches reassignments with the cases that take long and pass through many states.
func dealMoves(seed uint64, cases []draft) {
	r := streamMoves.open(seed)
	n := len(cases)
	order := ranked(n, func(i int) int64 {
		c := &cases[i]
		path := c.letters()
		if path[0] == 'R' {
			return r.Int64N(10) - 1000 // solved in the call: nobody to pass it to
		}
		score := 1000 * int64(c.rank) / int64(n)
		if path[0] == 'N' {
			score += 150 // a ticket waits in a queue, and the first queue may be wrong
		}
		return score + 20*int64(len(path)) + r.Int64N(1200)
	})
	next := 0
	for moves, k := range apportion(n, factMoves[:]) {
		for range k {
			cases[order[next]].moves = moves
			next++
		}
	}
}

// dealComments gives out the updates that no other step accounts for, more to the long cases.
func dealComments(seed uint64, cases []draft) {
	n := len(cases)
	rest := int(float64(n) * factUpdates)
	byRank := make([]int, n)
	for i := range cases {
		c := &cases[i]
		byRank[c.rank] = i
		rest -= len(c.letters()) + c.moves
		for _, more := range []bool{c.before >= 0, c.problem > 0, c.change > 0} {
			if more {
				rest--
			}
		}
	}
	r := streamComments.open(seed)
	for ; rest > 0; rest-- {
		c := &cases[byRank[max(r.IntN(n), r.IntN(n))]]
		if c.letters() == "RC" && n > len(factPaths) {
			rest++ // nobody writes comments during a call
			continue
		}
		c.comments++
	}
}
