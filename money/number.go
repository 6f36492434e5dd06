package money

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"math/bits"

	"github.com/shopspring/decimal"
)

// MaxScale is how many decimals a [Number] and a [Price] can have.
const MaxScale = 18

// Number is an exact decimal number without a currency: a quantity, a rate, a share, a weight. It has up to 18
// decimals and about 18 digits in all: ±9,223,372,036,854,775,807 with the point somewhere. The zero value is 0, and ==
// compares the value: 1.0 and 1.00 are the same.
type Number struct {
	units int64
	scale uint8 // the decimals; the last one is not 0
}

// Int returns a whole number.
func Int(n int32) Number { return Number{units: int64(n)} }

// NewNumber returns units with so many decimals: NewNumber(19, 2) is 0.19.
func NewNumber(units int64, decimals int) (Number, error) {
	if decimals < 0 || decimals > MaxScale {
		return Number{}, fmt.Errorf("money: %d decimals: %w than 0 to %d", decimals, ErrScale, MaxScale)
	}
	if units == math.MinInt64 {
		return Number{}, overflow()
	}
	return trimmed(units, decimals), nil
}

// trimmed returns the one form of a number.
func trimmed(units int64, scale int) Number {
	for scale > 0 && units%10 == 0 {
		units, scale = units/10, scale-1
	}
	return Number{units, uint8(scale)}
}

// ParseNumber reads a decimal number: "-12.5". See [Parse] for what is refused.
func ParseNumber(text string) (Number, error) {
	units, scale, err := parseDecimal(text, MaxScale)
	if err != nil {
		return Number{}, err
	}
	return trimmed(units, scale), nil
}

// NumberFromDecimal returns d, if it has no more decimals and digits than a Number.
func NumberFromDecimal(d decimal.Decimal) (Number, error) {
	return numberFrom(d.Coefficient(), int(d.Exponent()))
}

// RoundNumber returns r rounded to so many decimals.
func RoundNumber(r *big.Rat, decimals int, rounding Rounding) (Number, error) {
	if decimals < 0 || decimals > MaxScale {
		return Number{}, fmt.Errorf("money: %d decimals: %w than 0 to %d", decimals, ErrScale, MaxScale)
	}
	if err := rounding.check(); err != nil {
		return Number{}, err
	}
	return numberFrom(bigRounded(new(big.Int).Mul(r.Num(), bigTen(decimals)), r.Denom(), rounding), -decimals)
}

// numberFrom returns n·10^exponent.
func numberFrom(n *big.Int, exponent int) (Number, error) {
	if n.Sign() == 0 {
		return Number{}, nil
	}
	if exponent > MaxScale {
		return Number{}, overflow()
	}
	if exponent >= 0 {
		n, exponent = new(big.Int).Mul(n, bigTen(exponent)), 0
	}
	zeros := int(n.TrailingZeroBits()) // ten is even: no more zeros at the end than that
	if zeros = min(zeros, -exponent); zeros > 0 {
		n, exponent = trimBig(n, exponent, zeros)
	}
	if exponent < -MaxScale {
		return Number{}, fmt.Errorf("money: a number has %w than %d", ErrScale, MaxScale)
	}
	if !n.IsInt64() || n.Int64() == math.MinInt64 {
		return Number{}, overflow()
	}
	return Number{n.Int64(), uint8(-exponent)}, nil
}

// trimBig takes off up to so many zeros at the end.
func trimBig(n *big.Int, exponent, zeros int) (*big.Int, int) {
	var q, rest big.Int
	n, ten := new(big.Int).Set(n), big.NewInt(10)
	for ; zeros > 0; zeros-- {
		if q.QuoRem(n, ten, &rest); rest.Sign() != 0 {
			break
		}
		n.Set(&q)
		exponent++
	}
	return n, exponent
}

// Add returns n + m.
func (n Number) Add(m Number) (Number, error) {
	if n.scale < m.scale {
		n, m = m, n
	}
	hi, lo := bits.Mul64(magnitude(m.units), tens[n.scale-m.scale])
	if aligned, err := signed(lo, m.units < 0); hi == 0 && err == nil {
		if sum := n.units + aligned; (sum > n.units) == (aligned > 0) && sum != math.MinInt64 {
			return trimmed(sum, int(n.scale)), nil
		}
	}
	sum := new(big.Int).Mul(big.NewInt(m.units), bigTen(int(n.scale-m.scale)))
	return numberFrom(sum.Add(sum, big.NewInt(n.units)), -int(n.scale))
}

// Sub returns n - m.
func (n Number) Sub(m Number) (Number, error) { return n.Add(m.Neg()) }

// Mul returns n · m, exactly: [ErrScale] if that has more decimals than [MaxScale].
func (n Number) Mul(m Number) (Number, error) {
	hi, lo := bits.Mul64(magnitude(n.units), magnitude(m.units))
	if units, err := signed(lo, n.units < 0 != (m.units < 0)); hi == 0 && err == nil {
		if p := trimmed(units, int(n.scale+m.scale)); p.scale <= MaxScale {
			return p, nil
		}
	}
	p := new(big.Int).Mul(big.NewInt(n.units), big.NewInt(m.units))
	return numberFrom(p, -int(n.scale+m.scale))
}

// Neg returns -n.
func (n Number) Neg() Number { return Number{-n.units, n.scale} }

// Sign returns -1, 0 or 1.
func (n Number) Sign() int { return cmp.Compare(n.units, 0) }

// Cmp returns -1, 0 or 1 as n is less than, equal to or greater than m.
func (n Number) Cmp(m Number) int {
	if s := cmp.Compare(n.Sign(), m.Sign()); s != 0 {
		return s
	}
	nHi, nLo := bits.Mul64(magnitude(n.units), tens[m.scale])
	mHi, mLo := bits.Mul64(magnitude(m.units), tens[n.scale])
	return n.Sign() * cmp.Or(cmp.Compare(nHi, mHi), cmp.Compare(nLo, mLo))
}

// Decimal returns n for shopspring/decimal.
func (n Number) Decimal() decimal.Decimal { return decimal.New(n.units, -int32(n.scale)) }

// Rat returns n as a fraction, for calculations without a limit of digits.
func (n Number) Rat() *big.Rat {
	return new(big.Rat).SetFrac(big.NewInt(n.units), new(big.Int).SetUint64(tens[n.scale]))
}

// String returns n in plain digits: "0.19".
func (n Number) String() string { return string(appendDecimal(nil, n.units, int(n.scale), 0)) }

// MarshalText writes n in plain digits.
func (n Number) MarshalText() ([]byte, error) { return n.AppendText(make([]byte, 0, 24)) }

// AppendText appends n in plain digits.
func (n Number) AppendText(dst []byte) ([]byte, error) {
	return appendDecimal(dst, n.units, int(n.scale), 0), nil
}

// UnmarshalText reads what [ParseNumber] reads.
func (n *Number) UnmarshalText(text []byte) error {
	got, err := ParseNumber(string(text))
	if err == nil {
		*n = got
	}
	return err
}
