package charging_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/finance/charging"
)

// A difference that costs nothing is a line all the same: who billed 3 free seats and then 5 has told of 5 in the end.
func TestCorrectionsTellOfWhatCostsNothing(t *testing.T) {
	seats := charging.Line{Customer: "cleo", Item: "seat", Of: charging.OfSubscription, Period: march, Quantity: number("3"), Amount: amount("0.00"), Records: 1}
	more := seats
	more.Quantity = number("5")
	got, err := charging.Unbilled([]charging.Line{more}, []charging.Line{seats})
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, number("2"), got[0].Quantity)
	got, err = charging.Unbilled([]charging.Line{seats}, []charging.Line{seats})
	require.NoError(t, err)
	require.Empty(t, got)
}

// A price that is corrected after the bill takes its lines back and charges them anew; so does another tax.
func TestCorrectionsOfPricesAndTaxes(t *testing.T) {
	billed := []charging.Line{{Customer: "cleo", Item: "cpu", Of: charging.OfUsage, Period: march, Quantity: number("10"), Amount: amount("5.00"), Tax: number("0.19"), Records: 2}}
	rated := []charging.Line{billed[0]}
	rated[0].Amount = amount("4.00")
	got, err := charging.Unbilled(rated, billed)
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, amount("-1.00"), got[0].Amount)
	rated[0].Tax = number("0.07")
	got, err = charging.Unbilled(rated, billed)
	require.NoError(t, err)
	require.Len(t, got, 2)
	require.Equal(t, []string{"0.07 4.00 EUR", "0.19 -5.00 EUR"}, []string{got[0].Tax.String() + " " + got[0].Amount.String(), got[1].Tax.String() + " " + got[1].Amount.String()})
}

// 12 of 20 are reached by cleo's own lines within the month; an earlier top-up, other months and other customers do not count.
func TestTopUp(t *testing.T) {
	line := func(customer, net string) charging.Line {
		return charging.Line{Customer: customer, Item: "cpu", Of: charging.OfUsage, Period: march, Quantity: number("1"), Amount: amount(net), Records: 1}
	}
	february, before := line("cleo", "100.00"), line("cleo", "3.00")
	february.Period = charging.MonthOf(day("2026-02-01"))
	before.Of = charging.OfCommitment
	pledge := charging.Commitment{Customer: "cleo", Item: "minimum", Minimum: amount("20.00"), Tax: number("0.19")}
	got, err := pledge.TopUp(march, []charging.Line{line("cleo", "12.00"), february, before, line("dan", "7.00")})
	require.NoError(t, err)
	require.Equal(t, charging.Line{Customer: "cleo", Item: "minimum", Of: charging.OfCommitment, Period: march, Quantity: number("1"), Amount: amount("8.00"), Tax: number("0.19"), Records: 1}, got)
	got, err = pledge.TopUp(march, []charging.Line{line("cleo", "20.01")})
	require.NoError(t, err)
	require.Equal(t, amount("0.00"), got.Amount)
	pledge.Customer = ""
	_, err = pledge.TopUp(march, nil)
	require.ErrorIs(t, err, charging.ErrMode)
}
