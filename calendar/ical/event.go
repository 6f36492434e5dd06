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

// event is what of a VEVENT matters here. Its times are wall clocks: dates and times as they are written, in UTC, so that
// no zone skips or repeats one.
type event struct {
	uid, name string
	zone      zone
	start     time.Time
	days      int // 0 if it does not last whole days; then it has no rules and no times but the start
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
	e.zone = zoneOf(begin)
	var err error
	if e.start, err = e.zone.read(begin, begin.Value); err != nil {
		return e, err
	}
	if e.days, err = e.wholeDays(v, !strings.Contains(begin.Value, "T")); err != nil {
		return e, err
	}
	if id := v.GetProperty("RECURRENCE-ID"); id != nil {
		if len(id.ICalParameters["RANGE"]) > 0 {
			return e, errors.New("changes all later occurrences (RANGE), which is not supported")
		}
		if e.replaces, err = e.zone.read(id, id.Value); err != nil {
			return e, err
		}
	}
	if e.days == 0 {
		return e, nil
	}
	if v.GetProperty("EXRULE") != nil {
		return e, errors.New("has exceptions by a rule (EXRULE), which is not supported")
	}
	for _, p := range v.GetProperties("RRULE") {
		e.rules = append(e.rules, p.Value)
	}
	if e.also, err = e.readTimes(v, "RDATE"); err != nil {
		return e, err
	}
	e.except, err = e.readTimes(v, "EXDATE")
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
func (e event) readTimes(v *ics.VEvent, name ics.ComponentProperty) (list []time.Time, err error) {
	for _, p := range v.GetProperties(name) {
		for text := range strings.SplitSeq(p.Value, ",") {
			text, _, _ = strings.Cut(text, "/")
			t, err := e.zone.read(p, text)
			if err != nil {
				return nil, err
			}
			list = append(list, t)
		}
	}
	return list, nil
}

// wholeDays returns how many whole dates an event covers, or 0.
func (e event) wholeDays(v *ics.VEvent, isDate bool) (int, error) {
	if !isDate && !isMidnight(e.start) {
		return 0, nil
	}
	end := v.GetProperty("DTEND")
	length := v.GetProperty("DURATION")
	switch {
	case end != nil:
		t, err := e.zone.read(end, end.Value)
		if err != nil {
			return 0, err
		}
		days := int(dateNumber(t) - dateNumber(e.start))
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
