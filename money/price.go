package money

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"
)

// Price is an amount per unit, or any other amount that may be finer than a coin: 0.000125 EUR. It has up to [MaxScale]
// decimals. == compares the value. The zero value is no price, as that of [Amount].
type Price struct {
	number Number
	unit   unit
}

// NewPrice returns a price of n.
func NewPrice(n Number, c Currency) (Price, error) {
	u, err := c.unit()
	if err != nil {
		return Price{}, err
	}
	return Price{n, u}, nil
}

// ParsePrice reads a decimal number such as "0.000125" as a price; see [Parse] for what is refused.
func ParsePrice(text string, c Currency) (Price, error) {
	n, err := ParseNumber(text)
	if err != nil {
		return Price{}, fmt.Errorf("%w (in %s)", err, c)
	}
	return NewPrice(n, c)
}

// PriceFromDecimal returns d as a price, if it has no more decimals and digits than a [Number].
func PriceFromDecimal(d decimal.Decimal, c Currency) (Price, error) {
	n, err := NumberFromDecimal(d)
	if err != nil {
		return Price{}, fmt.Errorf("%w (in %s)", err, c)
	}
	return NewPrice(n, c)
}

// RoundPrice returns r as a price, rounded to so many decimals: a unit cost.
func RoundPrice(r *big.Rat, c Currency, decimals int, rounding Rounding) (Price, error) {
	n, err := RoundNumber(r, decimals, rounding)
	if err != nil {
		return Price{}, err
	}
	return NewPrice(n, c)
}

// Add returns p + q.
func (p Price) Add(q Price) (Price, error) {
	if p.unit != q.unit || p.unit == 0 {
		return Price{}, &MismatchError{p.Currency(), q.Currency()}
	}
	n, err := p.number.Add(q.number)
	return price(n, p.unit, err)
}

// Sub returns p - q.
func (p Price) Sub(q Price) (Price, error) { return p.Add(q.Neg()) }

// Mul returns p · n exactly, to be rounded later: [ErrScale] if that has more decimals than [MaxScale].
func (p Price) Mul(n Number) (Price, error) {
	if p.unit == 0 {
		return Price{}, &MismatchError{}
	}
	n, err := p.number.Mul(n)
	return price(n, p.unit, err)
}

// price pairs a result with its currency.
func price(n Number, u unit, err error) (Price, error) {
	if err != nil {
		return Price{}, err
	}
	return Price{n, u}, nil
}

// Times returns p · quantity, rounded to the coin.
func (p Price) Times(quantity Number, r Rounding) (Amount, error) {
	if p.unit == 0 {
		return Amount{}, &MismatchError{}
	}
	if err := r.check(); err != nil {
		return Amount{}, err
	}
	shift := p.unit.decimals() - int(p.number.scale) - int(quantity.scale)
	coins, err := product(p.number.units, quantity.units, shift, r)
	return amount(coins, p.unit, err)
}

// Round returns p, rounded to the coin.
func (p Price) Round(r Rounding) (Amount, error) { return p.Times(Int(1), r) }

// Exact returns p as an amount, if it is a whole number of coins; otherwise [ErrScale].
func (p Price) Exact() (Amount, error) {
	if decimals := p.unit.decimals(); int(p.number.scale) > decimals {
		return Amount{}, tooFine(p.Currency(), decimals)
	}
	return p.Round(Down)
}

// Neg returns -p.
func (p Price) Neg() Price { return Price{p.number.Neg(), p.unit} }

// Sign returns -1, 0 or 1.
func (p Price) Sign() int { return p.number.Sign() }

// IsZero tells that there is no price, not even one of 0: see [Amount.IsZero].
func (p Price) IsZero() bool { return p == Price{} }

// Cmp returns -1, 0 or 1 as p is less than, equal to or greater than q.
func (p Price) Cmp(q Price) (int, error) {
	if p.unit != q.unit || p.unit == 0 {
		return 0, &MismatchError{p.Currency(), q.Currency()}
	}
	return p.number.Cmp(q.number), nil
}

// Number returns the number of p.
func (p Price) Number() Number { return p.number }

// Currency returns the currency, "" if there is no price.
func (p Price) Currency() Currency { return p.unit.currency() }

// Decimal returns the number of p for shopspring/decimal.
func (p Price) Decimal() decimal.Decimal { return p.number.Decimal() }

// Rat returns the number of p as a fraction, for calculations without a limit of digits.
func (p Price) Rat() *big.Rat { return p.number.Rat() }

// String returns the price with at least the decimals of the currency: "0.000125 EUR", "3.00 EUR".
func (p Price) String() string {
	if p.IsZero() {
		return "no amount"
	}
	return string(p.appendNumber(nil)) + " " + string(p.Currency())
}

func (p Price) appendNumber(dst []byte) []byte {
	return appendDecimal(dst, p.number.units, int(p.number.scale), p.unit.decimals())
}
