package charging

import (
	"math/big"
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// MonthPart is what falls to some days of a calendar month.
type MonthPart struct {
	Year   int          `json:"year"`
	Month  time.Month   `json:"month"`
	Days   int          `json:"days"` // that are charged
	Of     int          `json:"of"`   // that the month has
	Amount money.Amount `json:"amount"`
}

// Prorate charges a monthly price from one day to another, both charged: for each calendar month the price times the days
// charged, divided by the days of that month, rounded to the coin month by month. The end before the begin is [ErrDates].
func Prorate(monthly money.Price, from, until calendar.Date, r money.Rounding) (months []MonthPart, sum money.Amount, err error) {
	if err := checkDays(from, until); err != nil {
		return nil, money.Amount{}, err
	}
	if sum, err = money.New(0, monthly.Currency()); err != nil {
		return nil, money.Amount{}, at(err, "the monthly price")
	}
	for at := from; at.Compare(until) <= 0; at = monthEnd(at).AddDays(1) {
		part := MonthPart{Year: at.Year, Month: at.Month, Of: monthEnd(at).Day}
		part.Days = min(at.DaysUntil(until), at.DaysUntil(monthEnd(at))) + 1
		if part.Amount, err = prorated(monthly.Rat(), part.Days, part.Of, monthly.Currency(), r); err != nil {
			return nil, money.Amount{}, err
		}
		if sum, err = sum.Add(part.Amount); err != nil {
			return nil, money.Amount{}, err
		}
		months = append(months, part)
	}
	return months, sum, nil
}

// PlanChange charges one calendar month in which a monthly price changes: the new one holds from a day on to the end of
// the month, that day included. Both parts are rounded on their own; on the first of a month the old part is 0.
func PlanChange(before, after money.Price, on calendar.Date, r money.Rounding) (oldPart, newPart money.Amount, err error) {
	if err := checkDays(on, on); err != nil {
		return oldPart, newPart, err
	}
	if _, err := before.Cmp(after); err != nil {
		return oldPart, newPart, at(err, "the prices before and after")
	}
	last := monthEnd(on)
	if oldPart, err = prorated(before.Rat(), on.Day-1, last.Day, before.Currency(), r); err != nil {
		return money.Amount{}, money.Amount{}, err
	}
	if newPart, err = prorated(after.Rat(), last.Day-on.Day+1, last.Day, after.Currency(), r); err != nil {
		return money.Amount{}, money.Amount{}, err
	}
	return oldPart, newPart, nil
}

// prorated is a month's amount for some of its days, rounded once.
func prorated(month *big.Rat, days, of int, c money.Currency, r money.Rounding) (money.Amount, error) {
	return money.RoundRat(new(big.Rat).Mul(month, big.NewRat(int64(days), int64(of))), c, r)
}

// monthEnd is the last day of the month of d.
func monthEnd(d calendar.Date) calendar.Date {
	return calendar.DateOf(time.Date(d.Year, d.Month+1, 0, 0, 0, 0, 0, time.UTC))
}

// checkDays makes sure that two dates exist and are in order.
func checkDays(from, until calendar.Date) error {
	for _, d := range []calendar.Date{from, until} {
		if d.Year < 1 || d.Year > 9999 || d.AddDays(0) != d {
			return refuse(ErrDates, "%d-%02d-%02d is no date of the years 1 to 9999", d.Year, d.Month, d.Day)
		}
	}
	if until.Compare(from) < 0 {
		return refuse(ErrDates, "from %s until %s, want an end that is not before the begin", from, until)
	}
	return nil
}
