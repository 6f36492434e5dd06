package snlog

import "time"

// dateFormat is how an error names the form that parseDate reads.
const dateFormat = "d/m/yyyy hh:mm"

// parseDate reads d/m/yyyy hh:mm as a wall time in UTC. Day and month have one or two digits, the year four,
// hour and minute two. It refuses a day that the calendar does not have.
func parseDate(s string) (time.Time, bool) {
	day, s, ok1 := digits(s, 1, 2, '/')
	month, s, ok2 := digits(s, 1, 2, '/')
	year, s, ok3 := digits(s, 4, 4, ' ')
	hour, s, ok4 := digits(s, 2, 2, ':')
	minute, _, ok5 := digits(s, 2, 2, 0)
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 {
		return time.Time{}, false
	}
	if year == 0 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, 0, 0, time.UTC)
	return t, t.Day() == day // 31/2 would have become 2/3
}

// digits reads a number of least to most digits and the byte after it. An end of 0 is the end of s.
func digits(s string, least, most int, end byte) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && i < most && '0' <= s[i] && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	switch {
	case i < least:
		return 0, "", false
	case end == 0:
		return n, "", i == len(s)
	case i < len(s) && s[i] == end:
		return n, s[i+1:], true
	}
	return 0, "", false
}

// instant returns when it was a wall time in the reader's zone.
func (r *Reader) instant(wall time.Time) time.Time {
	if r.zone == nil {
		return wall
	}
	return time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), 0, 0, r.zone).UTC()
}
