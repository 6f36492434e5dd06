package investment

import (
	"fmt"
	"math/big"

	"github.com/itsmkit/itsm/money"
)

// maxSearched is how many flows whose sign changes more than once are searched for several rates: twenty years by
// month. The effort grows with more than the cube of their number.
const maxSearched = 240

// IRR returns the internal rate of return of flows that are one period apart: the rate above -1 at which their net
// present value is 0. The error matches [ErrNoRate] or [ErrSeveralRates] where there is not just one, and [ErrRate] where it
// is nearer to -1 than a float64 can tell.
func IRR(flows []money.Number) (float64, error) {
	if len(flows) > MaxFlows {
		return 0, fmt.Errorf("internal rate of return: %w: %d, want %d or fewer", ErrTooMany, len(flows), MaxFlows)
	}
	// With x = 1/(1+rate) the net present value is a polynomial of x, and the rates above -1 are its roots above 0.
	p := whole(flows)
	switch count := changes(p.signs()); {
	case count == 0: // Descartes: no root
		return 0, fmt.Errorf("internal rate of return: %w: the flows never change their sign", ErrNoRate)
	case count > 1 && len(p) > maxSearched:
		return 0, fmt.Errorf("internal rate of return: %w: %d whose sign changes %d times, want %d or fewer", ErrTooMany, len(p), count, maxSearched)
	case count > 1:
		roots, simple := p.positiveRoots()
		if roots == 0 {
			return 0, fmt.Errorf("internal rate of return: %w: the net present value has one sign at every rate", ErrNoRate)
		}
		if roots > 1 {
			return 0, fmt.Errorf("internal rate of return: %w: %d rates make the net present value 0", ErrSeveralRates, roots)
		}
		p = simple
	}
	one := big.NewInt(1)
	rate := rateAt(p.root(func(n *big.Int, bits int) bool {
		return n.BitLen() > 50 && rateAt(n, bits) == rateAt(new(big.Int).Add(n, one), bits)
	}))
	if rate <= -1 {
		return 0, fmt.Errorf("internal rate of return: %w: it is nearer to -1 than can be written", ErrRate)
	}
	return rate, nil
}

// rateAt returns the rate of a root n/2^bits, as close as a float64 is: 1+rate is 2^bits/n.
func rateAt(n *big.Int, bits int) float64 {
	growth := new(big.Rat).SetFrac(new(big.Int).Lsh(big.NewInt(1), uint(max(bits, 0))), new(big.Int).Lsh(n, uint(max(-bits, 0))))
	rate, _ := growth.Sub(growth, big.NewRat(1, 1)).Float64()
	return rate
}

// whole returns the flows as a polynomial with whole coefficients, without the zeros at both ends, which have no
// part in its roots above 0.
func whole(flows []money.Number) polynomial {
	denominator := big.NewInt(1)
	fractions := make([]*big.Rat, len(flows))
	for i, f := range flows { // the least common denominator
		fractions[i] = f.Rat()
		common := new(big.Int).GCD(nil, nil, denominator, fractions[i].Denom())
		denominator.Mul(denominator, new(big.Int).Quo(fractions[i].Denom(), common))
	}
	p := make(polynomial, len(flows))
	for i, f := range fractions {
		p[i] = new(big.Int).Mul(f.Num(), new(big.Int).Quo(denominator, f.Denom()))
	}
	p = p.trim()
	for len(p) > 0 && p[0].Sign() == 0 {
		p = p[1:]
	}
	return p.primitive()
}
