package simulate

import (
	"math"
	"slices"
	"strconv"
)

// Proportion is one measured figure of the log and the same figure of simulated cases.
type Proportion struct {
	Name  string // what is measured: "opened by weekday"
	Class string // which of its classes: "Monday"; empty if there is one figure only
	// Measured and Simulated are shares from 0 to 1, or a mean or hours if Name says so.
	Measured, Simulated float64
	// Of is how many simulated cases, or changes of state, Simulated is a share of; 0 if it is no share.
	Of int
}

// Within tells whether the simulated figure is near the measured one: by no more than the relative deviation
// (0.05 for 5 %), or, for a share, by less than one case.
func (p Proportion) Within(deviation float64) bool {
	gap := math.Abs(p.Simulated - p.Measured)
	return gap <= deviation*p.Measured || p.Of > 0 && gap*float64(p.Of) < 1
}

// Compare puts the proportions of cases beside the measured ones. The cases may come from [Year] or from
// somewhere else; without cases Compare returns nothing.
func Compare(cases []Case) []Proportion {
	if len(cases) == 0 {
		return nil
	}
	var t tally
	for i := range cases {
		t.count(&cases[i])
	}
	t.compareOpenings()
	t.comparePaths()
	t.compareHandling()
	t.compareHours()
	return t.out
}

// tally counts what Compare compares.
type tally struct {
	out     []Proportion
	cases   int
	weekday [len(factWeekday)]int
	hour    [len(factHour)]int
	channel [len(factChannel)]int
	weight  [len(factWeight)]int
	changed int // cases whose priority changed

	start    [len(letters)]int
	next     [len(letters)][len(letters)]int
	length   [len(factLength)]int
	states   int
	reopened [len(factReopened)]int

	moves    [len(factMoves)]int
	moved    int
	updates  int
	code     [len(closures)]int
	problems int
	changes  int

	solve [4][]float64 // hours, by priority
	wait  []float64
	buf   []byte
}

// add compares classes of one name, given as counts of the log and of the cases.
func (t *tally) add(name string, class func(i int) string, measured []int64, simulated []int) {
	var all int64
	for _, n := range measured {
		all += n
	}
	of := 0
	for _, n := range simulated {
		of += n
	}
	for i, n := range measured {
		if n > 0 || i < len(simulated) && simulated[i] > 0 {
			t.out = append(t.out, Proportion{name, class(i), ratio(int(n), int(all)), ratio(simulated[i], of), of})
		}
	}
}

func ratio(part, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(part) / float64(of)
}

// one adds a share of all cases.
func (t *tally) one(name string, measured, simulated int) {
	t.out = append(t.out, Proportion{Name: name, Measured: ratio(measured, factCases),
		Simulated: ratio(simulated, t.cases), Of: t.cases})
}

// mean adds a mean over all cases.
func (t *tally) mean(name string, measured float64, total int) {
	t.out = append(t.out, Proportion{Name: name, Measured: measured, Simulated: ratio(total, t.cases)})
}

func (t *tally) compareHours() {
	show := []int{2, 3, 4, 5, 6} // p10, p25, p50, p75, p90
	quantiles := func(name string, known hours, got []float64) {
		slices.Sort(got)
		for _, k := range show {
			if len(got) == 0 {
				continue
			}
			t.out = append(t.out, Proportion{Name: name, Class: "p" + strconv.FormatInt(percentages[k], 10),
				Measured: float64(known[k]) / 10_000, Simulated: quantile(got, float64(percentages[k])/100)})
		}
	}
	for p := range t.solve {
		quantiles("hours to resolution, priority "+strconv.Itoa(p+1), factToResolve[p], t.solve[p])
	}
	quantiles("hours from resolution to closing", factToClose, t.wait)
}

// quantile returns the value at a part of sorted values, straight between the nearest two.
func quantile(sorted []float64, part float64) float64 {
	at := part * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
