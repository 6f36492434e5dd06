package main

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/finance/allocation"
)

// traces follows one line of an invoice to the bills, and one customer's bills back to the lines.
func (y *year) traces(_ context.Context, r *Report) error {
	at := slices.IndexFunc(y.lines, func(l finance.CostLine) bool {
		if y.options.line != "" {
			return l.ID == y.options.line
		}
		return l.Text == "Volt, power of the data centre" && l.From.Month == time.July
	})
	if at < 0 {
		return fmt.Errorf("-line is %q, want the line of an entry that is a cost, such as %s", y.options.line, y.lines[0].ID)
	}
	l := y.lines[at]
	shares, err := y.result.TraceLine(l.ID)
	if err != nil {
		return err
	}
	r.Forward = Trace{Of: l.ID, Text: fmt.Sprintf("%s, from %s", l.Text, l.From), Amount: l.Amount}
	for s := range shares {
		r.Forward.Shares = append(r.Forward.Shares, share(s))
	}

	bill := allocation.End{Kind: allocation.Bill, Name: y.options.customer}
	if shares, err = y.result.TraceEnd(bill); err != nil {
		return err
	}
	total, _ := y.result.Balance(bill.Name)
	r.Backward = Trace{Of: bill.Name, Amount: total}
	for _, i := range y.invoices {
		if i.Content.Customer == bill.Name {
			r.Backward.Text += i.Number + ", "
		}
	}
	texts := make(map[string]string, len(y.lines))
	for _, l := range y.lines {
		texts[l.ID] = l.Text
	}
	sums, counts := map[string]*big.Rat{}, map[string]int{}
	var order []string
	for s := range shares {
		r.Backward.Shares = append(r.Backward.Shares, share(s))
		text := texts[s.Line.ID]
		if counts[text]++; counts[text] == 1 {
			sums[text], order = new(big.Rat), append(order, text)
		}
		sums[text].Add(sums[text], s.Amount())
	}
	slices.SortStableFunc(order, func(a, b string) int { return sums[b].Cmp(sums[a]) })
	for _, text := range order {
		r.Backward.Groups = append(r.Backward.Groups, Group{Text: text, Lines: counts[text], Amount: sums[text].FloatString(4),
			Percent: percent(new(big.Rat).Quo(sums[text], total.Rat()), 2)})
	}
	return nil
}

func share(s allocation.Share) Share {
	return Share{Line: s.Line.ID, End: s.End.String(), Fraction: s.Fraction.RatString(), Percent: percent(s.Fraction, 4), Amount: s.Amount().FloatString(4)}
}

func percent(share *big.Rat, decimals int) string {
	return new(big.Rat).Mul(share, big.NewRat(100, 1)).FloatString(decimals)
}
