package charging

import (
	"fmt"
	"slices"

	"github.com/itsmkit/itsm/money"
)

// TaxMode is where taxes are rounded.
type TaxMode string

// The modes.
const (
	PerLine    TaxMode = "per_line"    // the tax of each line, then added up
	PerInvoice TaxMode = "per_invoice" // the nets of a rate are added up, then the tax of that rate
)

// Choices returns the modes for a pick box.
func (TaxMode) Choices() []string { return []string{string(PerLine), string(PerInvoice)} }

// Taxable is a net amount with the rate of its tax: 0.19 is 19 %.
type Taxable struct {
	Net  money.Amount `json:"net"`
	Rate money.Number `json:"rate"`
}

// TaxOfRate is the tax of all lines with one rate.
type TaxOfRate struct {
	Rate money.Number `json:"rate"`
	Net  money.Amount `json:"net"`
	Tax  money.Amount `json:"tax"`
}

// Totals are the sums of an invoice; net and tax add up to gross.
type Totals struct {
	ByRate []TaxOfRate  `json:"by_rate,omitempty"` // ascending by the rate
	Net    money.Amount `json:"net"`
	Tax    money.Amount `json:"tax"`
	Gross  money.Amount `json:"gross"`
}

// Tax adds up lines in a currency, with their taxes.
func Tax(c money.Currency, lines []Taxable, mode TaxMode, r money.Rounding) (Totals, error) {
	zero, err := money.New(0, c)
	if err != nil {
		return Totals{}, at(err, "the lines of an invoice")
	}
	if mode != PerLine && mode != PerInvoice {
		return Totals{}, refuse(ErrTax, "mode %q is unknown, want one of %v", clip(string(mode)), mode.Choices())
	}
	if _, err := zero.Times(money.Int(1), r); err != nil {
		return Totals{}, fmt.Errorf("charging: %w: %w", ErrTax, err)
	}
	out := Totals{Net: zero, Tax: zero}
	for i, line := range lines {
		if line.Rate.Sign() < 0 {
			return Totals{}, refuse(ErrTax, "the rate of line %d is %s, want 0 or more", i+1, line.Rate)
		}
		if err := out.add(line, zero, mode, r); err != nil {
			return Totals{}, at(err, "line %d", i+1)
		}
	}
	slices.SortFunc(out.ByRate, func(a, b TaxOfRate) int { return a.Rate.Cmp(b.Rate) })
	for i := range out.ByRate {
		if err := out.settle(&out.ByRate[i], mode, r); err != nil {
			return Totals{}, err
		}
	}
	out.Gross, err = out.Net.Add(out.Tax)
	return out, err
}

// add puts a line to the others of its rate.
func (t *Totals) add(line Taxable, zero money.Amount, mode TaxMode, r money.Rounding) error {
	i := slices.IndexFunc(t.ByRate, func(x TaxOfRate) bool { return x.Rate == line.Rate })
	if i < 0 {
		i = len(t.ByRate)
		t.ByRate = append(t.ByRate, TaxOfRate{Rate: line.Rate, Net: zero, Tax: zero})
	}
	x := &t.ByRate[i]
	var err error
	if x.Net, err = x.Net.Add(line.Net); err != nil || mode != PerLine {
		return err
	}
	tax, err := line.Net.Times(line.Rate, r)
	if err == nil {
		x.Tax, err = x.Tax.Add(tax)
	}
	return err
}

// settle ends a rate and adds it to the totals.
func (t *Totals) settle(x *TaxOfRate, mode TaxMode, r money.Rounding) (err error) {
	if mode == PerInvoice {
		if x.Tax, err = x.Net.Times(x.Rate, r); err != nil {
			return err
		}
	}
	if t.Net, err = t.Net.Add(x.Net); err == nil {
		t.Tax, err = t.Tax.Add(x.Tax)
	}
	return err
}

// Inclusive splits a gross amount: the net is gross / (1 + rate), rounded, and the tax is the rest.
func Inclusive(gross money.Amount, rate money.Number, r money.Rounding) (net, tax money.Amount, err error) {
	if rate.Sign() < 0 {
		return net, tax, refuse(ErrTax, "the rate is %s, want 0 or more", rate)
	}
	by, err := rate.Add(money.Int(1))
	if err != nil {
		return net, tax, err
	}
	if net, err = gross.Over(by, r); err != nil {
		return money.Amount{}, money.Amount{}, err
	}
	tax, err = gross.Sub(net)
	return net, tax, err
}
