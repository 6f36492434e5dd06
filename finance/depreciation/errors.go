package depreciation

import (
	"errors"
	"fmt"
)

// The errors of a plan, matched with errors.Is. Those of package money pass through: [money.ErrCurrency] where cost and
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

func refuse(kind error, format string, args ...any) error {
	return fmt.Errorf("depreciation: %w: %s", kind, fmt.Sprintf(format, args...))
}
