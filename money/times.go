package money

import (
	"fmt"
	"math/big"
	"math/bits"
)

// Mul returns a · n.
func (a Amount) Mul(n int64) (Amount, error) {
	if a.unit == 0 {
		return Amount{}, a.refuse(a)
	}
	coins, err := product(a.coins, n, 0, Down)
	return amount(coins, a.unit, err)
}

// Times returns a · n, rounded to the coin: a tax, a discount, a surcharge.
func (a Amount) Times(n Number, r Rounding) (Amount, error) {
	if err := a.ready(r); err != nil {
		return Amount{}, err
	}
	coins, err := product(a.coins, n.units, -int(n.scale), r)
	return amount(coins, a.unit, err)
}

// Over returns a / n, rounded to the coin: the net of a gross amount. A zero n is [ErrDivision].
func (a Amount) Over(n Number, r Rounding) (Amount, error) {
	if err := a.ready(r); err != nil {
		return Amount{}, err
	}
	coins, err := ratio(a.coins, int(n.scale), n.units, r)
	return amount(coins, a.unit, err)
}

// Prorate returns a · part / whole, rounded to the coin: 11 of 30 days. A zero whole is [ErrDivision]. To share all of an
// amount use [Amount.Allocate], which loses no coin.
func (a Amount) Prorate(part, whole int64, r Rounding) (Amount, error) {
	if err := a.ready(r); err != nil {
		return Amount{}, err
	}
	if whole == 0 {
		return Amount{}, fmt.Errorf("money: %w", ErrDivision)
	}
	hi, lo := bits.Mul64(magnitude(a.coins), magnitude(part))
	coins, err := quotient(hi, lo, magnitude(whole), a.coins < 0 != (part < 0) != (whole < 0), r)
	return amount(coins, a.unit, err)
}

// ready checks what every method with a rounding needs.
func (a Amount) ready(r Rounding) error {
	if a.unit == 0 {
		return a.refuse(a)
	}
	return r.check()
}

// roundRat returns r·10^shift, rounded.
func roundRat(r *big.Rat, shift int, rounding Rounding) (int64, error) {
	if err := rounding.check(); err != nil {
		return 0, err
	}
	return bigQuotient(new(big.Int).Mul(r.Num(), bigTen(shift)), r.Denom(), rounding)
}

// roundScaled returns n·10^shift, rounded. It does not build powers much longer than n.
func roundScaled(n *big.Int, shift int, r Rounding) (int64, error) {
	switch err := r.check(); {
	case err != nil:
		return 0, err
	case n.Sign() == 0:
		return 0, nil
	case shift > MaxScale:
		return 0, overflow()
	case shift >= 0:
		return bigQuotient(new(big.Int).Mul(n, bigTen(shift)), big.NewInt(1), r)
	case -shift > n.BitLen(): // less than a fifth of a coin: 2^k / 10^k
		if r.away(n.Sign() < 0, false, -1) {
			return int64(n.Sign()), nil
		}
		return 0, nil
	}
	return bigQuotient(n, bigTen(-shift), r)
}

// exactScaled returns n·10^shift if that is a whole number. It does not build powers much longer than n.
func exactScaled(n *big.Int, shift int) (int64, error) {
	switch {
	case n.Sign() == 0:
		return 0, nil
	case shift > MaxScale:
		return 0, overflow()
	case shift < 0 && -shift > int(n.TrailingZeroBits()): // 10^k has k factors of two
		return 0, ErrScale
	}
	q, rest := new(big.Int), new(big.Int)
	if shift < 0 {
		if q.QuoRem(n, bigTen(-shift), rest); rest.Sign() != 0 {
			return 0, ErrScale
		}
	} else {
		q.Mul(n, bigTen(shift))
	}
	return bigQuotient(q, big.NewInt(1), Down)
}
