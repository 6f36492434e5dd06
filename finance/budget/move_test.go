package budget_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/budget"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

func TestTransferAndCarryForward(t *testing.T) {
	b := newBench(t)
	x := b.approved(year(budget.Plan{Amount: eur("100.00")}))
	y := b.approved(year(budget.Plan{Amount: eur("50.00")}))
	ctx := b.as("ann")
	x, y, err := budget.Transfer(ctx, b.desk, b.store, budget.Move{From: x.ID, To: y.ID, Amount: eur("30.00"), Reason: "growth"})
	require.NoError(t, err)
	require.Equal(t, []string{"70.00 EUR", "80.00 EUR"}, []string{x.Budgeted.String(), y.Budgeted.String()})
	require.Equal(t, []budget.Budget{x, y}, []budget.Budget{b.get(x), b.get(y)})
	usd := b.approved(year(budget.Plan{Amount: money.Must(money.New(100, money.USD))}))
	for _, c := range []struct {
		to     budget.Budget
		amount money.Amount
		reason string
		want   string
	}{
		{y, eur("70.01"), "r", "BUD0000001: budget: transfer_out: invalid: amount: more than available (available 70.00 EUR, value 70.01 EUR)"},
		{y, eur("-1.00"), "r", "amount: range"},
		{y, eur("1.00"), " ", "reason: required"},
		{x, eur("1.00"), "r", "to: itself"},
		{usd, eur("1.00"), "r", "BUD0000003: budget: transfer_in: invalid: amount: currency (value EUR, want USD)"},
	} {
		_, _, err := budget.Transfer(ctx, b.desk, b.store, budget.Move{From: x.ID, To: c.to.ID, Amount: c.amount, Reason: c.reason})
		if err == nil {
			t.Fatal(c.want)
		}
		require.Contains(t, err.Error(), c.want)
		require.Equal(t, []budget.Budget{x, y}, []budget.Budget{b.get(x), b.get(y)})
	}

	x = b.do(x, budget.Commit{For: order(1), Amount: eur("40.00")}, budget.Spend{Amount: eur("15.00"), Against: order(1)})
	_, _, err = budget.CarryForward(ctx, b.desk, b.store, budget.Move{From: x.ID, To: y.ID, Amount: eur("10.00"), Reason: "r"})
	require.ErrorContains(t, err, "to: not later (value 2026-01-01, want a period that begins after 2026-12-31)")
	d := year(budget.Plan{Amount: eur("100.00")})
	d.From, d.Until, d.Title = date(2027, time.January, 1), date(2027, time.December, 31), "Cloud 2027"
	other := d
	other.Service = itsm.Ref{Kind: "service", ID: itsm.ID{7}}
	z, mail := b.approved(d), b.approved(other)
	_, _, err = budget.CarryForward(ctx, b.desk, b.store, budget.Move{From: x.ID, To: mail.ID, Amount: eur("10.00"), Reason: "r"})
	require.ErrorContains(t, err, "to: other account")
	_, _, err = budget.CarryForward(ctx, b.desk, b.store, budget.Move{From: x.ID, To: z.ID, Amount: eur("30.01"), Reason: "r"})
	require.ErrorContains(t, err, "more than available (available 30.00 EUR, value 30.01 EUR)")
	b.do(z, budget.Commit{For: order(1), Amount: eur("1.00")})
	_, _, err = budget.CarryForward(ctx, b.desk, b.store, budget.Move{From: x.ID, To: z.ID, Amount: eur("10.00"), Reason: "r"})
	require.ErrorContains(t, err, "commitments: committed already")
	b.do(z, budget.Release{For: order(1)})
	x, z, err = budget.CarryForward(ctx, b.desk, b.store, budget.Move{From: x.ID, To: z.ID, Amount: eur("10.00"), Reason: "the order runs on"})
	require.NoError(t, err)
	require.Equal(t, budget.Closed, x.State)
	require.Empty(t, x.Commitments)
	require.Equal(t, []string{"-35.00 EUR", "35.00 EUR"}, []string{x.Carried.String(), z.Carried.String()}) // 25 reserved and 10 free
	require.Equal(t, "20.00 EUR", x.Available.String(), "it lapses")
	c, ok := z.Commitment(order(1))
	require.True(t, ok)
	require.Equal(t, "25.00 EUR", c.Rest.String())
	require.Equal(t, "110.00 EUR", z.Available.String())
}

// A transfer that is repeated with its key happens once; another transfer with that key is refused.
func TestTransferOnce(t *testing.T) {
	b := newBench(t)
	x, y := b.approved(year(budget.Plan{Amount: eur("100.00")})), b.approved(year(budget.Plan{Amount: eur("100.00")}))
	m := budget.Move{From: x.ID, To: y.ID, Amount: eur("7.00"), Reason: "test", Key: "t-1"}
	x, y, err := budget.Transfer(b.as("ann"), b.desk, b.store, m)
	require.NoError(t, err)
	againX, againY, err := budget.Transfer(b.as("ann"), b.desk, b.store, m)
	require.NoError(t, err)
	require.Equal(t, []budget.Budget{x, y, x, y}, []budget.Budget{againX, againY, b.get(x), b.get(y)})
	m.Amount = eur("8.00")
	_, _, err = budget.Transfer(b.as("ann"), b.desk, b.store, m)
	require.ErrorIs(t, err, itsm.ErrConflict)
	require.Equal(t, []budget.Budget{x, y}, []budget.Budget{b.get(x), b.get(y)})
	_, _, err = budget.CarryForward(b.as("ann"), b.desk, b.store, m)
	require.ErrorContains(t, err, "key: not here")
	_, err = b.desk.Do(b.as("ann"), x.ID, budget.CarryOut{Amount: eur("1.00"), Reason: "alone"})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
}

// A move as a screen sends it. Of a carry-forward without an amount only the commitments go over.
func TestCarryForwardWithoutAmount(t *testing.T) {
	b := newBench(t)
	x := b.do(b.approved(year(budget.Plan{Amount: eur("100.00")})), budget.Commit{For: order(1), Amount: eur("40.00")})
	d := year(budget.Plan{Amount: eur("100.00")})
	d.From, d.Until = date(2027, time.January, 1), date(2027, time.December, 31)
	y := b.approved(d)
	var m budget.Move
	raw := fmt.Sprintf(`{"from":%q,"to":%q,"reason":"the year is over"}`, x.ID, y.ID)
	in := json.NewDecoder(strings.NewReader(raw))
	in.DisallowUnknownFields()
	require.NoError(t, in.Decode(&m))
	again, err := json.Marshal(m)
	require.NoError(t, err)
	require.Equal(t, raw, string(again))
	_, _, err = budget.Transfer(b.as("ann"), b.desk, b.store, m)
	require.ErrorIs(t, err, itsm.ErrInvalid, "a transfer of nothing")
	_, y, err = budget.CarryForward(b.as("ann"), b.desk, b.store, m)
	require.NoError(t, err)
	require.Equal(t, "40.00 EUR", y.Carried.String())
}

// Somebody who does not see the commitments cannot carry them forward: they would be lost.
func TestCarryForwardOfWhatIsHidden(t *testing.T) {
	b := newBench(t)
	x := b.approved(year(budget.Plan{Amount: eur("100.00")}))
	x = b.do(x, budget.Commit{For: order(1), Amount: eur("40.00")})
	d := year(budget.Plan{Amount: eur("100.00")})
	d.From, d.Until = date(2027, time.January, 1), date(2027, time.December, 31)
	y := b.approved(d)
	desk, err := itsm.NewDesk(budget.Kind(), itsm.Config[budget.Budget]{Repository: memory.For(b.store, budget.Kind()),
		Policy: blinkers{itsm.AllowAll}, Facts: budget.Facts, Clock: func() time.Time { return b.now }})
	require.NoError(t, err)
	_, _, err = budget.CarryForward(b.as("ann"), desk, b.store, budget.Move{From: x.ID, To: y.ID, Amount: eur("10.00"), Reason: "test"})
	require.ErrorContains(t, err, "total: other commitments (value 10.00 EUR, want 50.00 EUR)")
	require.Equal(t, x, b.get(x))
}

// Transfers to and fro at once neither lose nor create a coin.
func TestTransfersAtOnce(t *testing.T) {
	b := newBench(t)
	x, y := b.approved(year(budget.Plan{Amount: eur("100.00")})), b.approved(year(budget.Plan{Amount: eur("100.00")}))
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			from, to := x.ID, y.ID
			if n%2 == 1 {
				from, to = to, from
			}
			for range 20 {
				if _, _, err := budget.Transfer(b.as("ann"), b.desk, b.store, budget.Move{From: from, To: to, Amount: eur("7.00"), Reason: "test"}); err != nil &&
					!errors.Is(err, itsm.ErrConflict) && !errors.Is(err, itsm.ErrInvalid) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	x, y = b.get(x), b.get(y)
	require.Equal(t, x.Transferred.Neg(), y.Transferred)
	sum, err := x.Budgeted.Add(y.Budgeted)
	require.NoError(t, err)
	require.Equal(t, eur("200.00"), sum)
}
