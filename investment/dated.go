package investment

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Dated is a flow on a date.
type Dated struct {
	On     calendar.Date
	Amount money.Number
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
// error matches [ErrNoRate] where the flows, by date, never change their sign; [ErrSeveralRates] where they change it
// more than once, because there may then be more than one rate; [ErrRate] where the rate is beyond what a float64 holds.
func XIRR(flows []Dated) (float64, error) {
	if len(flows) > MaxFlows {
		return 0, fmt.Errorf("internal rate of return: %w: %d, want %d or fewer", ErrTooMany, len(flows), MaxFlows)
	}
	curve, err := byDate(flows)
	if err != nil {
		return 0, fmt.Errorf("internal rate of return: %w", err)
	}
	signs := make([]int, len(curve))
	for i, p := range curve {
		signs[i] = cmp.Compare(p.amount, 0)
	}
	switch count := changes(signs); {
	case count == 0:
		return 0, fmt.Errorf("internal rate of return: %w: the flows never change their sign", ErrNoRate)
	case count > 1: // Descartes' rule holds for any powers: one change, one rate
		return 0, fmt.Errorf("internal rate of return: %w: the sign changes %d times", ErrSeveralRates, count)
	}
	rate := math.Expm1(curve.root())
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

// sign returns the sign of the net present value at a rate whose logarithm, of 1+rate, is y. The value is taken as
// of the flow that counts most, so that no power overflows.
func (c curve) sign(y float64) int {
	as, sum := c[0].years, 0.0
	if y < 0 {
		as = c[len(c)-1].years
	}
	for _, p := range c {
		sum += p.amount * math.Exp(-y*(p.years-as))
	}
	return cmp.Compare(sum, 0)
}

// root returns the logarithm of 1+rate for the only rate at which the net present value is 0.
func (c curve) root() float64 {
	first := cmp.Compare(c[0].amount, 0) // the sign at high rates
	low, high := -1.0, 1.0
	for c.sign(low) == first && !math.IsInf(low, 0) {
		low *= 2
	}
	for c.sign(high) == -first && !math.IsInf(high, 0) {
		high *= 2
	}
	for {
		middle := low + (high-low)/2
		if middle <= low || middle >= high {
			return middle
		}
		if c.sign(middle) == first {
			high = middle
		} else {
			low = middle
		}
	}
}

func number(n money.Number) float64 {
	f, _ := n.Rat().Float64()
	return f
}
