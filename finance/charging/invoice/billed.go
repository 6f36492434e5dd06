package invoice

import (
	"context"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/charging"
)

// Billed returns what a customer was billed for a period, by invoices or by notional ones, for [charging.Unbilled]: the
// charges of all documents that were not cancelled, drafts among them, less those that were credited to be billed again.
func Billed(ctx context.Context, d *itsm.Desk[Invoice], customer string, p charging.Period, notional bool) ([]charging.Line, error) {
	var out []charging.Line
	for i, err := range d.All(ctx, itsm.Where(ByCustomer.Is(customer))) {
		if err != nil {
			return nil, err
		}
		if i.State == Cancelled || i.Content.Notional != notional {
			continue
		}
		for _, c := range i.Charges() {
			if p.Has(c.Period.From) && p.Has(c.Period.Until) {
				out = append(out, c)
			}
		}
	}
	return out, nil
}
