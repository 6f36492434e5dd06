package money_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/money"
)

// The oracle: every operation again in the fractions of math/big, with the roundings written down as their
// definitions say, slow and without a limit of bits.

var roundings = []money.Rounding{money.HalfUp, money.HalfDown, money.HalfEven, money.Up, money.Down, money.Ceiling, money.Floor}

// integer rounds a fraction to a whole number.
func integer(r *big.Rat, by money.Rounding) *big.Int {
	below := new(big.Int).Div(r.Num(), r.Denom()) // Euclidean: the floor, as denominators are positive
	if r.IsInt() {
		return below
	}
	above := new(big.Int).Add(below, big.NewInt(1))
	inner, outer := below, above // nearer to zero, and farther
	if r.Sign() < 0 {
		inner, outer = above, below
	}
	middle := new(big.Rat).SetFrac(new(big.Int).Add(below, above), big.NewInt(2))
	side := r.Cmp(middle)
	nearest := below
	if side > 0 {
		nearest = above
	}
	switch by {
	case money.Ceiling:
		return above
	case money.Floor:
		return below
	case money.Up:
		return outer
	case money.Down:
		return inner
	case money.HalfUp:
		if side == 0 {
			return outer
		}
	case money.HalfDown:
		if side == 0 {
			return inner
		}
	case money.HalfEven:
		if side == 0 && below.Bit(0) == 1 {
			return above
		}
	}
	return nearest
}

func ten(n int) *big.Rat {
	p := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n, -n))), nil))
	if n < 0 {
		p.Inv(p)
	}
	return p
}

// coinsOf rounds the number of an amount to coins.
func coinsOf(r *big.Rat, c money.Currency, by money.Rounding) *big.Int {
	return integer(new(big.Rat).Mul(r, ten(c.Decimals())), by)
}

func fits(n *big.Int) bool { return n.IsInt64() && n.Int64() != math.MinInt64 }

// same compares an answer with the oracle's number of coins: equal, or an overflow where it does not fit.
func same(t require.TestingT, want *big.Int, c money.Currency, got money.Amount, err error) {
	if !fits(want) {
		require.ErrorIs(t, err, money.ErrOverflow)
		require.Equal(t, money.Amount{}, got)
		return
	}
	require.NoError(t, err)
	require.Equal(t, money.Must(money.New(want.Int64(), c)), got)
}

func mul(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }
func add(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }
func sub(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
func quo(a, b *big.Rat) *big.Rat { return new(big.Rat).Quo(a, b) }

// int64s draws small, middling and extreme whole numbers.
func int64s() *rapid.Generator[int64] {
	return rapid.OneOf(rapid.Int64Range(-20, 20), rapid.Int64Range(-1e7, 1e7), rapid.Int64Range(-math.MaxInt64, math.MaxInt64),
		rapid.SampledFrom([]int64{math.MaxInt64, -math.MaxInt64, math.MaxInt64 - 1, 1e18, 5e17, -5, 5, 15, 25, 50}))
}

func currencies() *rapid.Generator[money.Currency] {
	return rapid.SampledFrom([]money.Currency{money.EUR, money.JPY, money.KWD, "CLF"})
}

func amounts(c money.Currency) *rapid.Generator[money.Amount] {
	return rapid.Map(int64s(), func(n int64) money.Amount { return money.Must(money.New(n, c)) })
}

func numbers() *rapid.Generator[money.Number] {
	return rapid.Custom(func(t *rapid.T) money.Number {
		n, err := money.NewNumber(int64s().Draw(t, "units"), rapid.IntRange(0, money.MaxScale).Draw(t, "decimals"))
		require.NoError(t, err)
		return n
	})
}

func TestAmountOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := currencies().Draw(t, "currency")
		a, b := amounts(c).Draw(t, "a"), amounts(c).Draw(t, "b")
		n, r := numbers().Draw(t, "n"), rapid.SampledFrom(roundings).Draw(t, "rounding")
		k, whole := int64s().Draw(t, "k"), int64s().Draw(t, "whole")

		sum, err := a.Add(b)
		same(t, coinsOf(add(a.Rat(), b.Rat()), c, money.Down), c, sum, err)
		if err == nil {
			back, err := sum.Sub(b)
			require.NoError(t, err)
			require.Equal(t, a, back)
		}
		difference, err := a.Sub(b)
		same(t, coinsOf(sub(a.Rat(), b.Rat()), c, money.Down), c, difference, err)
		order, err := a.Cmp(b)
		require.NoError(t, err)
		require.Equal(t, a.Rat().Cmp(b.Rat()), order)
		require.Equal(t, order == 0, a == b)

		multiple, err := a.Mul(k)
		same(t, coinsOf(mul(a.Rat(), new(big.Rat).SetInt64(k)), c, money.Down), c, multiple, err)
		product, err := a.Times(n, r)
		same(t, coinsOf(mul(a.Rat(), n.Rat()), c, r), c, product, err)
		if n.Sign() != 0 {
			quotient, err := a.Over(n, r)
			same(t, coinsOf(quo(a.Rat(), n.Rat()), c, r), c, quotient, err)
		}
		if whole != 0 {
			share, err := a.Prorate(k, whole, r)
			same(t, coinsOf(mul(a.Rat(), big.NewRat(k, whole)), c, r), c, share, err)
		}
		rounded, err := money.RoundRat(n.Rat(), c, r)
		same(t, coinsOf(n.Rat(), c, r), c, rounded, err)
		rounded, err = money.RoundDecimal(n.Decimal(), c, r)
		same(t, coinsOf(n.Rat(), c, r), c, rounded, err)

		require.Equal(t, a.Rat().Sign(), a.Sign())
		require.Equal(t, new(big.Rat).Neg(a.Rat()), a.Neg().Rat())
		require.Equal(t, new(big.Rat).Abs(a.Rat()), a.Abs().Rat())
		require.Equal(t, a.Rat(), a.Decimal().Rat())
		back, err := money.NewFromDecimal(a.Decimal(), c)
		require.NoError(t, err)
		require.Equal(t, a, back)
		back, err = a.Price().Exact()
		require.NoError(t, err)
		require.Equal(t, a, back)
	})
}

func TestPriceOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := currencies().Draw(t, "currency")
		n, m, q := numbers().Draw(t, "n"), numbers().Draw(t, "m"), numbers().Draw(t, "quantity")
		p, err := money.NewPrice(n, c)
		require.NoError(t, err)
		other, err := money.NewPrice(m, c)
		require.NoError(t, err)
		r := rapid.SampledFrom(roundings).Draw(t, "rounding")

		amount, err := p.Times(q, r)
		same(t, coinsOf(mul(n.Rat(), q.Rat()), c, r), c, amount, err)
		amount, err = p.Round(r)
		same(t, coinsOf(n.Rat(), c, r), c, amount, err)
		sum, err := p.Add(other)
		sameNumber(t, add(n.Rat(), m.Rat()), sum.Number(), err)
		difference, err := p.Sub(other)
		sameNumber(t, sub(n.Rat(), m.Rat()), difference.Number(), err)
		fewer, err := n.Sub(m)
		sameNumber(t, sub(n.Rat(), m.Rat()), fewer, err)
		require.Equal(t, n.Rat().Sign(), p.Sign())
		product, err := p.Mul(q)
		sameNumber(t, mul(n.Rat(), q.Rat()), product.Number(), err)
		order, err := p.Cmp(other)
		require.NoError(t, err)
		require.Equal(t, n.Rat().Cmp(m.Rat()), order)
		require.Equal(t, order == 0, p == other)

		exact, err := p.Exact()
		if coins := mul(n.Rat(), ten(c.Decimals())); coins.IsInt() {
			same(t, coins.Num(), c, exact, err)
		} else {
			require.ErrorIs(t, err, money.ErrScale)
		}
		back, err := money.PriceFromDecimal(p.Decimal(), c)
		require.NoError(t, err)
		require.Equal(t, p, back)
		decimals := rapid.IntRange(0, money.MaxScale).Draw(t, "decimals")
		want := integer(mul(n.Rat(), ten(decimals)), r)
		rounded, err := money.RoundPrice(n.Rat(), c, decimals, r)
		sameNumber(t, mul(new(big.Rat).SetInt(want), ten(-decimals)), rounded.Number(), err)
	})
}

// sameNumber compares a number with the oracle's: equal, or an error that says why it cannot be.
func sameNumber(t require.TestingT, want *big.Rat, got money.Number, err error) {
	scale := 0
	for !mul(want, ten(scale)).IsInt() {
		scale++
	}
	switch {
	case scale > money.MaxScale:
		require.ErrorIs(t, err, money.ErrScale)
	case !fits(mul(want, ten(scale)).Num()):
		require.ErrorIs(t, err, money.ErrOverflow)
	default:
		require.NoError(t, err)
		require.Zero(t, want.Cmp(got.Rat()), "want %s, got %s", want, got)
	}
}

func TestSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(amounts(money.EUR), 0, 12).Draw(t, "amounts")
		want := new(big.Rat)
		for _, a := range list {
			want.Add(want, a.Rat())
		}
		sum, err := money.Sum(money.EUR, list)
		same(t, coinsOf(want, money.EUR, money.Down), money.EUR, sum, err)
	})
	_, err := money.Sum(money.EUR, []money.Amount{money.Must(money.New(1, money.EUR)), money.Must(money.New(1, money.USD))})
	require.ErrorContains(t, err, "EUR and USD")
	_, err = money.Sum(money.EUR, []money.Amount{{}})
	require.ErrorIs(t, err, money.ErrCurrency)
}

// TestTextAndJSON: whatever has a text or JSON reads back as the same value.
func TestTextAndJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := currencies().Draw(t, "currency")
		a, n := amounts(c).Draw(t, "a"), numbers().Draw(t, "n")
		p, err := money.NewPrice(n, c)
		require.NoError(t, err)
		roundTrip(t, a)
		roundTrip(t, n)
		roundTrip(t, p)
		again, err := money.Parse(a.Decimal().StringFixed(int32(c.Decimals())), c) // their text, not ours
		require.NoError(t, err)
		require.Equal(t, a, again)
		require.Equal(t, a.Decimal().StringFixed(int32(c.Decimals()))+" "+string(c), a.String())
		number, err := money.ParseNumber(n.Decimal().String())
		require.NoError(t, err)
		require.Equal(t, n, number)
		require.Equal(t, n.Decimal().String(), n.String())
	})
}
