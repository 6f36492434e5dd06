package budget

import (
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/money"
)

// The four actions below are halves of [Transfer] and [CarryForward], which do both in one write. Their guard denies them
// everywhere else. Their input is what the events tell.

// TransferOut gives money to another budget: the half of a [Transfer].
type TransferOut struct {
	Amount money.Amount `json:"amount"`
	To     itsm.Ref     `json:"to"`
	Reason string       `json:"reason"`
}

// Name returns "transfer_out".
func (TransferOut) Name() string { return "transfer_out" }

// Apply takes the money; no more than is available.
func (a TransferOut) Apply(b *Budget, m itsm.Moment) error {
	if err := b.check(a.Amount, 1); err != nil {
		return err
	}
	if err := b.spare(a.Amount); err != nil {
		return err
	}
	m.Say(a.Reason, false)
	return b.move(&b.Transferred, a.Amount.Neg())
}

// TransferIn takes money from another budget: the half of a [Transfer].
type TransferIn struct {
	Amount money.Amount `json:"amount"`
	From   itsm.Ref     `json:"from"`
	Reason string       `json:"reason"`
}

// Name returns "transfer_in".
func (TransferIn) Name() string { return "transfer_in" }

// Apply adds the money.
func (a TransferIn) Apply(b *Budget, m itsm.Moment) error {
	if err := b.check(a.Amount, 1); err != nil {
		return err
	}
	m.Say(a.Reason, false)
	return b.move(&b.Transferred, a.Amount)
}

// CarryOut closes a budget in favour of that of a later period: the half of a [CarryForward].
type CarryOut struct {
	Amount money.Amount `json:"amount"` // of what is available; 0 or more
	Total  money.Amount `json:"total"`  // with the rest of the open commitments: what the other half takes over
	To     itsm.Ref     `json:"to"`
	Reason string       `json:"reason"`
}

// Name returns "carry_out".
func (CarryOut) Name() string { return "carry_out" }

// Apply gives the open commitments with their money, and the amount.
func (a CarryOut) Apply(b *Budget, m itsm.Moment) error {
	if a.Amount.Sign() != 0 {
		if err := b.check(a.Amount, 1); err != nil {
			return err
		}
		if err := b.spare(a.Amount); err != nil {
			return err
		}
	}
	gone, err := carried(a.Amount, b.Commitments, b.Currency())
	if err != nil {
		return err
	}
	if gone != a.Total {
		return itsm.Invalid("total", "other_commitments", "value", a.Total.String(), "want", gone.String())
	}
	b.Commitments = nil
	if err := b.end(a.Reason, m); err != nil {
		return err
	}
	return b.move(&b.Carried, gone.Neg())
}

// CarryIn takes over from the budget of an earlier period: the half of a [CarryForward].
type CarryIn struct {
	Amount      money.Amount `json:"amount"`
	Commitments []Commitment `json:"commitments,omitempty"`
	From        itsm.Ref     `json:"from"`
}

// Name returns "carry_in".
func (CarryIn) Name() string { return "carry_in" }

// Apply takes over the commitments with their money, and the amount. A commitment for a purchase that has one here, too, is
// refused.
func (a CarryIn) Apply(b *Budget, _ itsm.Moment) error {
	for _, c := range a.Commitments {
		if b.commitmentFor(c.For) >= 0 {
			return itsm.Invalid("commitments", "committed_already", "value", c.For.String(), "want", "one commitment for a purchase: release one of the two")
		}
	}
	came, err := carried(a.Amount, a.Commitments, b.Currency())
	if err != nil {
		return err
	}
	b.Commitments = append(b.Commitments, a.Commitments...)
	return b.move(&b.Carried, came)
}

// carried is an amount and the money of commitments together.
func carried(a money.Amount, open []Commitment, c money.Currency) (money.Amount, error) {
	parts := make([]money.Amount, 0, len(open)+1)
	for _, x := range open {
		parts = append(parts, x.Rest)
	}
	sum, err := money.Sum(c, append(slices.Clip(parts), a))
	if err != nil {
		return sum, itsm.Invalid("amount", "amount", "error", err.Error())
	}
	return sum, nil
}

// spare refuses to give more than is available.
func (b *Budget) spare(a money.Amount) error {
	if more, err := a.Cmp(b.Available); err != nil || more > 0 {
		return itsm.Invalid("amount", "more_than_available", "value", a.String(), "available", b.Available.String())
	}
	return nil
}

// move adds to one of the sums and settles.
func (b *Budget) move(sum *money.Amount, by money.Amount) error {
	moved, err := sum.Add(by)
	if err != nil {
		return itsm.Invalid("amount", "amount", "error", err.Error())
	}
	*sum = moved
	return b.settle()
}
