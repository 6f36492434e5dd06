package holidays

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/rickar/cal/v2"
)

// ErrUnknown means that no holidays are known for the region or the years. Compare with errors.Is.
var ErrUnknown = errors.New("holidays: unknown")

// Holiday is one date on which a region has a holiday.
type Holiday struct {
	Date     calendar.Date
	Name     string // in the local language, or as the library has it
	Observed bool   // the date is a substitute for one on a weekend
}

// The years that holidays are calculated for: those in which the rule for Easter of the library holds.
const (
	firstYear = 1900
	lastYear  = 2199
)

// Regions returns the codes of all regions, sorted.
func Regions() []string { return slices.Sorted(maps.Keys(regions)) }

// List returns the holidays of a region in the years from first to last, by date and then by name. A region that is not
// known, and years outside 1900 to 2199 or in the wrong order, are [ErrUnknown].
func List(region string, first, last int) ([]Holiday, error) {
	rules, known := regions[strings.ToUpper(region)]
	if !known {
		return nil, fmt.Errorf("%w: region %.20q", ErrUnknown, region)
	}
	if first < firstYear || last > lastYear || first > last {
		return nil, fmt.Errorf("%w: years %d to %d", ErrUnknown, first, last)
	}
	found := map[Holiday]bool{}
	add := func(t time.Time, name string, observed bool) {
		if t.Year() >= first && t.Year() <= last {
			found[Holiday{calendar.DateOf(t), name, observed}] = true
		}
	}
	// A holiday of the next year may be observed in this one, and the other way round.
	for year := first - 1; year <= last+1; year++ {
		for _, rule := range rules {
			actual, observed := calculated(rule, year)
			if actual.IsZero() {
				continue
			}
			add(actual, rule.Name, false)
			if !observed.Equal(actual) {
				add(observed, rule.Name, true)
			}
		}
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b Holiday) int {
		return cmp.Or(a.Date.Compare(b.Date), strings.Compare(a.Name, b.Name))
	}), nil
}

// calculated returns when a holiday is in a year, and when it is observed, in UTC. The library calculates in the machine's own
// zone, in which it may find the day before a holiday whose midnight is skipped: so what follows from a date follows here
// from the date of some hours later.
func calculated(rule *cal.Holiday, year int) (actual, observed time.Time) {
	inUTC := *rule
	if rule.Func != nil {
		inUTC.Func = func(_ *cal.Holiday, year int) time.Time {
			t := rule.Func(rule, year)
			if t.IsZero() {
				return t
			}
			y, m, d := t.Add(2 * time.Hour).Date()
			return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		}
	}
	return inUTC.Calc(year)
}

// Closed returns the dates of the holidays of a region, each once, in ascending order. Errors are as for [List].
func Closed(region string, first, last int) ([]calendar.Date, error) {
	list, err := List(region, first, last)
	if err != nil {
		return nil, err
	}
	dates := make([]calendar.Date, 0, len(list))
	for _, h := range list {
		dates = append(dates, h.Date)
	}
	return slices.Compact(dates), nil
}
