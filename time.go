package itsm

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// Clock tells the time. A nil Clock reads the system's.
type Clock func() time.Time

// Now returns the current time as every store can keep it: UTC, whole milliseconds.
func (c Clock) Now() time.Time {
	if c == nil {
		return Instant(time.Now())
	}
	return Instant(c())
}

// Instant returns t as every store can keep it: UTC, whole milliseconds (cut, not rounded). The zero time
// stays zero.
func Instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}

// Duration is a span of time whose JSON is that of ISO 8601, with hours as the largest unit: "PT36H",
// "PT1H30M", "PT0.25S". Spans in days and months are a [Period].
type Duration time.Duration

// Std returns d as a time.Duration.
func (d Duration) Std() time.Duration { return time.Duration(d) }

func (d Duration) String() string {
	text, _ := d.MarshalText()
	return string(text)
}

// MarshalText writes the ISO 8601 form.
func (d Duration) MarshalText() ([]byte, error) { return d.AppendText(make([]byte, 0, 16)) }

// AppendText appends the ISO 8601 form.
func (d Duration) AppendText(b []byte) ([]byte, error) {
	n := uint64(d)
	if d < 0 {
		b, n = append(b, '-'), -n
	}
	b = append(b, "PT"...)
	part := func(v uint64, unit byte) {
		if v > 0 {
			b = append(strconv.AppendUint(b, v, 10), unit)
		}
	}
	part(n/uint64(time.Hour), 'H')
	part(n/uint64(time.Minute)%60, 'M')
	seconds, fraction := n/uint64(time.Second)%60, n%uint64(time.Second)
	if fraction == 0 {
		part(seconds, 'S')
	} else {
		b = strconv.AppendUint(b, seconds, 10)
		at := len(b)
		b = strconv.AppendUint(b, fraction+1e9, 10) // the point takes the place of the 1
		b[at] = '.'
		b = append(bytes.TrimRight(b, "0"), 'S')
	}
	if n == 0 {
		b = append(b, "0S"...)
	}
	return b, nil
}

// UnmarshalText reads the ISO 8601 form with hours, minutes and seconds (with up to nine decimals). Days,
// weeks, months and years are refused: their length in hours depends on the calendar.
func (d *Duration) UnmarshalText(text []byte) error {
	v, ok := parseDuration(string(text))
	if !ok {
		return Invalid("", "format", "value", clip(string(text)), "want", "an ISO 8601 duration such as PT1H30M")
	}
	*d = v
	return nil
}

func parseDuration(s string) (Duration, bool) {
	negative := strings.HasPrefix(s, "-")
	rest, ok := strings.CutPrefix(strings.TrimPrefix(s, "-"), "PT")
	if !ok || rest == "" {
		return 0, false
	}
	var total uint64
	for _, u := range [...]struct {
		unit byte
		size time.Duration
	}{{'H', time.Hour}, {'M', time.Minute}, {'S', time.Second}} {
		i := strings.IndexByte(rest, u.unit)
		if i < 0 {
			continue
		}
		n, ok := decimalNanos(rest[:i], u.size)
		if !ok || total+n < total || total+n > 1<<63-1 && (!negative || total+n > 1<<63) {
			return 0, false
		}
		total, rest = total+n, rest[i+1:]
	}
	if negative {
		return -Duration(total), rest == ""
	}
	return Duration(total), rest == ""
}

// decimalNanos reads digits (with decimals, where the unit is the second) times a unit.
func decimalNanos(s string, unit time.Duration) (uint64, bool) {
	whole, fraction, decimals := strings.Cut(s, ".")
	if !digits(whole) || decimals && (unit != time.Second || !digits(fraction) || len(fraction) > 9) {
		return 0, false
	}
	n, err := strconv.ParseUint(whole, 10, 63)
	if err != nil || n > (1<<63-1)/uint64(unit) {
		return 0, false
	}
	n *= uint64(unit)
	if decimals {
		f, _ := strconv.ParseUint((fraction + "000000000")[:9], 10, 63)
		n += f
	}
	return n, true
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// Period is a span of the calendar: months and days. Its JSON is that of ISO 8601: "P12M", "P30D", "P1M15D".
type Period struct{ Months, Days int }

// After returns the date a period after t, at the same time of day. A day that the target month does not have
// becomes its last: one month after 31 January is 28 or 29 February.
func (p Period) After(t time.Time) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(p.Months), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1+p.Days)
}

// IsZero tells that the period has no length.
func (p Period) IsZero() bool { return p == Period{} }

// String returns the ISO 8601 form; "" for a period that has none.
func (p Period) String() string {
	text, _ := p.MarshalText()
	return string(text)
}

// The limits of a [Period]: about 10,000 years.
const (
	maxMonths = 120_000
	maxDays   = 3_660_000
)

// MarshalText writes the ISO 8601 form; the zero period is "P0D". A negative period, and one of more than
// 120,000 months or 3,660,000 days, is [ErrInvalid].
func (p Period) MarshalText() ([]byte, error) {
	if p.Months < 0 || p.Days < 0 || p.Months > maxMonths || p.Days > maxDays {
		return nil, Invalid("", "range", "value", strconv.Itoa(p.Months)+" months, "+strconv.Itoa(p.Days)+" days",
			"want", "0 to 120000 months and 0 to 3660000 days")
	}
	b := []byte{'P'}
	if p.Months > 0 {
		b = append(strconv.AppendInt(b, int64(p.Months), 10), 'M')
	}
	if p.Days > 0 || p.Months == 0 {
		b = append(strconv.AppendInt(b, int64(p.Days), 10), 'D')
	}
	return b, nil
}

// UnmarshalText reads years, months, weeks and days: "P1Y6M", "P2W", "P30D". They are 120,000 months and
// 3,660,000 days at most.
func (p *Period) UnmarshalText(text []byte) error {
	v, ok := parsePeriod(string(text))
	if !ok {
		return Invalid("", "format", "value", clip(string(text)), "want", "an ISO 8601 period such as P12M or P30D")
	}
	*p = v
	return nil
}

func parsePeriod(s string) (Period, bool) {
	rest, ok := strings.CutPrefix(s, "P")
	if !ok || rest == "" {
		return Period{}, false
	}
	var out Period
	for _, u := range [...]struct {
		unit         byte
		months, days int
	}{{'Y', 12, 0}, {'M', 1, 0}, {'W', 0, 7}, {'D', 0, 1}} {
		i := strings.IndexByte(rest, u.unit)
		if i < 0 {
			continue
		}
		n, err := strconv.Atoi(rest[:i])
		if err != nil || !digits(rest[:i]) || n > maxDays {
			return Period{}, false
		}
		out.Months, out.Days, rest = out.Months+n*u.months, out.Days+n*u.days, rest[i+1:]
	}
	return out, rest == "" && out.Months <= maxMonths && out.Days <= maxDays
}

// clip shortens what a message quotes to 80 bytes of valid text.
func clip(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
