package itsm

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Sequence returns the series that the kind's numbers come from; the zero Sequence if it has none.
func (s *Shape) Sequence() Sequence {
	if s.number.Prefix == "" {
		return Sequence{}
	}
	return Sequence{Prefix: s.number.Prefix, Digits: s.number.Digits, GapFree: s.number.GapFree}
}

// Format returns the n-th number of the series: "INC0000042".
func (q Sequence) Format(n int64) string {
	digits := strconv.FormatInt(n, 10)
	if len(digits) < q.Digits {
		digits = strings.Repeat("0", q.Digits-len(digits)) + digits
	}
	return q.Prefix + digits
}

// Parse returns which number of the series a text is, or 0: a store keeps a series ahead of numbers that were
// imported.
func (q Sequence) Parse(number string) int64 {
	rest, ok := strings.CutPrefix(number, q.Prefix)
	if !ok || !digits(rest) || len(rest) > 18 || len(rest) < q.Digits {
		return 0
	}
	n, _ := strconv.ParseInt(rest, 10, 64)
	return n
}

// SetNumber sets a drawn number in a record and its event. Only a store calls it, before it stores them.
func (s *Shape) SetNumber(rec any, e *Event, number string) {
	head(rec).Number, e.Number = number, number
}

func (s *Shape) draws(on string, opening bool) bool {
	return s.number.Prefix != "" && (on == s.number.On || s.number.On == "" && opening)
}

func (s *Shape) declareNumber() error {
	n := &s.number
	if n.Digits == 0 {
		n.Digits = 7
	}
	switch {
	case n.Prefix == "" && (n.On != "" || n.GapFree):
		return errors.New("Number.Prefix is required with On and GapFree")
	case len(n.Prefix) > 20 || checkText(n.Prefix, 20) != "" || strings.ContainsAny(n.Prefix, "0123456789 "):
		return fmt.Errorf("Number.Prefix %q: want up to 20 bytes without digits and spaces", n.Prefix)
	case n.Digits < 1 || n.Digits > 18:
		return fmt.Errorf("Number.Digits %d: want 1 to 18", n.Digits)
	case n.On != "" && !slices.Contains(s.actions, n.On):
		return fmt.Errorf("Number.On %q: the kind has no such action", n.On)
	}
	return nil
}
