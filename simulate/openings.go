package simulate

import (
	"slices"
	"time"
)

const (
	day  = 24 * hour
	hour = 3600
)

// openings returns when the cases are opened, in seconds since the start, in order.
func openings(o Options) ([]int64, error) {
	weights, err := o.seasons()
	if err != nil {
		return nil, err
	}
	perDay := spread(o, dayWeights(o, weights))
	r := streamHours.open(o.Seed)
	at := make([]int64, 0, o.Incidents)
	hours := deal(r, apportion(o.Incidents, factHour[:]))
	for d, n := range perDay {
		for range n {
			h := hours[len(at)]
			at = append(at, int64(d)*day+int64(h)*hour+r.Int64N(hour))
		}
	}
	slices.Sort(at)
	return at, nil
}

// spread deals the incidents out to the weekdays first and then to the days of each, so that a small year has
// its weekends too.
func spread(o Options, weights []int64) []int {
	var sums [7]int64
	var days [7][]int
	for d, w := range weights {
		k := d % 7
		sums[k] += w
		days[k] = append(days[k], d)
	}
	out := make([]int, len(weights))
	for k, n := range apportion(o.Incidents, sums[:]) {
		if n == 0 {
			continue
		}
		for i, m := range apportion(n, column(len(days[k]), func(i int) int64 { return weights[days[k][i]] })) {
			out[days[k][i]] = m
		}
	}
	return out
}

// dayWeights joins the weekday, the season and a chance of the day, about 15 % up or down, that leaves the
// weekdays' shares alone.
func dayWeights(o Options, season []float64) []int64 {
	const unit = 1000
	r := streamDays.open(o.Seed)
	chance := make([]int64, o.Days)
	var sum, n [7]int64
	weekday := func(d int) time.Weekday { return (o.Start.Weekday() + time.Weekday(d%7)) % 7 }
	for d := range chance {
		chance[d] = unit/2 + r.Int64N(unit/3) + r.Int64N(unit/3) + r.Int64N(unit/3)
		sum[weekday(d)] += chance[d]
		n[weekday(d)]++
	}
	highest := slices.Max(season)
	out := make([]int64, o.Days)
	for d := range out {
		w := weekday(d)
		rate := factWeekday[w] * unit * chance[d] * n[w] / sum[w] // a few millions
		out[d] = int64(float64(rate) * (season[d] / highest))
	}
	return out
}
