package simulate

import "strings"

// dealDurations gives each case its hours to resolution and to closing. Both follow the measured percentiles
// exactly; which case gets which is decided by what happens to it, with much chance left.
func dealDurations(o Options, cases []draft) {
	r := streamDurations.open(o.Seed)
	order := ranked(len(cases), func(i int) int64 { return patience(cases[i].letters()) + r.Int64N(900) })
	var of [4][]int // the cases of a priority, the quick ones first
	for _, i := range order {
		p := cases[i].priority() - 1
		of[p] = append(of[p], i)
	}
	for p, list := range of {
		for k := range list {
			cases[list[k]].solve = max(factToResolve[p].at(position(k, len(list), r.Int64N(3)-1)), 30)
		}
		intoOffice(o, cases, list, r.IntN)
		for _, i := range list {
			c := &cases[i]
			c.solve = max(c.solve, 25*int64(len(c.letters())-1))
		}
	}
	for rank, i := range ranked(len(cases), func(i int) int64 { return cases[i].solve }) {
		cases[i].rank = rank
	}
	w := streamWaits.open(o.Seed)
	for k, i := range w.Perm(len(cases)) {
		cases[i].wait = max(factToClose.at(position(k, len(cases), w.Int64N(3)-1)), 60)
	}
}

// position returns where the k-th of n sorted values lies in its distribution, as part of whole, shaken by
// tenths of a step. The first and the last value are the extremes, as percentiles are commonly defined.
func position(k, n int, tenths int64) (part, whole int64) {
	if n == 1 {
		return 1, 2
	}
	whole = 10 * int64(n-1)
	return min(max(10*int64(k)+tenths, 0), whole), whole
}

// patience is how long a path tends to take: its mean place in the log when the incidents are sorted by hours
// to resolution, in thousandths, stretched so that the chance added to it leaves those places about right.
func patience(path string) int64 {
	switch path {
	case "RC":
		return -900
	case "ARC":
		return 0
	case "NRC":
		return 80
	case "NARC":
		return 300
	}
	score := int64(560)
	score += 120 * int64(strings.Count(path, "U")-1)
	score += 150 * int64(strings.Count(path, "P"))
	score += 300 * int64(strings.Count(path, "RA"))
	if strings.ContainsAny(path, "VE") {
		score += 3000
	}
	return score
}

// intoOffice swaps the durations of cases that are near each other in list until most resolutions fall into
// working hours. The durations as a whole stay as they are.
func intoOffice(o Options, cases []draft, list []int, intN func(int) int) {
	const tries = 24
	good := func(i int, solve int64) int {
		if solve < hour || office(o, cases[i].opened+solve) {
			return 1
		}
		return 0
	}
	reach := max(len(list)/12, 8)
	for range 4 {
		for k, i := range list {
			a := &cases[i]
			if good(i, a.solve) == 1 {
				continue
			}
			for range tries {
				other := k + intN(2*reach+1) - reach
				if other < 0 || other >= len(list) {
					continue
				}
				j := list[other]
				b := &cases[j]
				if b.solve >= hour && good(i, b.solve)+good(j, a.solve) > good(j, b.solve) {
					a.solve, b.solve = b.solve, a.solve
					break
				}
			}
		}
	}
}

// Working hours, Monday to Friday.
const (
	officeOpens  = 8 * hour
	officeCloses = 18 * hour
)

// office tells whether a moment lies in working hours.
func office(o Options, at int64) bool {
	weekday := (int64(o.Start.Weekday()) + at/day) % 7
	return weekday != 0 && weekday != 6 && at%day >= officeOpens && at%day < officeCloses
}

// nearOffice moves a moment between two others into working hours, if there are any between: to the next
// morning, or else back to the last afternoon. shift spreads the results over a few hours.
func nearOffice(o Options, at, after, before, shift int64) int64 {
	if office(o, at) {
		return at
	}
	for t := at - at%day + officeOpens + shift; t < before; t += day {
		if t > at && office(o, t) {
			return t
		}
	}
	for t := at - at%day + officeCloses - 1 - shift; t > after; t -= day {
		if t < at && office(o, t) {
			return t
		}
	}
	return at
}
