package investment

import (
	"cmp"
	"fmt"
	"math"
)

// This file finds where the net present value of flows on dates is 0, as a function of y, the logarithm of 1+rate: a sum of
// amount·exp(-y·years). Such a sum has no more zeros than its amounts change their sign, by date (Descartes' rule, which
// Laguerre extended to any powers). Times exp(y·s) it has the same zeros; if s lies between two dates where the sign changes,
// the derivative of the product, a sum of amount·(s-years)·exp(y·(s-years)), changes its sign once less. Its zeros part the
// line into pieces on each of which the product only rises or falls, and so has one zero or none.

const (
	// MaxChanges is how many changes of sign flows on dates may have to be searched for rates.
	MaxChanges = 40
	// Separable is how near to 0 the net present value may be where it turns, as a part of the sum of the absolute present
	// values, for rates to be told apart: nearer, there may be two, one or none. Float64 errs by less than a tenth of it.
	Separable = 1e-11
)

// changes returns how often the sign changes by date.
func (c curve) changes() int {
	signs := make([]int, len(c))
	for i, p := range c {
		signs[i] = cmp.Compare(p.amount, 0)
	}
	return changes(signs)
}

// root returns the logarithm of 1+rate for the only rate at which the net present value is 0.
func (c curve) root() (float64, error) {
	switch count := c.changes(); {
	case count == 0:
		return 0, fmt.Errorf("%w: the flows never change their sign", ErrNoRate)
	case count > MaxChanges:
		return 0, fmt.Errorf("%w: the sign changes %d times, want %d or fewer", ErrTooMany, count, MaxChanges)
	}
	zeros, near := c.zeros()
	switch {
	case len(zeros) > 1:
		return 0, fmt.Errorf("%w: %d rates make the net present value 0", ErrSeveralRates, len(zeros))
	case len(near) > 0:
		return 0, fmt.Errorf("%w: at %.6g the net present value turns so near to 0 that rates cannot be told apart", ErrSeveralRates, math.Expm1(near[0]))
	case len(zeros) == 0:
		return 0, fmt.Errorf("%w: the net present value has one sign at every rate", ErrNoRate)
	}
	return zeros[0], nil
}

// zeros returns where the value changes its sign, in order, and where it turns too near to 0 to be told.
func (c curve) zeros() (zeros, near []float64) {
	count := c.changes()
	if count == 0 {
		return nil, nil
	}
	low, sign := math.Inf(-1), cmp.Compare(c[len(c)-1].amount, 0) // at low rates the last flow counts most
	for _, turn := range append(c.turns(count), math.Inf(1)) {
		at := cmp.Compare(c[0].amount, 0)
		if !math.IsInf(turn, 1) {
			value := c.value(turn)
			if math.Abs(value) <= Separable {
				near = append(near, turn)
				continue
			}
			at = cmp.Compare(value, 0)
		}
		if at != sign {
			zeros = append(zeros, c.between(low, turn, sign))
		}
		low, sign = turn, at
	}
	return zeros, near
}

// turns returns points, in order, between which the value, times a power, only rises or falls: the zeros of the derivative.
// Where that itself turns at about 0 the turn is one of them: a cut more does no harm.
func (c curve) turns(count int) []float64 {
	if count < 2 {
		return nil
	}
	k := 1 // the first change of sign lies before k
	for c[k].amount > 0 == (c[k-1].amount > 0) {
		k++
	}
	s := (c[k-1].years + c[k].years) / 2
	derivative := make(curve, len(c))
	for i, p := range c {
		derivative[i] = point{p.years, p.amount * (s - p.years)}
	}
	zeros, near := derivative.zeros()
	return merge(zeros, near)
}

// merge joins two ordered lists.
func merge(a, b []float64) []float64 {
	out := make([]float64, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0] <= b[0] {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// value returns the net present value as a part of the sum of the absolute present values. Both are taken as of the flow
// that counts most, so that no power overflows.
func (c curve) value(y float64) float64 {
	as, sum, all := c[0].years, 0.0, 0.0
	if y < 0 {
		as = c[len(c)-1].years
	}
	for _, p := range c {
		present := p.amount * math.Exp(-y*(p.years-as))
		sum += present
		all += math.Abs(present)
	}
	return sum / all
}

// between returns the only zero between two points, of which either may be infinite; sign is the value's at the lower one.
func (c curve) between(low, high float64, sign int) float64 {
	is := func(y float64) int { return cmp.Compare(c.value(y), 0) }
	if math.IsInf(low, -1) {
		for low = math.Min(high, 0) - 1; is(low) == -sign && !math.IsInf(low, 0); {
			low *= 2
		}
	}
	if math.IsInf(high, 1) {
		for high = math.Max(low, 0) + 1; is(high) == sign && !math.IsInf(high, 0); {
			high *= 2
		}
	}
	for {
		middle := low + (high-low)/2
		if middle <= low || middle >= high {
			return middle
		}
		if is(middle) == sign {
			low = middle
		} else {
			high = middle
		}
	}
}
