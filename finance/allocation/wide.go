package allocation

import (
	"math/big"
	"math/bits"
)

// wide is a sum with 128 bits, which no order of the terms makes overflow.
type wide struct {
	high int64
	low  uint64
}

func (w *wide) add(n int64) {
	var carry uint64
	w.low, carry = bits.Add64(w.low, uint64(n), 0)
	w.high += n>>63 + int64(carry)
}

// addProduct adds a·b; a is not negative.
func (w *wide) addProduct(a, b int64) {
	high, low := bits.Mul64(uint64(a), uint64(b))
	if b < 0 {
		high -= uint64(a)
	}
	var carry uint64
	w.low, carry = bits.Add64(w.low, low, 0)
	w.high += int64(high) + int64(carry)
}

// int64 returns the sum, and whether it fits.
func (w wide) int64() (int64, bool) {
	n := int64(w.low)
	return n, w.high == n>>63
}

func (w wide) big() *big.Int {
	n := big.NewInt(w.high)
	return n.Add(n.Lsh(n, 64), new(big.Int).SetUint64(w.low))
}
