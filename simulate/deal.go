package simulate

import "slices"

// dealSymptoms decides what each case is about. Each symptom gets its share; the easy ones go to the quick
// cases, and what is critical or high is something that can hit many.
func dealSymptoms(seed uint64, cases []draft) {
	n := len(cases)
	r := streamSymptoms.open(seed)
	all := deal(r, apportion(n, column(symptomCount, func(i int) int64 { return symptomAt(i).weight })))
	easy := ranked(n, func(i int) int64 { return 100*symptomAt(all[i]).effort + r.Int64N(900) })
	quick := ranked(n, func(i int) int64 { return 1000*int64(cases[i].rank)/int64(n) + r.Int64N(500) })
	for k, i := range quick {
		cases[i].symptom = all[easy[k]]
	}
	settle(r, n, func(i, j int) bool {
		return cases[i].priority() > 2 || symptomAt(cases[j].symptom).wide
	}, func(i, j int) { cases[i].symptom, cases[j].symptom = cases[j].symptom, cases[i].symptom })
}

// dealLinks decides which cases belong to a problem or to a change. First come those on hold for a problem.
func dealLinks(seed uint64, cases []draft) {
	n := len(cases)
	r := streamLinks.open(seed)
	linked := ranked(n, func(i int) int64 {
		score := r.Int64N(1000)
		for _, l := range cases[i].letters() {
			if l == 'P' {
				score -= 1000
			}
		}
		return score
	})[:share(n, factWithProblem)]
	slices.Sort(linked) // so that the numbers grow with time
	// A problem stands for one symptom. Some come again and again, the others once.
	var known [symptomCount][]int
	next, distinct := 0, len(linked)*factProblemsEach/factWithProblem
	for k, i := range linked {
		list := &known[cases[i].symptom]
		// So many new ones are still due among so many cases.
		if len(*list) == 0 || r.IntN(len(linked)-k) < distinct-next {
			next++
			*list = append(*list, next)
			cases[i].problem = next
			continue
		}
		cases[i].problem = (*list)[min(r.IntN(len(*list)), r.IntN(len(*list)))]
	}
	// A change takes days, so it is found among the slower half.
	slow := ranked(n, func(i int) int64 {
		if 2*cases[i].rank < n {
			return 1000 + r.Int64N(1000)
		}
		return r.Int64N(1000)
	})
	slow = slow[:share(n, factWithChange)]
	slices.Sort(slow)
	for k, i := range slow {
		cases[i].change = k + 1
	}
}

// dealCodes gives each case its closure code, such that code and symptom suit each other.
func dealCodes(seed uint64, cases []draft) {
	n := len(cases)
	r := streamCodes.open(seed)
	codes := deal(r, apportion(n, column(len(closures), func(i int) int64 { return closures[i].n })))
	for i := range cases {
		cases[i].code = codes[i]
	}
	settle(r, n, func(i, j int) bool {
		c := &closures[cases[j].code]
		s := symptomAt(cases[i].symptom)
		switch {
		case s.of&c.of == 0:
			return false
		case c.label == explained:
			return s.effort < 5
		case c.label == byChange:
			return cases[i].change > 0
		}
		return true
	}, func(i, j int) { cases[i].code, cases[j].code = cases[j].code, cases[i].code })
}
