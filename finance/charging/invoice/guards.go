package invoice

import (
	"strconv"
	"time"

	"github.com/itsmkit/itsm"
)

// isDraft denies what would change an invoice that was issued, published or cancelled.
func isDraft(i *Invoice, _ itsm.Moment) error {
	switch {
	case !i.IssuedAt.IsZero():
		return itsm.Deny("issued", "at", i.IssuedAt.Format(time.RFC3339), "want", "a credit, or another invoice")
	case i.State != Drafted:
		return itsm.Deny("state", "state", string(i.State))
	case !i.Corrects.IsZero():
		return itsm.Deny("note_for_credit", "of", i.Corrects.String(), "credit", strconv.Itoa(i.Credit))
	}
	return nil
}

// maybeIssued denies what cannot be binding.
func maybeIssued(i *Invoice, _ itsm.Moment) error {
	switch least := i.Totals.Gross.Sign(); {
	case i.Content.Notional:
		return itsm.Deny("notional", "want", "publish")
	case len(i.Content.Lines) == 0:
		return itsm.Deny("no_lines")
	case least < 0:
		return itsm.Deny("negative", "gross", i.Totals.Gross.String(), "want", "the opposite type with positive amounts")
	}
	return nil
}

// isNotional denies publishing what is to be paid.
func isNotional(i *Invoice, _ itsm.Moment) error {
	switch {
	case !i.Content.Notional:
		return itsm.Deny("not_notional", "want", "issue")
	case len(i.Content.Lines) == 0:
		return itsm.Deny("no_lines")
	}
	return nil
}

// isOverpaid denies a refund where nothing is to be given back.
func isOverpaid(i *Invoice, _ itsm.Moment) error {
	if i.Balance.Sign() >= 0 {
		return itsm.Deny("nothing_overpaid", "balance", i.Balance.String())
	}
	return nil
}

// isNoNote denies cancelling the note for a credit, which is part of that.
func isNoNote(i *Invoice, _ itsm.Moment) error {
	if !i.Corrects.IsZero() {
		return itsm.Deny("note_for_credit", "of", i.Corrects.String(), "credit", strconv.Itoa(i.Credit))
	}
	return nil
}

// isCharge denies crediting a credit note.
func isCharge(i *Invoice, _ itsm.Moment) error {
	if i.Content.Type != Charge {
		return itsm.Deny("credit_note", "want", "an invoice")
	}
	return nil
}
