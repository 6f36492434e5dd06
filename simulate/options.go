package simulate

import (
	"strconv"
	"time"
)

// The limits of [Options].
const (
	MaxIncidents = 1_000_000
	MaxDays      = 3660
)

const (
	defaultIncidents = 20_000
	defaultDays      = 365
	defaultYear      = 2025
)

// Options says which year to simulate. The zero value is a year of 20,000 incidents from 1 January 2025.
type Options struct {
	// Seed selects one of the possible years. Each seed is as good as any other, zero included.
	Seed uint64
	// Incidents is how many are opened, 1 to [MaxIncidents]; zero means 20,000.
	Incidents int
	// Start is the first day of opening; its UTC date counts. The zero time means 1 January 2025.
	Start time.Time
	// Days is how many days incidents are opened on, 1 to [MaxDays]; zero means 365.
	Days int
	// Season weighs a day, given as its midnight in UTC, beside its weekday: 1 is usual, 0 means that nothing is
	// opened. It must return the same for the same day. Nil means [Season].
	Season func(day time.Time) float64
}

// OptionError says which option Year cannot accept, and what it would.
type OptionError struct {
	Option string // "Incidents"
	Value  string // what it was
	Want   string // what is allowed, in words
}

// Error names the option, its value and what is allowed.
func (e *OptionError) Error() string {
	return "simulate: Options." + e.Option + " is " + e.Value + "; allowed: " + e.Want
}

// Season is the default of [Options].Season: quiet on fixed holidays (1 January, 1 May, 24 to 26 and 31
// December), slow in July, August and between the years, busy after them. It is the simulator's own; the log
// behind the proportions covers 52 days of spring.
func Season(day time.Time) float64 {
	month, d := day.Month(), day.Day()
	switch {
	case month == time.January && d == 1,
		month == time.May && d == 1,
		month == time.December && (d >= 24 && d <= 26 || d == 31):
		return 0.15
	case month == time.December && d > 26:
		return 0.5
	}
	return seasonOfMonth[month-1]
}

var seasonOfMonth = [12]float64{1.08, 1.04, 1.04, 1.00, 0.98, 0.98, 0.84, 0.82, 1.08, 1.06, 1.04, 0.94}

// complete checks the options and fills in the defaults.
func (o Options) complete() (Options, error) {
	if o.Incidents < 0 || o.Incidents > MaxIncidents {
		return o, &OptionError{"Incidents", strconv.Itoa(o.Incidents),
			"1 to " + strconv.Itoa(MaxIncidents) + ", or 0 for " + strconv.Itoa(defaultIncidents)}
	}
	if o.Days < 0 || o.Days > MaxDays {
		return o, &OptionError{"Days", strconv.Itoa(o.Days),
			"1 to " + strconv.Itoa(MaxDays) + ", or 0 for " + strconv.Itoa(defaultDays)}
	}
	if o.Incidents == 0 {
		o.Incidents = defaultIncidents
	}
	if o.Days == 0 {
		o.Days = defaultDays
	}
	if o.Start.IsZero() {
		o.Start = time.Date(defaultYear, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	o.Start = o.Start.UTC()
	if y := o.Start.Year(); y < 1 || y > 9900 {
		return o, &OptionError{"Start", strconv.Itoa(y), "a year from 1 to 9900"}
	}
	o.Start = time.Date(o.Start.Year(), o.Start.Month(), o.Start.Day(), 0, 0, 0, 0, time.UTC)
	if o.Season == nil {
		o.Season = Season
	}
	return o, nil
}

// seasons asks Season for each day.
func (o Options) seasons() ([]float64, error) {
	weights, some := make([]float64, o.Days), false
	for i := range weights {
		day := o.Start.AddDate(0, 0, i)
		w := o.Season(day)
		if !(w >= 0 && w <= 1e6) { // not a number fails both
			return nil, &OptionError{"Season", strconv.FormatFloat(w, 'g', -1, 64) + " for " + day.Format(time.DateOnly),
				"a weight from 0 to a million"}
		}
		weights[i] = w
		some = some || w > 0
	}
	if !some {
		return nil, &OptionError{"Season", "0 for every day", "a weight above 0 for one day at least"}
	}
	return weights, nil
}
