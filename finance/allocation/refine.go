package allocation

import (
	"math"
	"math/big"
	"math/bits"
	"slices"
)

const (
	accuracyBits = 96 // see refine
	stepBits     = 50 // of a step of refine, at most
	maxSteps     = 40
)

// refine solves for the unit costs of a large system: y over a power of two. Each step solves for the costs that are
// not carried yet in floats, takes the leading bits as whole numbers, and finds exactly what is left (iterative
// refinement with whole residuals, after Wan, Journal of Symbolic Computation 41, 2006). All that is left flows to
// receivers, so the sum of its magnitudes bounds the error of all totals together: refine ends when that is below
// 2^-accuracyBits coins, or with ErrAccuracy.
func (s *system) refine(costs []*big.Int) ([]*big.Int, *big.Int, error) {
	e, n := s.eliminate(), len(costs)
	y, left := make([]*big.Int, n), make([]*big.Int, n)
	for i := range n {
		y[i], left[i] = new(big.Int), new(big.Int).Set(costs[i])
	}
	rough, step := make([]float64, n), make([]int64, n)
	shift := 0 // y and left are so many bits finer than the coin
	for range maxSteps {
		for i, l := range left {
			rough[i] = float(l)
		}
		solved := e.unitCosts(rough)
		largest := 0.0
		for _, v := range solved {
			largest = max(largest, math.Abs(v))
		}
		_, exponent := math.Frexp(largest)
		if exponent > 62 || max(exponent, stepBits)+bits.Len64(uint64(slices.Max(s.total)))+bits.Len(uint(n)) > 126 {
			break // no room for the products
		}
		more := max(stepBits-exponent, 0)
		for i, v := range solved {
			step[i] = int64(math.RoundToEven(math.Ldexp(v, more)))
		}
		shift += more
		remaining, carried := new(big.Int), s.carry(step)
		for i := range n {
			y[i].Add(y[i].Lsh(y[i], uint(more)), big.NewInt(step[i]))
			left[i].Sub(left[i].Lsh(left[i], uint(more)), carried[i].big())
			remaining.Add(remaining, new(big.Int).Abs(left[i]))
		}
		if remaining.BitLen()+accuracyBits <= shift {
			return y, new(big.Int).Lsh(big.NewInt(1), uint(shift)), nil
		}
	}
	return nil, nil, refuse(ErrAccuracy, "hardly any cost leaves the %d members that give to each other", n)
}

// carry returns the costs that unit costs carry: U(s)·y(s) - Σ u(t→s)·y(t) for each giver s.
func (s *system) carry(y []int64) []wide {
	out := make([]wide, len(y))
	for t, cells := range s.within {
		out[t].addProduct(s.total[t], y[t])
		for _, c := range cells {
			out[c.to].addProduct(c.units, -y[t])
		}
	}
	return out
}
