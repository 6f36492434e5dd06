package allocation

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/money"
)

// drawSystem draws givers that give to each other and to receivers. Each reaches a receiver: it gives to one itself,
// perhaps very little, or to the giver before it.
func drawSystem(t *rapid.T, givers, receivers int) *system {
	s := &system{}
	weight := rapid.OneOf(rapid.Int64Range(0, 5), rapid.Int64Range(0, 1e12))
	for i := range givers {
		weights := make([]int64, givers+receivers)
		for j := range weights {
			if j != i {
				weights[j] = weight.Draw(t, "weight")
			}
		}
		sure := givers
		if i > 0 {
			sure = rapid.SampledFrom([]int{givers, i - 1}).Draw(t, "sure")
		}
		weights[sure] += rapid.SampledFrom([]int64{1, 7, 1e6}).Draw(t, "sure weight")
		var units []money.Number
		var to []int
		for j, w := range weights {
			if w > 0 {
				u, err := money.NewNumber(w, 3)
				require.NoError(t, err)
				units, to = append(units, u), append(to, j)
			}
		}
		require.NoError(t, s.add(units, func(k int) (int32, bool) {
			if to[k] < givers {
				return int32(to[k]), true
			}
			return int32(to[k] - givers), false
		}))
	}
	return s
}

// The inverse times the matrix is the divisor on the diagonal.
func TestInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSystem(t, rapid.IntRange(1, 7).Draw(t, "givers"), 2)
		require.Nil(t, s.closedLoop())
		inverse, divisor := s.inverse()
		require.Positive(t, divisor.Sign())
		for i, row := range inverse {
			for j := range row {
				got := new(big.Int).Mul(row[j], big.NewInt(s.total[j]))
				for k := range s.within {
					for _, c := range s.within[k] {
						if int(c.to) == j {
							got.Sub(got, new(big.Int).Mul(row[k], big.NewInt(c.units)))
						}
					}
				}
				want := new(big.Int)
				if i == j {
					want = divisor
				}
				require.Zero(t, want.Cmp(got), "%d,%d: %s", i, j, got)
			}
		}
	})
}

// The refined solution is compared with the exact one: over all receivers together it is off by less than promised.
func TestRefineIsAsAccurateAsItSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, receivers := rapid.IntRange(1, 7).Draw(t, "givers"), rapid.IntRange(1, 3).Draw(t, "receivers")
		s := drawSystem(t, n, receivers)
		costs := make([]*big.Int, n)
		for i := range costs {
			costs[i] = big.NewInt(rapid.OneOf(rapid.Int64Range(-9, 9), rapid.Int64Range(-math.MaxInt64/8, math.MaxInt64/8)).Draw(t, "cost"))
		}
		y, divisor, err := s.refine(costs)
		if err != nil {
			require.ErrorIs(t, err, ErrAccuracy)
			t.Skip("nearly closed")
		}
		exact, exactDivisor, err := s.unitCosts(costs)
		require.NoError(t, err)
		totals := make([]*big.Rat, receivers)
		for i := range totals {
			totals[i] = new(big.Rat)
		}
		for i, cells := range s.out {
			off := new(big.Rat).SetFrac(y[i], divisor)
			off.Sub(off, new(big.Rat).SetFrac(exact[i], exactDivisor))
			for _, c := range cells {
				part := new(big.Rat).SetInt64(c.units)
				totals[c.to].Add(totals[c.to], part.Mul(part, off))
			}
		}
		sum := new(big.Rat)
		for _, off := range totals {
			sum.Add(sum, off.Abs(off))
		}
		limit := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), accuracyBits))
		require.Negative(t, sum.Cmp(limit), sum.FloatString(40))
	})
}

// Each share in floats is compared with the exact one: the relative error is a few times that of a float, even where the
// system is nearly closed.
func TestEliminationIsAccurate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, receivers := rapid.IntRange(1, 8).Draw(t, "givers"), rapid.IntRange(1, 3).Draw(t, "receivers")
		s := drawSystem(t, n, receivers)
		inverse, divisor := s.inverse()
		rows := make([][]float64, n)
		for i, cells := range s.out {
			rows[i] = make([]float64, receivers)
			for _, c := range cells {
				rows[i][c.to] = float64(c.units)
			}
		}
		s.eliminate().shares(rows)
		for i, row := range rows {
			for j, exact := range s.exactRow(inverse[i], receivers) {
				want, _ := new(big.Rat).SetFrac(exact, divisor).Float64()
				require.InDelta(t, want, row[j], 4e-16*want*float64(n), "%d,%d", i, j)
			}
		}
	})
}

// A ring of services with the largest costs, of which next to nothing leaves: whole numbers solve it, floats refuse it and
// do not solve it badly.
func TestRefineRefusesWhatIsNearlyClosed(t *testing.T) {
	s, costs := &system{}, make([]*big.Int, 3)
	for i := range costs {
		within, err := money.NewNumber(1e18, 0)
		require.NoError(t, err)
		require.NoError(t, s.add([]money.Number{within, money.Int(1)}, func(k int) (int32, bool) { return int32((i + 1) % 3 * (1 - k)), k == 0 }))
		costs[i] = big.NewInt(9e18 + 7919*int64(i*i))
	}
	_, _, err := s.refine(costs)
	require.ErrorIs(t, err, ErrAccuracy)
	y, divisor, err := s.unitCosts(costs)
	require.NoError(t, err)
	carried := new(big.Rat) // one unit of each goes to the receiver
	for i := range y {
		carried.Add(carried, new(big.Rat).SetFrac(y[i], divisor))
	}
	require.Equal(t, "27000000000000039595", carried.RatString()) // 3·9e18 + 5·7919
}

// The sums of wide words are compared with those of big numbers.
func TestWide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w wide
		want := new(big.Int)
		for range rapid.IntRange(0, 9).Draw(t, "terms") {
			a, b := rapid.Int64Range(0, math.MaxInt64).Draw(t, "a"), rapid.Int64().Draw(t, "b")
			if rapid.Bool().Draw(t, "product") && b != math.MinInt64 {
				a >>= 4
				w.addProduct(a, b)
				want.Add(want, new(big.Int).Mul(big.NewInt(a), big.NewInt(b)))
			} else {
				w.add(b)
				want.Add(want, big.NewInt(b))
			}
		}
		require.Equal(t, want.String(), w.big().String())
		n, fits := w.int64()
		require.Equal(t, want.IsInt64(), fits)
		if fits {
			require.Equal(t, want.Int64(), n)
		}
	})
}

// Numbers become whole ones in the same ratio without a common divisor, compared in fractions.
func TestWholes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := make([]money.Number, rapid.IntRange(1, 5).Draw(t, "numbers"))
		for i := range numbers {
			var err error
			units := rapid.OneOf(rapid.Int64Range(1, 99), rapid.Int64Range(1, math.MaxInt64))
			numbers[i], err = money.NewNumber(units.Draw(t, "units"), rapid.IntRange(0, 18).Draw(t, "decimals"))
			require.NoError(t, err)
		}
		got, err := wholes(numbers)
		if err != nil {
			require.ErrorIs(t, err, money.ErrOverflow)
			require.Greater(t, len(numbers), 1)
			return
		}
		sum, divisor := new(big.Int), new(big.Int)
		for i, n := range got {
			require.Positive(t, n)
			sum.Add(sum, big.NewInt(n))
			divisor.GCD(nil, nil, divisor, big.NewInt(n))
			want := new(big.Rat).Quo(numbers[i].Rat(), numbers[0].Rat())
			require.Equal(t, want.RatString(), big.NewRat(n, got[0]).RatString())
		}
		require.True(t, sum.IsInt64())
		require.Equal(t, "1", divisor.String())
	})
}
