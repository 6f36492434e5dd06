package money

import (
	"fmt"
	"math/big"
	"math/bits"
	"slices"
)

// Split shares a among n equal parts, which add up to a. Where they cannot be equal the first ones get a coin more.
// None is [ErrNoWeights].
func (a Amount) Split(n int) ([]Amount, error) {
	if a.unit == 0 {
		return nil, a.refuse(a)
	}
	if n < 1 {
		return nil, fmt.Errorf("money: %w: %d parts", ErrNoWeights, n)
	}
	parts := make([]Amount, n)
	each, more := a.coins/int64(n), int(magnitude(a.coins)%uint64(n))
	coin := int64(a.Sign())
	for i := range parts {
		parts[i] = Amount{each, a.unit}
		if i < more {
			parts[i].coins += coin
		}
	}
	return parts, nil
}

// Allocate shares a by weights, with the method of the largest remainder; the parts add up to a. A negative amount is
// shared as its opposite is, and a weight of zero gets nothing. No weights, a negative one, and nothing but zeros are
// [ErrNoWeights], [ErrNegativeWeight] and [ErrZeroWeights], also for an amount of 0.
func (a Amount) Allocate(weights []int64) ([]Amount, error) {
	var total, carry, over uint64
	err := a.check(len(weights), func(i int) int {
		w := weights[i]
		if w < 0 {
			return -1
		}
		total, carry = bits.Add64(total, uint64(w), 0)
		over |= carry
		return int(min(w, 1))
	})
	if err != nil {
		return nil, err
	}
	if over != 0 {
		return a.allocateBig(len(weights), func(i int) *big.Int { return big.NewInt(weights[i]) }), nil
	}
	return a.share(weights, total), nil
}

// AllocateBy is [Amount.Allocate] with decimal weights.
func (a Amount) AllocateBy(weights []Number) ([]Amount, error) {
	scale := uint8(0)
	for _, w := range weights {
		scale = max(scale, w.scale)
	}
	whole := make([]int64, len(weights))
	for i, w := range weights {
		units, err := product(w.units, int64(tens[scale-w.scale]), 0, Down)
		if err != nil { // they have too many digits beside one another
			fractions := make([]*big.Rat, len(weights))
			for i, w := range weights {
				fractions[i] = w.Rat()
			}
			return a.AllocateRat(fractions)
		}
		whole[i] = units
	}
	return a.Allocate(whole)
}

// AllocateRat is [Amount.Allocate] with weights that are fractions. It is much slower.
func (a Amount) AllocateRat(weights []*big.Rat) ([]Amount, error) {
	if err := a.check(len(weights), func(i int) int { return weights[i].Sign() }); err != nil {
		return nil, err
	}
	common := big.NewInt(1) // denominator
	for _, w := range weights {
		divisor := new(big.Int).GCD(nil, nil, common, w.Denom())
		common.Mul(common, divisor.Quo(w.Denom(), divisor))
	}
	return a.allocateBig(len(weights), func(i int) *big.Int {
		n := new(big.Int).Mul(weights[i].Num(), common)
		return n.Quo(n, weights[i].Denom())
	}), nil
}

// check refuses what cannot be shared. It calls sign once for each weight, in order, up to a negative one.
func (a Amount) check(n int, sign func(i int) int) error {
	if a.unit == 0 {
		return a.refuse(a)
	}
	if n == 0 {
		return fmt.Errorf("money: %w: nobody to share %s among", ErrNoWeights, a)
	}
	positive := false
	for i := range n {
		switch sign(i) {
		case -1:
			return fmt.Errorf("money: %w at index %d", ErrNegativeWeight, i)
		case 1:
			positive = true
		}
	}
	if !positive {
		return fmt.Errorf("money: %w: the sum of all %d is 0", ErrZeroWeights, n)
	}
	return nil
}

// share does the work of Allocate. Each product has 128 bits, and each remainder is below the total.
func (a Amount) share(weights []int64, total uint64) []Amount {
	parts := make([]Amount, len(weights))
	remainders := make([]uint64, len(weights))
	m := magnitude(a.coins)
	left := m
	for i, w := range weights {
		hi, lo := bits.Mul64(m, uint64(w))
		q, r := bits.Div64(hi, lo, total)
		parts[i], remainders[i] = Amount{int64(q), a.unit}, r
		left -= q
	}
	if left > 0 { // as many coins as the remainders make up together: fewer than weights that are not 0
		limit := largest(slices.Clone(remainders), int(left))
		for i, r := range remainders {
			if r > limit {
				parts[i].coins++
				left--
			}
		}
		for i := 0; left > 0; i++ {
			if remainders[i] == limit {
				parts[i].coins++
				left--
			}
		}
	}
	if a.coins < 0 {
		for i := range parts {
			parts[i].coins = -parts[i].coins
		}
	}
	return parts
}

// largest returns the k-th largest value, k from 1. It reorders values. Each round counts the values in 256 classes and
// keeps the class that holds the answer, so that no input makes it slow.
func largest(values []uint64, k int) uint64 {
	for len(values) > 64 {
		low, high := slices.Min(values), slices.Max(values)
		if low == high {
			return low
		}
		shift := max(0, bits.Len64(high-low)-8)
		var count [256]int
		for _, v := range values {
			count[(v-low)>>shift]++
		}
		class := 255
		for ; count[class] < k; class-- {
			k -= count[class]
		}
		kept := values[:0]
		for _, v := range values {
			if (v-low)>>shift == uint64(class) {
				kept = append(kept, v)
			}
		}
		values = kept
	}
	slices.Sort(values)
	return values[len(values)-k]
}

// allocateBig is share without a limit of bits.
func (a Amount) allocateBig(n int, weight func(i int) *big.Int) []Amount {
	total := new(big.Int)
	for i := range n {
		total.Add(total, weight(i))
	}
	m := new(big.Int).SetUint64(magnitude(a.coins))
	parts, remainders, order := make([]Amount, n), make([]*big.Int, n), make([]int, n)
	left := magnitude(a.coins)
	for i := range n {
		q, r := new(big.Int), new(big.Int)
		q.QuoRem(q.Mul(m, weight(i)), total, r)
		parts[i], remainders[i], order[i] = Amount{q.Int64(), a.unit}, r, i
		left -= q.Uint64()
	}
	slices.SortStableFunc(order, func(i, j int) int { return remainders[j].Cmp(remainders[i]) })
	for _, i := range order[:left] {
		parts[i].coins++
	}
	if a.coins < 0 {
		for i := range parts {
			parts[i].coins = -parts[i].coins
		}
	}
	return parts
}
