package calendar

import (
	"maps"
	"slices"
	"time"
)

// Definition describes a calendar. It is plain data; [New] checks it. Its JSON:
//
//	{
//		"zone":    "Europe/Berlin",
//		"hours":   {"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "sat": [["10:00", "14:00"]]},
//		"closed":  ["2026-12-25"],
//		"special": {"2026-12-24": [["09:00", "12:00"]]}
//	}
type Definition struct {
	// Zone is the name of an IANA zone. Neither "" nor "Local" is one.
	Zone string `json:"zone"`
	// Hours are the weekly hours. A weekday that is missing has none.
	Hours Hours `json:"hours"`
	// Closed are the dates (YYYY-MM-DD) without hours, such as holidays.
	Closed []string `json:"closed,omitempty"`
	// Special are the dates (YYYY-MM-DD) whose hours replace those of their weekday. An empty list is a date without
	// hours.
	Special map[string][]Interval `json:"special,omitempty"`
}

// Interval is from and to within one date, each as HH:MM; to is excluded and may be "24:00". Its JSON is an array
// of the two.
type Interval [2]string

// Hours are the intervals of each weekday: "mon", "tue", "wed", "thu", "fri", "sat", "sun". The intervals of one
// weekday come in any order and may touch; they must not overlap.
type Hours map[string][]Interval

// Weekdays are Monday to Friday.
var Weekdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}

// weekdays are the names in [Hours], by time.Weekday.
var weekdays = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Add returns h with an interval added on each of the days. If to is before from, or is 00:00, the hours are overnight:
// they end on the following date, and are split at midnight. Add changes h unless it is nil. What is wrong with the
// times is told by [New].
func (h Hours) Add(from, to string, days ...time.Weekday) Hours {
	if h == nil {
		h = Hours{}
	}
	for _, day := range days {
		today, tomorrow := weekdays[floorMod(int64(day), 7)], weekdays[floorMod(int64(day)+1, 7)]
		begin, errBegin := ParseTimeOfDay(from)
		end, errEnd := ParseTimeOfDay(to)
		if errBegin != nil || errEnd != nil || end > begin || end == begin && end != 0 {
			h[today] = append(h[today], Interval{from, to})
			continue
		}
		h[today] = append(h[today], Interval{from, "24:00"})
		if end > 0 {
			h[tomorrow] = append(h[tomorrow], Interval{"00:00", to})
		}
	}
	return h
}

// Close adds closed dates, such as those that packages calendar/ical and calendar/holidays find.
func (d *Definition) Close(dates ...Date) {
	for _, date := range dates {
		d.Closed = append(d.Closed, date.String())
	}
}

// Clone returns a copy that shares nothing with d.
func (d Definition) Clone() Definition {
	d.Hours, d.Closed, d.Special = maps.Clone(d.Hours), slices.Clone(d.Closed), maps.Clone(d.Special)
	for _, lists := range []map[string][]Interval{d.Hours, d.Special} {
		for key, list := range lists {
			lists[key] = slices.Clone(list)
		}
	}
	return d
}
