package money_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/money"
)

func eur(coins int64) money.Amount { return money.Must(money.New(coins, money.EUR)) }

// TestRounding has a row for each rounding; the columns are coins of these values. They follow from the definitions.
func TestRounding(t *testing.T) {
	values := []string{"0.015", "0.025", "0.0251", "0.0249", "-0.015", "-0.025", "-0.0251", "0.020", "0.001", "-0.001"}
	for r, want := range map[money.Rounding][]int64{
		money.HalfUp:   {2, 3, 3, 2, -2, -3, -3, 2, 0, 0},
		money.HalfDown: {1, 2, 3, 2, -1, -2, -3, 2, 0, 0},
		money.HalfEven: {2, 2, 3, 2, -2, -2, -3, 2, 0, 0},
		money.Up:       {2, 3, 3, 3, -2, -3, -3, 2, 1, -1},
		money.Down:     {1, 2, 2, 2, -1, -2, -2, 2, 0, 0},
		money.Ceiling:  {2, 3, 3, 3, -1, -2, -2, 2, 1, 0},
		money.Floor:    {1, 2, 2, 2, -2, -3, -3, 2, 0, -1},
	} {
		require.Contains(t, r.Choices(), string(r))
		for i, v := range values {
			a, err := price(t, v, money.EUR).Round(r)
			require.NoError(t, err)
			require.Equal(t, want[i], a.Coins(), "%s %s", r, v)
		}
	}
	require.Len(t, money.HalfUp.Choices(), 7)
}

// TestNeedsRounding: without a name there is no result, even where nothing would be rounded.
func TestNeedsRounding(t *testing.T) {
	one, third := money.Int(1), big.NewRat(1, 3)
	quote := ecb("EUR", "USD", "1.0843", 2)
	rates, err := money.NewRates(0, quote)
	require.NoError(t, err)
	for _, r := range []money.Rounding{"", "half", "HALF_UP"} {
		for name, call := range map[string]func() error{
			"Times":         func() error { _, err := eur(100).Times(one, r); return err },
			"Over":          func() error { _, err := eur(100).Over(one, r); return err },
			"Prorate":       func() error { _, err := eur(100).Prorate(1, 1, r); return err },
			"Price.Times":   func() error { _, err := eur(100).Price().Times(one, r); return err },
			"Price.Round":   func() error { _, err := eur(100).Price().Round(r); return err },
			"RoundRat":      func() error { _, err := money.RoundRat(third, money.EUR, r); return err },
			"RoundDecimal":  func() error { _, err := money.RoundDecimal(decimal.Zero, money.EUR, r); return err },
			"RoundNumber":   func() error { _, err := money.RoundNumber(third, 2, r); return err },
			"RoundPrice":    func() error { _, err := money.RoundPrice(third, money.EUR, 2, r); return err },
			"Quote.Convert": func() error { _, err := quote.Convert(eur(1), r); return err },
			"Rates.Convert": func() error { _, err := rates.Convert(eur(1), money.EUR, quote.Date, r); return err },
		} {
			require.ErrorIs(t, call(), money.ErrRounding, "%s %q", name, r)
		}
	}
	_, err = eur(1).Times(one, "")
	require.EqualError(t, err, "money: no rounding is named")
	_, err = eur(1).Times(one, "half")
	require.EqualError(t, err, `money: unknown rounding "half"`)
}

// TestCurrenciesNeverMix: two currencies, and no currency, are an error that names both.
func TestCurrenciesNeverMix(t *testing.T) {
	dollar := money.Must(money.New(100, money.USD))
	none := money.Amount{}
	for name, c := range map[string]struct {
		call func() error
		a, b money.Currency
	}{
		"Add":             {func() error { _, err := eur(1).Add(dollar); return err }, "EUR", "USD"},
		"Sub":             {func() error { _, err := dollar.Sub(eur(1)); return err }, "USD", "EUR"},
		"Cmp":             {func() error { _, err := eur(1).Cmp(dollar); return err }, "EUR", "USD"},
		"Price.Add":       {func() error { _, err := eur(1).Price().Add(dollar.Price()); return err }, "EUR", "USD"},
		"Price.Sub":       {func() error { _, err := eur(1).Price().Sub(dollar.Price()); return err }, "EUR", "USD"},
		"Price.Cmp":       {func() error { _, err := eur(1).Price().Cmp(dollar.Price()); return err }, "EUR", "USD"},
		"nothing":         {func() error { _, err := eur(1).Add(none); return err }, "EUR", ""},
		"to nothing":      {func() error { _, err := none.Add(eur(1)); return err }, "", "EUR"},
		"twice nothing":   {func() error { _, err := none.Add(none); return err }, "", ""},
		"Mul":             {func() error { _, err := none.Mul(2); return err }, "", ""},
		"Times":           {func() error { _, err := none.Times(money.Int(1), money.Up); return err }, "", ""},
		"Over":            {func() error { _, err := none.Over(money.Int(1), money.Up); return err }, "", ""},
		"Prorate":         {func() error { _, err := none.Prorate(1, 2, money.Up); return err }, "", ""},
		"compare nothing": {func() error { _, err := none.Cmp(none); return err }, "", ""},
		"Price.Mul":       {func() error { _, err := none.Price().Mul(money.Int(1)); return err }, "", ""},
		"Price.Times":     {func() error { _, err := none.Price().Times(money.Int(1), money.Up); return err }, "", ""},
		"Price.Exact":     {func() error { _, err := none.Price().Exact(); return err }, "", ""},
	} {
		err := c.call()
		require.ErrorIs(t, err, money.ErrCurrency, name)
		require.NotErrorIs(t, err, money.ErrOverflow, name)
		var mismatch *money.MismatchError
		require.True(t, errors.As(err, &mismatch), name)
		require.Equal(t, money.MismatchError{A: c.a, B: c.b}, *mismatch, name)
	}
	_, err := eur(1).Add(dollar)
	require.EqualError(t, err, "money: the currencies differ: EUR and USD")
	require.NotEqual(t, none, eur(0))
	require.Equal(t, "no amount", none.String())
	require.Equal(t, "no amount", none.Price().String())
	require.Equal(t, "no amount", money.Style{}.Format(none))
	require.True(t, none.IsZero() && none.Price().IsZero() && !eur(0).IsZero() && !eur(0).Price().IsZero())
}

func TestLimits(t *testing.T) {
	most := eur(math.MaxInt64)
	_, err := most.Add(eur(1))
	require.ErrorIs(t, err, money.ErrOverflow)
	require.NotErrorIs(t, err, money.ErrCurrency)
	require.EqualError(t, err, "money: overflow: the result does not fit")
	_, err = most.Neg().Sub(eur(1))
	require.ErrorIs(t, err, money.ErrOverflow, "the smallest int64 is no amount")
	for _, a := range []money.Amount{most, most.Neg()} {
		_, err = a.Mul(2)
		require.ErrorIs(t, err, money.ErrOverflow)
		_, err = a.Mul(math.MinInt64)
		require.ErrorIs(t, err, money.ErrOverflow)
		back, err := a.Mul(-1)
		require.NoError(t, err)
		require.Equal(t, a.Neg(), back)
		require.Equal(t, most, a.Abs())
	}
	zero, err := eur(0).Mul(math.MinInt64)
	require.NoError(t, err)
	require.Equal(t, eur(0), zero)
	all, err := most.Prorate(math.MinInt64, math.MinInt64, money.Down)
	require.NoError(t, err)
	require.Equal(t, most, all)
	_, err = eur(8121005877157483899).Prorate(6789532785038186659, 2989028059918249831, money.Up)
	require.ErrorIs(t, err, money.ErrOverflow, "2^64-1 and a fraction, rounded up")
	_, err = eur(math.MinInt64 + 1).Add(eur(-1))
	require.ErrorIs(t, err, money.ErrOverflow)
	_, err = money.New(math.MinInt64, money.EUR)
	require.ErrorIs(t, err, money.ErrOverflow)
	_, err = money.NewNumber(math.MinInt64, 0)
	require.ErrorIs(t, err, money.ErrOverflow)
	for _, decimals := range []int{-1, 19, math.MinInt, math.MaxInt} {
		_, err = money.NewNumber(1, decimals)
		require.ErrorIs(t, err, money.ErrScale)
		_, err = money.RoundNumber(big.NewRat(1, 3), decimals, money.Up)
		require.ErrorIs(t, err, money.ErrScale)
		_, err = money.RoundPrice(big.NewRat(1, 3), money.EUR, decimals, money.Up)
		require.ErrorIs(t, err, money.ErrScale)
	}
	_, err = eur(1).Over(money.Number{}, money.HalfUp)
	require.ErrorIs(t, err, money.ErrDivision)
	_, err = eur(0).Prorate(1, 0, money.HalfUp)
	require.ErrorIs(t, err, money.ErrDivision)
	require.Panics(t, func() { money.Must(money.New(1, "")) })
	for name, call := range map[string]func() error{
		"New":              func() error { _, err := money.New(1, "QQQ"); return err },
		"Parse":            func() error { _, err := money.Parse("1", "QQQ"); return err },
		"NewFromDecimal":   func() error { _, err := money.NewFromDecimal(decimal.Zero, "QQQ"); return err },
		"RoundDecimal":     func() error { _, err := money.RoundDecimal(decimal.Zero, "QQQ", money.Up); return err },
		"RoundRat":         func() error { _, err := money.RoundRat(new(big.Rat), "QQQ", money.Up); return err },
		"NewPrice":         func() error { _, err := money.NewPrice(money.Int(1), "QQQ"); return err },
		"PriceFromDecimal": func() error { _, err := money.PriceFromDecimal(decimal.Zero, "QQQ"); return err },
		"RoundPrice":       func() error { _, err := money.RoundPrice(new(big.Rat), "QQQ", 2, money.Up); return err },
		"Sum":              func() error { _, err := money.Sum("QQQ", nil); return err },
	} {
		require.ErrorIs(t, call(), money.ErrCurrency, name)
	}
}

func TestStyle(t *testing.T) {
	for _, c := range []struct {
		style money.Style
		a     money.Amount
		want  string
	}{
		{money.Style{}, eur(123456789), "1234567.89 EUR"},
		{money.Style{Point: ",", Group: "."}, eur(123456789), "1.234.567,89 EUR"},
		{money.Style{Group: ",", CodeFirst: true}, eur(-123456), "EUR -1,234.56"},
		{money.Style{Group: ","}, eur(-12345), "-123.45 EUR"},
		{money.Style{Group: ","}, eur(7), "0.07 EUR"},
		{money.Style{Group: "\u202f"}, money.Must(money.New(1000, money.JPY)), "1\u202f000 JPY"},
		{money.Style{Group: "’"}, eur(math.MaxInt64), "92’233’720’368’547’758.07 EUR"},
	} {
		require.Equal(t, c.want, c.style.Format(c.a))
	}
}
