package report

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// Hours is a duration in hours, exact. Its JSON is rounded to four decimals; infinite and undefined are 0.
type Hours float64

// HoursOf returns d in hours.
func HoursOf(d time.Duration) Hours { return Hours(d.Hours()) }

// MarshalJSON writes a number with four decimals at most.
func (h Hours) MarshalJSON() ([]byte, error) {
	f := float64(h)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		f = 0
	}
	if math.Abs(f) < 1e15 { // beyond, there are no decimals
		f = math.Round(f*1e4) / 1e4
	}
	return json.Marshal(f + 0) // + 0 makes a 0 of a -0
}

// String returns a duration as a person says it: "3 d 4 h", "2 h 5 min", "45 min". A day has 24 hours.
func (h Hours) String() string {
	f := float64(h)
	if math.IsNaN(f) || math.Abs(f) > 1e9 {
		return "–"
	}
	sign := ""
	if f < 0 {
		sign, f = "−", -f
	}
	minutes := int64(math.Round(f * 60))
	days, hours := minutes/(24*60), minutes/60%24
	if days > 0 {
		rounded := (minutes + 30) / 60
		days, hours = rounded/24, rounded%24
	}
	switch {
	case days >= 100:
		return sign + number(int(days)) + " d"
	case days > 0 && hours == 0:
		return fmt.Sprintf("%s%d d", sign, days)
	case days > 0:
		return fmt.Sprintf("%s%d d %d h", sign, days, hours)
	case hours > 0 && minutes%60 == 0:
		return fmt.Sprintf("%s%d h", sign, hours)
	case hours > 0:
		return fmt.Sprintf("%s%d h %d min", sign, hours, minutes%60)
	case minutes == 0:
		return "0 min"
	}
	return sign + strconv.FormatInt(minutes, 10) + " min"
}

// Percentile returns the value below which the share q (0 to 1) of the sorted values lies, interpolated
// linearly between its neighbours at rank (n-1)·q as numpy does by default. It returns 0 without values.
func Percentile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	rank := float64(len(sorted)-1) * min(max(q, 0), 1)
	low := int(rank)
	high := min(low+1, len(sorted)-1)
	a, b, share := sorted[low], sorted[high], rank-float64(low)
	if share >= 0.5 { // numpy interpolates from the nearer end
		return b - (b-a)*(1-share)
	}
	return a + (b-a)*share
}

// percentiles sorts a copy of the values and describes them.
func percentiles(values []float64) Percentiles {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return Percentiles{N: len(sorted), P50: Hours(Percentile(sorted, 0.5)), P90: Hours(Percentile(sorted, 0.9))}
}
