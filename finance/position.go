package finance

import (
	"fmt"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Position is what the books hold or owe of a foreign currency by their conversions, and what that was worth when it came.
// Both amounts have the same sign: positive for what is held, negative for what is owed.
type Position struct {
	Amount   money.Amount `json:"amount"`   // in the foreign currency
	Carrying money.Amount `json:"carrying"` // in the currency of the books, at the rates of the conversions
	Realised money.Amount `json:"realised"` // the gain of what has gone again, negative for a loss
}

// NewPosition returns the empty position of a foreign currency.
func NewPosition(foreign, books money.Currency) (Position, error) {
	none, err := money.New(0, foreign)
	if err != nil {
		return Position{}, err
	}
	zero, err := money.New(0, books)
	if err != nil {
		return Position{}, err
	}
	if foreign == books {
		return Position{}, fmt.Errorf("finance: a position of %s in books of %s: %w", foreign, books, money.ErrCurrency)
	}
	return Position{none, zero, zero}, nil
}

// Add returns the position after an amount came (positive) or went (negative) that was worth a value of the same sign.
//
// What makes the position larger is carried at its value. What makes it smaller takes its share of the carrying value
// along, at the average cost: the share is rounded to the coin, and the difference to its own value is realised. What goes
// beyond zero opens the position on the other side, with what is left of the value. So at all times the carrying value is
// the sum of all values plus what was realised, to the coin, and it is 0 where the amount is.
func (p Position) Add(amount, value money.Amount, r money.Rounding) (Position, error) {
	if amount.Sign()*value.Sign() < 0 {
		return p, fmt.Errorf("finance: a position: %s is worth %s: want the same sign", amount, value)
	}
	if p.Amount.Sign()*amount.Sign() >= 0 {
		return p.with(amount, value)
	}
	gone, worth := amount, value // the part that makes the position smaller
	over, err := amount.Add(p.Amount)
	if err != nil {
		return p, err
	}
	if over.Sign()*amount.Sign() > 0 {
		gone = p.Amount.Neg()
		if worth, err = value.Prorate(gone.Abs().Coins(), amount.Abs().Coins(), r); err != nil {
			return p, err
		}
	}
	carried, err := p.Carrying.Prorate(gone.Abs().Coins(), p.Amount.Abs().Coins(), r)
	if err != nil {
		return p, err
	}
	gain, err := carried.Add(worth) // of opposite signs
	if err != nil {
		return p, err
	}
	next := p
	if next.Realised, err = p.Realised.Sub(gain); err != nil {
		return p, err
	}
	if next, err = next.with(gone, carried.Neg()); err != nil {
		return p, err
	}
	rest, err := value.Sub(worth)
	if err != nil {
		return p, err
	}
	left, err := amount.Sub(gone)
	if err != nil {
		return p, err
	}
	if next, err = next.with(left, rest); err != nil {
		return p, err
	}
	return next, nil
}

// with adds to both amounts.
func (p Position) with(amount, value money.Amount) (Position, error) {
	next := p
	var err error
	if next.Amount, err = p.Amount.Add(amount); err != nil {
		return p, err
	}
	if next.Carrying, err = p.Carrying.Add(value); err != nil {
		return p, err
	}
	return next, nil
}

// Difference is a position at a date, with what it is worth then.
type Difference struct {
	Position
	Value      money.Amount `json:"value"`          // of the amount, at the rate of the date
	Quote      money.Quote  `json:"quote,omitzero"` // that rate; none is needed for an amount of 0
	Unrealised money.Amount `json:"unrealised"`     // value less carrying value
}

// At values a position at the rate of a date. A rate that is missing is a money.RateError.
func (p Position) At(date calendar.Date, rates *money.Rates, r money.Rounding) (Difference, error) {
	d := Difference{Position: p}
	var err error
	if p.Amount.Sign() == 0 {
		d.Value, err = money.New(0, p.Carrying.Currency())
	} else {
		var c money.Conversion
		c, err = rates.Convert(p.Amount, p.Carrying.Currency(), midnight(date), r)
		d.Value, d.Quote = c.To, c.Quote
	}
	if err != nil {
		return Difference{}, err
	}
	d.Unrealised, err = d.Value.Sub(p.Carrying)
	return d, err
}
