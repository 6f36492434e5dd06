package focus

import (
	"fmt"
	"slices"

	"github.com/itsmkit/itsm/money"
)

// round gives the bill its total and its lines their amounts.
func (b *Bill) round(o Billing) error {
	total, err := b.Exact.Round(o.Rounding)
	if err != nil {
		return fmt.Errorf("focus: the total of invoice %q: %w", clip(b.Invoice), err)
	}
	given, ok := o.Invoices[b.Invoice]
	if ok && b.Invoice != "" {
		total = given
	}
	if total.Currency() != b.Currency {
		return fmt.Errorf("focus: %w %q is in %s, but its charges are in %s", ErrInvoice, clip(b.Invoice), total.Currency(), b.Currency)
	}
	costs := make([]money.Price, len(b.Lines))
	for i := range b.Lines {
		costs[i] = b.Lines[i].Cost
	}
	amounts, err := roundTo(costs, total)
	if err != nil {
		return fmt.Errorf("focus: %w %q: %s are given, but the charges are %s: %w", ErrInvoice, clip(b.Invoice), total, b.Exact, err)
	}
	b.Total = total
	for i := range b.Lines {
		b.Lines[i].Amount = amounts[i]
	}
	return nil
}

// roundTo rounds costs down or up to the coin so that they add up to a total; see [Bill].
func roundTo(costs []money.Price, total money.Amount) ([]money.Amount, error) {
	type part struct {
		at   int
		rest money.Price // what was rounded off: 0 or more, less than a coin
	}
	amounts := make([]money.Amount, len(costs))
	var parts []part // the costs that are no whole number of coins
	for i, cost := range costs {
		down, err := cost.Round(money.Floor)
		if err != nil {
			return nil, err
		}
		rest, err := cost.Sub(down.Price())
		if err != nil {
			return nil, err
		}
		amounts[i] = down
		if rest.Sign() > 0 {
			parts = append(parts, part{i, rest})
		}
	}
	sum, err := money.Sum(total.Currency(), amounts)
	if err != nil {
		return nil, err
	}
	left, err := total.Sub(sum)
	if err != nil {
		return nil, err
	}
	n := left.Coins() // to give to as many parts
	if n < 0 || n > int64(len(parts)) {
		return nil, fmt.Errorf("rounding each of %d to a coin cannot make up for that", len(costs))
	}
	failed := error(nil)
	slices.SortFunc(parts, func(a, b part) int {
		c, err := b.rest.Cmp(a.rest)
		switch {
		case err != nil:
			failed = err
		case c != 0:
			return c
		}
		return before(costs, a.at, b.at)
	})
	if failed != nil {
		return nil, failed
	}
	coin, err := money.New(1, total.Currency())
	if err != nil {
		return nil, err
	}
	for _, p := range parts[:n] {
		if amounts[p.at], err = amounts[p.at].Add(coin); err != nil {
			return nil, err
		}
	}
	return amounts, nil
}

// before orders costs with equal remainders: the last credit first, the last charge last.
func before(costs []money.Price, i, j int) int {
	x, y := costs[i].Sign(), costs[j].Sign()
	switch {
	case x != y:
		return x - y
	case x < 0:
		return j - i
	}
	return i - j
}
