package investment_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/investment"
	"github.com/itsmkit/itsm/money"
)

// yearly puts flows on dates 365 days apart, where XIRR has the rates of IRR.
func yearly(flows []money.Number) []investment.Dated {
	start := calendar.Date{Year: 2026, Month: 3, Day: 1}
	out := make([]investment.Dated, len(flows))
	for k, f := range flows {
		out[k] = investment.Dated{On: start.AddDays(365 * k), Amount: f}
	}
	return out
}

// Flows are made from known rates, as for IRR. Where all differ, XIRR counts them; where one stands twice, the net present
// value turns at 0 or passes it flat, which no float tells from two rates or none: it is refused, and never a wrong rate.
func TestXIRRCountsRates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rates := rapid.SliceOfN(rapid.IntRange(-9, 30), 0, 5).Draw(t, "rates in tenths")
		p := []int64{rapid.SampledFrom([]int64{-7, 3}).Draw(t, "scale")}
		for _, r := range rates {
			p = times(p, []int64{-10, 10 + int64(r)})
		}
		for range rapid.IntRange(0, 2).Draw(t, "factors without a root") {
			p = times(p, []int64{1, 1, 1})
		}
		flows := make([]money.Number, len(p))
		for i, c := range p {
			var err error
			flows[i], err = money.NewNumber(c, 2)
			require.NoError(t, err)
		}
		got, err := investment.XIRR(yearly(flows))
		slices.Sort(rates)
		switch different := slices.Compact(slices.Clone(rates)); {
		case len(different) < len(rates) || len(rates) > 1:
			require.ErrorIs(t, err, investment.ErrSeveralRates)
		case len(rates) == 0:
			require.ErrorIs(t, err, investment.ErrNoRate)
		default:
			require.NoError(t, err)
			require.InDelta(t, float64(rates[0])/10, got, 1e-12)
		}
	})
}

// The answer is compared with Sturm's theorem for arbitrary flows by year, few of which repeat a rate.
func TestXIRRIsIRRByYear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flows := make([]money.Number, 0, 9)
		for _, f := range rapid.SliceOfN(rapid.Int32Range(-1000, 1000), 2, 9).Draw(t, "flows") {
			flows = append(flows, money.Int(f))
		}
		want, exact := investment.IRR(flows)
		got, err := investment.XIRR(yearly(flows))
		for _, reason := range []error{investment.ErrNoRate, investment.ErrSeveralRates} {
			if errors.Is(exact, reason) {
				require.ErrorIs(t, err, reason)
				return
			}
		}
		require.NoError(t, exact)
		require.NoError(t, err)
		require.InEpsilon(t, 1+want, 1+got, 1e-9)
	})
}

// On arbitrary dates the signs of the net present value on a grid of rates, by its definition, are the oracle: it shows as
// many rates as XIRR says, or fewer where two lie between neighbours on the grid.
func TestXIRRAgreesWithAGrid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := calendar.Date{Year: 2026, Month: 3, Day: 1}
		var flows []investment.Dated
		for _, f := range rapid.SliceOfN(rapid.Int32Range(-1000, 1000), 2, 8).Draw(t, "flows") {
			flows = append(flows, investment.Dated{On: start.AddDays(rapid.IntRange(0, 4000).Draw(t, "day")), Amount: money.Int(f)})
		}
		slices.SortFunc(flows, func(a, b investment.Dated) int { return a.On.Compare(b.On) })
		seen, before := 0, 0.0
		for y := -6.0; y <= 6; y += 1.0 / 64 {
			sum := 0.0
			for _, f := range flows {
				amount, _ := f.Amount.Rat().Float64()
				sum += amount * math.Exp(-y*float64(flows[0].On.DaysUntil(f.On))/365)
			}
			if sum*before < 0 {
				seen++
			}
			if sum != 0 { // a rate on the grid itself is seen behind it
				before = sum
			}
		}
		rate, err := investment.XIRR(flows)
		switch {
		case errors.Is(err, investment.ErrNoRate):
			require.Zero(t, seen)
		case errors.Is(err, investment.ErrSeveralRates), errors.Is(err, investment.ErrRate): // far outside the grid, or finer
		default:
			require.NoError(t, err)
			require.LessOrEqual(t, seen, 1)
			if y := math.Log1p(rate); math.Abs(y) < 5.9 {
				require.Equal(t, 1, seen)
			}
		}
	})
}

// Three changes of sign and one rate are an answer. Flows whose value touches 0 have none, nor have too many changes.
func TestXIRRSeveralChanges(t *testing.T) {
	flows := numbers(t, "-50", "-60", "200", "-10", "30")
	rate, err := investment.XIRR(yearly(flows))
	require.NoError(t, err)
	exact, err := investment.IRR(flows)
	require.NoError(t, err)
	require.InDelta(t, exact, rate, 1e-12)

	_, err = investment.XIRR(yearly(numbers(t, "-100", "220", "-121"))) // -(10-11x)²: 0.1 twice
	require.ErrorIs(t, err, investment.ErrSeveralRates)
	require.ErrorContains(t, err, "at 0.1 the net present value turns so near to 0")
	_, err = investment.XIRR(yearly(numbers(t, "-100", "220", "-122")))
	require.ErrorIs(t, err, investment.ErrNoRate)

	for changes, want := range map[int]error{investment.MaxChanges: nil, investment.MaxChanges + 1: investment.ErrTooMany} {
		flows := make([]money.Number, changes+1) // 1-x+…+x^40 = (1+x^41)/(1+x), which is never 0
		for i := range flows {
			flows[i] = money.Int(int32(1 - 2*(i%2)))
		}
		if _, err = investment.XIRR(yearly(flows)); want == nil {
			want = investment.ErrNoRate
		}
		require.ErrorIs(t, err, want)
	}
}
