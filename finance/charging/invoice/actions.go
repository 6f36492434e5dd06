package invoice

import (
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/money"
)

// Draft opens an invoice, or a credit note that is not for a credit on one invoice.
type Draft struct {
	Content Content `json:"content"`
}

// Name returns "draft".
func (Draft) Name() string { return "draft" }

// Apply takes over the content.
func (a Draft) Apply(i *Invoice, _ itsm.Moment) error {
	i.Content = a.Content
	return nil
}

// Edit replaces the content of a draft.
type Edit struct {
	Content Content `json:"content"`
}

// Name returns "edit".
func (Edit) Name() string { return "edit" }

// Apply takes over the content.
func (a Edit) Apply(i *Invoice, _ itsm.Moment) error {
	i.Content = a.Content
	return nil
}

// Issue makes a draft binding: it gets its number, without gaps, and its content never changes again. It is issued, or paid
// where there is nothing to pay: an invoice over 0, a note for a credit.
type Issue struct{}

// Name returns "issue".
func (Issue) Name() string { return "issue" }

// Apply notes the instant.
func (Issue) Apply(i *Invoice, m itsm.Moment) error {
	i.IssuedAt = m.Time
	if !i.Corrects.IsZero() || i.Totals.Gross.Sign() == 0 {
		i.State = Paid
	}
	return nil
}

// Publish shows a notional invoice to the customer. It gets no number.
type Publish struct{}

// Name returns "publish".
func (Publish) Name() string { return "publish" }

// Apply notes the instant.
func (Publish) Apply(i *Invoice, m itsm.Moment) error {
	i.IssuedAt = m.Time
	return nil
}

// Cancel gives up a draft.
type Cancel struct {
	Reason string `json:"reason"`
}

// Name returns "cancel".
func (Cancel) Name() string { return "cancel" }

// Apply keeps the reason.
func (a Cancel) Apply(i *Invoice, _ itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	i.CancelledFor = a.Reason
	return nil
}

// Pay records a payment; several may make up the amount. More than the balance is refused, and so is an ID that the invoice
// has already.
type Pay struct {
	ID     string        `json:"id"`
	Amount money.Amount  `json:"amount"`
	On     calendar.Date `json:"on,omitzero"` // zero: the day of the moment in UTC
}

// Name returns "pay".
func (Pay) Name() string { return "pay" }

// Apply adds the payment.
func (a Pay) Apply(i *Invoice, m itsm.Moment) error {
	if err := i.pay(a.ID, a.Amount, a.On, m); err != nil {
		return err
	}
	return i.proceed(m)
}

// Refund records money that went back to the customer: of what was paid too much, because a credit came after the payment.
type Refund struct {
	ID     string        `json:"id"`
	Amount money.Amount  `json:"amount"` // positive
	On     calendar.Date `json:"on,omitzero"`
}

// Name returns "refund".
func (Refund) Name() string { return "refund" }

// Apply adds the payment back.
func (a Refund) Apply(i *Invoice, m itsm.Moment) error { return i.pay(a.ID, a.Amount.Neg(), a.On, m) }

// pay adds a payment, which brings the balance closer to 0 and not beyond.
func (i *Invoice) pay(id string, amount money.Amount, on calendar.Date, m itsm.Moment) error {
	rest, err := i.Balance.Sub(amount)
	switch {
	case strings.TrimSpace(id) == "":
		return itsm.Invalid("id", "required")
	case slices.ContainsFunc(i.Payments, func(p Payment) bool { return p.ID == id }):
		return itsm.Invalid("id", "recorded_before", "value", id)
	case err != nil:
		return itsm.Invalid("amount", "currency", "value", amount.String(), "want", string(i.Content.Currency))
	case amount.Sign() != i.Balance.Sign() || rest.Sign() == -amount.Sign():
		return itsm.Invalid("amount", "beyond_balance", "value", amount.Abs().String(), "balance", i.Balance.String())
	case on.IsZero():
		on = calendar.DateOf(m.Time)
	}
	i.Payments = append(i.Payments, Payment{ID: id, Amount: amount, On: on, By: m.Actor.ID})
	return nil
}

// proceed goes to the state that the payments and credits lead to, and ends a dispute that has become void.
func (i *Invoice) proceed(m itsm.Moment) error {
	uncredited, rest, err := i.balance()
	if err != nil {
		return err
	}
	next := lifecycle.Stay
	switch {
	case len(i.Credits) > 0 && uncredited.Sign() == 0:
		next = Reversed
	case rest.Sign() <= 0 && i.State != Paid:
		next = Paid
	}
	if i.State == Disputed && next != lifecycle.Stay {
		i.endDispute("it became "+string(next), m)
	}
	i.State = next
	return nil
}

// OpenDispute records that the customer objects. Payments and credits go on.
type OpenDispute struct {
	Reason string `json:"reason"`
}

// Name returns "dispute".
func (OpenDispute) Name() string { return "dispute" }

// Apply adds the dispute.
func (a OpenDispute) Apply(i *Invoice, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	i.Disputes = append(i.Disputes, Dispute{Reason: a.Reason, By: m.Actor.ID, Since: m.Time})
	return nil
}

// Settle ends a dispute: what is left is to be paid. Where the customer was right, credit the invoice.
type Settle struct {
	Outcome string `json:"outcome"`
}

// Name returns "settle".
func (Settle) Name() string { return "settle" }

// Apply keeps the outcome.
func (a Settle) Apply(i *Invoice, m itsm.Moment) error {
	if strings.TrimSpace(a.Outcome) == "" {
		return itsm.Invalid("outcome", "required")
	}
	i.endDispute(a.Outcome, m)
	return nil
}

func (i *Invoice) endDispute(outcome string, m itsm.Moment) {
	last := &i.Disputes[len(i.Disputes)-1]
	last.Outcome, last.EndedAt = outcome, m.Time
}
