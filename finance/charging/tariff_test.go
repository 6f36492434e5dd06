package charging_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/money"
)

// Each model on quantities at its edges; the charges are worked out by hand.
func TestModels(t *testing.T) {
	flat := charging.Tariff{Model: charging.Flat, Price: price("9.99"), Rounding: money.HalfUp}
	packages := charging.Tariff{Model: charging.Packages, Price: price("3"), Size: number("5"), Rounding: money.HalfUp}
	costPlus := charging.Tariff{Model: charging.PerUnit, Price: price("1.10"), Markup: number("0.15"), Rounding: money.HalfUp}
	discount := charging.Tariff{Model: charging.PerUnit, Price: price("1.10"), Markup: number("-1"), Rounding: money.HalfUp}
	for _, c := range []struct {
		tariff         charging.Tariff
		quantity, want string
	}{
		{flat, "0", "0.00"}, {flat, "0.001", "9.99"}, {flat, "1000", "9.99"},
		{packages, "0", "0.00"}, {packages, "0.1", "3.00"}, {packages, "5", "3.00"}, {packages, "5.1", "6.00"}, {packages, "11", "9.00"},
		{perUnit, "0", "0.00"}, {perUnit, "12.34", "1.23"}, {perUnit, "12.35", "1.24"},
		{costPlus, "1", "1.27"}, {costPlus, "10", "12.65"}, // 1.265 and 12.65
		{discount, "10", "0.00"},
	} {
		got, err := c.tariff.Charge(number(c.quantity))
		require.NoError(t, err)
		require.Equal(t, amount(c.want), got, "%s of %s", c.quantity, c.tariff.Model)
	}
}

// A list keeps its own tiers: who changes theirs afterwards changes nothing.
func TestListsNeverChange(t *testing.T) {
	own := tiers(charging.Tier{UnitPrice: price("1")})
	list, err := charging.NewList(charging.Entry{Item: "cpu", From: day("2026-01-01"), Tariff: own})
	require.NoError(t, err)
	require.Equal(t, money.EUR, list.Currency())
	own.Tiers[0].UnitPrice = price("100")
	lines, err := list.Rate(march, []charging.Usage{{ID: "a", Customer: "cleo", Item: "cpu", On: march.From, Quantity: number("2")}})
	require.NoError(t, err)
	require.Equal(t, amount("2.00"), lines[0].Amount)
}
