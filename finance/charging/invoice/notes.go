package invoice

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/charging"
)

// DraftNote opens the credit note for a credit. Only [Notes] does it: the credit itself is an action on the invoice.
type DraftNote struct {
	Corrects itsm.Ref        `json:"corrects"`
	Credit   int             `json:"credit"`
	Content  Content         `json:"content"`
	Totals   charging.Totals `json:"totals"`
}

// Name returns "draft_note".
func (DraftNote) Name() string { return "draft_note" }

// Apply takes over what the credit says.
func (a DraftNote) Apply(i *Invoice, _ itsm.Moment) error {
	switch {
	case a.Corrects.Kind != Name:
		return itsm.Invalid("corrects", "required", "want", "an invoice")
	case a.Credit < 1:
		return itsm.Invalid("credit", "range", "want", "1 or more")
	case a.Content.Type != CreditNote:
		return itsm.Invalid("content.type", "choice", "want", string(CreditNote))
	}
	i.Corrects, i.Credit, i.Content, i.Totals = a.Corrects, a.Credit, a.Content, a.Totals
	return nil
}

// bySystem denies persons what only a handler does.
func bySystem(_ *Invoice, m itsm.Moment) error {
	if !m.Actor.IsSystem() {
		return itsm.Deny("by_credit", "want", "credit the invoice")
	}
	return nil
}

// Notes is the handler of an itsm.Relay that issues a credit note, with its number, for each credit on an invoice. It is
// idempotent: a credit has one note.
type Notes struct {
	Desk *itsm.Desk[Invoice]
}

// Consumer returns "invoice.notes".
func (Notes) Consumer() string { return "invoice.notes" }

// Kinds returns the invoice.
func (Notes) Kinds() []string { return []string{Name} }

// Handle issues the notes of invoices that were credited.
func (n Notes) Handle(ctx context.Context, events []itsm.Event) (int, error) {
	return itsm.Each(events, func(e itsm.Event) error {
		if e.Action != (Credit{}).Name() {
			return nil
		}
		inv, err := n.Desk.Get(ctx, e.Subject.ID)
		if err != nil {
			return gone(err)
		}
		for k := range inv.Credits {
			if err := n.issue(ctx, &inv, k+1); err != nil {
				return fmt.Errorf("invoice: the credit note for credit %d on %s: %w", k+1, inv.Number, err)
			}
		}
		return nil
	})
}

// issue makes sure that there is an issued note for a credit.
func (n Notes) issue(ctx context.Context, inv *Invoice, credit int) error {
	found, err := n.Desk.Find(ctx, itsm.Where(byCorrection.Is(correction(inv.Ref(Name), credit))), itsm.PageRequest{Limit: 1})
	if err != nil {
		return err
	}
	var note Invoice
	if len(found.Items) > 0 {
		note = found.Items[0]
	} else {
		c := &inv.Credits[credit-1]
		note, err = n.Desk.Open(ctx, DraftNote{Corrects: inv.Ref(Name), Credit: credit, Content: inv.note(c), Totals: c.Totals}, itsm.Note(c.Reason, false))
		if err != nil {
			return err
		}
	}
	if note.State != Drafted {
		return nil
	}
	_, err = n.Desk.Do(ctx, note.ID, Issue{})
	return err
}

// gone drops the error of a record that is no longer there.
func gone(err error) error {
	if errors.Is(err, itsm.ErrNotFound) {
		return nil
	}
	return err
}

// correction is the key of a note: a credit has one.
func correction(of itsm.Ref, credit int) string {
	if of.IsZero() {
		return ""
	}
	return of.String() + "/" + strconv.Itoa(credit)
}
