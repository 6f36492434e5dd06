package money

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// The errors of this package, matched with errors.Is. The types below carry details and are found with errors.As.
var (
	ErrCurrency       = errors.New("currency")         // unknown or missing; *MismatchError if two differ
	ErrOverflow       = errors.New("overflow")         // the exact result does not fit
	ErrScale          = errors.New("more decimals")    // more than the coin, or than the 18 of a number
	ErrSyntax         = errors.New("syntax")           // a text that is no plain decimal number, JSON of another shape
	ErrRounding       = errors.New("rounding")         // none is named, or one that does not exist
	ErrDivision       = errors.New("division by zero") // also a share of nothing
	ErrNoWeights      = errors.New("no weights")       // nobody to share among
	ErrNegativeWeight = errors.New("negative weight")  // the message tells which
	ErrZeroWeights    = errors.New("zero weights")     // all of them are zero
	ErrRate           = errors.New("exchange rate")    // *RateError if none is known, or a quote that is wrong in itself
)

// MismatchError says that two amounts cannot be combined. It is [ErrCurrency].
type MismatchError struct{ A, B Currency }

func (e *MismatchError) Error() string {
	name := func(c Currency) string {
		if c == "" {
			return "no currency"
		}
		return string(c)
	}
	return "money: the currencies differ: " + name(e.A) + " and " + name(e.B)
}

// Is makes errors.Is(e, ErrCurrency) hold.
func (e *MismatchError) Is(target error) bool { return target == ErrCurrency }

// sumError says why there is no sum. It is a [MismatchError] or [ErrOverflow].
type sumError struct{ a, b unit }

func (e *sumError) Error() string {
	if err := e.Unwrap(); !errors.Is(err, ErrOverflow) {
		return err.Error()
	}
	return overflow().Error()
}

func (e *sumError) Unwrap() error {
	if e.a != e.b || e.a == 0 {
		return &MismatchError{e.a.currency(), e.b.currency()}
	}
	return ErrOverflow
}

// RateError says that a table has no exchange rate for a day. It is [ErrRate].
type RateError struct {
	From, To Currency
	Day      time.Time
	Latest   time.Time // of the last quote before that day, which is too old; zero if there is none
}

func (e *RateError) Error() string {
	s := fmt.Sprintf("money: no exchange rate from %s to %s for %s", e.From, e.To, e.Day.Format(time.DateOnly))
	if !e.Latest.IsZero() {
		s += ": the latest is of " + e.Latest.Format(time.DateOnly)
	}
	return s
}

// Is makes errors.Is(e, ErrRate) hold.
func (e *RateError) Is(target error) bool { return target == ErrRate }

// clip shortens what a message quotes to 40 bytes of valid text.
func clip(s string) string {
	if len(s) > 40 {
		s = s[:40] + "…"
	}
	return strings.ToValidUTF8(s, "?")
}
