package calendar

import (
	"errors"
	"slices"
	"strings"
)

// Errors that callers may want to tell apart; compare with errors.Is.
var (
	// ErrInvalid is matched by every error about a definition; see [InvalidError].
	ErrInvalid = errors.New("calendar: invalid")
	// ErrNoWorkingTime: a calendar has no working time from there on, or not enough of it.
	ErrNoWorkingTime = errors.New("calendar: no more working time")
	// ErrNeverCloses: a calendar has nothing but working time from there on.
	ErrNeverCloses = errors.New("calendar: never closes")
	// ErrNegative: an amount of working time or of working days is negative.
	ErrNegative = errors.New("calendar: negative amount")
	// ErrRange: an instant, given or found, is outside the years 1 to 9999, or a result is outside time.Duration.
	ErrRange = errors.New("calendar: out of range")
)

// Problem is one thing that is wrong in a definition.
type Problem struct {
	// Place is where it is: "zone", "hours.mon[1]", "closed[0]", "special.2026-12-24[0]".
	Place string
	// Text says what is wrong.
	Text string
}

// InvalidError lists everything that is wrong in a definition: first what is wrong with the form of its JSON, then
// the rest in the order zone, hours, closed, special. It matches [ErrInvalid].
type InvalidError struct{ Problems []Problem }

// Error gives all problems, each after its place.
func (e *InvalidError) Error() string {
	var b strings.Builder
	b.WriteString("calendar: invalid: ")
	for i, p := range e.Problems {
		if i > 0 {
			b.WriteString("; ")
		}
		if p.Place != "" {
			b.WriteString(p.Place + ": ")
		}
		b.WriteString(p.Text)
	}
	return b.String()
}

// Is tells that the error is an [ErrInvalid].
func (e *InvalidError) Is(target error) bool { return target == ErrInvalid }

// problems collects what is wrong.
type problems []Problem

func (p *problems) add(place, text string) { *p = append(*p, Problem{Place: place, Text: text}) }

// merge adds the problems of places that have none yet.
func (p *problems) merge(more []Problem) {
	for _, m := range more {
		if !slices.ContainsFunc(*p, func(have Problem) bool { return have.Place == m.Place }) {
			*p = append(*p, m)
		}
	}
}

// err returns nil if nothing is wrong.
func (p problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return &InvalidError{Problems: p}
}

// invalid is an error with one problem.
func invalid(place, text string) error { return &InvalidError{Problems: []Problem{{place, text}}} }

// quote shows text from a definition in a message: its first 40 bytes, as valid UTF-8.
func quote(s string) string {
	if len(s) > 40 {
		s = s[:40] + "…"
	}
	return `"` + strings.ToValidUTF8(s, "\uFFFD") + `"`
}
