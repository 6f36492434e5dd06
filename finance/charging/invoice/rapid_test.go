package invoice_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/finance/charging/invoice"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/storetest"
)

// choose takes one of n by chance, for rapid and for math/rand alike.
type choose func(n int) int

func some(pick choose) invoice.Content {
	c := content()
	c.Type = []invoice.Type{invoice.Charge, invoice.Charge, invoice.CreditNote}[pick(3)]
	c.TaxMode = []charging.TaxMode{charging.PerLine, charging.PerInvoice}[pick(2)]
	c.Notional = pick(6) == 0
	c.Title = []string{"", "März", "a\x00b"}[(pick(12)+1)/6%3]
	for k := range pick(5) {
		net, err := money.New(int64(pick(40))-5, money.EUR)
		if err != nil {
			panic(err)
		}
		line := invoice.Line{Charge: charge(string(rune('a'+k)), "1.00")}
		line.Charge.Amount, line.Charge.Tax = net, []money.Number{number("0.19"), number("0.07"), {}}[pick(3)]
		c.Lines = append(c.Lines, line)
	}
	return c
}

// someAction makes an input, right or wrong, for an action.
func someAction(name string, i *invoice.Invoice, pick choose) itsm.Action[invoice.Invoice] {
	word := []string{"because", "", "naïve \U0001f600"}[pick(3)]
	amount := money.Must(money.New(int64(pick(30))-2, money.EUR))
	if i != nil && pick(3) == 0 && !i.Balance.IsZero() {
		amount = i.Balance.Abs()
	}
	id := fmt.Sprint(pick(6))
	switch name {
	case "draft":
		return invoice.Draft{Content: some(pick)}
	case "draft_note":
		return invoice.DraftNote{Corrects: itsm.Ref{Kind: invoice.Name, ID: itsm.ID{byte(pick(3)), byte(pick(200))}}, Credit: pick(3), Content: some(pick)}
	case "edit":
		return invoice.Edit{Content: some(pick)}
	case "issue":
		return invoice.Issue{}
	case "publish":
		return invoice.Publish{}
	case "cancel":
		return invoice.Cancel{Reason: word}
	case "pay":
		return invoice.Pay{ID: id, Amount: amount}
	case "refund":
		return invoice.Refund{ID: id, Amount: amount}
	case "dispute":
		return invoice.OpenDispute{Reason: word}
	case "settle":
		return invoice.Settle{Outcome: word}
	case "credit":
		a := invoice.Credit{Reason: "because", Rebill: pick(3) == 0}
		for range pick(3) {
			a.Parts = append(a.Parts, invoice.Part{Line: pick(5), Net: amount})
		}
		return a
	case "relate":
		return itsm.Relate[invoice.Invoice]{Type: "see", To: itsm.Ref{Kind: "ci", ID: itsm.ID{1}}}
	case "unrelate":
		return itsm.Unrelate[invoice.Invoice]{Type: "see", To: itsm.Ref{Kind: "ci", ID: itsm.ID{1}}}
	case "set_attributes":
		return itsm.SetAttributes[invoice.Invoice]{}
	}
	return itsm.Comment[invoice.Invoice]{Text: word}
}

// Every path of the lifecycle, in arbitrary order.
func TestInvoicePaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := newBureau(t)
		pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "pick") }
		var i invoice.Invoice
		for i.Version == 0 {
			i, _ = b.desk.Open(b.ctx(), invoice.Draft{Content: some(pick)})
		}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			b.now = b.now.Add(time.Hour)
			offered, err := b.desk.Options(b.ctx(), i)
			require.NoError(t, err)
			names := invoice.Kind().Actions()
			if rapid.IntRange(0, 3).Draw(t, "possible") > 0 {
				names = invoice.Lifecycle().Allowed(i.State)
			}
			name := rapid.SampledFrom(names).Draw(t, "action")
			if name == "draft" || name == "draft_note" {
				continue
			}
			after, err := b.desk.Do(b.ctx(), i.ID, someAction(name, &i, pick))
			stored := b.get(i.ID)
			o := offered[slices.IndexFunc(offered, func(o itsm.Option) bool { return o.Action == name })]
			if err != nil {
				require.True(t, errors.Is(err, itsm.ErrInvalid) || errors.Is(err, itsm.ErrNotAllowed), "%v", err)
				require.Equal(t, errors.Is(err, itsm.ErrNotAllowed), !o.Allowed, "%v", err)
				require.Equal(t, i, stored, "a failure changes nothing")
				continue
			}
			require.True(t, o.Allowed)
			require.Contains(t, o.To, string(after.State))
			require.Equal(t, after, stored)
			require.Equal(t, i.Version+1, after.Version)
			if !i.IssuedAt.IsZero() {
				require.Equal(t, i.Content, after.Content, "what was issued never changes")
				require.Equal(t, i.Totals, after.Totals)
				require.Equal(t, i.Number, after.Number)
			}
			i = after
			requireSound(t, b, i)
		}
	})
}

// requireSound checks what holds for every invoice at every time, counting in cents by hand.
func requireSound(t *rapid.T, b *bureau, i invoice.Invoice) {
	history, err := b.desk.History(b.ctx(), i.ID, itsm.PageRequest{Limit: itsm.MaxPage})
	require.NoError(t, err)
	rebuilt, err := invoice.Kind().Replay(history.Items, time.Time{})
	require.NoError(t, err)
	require.Equal(t, i, rebuilt, "the events give the record")
	raw, err := json.Marshal(i)
	require.NoError(t, err)
	read, err := invoice.Kind().Shape().Decode(raw)
	require.NoError(t, err)
	require.Equal(t, &i, read)

	binding := !i.IssuedAt.IsZero() && !i.Content.Notional
	require.Equal(t, binding, i.Number != "")
	require.Equal(t, i.State == invoice.Cancelled, i.CancelledFor != "")
	require.Equal(t, i.State == invoice.Published, !i.IssuedAt.IsZero() && i.Content.Notional)
	for k, d := range i.Disputes {
		open := k == len(i.Disputes)-1 && i.State == invoice.Disputed
		require.Equal(t, open, d.EndedAt.IsZero())
	}
	if !binding {
		require.True(t, i.Balance.IsZero())
		return
	}
	nets := make([]int64, len(i.Content.Lines))
	taxes := map[money.Number]int64{}
	for k, line := range i.Content.Lines {
		nets[k] = line.Charge.Amount.Coins()
	}
	for _, x := range i.Totals.ByRate {
		taxes[x.Rate] = x.Tax.Coins()
	}
	balance, credited := i.Totals.Gross.Coins(), int64(0)
	for _, c := range i.Credits {
		gross := int64(0)
		for _, p := range c.Parts {
			nets[p.Line-1] -= p.Net.Coins()
			gross += p.Net.Coins()
		}
		for _, x := range c.Totals.ByRate {
			taxes[x.Rate] -= x.Tax.Coins()
			gross += x.Tax.Coins()
		}
		require.Equal(t, gross, c.Totals.Gross.Coins())
		require.Positive(t, gross)
		credited += gross
	}
	for k, line := range i.Content.Lines {
		was := line.Charge.Amount.Coins()
		require.True(t, nets[k]*was >= 0 && nets[k]*nets[k] <= was*was, "of a line no more is credited than it has")
	}
	require.LessOrEqual(t, credited, i.Totals.Gross.Coins())
	for _, p := range i.Payments {
		balance -= p.Amount.Coins()
	}
	balance -= credited
	require.Equal(t, balance, i.Balance.Coins())
	switch i.State {
	case invoice.Issued, invoice.Disputed:
		require.Positive(t, balance)
	case invoice.Paid:
		require.LessOrEqual(t, balance, int64(0))
	case invoice.Reversed:
		require.Equal(t, i.Totals.Gross.Coins(), credited)
		if !slices.ContainsFunc(nets, func(n int64) bool { return n != 0 }) {
			for rate, tax := range taxes {
				require.Zero(t, tax, "all the tax of %s was given back", rate)
			}
		}
	}
}

// The stores hold invoices: the suite plays with them on the memory store.
func TestStoresHoldInvoices(t *testing.T) {
	storetest.RunKind(t, invoice.Kind(), func(*testing.T) itsm.Repository[invoice.Invoice] {
		return memory.For(memory.New(), invoice.Kind())
	}, func(rnd *rand.Rand, i *invoice.Invoice) itsm.Action[invoice.Invoice] {
		if i == nil {
			return someAction([]string{"draft", "draft", "draft_note"}[rnd.IntN(3)], nil, rnd.IntN)
		}
		allowed := invoice.Lifecycle().Allowed(i.State)
		return someAction(allowed[rnd.IntN(len(allowed))], i, rnd.IntN)
	})
}
