package focus

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/big"

	"github.com/itsmkit/itsm/money"
)

// Sum is an exact sum of costs in one currency, without a limit of digits. The zero value is the sum of none and has no
// currency.
type Sum struct {
	price money.Price // what was added since it did not fit
	more  *big.Rat    // what was added before; never written to
}

// Add returns s + p.
func (s Sum) Add(p money.Price) (Sum, error) {
	if s.price.IsZero() || p.IsZero() {
		if s.price.IsZero() {
			s.price = p
		}
		return s, nil
	}
	sum, err := s.price.Add(p)
	switch {
	case err == nil:
		s.price = sum
		return s, nil
	case errors.Is(err, money.ErrCurrency):
		return Sum{}, err
	}
	s.more, s.price = s.Exact(), p // neither alone is too long
	return s, nil
}

// Exact returns the sum as a fraction, which is the caller's.
func (s Sum) Exact() *big.Rat {
	out := s.price.Rat()
	if s.more != nil {
		out.Add(out, s.more)
	}
	return out
}

// Currency returns the currency, "" for the sum of none.
func (s Sum) Currency() money.Currency { return s.price.Currency() }

// Round returns the sum rounded to the coin.
func (s Sum) Round(r money.Rounding) (money.Amount, error) {
	if s.more == nil {
		return s.price.Round(r)
	}
	return money.RoundRat(s.Exact(), s.Currency(), r)
}

// decimal returns all digits, with at least the decimals of the currency.
func (s Sum) decimal() string {
	text := s.Exact().FloatString(money.MaxScale)
	for end := len(text) - money.MaxScale + max(s.Currency().Decimals(), 0); len(text) > end && text[len(text)-1] == '0'; {
		text = text[:len(text)-1]
	}
	if text[len(text)-1] == '.' {
		text = text[:len(text)-1]
	}
	return text
}

// String returns the sum with all its digits: "10.005 EUR".
func (s Sum) String() string {
	if s.price.IsZero() {
		return "no amount"
	}
	return s.decimal() + " " + string(s.Currency())
}

// MarshalJSON writes {"amount":"10.005","currency":"EUR"}; null for the sum of none.
func (s Sum) MarshalJSON() ([]byte, error) {
	if s.price.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(map[string]string{"amount": s.decimal(), "currency": string(s.Currency())})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Sum) UnmarshalJSON(raw []byte) error {
	var p money.Price
	err := p.UnmarshalJSON(raw)
	if err == nil {
		*s = Sum{price: p}
		return nil
	}
	if !errors.Is(err, money.ErrOverflow) {
		return err
	}
	var long struct { // two texts, as the price has found
		Amount   string         `json:"amount"`
		Currency money.Currency `json:"currency"`
	}
	if err := json.Unmarshal(raw, &long); err != nil {
		return err
	}
	if p, err = money.NewPrice(money.Number{}, long.Currency); err != nil {
		return err
	}
	exact, ok := new(big.Rat).SetString(long.Amount)
	if !ok {
		return fmt.Errorf("focus: %w: %q", money.ErrSyntax, clip(long.Amount))
	}
	*s = Sum{price: p, more: exact}
	return nil
}

// Total is what some charges cost together.
type Total[K comparable] struct {
	Of         K              `json:"of"`
	Currency   money.Currency `json:"currency"`
	Charges    int            `json:"charges"`
	Billed     Sum            `json:"billed"`
	Effective  Sum            `json:"effective"`
	List       Sum            `json:"list"`
	Contracted Sum            `json:"contracted"`
}

// Totals adds charges up by anything that a charge tells (its category, its invoice, the value of a tag) and by currency, in
// the order in which each comes first. It ends with the first error of the charges.
func Totals[K comparable](charges iter.Seq2[*Charge, error], by func(*Charge) K) ([]Total[K], error) {
	type group struct {
		of       K
		currency money.Currency
	}
	var out []Total[K]
	places := map[group]int{}
	for c, err := range charges {
		if err != nil {
			return nil, err
		}
		g := group{by(c), c.BillingCurrency}
		at, known := places[g]
		if !known {
			at = len(out)
			places[g] = at
			out = append(out, Total[K]{Of: g.of, Currency: g.currency})
		}
		if err := out[at].add(c); err != nil {
			return nil, fmt.Errorf("focus: line %d: %w", c.Line, err)
		}
	}
	return out, nil
}

func (t *Total[K]) add(c *Charge) error {
	t.Charges++
	for _, x := range [...]struct {
		sum  *Sum
		cost money.Price
	}{{&t.Billed, c.BilledCost}, {&t.Effective, c.EffectiveCost}, {&t.List, c.ListCost}, {&t.Contracted, c.ContractedCost}} {
		sum, err := x.sum.Add(x.cost)
		if err != nil {
			return err
		}
		*x.sum = sum
	}
	return nil
}
