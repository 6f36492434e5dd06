package depreciation

import (
	"math/big"

	"github.com/itsmkit/itsm/money"
)

// The functions of this file are those of spreadsheets, as single figures: exact fractions, unrounded. Cost, salvage and
// life are plain numbers; a life is in whole periods, 1 to MaxLife.

// MaxLife is the longest life that the functions of single figures take: a hundred years by day.
const MaxLife = 36_600

// figures checks what all functions are given. life is 0 where it is refused.
func figures(cost, salvage, life money.Number) (n int64, err error) {
	switch {
	case cost.Cmp(salvage) < 0:
		return 0, refuse(ErrSalvage, "%s is more than %s", salvage, cost)
	case salvage.Sign() < 0:
		return 0, refuse(ErrNegative, "cost %s, salvage %s", cost, salvage)
	}
	return period(life, "life", MaxLife)
}

// period returns a number of periods.
func period(n money.Number, name string, most int64) (int64, error) {
	r := n.Rat()
	if !r.IsInt() || n.Sign() <= 0 || n.Cmp(whole(most)) > 0 {
		return 0, refuse(ErrPeriods, "%s %s, want a whole number, 1 to %d", name, n, most)
	}
	return r.Num().Int64(), nil
}

func whole(n int64) money.Number {
	out, _ := money.NewNumber(n, 0)
	return out
}

// SLN returns the straight line charge of each period.
func SLN(cost, salvage, life money.Number) (*big.Rat, error) {
	n, err := figures(cost, salvage, life)
	if err != nil {
		return nil, err
	}
	base := new(big.Rat).Sub(cost.Rat(), salvage.Rat())
	return base.Quo(base, big.NewRat(n, 1)), nil
}

// SYD returns the charge of a period, from 1, by the sum of the years' digits.
func SYD(cost, salvage, life, at money.Number) (*big.Rat, error) {
	n, err := figures(cost, salvage, life)
	if err != nil {
		return nil, err
	}
	k, err := period(at, "period", n)
	if err != nil {
		return nil, err
	}
	base := new(big.Rat).Sub(cost.Rat(), salvage.Rat())
	return base.Mul(base, big.NewRat(2*(n-k+1), n*(n+1))), nil
}

// DB returns the charge of a period, from 1, of a declining balance at the fixed rate 1-(salvage/cost)^(1/life), rounded
// half up to three decimals. month is how many months the first period has, 0 for all twelve; what it lacks falls to
// period life+1.
func DB(cost, salvage, life, at money.Number, month int) (*big.Rat, error) {
	n, err := figures(cost, salvage, life)
	if err != nil {
		return nil, err
	}
	if month < 0 || month > 12 {
		return nil, refuse(ErrPeriods, "month %d, want 1 to 12, or 0 for 12", month)
	}
	if month == 0 {
		month = 12
	}
	k, err := period(at, "period", n+1)
	if err != nil {
		return nil, err
	}
	if cost.Sign() == 0 || k > n && month == 12 {
		return new(big.Rat), nil
	}
	rate := big.NewRat(fixedRate(cost.Rat(), salvage.Rat(), n), 1000)
	charge := new(big.Rat).Mul(cost.Rat(), rate)
	first := big.NewRat(int64(month), 12)
	if k == 1 {
		return charge.Mul(charge, first), nil
	}
	// Behind the first period cost·(1 - rate·month/12) is left, behind each later one its part 1-rate.
	one := big.NewRat(1, 1)
	charge.Mul(charge, new(big.Rat).Sub(one, new(big.Rat).Mul(rate, first)))
	charge.Mul(charge, power(new(big.Rat).Sub(one, rate), k-2))
	if k > n {
		charge.Mul(charge, new(big.Rat).Sub(one, first))
	}
	return charge, nil
}

// fixedRate returns 1-(salvage/cost)^(1/n) in thousandths, rounded half up, without a root: the rate is at least
// (t-1/2)/1000 where salvage/cost is at most (1-(t-1/2)/1000)^n.
func fixedRate(cost, salvage *big.Rat, n int64) int64 {
	ratio := new(big.Rat).Quo(salvage, cost)
	low, high := int64(0), int64(1000)
	for low < high {
		t := (low + high + 1) / 2
		if ratio.Cmp(power(big.NewRat(2001-2*t, 2000), n)) <= 0 {
			low = t
		} else {
			high = t - 1
		}
	}
	return low
}

// power returns r^n for n >= 0.
func power(r *big.Rat, n int64) *big.Rat {
	num, den := new(big.Int).Exp(r.Num(), big.NewInt(n), nil), new(big.Int).Exp(r.Denom(), big.NewInt(n), nil)
	return new(big.Rat).SetFrac(num, den)
}

// DDB returns the charge of a period, from 1, of a declining balance at factor/life (a factor of 0 is 2), down to the
// salvage.
func DDB(cost, salvage, life, at, factor money.Number) (*big.Rat, error) {
	n, err := figures(cost, salvage, life)
	if err != nil {
		return nil, err
	}
	k, err := period(at, "period", n)
	if err != nil {
		return nil, err
	}
	rate, err := doubleRate(factor, n)
	if err != nil {
		return nil, err
	}
	book := power(new(big.Rat).Sub(big.NewRat(1, 1), rate), k-1)
	if book.Mul(book, cost.Rat()); book.Cmp(salvage.Rat()) < 0 {
		return new(big.Rat), nil
	}
	return least(rate.Mul(rate, book), book.Sub(book, salvage.Rat())), nil
}

// doubleRate returns factor/n, 1 at most.
func doubleRate(factor money.Number, n int64) (*big.Rat, error) {
	if factor.Sign() < 0 {
		return nil, refuse(ErrRate, "a factor of %s, want more than 0", factor)
	}
	if factor.Sign() == 0 {
		factor = money.Int(2)
	}
	rate := factor.Rat()
	return least(rate.Quo(rate, big.NewRat(n, 1)), big.NewRat(1, 1)), nil
}

func least(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) <= 0 {
		return a
	}
	return b
}

// VDB returns what is charged from start to end, both in periods from 0 and possibly within one, of which a part counts in
// proportion: the charges of [DDB], until straight line over the periods that are left gives more, from there on for good.
// With noSwitch they stay those of DDB.
func VDB(cost, salvage, life, start, end, factor money.Number, noSwitch bool) (*big.Rat, error) {
	n, err := figures(cost, salvage, life)
	if err != nil {
		return nil, err
	}
	rate, err := doubleRate(factor, n)
	if err != nil {
		return nil, err
	}
	if start.Sign() < 0 || end.Cmp(start) < 0 || end.Cmp(whole(n)) > 0 {
		return nil, refuse(ErrPeriods, "from %s to %s, want 0 to %d in order", start, end, n)
	}
	v := newVariable(cost.Rat(), salvage.Rat(), rate, n, noSwitch)
	sum := new(big.Rat).Sub(v.book(end.Rat()), v.book(start.Rat()))
	return sum.Neg(sum), nil
}

// variable is the book value over a life by variable declining balance: cost·(1-rate)^k up to a period, and from there a
// straight line down to the salvage.
type variable struct {
	cost, salvage, keep *big.Rat
	life, bend          int64 // the period behind which the line is straight
	flat                bool  // down to the salvage it only declines
}

func newVariable(cost, salvage, rate *big.Rat, life int64, noSwitch bool) *variable {
	v := &variable{cost: cost, salvage: salvage, keep: new(big.Rat).Sub(big.NewRat(1, 1), rate), life: life, bend: life, flat: noSwitch}
	if noSwitch {
		return v
	}
	// Straight line gives more behind period k where (book-salvage)/(life-k) > min(book·rate, book-salvage); with
	// book = cost·keep^k the fractions are multiplied out, so that no common divisors are looked for on the way.
	a, b := v.keep.Num(), v.keep.Denom()
	down := new(big.Int).Mul(cost.Num(), salvage.Denom())  // cost·keep^k and the salvage over one denominator …
	level := new(big.Int).Mul(salvage.Num(), cost.Denom()) // … which is multiplied by b each period
	drop := new(big.Int).Sub(b, a)                         // rate is drop/b
	for k := range life {
		above := new(big.Int).Sub(down, level)
		if above.Sign() <= 0 {
			v.bend = k
			return v
		}
		straight := new(big.Int).Mul(above, b)
		declining := new(big.Int).Mul(down, drop)
		declining.Mul(declining, big.NewInt(life-k))
		if straight.Cmp(declining) > 0 {
			v.bend = k
			return v
		}
		down.Mul(down, a)
		level.Mul(level, b)
	}
	return v
}

// book returns the book value at a time in periods.
func (v *variable) book(at *big.Rat) *big.Rat {
	k := new(big.Int).Quo(at.Num(), at.Denom()).Int64()
	before := v.atEnd(k)
	part := new(big.Rat).Sub(at, big.NewRat(k, 1))
	if part.Sign() == 0 {
		return before
	}
	step := new(big.Rat).Sub(v.atEnd(k+1), before)
	return before.Add(before, step.Mul(step, part))
}

// atEnd returns the book value behind k whole periods.
func (v *variable) atEnd(k int64) *big.Rat {
	value := power(v.keep, min(k, v.bend))
	if value.Mul(value, v.cost); value.Cmp(v.salvage) < 0 {
		value.Set(v.salvage)
	}
	if v.flat || k <= v.bend {
		return value
	}
	line := new(big.Rat).Sub(v.salvage, value)
	line.Mul(line, big.NewRat(k-v.bend, v.life-v.bend))
	return value.Add(value, line)
}
