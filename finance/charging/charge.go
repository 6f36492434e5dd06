package charging

import (
	"math/big"

	"github.com/itsmkit/itsm/money"
)

// Step is one line of how a charge came about: units at a price, and a fee.
type Step struct {
	Tier  int          `json:"tier,omitempty"` // from 1; 0 where there are no tiers
	Units money.Number `json:"units"`          // for packages their number, for a flat price 1
	Price money.Price  `json:"price"`
	Fee   money.Price  `json:"fee,omitzero"`
}

// Charge returns what a quantity costs. It is computed exactly and rounded once, at the end; a quantity of 0 costs 0,
// without any fee. A negative quantity is [ErrNegative], one that no tier holds [ErrBeyond].
func (t Tariff) Charge(quantity money.Number) (money.Amount, error) {
	if err := t.Check(); err != nil {
		return money.Amount{}, err
	}
	return t.charge(quantity)
}

// Steps returns how the charge of a quantity comes about: the sum of units · price + fee over all steps, times 1 + markup,
// is the charge before it is rounded. There are none for a quantity of 0.
func (t Tariff) Steps(quantity money.Number) ([]Step, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	var out []Step
	err := t.steps(quantity, func(s Step) { out = append(out, s) })
	return out, err
}

// charge is Charge of a tariff that was checked.
func (t *Tariff) charge(quantity money.Number) (money.Amount, error) {
	if t.Model == PerUnit && t.Markup.Sign() == 0 && quantity.Sign() >= 0 {
		return t.Price.Times(quantity, t.Rounding)
	}
	exact, err := t.exact(quantity)
	if err != nil {
		return money.Amount{}, err
	}
	return money.RoundRat(exact, t.Currency(), t.Rounding)
}

// exact is the charge before it is rounded.
func (t *Tariff) exact(quantity money.Number) (*big.Rat, error) {
	sum := new(big.Rat)
	err := t.steps(quantity, func(s Step) {
		if s.Units.Sign() != 0 {
			sum.Add(sum, new(big.Rat).Mul(s.Units.Rat(), s.Price.Rat()))
		}
		if s.Fee.Sign() != 0 {
			sum.Add(sum, s.Fee.Rat())
		}
	})
	if t.Markup.Sign() != 0 {
		sum.Mul(sum, new(big.Rat).Add(big.NewRat(1, 1), t.Markup.Rat()))
	}
	return sum, err
}

// steps yields the steps of a tariff that was checked.
func (t *Tariff) steps(quantity money.Number, yield func(Step)) error {
	switch quantity.Sign() {
	case -1:
		return refuse(ErrNegative, "%s", quantity)
	case 0:
		return nil
	}
	switch t.Model {
	case Flat:
		yield(Step{Units: money.Int(1), Price: t.Price})
	case PerUnit:
		yield(Step{Units: quantity, Price: t.Price})
	case Packages:
		n, err := money.RoundNumber(new(big.Rat).Quo(quantity.Rat(), t.Size.Rat()), 0, money.Up)
		if err != nil {
			return err
		}
		yield(Step{Units: n, Price: t.Price})
	case Volume:
		for i, tier := range t.Tiers {
			if tier.holds(quantity) {
				yield(Step{Tier: i + 1, Units: quantity, Price: tier.UnitPrice, Fee: tier.FlatFee})
				return nil
			}
		}
		return t.beyond(quantity)
	case Graduated:
		return t.graduate(quantity, yield)
	}
	return nil
}

func (t *Tariff) graduate(quantity money.Number, yield func(Step)) error {
	if last := t.Tiers[len(t.Tiers)-1]; !last.holds(quantity) {
		return t.beyond(quantity)
	}
	var below money.Number
	for i, tier := range t.Tiers {
		end := tier.UpTo
		if tier.holds(quantity) {
			end = quantity
		}
		units, err := end.Sub(below)
		if err != nil {
			return err
		}
		yield(Step{Tier: i + 1, Units: units, Price: tier.UnitPrice, Fee: tier.FlatFee})
		if end == quantity {
			return nil
		}
		below = end
	}
	return nil
}

// holds tells whether the tier, or one before it, holds a quantity.
func (t *Tier) holds(quantity money.Number) bool {
	return t.UpTo.Sign() == 0 || quantity.Cmp(t.UpTo) <= 0
}

func (t *Tariff) beyond(quantity money.Number) error {
	return refuse(ErrBeyond, "%s, the last one is up to %s", quantity, t.Tiers[len(t.Tiers)-1].UpTo)
}
