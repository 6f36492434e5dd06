package finance_test

import (
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/money"
)

// Worked by hand, at average cost: 100 at 90 and 100 at 110 are 200 carried at 200; 50 sold for 60 take 50 along.
func TestPositionByHand(t *testing.T) {
	p, err := finance.NewPosition(money.USD, money.EUR)
	require.NoError(t, err)
	for _, s := range []struct{ amount, value, holds, carrying, realised string }{
		{"100.00", "90.00", "100.00", "90.00", "0.00"},
		{"100.00", "110.00", "200.00", "200.00", "0.00"},
		{"-50.00", "-60.00", "150.00", "150.00", "10.00"},   // 60 got for what cost 50
		{"-200.00", "-180.00", "-50.00", "-45.00", "-5.00"}, // 135 got for the 150 that are left; then 50 owed at 45
		{"50.00", "50.00", "0.00", "0.00", "-10.00"},        // what was owed at 45 costs 50
	} {
		p, err = p.Add(dollars(s.amount), euros(s.value), money.HalfUp)
		require.NoError(t, err)
		require.Equal(t, finance.Position{Amount: dollars(s.holds), Carrying: euros(s.carrying), Realised: euros(s.realised)}, p)
	}
	_, err = p.Add(dollars("1.00"), euros("-1.00"), money.HalfUp)
	require.ErrorContains(t, err, "want the same sign")
	_, err = p.Add(euros("1.00"), euros("1.00"), money.HalfUp)
	require.ErrorIs(t, err, money.ErrCurrency)
	_, err = finance.NewPosition(money.EUR, money.EUR)
	require.ErrorIs(t, err, money.ErrCurrency)
}

// Nothing is created or lost: what is carried is the sum of all values plus what was realised, signs agree, and an empty
// position carries nothing. A step is realised as the average cost in fractions says, within the coin that is rounded.
func TestPositionLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, err := finance.NewPosition(money.USD, money.EUR)
		require.NoError(t, err)
		rounding := rapid.SampledFrom([]money.Rounding{money.HalfUp, money.HalfEven, money.Up, money.Down, money.Floor, money.Ceiling}).Draw(t, "rounding")
		var amount, value int64
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			a, v := rapid.Int64Range(-1000, 1000).Draw(t, "amount"), rapid.Int64Range(0, 2000).Draw(t, "value")
			if a < 0 {
				v = -v
			}
			if a == 0 {
				continue
			}
			next, err := p.Add(money.Must(money.New(a, money.USD)), money.Must(money.New(v, money.EUR)), rounding)
			require.NoError(t, err)
			amount, value = amount+a, value+v
			require.Equal(t, amount, next.Amount.Coins())
			require.Equal(t, value+next.Realised.Coins(), next.Carrying.Coins())
			require.GreaterOrEqual(t, next.Amount.Sign()*next.Carrying.Sign(), 0)
			if amount == 0 {
				require.Zero(t, next.Carrying.Sign())
			}
			gain := new(big.Rat).SetInt64(next.Realised.Coins() - p.Realised.Coins())
			off := gain.Sub(gain, realised(p, a, v))
			require.LessOrEqual(t, off.Abs(off).Cmp(big.NewRat(2, 1)), 0, "two roundings of a coin at most")
			p = next
		}
	})
}

// realised is the gain of a step in fractions: the part that makes the position smaller, at its value less average cost.
func realised(p finance.Position, a, v int64) *big.Rat {
	held := p.Amount.Coins()
	if held*a >= 0 {
		return new(big.Rat)
	}
	part := min(abs(held), abs(a))
	cost := big.NewRat(p.Carrying.Coins()*part, abs(held))
	worth := big.NewRat(v*part, abs(a))
	return worth.Add(worth, cost).Neg(worth)
}

func abs(n int64) int64 { return max(n, -n) }

// An independent way to the differences: the clearing account with every currency valued at the date, with the sign
// turned, is what the conversions have gained, whatever they were, between whichever currencies, and reversed or not.
func TestDifferencesAreTheClearingAccount(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(rt)
		b.months(6)
		currencies := []money.Currency{money.EUR, money.USD, money.JPY, money.KWD}
		var quotes []money.Quote
		for month := range 6 {
			for _, c := range currencies[1:] {
				rate, err := money.NewNumber(rapid.Int64Range(1000, 1_800_000).Draw(rt, "rate"), 4)
				require.NoError(rt, err)
				quotes = append(quotes, money.Quote{From: money.EUR, To: c, Rate: rate, Date: time.Date(2026, time.Month(month+1), 1, 0, 0, 0, 0, time.UTC), Source: "drawn"})
			}
		}
		rates, err := money.NewRates(0, quotes...)
		require.NoError(rt, err)
		for range rapid.IntRange(0, 10).Draw(rt, "conversions") {
			pair := rapid.Permutation(currencies).Draw(rt, "pair")
			on := date(2026, time.Month(rapid.IntRange(1, 6).Draw(rt, "month")), 1)
			at := time.Date(2026, on.Month, 1, 0, 0, 0, 0, time.UTC)
			c := money.Conversion{From: money.Must(money.New(rapid.Int64Range(1, 1e8).Draw(rt, "coins"), pair[0])), Rounding: money.HalfUp}
			if pair[0] != money.EUR && pair[1] != money.EUR || rapid.Bool().Draw(rt, "bank") { // a bank's rate of its own
				rate, err := money.NewNumber(rapid.Int64Range(1, 1e7).Draw(rt, "rate of the bank"), 4)
				require.NoError(rt, err)
				c, err = money.Quote{From: pair[0], To: pair[1], Rate: rate, Date: at, Source: "bank"}.Convert(c.From, money.HalfUp)
				require.NoError(rt, err)
			} else {
				c, err = rates.Convert(c.From, pair[1], at, money.HalfUp)
				require.NoError(rt, err)
			}
			if c.To.Sign() == 0 {
				continue
			}
			halves, err := b.Exchange(b.as("mia"), "", finance.Exchange{Chart: b.books, Date: on, From: "1000", To: "2000", Conversion: c, Cause: cause(1)})
			require.NoError(rt, err)
			of := halves[rapid.IntRange(0, 1).Draw(rt, "half")]
			for range rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(rt, "reversals") {
				back, err := b.Reverse(b.as("mia"), finance.Reverse{Of: of.Ref(finance.EntryName), Date: on, Text: "wrong"})
				require.NoError(rt, err)
				of = back[0]
			}
		}
		last := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
		asOf := date(2026, 6, 1)
		differences, err := finance.Differences(b.EntriesOf(b.as("mia"), b.books, asOf, time.Time{}), money.EUR, rates, asOf, money.HalfUp)
		require.NoError(rt, err)
		gained := int64(0)
		for _, d := range differences {
			gained += d.Realised.Coins() + d.Unrealised.Coins()
		}
		clearing := int64(0)
		for _, balance := range b.balances(calendar.Date{}, time.Time{}) {
			net, err := balance.Of("1900")
			require.NoError(rt, err)
			valued, err := rates.Convert(net, money.EUR, last, money.HalfUp)
			require.NoError(rt, err)
			clearing += valued.To.Coins()
			for _, d := range differences {
				if d.Amount.Currency() == balance.Currency {
					require.Equal(rt, -net.Coins(), d.Amount.Coins(), "the position is what clearing owes")
				}
			}
		}
		require.Equal(rt, -clearing, gained)
	})
}

// A rate that is missing names the day; so does one that would value a conversion between two foreign currencies.
func TestDifferencesWithoutRate(t *testing.T) {
	b := newBench(t)
	b.months(11)
	rates, err := money.NewRates(0, quote("1.25", 5))
	require.NoError(t, err)
	c, err := rates.Convert(euros("100.00"), money.USD, day(5), money.HalfUp)
	require.NoError(t, err)
	_, err = b.Exchange(b.as("mia"), "", finance.Exchange{Chart: b.books, Date: date(2026, 11, 5), From: "1000", To: "2000", Conversion: c, Cause: cause(1)})
	require.NoError(t, err)
	entries := b.EntriesOf(b.as("mia"), b.books, calendar.Date{}, time.Time{})
	var missing *money.RateError
	_, err = finance.Differences(entries, money.EUR, rates, date(2026, 11, 30), money.HalfUp)
	require.ErrorAs(t, err, &missing)
	require.ErrorContains(t, err, "for 2026-11-30")
	_, err = finance.Differences(entries, money.EUR, rates, calendar.Date{}, money.HalfUp)
	require.ErrorContains(t, err, "the date is required")
	_, err = finance.Differences(entries, money.JPY, rates, date(2026, 11, 5), money.HalfUp)
	require.ErrorAs(t, err, &missing)
	require.Equal(t, money.JPY, missing.To)
	var at *finance.EntryError
	require.ErrorAs(t, err, &at)
	none, err := finance.Differences(entries, money.EUR, rates, date(2026, 11, 4), money.HalfUp)
	require.NoError(t, err)
	require.Empty(t, none)
}
