package investment

import (
	"fmt"
	"math/big"

	"github.com/itsmkit/itsm/money"
)

// MaxFlows is how many flows a calculation takes: a hundred years by month.
const MaxFlows = 1200

// NPV returns the net present value of flows that are one period apart: the sum of flow k over (1+rate) to the power of
// k+first. With first 0 the first flow is now, with first 1 it comes at the end of the first period, as NPV of the
// spreadsheets has it. The value is exact.
func NPV(rate money.Number, flows []money.Number, first int) (*big.Rat, error) {
	growth, err := growthOf(rate, len(flows))
	if err != nil {
		return nil, fmt.Errorf("net present value: %w", err)
	}
	if first < 0 || first > MaxFlows {
		return nil, fmt.Errorf("net present value: the first flow is in period %d, want 0 to %d", first, MaxFlows)
	}
	discount := new(big.Rat).Inv(growth)
	sum := new(big.Rat)
	for k := len(flows) - 1; k >= 0; k-- { // by Horner's rule
		sum.Add(sum.Mul(sum, discount), flows[k].Rat())
	}
	for range first {
		sum.Mul(sum, discount)
	}
	return sum, nil
}

// growthOf returns 1+rate, or an error where that is not above 0 or there are too many flows.
func growthOf(rate money.Number, flows int) (*big.Rat, error) {
	if flows > MaxFlows {
		return nil, fmt.Errorf("%w: %d, want %d or fewer", ErrTooMany, flows, MaxFlows)
	}
	growth := new(big.Rat).Add(rate.Rat(), big.NewRat(1, 1))
	if growth.Sign() <= 0 {
		return nil, fmt.Errorf("%w: %s, want more than -1", ErrRate, rate)
	}
	return growth, nil
}
