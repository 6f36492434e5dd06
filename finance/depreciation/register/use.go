package register

import (
	"math/big"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/money"
)

// Use tells how many units a book by units of use was used since the last time, up to a day. That plans a charge of the
// days between, which [Depreciate] posts.
type Use struct {
	Book  string        `json:"book"`
	Until calendar.Date `json:"until"`
	Units money.Number  `json:"units"`
}

// Name returns "use".
func (Use) Name() string { return "use" }

// Apply plans the charge.
func (x Use) Apply(a *Asset, _ itsm.Moment) error {
	b := a.Book(x.Book)
	switch {
	case b == nil:
		return a.noBook(x.Book)
	case b.Plan.Method != depreciation.UnitsOfUse:
		return itsm.Invalid("book", "method", "value", x.Book, "method", string(b.Plan.Method), "want", string(depreciation.UnitsOfUse))
	case x.Units.Sign() < 0:
		return itsm.Invalid("units", "negative", "value", x.Units.String(), "min", "0")
	}
	if err := checkDate("until", x.Until); err != nil {
		return err
	}
	since := b.since(a)
	c := Charge{Book: x.Book, Number: 1, Period: 1, From: since, Until: x.Until, Status: Planned}
	rest := total{amount: b.Plan.Cost}
	rest.sub(b.Plan.Salvage)
	for i := range a.Charges {
		if done := &a.Charges[i]; done.Book == x.Book {
			c.Number, c.Period, c.From = done.Number+1, done.Period+1, later(since, done.Until.AddDays(1))
			if done.From.Compare(since) >= 0 {
				rest.sub(done.Amount)
			}
		}
	}
	if x.Until.Compare(c.From) < 0 {
		return itsm.Invalid("until", "range", "value", x.Until.String(), "min", c.From.String())
	}
	used, err := b.Used.Add(x.Units)
	if err = invalid("units", err, rest.err); err != nil {
		return err
	}
	if c.Amount, err = b.charge(x.Units, used, rest.amount); err != nil {
		return invalid("units", err)
	}
	b.Used, a.Charges = used, append(a.Charges, c)
	return nil
}

// since returns the day of a book's last movement: units are counted from there, and no change comes before it.
func (b *Book) since(a *Asset) calendar.Date {
	on := b.Since
	for i := range a.Movements {
		if a.Movements[i].Book == b.Name {
			on = later(on, a.Movements[i].On)
		}
	}
	return on
}

// charge returns what units cost, of the rest that is left; all of it once the total is used.
func (b *Book) charge(units, used money.Number, rest money.Amount) (money.Amount, error) {
	p := &b.Plan
	if used.Cmp(p.TotalUnits) >= 0 {
		return rest, nil
	}
	base, err := p.Cost.Sub(p.Salvage)
	if err != nil {
		return money.Amount{}, err
	}
	exact := new(big.Rat).Quo(units.Rat(), p.TotalUnits.Rat())
	amount, err := money.RoundRat(exact.Mul(exact, base.Rat()), base.Currency(), p.Rounding)
	if err != nil {
		return money.Amount{}, err
	}
	if above, err := amount.Cmp(rest); err != nil || above > 0 {
		return rest, err
	}
	return amount, nil
}
