package invoice

import (
	"context"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/charging"
)

// Billed returns what a customer was billed for a period, by invoices or by notional ones, for [charging.Unbilled]: the
// charges of all documents that were not cancelled, drafts among them, less those that were credited to be billed again,
// from the moment of the credit on.
//
// Two runs that ask at once are told the same, and would bill twice: open the draft with an itsm.IdempotencyKey that both
// come to, of the customer, the period and how often it was billed.
func Billed(ctx context.Context, d *itsm.Desk[Invoice], customer string, p charging.Period, notional bool) ([]charging.Line, error) {
	var out []charging.Line
	for i, err := range d.All(ctx, itsm.Where(ByCustomer.Is(customer))) {
		if err != nil {
			return nil, err
		}
		if i.State == Cancelled || i.Content.Notional != notional {
			continue
		}
		for _, c := range i.standing() {
			if p.Has(c.Period.From) && p.Has(c.Period.Until) {
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// standing is what a document charges, less what was credited of it to be billed again. The note for a credit says the same
// later, and so charges nothing here.
func (i *Invoice) standing() []charging.Line {
	if !i.Corrects.IsZero() {
		return nil
	}
	out := i.Charges()
	for k := range i.Credits {
		if c := &i.Credits[k]; c.Rebill {
			note := Invoice{Content: i.note(c)}
			out = append(out, note.Charges()...)
		}
	}
	return out
}
