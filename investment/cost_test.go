package investment_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/investment"
	"github.com/itsmkit/itsm/money"
)

// The total is the net present value of the costs as flows, its parts add up to it, and as many times the amount per period
// are worth it.
func TestCostOfOwnership(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := func(name string) money.Amount {
			return money.Must(money.New(rapid.Int64Range(-1e6, 1e9).Draw(t, name), money.EUR))
		}
		o := investment.Ownership{Acquisition: cents("acquisition")}
		for range rapid.IntRange(1, 8).Draw(t, "periods") {
			o.Operation = append(o.Operation, cents("operation"))
		}
		flows, err := investment.In(money.EUR, append([]money.Amount{o.Acquisition}, o.Operation...)...)
		require.NoError(t, err)
		if rapid.Bool().Draw(t, "ends") {
			o.EndOfLife = cents("end of life")
			last := len(flows) - 1
			flows[last], err = flows[last].Add(o.EndOfLife.Price().Number())
			require.NoError(t, err)
		}
		rate := parse(t, rapid.SampledFrom([]string{"-0.5", "0", "0.08"}).Draw(t, "rate"))
		got, err := o.Cost(rate)
		require.NoError(t, err)
		want, err := investment.NPV(rate, flows, 0)
		require.NoError(t, err)
		require.Equal(t, want.RatString(), got.Total.RatString())
		sum := new(big.Rat).Add(got.Acquisition, got.Operation)
		require.Equal(t, want.RatString(), sum.Add(sum, got.EndOfLife).RatString())
		even := new(big.Rat)
		for k := range o.Operation {
			worth := new(big.Rat).Set(got.PerPeriod)
			for range k + 1 {
				worth.Quo(worth, new(big.Rat).Add(rate.Rat(), big.NewRat(1, 1)))
			}
			even.Add(even, worth)
		}
		require.Equal(t, want.RatString(), even.RatString())
	})
}

func TestCostRefused(t *testing.T) {
	eur, usd := money.Must(money.New(100, money.EUR)), dollars(1)
	for _, c := range []struct {
		o    investment.Ownership
		rate string
		is   error
		text string
	}{
		{investment.Ownership{Acquisition: eur}, "0", investment.ErrNoHorizon, "total cost of ownership: no horizon: name the costs of each period"},
		{investment.Ownership{Acquisition: eur, Operation: []money.Amount{eur}}, "-1", investment.ErrRate, "total cost of ownership: rate out of range: -1, want more than -1"},
		{investment.Ownership{Operation: []money.Amount{eur}}, "0", money.ErrCurrency, "total cost of ownership: acquisition: flow 0: money: the currencies differ: no currency and no currency"},
		{investment.Ownership{Acquisition: eur, Operation: []money.Amount{eur, usd}}, "0", money.ErrCurrency, "total cost of ownership: operation: flow 1: money: the currencies differ: EUR and USD"},
		{investment.Ownership{Acquisition: eur, Operation: []money.Amount{eur}, EndOfLife: usd}, "0", money.ErrCurrency, "total cost of ownership: end of life: flow 0: money: the currencies differ: EUR and USD"},
		{investment.Ownership{Acquisition: eur, Operation: make([]money.Amount, investment.MaxFlows+1)}, "0", investment.ErrTooMany, "total cost of ownership: too many flows: 1201, want 1200 or fewer"},
	} {
		_, err := c.o.Cost(parse(t, c.rate))
		require.ErrorIs(t, err, c.is)
		require.EqualError(t, err, c.text)
	}
	for _, costs := range []int32{0, -5} {
		_, err := investment.ROI(money.Int(costs), money.Int(1))
		require.ErrorIs(t, err, investment.ErrNoOutlay)
	}
	loss, err := investment.ROI(money.Int(4), money.Int(-1))
	require.NoError(t, err)
	require.Equal(t, "-5/4", loss.RatString())
}
