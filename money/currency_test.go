package money_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/money"
)

// TestListOne compares the table with a count of the list as published: 178 codes, of them 17 without decimals, 139
// with two, 7 with three, 2 with four and 13 without a minor unit.
func TestListOne(t *testing.T) {
	require.Equal(t, "2026-01-01", money.ListDate)
	list := money.Currencies()
	require.Len(t, list, 178-13)
	require.True(t, slices.IsSorted(list))
	require.Len(t, slices.Compact(slices.Clone(list)), len(list))
	by := map[int][]money.Currency{}
	for _, c := range list {
		require.True(t, c.Valid(), c)
		require.False(t, c.Withdrawn(), c)
		require.Regexp(t, "^[0-9]{3}$", c.Numeric())
		by[c.Decimals()] = append(by[c.Decimals()], c)
	}
	require.Equal(t, []money.Currency{"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
		"VND", "VUV", "XAF", "XOF", "XPF"}, by[0])
	require.Len(t, by[2], 139)
	require.Equal(t, []money.Currency{"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}, by[3])
	require.Equal(t, []money.Currency{"CLF", "UYW"}, by[4])
	require.Len(t, money.EUR.Choices(), len(list))
	for _, c := range []money.Currency{money.AUD, money.BRL, money.CAD, money.CHF, money.CNY, money.CZK, money.DKK, money.EUR,
		money.GBP, money.INR, money.JPY, money.KWD, money.NOK, money.PLN, money.SEK, money.USD} {
		require.Contains(t, list, c)
	}
}

func TestCurrency(t *testing.T) {
	for _, c := range []struct {
		code      money.Currency
		valid     bool
		decimals  int
		numeric   string
		withdrawn bool
	}{ // from the standard's list; the withdrawn ones from the lists before
		{"AED", true, 2, "784", false},
		{"ALL", true, 2, "008", false},
		{"EUR", true, 2, "978", false},
		{"JPY", true, 0, "392", false},
		{"KWD", true, 3, "414", false},
		{"CLF", true, 4, "990", false},
		{"XAD", true, 2, "396", false},
		{"XCG", true, 2, "532", false},
		{"ANG", true, 2, "532", true},
		{"BGN", true, 2, "975", true},
		{"HRK", true, 2, "191", true},
		{"ZWG", true, 2, "924", false},
		{"ZWL", true, 2, "932", true},
		{"XAU", false, -1, "959", false},
		{"XXX", false, -1, "999", false},
		{"", false, -1, "", false},
		{"eur", false, -1, "", false},
		{"EU", false, -1, "", false},
		{"EURO", false, -1, "", false},
		{"AAA", false, -1, "", false},
		{"QQQ", false, -1, "", false},
		{"ZZZ", false, -1, "", false},
		{"E\x00R", false, -1, "", false},
		{"€", false, -1, "", false},
	} {
		require.Equal(t, c.valid, c.code.Valid(), c.code)
		require.Equal(t, c.decimals, c.code.Decimals(), c.code)
		require.Equal(t, c.numeric, c.code.Numeric(), c.code)
		require.Equal(t, c.withdrawn, c.code.Withdrawn(), c.code)
		a, err := money.New(1, c.code)
		if c.valid {
			require.NoError(t, err)
			require.Equal(t, c.code, a.Currency())
		} else {
			require.ErrorIs(t, err, money.ErrCurrency)
		}
	}
}
