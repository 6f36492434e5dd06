package budget_test

import (
	"context"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/budget"
	"github.com/itsmkit/itsm/money"
)

// forecastable is a budget in force with costs and commitments, without a desk.
func forecastable(from, until calendar.Date, plan budget.Plan, actual, committed int64) budget.Budget {
	b := budget.Budget{From: from, Until: until, Plan: plan, Edition: 1, Budgeted: plan.Amount, Actual: coins(actual), Committed: coins(committed)}
	b.State = budget.Approved
	return b
}

// Figures found by hand.
func TestForecastByHand(t *testing.T) {
	from, until := date(2026, time.January, 1), date(2026, time.December, 31)
	even := budget.Plan{Amount: eur("365.00")}
	quarter := date(2026, time.March, 31) // day 90
	for _, c := range []struct {
		plan              budget.Plan
		actual, committed int64
		on                calendar.Date
		rate, expected    string
		planned           string
	}{
		{even, 90_00, 0, quarter, "365.00 EUR", "365.00 EUR", "90.00 EUR"},            // 1.00 a day
		{even, 45_00, 0, quarter, "182.50 EUR", "182.50 EUR", "90.00 EUR"},            // 0.50 a day
		{even, 45_00, 200_00, quarter, "182.50 EUR", "245.00 EUR", "90.00 EUR"},       // what is committed will be spent
		{even, 45_00, 0, until, "45.00 EUR", "45.00 EUR", "365.00 EUR"},               // the year is over
		{even, 45_00, 0, date(2027, 5, 1), "45.00 EUR", "45.00 EUR", "365.00 EUR"},    // long over
		{even, 10_00, 5_00, date(2025, 12, 31), "no amount", "15.00 EUR", "0.00 EUR"}, // it has not begun
		{even, -10_00, 0, quarter, "-40.56 EUR", "-10.00 EUR", "90.00 EUR"},           // credits are not extrapolated
		{budget.Plan{Amount: eur("100.00"), Months: []int64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 89}}, 3_00, 0, quarter, "100.00 EUR", "100.00 EUR", "3.00 EUR"},
		{budget.Plan{Amount: eur("100.00"), Months: []int64{0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}}, 3_00, 0, quarter, "no amount", "3.00 EUR", "0.00 EUR"},
	} {
		b := forecastable(from, until, c.plan, c.actual, c.committed)
		f, err := b.Forecast(c.on)
		require.NoError(t, err)
		require.Equal(t, []string{c.rate, c.expected}, []string{f.RunRate.String(), f.Expected.String()})
		planned, err := b.Planned(c.on)
		require.NoError(t, err)
		require.Equal(t, c.planned, planned.String())
	}
	_, err := new(budget.Budget).Forecast(quarter)
	require.ErrorContains(t, err, "plan: not in force")
}

// The plan up to a date is the sum of what each of its days bears: a month's weight, shared evenly by its days.
func TestPlannedAgainstDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := time.Date(rapid.IntRange(1999, 2031).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")), 1, 0, 0, 0, 0, time.UTC)
		months := rapid.SliceOfN(rapid.Int64Range(0, 9), 1, 30).Draw(t, "months")
		from, until := calendar.DateOf(first), calendar.DateOf(first.AddDate(0, len(months), -1))
		if rapid.Bool().Draw(t, "by days") {
			months = nil
			until = from.AddDays(rapid.IntRange(0, 800).Draw(t, "days"))
		}
		b := forecastable(from, until, budget.Plan{Amount: coins(rapid.Int64Range(0, 1e9).Draw(t, "amount")), Months: months}, rapid.Int64Range(-1e6, 1e9).Draw(t, "actual"), rapid.Int64Range(0, 1e9).Draw(t, "committed"))
		on := from.AddDays(rapid.IntRange(-5, 850).Draw(t, "on"))
		weight := func(d calendar.Date) *big.Rat {
			if months == nil {
				return big.NewRat(1, 1)
			}
			i := 12*(d.Year-from.Year) + int(d.Month) - int(from.Month)
			return big.NewRat(months[i], int64(time.Date(d.Year, d.Month+1, 0, 0, 0, 0, 0, time.UTC).Day()))
		}
		all, upTo := new(big.Rat), new(big.Rat)
		for d := from; d.Compare(until) <= 0; d = d.AddDays(1) {
			all.Add(all, weight(d))
			if d.Compare(on) <= 0 {
				upTo.Add(upTo, weight(d))
			}
		}
		if all.Sign() == 0 {
			t.Skip("no weights: the kind refuses such a plan")
		}
		share := upTo.Quo(upTo, all)
		want, err := money.RoundRat(new(big.Rat).Mul(share, b.Budgeted.Rat()), money.EUR, money.HalfUp)
		require.NoError(t, err)
		got, err := b.Planned(on)
		require.NoError(t, err)
		require.Equal(t, want, got)

		f, err := b.Forecast(on)
		require.NoError(t, err)
		known := coins(b.Actual.Coins() + b.Committed.Coins())
		expected := known
		if share.Sign() > 0 {
			rate, err := money.RoundRat(new(big.Rat).Quo(b.Actual.Rat(), share), money.EUR, money.HalfUp)
			require.NoError(t, err)
			require.Equal(t, rate, f.RunRate)
			if rate.Coins() > known.Coins() {
				expected = rate
			}
		}
		require.Equal(t, expected, f.Expected)
	})
}

func TestVariance(t *testing.T) {
	for _, c := range []struct{ planned, cost, want string }{
		{"1000.00", "1050.00", "-50.00 EUR (-5 %), unfavourable"},
		{"1000.00", "900.00", "100.00 EUR (10 %), favourable"},
		{"300.00", "200.00", "100.00 EUR (33.33 %), favourable"},
		{"300.00", "100.01", "199.99 EUR (66.66 %), favourable"},
		{"5.00", "5.00", "0.00 EUR (0 %), on_plan"},
		{"0.00", "5.00", "-5.00 EUR, unfavourable"},
	} {
		v, err := budget.NewVariance(eur(c.planned), eur(c.cost))
		require.NoError(t, err)
		require.Equal(t, c.want, v.String())
	}
	_, err := budget.NewVariance(eur("1.00"), money.Must(money.New(1, money.USD)))
	require.ErrorIs(t, err, money.ErrCurrency)
	b := forecastable(date(2026, 1, 1), date(2026, 12, 31), budget.Plan{Amount: eur("365.00")}, 100_00, 0)
	v, err := b.Variance(date(2026, 3, 31))
	require.NoError(t, err)
	require.Equal(t, "-10.00 EUR (-11.11 %), unfavourable", v.String())
	v, err = b.Outlook(date(2026, 3, 31)) // 100.00 / 90 · 365 = 405.56
	require.NoError(t, err)
	require.Equal(t, "-40.56 EUR (-11.11 %), unfavourable", v.String())
}

// A forecast reaches its threshold by time alone; the sweep notes it once, and the alarm hands it on once.
func TestSweepAndAlarm(t *testing.T) {
	b := newBench(t)
	x := b.approved(year(budget.Plan{Amount: eur("365.00"), Thresholds: []budget.Threshold{{Percent: 100, Of: budget.OfForecast}, {Percent: 10, Of: budget.OfActual}}}))
	x = b.do(x, budget.Spend{Amount: eur("40.00")}) // 15 January: 973.33 a year
	require.Len(t, x.Alerts, 2)
	require.Equal(t, "100 % of 365.00 EUR (forecast): 973.33 EUR", x.Alerts[0].String())
	quiet := b.approved(year(budget.Plan{Amount: eur("365.00"), Thresholds: []budget.Threshold{{Percent: 20, Of: budget.OfForecast}}}))
	quiet = b.do(quiet, budget.Spend{Amount: eur("3.00"), On: date(2026, 12, 31)}) // 73.00: 20 %
	require.Len(t, quiet.Alerts, 1)
	late := b.approved(year(budget.Plan{Amount: eur("365.00"), Thresholds: []budget.Threshold{{Percent: 90, Of: budget.OfForecast}}}))
	late = b.do(late, budget.Revise{Plan: budget.Plan{Amount: eur("3.65"), Thresholds: late.Plan.Thresholds}, Reason: "cuts"}, budget.Spend{Amount: eur("1.00")})
	require.Empty(t, late.Alerts)

	system := itsm.System(context.Background(), "acme")
	n, err := budget.Sweep(system, b.desk, b.now)
	require.NoError(t, err)
	require.Zero(t, n)
	var raised []string
	relay := itsm.NewRelay(b.store)
	relay.Clock = func() time.Time { return b.now }
	alarm := budget.Alarm{Raise: func(_ context.Context, e itsm.Event, a budget.Alert) error {
		raised = append(raised, e.Number+" "+a.String())
		return nil
	}}
	for range 2 {
		_, err = relay.Step(system, alarm)
		require.NoError(t, err)
	}
	require.Equal(t, []string{"BUD0000001 100 % of 365.00 EUR (forecast): 973.33 EUR", "BUD0000001 10 % of 365.00 EUR (actual): 40.00 EUR",
		"BUD0000002 20 % of 365.00 EUR (forecast): 73.00 EUR"}, raised)
	require.Equal(t, "budget.alarm", alarm.Consumer())
}

// A forecast that time alone moves: the run rate begins with the period, and a threshold with the days that it waits for.
func TestSweepFindsWhatTimeBrings(t *testing.T) {
	b := newBench(t)
	b.now = time.Date(2025, time.December, 20, 8, 0, 0, 0, time.UTC)
	x := b.approved(year(budget.Plan{Amount: eur("365.00"), Thresholds: []budget.Threshold{{Percent: 100, Of: budget.OfForecast},
		{Percent: 50, Of: budget.OfForecast, AfterDays: 3}, {Percent: 50, Of: budget.OfForecast, AfterDays: 4}}}))
	x = b.do(x, budget.Spend{Amount: eur("2.00"), On: date(2026, 1, 1)}) // paid before the year begins: no run rate yet
	require.Empty(t, x.Alerts)
	system := itsm.System(context.Background(), "acme")
	for _, c := range []struct {
		at   time.Time
		want int
	}{{b.now, 0}, {time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC), 1}, {time.Date(2026, 1, 2, 8, 0, 0, 0, time.UTC), 0},
		{time.Date(2026, 1, 3, 8, 0, 0, 0, time.UTC), 1}, {time.Date(2026, 1, 4, 8, 0, 0, 0, time.UTC), 1}, {time.Date(2026, 1, 4, 9, 0, 0, 0, time.UTC), 0}} {
		b.now = c.at
		n, err := budget.Sweep(system, b.desk, c.at)
		require.NoError(t, err)
		require.Equal(t, c.want, n, c.at)
	}
	x = b.get(x)
	require.Equal(t, "100 % of 365.00 EUR (forecast): 730.00 EUR", x.Alerts[0].String())
	require.Equal(t, "50 % of 365.00 EUR (forecast): 243.33 EUR", x.Alerts[1].String())
	require.Equal(t, "50 % of 365.00 EUR (forecast): 182.50 EUR", x.Alerts[2].String())
	events := b.events(x)
	require.Equal(t, "assess", events[len(events)-1].Action)
}

// Another edition is another budget: 80 % of it is news again. What is reached already is told with the approval.
func TestEachEditionHasItsAlerts(t *testing.T) {
	b := newBench(t)
	plan := func(amount string) budget.Plan {
		return budget.Plan{Amount: eur(amount), Thresholds: []budget.Threshold{{Percent: 80, Of: budget.OfUsed}, {Percent: 100, Of: budget.OfActual}}}
	}
	revised := func(x budget.Budget, amount string) budget.Budget {
		x = b.do(x, budget.Revise{Plan: plan(amount), Reason: "other needs"}, budget.Submit{})
		x, err := b.desk.Do(b.as("bob"), x.ID, budget.Approve{})
		require.NoError(t, err)
		return x
	}
	texts := func(x budget.Budget) (out []string) {
		for _, a := range x.Alerts {
			out = append(out, fmt.Sprintf("edition %d: %s", a.Edition, a))
		}
		return out
	}
	x := b.do(b.approved(year(plan("1000.00"))), budget.Spend{Amount: eur("850.00")}, budget.Spend{Amount: eur("10.00")})
	want := []string{"edition 1: 80 % of 1000.00 EUR (used): 850.00 EUR"}
	require.Equal(t, want, texts(x))
	x = revised(x, "2000.00")
	require.Equal(t, want, texts(x), "43 % of the new one")
	x = b.do(x, budget.Spend{Amount: eur("800.00")}, budget.Spend{Amount: eur("1.00")})
	want = append(want, "edition 2: 80 % of 2000.00 EUR (used): 1660.00 EUR")
	require.Equal(t, want, texts(x))
	x = revised(x, "1500.00")
	want = append(want, "edition 3: 80 % of 1500.00 EUR (used): 1661.00 EUR", "edition 3: 100 % of 1500.00 EUR (actual): 1661.00 EUR")
	require.Equal(t, want, texts(x))
}
