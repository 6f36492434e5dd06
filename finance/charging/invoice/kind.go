package invoice

import (
	"strconv"
	"sync"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// Name is the name of the kind.
const Name = "invoice"

// The handles by which invoices are found and ordered, beside those that every kind has.
var (
	ByCustomer = itsm.Text("customer", func(i *Invoice) string { return i.Content.Customer })
	ByType     = itsm.Text("type", func(i *Invoice) Type { return i.Content.Type })
	ByIssued   = itsm.When("issued", func(i *Invoice) time.Time { return i.IssuedAt }).Sparse()
	// ByDue is the day (its midnight UTC) by which a customer is to pay, while something is left. Credit notes are left out.
	ByDue = itsm.When("due", func(i *Invoice) time.Time {
		if !i.owed() || i.Content.Type != Charge || i.Content.DueOn.IsZero() || i.Balance.Sign() <= 0 {
			return time.Time{}
		}
		return midnight(i.Content.DueOn)
	}).Sparse()
	// ByCorrects finds the notes for the credits on an invoice, ByBecause what was charged or credited for an agreement.
	ByCorrects = itsm.Points("corrects", func(i *Invoice) itsm.Ref { return i.Corrects }).Sparse()
	ByBecause  = itsm.PointsEach("because", func(i *Invoice) []itsm.Ref {
		var out []itsm.Ref
		for _, line := range i.Content.Lines {
			if !line.Because.IsZero() {
				out = append(out, line.Because)
			}
		}
		return out
	})
	byCorrection = itsm.Text("correction", func(i *Invoice) string { return correction(i.Corrects, i.Credit) }).Sparse().Unique()
)

func midnight(d calendar.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

var standard = sync.OnceValue(func() *itsm.Kind[Invoice] {
	k, err := NewKind(Options{})
	if err != nil {
		panic(err) // the standard options are constants, and a test makes the kind
	}
	return k
})

// Kind returns the standard invoice, numbered INV0000001. It is made once, on first use.
func Kind() *itsm.Kind[Invoice] { return standard() }

// Options are a vendor's own.
type Options struct {
	Prefix string       `json:"prefix,omitempty"` // of the numbers; INV if it is empty
	Digits int          `json:"digits,omitempty"` // 7 if it is 0
	Fields []itsm.Field `json:"fields,omitempty"`
}

// NewKind returns an invoice by a vendor's options.
func NewKind(o Options) (*itsm.Kind[Invoice], error) {
	if o.Prefix == "" {
		o.Prefix = "INV"
	}
	return itsm.NewKind(Name, itsm.Declaration[Invoice]{
		Lifecycle: Lifecycle(),
		Actions: []itsm.Offer[Invoice]{
			itsm.Do(Draft{}), itsm.Do(DraftNote{}, bySystem), itsm.Do(Edit{}, isDraft),
			itsm.Do(Issue{}, maybeIssued), itsm.Do(Publish{}, isNotional), itsm.Do(Cancel{}, isNoNote),
			itsm.Do(Pay{}), itsm.Do(Refund{}, isOverpaid), itsm.Do(OpenDispute{}), itsm.Do(Settle{}), itsm.Do(Credit{}, isCharge),
			itsm.Do(itsm.Comment[Invoice]{}), itsm.Do(itsm.Relate[Invoice]{}), itsm.Do(itsm.Unrelate[Invoice]{}), itsm.Do(itsm.SetAttributes[Invoice]{}),
		},
		Indexes: []itsm.Indexed[Invoice]{ByCustomer, ByType, ByIssued, ByDue, ByCorrects, ByBecause, byCorrection,
			itsm.Then(ByCustomer, itsm.ByCreated[Invoice]())},
		Number:   itsm.Numbering{Prefix: o.Prefix, Digits: o.Digits, On: Issue{}.Name(), GapFree: true},
		Keyed:    []itsm.Keyed{{List: "payments", By: []string{"id"}}},
		Long:     []string{"cancelled_for"},
		Search:   []string{"content.title", "content.customer"},
		Fields:   o.Fields,
		Derive:   derive,
		Validate: validate,
	})
}

// derive adds up the lines of a draft and the balance of what is owed. What cannot be added up is told by validate.
func derive(i *Invoice, _ itsm.Moment) {
	if i.State == Drafted && i.Corrects.IsZero() {
		i.Totals, _ = i.Content.totals()
	}
	if i.owed() {
		_, i.Balance, _ = i.balance()
	}
}

// validate checks what the types do not say. What was issued was checked as a draft.
func validate(i *Invoice, c *itsm.Checker) {
	if i.State != Drafted {
		return
	}
	in := &i.Content
	c.Required(in.Customer, "content.customer")
	c.Check(in.Type != "", "content.type", "required")
	c.Check(in.TaxMode != "", "content.tax_mode", "required")
	c.Check(in.Rounding != "", "content.rounding", "required")
	c.Check(!in.Notional || in.Type != CreditNote, "content.notional", "credit_note", "want", "a statement with negative lines")
	c.Check(in.Currency != "", "content.currency", "required")
	fine := true
	for n := range in.Lines {
		fine = in.Lines[n].validate(in, "content.lines["+strconv.Itoa(n)+"]", c) && fine
	}
	if !i.Corrects.IsZero() {
		c.Check(i.Totals.Gross.Currency() == in.Currency && i.Totals.Gross.Sign() > 0, "totals.gross", "amount", "value", i.Totals.Gross.String(), "want", "more than 0 "+string(in.Currency))
		return
	}
	if !fine || !in.Currency.Valid() || in.TaxMode == "" || in.Rounding == "" {
		return
	}
	if _, err := in.totals(); err != nil {
		c.Fail("content.lines", "totals", "error", err.Error())
	}
}

func (l *Line) validate(in *Content, path string, c *itsm.Checker) bool {
	x := &l.Charge
	c.Check(l.Text != "" || x.Item != "", path+".text", "required", "want", "a text, or the item of the charge")
	c.Check(x.Customer == in.Customer, path+".charge.customer", "other", "value", x.Customer, "want", in.Customer)
	c.Check(x.Amount.Currency() == in.Currency, path+".charge.amount", "currency", "value", x.Amount.String(), "want", string(in.Currency))
	c.Check(x.Tax.Sign() >= 0, path+".charge.tax", "negative", "value", x.Tax.String())
	return x.Amount.Currency() == in.Currency && x.Tax.Sign() >= 0
}
