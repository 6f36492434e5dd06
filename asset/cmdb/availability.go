package cmdb

import (
	"errors"
	"fmt"
	"math"

	"github.com/itsmkit/itsm"
)

// MaxConditioned is how many shared items the availability of an item is computed for exactly.
const MaxConditioned = 20

// ErrAvailability says that the availability of an item is no fraction.
var ErrAvailability = errors.New("availability out of range")

// Availability is the share of time that an item can be expected to be up.
type Availability struct {
	// Low and High enclose it, as fractions from 0 to 1. They are equal where the figure is exact (but for the rounding
	// of float64).
	Low, High float64
	Exact     bool
	// Conditioned lists the shared items whose states were told apart.
	Conditioned []itsm.Ref
	// Loose lists the shared items for which that would have been too many: the cause of the distance of Low and High.
	// Of a cycle it holds every item.
	Loose []itsm.Ref
	// Assumed lists the items that figures knows nothing about: they are taken to fail only with what they stand on.
	Assumed []itsm.Ref
}

// Availability computes the availability of an item from what it and all that it stands on have by themselves: the
// share of time that each is up while all its needs are met. figures returns that as a fraction, or false if it knows
// none. Items fail by themselves independently of one another; what follows from the graph is never assumed to be
// independent.
//
// An item on which others stand in several ways is shared. The availability is the sum over the states of the shared
// items, each weighted with its probability (total probability, the factoring of network reliability); between them
// inputs are independent and their probabilities multiply, or are summed over the counts of a k-of-n need. Shared items
// that the item cannot be up without have one state only to look at, and do not count. Of the others up to
// [MaxConditioned] are conditioned on; the time doubles with each. The states of the items of a cycle are the greatest
// set that is up, as for an impact; each of them counts.
//
// Where there are more, those farthest from the item, as many as some ten million steps allow, are conditioned on, and
// bounds hold for the rest. The states of items are increasing functions of independent events and so associated (J. D.
// Esary, F. Proschan, D. W. Walkup, Association of random variables, 1967): all inputs are up with at least the product
// of their availabilities and at most the least of them; one of them with at least the greatest and at most what
// independence would give. Of k-of-n needs the bounds are Markov's inequality for the inputs up and for the inputs down.
// The states in which only a few items fail by themselves give bounds of their own, from what is known of each of them (V.
// O. K. Li, J. A. Silvester, 1984); the closer ones count. Where failures are rare these leave a distance of a millionth or
// so, whatever is shared.
func (g *Graph) Availability(of itsm.Ref, figures func(itsm.Ref) (float64, bool)) (Availability, error) {
	return g.availability(of, figures, MaxConditioned)
}

func (g *Graph) availability(of itsm.Ref, figures func(itsm.Ref) (float64, bool), limit int) (Availability, error) {
	numbers, err := g.numbers([]itsm.Ref{of})
	if err != nil {
		return Availability{}, err
	}
	f := g.formula(numbers[0])
	if f == nil { // down with nothing failed
		return Availability{Exact: true}, nil
	}
	out := Availability{}
	var p problems
	for i := range f.parts {
		ref := g.ref(f.parts[i].item)
		a, ok := figures(ref)
		switch {
		case !ok:
			a = 1
			out.Assumed = append(out.Assumed, ref)
		case math.IsNaN(a) || a < 0 || a > 1:
			p.add(fmt.Errorf("cmdb: item %s: %w: %v, want 0 to 1", ref, ErrAvailability, a))
		}
		f.parts[i].own = a
	}
	if err := p.err(); err != nil {
		return Availability{}, err
	}
	if !f.plan(limit) {
		f.plan(min(limit, affordable(len(f.parts))))
	}
	f.sum(0, 1)
	out.Low, out.High = min(f.low, 1), min(f.high, 1)
	out.Exact = len(f.loose) == 0
	if !out.Exact {
		low, high := f.likeliest()
		out.Low = max(out.Low, low)
		out.High = max(min(out.High, high), out.Low)
	}
	if out.Exact {
		out.High = out.Low
	}
	for _, i := range f.conditioned {
		out.Conditioned = append(out.Conditioned, g.ref(f.parts[i].item))
	}
	for _, i := range f.loose {
		out.Loose = append(out.Loose, g.ref(f.parts[i].item))
	}
	return out, nil
}

// affordable returns how many items can be conditioned on in some ten million steps.
func affordable(parts int) int {
	n := 24 - int(math.Ceil(math.Log2(float64(parts+1))))
	return max(n, 0)
}
