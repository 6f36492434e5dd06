package money_test

import (
	"errors"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/money"
)

func price(t require.TestingT, text string, c money.Currency) money.Price {
	p, err := money.ParsePrice(text, c)
	require.NoError(t, err)
	return p
}

func number(t require.TestingT, text string) money.Number {
	n, err := money.ParseNumber(text)
	require.NoError(t, err)
	return n
}

var grammar = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// checkParse compares the parsers with a regular expression and big.Rat.
func checkParse(t require.TestingT, text string) {
	n, err := money.ParseNumber(text)
	if !grammar.MatchString(text) || len(text) > 64 || strings.HasSuffix(text, "\n") {
		require.ErrorIs(t, err, money.ErrSyntax, "%q", text)
		_, err = money.Parse(text, money.EUR)
		require.ErrorIs(t, err, money.ErrSyntax, "%q", text)
		return
	}
	want, ok := new(big.Rat).SetString(text)
	require.True(t, ok)
	sameNumber(t, want, n, err)
	for _, c := range []money.Currency{money.EUR, money.JPY} {
		a, err := money.Parse(text, c)
		if coins := mul(want, ten(c.Decimals())); coins.IsInt() {
			same(t, coins.Num(), c, a, err)
		} else {
			require.ErrorIs(t, err, money.ErrScale, text)
		}
	}
}

func TestParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkParse(t, rapid.StringMatching(`-?[0-9]{1,20}(\.[0-9]{1,20})?`).Draw(t, "text"))
		checkParse(t, rapid.StringMatching(`[-+]?[0-9]{0,3}[.,eE_ ]?[-0-9]{0,3}`).Draw(t, "odd"))
	})
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]error{
		"": money.ErrSyntax, "-": money.ErrSyntax, ".": money.ErrSyntax, "NaN": money.ErrSyntax, "Inf": money.ErrSyntax,
		"-Infinity": money.ErrSyntax, "1e2": money.ErrSyntax, "1E999999999": money.ErrSyntax, "1,5": money.ErrSyntax,
		"1 000": money.ErrSyntax, " 1": money.ErrSyntax, "1\n": money.ErrSyntax, "+1": money.ErrSyntax, "--1": money.ErrSyntax,
		"01": money.ErrSyntax, "00": money.ErrSyntax, ".5": money.ErrSyntax, "5.": money.ErrSyntax, "0x1F": money.ErrSyntax,
		"1_0": money.ErrSyntax, "1/3": money.ErrSyntax, "€5": money.ErrSyntax, "١": money.ErrSyntax,
		strings.Repeat("1", 65): money.ErrSyntax, "0." + strings.Repeat("0", 63): money.ErrSyntax,
		"0.005": money.ErrScale, "-12.345": money.ErrScale, "12345678901234567890.123": money.ErrScale,
		"92233720368547758.08": money.ErrOverflow, "-92233720368547758.08": money.ErrOverflow,
		"9223372036854775808": money.ErrOverflow, "9223372036854775807": money.ErrOverflow, strings.Repeat("9", 64): money.ErrOverflow,
	} {
		a, err := money.Parse(text, money.EUR)
		require.ErrorIs(t, err, want, "%q", text)
		require.Equal(t, money.Amount{}, a)
		if errors.Is(want, money.ErrSyntax) {
			_, err = money.ParsePrice(text, money.EUR)
			require.ErrorIs(t, err, want, "%q", text)
		}
	}
	_, err := money.Parse("12.345", money.EUR)
	require.EqualError(t, err, "money: 12.345 EUR has more decimals than the coin (2)")
	_, err = money.Parse("abc", money.EUR)
	require.EqualError(t, err, `money: syntax: "abc" is no number such as -12.50 (in EUR)`)
	_, err = money.Parse("1", "QQQ")
	require.EqualError(t, err, `money: unknown currency "QQQ"`)
	_, err = money.ParsePrice("1", money.Currency(strings.Repeat("€", 1000)))
	require.ErrorIs(t, err, money.ErrCurrency)
	require.Less(t, len(err.Error()), 100)
	for _, text := range []string{"0.00", "-0", "-0.000", "0"} {
		a, err := money.Parse(text, money.EUR)
		require.NoError(t, err)
		require.Equal(t, "0.00 EUR", a.String())
	}
}

// TestDecimalEdges: decimals of any size come in quickly, exactly or with an error.
func TestDecimalEdges(t *testing.T) {
	for _, c := range []struct {
		d     decimal.Decimal
		exact error
		floor string // of RoundDecimal; "" is an overflow
	}{
		{decimal.New(1, 2_000_000_000), money.ErrOverflow, ""},
		{decimal.New(-1, 2_000_000_000), money.ErrOverflow, ""},
		{decimal.New(0, 2_000_000_000), nil, "0.00 EUR"},
		{decimal.New(0, -2_000_000_000), nil, "0.00 EUR"},
		{decimal.New(1, -2_000_000_000), money.ErrScale, "0.00 EUR"},
		{decimal.New(-1, -2_000_000_000), money.ErrScale, "-0.01 EUR"},
		{decimal.New(1, 16), nil, "10000000000000000.00 EUR"},
		{decimal.New(1, 17), money.ErrOverflow, ""},
		{decimal.New(1250000000000, -11), nil, "12.50 EUR"},
		{decimal.New(12505, -3), money.ErrScale, "12.50 EUR"},
		{decimal.New(12508, -3), money.ErrScale, "12.50 EUR"},
		{decimal.New(-12505, -3), money.ErrScale, "-12.51 EUR"},
		{decimal.NewFromBigInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(1000), nil), -998), nil, "100.00 EUR"},
		{decimal.NewFromBigInt(new(big.Int).Exp(big.NewInt(7), big.NewInt(1000), nil), 0), money.ErrOverflow, ""},
		{decimal.NewFromBigInt(new(big.Int).Exp(big.NewInt(7), big.NewInt(1000), nil), -845), money.ErrScale, "1.25 EUR"},
		{decimal.New(-9223372036854775808, -2), money.ErrOverflow, ""},
		{decimal.New(-9223372036854775807, -2), nil, "-92233720368547758.07 EUR"},
	} {
		name := c.d.Coefficient().Text(16) + "e" + decimal.New(int64(c.d.Exponent()), 0).String()
		_, err := money.NewFromDecimal(c.d, money.EUR)
		require.True(t, errors.Is(err, c.exact), "%s: %v", name, err)
		a, err := money.RoundDecimal(c.d, money.EUR, money.Floor)
		if c.floor == "" {
			require.ErrorIs(t, err, money.ErrOverflow, name)
		} else {
			require.NoError(t, err, name)
			require.Equal(t, c.floor, a.String(), name)
		}
	}
	for _, c := range []struct {
		d    decimal.Decimal
		want error
	}{
		{decimal.New(1, 2_000_000_000), money.ErrOverflow},
		{decimal.New(1, -2_000_000_000), money.ErrScale},
		{decimal.New(0, -2_000_000_000), nil},
		{decimal.New(1, -19), money.ErrScale},
		{decimal.New(10, -19), nil},
		{decimal.New(-9223372036854775808, 0), money.ErrOverflow},
		{decimal.New(1, 18), nil},
		{decimal.New(1, 19), money.ErrOverflow},
	} {
		_, err := money.PriceFromDecimal(c.d, money.EUR)
		require.True(t, errors.Is(err, c.want), "%v: %v", c.d.Exponent(), err)
	}
}
