package investment

import (
	"fmt"
	"math/big"

	"github.com/itsmkit/itsm/money"
)

// In returns amounts as the numbers that the functions of this package take, if all are in one currency; else the error
// matches [money.ErrCurrency]. The zero Amount, which has none, is refused too.
func In(c money.Currency, amounts ...money.Amount) ([]money.Number, error) {
	out := make([]money.Number, len(amounts))
	for i, a := range amounts {
		if a.IsZero() || a.Currency() != c {
			return nil, fmt.Errorf("flow %d: %w", i, &money.MismatchError{A: c, B: a.Currency()})
		}
		out[i] = a.Price().Number()
	}
	return out, nil
}

// ROI returns the return on investment: benefits less costs, as a fraction of the costs, which must be above 0. It is
// exact. Neither says when the money flows: give present values where that counts.
func ROI(costs, benefits money.Number) (*big.Rat, error) {
	if costs.Sign() <= 0 {
		return nil, fmt.Errorf("return on investment: %w: costs %s, want more than 0", ErrNoOutlay, costs)
	}
	gain := new(big.Rat).Sub(benefits.Rat(), costs.Rat())
	return gain.Quo(gain, costs.Rat()), nil
}

// Ownership is what it costs to own something over a horizon of some periods, in one currency. Costs are above 0; what
// comes back, as a resale value does, is below.
type Ownership struct {
	Acquisition money.Amount   `json:"acquisition"`          // at the beginning: purchase, setting up, training
	Operation   []money.Amount `json:"operation"`            // at the end of each period: support, energy, upkeep
	EndOfLife   money.Amount   `json:"end_of_life,omitzero"` // at the end of the last: clearance less resale; no amount is none
}

// Cost is a total cost of ownership and of what it is made: exact present values, at the beginning.
type Cost struct {
	Currency    money.Currency
	Acquisition *big.Rat
	Operation   *big.Rat
	EndOfLife   *big.Rat
	Total       *big.Rat
	// PerPeriod is the amount at the end of each period that is worth the total: the equivalent annual cost, by which things
	// of unequal lives compare.
	PerPeriod *big.Rat
}

// Cost returns the total cost of ownership, discounted at a rate a period; at 0 it is the plain sum. The error matches
// [money.ErrCurrency] where the currencies differ, [ErrRate], [ErrNoHorizon] or [ErrTooMany].
func (o Ownership) Cost(rate money.Number) (Cost, error) {
	c, err := o.cost(rate)
	if err != nil {
		return Cost{}, fmt.Errorf("total cost of ownership: %w", err)
	}
	return c, nil
}

func (o *Ownership) cost(rate money.Number) (Cost, error) {
	growth, err := growthOf(rate, len(o.Operation))
	if err != nil {
		return Cost{}, err
	}
	if len(o.Operation) == 0 {
		return Cost{}, fmt.Errorf("%w: name the costs of each period", ErrNoHorizon)
	}
	unit := o.Acquisition.Currency()
	begin, err := In(unit, o.Acquisition)
	if err != nil {
		return Cost{}, fmt.Errorf("acquisition: %w", err)
	}
	yearly, err := In(unit, o.Operation...)
	if err != nil {
		return Cost{}, fmt.Errorf("operation: %w", err)
	}
	end := []money.Number{{}}
	if !o.EndOfLife.IsZero() {
		if end, err = In(unit, o.EndOfLife); err != nil {
			return Cost{}, fmt.Errorf("end of life: %w", err)
		}
	}
	c := Cost{Currency: unit, Acquisition: begin[0].Rat(), Operation: new(big.Rat), EndOfLife: end[0].Rat(), Total: new(big.Rat)}
	discount, factor, annuity := new(big.Rat).Inv(growth), big.NewRat(1, 1), new(big.Rat)
	for _, amount := range yearly {
		factor.Mul(factor, discount)
		annuity.Add(annuity, factor)
		c.Operation.Add(c.Operation, new(big.Rat).Mul(amount.Rat(), factor))
	}
	c.EndOfLife.Mul(c.EndOfLife, factor)
	c.Total.Add(c.Acquisition, c.Operation)
	c.Total.Add(c.Total, c.EndOfLife)
	c.PerPeriod = new(big.Rat).Quo(c.Total, annuity)
	return c, nil
}
