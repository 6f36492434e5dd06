package bench_test

import (
	"cmp"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	gomoney "github.com/Rhymond/go-money"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/money"
)

// additions is how many amounts one operation of BenchmarkAdd adds up.
const additions = 1000

// BenchmarkAdd adds up amounts one after the other; an operation is 1,000 additions. The limit is int64.
func BenchmarkAdd(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	coins := make([]int64, additions)
	amounts := make([]money.Amount, additions)
	decimals := make([]decimal.Decimal, additions)
	peers := make([]*gomoney.Money, additions)
	want := int64(0)
	for i := range coins {
		coins[i] = r.Int64N(1_000_000)
		want += coins[i]
		amounts[i] = money.Must(money.New(coins[i], money.EUR))
		decimals[i] = decimal.New(coins[i], -2)
		peers[i] = gomoney.New(coins[i], gomoney.EUR)
	}
	b.Run("int64", func(b *testing.B) {
		got := int64(0)
		measure(b, func(int) error { got = addInts(coins); return nil })
		require.Equal(b, want, got)
	})
	b.Run("money", func(b *testing.B) {
		var got money.Amount
		measure(b, func(int) (err error) { got, err = addAmounts(amounts); return err })
		require.Equal(b, money.Must(money.New(want, money.EUR)), got)
	})
	b.Run("decimal", func(b *testing.B) {
		var got decimal.Decimal
		measure(b, func(int) error { got = addDecimals(decimals); return nil })
		require.True(b, decimal.New(want, -2).Equal(got))
	})
	b.Run("gomoney", func(b *testing.B) {
		var got *gomoney.Money
		measure(b, func(int) (err error) { got, err = addPeers(peers); return err })
		require.Equal(b, want, got.Amount())
	})
}

//go:noinline
func addInts(list []int64) int64 {
	sum := list[0]
	for _, n := range list[1:] {
		sum += n
	}
	return sum
}

//go:noinline
func addAmounts(list []money.Amount) (money.Amount, error) {
	sum := list[0]
	for _, a := range list[1:] {
		var err error
		if sum, err = sum.Add(a); err != nil {
			return money.Amount{}, err
		}
	}
	return sum, nil
}

//go:noinline
func addDecimals(list []decimal.Decimal) decimal.Decimal {
	sum := list[0]
	for _, d := range list[1:] {
		sum = sum.Add(d)
	}
	return sum
}

//go:noinline
func addPeers(list []*gomoney.Money) (*gomoney.Money, error) {
	sum := list[0]
	for _, m := range list[1:] {
		var err error
		if sum, err = sum.Add(m); err != nil {
			return nil, err
		}
	}
	return sum, nil
}

// BenchmarkAllocate shares one amount among 1,000,000 lines by their weights. The limit is integers with a selection
// instead of a sort. The peer go-money gives what is left to the first lines instead of the largest remainders.
func BenchmarkAllocate(b *testing.B) {
	n := 1_000_000
	if testing.Short() {
		n = 10_000
	}
	r := rand.New(rand.NewPCG(3, 4))
	weights := make([]int64, n)
	ints := make([]int, n)
	numbers := make([]money.Number, n)
	decimals := make([]decimal.Decimal, n)
	for i := range weights {
		weights[i] = r.Int64N(1_000_000)
		ints[i] = int(weights[i])
		numbers[i], _ = money.NewNumber(weights[i], 3)
		decimals[i] = decimal.New(weights[i], -3)
	}
	const coins = 123_456_789_012
	amount := money.Must(money.New(coins, money.EUR))
	want := shareInts(coins, weights)
	compare := func(b *testing.B, got []money.Amount) {
		b.Helper()
		for i, a := range got {
			if a.Coins() != want[i] {
				b.Fatalf("line %d: %s, the limit has %d", i, a, want[i])
			}
		}
	}
	b.Run("int64", func(b *testing.B) {
		measure(b, func(int) error { shareInts(coins, weights); return nil })
	})
	b.Run("money", func(b *testing.B) {
		var got []money.Amount
		measure(b, func(int) (err error) { got, err = amount.Allocate(weights); return err })
		compare(b, got)
	})
	b.Run("money-numbers", func(b *testing.B) {
		var got []money.Amount
		measure(b, func(int) (err error) { got, err = amount.AllocateBy(numbers); return err })
		compare(b, got)
	})
	b.Run("gomoney", func(b *testing.B) {
		peer := gomoney.New(coins, gomoney.EUR)
		measure(b, func(int) error { _, err := peer.Allocate(ints...); return err })
	})
	b.Run("decimal", func(b *testing.B) {
		var got []decimal.Decimal
		measure(b, func(int) error { got = shareDecimals(decimal.New(coins, -2), decimals); return nil })
		for i, d := range got {
			if d.Shift(2).IntPart() != want[i] {
				b.Fatalf("line %d: %s, the limit has %d", i, d, want[i])
			}
		}
	})
}

// shareInts is the largest remainder by hand: positive integers, and no check of anything.
func shareInts(coins uint64, weights []int64) []int64 {
	total := uint64(0)
	for _, w := range weights {
		total += uint64(w)
	}
	parts, rest := make([]int64, len(weights)), make([]uint64, len(weights))
	left := int(coins)
	for i, w := range weights {
		hi, lo := bits.Mul64(coins, uint64(w))
		q, r := bits.Div64(hi, lo, total)
		parts[i], rest[i] = int64(q), r
		left -= int(q)
	}
	if left == 0 {
		return parts
	}
	limit := kthLargest(slices.Clone(rest), left)
	for i, r := range rest {
		if r > limit {
			parts[i]++
			left--
		}
	}
	for i := 0; left > 0; i++ {
		if rest[i] == limit {
			parts[i]++
			left--
		}
	}
	return parts
}

// kthLargest is Hoare's selection.
func kthLargest(v []uint64, k int) uint64 {
	at := k - 1 // in descending order
	for low, high := 0, len(v)-1; low < high; {
		pivot, i, j := v[(low+high)/2], low, high
		for i <= j {
			for v[i] > pivot {
				i++
			}
			for v[j] < pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i++
				j--
			}
		}
		switch {
		case at <= j:
			high = j
		case at >= i:
			low = i
		default:
			return v[at]
		}
	}
	return v[at]
}

// shareDecimals is the largest remainder with shopspring/decimal, by sorting. Fractions are multiplied out by the sum
// of the weights, so that nothing is rounded.
func shareDecimals(amount decimal.Decimal, weights []decimal.Decimal) []decimal.Decimal {
	total := decimal.Zero
	for _, w := range weights {
		total = total.Add(w)
	}
	parts, rest, order := make([]decimal.Decimal, len(weights)), make([]decimal.Decimal, len(weights)), make([]int, len(weights))
	left := amount
	for i, w := range weights {
		parts[i], rest[i] = amount.Mul(w).QuoRem(total, 2)
		order[i] = i
		left = left.Sub(parts[i])
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Or(rest[j].Cmp(rest[i]), cmp.Compare(i, j)) })
	coin := decimal.New(1, -2)
	for _, i := range order[:left.Shift(2).IntPart()] {
		parts[i] = parts[i].Add(coin)
	}
	return parts
}
