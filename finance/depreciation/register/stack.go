package register

import (
	"math/big"

	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/money"
)

// stack is all that a book holds, of which a part can be taken: what was depreciated, each charge ahead and the salvage
// lie upon each other and are as high as cost and adjustments together.
//
// A part takes its share of the height at each joint, rounded down to the coin, and so of each layer what lies between
// two joints. So neither side has a negative layer, each is as high as its own cost and adjustments, and together they
// are what was there, layer by layer. Rounding the layers one by one would not give that.
type stack struct {
	cost, adjusted, depreciated, salvage money.Amount
	ahead                                []money.Amount
}

// stack returns what the book holds. With units of use, whose charges are to come, what is left to write off is one layer.
func (s *schedule) stack() (stack, error) {
	out := stack{cost: s.at.Cost, adjusted: s.at.Adjusted, depreciated: s.at.Depreciated, salvage: s.book.Plan.Salvage}
	if s.book.Plan.Method == depreciation.UnitsOfUse {
		rest, err := s.at.Value.Sub(out.salvage)
		if err != nil {
			return stack{}, err
		}
		out.ahead = []money.Amount{rest}
		return out, nil
	}
	for i := range s.ahead {
		out.ahead = append(out.ahead, s.ahead[i].Amount)
	}
	return out, nil
}

// take parts a stack: part of the whole is taken, the rest stays.
func (s stack) take(part, whole int64) (taken, stays stack, err error) {
	zero, err := money.New(0, s.cost.Currency())
	if err != nil {
		return stack{}, stack{}, err
	}
	k := knife{part: part, whole: whole, height: zero, taken: zero}
	taken.depreciated, stays.depreciated = k.layer(s.depreciated)
	for _, a := range s.ahead {
		of, rest := k.layer(a)
		taken.ahead, stays.ahead = append(taken.ahead, of), append(stays.ahead, rest)
	}
	taken.salvage, stays.salvage = k.layer(s.salvage)
	if k.err != nil {
		return stack{}, stack{}, k.err
	}
	side := knife{part: part, whole: whole, height: zero, taken: zero} // the same height, measured at its side
	taken.cost, stays.cost = side.layer(s.cost)
	taken.adjusted, stays.adjusted = side.layer(s.adjusted)
	return taken, stays, side.err
}

// knife goes up a stack.
type knife struct {
	part, whole   int64
	height, taken money.Amount // so far
	err           error
}

// layer parts the next layer.
func (k *knife) layer(a money.Amount) (taken, stays money.Amount) {
	if k.err != nil {
		return a, a
	}
	height := total{amount: k.height}
	height.add(a)
	upTo, err := height.amount.Prorate(k.part, k.whole, money.Floor)
	of := total{amount: upTo, err: height.err}
	of.sub(k.taken)
	rest := total{amount: a, err: of.err}
	rest.sub(of.amount)
	if err == nil {
		err = rest.err
	}
	k.height, k.taken, k.err = height.amount, upTo, err
	return of.amount, rest.amount
}

// keep lets the book go on with what a stack holds.
func (s *schedule) keep(k stack, part, whole int64) error {
	p := &s.book.Plan
	p.Salvage = k.salvage
	if p.Method != depreciation.UnitsOfUse {
		for i := range s.ahead {
			s.ahead[i].Amount = k.ahead[i]
		}
		return nil
	}
	left, err := p.TotalUnits.Sub(s.book.Used)
	if err != nil {
		return invalid("book", err)
	}
	value := total{amount: k.ahead[0]}
	value.add(k.salvage)
	p.Cost, s.book.Used = value.amount, money.Number{}
	if p.TotalUnits, err = unitsOf(left, part, whole); err != nil {
		return invalid("book", err)
	}
	return invalid("book", value.err)
}

// unitDecimals is how fine the units of a part are.
const unitDecimals = 6

// unitsOf returns part of the whole of the units that are left, rounded: units are an estimate, and no money.
func unitsOf(left money.Number, part, whole int64) (money.Number, error) {
	if left.Sign() <= 0 {
		return money.Number{}, nil
	}
	share := big.NewRat(part, whole)
	return money.RoundNumber(share.Mul(share, left.Rat()), unitDecimals, money.Up)
}
