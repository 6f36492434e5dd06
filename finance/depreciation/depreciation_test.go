package depreciation_test

import (
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/money"
)

// A plan of any kind writes off its base to the coin, never a negative amount, and its periods follow each other
// without a gap from the date in service on.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cost := rapid.Int64Range(0, 1e12).Draw(t, "cost")
		salvage := rapid.Int64Range(0, cost).Draw(t, "salvage")
		months := rapid.SampledFrom([]int{0, 1, 3, 12}).Draw(t, "months of a period")
		end := rapid.IntRange(1, 12).Draw(t, "month of the first end")
		p := depreciation.Plan{
			Method:       rapid.SampledFrom([]depreciation.Method{depreciation.StraightLine, depreciation.DecliningBalance, depreciation.DoubleDeclining, depreciation.SumOfYears}).Draw(t, "method"),
			Convention:   rapid.SampledFrom([]depreciation.Convention{"", depreciation.None, depreciation.Half, depreciation.FullMonth, depreciation.ActualDays, depreciation.DailyTotal}).Draw(t, "convention"),
			Periods:      rapid.IntRange(1, 40).Draw(t, "periods"),
			PeriodMonths: months,
			FirstEnd:     calendar.DateOf(time.Date(2026, time.Month(end)+1, 0, 0, 0, 0, 0, time.UTC)),
			Rate:         parse(t, rapid.SampledFrom([]string{"0.1", "0.35", "1.5"}).Draw(t, "rate")),
			NoSwitch:     rapid.Bool().Draw(t, "no switch"),
			Rounding:     rapid.SampledFrom([]money.Rounding{money.HalfUp, money.HalfEven, money.Down}).Draw(t, "rounding"),
		}
		p.Start = p.FirstEnd.AddDays(-rapid.IntRange(0, 27).Draw(t, "days before"))
		if p.Convention == depreciation.DailyTotal {
			p.Method = depreciation.StraightLine
		}
		p.Cost, p.Salvage = coins(t, cost), coins(t, salvage)
		charges, err := p.Charges()
		require.NoError(t, err)
		sum, next := coins(t, 0), p.Start
		for i, c := range charges {
			require.GreaterOrEqual(t, c.Amount.Sign(), 0)
			require.Equal(t, i+1, c.Period)
			require.Equal(t, next, c.From)
			require.GreaterOrEqual(t, c.Until.Compare(c.From), 0)
			next = c.Until.AddDays(1)
			sum, err = sum.Add(c.Amount)
			require.NoError(t, err)
		}
		require.Equal(t, coins(t, cost-salvage), sum)
		amounts, err := p.Amounts()
		require.NoError(t, err)
		require.Len(t, amounts, len(charges))
	})
}

// Units of use write off the base once the total is reached, and until then what was used of it, to half a coin a period.
func TestUnitsOfUse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := depreciation.Plan{
			Method: depreciation.UnitsOfUse, Cost: coins(t, rapid.Int64Range(0, 1e9).Draw(t, "cost")), Salvage: coins(t, 0),
			TotalUnits: money.Int(1000), Rounding: money.HalfUp,
		}
		used := int64(0)
		for _, u := range rapid.SliceOfN(rapid.Int32Range(0, 400), 1, 8).Draw(t, "units") {
			p.Units, used = append(p.Units, money.Int(u)), used+int64(u)
		}
		amounts, err := p.Amounts()
		require.NoError(t, err)
		require.Len(t, amounts, len(p.Units))
		sum, err := money.Sum(money.EUR, amounts)
		require.NoError(t, err)
		if used >= 1000 {
			require.Equal(t, p.Cost, sum)
			return
		}
		exact := new(big.Rat).Mul(p.Cost.Rat(), big.NewRat(used, 1000))
		off := exact.Sub(exact, sum.Rat())
		require.LessOrEqual(t, off.Abs(off).Cmp(big.NewRat(int64(len(amounts)), 200)), 0)
	})
}

// The functions of single figures add up to the base over a life, but for DB and DDB, which may leave something.
func TestFunctionsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cost := rapid.Int32Range(0, 100_000).Draw(t, "cost")
		salvage := rapid.Int32Range(0, cost).Draw(t, "salvage")
		life := rapid.Int32Range(1, 60).Draw(t, "life")
		c, s, n := money.Int(cost), money.Int(salvage), money.Int(life)
		want := money.Int(cost - salvage).Rat().RatString()
		all, err := depreciation.VDB(c, s, n, money.Int(0), n, money.Number{}, false)
		require.NoError(t, err)
		require.Equal(t, want, all.RatString())
		years, err := depreciation.SYD(c, s, n, money.Int(1))
		require.NoError(t, err)
		for k := int32(2); k <= life; k++ {
			charge, err := depreciation.SYD(c, s, n, money.Int(k))
			require.NoError(t, err)
			years.Add(years, charge)
		}
		require.Equal(t, want, years.RatString())
	})
}

func TestBadInput(t *testing.T) {
	good := depreciation.Plan{Method: depreciation.StraightLine, Cost: coins(t, 100), Salvage: coins(t, 0), Periods: 3, Rounding: money.HalfUp}
	_, err := good.Amounts()
	require.NoError(t, err)
	date := func(text string) calendar.Date {
		d, err := calendar.ParseDate(text)
		require.NoError(t, err)
		return d
	}
	for _, c := range []struct {
		want   error
		field  string
		change func(*depreciation.Plan)
	}{
		{depreciation.ErrSalvage, "salvage", func(p *depreciation.Plan) { p.Salvage = coins(t, 101) }},
		{depreciation.ErrNegative, "salvage", func(p *depreciation.Plan) { p.Salvage = coins(t, -1) }},
		{depreciation.ErrNegative, "cost", func(p *depreciation.Plan) { p.Cost, p.Salvage = coins(t, -1), coins(t, -1) }},
		{depreciation.ErrPeriods, "periods", func(p *depreciation.Plan) { p.Periods = 0 }},
		{depreciation.ErrPeriods, "periods", func(p *depreciation.Plan) { p.Periods = depreciation.MaxPeriods + 1 }},
		{depreciation.ErrPeriods, "period_months", func(p *depreciation.Plan) { p.PeriodMonths = -1 }},
		{depreciation.ErrMethod, "method", func(p *depreciation.Plan) { p.Method = "guess" }},
		{depreciation.ErrMethod, "method", func(p *depreciation.Plan) {
			p.Method, p.Convention = depreciation.SumOfYears, depreciation.DailyTotal
		}},
		{depreciation.ErrConvention, "convention", func(p *depreciation.Plan) { p.Convention = "quarter" }},
		{depreciation.ErrDates, "start", func(p *depreciation.Plan) { p.Convention = depreciation.ActualDays }},
		{depreciation.ErrDates, "first_end", func(p *depreciation.Plan) { p.Convention, p.Start = depreciation.ActualDays, date("2026-01-01") }},
		{depreciation.ErrDates, "first_end", func(p *depreciation.Plan) {
			p.Convention, p.Start, p.FirstEnd = depreciation.ActualDays, date("2026-01-01"), date("2026-01-30")
		}},
		{depreciation.ErrDates, "start", func(p *depreciation.Plan) {
			p.Convention, p.Start, p.FirstEnd = depreciation.ActualDays, date("2026-02-01"), date("2026-01-31")
		}},
		{depreciation.ErrDates, "periods", func(p *depreciation.Plan) {
			p.Convention, p.Periods, p.Start, p.FirstEnd = depreciation.ActualDays, 3, date("9997-01-01"), date("9997-12-31")
		}},
		{depreciation.ErrRate, "rate", func(p *depreciation.Plan) { p.Method = depreciation.DecliningBalance }},
		{depreciation.ErrRate, "factor", func(p *depreciation.Plan) { p.Method, p.Factor = depreciation.DoubleDeclining, money.Int(-1) }},
		{depreciation.ErrUnits, "total_units", func(p *depreciation.Plan) { p.Method = depreciation.UnitsOfUse }},
		{depreciation.ErrUnits, "units[1]", func(p *depreciation.Plan) {
			p.Method, p.TotalUnits, p.Units = depreciation.UnitsOfUse, money.Int(9), []money.Number{money.Int(1), money.Int(-1)}
		}},
		{money.ErrCurrency, "salvage", func(p *depreciation.Plan) {
			p.Salvage, err = money.New(0, money.JPY)
			require.NoError(t, err)
		}},
		{money.ErrCurrency, "cost", func(p *depreciation.Plan) { p.Cost = money.Amount{} }},
		{money.ErrRounding, "rounding", func(p *depreciation.Plan) { p.Rounding = "" }},
	} {
		p := good
		c.change(&p)
		_, err := p.Amounts()
		require.ErrorIs(t, err, c.want)
		var at *depreciation.FieldError
		require.ErrorAs(t, err, &at)
		require.Equal(t, c.field, at.Field, "%v", err)
	}
	_, err = depreciation.SLN(money.Int(1), money.Int(0), parse(t, "1.5"))
	require.EqualError(t, err, "depreciation: periods: life 1.5, want a whole number, 1 to 36600")
}

func coins(t require.TestingT, n int64) money.Amount {
	a, err := money.New(n, money.EUR)
	require.NoError(t, err)
	return a
}

func parse(t require.TestingT, text string) money.Number {
	n, err := money.ParseNumber(text)
	require.NoError(t, err)
	return n
}
