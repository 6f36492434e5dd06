package invoice_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/finance/charging/invoice"
	"github.com/itsmkit/itsm/money"
)

// bill bills cleo what is open of the month and returns the document; none where nothing is.
func (b *bureau) bill(list *charging.List, usage []charging.Usage) *invoice.Invoice {
	rated, err := list.Rate(march, usage)
	require.NoError(b.t, err)
	billed, err := invoice.Billed(b.ctx(), b.desk, "cleo", march, false)
	require.NoError(b.t, err)
	open, err := charging.Unbilled(rated, billed)
	require.NoError(b.t, err)
	if len(open) == 0 {
		return nil
	}
	c, err := invoice.Of("cleo", money.EUR, open, charging.PerInvoice, money.HalfUp)
	require.NoError(b.t, err)
	i := b.open(c)
	return &i
}

// net is what all documents that are not cancelled come to: invoices less credit notes.
func (b *bureau) net() int64 {
	sum := int64(0)
	for _, i := range b.all() {
		switch {
		case i.State == invoice.Cancelled:
		case i.Content.Type == invoice.CreditNote:
			sum -= i.Totals.Net.Coins()
		default:
			sum += i.Totals.Net.Coins()
		}
	}
	return sum
}

func graduated(t require.TestingT) *charging.List {
	price := func(text string) money.Price {
		p, err := money.ParsePrice(text, money.EUR)
		require.NoError(t, err)
		return p
	}
	list, err := charging.NewList(charging.Entry{Item: "storage", From: day("2026-01-01"), Tax: number("0.19"), Tariff: charging.Tariff{
		Model: charging.Volume, Rounding: money.HalfUp,
		Tiers: []charging.Tier{{UpTo: number("100"), UnitPrice: price("0.1")}, {UnitPrice: price("0.0333")}}, // more may cost less
	}})
	require.NoError(t, err)
	return list
}

// Whenever usage arrives, and whatever becomes of the documents on the way (issued, given up, credited to be billed again),
// in the end the customer was charged in sum what the usage costs, and no issued document has changed.
func TestAllDocumentsTogetherChargeWhatTheUsageCosts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, list := newBureau(t), graduated(t)
		var usage []charging.Usage
		issued := map[itsm.ID]invoice.Content{}
		for step := range rapid.IntRange(1, 6).Draw(t, "steps") {
			for k := range rapid.IntRange(0, 3).Draw(t, "records") {
				quantity, err := money.NewNumber(rapid.Int64Range(1, 9000).Draw(t, "quantity"), 2)
				require.NoError(t, err)
				usage = append(usage, charging.Usage{ID: strconv.Itoa(step*10 + k), Customer: "cleo", Item: "storage", On: march.From.AddDays(k), Quantity: quantity})
			}
			i := b.bill(list, usage)
			if i == nil {
				continue
			}
			if i.Content.Type == invoice.Charge && i.Totals.Gross.Sign() < 0 || rapid.IntRange(0, 3).Draw(t, "given up") == 0 {
				b.do(*i, invoice.Cancel{Reason: "not now"})
				continue
			}
			*i = b.do(*i, invoice.Issue{})
			issued[i.ID] = i.Content
			if i.Content.Type == invoice.Charge && i.State == invoice.Issued && rapid.IntRange(0, 3).Draw(t, "wrong") == 0 {
				b.do(*i, invoice.Credit{Reason: "wrong", Rebill: true})
				if rapid.Bool().Draw(t, "note in time") {
					b.relay()
				}
			}
		}
		if i := b.bill(list, usage); i != nil {
			b.do(*i, invoice.Issue{})
		}
		b.relay()
		require.Nil(t, b.bill(list, usage), "nothing is left to bill")
		rated, err := list.Rate(march, usage)
		require.NoError(t, err)
		want, err := charging.Net(money.EUR, rated)
		require.NoError(t, err)
		require.Equal(t, want.Coins(), b.net())
		for id, c := range issued {
			require.Equal(t, c, b.get(id).Content)
		}
	})
}

// A credit that is given away is not billed again; one of wrong lines is, whether its note is written already or not.
func TestCreditsAndTheNextBill(t *testing.T) {
	for _, rebill := range []bool{false, true} {
		for _, written := range []bool{false, true} {
			b, list := newBureau(t), graduated(t)
			usage := []charging.Usage{{ID: "a", Customer: "cleo", Item: "storage", On: march.From, Quantity: number("50")}}
			i := b.do(*b.bill(list, usage), invoice.Issue{}, invoice.Credit{Reason: "so", Rebill: rebill})
			if written {
				b.relay()
			}
			next := b.bill(list, usage)
			if !rebill {
				require.Nil(t, next)
				continue
			}
			require.NotNil(t, next)
			require.Equal(t, i.Content.Lines, next.Content.Lines)
			b.relay()
			require.Nil(t, b.bill(list, usage), "the note says nothing more")
		}
	}
	b := newBureau(t)
	i := b.do(b.open(content("2.00")), invoice.Issue{})
	require.Equal(t, "parts[0].net not_whole", b.invalid(i, invoice.Credit{Reason: "wrong", Rebill: true, Parts: []invoice.Part{{Line: 1, Net: eur("1.00")}}}))
}

// What is shown is not what is billed, and lines of other months, of other customers and for anything else are neither.
func TestBilledTakesTheChargesOfThePeriod(t *testing.T) {
	b := newBureau(t)
	shown := content("1.00")
	shown.Notional = true
	b.do(b.open(shown), invoice.Publish{})
	mixed := content("2.00", "3.00", "4.00")
	mixed.Lines[1].Charge.Period = charging.MonthOf(day("2026-02-01"))
	mixed.Lines[2].Charge.Of = ""
	b.do(b.open(mixed), invoice.Issue{})
	for notional, want := range map[bool]string{true: "1.00", false: "2.00"} {
		got, err := invoice.Billed(b.ctx(), b.desk, "cleo", march, notional)
		require.NoError(t, err)
		require.Equal(t, []charging.Line{charge("a", want)}, got)
	}
	got, err := invoice.Billed(b.ctx(), b.desk, "dan", march, false)
	require.NoError(t, err)
	require.Empty(t, got)
}
