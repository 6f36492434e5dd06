package charging

import (
	"errors"
	"fmt"
	"strings"

	"github.com/itsmkit/itsm/calendar"
)

// The errors of this package, matched with errors.Is. Those of package money pass through: [money.ErrCurrency] where two
// currencies meet or one is missing, [money.ErrRounding] where none is named, [money.ErrOverflow].
var (
	ErrNegative = errors.New("negative quantity")
	ErrBeyond   = errors.New("beyond the last tier")
	ErrTariff   = errors.New("tariff")     // unknown model, tiers out of order, no size of a package
	ErrDates    = errors.New("dates")      // missing, the wrong way round, outside the period
	ErrList     = errors.New("price list") // entries of an item that overlap, or leave days out
	ErrNoPrice  = errors.New("no price")   // *PriceError: the list has none for the item on the day
	ErrUsage    = errors.New("usage")      // of nobody or nothing; an ID used again for something else
	ErrTax      = errors.New("tax")        // a negative rate, an unknown mode
	ErrMode     = errors.New("mode")       // of a minimum: unknown
)

// PriceError says that a price list has no price for an item on a day. It is [ErrNoPrice].
type PriceError struct {
	Item        string
	Day         calendar.Date
	First, Last calendar.Date // the days that the list has prices for; zero: for none, or without end
}

// Error tells which days have a price.
func (e *PriceError) Error() string {
	switch {
	case e.First.IsZero():
		return fmt.Sprintf("charging: %v: the list does not have item %q", ErrNoPrice, clip(e.Item))
	case e.Last.IsZero():
		return fmt.Sprintf("charging: %v: item %q on %s, the list has it from %s on", ErrNoPrice, clip(e.Item), e.Day, e.First)
	}
	return fmt.Sprintf("charging: %v: item %q on %s, the list has it from %s to %s", ErrNoPrice, clip(e.Item), e.Day, e.First, e.Last)
}

// Is makes errors.Is(e, ErrNoPrice) hold.
func (e *PriceError) Is(target error) bool { return target == ErrNoPrice }

func refuse(kind error, format string, args ...any) error {
	return fmt.Errorf("charging: %w: %s", kind, fmt.Sprintf(format, args...))
}

// placed is an error with where it occurred.
type placed struct {
	where string
	err   error
}

func (e *placed) Error() string {
	return "charging: " + e.where + ": " + strings.TrimPrefix(e.err.Error(), "charging: ")
}

func (e *placed) Unwrap() error { return e.err }

// at says where an error occurred; there is none without one.
func at(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &placed{fmt.Sprintf(format, args...), err}
}

// clip keeps a text from elsewhere short enough for an error.
func clip(s string) string {
	const longest = 64
	if len(s) > longest {
		return s[:longest] + "…"
	}
	return s
}
