package charging_test

import (
	"cmp"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/finance/charging"
)

// Usage and subscriptions that become known after the bill, in any number of steps, in any order and more than once, cost
// what they had cost in time: bill and corrections together are the bill of someone who knew all from the start, line by
// line, and each correction leaves what was billed alone.
func TestLateUsageCostsWhatTimelyUsageDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := drawYear(t)
		timely, err := charging.Unbilled(y.rate(t, y.usage, y.subs), nil)
		require.NoError(t, err)

		shuffled := rapid.Permutation(y.usage).Draw(t, "arrival")
		var billed []charging.Line
		for known := 0; ; {
			arrived := slices.Clone(shuffled[:known])
			if known > 0 { // one comes again
				arrived = append(arrived, shuffled[rapid.IntRange(0, known-1).Draw(t, "again")])
			}
			late := len(y.subs)
			if known < len(shuffled) {
				late = rapid.IntRange(0, len(y.subs)).Draw(t, "subscriptions known")
			}
			before := slices.Clone(billed)
			rated := y.rate(t, arrived, y.subs[:late])
			correction, err := charging.Unbilled(rated, billed)
			require.NoError(t, err)
			require.Equal(t, before, billed)
			billed = append(billed, correction...)
			requireSameLines(t, rated, billed)
			if known == len(shuffled) {
				break
			}
			known = rapid.IntRange(known+1, len(shuffled)).Draw(t, "known")
		}
		requireSameLines(t, timely, billed)
		again, err := charging.Unbilled(timely, billed)
		require.NoError(t, err)
		require.Empty(t, again, "nothing is left to bill")
	})
}

// requireSameLines adds up both sides by hand, in a map and with fractions.
func requireSameLines(t *rapid.T, want, got []charging.Line) {
	type key struct {
		customer, item string
		of             charging.Source
		period         charging.Period
	}
	sums := map[key][3]*big.Rat{}
	add := func(lines []charging.Line, sign int64) {
		for _, l := range lines {
			k := key{l.Customer, l.Item, l.Of, l.Period}
			if sums[k][0] == nil {
				sums[k] = [3]*big.Rat{new(big.Rat), new(big.Rat), new(big.Rat)}
			}
			for i, x := range []*big.Rat{l.Quantity.Rat(), l.Amount.Rat(), big.NewRat(int64(l.Records), 1)} {
				sums[k][i].Add(sums[k][i], x.Mul(x, big.NewRat(sign, 1)))
			}
		}
	}
	add(want, 1)
	add(got, -1)
	for k, s := range sums {
		for i, x := range s {
			require.Zero(t, x.Sign(), "%+v: %d differs by %s", k, i, x)
		}
	}
}

// Each usage record is covered by one line, and the lines count and add up just the records that they cover, at the price of
// their tariff. They come in the same order, whatever the order of the records.
func TestLinesLeadBackToTheirRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := drawYear(t)
		lines, err := y.list.Rate(y.period, append(slices.Clone(y.usage), y.usage...))
		require.NoError(t, err)
		shuffled, err := y.list.Rate(y.period, rapid.Permutation(y.usage).Draw(t, "arrival"))
		require.NoError(t, err)
		require.Equal(t, lines, shuffled)
		require.True(t, slices.IsSortedFunc(lines, func(a, b charging.Line) int {
			return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Item, b.Item), a.Period.From.Compare(b.Period.From))
		}))
		covered := 0
		for _, l := range lines {
			quantity, records := new(big.Rat), 0
			for _, u := range y.usage {
				if l.Covers(u) {
					quantity.Add(quantity, u.Quantity.Rat())
					records++
				}
			}
			require.Zero(t, quantity.Cmp(l.Quantity.Rat()))
			require.Equal(t, records, l.Records)
			covered += records
			entry, err := y.list.On(l.Item, l.Period.From)
			require.NoError(t, err)
			charge, err := entry.Tariff.Charge(l.Quantity)
			require.NoError(t, err)
			require.Equal(t, charge, l.Amount)
		}
		require.Equal(t, len(y.usage), covered)
	})
}
