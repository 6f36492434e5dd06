package ical

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// event is what of a VEVENT matters here.
type event struct {
	uid, name string
	start     time.Time // in the zone of the event, or UTC for a date
	days      int       // 0 if it does not last whole days
	rules     []string
	also      []time.Time
	except    []time.Time
	replaces  time.Time // RECURRENCE-ID
	cancelled bool
}

func readEvent(v *ics.VEvent) (event, error) {
	e := event{
		uid:       value(v, "UID"),
		name:      strings.TrimSpace(value(v, "SUMMARY")),
		cancelled: strings.EqualFold(value(v, "STATUS"), "CANCELLED"),
	}
	begin := v.GetProperty("DTSTART")
	if begin == nil {
		return e, errors.New("has no DTSTART")
	}
	var err error
	if e.start, err = readTime(begin, begin.Value); err != nil {
		return e, err
	}
	if e.days, err = wholeDays(v, e.start, !strings.Contains(begin.Value, "T")); err != nil {
		return e, err
	}
	if id := v.GetProperty("RECURRENCE-ID"); id != nil {
		if len(id.ICalParameters["RANGE"]) > 0 {
			return e, errors.New("changes all later occurrences (RANGE), which is not supported")
		}
		if e.replaces, err = readTime(id, id.Value); err != nil {
			return e, err
		}
	}
	for _, p := range v.GetProperties("RRULE") {
		e.rules = append(e.rules, p.Value)
	}
	if e.also, err = readTimes(v, "RDATE"); err != nil {
		return e, err
	}
	e.except, err = readTimes(v, "EXDATE")
	return e, err
}

func value(v *ics.VEvent, name ics.ComponentProperty) string {
	if p := v.GetProperty(name); p != nil {
		return p.Value
	}
	return ""
}

// readTimes reads a property that may be repeated and lists values. The periods that an RDATE may give count from their
// start.
func readTimes(v *ics.VEvent, name ics.ComponentProperty) (list []time.Time, err error) {
	for _, p := range v.GetProperties(name) {
		for text := range strings.SplitSeq(p.Value, ",") {
			text, _, _ = strings.Cut(text, "/")
			t, err := readTime(p, text)
			if err != nil {
				return nil, err
			}
			list = append(list, t)
		}
	}
	return list, nil
}

// readTime reads a date or a date with a time. A zone that is not an IANA zone is taken for UTC: only the dates as they
// are written matter.
func readTime(p *ics.IANAProperty, text string) (time.Time, error) {
	zone := time.UTC
	if id := p.ICalParameters["TZID"]; len(id) == 1 && id[0] != "Local" {
		if known, err := time.LoadLocation(id[0]); err == nil {
			zone = known
		}
	}
	layout := "20060102T150405"
	if !strings.Contains(text, "T") {
		layout, zone = "20060102", time.UTC
	} else if strings.HasSuffix(text, "Z") {
		layout, zone = "20060102T150405Z", time.UTC
	}
	t, err := time.ParseInLocation(layout, text, zone)
	if err != nil || t.Year() < 2 { // the zero time means none, here and in the library for rules
		return time.Time{}, fmt.Errorf("%s has %.40q, which is no date", p.IANAToken, text)
	}
	return t, nil
}

// wholeDays returns how many whole dates an event covers, or 0.
func wholeDays(v *ics.VEvent, start time.Time, isDate bool) (int, error) {
	if !isDate && !isMidnight(start) {
		return 0, nil
	}
	end := v.GetProperty("DTEND")
	length := v.GetProperty("DURATION")
	switch {
	case end != nil:
		t, err := readTime(end, end.Value)
		if err != nil {
			return 0, err
		}
		days := int(dateNumber(t) - dateNumber(start))
		if days < 0 {
			return 0, errors.New("ends before it starts")
		}
		if isMidnight(t) || !strings.Contains(end.Value, "T") {
			if isDate {
				days = max(days, 1) // some programs write the date itself
			}
			return days, nil
		}
		return 0, nil
	case length != nil:
		return readDuration(length.Value)
	case isDate:
		return 1, nil
	}
	return 0, nil
}

func isMidnight(t time.Time) bool {
	h, m, s := t.Clock()
	return h == 0 && m == 0 && s == 0
}

// dateNumber counts the dates as they are written.
func dateNumber(t time.Time) int64 {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
}

var durations = regexp.MustCompile(`^\+?P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$`)

// readDuration returns the whole days of a duration, or 0 if it is not of whole days.
func readDuration(text string) (int, error) {
	parts := durations.FindStringSubmatch(text)
	if parts == nil {
		return 0, fmt.Errorf("has the DURATION %.40q", text)
	}
	seconds := 0
	for i, unit := range [...]int{7 * 86400, 86400, 3600, 60, 1} {
		n, _ := strconv.Atoi(parts[i+1]) // digits or nothing
		seconds += n * unit
	}
	if seconds%86400 != 0 {
		return 0, nil
	}
	return seconds / 86400, nil
}
