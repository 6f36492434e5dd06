package money

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/bits"

	"github.com/shopspring/decimal"
)

// Amount is a whole number of coins in a currency: 12.50 EUR is 1250 cents. It has at most
// ±9,223,372,036,854,775,807 coins. == compares the value, and an Amount may be a key of a map.
//
// The zero value is no amount: it has no currency and cannot be calculated with ([ErrCurrency]). It is not 0.00 EUR.
type Amount struct {
	coins int64
	unit  unit
}

// New returns an amount of so many coins: New(1250, EUR) is 12.50 EUR.
func New(coins int64, c Currency) (Amount, error) {
	u, err := c.unit()
	if err != nil {
		return Amount{}, err
	}
	if coins == math.MinInt64 {
		return Amount{}, overflow()
	}
	return Amount{coins, u}, nil
}

// Must returns a, or panics with err. It is for amounts that stand in the source: Must(New(1250, EUR)).
func Must(a Amount, err error) Amount {
	if err != nil {
		panic(err)
	}
	return a
}

// Parse reads a decimal number such as "12.50" as an amount. Fewer decimals than the coin has are fine, and so are
// zeros behind them. More decimals are [ErrScale]. Signs but "-", exponents, separators, spaces, leading zeros, NaN, and
// more than 64 bytes are [ErrSyntax].
func Parse(text string, c Currency) (Amount, error) {
	u, err := c.unit()
	if err != nil {
		return Amount{}, err
	}
	decimals := u.decimals()
	units, scale, err := parseDecimal(text, decimals)
	if errors.Is(err, ErrScale) {
		return Amount{}, fmt.Errorf("money: %s %s has %w than the coin (%d)", text, c, ErrScale, decimals)
	}
	if err != nil {
		return Amount{}, fmt.Errorf("%w (in %s)", err, c)
	}
	if units, err = product(units, int64(tens[decimals-scale]), 0, Down); err != nil {
		return Amount{}, tooLarge(text)
	}
	return Amount{units, u}, nil
}

// NewFromDecimal returns d as an amount, if it is a whole number of coins; otherwise [ErrScale].
func NewFromDecimal(d decimal.Decimal, c Currency) (Amount, error) {
	u, err := c.unit()
	if err != nil {
		return Amount{}, err
	}
	coins, err := exactScaled(d.Coefficient(), int(d.Exponent())+u.decimals())
	if errors.Is(err, ErrScale) {
		err = tooFine(c, u.decimals())
	}
	return amount(coins, u, err)
}

// tooFine says that an amount is no whole number of coins.
func tooFine(c Currency, decimals int) error {
	return fmt.Errorf("money: the amount has %w than the coin of %s (%d)", ErrScale, c, decimals)
}

// RoundDecimal returns d as an amount, rounded to the coin.
func RoundDecimal(d decimal.Decimal, c Currency, r Rounding) (Amount, error) {
	u, err := c.unit()
	if err != nil {
		return Amount{}, err
	}
	coins, err := roundScaled(d.Coefficient(), int(d.Exponent())+u.decimals(), r)
	return amount(coins, u, err)
}

// RoundRat returns r as an amount, rounded to the coin: the end of a formula that was calculated in fractions.
func RoundRat(r *big.Rat, c Currency, rounding Rounding) (Amount, error) {
	u, err := c.unit()
	if err != nil {
		return Amount{}, err
	}
	coins, err := roundRat(r, u.decimals(), rounding)
	return amount(coins, u, err)
}

// amount pairs a result with its currency.
func amount(coins int64, u unit, err error) (Amount, error) {
	if err != nil {
		return Amount{}, err
	}
	return Amount{coins, u}, nil
}

// Add returns a + b.
func (a Amount) Add(b Amount) (Amount, error) {
	sum := a.coins + b.coins
	if a.unit != b.unit || a.unit == 0 || (a.coins^sum)&(b.coins^sum) < 0 || sum == math.MinInt64 {
		return Amount{}, &sumError{a.unit, b.unit} // no call, so that Add is inlined
	}
	return Amount{sum, a.unit}, nil
}

// Sub returns a - b.
func (a Amount) Sub(b Amount) (Amount, error) { return a.Add(Amount{-b.coins, b.unit}) }

// refuse says that a and b cannot be combined.
func (a Amount) refuse(b Amount) error { return &MismatchError{a.Currency(), b.Currency()} }

// Sum returns the sum of amounts that are all in one currency; that of none is 0. Only the result has to fit.
func Sum(c Currency, amounts []Amount) (Amount, error) {
	u, err := c.unit()
	if err != nil {
		return Amount{}, err
	}
	var hi, lo, carry uint64 // two's complement of 128 bits
	for _, a := range amounts {
		if a.unit != u {
			return Amount{}, &MismatchError{c, a.Currency()}
		}
		lo, carry = bits.Add64(lo, uint64(a.coins), 0)
		hi, _ = bits.Add64(hi, uint64(a.coins>>63), carry)
	}
	if coins := int64(lo); hi == uint64(coins>>63) && coins != math.MinInt64 {
		return Amount{coins, u}, nil
	}
	return Amount{}, overflow()
}

// Neg returns -a.
func (a Amount) Neg() Amount { return Amount{-a.coins, a.unit} }

// Abs returns a without its sign.
func (a Amount) Abs() Amount { return Amount{int64(magnitude(a.coins)), a.unit} }

// Sign returns -1, 0 or 1. An amount of 0.00 EUR has the sign 0.
func (a Amount) Sign() int { return cmp.Compare(a.coins, 0) }

// IsZero tells that there is no amount, not even one of 0.00: what "omitzero" leaves out of JSON. Ask [Amount.Sign]
// whether an amount is 0.
func (a Amount) IsZero() bool { return a == Amount{} }

// Cmp returns -1, 0 or 1 as a is less than, equal to or greater than b.
func (a Amount) Cmp(b Amount) (int, error) {
	if a.unit != b.unit || a.unit == 0 {
		return 0, a.refuse(b)
	}
	return cmp.Compare(a.coins, b.coins), nil
}

// Coins returns the number of coins: 1250 for 12.50 EUR.
func (a Amount) Coins() int64 { return a.coins }

// Currency returns the currency, "" if there is no amount.
func (a Amount) Currency() Currency { return a.unit.currency() }

// Price returns a as a price, to calculate finer than the coin.
func (a Amount) Price() Price { return Price{trimmed(a.coins, a.unit.decimals()), a.unit} }

// Decimal returns the number of a for shopspring/decimal, with the decimals of the currency.
func (a Amount) Decimal() decimal.Decimal { return decimal.New(a.coins, -int32(a.unit.decimals())) }

// Rat returns the number of a as a fraction, for calculations without a limit of digits.
func (a Amount) Rat() *big.Rat { return a.Price().Rat() }

// String returns the amount as "12.50 EUR", or "no amount".
func (a Amount) String() string {
	if a.IsZero() {
		return "no amount"
	}
	return a.decimalText() + " " + string(a.Currency())
}

func (a Amount) decimalText() string {
	return string(appendDecimal(make([]byte, 0, 24), a.coins, a.unit.decimals(), 0))
}
