package supplier

import (
	"fmt"
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// validate checks what an action made.
func validate(c *Contract, check *itsm.Checker) {
	check.Required(c.Title, "title")
	check.Check(c.Supplier.Kind == Name, "supplier", "kind", "want", Name, "value", clip(c.Supplier.Kind))
	c.Terms.check(check)
	for i, o := range c.Obligations {
		at := fmt.Sprintf("obligations[%d].", i)
		check.Required(o.ID, at+"id")
		check.Required(o.Text, at+"text")
		check.Check(o.By != "", at+"by", "required")
		check.Check(isDate(o.From) && o.From.Year >= minYear, at+"from", "range", "min", "1900-01-01", "max", "9999-12-31", "value", o.From.String())
		check.Check(isPeriod(o.Every), at+"every", "range", "min", "P0D", "max", longest)
		check.Check(!slices.ContainsFunc(c.Obligations[:i], func(x Obligation) bool { return x.ID == o.ID }), at+"id", "twice", "value", clip(o.ID))
	}
	for i, d := range c.Disputes {
		check.Check(d.Amount.IsZero() || d.Amount.Sign() >= 0, fmt.Sprintf("disputes[%d].amount", i), "negative", "value", d.Amount.String())
	}
}

func (t *Terms) check(c *itsm.Checker) {
	c.Check(isDate(t.From) && t.From.Year >= minYear, "terms.from", "range", "min", "1900-01-01", "max", "9999-12-31", "value", t.From.String())
	c.Check(t.Until.IsZero() || isDate(t.Until), "terms.until", "date", "value", t.Until.String())
	c.Check(t.Until.IsZero() || t.Until.Compare(t.From) >= 0, "terms.until", "before_from", "from", t.From.String(), "value", t.Until.String())
	c.Check(t.Annual.IsZero() || t.Annual.Sign() >= 0, "terms.annual", "negative", "value", t.Annual.String())
	r := t.Renewal
	for _, p := range []struct {
		path string
		itsm.Period
	}{{"term", r.Term}, {"notice", r.Notice}, {"lead", r.Lead}} {
		c.Check(isPeriod(p.Period), "terms.renewal."+p.path, "range", "min", "P0D", "max", longest)
	}
	c.Check(r.Mode == "" || !t.Until.IsZero(), "terms.until", "required", "because", "renewal is "+string(r.Mode))
	c.Check(r.Mode == "" || !r.Term.IsZero(), "terms.renewal.term", "required", "because", "renewal is "+string(r.Mode))
}

// The longest spans of a contract are a century, and none began before 1900: so every date that follows from them has a
// year of four digits.
const (
	maxMonths = 1_200
	maxDays   = 36_525
	minYear   = 1900
	longest   = "P1200M and P36525D"
)

func isPeriod(p itsm.Period) bool {
	return p.Months >= 0 && p.Days >= 0 && p.Months <= maxMonths && p.Days <= maxDays
}

// isDate tells whether a calendar has the date: Go code can make others, JSON cannot.
func isDate(d calendar.Date) bool {
	_, err := calendar.ParseDate(d.String())
	return err == nil
}
