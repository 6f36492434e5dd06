package budget

import (
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Commit reserves money for a purchase, once for each.
type Commit struct {
	For    itsm.Ref     `json:"for"` // the request or order
	Amount money.Amount `json:"amount"`
}

// Name returns "commit".
func (Commit) Name() string { return "commit" }

// Apply opens the commitment.
func (a Commit) Apply(b *Budget, m itsm.Moment) error {
	switch {
	case a.For.IsZero():
		return itsm.Invalid("for", "required")
	case b.commitmentFor(a.For) >= 0:
		return itsm.Invalid("for", "committed_already", "value", a.For.String(), "want", "recommit for another amount")
	}
	if err := b.check(a.Amount, 1); err != nil {
		return err
	}
	spent, err := money.New(0, b.Currency())
	if err != nil {
		return itsm.Invalid("amount", "amount", "error", err.Error())
	}
	before := b.Available
	b.Commitments = append(b.Commitments, Commitment{For: a.For, Reserved: a.Amount, Spent: spent, Rest: a.Amount, Since: m.Time})
	if err := b.settle(); err != nil {
		return err
	}
	return b.exceeded(b.Plan.OnCommit, Stop, before, m)
}

// Recommit changes the amount that is reserved for a purchase, because its price is another one.
type Recommit struct {
	For    itsm.Ref     `json:"for"`
	Amount money.Amount `json:"amount"` // in all: more than was spent against it
}

// Name returns "recommit".
func (Recommit) Name() string { return "recommit" }

// Apply changes the reservation.
func (a Recommit) Apply(b *Budget, m itsm.Moment) error {
	i, err := b.open(a.For, "for")
	if err != nil {
		return err
	}
	if err := b.check(a.Amount, 1); err != nil {
		return err
	}
	c := &b.Commitments[i]
	rest, err := a.Amount.Sub(c.Spent)
	if err != nil || rest.Sign() <= 0 {
		return itsm.Invalid("amount", "below_spent", "value", a.Amount.String(), "spent", c.Spent.String(), "want", "more than was spent, or release")
	}
	before := b.Available
	c.Reserved, c.Rest = a.Amount, rest
	if err := b.settle(); err != nil {
		return err
	}
	return b.exceeded(b.Plan.OnCommit, Stop, before, m)
}

// open returns the place of an open commitment.
func (b *Budget) open(purchase itsm.Ref, path string) (int, error) {
	i := b.commitmentFor(purchase)
	if i < 0 {
		return i, itsm.Invalid(path, "not_committed", "value", purchase.String())
	}
	return i, nil
}

// Release ends a commitment: the purchase was given up, or nothing more will be billed. What was spent stays.
type Release struct {
	For    itsm.Ref `json:"for"`
	Reason string   `json:"reason,omitempty"`
}

// Name returns "release".
func (Release) Name() string { return "release" }

// Apply removes the commitment.
func (a Release) Apply(b *Budget, m itsm.Moment) error {
	i, err := b.open(a.For, "for")
	if err != nil {
		return err
	}
	m.Say(a.Reason, false)
	b.Commitments = slices.Delete(b.Commitments, i, i+1)
	return b.settle()
}

// Spend adds an actual cost. Against a commitment it takes the place of as much as is still reserved; the commitment ends
// with its rest, or with a cost that is Final. A negative amount is a credit note, and gives nothing back to a commitment.
//
// The same cost is not known again by itself: use the posting or the invoice line as itsm.IdempotencyKey.
type Spend struct {
	Amount  money.Amount  `json:"amount"`
	For     itsm.Ref      `json:"for,omitzero"`     // the invoice or posting
	Against itsm.Ref      `json:"against,omitzero"` // the request or order of a commitment
	On      calendar.Date `json:"on,omitzero"`      // in the period; the date of the action in UTC if it is zero
	Final   bool          `json:"final,omitempty"`  // nothing more will be billed for the commitment
}

// Spent is the fact "spent" on the event of [Spend]: the cost, and what it took from a commitment.
type Spent struct {
	Spend
	Freed money.Amount `json:"freed,omitzero"` // no longer reserved: replaced by the cost, or left over
}

// Name returns "spend".
func (Spend) Name() string { return "spend" }

// Apply adds the cost.
func (a Spend) Apply(b *Budget, m itsm.Moment) error {
	if err := b.check(a.Amount, 0); err != nil {
		return err
	}
	if a.On.IsZero() {
		a.On = calendar.DateOf(m.Time.UTC())
	}
	switch {
	case !b.covers(a.On):
		return itsm.Invalid("on", "outside_period", "value", a.On.String(), "from", b.From.String(), "until", b.Until.String())
	case a.Final && a.Against.IsZero():
		return itsm.Invalid("against", "required", "because", "it is the final cost of a commitment")
	}
	before, reserved := b.Available, b.Committed
	if !a.Against.IsZero() {
		if err := b.use(a); err != nil {
			return err
		}
	}
	actual, err := b.Actual.Add(a.Amount)
	if err != nil {
		return itsm.Invalid("amount", "amount", "error", err.Error())
	}
	b.Actual = actual
	if err := b.settle(); err != nil {
		return err
	}
	fact := Spent{Spend: a}
	if !a.Against.IsZero() {
		if fact.Freed, err = reserved.Sub(b.Committed); err != nil {
			return itsm.Invalid("amount", "amount", "error", err.Error())
		}
	}
	if err := m.Record("spent", fact); err != nil {
		return err
	}
	return b.exceeded(b.Plan.OnSpend, Warn, before, m)
}

// use lets a cost take the place of what is reserved.
func (b *Budget) use(a Spend) error {
	i, err := b.open(a.Against, "against")
	if err != nil {
		return err
	}
	c := &b.Commitments[i]
	if a.Amount.Sign() > 0 {
		spent, err := c.Spent.Add(a.Amount)
		if err != nil {
			return itsm.Invalid("amount", "amount", "error", err.Error())
		}
		rest, err := c.Rest.Sub(a.Amount)
		if err != nil {
			return itsm.Invalid("amount", "amount", "error", err.Error())
		}
		c.Spent, c.Rest = spent, rest
	}
	if a.Final || c.Rest.Sign() <= 0 {
		b.Commitments = slices.Delete(b.Commitments, i, i+1)
	}
	return nil
}

// The kernel's actions for every kind, as the budget has them.
type (
	// Comment adds a public or internal note to the history.
	Comment = itsm.Comment[Budget]
	// Relate adds a link to another record.
	Relate = itsm.Relate[Budget]
	// Unrelate removes a link.
	Unrelate = itsm.Unrelate[Budget]
	// SetAttributes changes the host's own fields.
	SetAttributes = itsm.SetAttributes[Budget]
)
