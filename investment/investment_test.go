package investment_test

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/investment"
	"github.com/itsmkit/itsm/money"
)

// Flows are made from known rates: the product of (1+a)x-1 has the rate a for each factor, as often as it stands. So
// the number of different rates is known without any of the package's mathematics.
func TestIRRCountsRates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rates := rapid.SliceOfN(rapid.IntRange(-9, 30), 0, 4).Draw(t, "rates in tenths")
		complexPairs := rapid.IntRange(0, 2).Draw(t, "factors without a root")
		p := []int64{rapid.SampledFrom([]int64{-7, 3}).Draw(t, "scale")}
		for _, r := range rates {
			p = times(p, []int64{-10, 10 + int64(r)})
		}
		for range complexPairs {
			p = times(p, []int64{1, 1, 1}) // x²+x+1
		}
		flows := make([]money.Number, len(p))
		for i, c := range p {
			var err error
			flows[i], err = money.NewNumber(c, 2)
			require.NoError(t, err)
		}
		different := map[int]bool{}
		for _, r := range rates {
			different[r] = true
		}
		got, err := investment.IRR(flows)
		switch len(different) {
		case 0:
			require.ErrorIs(t, err, investment.ErrNoRate)
		case 1:
			require.NoError(t, err)
			require.InDelta(t, float64(rates[0])/10, got, 1e-12)
		default:
			require.ErrorIs(t, err, investment.ErrSeveralRates)
		}
	})
}

func times(p, q []int64) []int64 {
	out := make([]int64, len(p)+len(q)-1)
	for i, a := range p {
		for j, b := range q {
			out[i+j] += a * b
		}
	}
	return out
}

// NPV is compared with the sum of its definition, and XNPV over years of 365 days with NPV.
func TestNPVIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := parse(t, rapid.SampledFrom([]string{"-0.5", "-0.01", "0", "0.08", "3"}).Draw(t, "rate"))
		cents := rapid.SliceOfN(rapid.Int64Range(-1e9, 1e9), 0, 8).Draw(t, "cents")
		first := rapid.IntRange(0, 3).Draw(t, "first")
		flows := make([]money.Number, len(cents))
		dated := make([]investment.Dated, len(cents))
		start := calendar.Date{Year: 2027, Month: 1, Day: 1}
		want, growth := new(big.Rat), new(big.Rat).Add(rate.Rat(), big.NewRat(1, 1))
		for k, c := range cents {
			flows[k], _ = money.NewNumber(c, 2)
			dated[k] = investment.Dated{On: start.AddDays(365 * k), Amount: flows[k]}
			value := big.NewRat(c, 100)
			for range k + first {
				value.Quo(value, growth)
			}
			want.Add(want, value)
		}
		got, err := investment.NPV(rate, flows, first)
		require.NoError(t, err)
		require.Equal(t, want.RatString(), got.RatString())
		now, err := investment.NPV(rate, flows, 0)
		require.NoError(t, err)
		onDates, err := investment.XNPV(rate, dated)
		require.NoError(t, err)
		f, _ := now.Float64()
		require.InDelta(t, f, onDates, 1e-6+1e-9*math.Abs(f))
	})
}

// The rate of XIRR makes XNPV 0, as its definition says, for an outlay and returns on any later dates.
func TestXIRRMakesXNPVZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := calendar.Date{Year: 2026, Month: 3, Day: 1}
		flows := []investment.Dated{{On: start, Amount: parse(t, "-1000")}}
		for _, day := range rapid.SliceOfN(rapid.IntRange(200, 2000), 1, 6).Draw(t, "days") {
			flows = append(flows, investment.Dated{On: start.AddDays(day), Amount: money.Int(rapid.Int32Range(100, 900).Draw(t, "amount"))})
		}
		rate, err := investment.XIRR(flows)
		require.NoError(t, err)
		sum := 0.0
		for _, f := range flows {
			amount, _ := f.Amount.Rat().Float64()
			sum += amount * math.Pow(1+rate, -float64(start.DaysUntil(f.On))/365)
		}
		require.InDelta(t, 0, sum, 1e-6)
	})
}

// A payback of p periods means that the flows up to then, the last one in part, add up to the outlay.
func TestPaybackReturnsTheOutlay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		outlay := rapid.Int32Range(1, 1000).Draw(t, "outlay")
		flows := []money.Number{money.Int(-outlay)}
		for _, f := range rapid.SliceOfN(rapid.Int32Range(-50, 300), 1, 8).Draw(t, "flows") {
			flows = append(flows, money.Int(f))
		}
		periods, err := investment.Payback(flows)
		if err != nil {
			require.ErrorIs(t, err, investment.ErrNeverPaidBack)
			sum := new(big.Rat)
			for _, f := range flows {
				require.Negative(t, sum.Add(sum, f.Rat()).Sign())
			}
			return
		}
		before := new(big.Int).Quo(periods.Num(), periods.Denom()).Int64()
		if periods.IsInt() {
			before-- // paid back at the very end of a period
		}
		sum := flows[0].Rat()
		for _, f := range flows[1 : before+1] {
			sum.Add(sum, f.Rat())
			require.Negative(t, sum.Sign(), "paid back before")
		}
		part := new(big.Rat).Sub(periods, big.NewRat(before, 1))
		sum.Add(sum, part.Mul(part, flows[before+1].Rat()))
		require.Zero(t, sum.Sign())
	})
}

func TestBadInput(t *testing.T) {
	many := make([]money.Number, investment.MaxFlows+1)
	dates := make([]investment.Dated, investment.MaxFlows+1)
	day := calendar.Date{Year: 2026, Month: 11, Day: 29}
	_, err := investment.NPV(money.Number{}, many, 0)
	require.ErrorIs(t, err, investment.ErrTooMany)
	_, err = investment.IRR(many)
	require.ErrorIs(t, err, investment.ErrTooMany)
	_, err = investment.XIRR(dates)
	require.ErrorIs(t, err, investment.ErrTooMany)
	_, err = investment.XNPV(money.Number{}, dates)
	require.ErrorIs(t, err, investment.ErrTooMany)

	wavy := make([]money.Number, 300) // changes its sign each period
	for i := range wavy {
		wavy[i] = money.Int(int32(1 - 2*(i%2)))
	}
	_, err = investment.IRR(wavy)
	require.EqualError(t, err, "internal rate of return: too many flows: 300 whose sign changes 299 times, want 240 or fewer")

	_, err = investment.NPV(money.Int(-1), numbers(t, "1"), 0)
	require.EqualError(t, err, "net present value: rate out of range: -1, want more than -1")
	_, err = investment.DiscountedPayback(parse(t, "-1.5"), numbers(t, "-1", "2"))
	require.ErrorIs(t, err, investment.ErrRate)
	_, err = investment.NPV(money.Number{}, nil, -1)
	require.EqualError(t, err, "net present value: the first flow is in period -1, want 0 to 1200")

	for _, flows := range [][]money.Number{nil, numbers(t, "0"), numbers(t, "0", "0"), numbers(t, "5")} {
		_, err = investment.IRR(flows)
		require.ErrorIs(t, err, investment.ErrNoRate)
		_, err = investment.Payback(flows)
		require.ErrorIs(t, err, investment.ErrNoOutlay)
	}
	_, err = investment.XIRR(nil)
	require.ErrorIs(t, err, investment.ErrNoRate)
	_, err = investment.XIRR([]investment.Dated{
		{On: day, Amount: money.Int(-10)}, {On: day.AddDays(365), Amount: money.Int(30)}, {On: day.AddDays(730), Amount: money.Int(-10)},
	})
	require.EqualError(t, err, "internal rate of return: more than one rate of return: 2 rates make the net present value 0")

	huge := parse(t, "900000000000000")
	_, err = investment.XIRR([]investment.Dated{{On: day, Amount: parse(t, "-0.01")}, {On: day.AddDays(1), Amount: huge}})
	require.ErrorIs(t, err, investment.ErrRate)
	_, err = investment.XIRR([]investment.Dated{{On: day, Amount: money.Int(1)}, {On: day, Amount: money.Int(-1)}})
	require.ErrorIs(t, err, investment.ErrNoRate, "what comes and goes on one day is nothing")
}

// A hundred years by month with one change of sign, and the longest that is searched for several rates.
func TestLongFlows(t *testing.T) {
	loan := make([]money.Number, investment.MaxFlows)
	for i := range loan {
		loan[i] = money.Int(1)
	}
	loan[0] = money.Int(-100) // a perpetuity but for its end, which is worth nothing by then: 1 of 100
	rate, err := investment.IRR(loan)
	require.NoError(t, err)
	require.InDelta(t, 0.01, rate, 1e-6)

	wavy := make([]money.Number, 240)
	for i := range wavy {
		wavy[i] = money.Int(int32(1 - 2*(i%2)))
	}
	rate, err = investment.IRR(wavy) // 1-x+x²-… = (1-x^240)/(1+x), which is 0 for x = 1 alone
	require.NoError(t, err)
	require.Zero(t, rate)
}

// Of an outlay and one flow the rate is b/a-1, so that the nearest float64 is known: also where the two are nearly the same.
func TestIRRIsTheNearestFloat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int64Range(1, 1e18).Draw(t, "outlay")
		b := max(1, a+rapid.SampledFrom([]int64{1, 1e3, 1e9, 1e18}).Draw(t, "unit")*rapid.Int64Range(-5, 5).Draw(t, "gain"))
		out, err := money.NewNumber(-a, 6)
		require.NoError(t, err)
		back, err := money.NewNumber(b, 6)
		require.NoError(t, err)
		want, _ := new(big.Rat).Sub(big.NewRat(b, a), big.NewRat(1, 1)).Float64()
		got, err := investment.IRR([]money.Number{out, back})
		if want == -1 { // as near as that a float64 cannot tell it from a loss of all
			require.ErrorIs(t, err, investment.ErrRate)
			return
		}
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

// Flows as a screen sends them.
func TestFlowsAsJSON(t *testing.T) {
	raw := `[{"on":"2026-01-01","amount":"-100"},{"on":"2027-01-01","amount":"110"}]`
	var flows []investment.Dated
	require.NoError(t, json.Unmarshal([]byte(raw), &flows))
	rate, err := investment.XIRR(flows)
	require.NoError(t, err)
	require.InDelta(t, 0.1, rate, 1e-12)
	again, err := json.Marshal(flows)
	require.NoError(t, err)
	require.Equal(t, raw, string(again))
}
