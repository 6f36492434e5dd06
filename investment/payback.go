package investment

import (
	"fmt"
	"math/big"

	"github.com/itsmkit/itsm/money"
)

// Payback returns after how many periods the flows have paid their outlay back: the first period at whose end they
// add up to 0 or more, less the part of it that was not needed, as if its flow came evenly. The first flow is the
// outlay, at time 0. Later losses are not looked at. The number is exact.
func Payback(flows []money.Number) (*big.Rat, error) {
	return DiscountedPayback(money.Number{}, flows)
}

// DiscountedPayback is [Payback] of the present values of the flows at a rate.
func DiscountedPayback(rate money.Number, flows []money.Number) (*big.Rat, error) {
	growth, err := growthOf(rate, len(flows))
	if err != nil {
		return nil, fmt.Errorf("payback: %w", err)
	}
	if len(flows) == 0 || flows[0].Sign() >= 0 {
		return nil, fmt.Errorf("payback: %w: the first flow must be negative", ErrNoOutlay)
	}
	discount, factor := new(big.Rat).Inv(growth), big.NewRat(1, 1)
	open := flows[0].Rat() // what is still to be paid back, negative
	for k, flow := range flows[1:] {
		value := new(big.Rat).Mul(flow.Rat(), factor.Mul(factor, discount))
		if rest := new(big.Rat).Add(open, value); rest.Sign() < 0 {
			open = rest
			continue
		}
		part := new(big.Rat).Quo(open.Neg(open), value)
		return part.Add(part, big.NewRat(int64(k), 1)), nil
	}
	return nil, fmt.Errorf("payback: %w: after the last flow %s is still open", ErrNeverPaidBack, open.Neg(open).FloatString(2))
}
