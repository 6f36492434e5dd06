package finance

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/itsmkit/itsm/money"
)

// sum adds coins in 128 bits of two's complement, so that no order of adding overflows: only a result has to fit.
type sum struct{ hi, lo uint64 }

func (s *sum) add(coins int64) {
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, uint64(coins), 0)
	s.hi, _ = bits.Add64(s.hi, uint64(coins>>63), carry)
}

// plus adds another sum.
func (s *sum) plus(o sum) {
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, o.lo, 0)
	s.hi, _ = bits.Add64(s.hi, o.hi, carry)
}

func (s sum) isZero() bool { return s == sum{} }

// amount returns the sum as an amount, or money.ErrOverflow.
func (s sum) amount(c money.Currency) (money.Amount, error) {
	if coins := int64(s.lo); s.hi == uint64(coins>>63) && coins != math.MinInt64 {
		return money.New(coins, c)
	}
	return money.Sum(c, []money.Amount{largest(c), largest(c)}) // the error of package money
}

// text returns the sum for a message, also one that does not fit.
func (s sum) text(c money.Currency) string {
	if a, err := s.amount(c); err == nil {
		return a.String()
	}
	n := new(big.Int).Lsh(big.NewInt(int64(s.hi)), 64)
	return n.Add(n, new(big.Int).SetUint64(s.lo)).String() + " coins of " + string(c)
}

func largest(c money.Currency) money.Amount {
	a, _ := money.New(math.MaxInt64, c)
	return a
}
