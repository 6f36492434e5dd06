package ical

import (
	"fmt"
	"regexp"
	"time"

	"github.com/teambition/rrule-go"
)

// maxInterval is the longest step of a rule, in its unit.
const maxInterval = 1_000

// maxNever is how many rules may have an end and no occurrence before it.
const maxNever = 10

// instantUntil matches a rule whose end is an instant in UTC, not a date or a time as the event's clocks show it.
var instantUntil = regexp.MustCompile(`(?:^|;)UNTIL=[^;]*Z`)

// recur calls f with the occurrences of a rule, until the years that are asked for are over.
func (x *reading) recur(e event, text string, f func(time.Time) error) error {
	if x.recurring++; x.recurring > maxRecurring {
		return fmt.Errorf("%w: more than %d recurring events", ErrTooLarge, maxRecurring)
	}
	option, err := rrule.StrToROption(text)
	if err != nil {
		return fmt.Errorf("%w: rule %.80q: %w", ErrInvalid, text, err)
	}
	// The numbering of frequencies ends with those of less than a day.
	if option.Freq > rrule.DAILY || len(option.Byhour)+len(option.Byminute)+len(option.Bysecond) > 0 {
		return fmt.Errorf("%w: rule %.80q repeats within a day", ErrInvalid, text)
	}
	if option.Interval > maxInterval {
		return fmt.Errorf("%w: rule %.80q has an interval of more than %d", ErrTooLarge, text, maxInterval)
	}
	if instantUntil.MatchString(text) {
		if option.Until, err = e.zone.wall(option.Until); err != nil {
			return fmt.Errorf("%w: rule %.80q: its UNTIL %w", ErrInvalid, text, err)
		}
	}
	option.Dtstart = e.start
	endless := option.Until.IsZero()
	if endless { // the library would end it after 292 years
		option.Until = x.to.AddDate(1, 0, 0)
	}
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return fmt.Errorf("%w: rule %.80q: %w", ErrInvalid, text, err)
	}
	if option.Until.Before(e.start) {
		return nil // nothing after the start, or nothing in the years asked for
	}
	next := rule.Iterator()
	for n := 0; ; n++ {
		t, ok := next()
		switch {
		case !ok && n == 0:
			return x.never(text, endless)
		case !ok, t.Year() > x.to.Year():
			return nil
		}
		if err := x.count(); err != nil {
			return err
		}
		if err := f(t); err != nil {
			return err
		}
	}
}

// never is called for a rule without any occurrence; to know that, the library has looked at all years up to 9999.
func (x *reading) never(text string, endless bool) error {
	if endless {
		return fmt.Errorf("%w: rule %.80q never occurs", ErrInvalid, text)
	}
	if x.nevers++; x.nevers > maxNever {
		return fmt.Errorf("%w: more than %d rules that never occur", ErrTooLarge, maxNever)
	}
	return nil
}
