package money_test

import (
	"cmp"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/money"
)

// hamilton is the definition of the largest remainder: everybody gets the floor of the exact share, and then the coins
// that are left go to the largest fractions, the earlier first.
func hamilton(a money.Amount, weights []*big.Rat) []money.Amount {
	total := new(big.Rat)
	for _, w := range weights {
		total.Add(total, w)
	}
	m := new(big.Rat).SetInt64(a.Abs().Coins())
	left := a.Abs().Coins()
	floors, fractions, order := make([]int64, len(weights)), make([]*big.Rat, len(weights)), make([]int, len(weights))
	for i, w := range weights {
		ideal := quo(mul(m, w), total)
		floors[i] = new(big.Int).Quo(ideal.Num(), ideal.Denom()).Int64()
		fractions[i], order[i] = sub(ideal, new(big.Rat).SetInt64(floors[i])), i
		left -= floors[i]
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Or(fractions[j].Cmp(fractions[i]), cmp.Compare(i, j)) })
	for _, i := range order[:left] {
		floors[i]++
	}
	out := make([]money.Amount, len(weights))
	for i, n := range floors {
		out[i] = money.Must(money.New(n*int64(cmp.Or(a.Sign(), 1)), a.Currency()))
	}
	return out
}

// TestAllocateOracle compares the three ways with the definition; it includes weights whose sum needs more than 64
// bits, and long lists with few different remainders, which the selection has to tell apart.
func TestAllocateOracle(t *testing.T) {
	weight := rapid.OneOf(rapid.Int64Range(0, 3), rapid.Int64Range(0, 1e6), rapid.Int64Range(0, math.MaxInt64))
	lists := rapid.OneOf(rapid.SliceOfN(weight, 1, 8), rapid.SliceOfN(rapid.Int64Range(0, 5), 65, 400),
		rapid.SliceOfN(rapid.Int64Range(0, math.MaxInt64/1000), 65, 300))
	rapid.Check(t, func(t *rapid.T) {
		a := amounts(currencies().Draw(t, "currency")).Draw(t, "amount")
		whole := lists.Draw(t, "weights")
		decimals := rapid.IntRange(0, money.MaxScale).Draw(t, "decimals")
		fractions, numbers := make([]*big.Rat, len(whole)), make([]money.Number, len(whole))
		zero := true
		for i, w := range whole {
			n, err := money.NewNumber(w, decimals)
			require.NoError(t, err)
			numbers[i], fractions[i] = n, n.Rat()
			zero = zero && w == 0
		}
		got, err := a.Allocate(whole)
		if zero {
			require.ErrorIs(t, err, money.ErrZeroWeights)
			return
		}
		require.NoError(t, err)
		want := hamilton(a, fractions)
		require.Equal(t, want, got)
		sum, err := money.Sum(a.Currency(), got)
		require.NoError(t, err)
		require.Equal(t, a, sum)
		got, err = a.AllocateBy(numbers)
		require.NoError(t, err)
		require.Equal(t, want, got)
		got, err = a.AllocateRat(fractions)
		require.NoError(t, err)
		require.Equal(t, want, got)
		for i, w := range whole {
			require.True(t, w > 0 || got[i].Sign() == 0, "a weight of zero gets nothing")
		}
	})
}

// TestAllocateExtremes: a sum of weights beyond 64 bits, and long lists with one or two different remainders.
func TestAllocateExtremes(t *testing.T) {
	alike, two := make([]int64, 1000), make([]int64, 1000)
	for i := range alike {
		alike[i], two[i] = 1, 1+int64(i%2)
	}
	for _, weights := range [][]int64{{math.MaxInt64, math.MaxInt64, math.MaxInt64, 1, 0}, alike, two} {
		fractions := make([]*big.Rat, len(weights))
		for i, w := range weights {
			fractions[i] = big.NewRat(w, 1)
		}
		for _, coins := range []int64{0, 1, -1, 499, 500, 501, 1001, -12345, math.MaxInt64, -math.MaxInt64} {
			got, err := eur(coins).Allocate(weights)
			require.NoError(t, err)
			require.Equal(t, hamilton(eur(coins), fractions), got)
		}
	}
}

// TestAllocateMixed shares by decimals that do not fit beside one another into 64 bits, and by fractions.
func TestAllocateMixed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := amounts(money.EUR).Draw(t, "amount")
		weights := rapid.SliceOfN(numbers().Filter(func(n money.Number) bool { return n.Sign() > 0 }), 1, 6).Draw(t, "weights")
		fractions := make([]*big.Rat, len(weights))
		thirds := make([]*big.Rat, len(weights))
		for i, w := range weights {
			fractions[i] = w.Rat()
			thirds[i] = quo(w.Rat(), big.NewRat(int64(2*i+3), 1))
		}
		got, err := a.AllocateBy(weights)
		require.NoError(t, err)
		require.Equal(t, hamilton(a, fractions), got)
		got, err = a.AllocateRat(thirds)
		require.NoError(t, err)
		require.Equal(t, hamilton(a, thirds), got)
	})
}

func TestSplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := amounts(money.EUR).Draw(t, "amount")
		ones := make([]*big.Rat, rapid.IntRange(1, 100).Draw(t, "parts"))
		for i := range ones {
			ones[i] = big.NewRat(1, 1)
		}
		got, err := a.Split(len(ones))
		require.NoError(t, err)
		require.Equal(t, hamilton(a, ones), got)
	})
}

func TestAllocateRefuses(t *testing.T) {
	ten := money.Must(money.New(1000, money.EUR))
	nothing := money.Must(money.New(0, money.EUR))
	for _, c := range []struct {
		name    string
		amount  money.Amount
		weights []int64
		want    error
		text    string
	}{
		{"no weights", ten, nil, money.ErrNoWeights, "money: no weights: nobody to share 10.00 EUR among"},
		{"negative", ten, []int64{3, -1, -2}, money.ErrNegativeWeight, "money: negative weight at index 1"},
		{"the smallest", ten, []int64{math.MinInt64}, money.ErrNegativeWeight, "money: negative weight at index 0"},
		{"negative and positive make zero", ten, []int64{1, -1}, money.ErrNegativeWeight, "money: negative weight at index 1"},
		{"negative before zero", ten, []int64{0, -1}, money.ErrNegativeWeight, "money: negative weight at index 1"},
		{"zeros", ten, []int64{0, 0}, money.ErrZeroWeights, "money: zero weights: the sum of all 2 is 0"},
		{"zeros and nothing to share", nothing, []int64{0}, money.ErrZeroWeights, "money: zero weights: the sum of all 1 is 0"},
		{"no amount", money.Amount{}, []int64{1}, money.ErrCurrency, "money: the currencies differ: no currency and no currency"},
	} {
		numbers, fractions := []money.Number{}, []*big.Rat{}
		for _, w := range c.weights {
			n, err := money.NewNumber(max(w, -math.MaxInt64), 3)
			require.NoError(t, err)
			numbers, fractions = append(numbers, n), append(fractions, big.NewRat(w, 7))
		}
		parts, err := c.amount.Allocate(c.weights)
		require.ErrorIs(t, err, c.want, c.name)
		require.EqualError(t, err, c.text, c.name)
		require.Nil(t, parts)
		_, err = c.amount.AllocateBy(numbers)
		require.EqualError(t, err, c.text, c.name)
		_, err = c.amount.AllocateRat(fractions)
		require.EqualError(t, err, c.text, c.name)
	}
	for _, n := range []int{0, -1, math.MinInt} {
		_, err := ten.Split(n)
		require.ErrorIs(t, err, money.ErrNoWeights)
	}
	_, err := money.Amount{}.Split(2)
	require.ErrorIs(t, err, money.ErrCurrency)
}
