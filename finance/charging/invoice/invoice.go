package invoice

import (
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/money"
)

// Type is what kind of document it is.
type Type string

// The types.
const (
	Charge     Type = "invoice"
	CreditNote Type = "credit_note" // its amounts are positive, and are owed to the customer
)

// Choices returns the types for a pick box.
func (Type) Choices() []string { return []string{string(Charge), string(CreditNote)} }

// Line is one line of an invoice.
type Line struct {
	Text    string        `json:"text,omitempty"`
	Charge  charging.Line `json:"charge"`
	Because itsm.Ref      `json:"because,omitzero"` // what it is for, if not for usage: the agreement that was missed
}

// Content is what an invoice says. It can be edited while it is a draft, and never after.
type Content struct {
	Type     Type           `json:"type"`
	Notional bool           `json:"notional,omitempty"` // showback: it shows costs and is not to be paid
	Customer string         `json:"customer"`
	Title    string         `json:"title,omitempty"`
	Currency money.Currency `json:"currency"`
	Lines    []Line         `json:"lines,omitempty"`

	TaxMode  charging.TaxMode `json:"tax_mode"`
	Rounding money.Rounding   `json:"rounding"` // of taxes
	DueOn    calendar.Date    `json:"due_on,omitzero"`
}

// Payment is money that came in, or went back.
type Payment struct {
	ID     string        `json:"id"`     // of the bank, or of the credit note it is set off against; each once on an invoice
	Amount money.Amount  `json:"amount"` // negative for a refund
	On     calendar.Date `json:"on"`
	By     string        `json:"by"` // who recorded it
}

// Part is how much of a line is credited.
type Part struct {
	Line int          `json:"line"` // its place, from 1
	Net  money.Amount `json:"net"`
}

// Credited is a credit on an invoice: the content of a credit note.
type Credited struct {
	At     time.Time       `json:"at"`
	By     string          `json:"by"`
	Reason string          `json:"reason"`
	Rebill bool            `json:"rebill,omitempty"` // what it charged is not billed any more, see [Billed]
	Parts  []Part          `json:"parts"`
	Totals charging.Totals `json:"totals"`
}

// Dispute is an objection of the customer.
type Dispute struct {
	Reason  string    `json:"reason"`
	By      string    `json:"by"`
	Since   time.Time `json:"since"`
	Outcome string    `json:"outcome,omitempty"`
	EndedAt time.Time `json:"ended_at,omitzero"`
}

// Invoice is a bill or a credit note.
type Invoice struct {
	itsm.Header
	Content Content         `json:"content"`
	Totals  charging.Totals `json:"totals,omitzero"` // derived from the lines; of a note for a credit, those of the credit

	IssuedAt time.Time    `json:"issued_at,omitzero"`
	Payments []Payment    `json:"payments,omitempty"`
	Credits  []Credited   `json:"credits,omitempty"`
	Balance  money.Amount `json:"balance,omitzero"` // derived: gross less payments and credits; negative if too much was paid

	Disputes     []Dispute `json:"disputes,omitempty"` // the last one is open while the invoice is disputed
	CancelledFor string    `json:"cancelled_for,omitempty"`

	// A note for a credit names the invoice and which of its credits it is for, from 1.
	Corrects itsm.Ref `json:"corrects,omitzero"`
	Credit   int      `json:"credit,omitempty"`
}

// Charges returns what the lines charge for usage, subscriptions and commitments: of a credit note with the opposite sign.
// Lines for anything else are left out, and so are credits that are given away.
func (i *Invoice) Charges() []charging.Line {
	var out []charging.Line
	for _, line := range i.Content.Lines {
		c := line.Charge
		switch c.Of {
		case charging.OfUsage, charging.OfSubscription, charging.OfCommitment:
		default:
			continue
		}
		if i.Content.Type == CreditNote {
			c = opposite(c)
		}
		out = append(out, c)
	}
	return out
}

func opposite(c charging.Line) charging.Line {
	c.Quantity, c.Amount, c.Records = c.Quantity.Neg(), c.Amount.Neg(), -c.Records
	return c
}

// Of makes the content of a document from charges of one customer, all in one currency: an invoice, or, where they are
// negative in sum, a credit note with the opposite signs. Title, due date and whether it is notional are the caller's.
func Of(customer string, c money.Currency, charges []charging.Line, mode charging.TaxMode, r money.Rounding) (Content, error) {
	out := Content{Type: Charge, Customer: customer, Currency: c, TaxMode: mode, Rounding: r}
	for _, charge := range charges {
		out.Lines = append(out.Lines, Line{Charge: charge})
	}
	totals, err := out.totals()
	if err != nil {
		return Content{}, err
	}
	if totals.Gross.Sign() < 0 {
		out.Type = CreditNote
		for k := range out.Lines {
			out.Lines[k].Charge = opposite(out.Lines[k].Charge)
		}
	}
	return out, nil
}

// totals adds the lines up.
func (c *Content) totals() (charging.Totals, error) {
	taxables := make([]charging.Taxable, len(c.Lines))
	for i := range c.Lines {
		taxables[i] = charging.Taxable{Net: c.Lines[i].Charge.Amount, Rate: c.Lines[i].Charge.Tax}
	}
	return charging.Tax(c.Currency, taxables, c.TaxMode, c.Rounding)
}

// balance is what was not credited of the gross amount, and what of that is still to be paid.
func (i *Invoice) balance() (uncredited, rest money.Amount, err error) {
	uncredited = i.Totals.Gross
	for k := range i.Credits {
		if uncredited, err = uncredited.Sub(i.Credits[k].Totals.Gross); err != nil {
			return uncredited, rest, err
		}
	}
	rest = uncredited
	for k := range i.Payments {
		if rest, err = rest.Sub(i.Payments[k].Amount); err != nil {
			return uncredited, rest, err
		}
	}
	return uncredited, rest, nil
}

// owed tells whether somebody has to pay: it is issued, not notional, and not set off against an invoice.
func (i *Invoice) owed() bool {
	return !i.IssuedAt.IsZero() && !i.Content.Notional && i.Corrects.IsZero()
}
