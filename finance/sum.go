package finance

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"

	"github.com/itsmkit/itsm/money"
)

// sum adds coins in 128 bits of two's complement, so that no order of adding overflows: only a result has to fit.
type sum struct{ hi, lo uint64 }

func (s *sum) add(coins int64) { s.plus(sum{uint64(coins >> 63), uint64(coins)}) }

// plus adds another sum.
func (s *sum) plus(o sum) {
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, o.lo, 0)
	s.hi, _ = bits.Add64(s.hi, o.hi, carry)
}

func (s sum) isZero() bool { return s == sum{} }

// fits tells whether the sum is within the range of an amount.
func (s sum) fits() bool {
	coins := int64(s.lo)
	return s.hi == uint64(coins>>63) && coins != math.MinInt64
}

// amount returns the sum as an amount, or money.ErrOverflow.
func (s sum) amount(c money.Currency) (money.Amount, error) {
	if !s.fits() {
		return money.Amount{}, fmt.Errorf("finance: %w: %s do not fit", money.ErrOverflow, s.text(c))
	}
	return money.New(int64(s.lo), c)
}

// text returns the sum for a message, also one that does not fit.
func (s sum) text(c money.Currency) string {
	if s.fits() {
		if a, err := money.New(int64(s.lo), c); err == nil {
			return a.String()
		}
	}
	n := new(big.Int).Lsh(big.NewInt(int64(s.hi)), 64)
	return n.Add(n, new(big.Int).SetUint64(s.lo)).String() + " coins of " + string(c)
}
