package depreciation

import (
	"errors"
	"fmt"
)

// The errors of a plan, matched with errors.Is; [FieldError] names the field. Those of package money pass through: [money.ErrCurrency] where cost and
// salvage differ, [money.ErrRounding] where none is named.
var (
	ErrSalvage    = errors.New("salvage above cost")
	ErrNegative   = errors.New("negative amount")
	ErrPeriods    = errors.New("periods")    // fewer than 1, or more than MaxPeriods
	ErrMethod     = errors.New("method")     // unknown, or one that the convention does not go with
	ErrConvention = errors.New("convention") // unknown
	ErrDates      = errors.New("dates")      // missing, or not in one period
	ErrRate       = errors.New("rate")       // of a declining balance, or a factor: not above zero
	ErrUnits      = errors.New("units")      // negative, or no total of them
)

// FieldError says which field of a [Plan] is wrong. It matches the error that it has.
type FieldError struct {
	Field string // as in the JSON: "first_end"
	Err   error
}

func (e *FieldError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *FieldError) Unwrap() error { return e.Err }

// wrong refuses a field of a plan.
func wrong(field string, kind error, format string, args ...any) error {
	return &FieldError{field, refuse(kind, format, args...)}
}

func refuse(kind error, format string, args ...any) error {
	return fmt.Errorf("depreciation: %w: %s", kind, fmt.Sprintf(format, args...))
}
