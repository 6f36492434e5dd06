package calendar

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a date of the Gregorian calendar, without a zone. Dates can be compared with ==. The zero Date is no
// date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the date that t shows in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads a date of the years 1 to 9999 as YYYY-MM-DD.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || len(s) != len(time.DateOnly) || t.Year() < 1 {
		return Date{}, invalid("", quote(s)+" is not a date (YYYY-MM-DD)")
	}
	return DateOf(t), nil
}

// String returns YYYY-MM-DD, and "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// IsZero tells that d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// AddDays returns the date n days after d, or before it if n is negative.
func (d Date) AddDays(n int) Date { return dateOf(d.day() + int64(n)) }

// DaysUntil returns how many days after d the date e is; it is negative if e is before d.
func (d Date) DaysUntil(e Date) int { return int(e.day() - d.day()) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return weekday(d.day()) }

// Compare returns -1 if d is before e, 1 if it is after e, and 0 if they are equal.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// MarshalText writes YYYY-MM-DD, and nothing for the zero Date. A date that does not exist, such as February 30, is an
// error: it could not be read again.
func (d Date) MarshalText() ([]byte, error) {
	if !d.IsZero() && !d.real() {
		return nil, invalid("", quote(d.String())+" is not a date of the years 1 to 9999")
	}
	return []byte(d.String()), nil
}

// JSONSchema returns the JSON Schema of a date.
func (Date) JSONSchema() string { return `{"type":"string","format":"date"}` }

// UnmarshalText reads YYYY-MM-DD, and the zero Date from nothing.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// day is the number of the date, 0 for 1970-01-01.
func (d Date) day() int64 {
	return floorDiv(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix(), daySeconds)
}

// real tells that d is a date of the years 1 to 9999 that exists in the Gregorian calendar.
func (d Date) real() bool { return d.Year >= 1 && d.Year <= 9999 && dateOf(d.day()) == d }

// dateOf is the inverse of day.
func dateOf(day int64) Date { return DateOf(time.Unix(day*daySeconds, 0).UTC()) }

// weekday of a day number: 1970-01-01 was a Thursday.
func weekday(day int64) time.Weekday { return time.Weekday(floorMod(day+int64(time.Thursday), 7)) }

// TimeOfDay is a local time of day in minutes since midnight, from 0 to 1,440 (24:00, the end of the date).
type TimeOfDay int

// ParseTimeOfDay reads HH:MM, from 00:00 to 24:00.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	if len(s) == 5 && s[2] == ':' {
		h, okH := twoDigits(s[:2])
		m, okM := twoDigits(s[3:])
		if t := TimeOfDay(h*60 + m); okH && okM && m < 60 && t <= 24*60 {
			return t, nil
		}
	}
	return 0, invalid("", quote(s)+" is not a time of day (HH:MM)")
}

func twoDigits(s string) (int, bool) {
	a, b := s[0]-'0', s[1]-'0'
	return int(a)*10 + int(b), a <= 9 && b <= 9
}

// String returns HH:MM.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60) }

// MarshalText writes HH:MM.
func (t TimeOfDay) MarshalText() ([]byte, error) {
	if t < 0 || t > 24*60 {
		return nil, invalid("", fmt.Sprintf("%d minutes is not a time of day", int(t)))
	}
	return []byte(t.String()), nil
}

// UnmarshalText reads HH:MM.
func (t *TimeOfDay) UnmarshalText(text []byte) error {
	parsed, err := ParseTimeOfDay(string(text))
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}

const (
	daySeconds = 24 * 60 * 60
	weekDays   = 7
	cycleDays  = 400*365 + 97 // 400 years, after which dates and weekdays repeat
)

// The days and the seconds of the years 1 to 9999 in UTC, counted from 1970-01-01; the ends are excluded.
var (
	minDay    = Date{1, 1, 1}.day()
	maxDay    = Date{10000, 1, 1}.day()
	minSecond = minDay * daySeconds
	maxSecond = maxDay * daySeconds
)

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func floorMod(a, b int64) int64 { return a - floorDiv(a, b)*b }
