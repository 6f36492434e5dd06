package depreciation

import (
	"math/big"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Charge is what is written off in a period, or in a part of one that a change of the book cut.
type Charge struct {
	Period int           `json:"period"` // from 1
	From   calendar.Date `json:"from,omitzero"`
	Until  calendar.Date `json:"until,omitzero"`
	Amount money.Amount  `json:"amount"`

	// A charge that was cut keeps what it was a part of, so that its value on a day does not move by a coin.
	whole money.Amount
	days  int64
}

// place is where in a life a book stands: the span, and which part of it is still to come.
type place struct {
	span int
	left *big.Rat
}

func beginning() place { return place{left: big.NewRat(1, 1)} }

// of returns which part of a span is still to come.
func (at place) of(k int, whole *big.Rat) *big.Rat {
	if k == at.span {
		return new(big.Rat).Mul(whole, at.left)
	}
	return whole
}

// charges writes off a book value down to the salvage from a place on. What was written off before shapes nothing but the
// book value: so the same code goes on behind an opening balance, a revaluation, another estimate.
func (l *life) charges(at place, book, salvage money.Amount) ([]Charge, error) {
	base, err := book.Sub(salvage)
	if err != nil {
		return nil, err
	}
	if base.Sign() < 0 { // written down below what was to be left
		base, _ = money.New(0, base.Currency())
	}
	if at.span >= len(l.spans) && l.plan.Method != UnitsOfUse {
		if base.Sign() > 0 {
			return nil, refuse(ErrNoLife, "%s above the salvage are left behind its end", base)
		}
		return nil, nil
	}
	w := &writer{life: l, at: at, base: base, rest: base, book: book, ahead: l.ahead(at)}
	var out []Charge
	for k := at.span; k < len(l.spans); k++ {
		amount, err := w.next(k)
		if err != nil {
			return nil, err
		}
		out = append(out, l.charge(k, at, amount))
	}
	return out, nil
}

// charge returns the charge of a span from a place on.
func (l *life) charge(k int, at place, amount money.Amount) Charge {
	s := l.spans[k]
	c := Charge{Period: k + 1, From: s.from, Until: s.until, Amount: amount, whole: amount}
	if s.from.IsZero() {
		return c
	}
	whole := days(s.from, s.until)
	c.days = whole
	if k == at.span {
		left := new(big.Rat).Mul(at.left, big.NewRat(whole, 1)) // a whole number: places are at the end of days
		c.days = left.Num().Int64()
		c.From = s.until.AddDays(1 - int(c.days))
	}
	return c
}

// ahead is what is to come of a life from a place on: of the weights, and of the shares.
func (l *life) ahead(at place) (out remaining) {
	out.weight, out.share = new(big.Rat).Set(l.total), new(big.Rat)
	passed := big.NewRat(1, 1)
	passed.Sub(passed, at.left)
	for k, s := range l.spans {
		switch {
		case k < at.span:
			out.weight.Sub(out.weight, s.weight)
		case k == at.span:
			out.weight.Sub(out.weight, new(big.Rat).Mul(s.weight, passed))
			out.share.Add(out.share, at.of(k, s.share))
		default:
			out.share.Add(out.share, s.share)
		}
	}
	return out
}

type remaining struct{ weight, share *big.Rat }

// writer writes off one span after the other.
type writer struct {
	*life
	at    place
	base  money.Amount // to write off from the place on
	rest  money.Amount // of it, still
	book  money.Amount
	ahead remaining
	used  *big.Rat // weight since the place
}

// next returns the charge of a span, rounded to the coin and no more than what is left.
func (w *writer) next(k int) (money.Amount, error) {
	s, p := &w.spans[k], w.plan
	share, weight := w.at.of(k, s.share), w.at.of(k, s.weight)
	exact := new(big.Rat)
	last := k == len(w.spans)-1
	switch p.Method {
	case DecliningBalance:
		exact.Mul(w.book.Rat(), p.Rate.Rat())
		exact.Mul(exact, share)
	case DoubleDeclining:
		exact = w.doubleDeclining(share)
	default:
		if w.ahead.weight.Sign() > 0 {
			exact.Quo(weight, w.ahead.weight)
		}
		exact.Mul(exact, w.base.Rat())
	}
	if p.Method == UnitsOfUse {
		if w.used == nil {
			w.used = new(big.Rat)
		}
		last = w.used.Add(w.used, weight).Cmp(w.ahead.weight) >= 0
	}
	amount, err := money.RoundRat(exact, w.base.Currency(), p.Rounding)
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
	even := new(big.Rat).Quo(share, w.ahead.share)
	even.Mul(even, w.rest.Rat())
	w.ahead.share.Sub(w.ahead.share, share)
	if p.NoSwitch || declining.Cmp(even) >= 0 {
		return declining
	}
	return even
}
