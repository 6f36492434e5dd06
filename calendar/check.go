package calendar

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// compile checks a definition and brings it into the form that is computed with.
func compile(d Definition) (*weekly, error) {
	var found problems
	w := &weekly{days: make([]dayRule, 8), dates: map[int64]int32{}}
	zone, err := loadZone(d.Zone)
	if err != nil {
		found.add("zone", quote(d.Zone)+" is not an IANA zone")
	}
	w.zone = zone
	w.days[noHours].why = ByClosedDate
	open := false
	for _, day := range slices.Sorted(maps.Keys(d.Hours)) {
		if !slices.Contains(weekdays[:], day) {
			found.add("hours."+clip(day), "is not a weekday; they are mon, tue, wed, thu, fri, sat and sun")
		}
	}
	for day, name := range weekdays {
		hours := compileHours(&found, "hours."+name, d.Hours[name])
		open = open || len(hours) > 0
		w.days[1+day] = dayRule{hours: hours, why: ByHours}
		if len(hours) == 0 {
			w.days[1+day].why = ByWeekday
		}
	}
	for i, text := range d.Closed {
		if date, err := ParseDate(text); err != nil {
			found.add(fmt.Sprintf("closed[%d]", i), quote(text)+" is not a date (YYYY-MM-DD)")
		} else {
			w.dates[date.day()] = noHours
		}
	}
	for _, text := range slices.Sorted(maps.Keys(d.Special)) {
		place := "special." + clip(text)
		hours := compileHours(&found, place, d.Special[text])
		date, err := ParseDate(text)
		if err != nil {
			found.add(place, "is not a date (YYYY-MM-DD)")
			continue
		}
		if _, closed := w.dates[date.day()]; !closed {
			w.dates[date.day()] = int32(len(w.days))
			w.days = append(w.days, dayRule{hours: hours, why: BySpecialDate})
			open = open || len(hours) > 0
		}
	}
	if !open && len(found) == 0 {
		found.add("hours", "no working time at all")
	}
	return w, found.err()
}

// compileHours checks the intervals of one date and returns them in seconds of the date, sorted, with those that
// touch made one.
func compileHours(found *problems, place string, list []Interval) []hours {
	type numbered struct {
		hours
		at int
	}
	all := make([]numbered, 0, len(list))
	for i, interval := range list {
		here := fmt.Sprintf("%s[%d]", place, i)
		from, errFrom := ParseTimeOfDay(interval[0])
		to, errTo := ParseTimeOfDay(interval[1])
		switch {
		case errFrom != nil:
			found.add(here, quote(interval[0])+" is not a time of day (HH:MM)")
		case errTo != nil:
			found.add(here, quote(interval[1])+" is not a time of day (HH:MM)")
		case from >= to:
			found.add(here, fmt.Sprintf("%s is not before %s; split hours over midnight in two", from, to))
		default:
			all = append(all, numbered{hours{int32(from) * 60, int32(to) * 60}, i})
		}
	}
	slices.SortStableFunc(all, func(a, b numbered) int { return cmp.Compare(a.from, b.from) })
	var out []hours
	last := 0 // where in the list the interval is that ends last so far
	for i, next := range all {
		n := len(out) - 1
		switch {
		case i > 0 && next.from < out[n].to:
			a, b := min(last, next.at), max(last, next.at)
			found.add(fmt.Sprintf("%s[%d]", place, b), fmt.Sprintf("overlaps %s[%d]", place, a))
			if next.to > out[n].to {
				out[n].to, last = next.to, next.at
			}
		case i > 0 && next.from == out[n].to:
			out[n].to, last = next.to, next.at
		default:
			out, last = append(out, next.hours), next.at
		}
	}
	return out
}

// loadZone finds an IANA zone. What package time or the files of a machine know beside those is refused.
func loadZone(name string) (*time.Location, error) {
	switch {
	case name == "", name == "Local", name == "localtime", name == "posixrules",
		strings.HasPrefix(name, "posix/"), strings.HasPrefix(name, "right/"):
		return nil, ErrInvalid
	}
	return time.LoadLocation(name)
}

// clip is quote without the quotation marks.
func clip(s string) string { return strings.Trim(quote(s), `"`) }
