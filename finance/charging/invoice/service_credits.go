package invoice

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/money"
)

// Due is what a customer has coming for a missed agreement, in all for a period: 0 if nothing.
type Due struct {
	Customer  string
	Agreement itsm.Ref
	Period    charging.Period
	Amount    money.Amount
	Tax       money.Number
	Text      string // of the line
}

// ServiceCredits is the handler of an itsm.Relay that drafts credit notes for missed service levels, for a person to issue
// when the period is over. It follows the clocks of service levels: records of the kind "clock" that become "met" or
// "missed", or are so no longer, or tell of a "breach". Then it asks what is due, and brings the draft of each customer,
// agreement and period to that, less what issued notes have given before. So events that come again change nothing, misses
// raise a draft, and what is met in time, or judged otherwise, lowers it. What was issued is never taken back.
type ServiceCredits struct {
	Desk *itsm.Desk[Invoice]
	// Due says what is due after events of clocks, of one tenant: in all, not by these events alone. It knows the agreements:
	// see Attain and Credits of package sla.
	Due func(ctx context.Context, clocks []itsm.Event) ([]Due, error)

	TaxMode  charging.TaxMode
	Rounding money.Rounding
}

// The words of package sla for its clocks.
const (
	clockKind   = "clock"
	clockMet    = "met"
	clockMissed = "missed"
	clockBreach = "breach"
)

// Consumer returns "invoice.service_credits".
func (ServiceCredits) Consumer() string { return "invoice.service_credits" }

// Kinds returns the clock.
func (ServiceCredits) Kinds() []string { return []string{clockKind} }

// Handle follows clocks, all events of a batch at once.
func (s ServiceCredits) Handle(ctx context.Context, events []itsm.Event) (int, error) {
	var decided []itsm.Event
	for _, e := range events {
		if e.Action == clockBreach || e.From != e.To && (isDecided(e.From) || isDecided(e.To)) {
			decided = append(decided, e)
		}
	}
	if len(decided) == 0 {
		return len(events), nil
	}
	dues, err := s.Due(ctx, decided)
	for k := 0; err == nil && k < len(dues); k++ {
		if err = s.credit(ctx, &dues[k]); err != nil {
			err = fmt.Errorf("invoice: the service credit of %s for %s, %s: %w", dues[k].Customer, dues[k].Agreement, dues[k].Period, err)
		}
	}
	if err != nil {
		return 0, err
	}
	return len(events), nil
}

func isDecided(s State) bool { return s == clockMet || s == clockMissed }

// credit brings the draft to what is due.
func (s ServiceCredits) credit(ctx context.Context, due *Due) error {
	if due.Customer == "" || due.Agreement.IsZero() || due.Amount.IsZero() || due.Amount.Sign() < 0 {
		return itsm.Invalid("due", "incomplete", "customer", due.Customer, "agreement", due.Agreement.String(), "amount", due.Amount.String(), "want", "all of them, and 0 or more")
	}
	rest, draft, err := s.known(ctx, due)
	if err != nil {
		return err
	}
	if draft == nil {
		if rest.Sign() <= 0 {
			return nil
		}
		_, err := s.Desk.Open(ctx, Draft{Content{Type: CreditNote, Customer: due.Customer, Title: due.Text, Currency: due.Amount.Currency(),
			TaxMode: s.TaxMode, Rounding: s.Rounding, Lines: []Line{due.line(rest)}}})
		return err
	}
	content := draft.Content
	content.Lines = slices.Clone(content.Lines)
	n := due.lineIn(draft)
	switch {
	case rest.Sign() > 0 && content.Lines[n].Charge.Amount == rest:
		return nil
	case rest.Sign() > 0:
		content.Lines[n].Charge.Amount = rest
	case len(content.Lines) == 1:
		_, err = s.Desk.Do(ctx, draft.ID, Cancel{Reason: "Nothing is due any more"})
		return err
	default:
		content.Lines = slices.Delete(content.Lines, n, n+1)
	}
	_, err = s.Desk.Do(ctx, draft.ID, Edit{content}, itsm.IfVersion(draft.Version))
	return err
}

// known returns what is due beyond the notes that were issued, and the draft.
func (s ServiceCredits) known(ctx context.Context, due *Due) (rest money.Amount, draft *Invoice, err error) {
	rest = due.Amount
	for i, err := range s.Desk.All(ctx, itsm.Where(ByBecause.Is(due.Agreement))) {
		if err != nil {
			return rest, nil, err
		}
		n := due.lineIn(&i)
		switch {
		case n < 0 || i.State == Cancelled:
		case i.State == Drafted:
			draft = &i
		default:
			if rest, err = rest.Sub(i.Content.Lines[n].Charge.Amount); err != nil {
				return rest, nil, err
			}
		}
	}
	return rest, draft, nil
}

func (d *Due) line(amount money.Amount) Line {
	return Line{Text: d.Text, Because: d.Agreement, Charge: charging.Line{Customer: d.Customer, Item: cmp.Or(d.Text, "service credit"),
		Of: charging.OfCredit, Period: d.Period, Quantity: money.Int(1), Amount: amount, Tax: d.Tax}}
}

// lineIn returns the place of the line for the same customer, agreement and period in a credit note, -1 if it has none.
func (d *Due) lineIn(i *Invoice) int {
	if i.Content.Type != CreditNote || i.Content.Customer != d.Customer || !i.Corrects.IsZero() {
		return -1
	}
	return slices.IndexFunc(i.Content.Lines, func(l Line) bool { return l.Because == d.Agreement && l.Charge.Period == d.Period })
}
