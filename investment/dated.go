package investment

import (
	"fmt"
	"math"
	"slices"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Dated is a flow on a date.
type Dated struct {
	On     calendar.Date `json:"on"`
	Amount money.Number  `json:"amount"`
}

// XNPV returns the net present value, on the date of the first flow, of flows on dates: the sum of amount over
// (1+rate) to the power of the days since then by 365. Years of 366 days count 366. No flow may lie before the first.
func XNPV(rate money.Number, flows []Dated) (float64, error) {
	if _, err := growthOf(rate, len(flows)); err != nil {
		return 0, fmt.Errorf("net present value: %w", err)
	}
	r, sum := number(rate), 0.0
	for i, f := range flows {
		years := float64(flows[0].On.DaysUntil(f.On)) / 365
		if years < 0 {
			return 0, fmt.Errorf("net present value: flow %d on %s: %w, %s", i, f.On, ErrBeforeFirst, flows[0].On)
		}
		sum += number(f.Amount) * math.Exp(-years*math.Log1p(r))
	}
	return sum, nil
}

// XIRR returns the rate a year at which the net present value of flows on dates is 0. They may come in any order. The
// error matches [ErrNoRate] where there is none; [ErrSeveralRates] where there is more than one, or where that cannot be
// told: see [Separable]; [ErrTooMany] where the sign changes more than [MaxChanges] times; [ErrRate] where the rate is beyond
// what a float64 holds.
func XIRR(flows []Dated) (float64, error) {
	if len(flows) > MaxFlows {
		return 0, fmt.Errorf("internal rate of return: %w: %d, want %d or fewer", ErrTooMany, len(flows), MaxFlows)
	}
	curve, err := byDate(flows)
	if err != nil {
		return 0, fmt.Errorf("internal rate of return: %w", err)
	}
	root, err := curve.root()
	if err != nil {
		return 0, fmt.Errorf("internal rate of return: %w", err)
	}
	rate := math.Expm1(root)
	if math.IsInf(rate, 0) || rate <= -1 {
		return 0, fmt.Errorf("internal rate of return: %w: it is beyond what can be written", ErrRate)
	}
	return rate, nil
}

// point is what flows on a date, in years from the first.
type point struct{ years, amount float64 }

// curve is flows by date, one a date, none of them 0.
type curve []point

// byDate adds the flows of each date up.
func byDate(flows []Dated) (curve, error) {
	flows = slices.Clone(flows)
	slices.SortStableFunc(flows, func(a, b Dated) int { return a.On.Compare(b.On) })
	var out curve
	for i := 0; i < len(flows); {
		first, sum := i, money.Number{}
		for ; i < len(flows) && flows[i].On == flows[first].On; i++ {
			var err error
			if sum, err = sum.Add(flows[i].Amount); err != nil {
				return nil, fmt.Errorf("flows on %s: %w", flows[i].On, err)
			}
		}
		if sum.Sign() != 0 {
			out = append(out, point{float64(flows[0].On.DaysUntil(flows[first].On)) / 365, number(sum)})
		}
	}
	return out, nil
}

func number(n money.Number) float64 {
	f, _ := n.Rat().Float64()
	return f
}
