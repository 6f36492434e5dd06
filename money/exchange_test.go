package money_test

import (
	"encoding/json"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/money"
)

// ecb is a quote of a day in November 2026.
func ecb(from, to money.Currency, rate string, dayOfMonth int) money.Quote {
	n, err := money.ParseNumber(rate)
	if err != nil {
		panic(err)
	}
	return money.Quote{From: from, To: to, Rate: n, Date: november(dayOfMonth), Source: "ECB"}
}

func november(day int) time.Time { return time.Date(2026, time.November, day, 0, 0, 0, 0, time.UTC) }

// TestConvertOracle compares with fractions in both directions, and holds the way there and back to its bound: half a
// coin in the other currency, seen in one's own, and half a coin of one's own.
func TestConvertOracle(t *testing.T) {
	positive := rapid.OneOf(rapid.Map(rapid.Int64Range(1, 1e9), func(n int64) money.Number {
		out, _ := money.NewNumber(n, 5)
		return out
	}), numbers().Filter(func(n money.Number) bool { return n.Sign() > 0 }))
	rapid.Check(t, func(t *rapid.T) {
		from := currencies().Draw(t, "from")
		to := currencies().Filter(func(c money.Currency) bool { return c != from }).Draw(t, "to")
		q := money.Quote{From: from, To: to, Rate: positive.Draw(t, "rate"), Date: november(2), Source: "test"}
		r := rapid.SampledFrom(roundings).Draw(t, "rounding")
		a, b := amounts(from).Draw(t, "a"), amounts(to).Draw(t, "b")
		there, err := q.Convert(a, r)
		same(t, coinsOf(mul(a.Rat(), q.Rate.Rat()), to, r), to, there.To, err)
		other, otherErr := q.Convert(b, r)
		same(t, coinsOf(quo(b.Rat(), q.Rate.Rat()), from, r), from, other.To, otherErr)
		if err != nil {
			return
		}
		require.Equal(t, money.Conversion{From: a, To: there.To, Quote: q, Rounding: r}, there)
		there, err = q.Convert(a, money.HalfUp)
		if err != nil {
			return
		}
		back, err := q.Convert(there.To, money.HalfUp)
		if err != nil {
			require.ErrorIs(t, err, money.ErrOverflow)
			return
		}
		half := func(c money.Currency) *big.Rat { return mul(ten(-c.Decimals()), big.NewRat(1, 2)) }
		bound := add(quo(half(to), q.Rate.Rat()), half(from))
		off := new(big.Rat).Abs(sub(back.To.Rat(), a.Rat()))
		require.LessOrEqual(t, off.Cmp(bound), 0, "%s became %s", a, back.To)
	})
}

func TestRates(t *testing.T) {
	rates, err := money.NewRates(3,
		ecb("EUR", "USD", "1.10", 6), ecb("EUR", "USD", "1.08", 2), ecb("EUR", "USD", "1.09", 5),
		ecb("EUR", "GBP", "0.88", 2), ecb("GBP", "EUR", "1.14", 3), ecb("EUR", "JPY", "172.5", 30))
	require.NoError(t, err)
	berlin := time.FixedZone("CET", 3600)
	for _, c := range []struct {
		name     string
		from, to money.Currency
		at       time.Time
		want     money.Quote
		latest   time.Time
	}{
		{"the day", "EUR", "USD", november(2), ecb("EUR", "USD", "1.08", 2), time.Time{}},
		{"late on the day", "EUR", "USD", november(2).Add(24*time.Hour - 1), ecb("EUR", "USD", "1.08", 2), time.Time{}},
		{"the day where the time is", "EUR", "USD", time.Date(2026, 11, 6, 0, 30, 0, 0, berlin), ecb("EUR", "USD", "1.10", 6), time.Time{}},
		{"the latest before", "EUR", "USD", november(4), ecb("EUR", "USD", "1.08", 2), time.Time{}},
		{"a newer one", "EUR", "USD", november(5), ecb("EUR", "USD", "1.09", 5), time.Time{}},
		{"the last day", "EUR", "USD", november(9), ecb("EUR", "USD", "1.10", 6), time.Time{}},
		{"too old", "EUR", "USD", november(10), money.Quote{}, november(6)},
		{"too early", "EUR", "USD", november(1), money.Quote{}, time.Time{}},
		{"the other way", "USD", "EUR", november(2), ecb("EUR", "USD", "1.08", 2), time.Time{}},
		{"both ways: its own", "GBP", "EUR", november(3), ecb("GBP", "EUR", "1.14", 3), time.Time{}},
		{"both ways: its own, though older", "EUR", "GBP", november(3), ecb("EUR", "GBP", "0.88", 2), time.Time{}},
		{"both ways: the one that holds", "EUR", "GBP", november(6), ecb("GBP", "EUR", "1.14", 3), time.Time{}},
		{"both ways: none holds", "EUR", "GBP", november(7), money.Quote{}, november(3)},
		{"over a third", "USD", "GBP", november(2), money.Quote{}, time.Time{}},
		{"unknown", "EUR", "CHF", november(2), money.Quote{}, time.Time{}},
	} {
		got, err := rates.On(c.at, c.from, c.to)
		if c.want == (money.Quote{}) {
			require.ErrorIs(t, err, money.ErrRate, c.name)
			var missing *money.RateError
			require.ErrorAs(t, err, &missing)
			require.Equal(t, c.latest, missing.Latest, c.name)
			_, err = rates.Convert(money.Must(money.New(1, c.from)), c.to, c.at, money.HalfUp)
			require.ErrorIs(t, err, money.ErrRate, c.name)
			continue
		}
		require.NoError(t, err, c.name)
		require.Equal(t, c.want, got, c.name)
	}
	_, err = rates.On(november(10), "EUR", "USD")
	require.EqualError(t, err, "money: no exchange rate from EUR to USD for 2026-11-10: the latest is of 2026-11-06")

	got, err := rates.Convert(eur(10000), money.USD, november(4), money.HalfEven)
	require.NoError(t, err)
	require.Equal(t, money.Conversion{From: eur(10000), To: money.Must(money.New(10800, money.USD)),
		Quote: ecb("EUR", "USD", "1.08", 2), Rounding: money.HalfEven}, got)
	roundTrip(t, got)
	raw, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, `{"from":{"amount":"100.00","currency":"EUR"},"to":{"amount":"108.00","currency":"USD"},"rounding":"half_even",
		"quote":{"from":"EUR","to":"USD","rate":"1.08","date":"2026-11-02T00:00:00Z","source":"ECB"}}`, string(raw))

	got, err = rates.Convert(eur(10000), money.EUR, november(30), money.HalfEven)
	require.NoError(t, err)
	require.Equal(t, money.Conversion{From: eur(10000), To: eur(10000), Rounding: money.HalfEven}, got)
	_, err = rates.Convert(eur(1), "QQQ", november(2), money.HalfUp)
	require.ErrorIs(t, err, money.ErrCurrency)
	_, err = rates.Convert(money.Amount{}, money.EUR, november(2), money.HalfUp)
	require.ErrorIs(t, err, money.ErrCurrency)
	_, err = ecb("EUR", "USD", "1.08", 2).Convert(money.Must(money.New(1, money.JPY)), money.HalfUp)
	require.ErrorIs(t, err, money.ErrCurrency)
	require.ErrorContains(t, err, "JPY")
	require.ErrorContains(t, err, "from EUR to USD")
}

func TestRatesRefuse(t *testing.T) {
	good := ecb("EUR", "USD", "1.08", 2)
	for name, c := range map[string]struct {
		change func(*money.Quote)
		want   error
	}{
		"zero":          {func(q *money.Quote) { q.Rate = money.Number{} }, money.ErrRate},
		"negative":      {func(q *money.Quote) { q.Rate = q.Rate.Neg() }, money.ErrRate},
		"no date":       {func(q *money.Quote) { q.Date = time.Time{} }, money.ErrRate},
		"no source":     {func(q *money.Quote) { q.Source = " " }, money.ErrRate},
		"itself":        {func(q *money.Quote) { q.To = q.From }, money.ErrRate},
		"the same day":  {func(q *money.Quote) { q.Date = q.Date.Add(time.Hour) }, money.ErrRate},
		"unknown from":  {func(q *money.Quote) { q.From = "QQQ" }, money.ErrCurrency},
		"nothing to":    {func(q *money.Quote) { q.To = "" }, money.ErrCurrency},
		"without coins": {func(q *money.Quote) { q.To = "XAU" }, money.ErrCurrency},
	} {
		q := good
		c.change(&q)
		_, err := money.NewRates(0, good, q)
		require.ErrorIs(t, err, c.want, name)
		if name != "the same day" {
			_, err = q.Convert(eur(1), money.HalfUp)
			require.ErrorIs(t, err, c.want, name)
		}
	}
	empty, err := money.NewRates(-1)
	require.NoError(t, err)
	_, err = empty.On(november(2), money.EUR, money.USD)
	require.ErrorIs(t, err, money.ErrRate)
}
