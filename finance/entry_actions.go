package finance

import (
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Post opens an entry.
type Post struct {
	Chart     itsm.Ref      `json:"chart"`
	Date      calendar.Date `json:"date"`
	Text      string        `json:"text,omitempty"`
	Reference string        `json:"reference,omitempty"`
	Origin    Origin        `json:"origin,omitempty"`
	Cause     itsm.Ref      `json:"cause,omitzero"` // of the postings that name none
	Postings  []Posting     `json:"postings"`
}

// Name returns "post".
func (Post) Name() string { return "post" }

// Apply fills in the entry.
func (a Post) Apply(e *Entry, m itsm.Moment) error {
	e.Chart, e.Date, e.Text, e.Reference, e.Origin = a.Chart, a.Date, a.Text, a.Reference, a.Origin
	e.Postings = caused(a.Postings, a.Cause)
	return e.admit(m.Facts)
}

// caused returns the postings with a cause in each.
func caused(postings []Posting, by itsm.Ref) []Posting {
	out := make([]Posting, len(postings))
	for i, p := range postings {
		if out[i] = p; p.Cause.IsZero() {
			out[i].Cause = by
		}
	}
	return out
}

// Reverse opens the entry that takes another one back: the same postings on the other sides. Each entry is taken back once
// at most, a reversal too. See [Ledger.Reverse].
type Reverse struct {
	Of   itsm.Ref      `json:"of"`
	Date calendar.Date `json:"date"` // not before that of the entry
	Text string        `json:"text"` // why
}

// Name returns "reverse".
func (Reverse) Name() string { return "reverse" }

// Apply fills in the entry.
func (a Reverse) Apply(e *Entry, m itsm.Moment) error {
	around, ok := m.Facts.(circumstances)
	switch {
	case !ok:
		return ledgerRequired()
	case strings.TrimSpace(a.Text) == "":
		return itsm.Invalid("text", "required", "want", "why the entry is reversed")
	case around.original == nil:
		return itsm.Invalid("of", "not_found", "value", a.Of.String())
	case a.Date.Compare(around.original.Date) < 0:
		return itsm.Invalid("date", "before_the_entry", "value", a.Date.String(), "min", around.original.Date.String())
	}
	old := around.original
	e.Chart, e.Date, e.Text, e.Reference, e.Origin = old.Chart, a.Date, a.Text, old.Reference, old.Origin
	e.Reverses, e.Conversion = old.Ref(EntryName), old.Conversion
	e.Postings = make([]Posting, len(old.Postings))
	for i, p := range old.Postings {
		e.Postings[i] = p.opposite()
	}
	if around.first != nil {
		e.Pair = around.first.Ref(EntryName)
	}
	return e.admit(m.Facts)
}

// Exchange opens the two halves of a conversion: an entry in the currency given away, from an account to the clearing
// account, and one in the currency got, from the clearing account to another. See [Ledger.Exchange].
type Exchange struct {
	Chart      itsm.Ref         `json:"chart"`
	Date       calendar.Date    `json:"date"`
	Text       string           `json:"text,omitempty"`
	Reference  string           `json:"reference,omitempty"`
	Origin     Origin           `json:"origin,omitempty"`
	Cause      itsm.Ref         `json:"cause"`
	From       string           `json:"from"`                  // the account that is credited with what is given away
	To         string           `json:"to"`                    // the account that is debited with what is got
	CostCentre string           `json:"cost_centre,omitempty"` // of the debit, where it is a cost
	Service    itsm.Ref         `json:"service,omitzero"`      // of the debit, where it is a cost
	Conversion money.Conversion `json:"conversion"`            // both amounts more than 0, and the rate between them
}

// Name returns "exchange".
func (Exchange) Name() string { return "exchange" }

// Apply fills in one of the halves: the second where the first is there.
func (a Exchange) Apply(e *Entry, m itsm.Moment) error {
	around, ok := m.Facts.(circumstances)
	if !ok {
		return ledgerRequired()
	}
	if err := around.ready(); err != nil {
		return err
	}
	clearing := around.chart.Clearing
	if clearing == "" {
		return itsm.Deny("no_clearing_account", "chart", around.chart.Number)
	}
	if err := a.check(clearing); err != nil {
		return err
	}
	e.Chart, e.Date, e.Text, e.Reference, e.Origin, e.Conversion = a.Chart, a.Date, a.Text, a.Reference, a.Origin, &a.Conversion
	if around.first == nil {
		e.Postings = caused([]Posting{Debit(clearing, a.Conversion.From), Credit(a.From, a.Conversion.From)}, a.Cause)
	} else {
		e.Pair = around.first.Ref(EntryName)
		e.Postings = caused([]Posting{Debit(a.To, a.Conversion.To), Credit(clearing, a.Conversion.To)}, a.Cause)
		e.Postings[0].CostCentre, e.Postings[0].Service = a.CostCentre, a.Service
	}
	return e.admit(m.Facts)
}

// check wants a conversion that is right by its own rate, of a day that is not after the entry's.
func (a Exchange) check(clearing string) error {
	c := a.Conversion
	switch {
	case a.From == clearing || a.To == clearing:
		return itsm.Invalid("from", "clearing", "value", clearing, "want", "accounts on both sides of the clearing account")
	case c.From.Sign() <= 0 || c.To.Sign() <= 0:
		return itsm.Invalid("conversion", "not_positive", "from", c.From.String(), "to", c.To.String())
	}
	again, err := c.Quote.Convert(c.From, c.Rounding)
	switch {
	case err != nil:
		return itsm.Invalid("conversion", "no_rate", "because", err.Error())
	case again.To != c.To:
		return itsm.Invalid("conversion.to", "not_at_the_rate", "value", c.To.String(), "want", again.To.String())
	case calendar.DateOf(c.Quote.Date).Compare(a.Date) > 0:
		return itsm.Invalid("conversion.quote.date", "after_the_entry", "value", calendar.DateOf(c.Quote.Date).String(), "max", a.Date.String())
	}
	return nil
}

// ledgerRequired refuses what depends on other records and must not be stored without them.
func ledgerRequired() error {
	return itsm.Invalid("", "ledger_required", "want", "the methods Post, Reverse and Exchange of finance.Ledger")
}
