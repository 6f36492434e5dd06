package finance_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/money"
)

// A contract of a euro a day from mid January on; its February is shared by two cost centres.
func ExampleCostLine_Monthly() {
	contract := finance.CostLine{ID: "C-7", From: date(2026, 1, 15), Until: date(2026, 3, 10), Amount: euros("55.00"), Origin: finance.FromContract}
	months, err := contract.Monthly()
	for _, m := range months {
		fmt.Println(m.ID, m.From, m.Until, m.Amount)
	}
	fmt.Println(err)
	shares, err := months[1].Split(finance.Share{CostCentre: "IT-OPS", Weight: money.Int(2)}, finance.Share{CostCentre: "IT-DEV", Weight: money.Int(1)})
	for _, s := range shares {
		fmt.Println(s.ID, s.CostCentre, s.Amount)
	}
	fmt.Println(err)
	// Output:
	// C-7/2026-01 2026-01-15 2026-01-31 17.00 EUR
	// C-7/2026-02 2026-02-01 2026-02-28 28.00 EUR
	// C-7/2026-03 2026-03-01 2026-03-10 10.00 EUR
	// <nil>
	// C-7/2026-02/1 IT-OPS 18.67 EUR
	// C-7/2026-02/2 IT-DEV 9.33 EUR
	// <nil>
}

// The months of a line follow one another, each within one month, cover the line and add up to it; each part is within a
// coin of its share by days, which is counted here from instants.
func TestMonthlyLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := calendar.DateOf(time.Date(2024, 1, 1+rapid.IntRange(0, 800).Draw(t, "from"), 0, 0, 0, 0, time.UTC))
		l := finance.CostLine{ID: "x", From: from, Until: from.AddDays(rapid.IntRange(0, 900).Draw(t, "days")),
			Amount: money.Must(money.New(rapid.Int64Range(-1e6, 1e6).Draw(t, "coins"), money.EUR))}
		months, err := l.Monthly()
		require.NoError(t, err)
		total, next := int64(0), l.From
		instant := func(d calendar.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }
		all := int64(instant(l.Until).Sub(instant(l.From)).Hours()/24) + 1
		for _, m := range months {
			require.Equal(t, next, m.From)
			require.Equal(t, [2]int{m.From.Year, int(m.From.Month)}, [2]int{m.Until.Year, int(m.Until.Month)})
			days := int64(instant(m.Until).Sub(instant(m.From)).Hours()/24) + 1
			require.Less(t, abs(m.Amount.Coins()*all-l.Amount.Coins()*days), all, "less than a coin from the share")
			total += m.Amount.Coins()
			next = m.Until.AddDays(1)
		}
		require.Equal(t, l.Until.AddDays(1), next)
		require.Equal(t, l.Amount.Coins(), total)
	})
}

// Shares add up to the line, and what they do not name stays as it is.
func TestSplitLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := finance.CostLine{ID: "x", CostCentre: "IT", Service: cause(3), Amount: money.Must(money.New(rapid.Int64Range(-1e6, 1e6).Draw(t, "coins"), money.EUR))}
		shares := make([]finance.Share, rapid.IntRange(1, 6).Draw(t, "shares"))
		for i := range shares {
			n, err := money.NewNumber(rapid.Int64Range(1, 1000).Draw(t, "weight"), rapid.IntRange(0, 3).Draw(t, "decimals"))
			require.NoError(t, err)
			shares[i] = finance.Share{Weight: n}
		}
		shares[0].CostCentre = "IT-OPS"
		parts, err := l.Split(shares...)
		require.NoError(t, err)
		require.Len(t, parts, len(shares))
		total := int64(0)
		for i, p := range parts {
			require.Equal(t, l.Service, p.Service)
			require.Equal(t, i == 0, p.CostCentre == "IT-OPS")
			total += p.Amount.Coins()
		}
		require.Equal(t, l.Amount.Coins(), total)
	})
}

// What cannot be split names the line and the rule.
func TestSplitRefuses(t *testing.T) {
	l := finance.CostLine{ID: "C-7", From: date(2026, 1, 2), Until: date(2026, 1, 1), Amount: euros("1.00")}
	_, err := l.Monthly()
	require.ErrorContains(t, err, "C-7")
	require.ErrorContains(t, err, "before from")
	l.Until = date(2200, 1, 1)
	_, err = l.Monthly()
	require.ErrorContains(t, err, "too long (max 1200 months)")
	_, err = l.Split()
	require.ErrorIs(t, err, money.ErrNoWeights)
	_, err = l.Split(finance.Share{}, finance.Share{})
	require.ErrorIs(t, err, money.ErrZeroWeights)
	_, err = l.Split(finance.Share{Weight: money.Int(-1)})
	require.ErrorIs(t, err, money.ErrNegativeWeight)
}
