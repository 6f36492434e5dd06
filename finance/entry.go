package finance

import (
	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Entry is an entry of the ledger: postings in one currency whose debits are its credits. It is never edited: what was
// wrong is reversed by another entry.
type Entry struct {
	itsm.Header

	Chart     itsm.Ref      `json:"chart"`
	Period    itsm.Ref      `json:"period,omitzero"` // that was open when it was posted
	Date      calendar.Date `json:"date"`            // the accounting date; CreatedAt is when it became known
	Text      string        `json:"text,omitempty"`
	Reference string        `json:"reference,omitempty"` // the number of the document elsewhere
	Origin    Origin        `json:"origin,omitempty"`
	Postings  []Posting     `json:"postings"`

	Reverses itsm.Ref `json:"reverses,omitzero"` // the entry that this one takes back

	// Conversion is the exchange of which the entry is one of two halves, with its rate. The second half names the first
	// as its Pair.
	Conversion *money.Conversion `json:"conversion,omitempty"`
	Pair       itsm.Ref          `json:"pair,omitzero"`
}

// name is what errors call the entry.
func (e *Entry) name() string {
	if e.Number != "" {
		return e.Number
	}
	return e.ID.String()
}

func (e *Entry) validate(c *itsm.Checker) {
	c.Check(e.Chart.Kind == ChartName, "chart", "required", "want", "a "+ChartName)
	c.Check(!e.Date.IsZero(), "date", "required")
	for i, p := range e.Postings {
		c.Required(p.Account, place(i)+".account")
		c.Check(!p.Cause.IsZero(), place(i)+".cause", "required", "want", "the record that caused the posting, here or for all")
		c.Check(p.From.IsZero() == p.Until.IsZero() && p.From.Compare(p.Until) <= 0, place(i)+".until", "before_from", "from", p.From.String(), "until", p.Until.String())
	}
}

// circumstances are what an action takes from other records: a [Ledger] loads them, and stores the result only if they
// still are what they were.
type circumstances struct {
	chart    *Chart
	period   *Period // that covers the date
	last     *Period // of the chart
	original *Entry  // to be reversed
	first    *Entry  // the first half of an exchange, where the second is opened
}

// ready refuses a chart that takes nothing.
func (a circumstances) ready() error {
	switch {
	case a.chart == nil:
		return itsm.Invalid("chart", "not_found")
	case a.chart.State != Active:
		return itsm.Deny("chart_archived", "chart", a.chart.Number, "because", a.chart.ArchivedFor)
	}
	return nil
}

// admit asks what the chart and the period say to an entry. Without circumstances nothing is asked.
func (e *Entry) admit(facts any) error {
	if err := CheckPostings(e.Postings); err != nil {
		return err
	}
	around, ok := facts.(circumstances)
	if !ok {
		return nil
	}
	if err := around.ready(); err != nil {
		return err
	}
	if err := around.period.takes(e.Date); err != nil {
		return err
	}
	e.Period = around.period.Ref(PeriodName)
	return around.chart.checkPostings(e.Postings, e.Conversion != nil || !e.Reverses.IsZero())
}
