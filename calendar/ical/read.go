package ical

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/itsmkit/itsm/calendar"
)

// Errors of a file; compare with errors.Is.
var (
	// ErrInvalid: the file is not an iCalendar file, or an event in it is wrong. The message names the event.
	ErrInvalid = errors.New("ical: invalid")
	// ErrTooLarge: the file has more of something than is read.
	ErrTooLarge = errors.New("ical: too large")
)

// The limits of a file.
const (
	maxBytes       = 4 << 20
	maxDepth       = 8
	maxRecurring   = 2_000
	maxOccurrences = 500_000
)

// Holiday is one date of an event that lasts whole days.
type Holiday struct {
	Date calendar.Date
	Name string // the event's summary
}

// Dates returns the dates of holidays, each once, in ascending order.
func Dates(list []Holiday) []calendar.Date {
	var dates []calendar.Date
	for _, h := range list {
		dates = append(dates, h.Date)
	}
	slices.SortFunc(dates, calendar.Date.Compare)
	return slices.Compact(dates)
}

// Read returns the holidays of the years from first to last, by date and then by name. It reads all of r.
func Read(r io.Reader, first, last int) ([]Holiday, error) {
	if first < 1 || last > 9999 || first > last {
		return nil, fmt.Errorf("%w: the years %d to %d are no range of the years 1 to 9999", ErrInvalid, first, last)
	}
	text, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("ical: reading: %w", err)
	case len(text) > maxBytes:
		return nil, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, maxBytes)
	}
	text = unfold(text)
	if err := checkComponents(text); err != nil {
		return nil, err
	}
	file, err := ics.ParseCalendar(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	x := &reading{
		from:     time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC),
		to:       time.Date(last+1, 1, 1, 0, 0, 0, 0, time.UTC),
		replaced: map[occurrence]bool{},
		found:    map[Holiday]bool{},
	}
	events := make([]event, 0, len(file.Events()))
	for i, component := range file.Events() {
		e, err := readEvent(component)
		if err != nil {
			return nil, fmt.Errorf("%w: event %d: %w", ErrInvalid, i+1, err)
		}
		if !e.replaces.IsZero() {
			x.replaced[occurrence{e.uid, calendar.DateOf(e.replaces)}] = true
		}
		events = append(events, e)
	}
	for i, e := range events {
		if err := x.add(e); err != nil {
			return nil, fmt.Errorf("%w (event %d)", err, i+1)
		}
	}
	return x.sorted(), nil
}

// reading collects the holidays of one file.
type reading struct {
	from, to    time.Time           // the years that are asked for
	replaced    map[occurrence]bool // by an event with RECURRENCE-ID
	found       map[Holiday]bool
	recurring   int
	nevers      int
	occurrences int
}

// occurrence is one date on which an event begins.
type occurrence struct {
	uid  string
	date calendar.Date
}

func (x *reading) add(e event) error {
	if e.cancelled || e.days == 0 {
		return nil
	}
	if !e.replaces.IsZero() {
		return x.addDates(e, e.start)
	}
	except := map[calendar.Date]bool{}
	for _, t := range e.except {
		except[calendar.DateOf(t)] = true
	}
	starts := func(t time.Time) error {
		date := calendar.DateOf(t)
		if except[date] || x.replaced[occurrence{e.uid, date}] {
			return nil
		}
		return x.addDates(e, t)
	}
	for _, t := range append([]time.Time{e.start}, e.also...) {
		if err := starts(t); err != nil {
			return err
		}
	}
	for _, text := range e.rules {
		if err := x.recur(e, text, starts); err != nil {
			return err
		}
	}
	return nil
}

// addDates adds the dates of one occurrence that are in the years asked for.
func (x *reading) addDates(e event, start time.Time) error {
	day := time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, time.UTC)
	end := day.AddDate(0, 0, e.days)
	if day.Before(x.from) {
		day = x.from
	}
	if end.After(x.to) {
		end = x.to
	}
	for ; day.Before(end); day = day.AddDate(0, 0, 1) {
		if err := x.count(); err != nil {
			return err
		}
		x.found[Holiday{calendar.DateOf(day), e.name}] = true
	}
	return nil
}

// count counts one occurrence that had to be looked at.
func (x *reading) count() error {
	if x.occurrences++; x.occurrences > maxOccurrences {
		return fmt.Errorf("%w: more than %d occurrences", ErrTooLarge, maxOccurrences)
	}
	return nil
}

func (x *reading) sorted() []Holiday {
	list := make([]Holiday, 0, len(x.found))
	for h := range x.found {
		list = append(list, h)
	}
	slices.SortFunc(list, func(a, b Holiday) int {
		return cmp.Or(a.Date.Compare(b.Date), strings.Compare(a.Name, b.Name))
	})
	return list
}

// unfold joins the lines that RFC 5545 (3.1) allows to be folded.
func unfold(text []byte) []byte {
	return []byte(strings.NewReplacer("\r\n ", "", "\r\n\t", "", "\n ", "", "\n\t", "").Replace(string(text)))
}

// checkComponents refuses components that are nested deeper than any real file has them, since they are parsed
// recursively, and those without an end: the file was cut, which the library does not notice between two events.
func checkComponents(text []byte) error {
	depth, begun := 0, false
	for line := range bytes.Lines(text) {
		name, _, _ := bytes.Cut(line[:min(len(line), len("BEGIN:"))], []byte(":"))
		switch string(bytes.ToUpper(name)) {
		case "BEGIN", "BEGIN;":
			depth, begun = depth+1, true
		case "END":
			depth--
		}
		if depth > maxDepth {
			return fmt.Errorf("%w: components are nested deeper than %d", ErrTooLarge, maxDepth)
		}
	}
	switch {
	case !begun:
		return fmt.Errorf("%w: no calendar", ErrInvalid)
	case depth > 0:
		return fmt.Errorf("%w: the file is cut: it ends within a component", ErrInvalid)
	}
	return nil
}
