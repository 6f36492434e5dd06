// Package calendar counts working time: how much of it lies between two instants, and by when a given amount of
// it will have passed.
//
//	support, err := calendar.New(calendar.Definition{
//		Zone:   "Europe/Berlin",
//		Hours:  calendar.Hours{}.Add("09:00", "17:00", calendar.Weekdays...),
//		Closed: []string{"2026-12-25"},
//	})
//	due, err := support.Due(reported, 8*time.Hour)
//	worked, err := support.Elapsed(reported, time.Now())
//
// # Definition
//
// A calendar has an IANA zone, weekly hours, closed dates and special dates. All else follows from one sentence: an
// instant is working if its local time of day on its local date lies in an interval [from, to) of that date. A
// closed date has no hours, and a special date has its own instead of its weekday's; where a date is both, it is
// closed. So an hour that repeats in autumn counts twice, an hour that spring skips never counts, and a date that a
// zone skipped has no hours.
//
//   - [Calendar.Elapsed] is the measure of the working instants in [a, b), negative if b is before a.
//   - [Calendar.Due] is the earliest instant at or after the start by which an amount has elapsed: exactly at closing
//     it is the closing time, and for zero it is the start itself.
//   - [Calendar.IsOpen], [Calendar.NextOpening] and [Calendar.NextClosing] tell about one instant.
//   - [Calendar.Spans] explains a stretch of time piece by piece; its open pieces add up to Elapsed exactly.
//   - [Calendar.DueDays] and [Calendar.DueDaysAt] count in working dates: "three working days", "the next working
//     day by 16:00".
//
// [Definition] is plain data and has a JSON form; [Parse] reads it. [New] refuses what is not a calendar and names
// every place that is wrong. [Hours.Add] splits overnight hours at midnight; written out, an interval lies within
// one date.
//
// # Combined calendars
//
// [Union] is working while any of its parts is (follow the sun), [Intersection] while all are (the hours that two
// parties share). Parts may have different zones. [Versions] puts calendars one after the other, each from a date on, so
// that hours that change next month do not move last month's clocks. [Always] is 24×7. All are a [Calendar].
//
// # Cost
//
// A calendar is compiled once per UTC day, for the years that were asked about, and what is compiled grows on demand:
// 16 to 24 bytes a day, however many intervals a day has. Both main questions then take the same short time for any
// span and do not allocate. Since the tz database has no irregular change of offset after the year 2100, a calendar repeats
// every 400 years from 2201 on (or after its last closed or special date), and weekly before 1800; so no question
// compiles more than some 800 years and 7 MB, unless the calendar has dates of its own further out.
// [Calendar.Prepare] compiles in advance.
//
// # Limits
//
// Instants are computed in whole nanoseconds, and hours begin and end at whole minutes. Instants are those of the years 1 to
// 9999 in UTC; a result outside them, or outside [time.Duration] (about 292 years), is [ErrRange]. Leap seconds do not
// exist here, as in package time. Zones come from package time: a program that must not depend on its machine's
// database imports time/tzdata.
//
// A [Calendar] never changes and is safe for concurrent use.
package calendar
