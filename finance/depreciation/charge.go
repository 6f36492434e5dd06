package depreciation

import (
	"math/big"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Charge is what is written off in a period.
type Charge struct {
	Period int           `json:"period"` // from 1
	From   calendar.Date `json:"from,omitzero"`
	Until  calendar.Date `json:"until,omitzero"`
	Amount money.Amount  `json:"amount"`
}

// charges writes the base of the plan off over the periods.
func (l *life) charges() ([]Charge, error) {
	base, err := l.plan.Cost.Sub(l.plan.Salvage)
	if err != nil {
		return nil, err
	}
	w := &writer{life: l, base: base.Rat(), rest: base, book: l.plan.Cost, shares: l.shares(), used: new(big.Rat)}
	out := make([]Charge, len(l.spans))
	for k, s := range l.spans {
		amount, err := w.next(k)
		if err != nil {
			return nil, err
		}
		out[k] = Charge{Period: k + 1, From: s.from, Until: s.until, Amount: amount}
	}
	return out, nil
}

// shares adds the shares of all periods up.
func (l *life) shares() *big.Rat {
	sum := new(big.Rat)
	for _, s := range l.spans {
		sum.Add(sum, s.share)
	}
	return sum
}

// writer writes off one period after the other.
type writer struct {
	*life
	base   *big.Rat     // to write off over the life
	rest   money.Amount // of it, still
	book   money.Amount
	shares *big.Rat // of the periods to come
	used   *big.Rat // weight of the periods so far
}

// next returns the charge of a period, rounded to the coin and no more than what is left.
func (w *writer) next(k int) (money.Amount, error) {
	s, p := &w.spans[k], w.plan
	exact := new(big.Rat)
	switch p.Method {
	case DecliningBalance:
		exact.Mul(w.book.Rat(), p.Rate.Rat())
		exact.Mul(exact, s.share)
	case DoubleDeclining:
		exact = w.doubleDeclining(s.share)
	default:
		exact.Quo(s.weight, w.total)
		exact.Mul(exact, w.base)
	}
	last := k == len(w.spans)-1
	if p.Method == UnitsOfUse {
		last = w.used.Add(w.used, s.weight).Cmp(w.total) >= 0
	}
	amount, err := money.RoundRat(exact, w.rest.Currency(), p.Rounding)
	if err != nil {
		return money.Amount{}, err
	}
	if more, err := amount.Cmp(w.rest); err != nil || more > 0 || last {
		amount = w.rest
	}
	if w.rest, err = w.rest.Sub(amount); err != nil {
		return money.Amount{}, err
	}
	w.book, err = w.book.Sub(amount)
	return amount, err
}

// doubleDeclining is factor/N of the book value, or what straight line over the shares that are left gives, if that is more.
func (w *writer) doubleDeclining(share *big.Rat) *big.Rat {
	p := w.plan
	factor := p.Factor.Rat()
	if factor.Sign() == 0 {
		factor.SetInt64(2)
	}
	declining := factor.Quo(factor, big.NewRat(int64(p.Periods), 1))
	declining.Mul(declining, w.book.Rat())
	declining.Mul(declining, share)
	even := new(big.Rat).Quo(share, w.shares)
	even.Mul(even, w.rest.Rat())
	w.shares.Sub(w.shares, share)
	if p.NoSwitch || declining.Cmp(even) >= 0 {
		return declining
	}
	return even
}
