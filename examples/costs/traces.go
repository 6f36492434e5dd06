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

// shown is how many lines of a bill's trace are printed.
const shown = 12

// traces follows one line of an invoice to the bills, and one bill back to the lines.
func (y *year) traces(_ context.Context, r *Report) error {
	power := slices.IndexFunc(y.lines, func(l finance.CostLine) bool {
		return l.Text == "Volt, power of the data centre" && l.From.Month == time.July
	})
	l := y.lines[power]
	shares, err := y.result.TraceLine(l.ID)
	if err != nil {
		return err
	}
	r.Forward = Trace{Of: l.ID, Text: fmt.Sprintf("%s, %s", l.Text, l.From), Amount: l.Amount}
	for s := range shares {
		r.Forward.Shares = append(r.Forward.Shares, share(s, s.End.String(), ""))
	}
	r.Forward.Parts = len(r.Forward.Shares)

	texts := make(map[string]finance.CostLine, len(y.lines))
	for _, l := range y.lines {
		texts[l.ID] = l
	}
	bill := allocation.End{Kind: allocation.Bill, Name: "Logistics"}
	all, err := y.result.TraceEnd(bill)
	if err != nil {
		return err
	}
	parts := slices.Collect(all)
	slices.SortStableFunc(parts, func(a, b allocation.Share) int { return b.Amount().Cmp(a.Amount()) })
	total, _ := y.result.Balance(bill.Name)
	r.Backward = Trace{Of: bill.Name, Text: "all bills of the year", Amount: total, Parts: len(parts)}
	for _, s := range parts[:min(shown, len(parts))] {
		r.Backward.Shares = append(r.Backward.Shares, share(s, s.Line.ID, fmt.Sprintf("%s, %s", texts[s.Line.ID].Text, texts[s.Line.ID].From)))
	}
	return nil
}

// share writes an exact share with four decimals.
func share(s allocation.Share, name, text string) Share {
	percent := new(big.Rat).Mul(s.Fraction, big.NewRat(100, 1))
	return Share{Name: name, Text: text, Percent: percent.FloatString(4), Amount: s.Amount().FloatString(4)}
}
