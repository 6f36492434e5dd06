package ical

import (
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// zone is the zone that the start of an event names: UTC if it names none. It tells which date an instant in UTC is.
type zone struct {
	name     string
	location *time.Location // nil if the name is not one of IANA
}

func zoneOf(start *ics.IANAProperty) zone {
	id := start.ICalParameters["TZID"]
	if len(id) != 1 || strings.HasSuffix(start.Value, "Z") {
		return zone{location: time.UTC}
	}
	z := zone{name: id[0]}
	if known, err := time.LoadLocation(z.name); err == nil && z.name != "Local" {
		z.location = known
	}
	return z
}

// read reads a date or a date with a time as it is written; an instant in UTC as the clocks of the zone show it.
func (z zone) read(p *ics.IANAProperty, text string) (time.Time, error) {
	layout := "20060102T150405"
	instant := strings.HasSuffix(text, "Z")
	switch {
	case !strings.Contains(text, "T"):
		layout, instant = "20060102", false
	case instant:
		layout = "20060102T150405Z"
	}
	t, err := time.Parse(layout, text)
	if err != nil || t.Year() < 2 { // the zero time means none, here and in the library for rules
		return time.Time{}, fmt.Errorf("%s has %.40q, which is no date", p.IANAToken, text)
	}
	if !instant {
		return t, nil
	}
	t, err = z.wall(t)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s: %w", p.IANAToken, err)
	}
	return t, nil
}

// wall returns what the clocks of the zone show at an instant.
func (z zone) wall(t time.Time) (time.Time, error) {
	if z.location == nil {
		return time.Time{}, fmt.Errorf("is given in UTC, and the zone %.40q of the event is not an IANA zone that would tell its date", z.name)
	}
	_, offset := t.In(z.location).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second), nil
}
