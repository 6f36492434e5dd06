package money

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"math/bits"
)

// Rounding says which way a result goes that lies between two values. The zero value is none: it is refused with
// [ErrRounding] wherever a rounding is asked for, even if the result is exact.
type Rounding string

// The roundings. Half means the exact middle; all other values go to the nearest.
const (
	HalfUp   Rounding = "half_up"   // half away from zero: the commercial rounding
	HalfDown Rounding = "half_down" // half towards zero
	HalfEven Rounding = "half_even" // half to the even neighbour: the bankers' rounding
	Up       Rounding = "up"        // always away from zero
	Down     Rounding = "down"      // always towards zero
	Ceiling  Rounding = "ceiling"   // always towards +∞
	Floor    Rounding = "floor"     // always towards -∞
)

// Choices returns the roundings, for pick boxes.
func (Rounding) Choices() []string {
	return []string{string(HalfUp), string(HalfDown), string(HalfEven), string(Up), string(Down), string(Ceiling), string(Floor)}
}

func (r Rounding) check() error {
	switch r {
	case HalfUp, HalfDown, HalfEven, Up, Down, Ceiling, Floor:
		return nil
	case "":
		return fmt.Errorf("money: no %w is named", ErrRounding)
	}
	return fmt.Errorf("money: unknown %w %q", ErrRounding, clip(string(r)))
}

// away tells whether a quotient that is not exact goes away from zero: half compares what was cut with one half.
func (r Rounding) away(negative, odd bool, half int) bool {
	switch r {
	case HalfUp:
		return half >= 0
	case HalfDown:
		return half > 0
	case HalfEven:
		return half > 0 || half == 0 && odd
	case Up:
		return true
	case Ceiling:
		return !negative
	case Floor:
		return negative
	}
	return false
}

// quotient divides a magnitude of 128 bits and rounds.
func quotient(hi, lo, by uint64, negative bool, r Rounding) (int64, error) {
	if hi >= by {
		return 0, overflow()
	}
	q, rest := bits.Div64(hi, lo, by)
	if q > math.MaxInt64 {
		return 0, overflow()
	}
	if rest > 0 && r.away(negative, q&1 == 1, cmp.Compare(rest, by-rest)) {
		q++
	}
	return signed(q, negative)
}

// bigQuotient divides and rounds without a limit of bits on the way; by is positive.
func bigQuotient(n, by *big.Int, r Rounding) (int64, error) {
	q := bigRounded(n, by, r)
	if !q.IsInt64() || q.Int64() == math.MinInt64 {
		return 0, overflow()
	}
	return q.Int64(), nil
}

func bigRounded(n, by *big.Int, r Rounding) *big.Int {
	q, rest := new(big.Int), new(big.Int)
	q.QuoRem(n, by, rest)
	if rest.Sign() != 0 && r.away(n.Sign() < 0, q.Bit(0) == 1, rest.Abs(rest).Lsh(rest, 1).Cmp(by)) {
		q.Add(q, big.NewInt(int64(n.Sign())))
	}
	return q
}

// signed gives a magnitude its sign. The smallest int64 is no value, so that every value has its negative.
func signed(n uint64, negative bool) (int64, error) {
	if n > math.MaxInt64 {
		return 0, overflow()
	}
	if negative {
		return -int64(n), nil
	}
	return int64(n), nil
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func overflow() error { return fmt.Errorf("money: %w: the result does not fit", ErrOverflow) }

// tens are the powers of ten that 64 bits hold.
var tens = [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}

func bigTen(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// product returns a·b·10^shift, rounded.
func product(a, b int64, shift int, r Rounding) (int64, error) {
	negative := a < 0 != (b < 0)
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if shift <= 0 && -shift < len(tens) {
		return quotient(hi, lo, tens[-shift], negative, r)
	}
	n := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
	if shift > 0 {
		return bigQuotient(n.Mul(n, bigTen(shift)), big.NewInt(1), r)
	}
	return bigQuotient(n, bigTen(-shift), r)
}

// ratio returns a·10^shift/b, rounded.
func ratio(a int64, shift int, b int64, r Rounding) (int64, error) {
	if b == 0 {
		return 0, fmt.Errorf("money: %w", ErrDivision)
	}
	negative := a < 0 != (b < 0)
	if shift >= 0 && shift < len(tens) {
		hi, lo := bits.Mul64(magnitude(a), tens[shift])
		return quotient(hi, lo, magnitude(b), negative, r)
	}
	n, by := new(big.Int).SetUint64(magnitude(a)), new(big.Int).SetUint64(magnitude(b))
	if negative {
		n.Neg(n)
	}
	if shift > 0 {
		n.Mul(n, bigTen(shift))
	} else {
		by.Mul(by, bigTen(-shift))
	}
	return bigQuotient(n, by, r)
}
