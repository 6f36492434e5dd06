package register

import (
	"errors"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/money"
)

// codes are the codes of problems for what the calculating packages refuse.
var codes = []struct {
	err  error
	code string
}{
	{depreciation.ErrSalvage, "salvage_above_cost"}, {depreciation.ErrNegative, "negative"}, {depreciation.ErrPeriods, "periods"},
	{depreciation.ErrMethod, "method"}, {depreciation.ErrConvention, "convention"}, {depreciation.ErrDates, "dates"},
	{depreciation.ErrRate, "rate"}, {depreciation.ErrUnits, "units"},
	{money.ErrCurrency, "currency"}, {money.ErrRounding, "rounding"}, {money.ErrOverflow, "overflow"}, {money.ErrScale, "scale"},
}

// invalid makes a problem of a field from what a calculation refused; nil if that is nothing. The path is that of a plan
// where the calculation names its field.
func invalid(path string, errs ...error) error {
	err := errors.Join(errs...)
	if err == nil {
		return nil
	}
	var at *depreciation.FieldError
	if errors.As(err, &at) {
		path += "." + at.Field
	}
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return itsm.Invalid(path, c.code, "error", err.Error())
		}
	}
	return err
}

// checkDate refuses no date, and one that does not exist.
func checkDate(path string, d calendar.Date) error {
	if d.IsZero() {
		return itsm.Invalid(path, "required")
	}
	if real, err := calendar.ParseDate(d.String()); err != nil || real != d {
		return itsm.Invalid(path, "date", "value", d.String(), "want", "a day of the years 1 to 9999")
	}
	return nil
}

// checkAmount refuses no amount, one below 0, and one of another currency than the book's.
func checkAmount(path string, a money.Amount, b *Book) error {
	want := b.Plan.Cost.Currency()
	switch {
	case a.IsZero():
		return itsm.Invalid(path, "required")
	case a.Currency() != want:
		return itsm.Invalid(path, "currency", "value", a.String(), "want", string(want))
	case a.Sign() < 0:
		return itsm.Invalid(path, "negative", "value", a.String(), "min", "0")
	}
	return nil
}
