package invoice

import (
	"slices"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/money"
)

// Credit takes back an issued invoice, or parts of it, and never more of a line than is left of it. What was credited of a
// tax rate in the end has just the tax that was charged, whatever the roundings on the way. [Notes] issues the credit note.
type Credit struct {
	Parts  []Part `json:"parts,omitempty"` // none: all that is left
	Reason string `json:"reason"`
	// Rebill says that the lines were wrong, and that what they charged is to be billed again, see [Billed]. It takes whole
	// lines. Without it the credit is given away.
	Rebill bool `json:"rebill,omitempty"`
}

// Name returns "credit".
func (Credit) Name() string { return "credit" }

// Apply adds the credit.
func (a Credit) Apply(i *Invoice, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	left, err := i.left()
	if err != nil {
		return err
	}
	parts := slices.Clone(a.Parts)
	for n, net := range left {
		if len(a.Parts) == 0 && net.Sign() != 0 {
			parts = append(parts, Part{n + 1, net})
		}
	}
	for k, p := range parts {
		path := "parts[" + strconv.Itoa(k) + "]"
		if p.Line < 1 || p.Line > len(left) {
			return itsm.Invalid(path+".line", "unknown", "value", strconv.Itoa(p.Line), "lines", strconv.Itoa(len(left)))
		}
		of := &left[p.Line-1]
		rest, err := of.Sub(p.Net)
		switch {
		case err != nil:
			return itsm.Invalid(path+".net", "currency", "value", p.Net.String(), "want", string(i.Content.Currency))
		case p.Net.Sign() == 0 || p.Net.Sign() != of.Sign() || rest.Sign() == -of.Sign():
			return itsm.Invalid(path+".net", "beyond_line", "value", p.Net.String(), "left", of.String())
		case a.Rebill && p.Net != i.Content.Lines[p.Line-1].Charge.Amount:
			return itsm.Invalid(path+".net", "not_whole", "value", p.Net.String(), "want", i.Content.Lines[p.Line-1].Charge.Amount.String())
		}
		*of = rest
	}
	totals, err := i.creditTotals(parts)
	if err != nil {
		return err
	}
	uncredited, _, err := i.balance()
	if err != nil {
		return err
	}
	if more, err := totals.Gross.Cmp(uncredited); err != nil || totals.Gross.Sign() <= 0 || more > 0 {
		return itsm.Invalid("parts", "gross", "value", totals.Gross.String(), "want", "more than 0 and at most "+uncredited.String())
	}
	i.Credits = append(i.Credits, Credited{At: m.Time, By: m.Actor.ID, Reason: a.Reason, Rebill: a.Rebill, Parts: parts, Totals: totals})
	return i.proceed(m)
}

// left is what was not credited of each line.
func (i *Invoice) left() ([]money.Amount, error) {
	left := make([]money.Amount, len(i.Content.Lines))
	for k := range left {
		left[k] = i.Content.Lines[k].Charge.Amount
	}
	for _, c := range i.Credits {
		for _, p := range c.Parts {
			var err error
			if left[p.Line-1], err = left[p.Line-1].Sub(p.Net); err != nil {
				return nil, err
			}
		}
	}
	return left, nil
}

// creditTotals adds parts up, with the taxes that were charged on them.
func (i *Invoice) creditTotals(parts []Part) (charging.Totals, error) {
	c := &i.Content
	taxables := make([]charging.Taxable, len(parts))
	for k, p := range parts {
		taxables[k] = charging.Taxable{Net: p.Net, Rate: c.Lines[p.Line-1].Charge.Tax}
	}
	t, err := charging.Tax(c.Currency, taxables, c.TaxMode, c.Rounding)
	if err != nil {
		return t, err
	}
	if t.Tax, err = money.New(0, c.Currency); err != nil {
		return t, err
	}
	for k := range t.ByRate {
		x := &t.ByRate[k]
		net, tax, err := i.leftOf(x.Rate)
		if err != nil {
			return t, err
		}
		beyond, err := x.Tax.Abs().Cmp(tax.Abs())
		if err != nil {
			return t, err
		}
		if x.Net == net || beyond > 0 && tax.Sign() != -x.Tax.Sign() {
			x.Tax = tax
		}
		if t.Tax, err = t.Tax.Add(x.Tax); err != nil {
			return t, err
		}
	}
	t.Gross, err = t.Net.Add(t.Tax)
	return t, err
}

// leftOf is what was not credited of a rate.
func (i *Invoice) leftOf(rate money.Number) (net, tax money.Amount, err error) {
	at := func(t *charging.Totals) *charging.TaxOfRate {
		k := slices.IndexFunc(t.ByRate, func(x charging.TaxOfRate) bool { return x.Rate == rate })
		if k < 0 {
			return nil
		}
		return &t.ByRate[k]
	}
	all := at(&i.Totals)
	net, tax = all.Net, all.Tax
	for k := range i.Credits {
		x := at(&i.Credits[k].Totals)
		if x == nil {
			continue
		}
		if net, err = net.Sub(x.Net); err == nil {
			tax, err = tax.Sub(x.Tax)
		}
		if err != nil {
			return net, tax, err
		}
	}
	return net, tax, nil
}

// note is the content of the credit note for a credit.
func (i *Invoice) note(c *Credited) Content {
	out := i.Content
	out.Type, out.Lines, out.DueOn = CreditNote, nil, calendar.Date{}
	for _, p := range c.Parts {
		line := i.Content.Lines[p.Line-1]
		line.Charge.Amount = p.Net
		if !c.Rebill {
			line.Charge.Of, line.Charge.Quantity, line.Charge.Records = charging.OfCredit, money.Number{}, 0
		}
		out.Lines = append(out.Lines, line)
	}
	return out
}
