package charging

import (
	"fmt"

	"github.com/itsmkit/itsm/money"
)

// Model is how a tariff makes a charge of a quantity.
type Model string

// The models.
const (
	Flat      Model = "flat"      // Tariff.Price, however much it is; nothing for nothing
	PerUnit   Model = "per_unit"  // Tariff.Price a unit
	Packages  Model = "packages"  // Tariff.Price a package of Tariff.Size units; a package that is begun counts whole
	Graduated Model = "graduated" // the units within each tier at the price of that tier
	Volume    Model = "volume"    // all units at the price of the tier that the quantity lies in
)

// Choices returns the models for a pick box.
func (Model) Choices() []string {
	return []string{string(Flat), string(PerUnit), string(Packages), string(Graduated), string(Volume)}
}

// Tier is a range of quantities with its price: those above the tier before, up to and including UpTo.
type Tier struct {
	UpTo      money.Number `json:"up_to,omitzero"` // 0: no end; the last tier only
	UnitPrice money.Price  `json:"unit_price"`
	FlatFee   money.Price  `json:"flat_fee,omitzero"` // once, if any unit is in the tier
}

// Tariff is what a quantity costs: of usage in a billing period, or of a subscription in a month.
type Tariff struct {
	Model Model        `json:"model"`
	Price money.Price  `json:"price,omitzero"` // flat, per_unit, packages
	Size  money.Number `json:"size,omitzero"`  // packages: the units in one
	Tiers []Tier       `json:"tiers,omitempty"`

	// Markup makes it cost plus: the prices are what the provider pays, and the charge is so much more (0.15 is 15 %).
	// A negative one, down to -1, is a discount.
	Markup money.Number `json:"markup,omitzero"`

	Rounding money.Rounding `json:"rounding"` // of the charge, once, to the coin
}

// Currency returns the currency of the prices, "" if there is none.
func (t *Tariff) Currency() money.Currency {
	if len(t.Tiers) > 0 {
		return t.Tiers[0].UnitPrice.Currency()
	}
	return t.Price.Currency()
}

// Check returns what is wrong with a tariff by itself.
func (t *Tariff) Check() error {
	zero, err := money.New(0, t.Currency())
	if err == nil {
		_, err = zero.Times(money.Int(1), t.Rounding)
	}
	if err != nil {
		return fmt.Errorf("charging: %w: %w", ErrTariff, err)
	}
	if t.Markup.Cmp(money.Int(-1)) < 0 {
		return refuse(ErrTariff, "a markup of %s, want -1 or more", t.Markup)
	}
	switch t.Model {
	case Flat, PerUnit, Packages:
		return t.checkPrice()
	case Graduated, Volume:
		return t.checkTiers()
	}
	return refuse(ErrTariff, "model %q is unknown, want one of %v", clip(string(t.Model)), t.Model.Choices())
}

func (t *Tariff) checkPrice() error {
	switch {
	case len(t.Tiers) > 0:
		return refuse(ErrTariff, "%s has no tiers, want a price", t.Model)
	case t.Model == Packages && t.Size.Sign() <= 0:
		return refuse(ErrTariff, "a package of %s units, want more than 0", t.Size)
	case t.Model != Packages && t.Size.Sign() != 0:
		return refuse(ErrTariff, "%s has no size", t.Model)
	}
	return nil
}

// checkTiers makes sure that each quantity is in one tier at most.
func (t *Tariff) checkTiers() error {
	if len(t.Tiers) == 0 || !t.Price.IsZero() || t.Size.Sign() != 0 {
		return refuse(ErrTariff, "%s wants tiers, and neither price nor size", t.Model)
	}
	var below money.Number
	for i, tier := range t.Tiers {
		switch last := i == len(t.Tiers)-1; {
		case tier.UpTo.Sign() == 0 && !last:
			return refuse(ErrTariff, "tier %d has no end, but tier %d follows", i+1, i+2)
		case tier.UpTo.Sign() != 0 && tier.UpTo.Cmp(below) <= 0:
			return refuse(ErrTariff, "tier %d is up to %s, want more than %s", i+1, tier.UpTo, below)
		}
		for _, p := range []money.Price{tier.UnitPrice, tier.FlatFee} {
			if _, err := p.Cmp(t.Tiers[0].UnitPrice); err != nil && p != (money.Price{}) || tier.UnitPrice.IsZero() {
				return fmt.Errorf("charging: %w: tier %d: %w", ErrTariff, i+1, &money.MismatchError{A: t.Currency(), B: p.Currency()})
			}
		}
		below = tier.UpTo
	}
	return nil
}
