package calendar_test

import (
	"fmt"
	"time"

	"github.com/itsmkit/itsm/calendar"
)

func support() *calendar.Calendar {
	c, err := calendar.New(calendar.Definition{
		Zone:    "Europe/Berlin",
		Hours:   calendar.Hours{}.Add("09:00", "17:00", calendar.Weekdays...),
		Closed:  []string{"2026-12-25"},
		Special: map[string][]calendar.Interval{"2026-12-24": {{"09:00", "12:00"}}},
	})
	if err != nil {
		panic(err)
	}
	return c
}

var reported = time.Date(2026, 12, 23, 15, 0, 0, 0, time.UTC) // Wednesday, 16:00 in Berlin

func Example() {
	due, err := support().Due(reported, 8*time.Hour)
	fmt.Println(due, err)
	worked, err := support().Elapsed(reported, due)
	fmt.Println(worked, err)
	// Output:
	// 2026-12-28 12:00:00 +0000 UTC <nil>
	// 8h0m0s <nil>
}

func ExampleParse() {
	_, err := calendar.Parse([]byte(`{
		"zone":   "Europe/Berlinn",
		"hours":  {"mon": [["09:00", "17:00"], ["16:00", "18:00"]]},
		"closed": ["2026-02-30"]
	}`))
	fmt.Println(err)
	// Output:
	// calendar: invalid: zone: "Europe/Berlinn" is not an IANA zone; hours.mon[1]: overlaps hours.mon[0]; closed[0]: "2026-02-30" is not a date (YYYY-MM-DD)
}

func ExampleHours_Add() {
	fmt.Println(calendar.Hours{}.Add("22:00", "06:00", time.Friday))
	// Output:
	// map[fri:[[22:00 24:00]] sat:[[00:00 06:00]]]
}

func ExampleCalendar_Spans() {
	for s := range support().Spans(reported, reported.AddDate(0, 0, 2)) {
		fmt.Println(s.From.Format("Mon 15:04"), s.To.Format("15:04"), s.Open, s.Reason)
	}
	// Output:
	// Wed 16:00 17:00 true hours
	// Wed 17:00 00:00 false hours
	// Thu 00:00 09:00 false special
	// Thu 09:00 12:00 true special
	// Thu 12:00 00:00 false special
	// Fri 00:00 16:00 false closed
}

func ExampleCalendar_NextOpening() {
	opening, err := support().NextOpening(reported)
	fmt.Println(opening, err)
	closing, err := support().NextClosing(opening)
	fmt.Println(closing, err)
	// Output:
	// 2026-12-24 08:00:00 +0000 UTC <nil>
	// 2026-12-24 11:00:00 +0000 UTC <nil>
}

func ExampleCalendar_DueDays() {
	due, err := support().DueDays(reported, 3)
	fmt.Println(due, err)
	due, err = support().DueDaysAt(reported, 1, 10*60)
	fmt.Println(due, err)
	// Output:
	// 2026-12-29 16:00:00 +0000 UTC <nil>
	// 2026-12-24 09:00:00 +0000 UTC <nil>
}

func ExampleIntersection() {
	york, err := calendar.New(calendar.Definition{
		Zone:  "America/New_York",
		Hours: calendar.Hours{}.Add("08:00", "18:00", calendar.Weekdays...),
	})
	if err != nil {
		panic(err)
	}
	both, err := calendar.Intersection(support(), york)
	if err != nil {
		panic(err)
	}
	for from, to := range both.Intervals(reported.AddDate(0, 0, -1), reported) {
		fmt.Println(from, to)
	}
	// Output:
	// 2026-12-22 15:00:00 +0000 UTC 2026-12-22 16:00:00 +0000 UTC
	// 2026-12-23 13:00:00 +0000 UTC 2026-12-23 15:00:00 +0000 UTC
}

func ExampleVersions() {
	longer, err := calendar.New(calendar.Definition{
		Zone:  "Europe/Berlin",
		Hours: calendar.Hours{}.Add("08:00", "20:00", calendar.Weekdays...),
	})
	if err != nil {
		panic(err)
	}
	c, err := calendar.Versions(
		calendar.Version{Calendar: support()},
		calendar.Version{From: calendar.Date{Year: 2027, Month: time.January, Day: 1}, Calendar: longer},
	)
	if err != nil {
		panic(err)
	}
	for _, day := range []int{30, 31, 32} {
		start := time.Date(2026, 12, day, 0, 0, 0, 0, time.UTC)
		worked, err := c.Elapsed(start, start.AddDate(0, 0, 1))
		fmt.Println(start.Format(time.DateOnly), worked, err)
	}
	// Output:
	// 2026-12-30 8h0m0s <nil>
	// 2026-12-31 8h0m0s <nil>
	// 2027-01-01 12h0m0s <nil>
}

func ExampleAlways() {
	due, err := calendar.Always().Due(reported, 4*time.Hour)
	fmt.Println(due, err)
	// Output:
	// 2026-12-23 19:00:00 +0000 UTC <nil>
}
