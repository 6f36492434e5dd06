package finance_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/money"
)

// lines draws cost lines on the two accounts of costs.
func lines(t *rapid.T) []finance.CostLine {
	var out []finance.CostLine
	for i := range rapid.IntRange(0, 20).Draw(t, "lines") {
		account := accounts()[5+rapid.IntRange(0, 1).Draw(t, "account")]
		a := money.Must(money.New(rapid.Int64Range(-1000, 100_000).Draw(t, "coins"), rapid.SampledFrom([]money.Currency{money.EUR, money.USD}).Draw(t, "currency")))
		out = append(out, finance.CostLine{
			ID: fmt.Sprint(i), From: date(2026, 1, 1), Until: date(2026, 1, 31), Amount: a, Cost: account.Cost, Account: account.Code,
			Origin:     rapid.SampledFrom([]finance.Origin{finance.FromInvoice, finance.FromPayroll, finance.FromDepreciation}).Draw(t, "origin"),
			CostCentre: rapid.SampledFrom([]string{"IT", "IT-OPS", "IT-DEV"}).Draw(t, "centre"),
			Cause:      cause(byte(rapid.IntRange(1, 3).Draw(t, "cause"))),
		})
	}
	return out
}

// sumsOf adds up lines by all that tells them apart.
func sumsOf(t require.TestingT, lines iter.Seq2[finance.CostLine, error]) map[string]int64 {
	out := map[string]int64{}
	for l, err := range lines {
		require.NoError(t, err)
		key := fmt.Sprint(l.Amount.Currency(), l.Account, l.CostCentre, l.Origin, l.Cause, l.Cost)
		if out[key] += l.Amount.Coins(); out[key] == 0 {
			delete(out, key)
		}
	}
	return out
}

func all(lines []finance.CostLine) iter.Seq2[finance.CostLine, error] {
	return func(yield func(finance.CostLine, error) bool) {
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// Costs that are booked come back out of the ledger to the coin, with what tells them apart, and a reversal takes them back.
func TestCostsGoThroughTheLedger(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(rt)
		b.months(1)
		in := lines(rt)
		posts, err := finance.PostCosts(in, "2000", date(2026, 1, 31))
		require.NoError(rt, err)
		for i := range posts {
			posts[i].Chart = b.books
		}
		booked, err := b.PostAll(b.as("mia"), "", posts...)
		require.NoError(rt, err)
		entries := b.EntriesOf(b.as("mia"), b.books, calendar.Date{}, time.Time{})
		require.Equal(rt, sumsOf(rt, all(in)), sumsOf(rt, finance.CostLines(&b.chart, entries)))
		for _, e := range booked {
			_, err := b.Reverse(b.as("mia"), finance.Reverse{Of: e.Ref(finance.EntryName), Date: date(2026, 1, 31), Text: "wrong"})
			require.NoError(rt, err)
		}
		require.Empty(rt, sumsOf(rt, finance.CostLines(&b.chart, entries)))
	})
}

// A line is booked when its document comes, and keeps when what it paid for was used, and what it was called; so does the
// line that takes it back.
func TestBookedLinesKeepTheirDates(t *testing.T) {
	b := newBench(t)
	b.months(1)
	in := finance.CostLine{ID: "C-7/2025-12", From: date(2025, 12, 1), Until: date(2025, 12, 31), Amount: euros("10.00"), Cost: accounts()[5].Cost,
		Account: accounts()[5].Code, CostCentre: "IT", Origin: finance.FromContract, Cause: cause(3)}
	posts, err := finance.PostCosts([]finance.CostLine{in}, "2000", date(2026, 1, 20))
	require.NoError(t, err)
	posts[0].Chart = b.books
	booked, err := b.PostAll(b.as("mia"), "", posts...)
	require.NoError(t, err)
	_, err = b.Reverse(b.as("mia"), finance.Reverse{Of: booked[0].Ref(finance.EntryName), Date: date(2026, 1, 21), Text: "wrong"})
	require.NoError(t, err)
	for _, sign := range []string{"10.00", "-10.00"} {
		in.Amount = euros(sign)
		var out finance.CostLine
		for l, err := range finance.CostLines(&b.chart, b.EntriesOf(b.as("mia"), b.books, calendar.Date{}, time.Time{})) {
			require.NoError(t, err)
			if l.Amount == in.Amount {
				out = l
			}
		}
		in.ID, in.Text = out.ID, out.Text // those of the entry
		require.Equal(t, in, out)
	}
	require.Equal(t, "C-7/2025-12", booked[0].Postings[0].Line)
	require.Zero(t, booked[0].Postings[1].From, "the other side was not used")

	half := posts[0]
	half.Postings = slices.Clone(half.Postings)
	half.Postings[0].Until = calendar.Date{}
	_, err = b.PostAll(b.as("mia"), "", half)
	require.ErrorContains(t, err, "postings[0].until: before from (from 2025-12-01")
}

// More lines than an entry takes become several entries; their sum is the sum.
func TestPostCostsInParts(t *testing.T) {
	line := finance.CostLine{ID: "x", From: date(2026, 1, 1), Until: date(2026, 1, 1), Amount: euros("0.01"), Cost: accounts()[5].Cost,
		Origin: finance.FromCloud, Account: "5000", Cause: cause(1)}
	many := make([]finance.CostLine, 2500)
	for i := range many {
		many[i] = line
		many[i].ID = fmt.Sprint(i)
	}
	posts, err := finance.PostCosts(many, "2000", date(2026, 1, 31))
	require.NoError(t, err)
	require.Len(t, posts, 3)
	balances, err := finance.TrialBalance(asEntries(posts), calendar.Date{})
	require.NoError(t, err)
	require.Equal(t, "25.00 EUR", balances[0].TotalDebit.String())
}

// Each thing that a line lacks has its place, and one wrong line books none.
func TestCostLineRefuses(t *testing.T) {
	right := finance.CostLine{ID: "x", From: date(2026, 1, 1), Until: date(2026, 1, 1), Amount: euros("0.01"), Cost: accounts()[5].Cost,
		Origin: finance.FromCloud, Account: "5000", Cause: cause(1)}
	require.NoError(t, right.Check())
	for _, c := range []struct {
		wrong func(*finance.CostLine)
		says  string
	}{
		{func(l *finance.CostLine) { l.ID = "" }, "id: required"},
		{func(l *finance.CostLine) { l.Amount = money.Amount{} }, "amount: required"},
		{func(l *finance.CostLine) { l.From = date(2026, 1, 2) }, "until: before from"},
		{func(l *finance.CostLine) { l.Cost.Type = "magic" }, "cost.type: choice (allowed hardware, software, people, premises, external, transfer, value magic)"},
		{func(l *finance.CostLine) { l.Cost.Behaviour = "" }, "cost.behaviour: choice"},
		{func(l *finance.CostLine) { l.Origin = "" }, "origin: choice"},
		{func(l *finance.CostLine) { l.Account = "" }, "account: required"},
		{func(l *finance.CostLine) { l.Cause = itsm.Ref{} }, "cause: required"},
		{func(l *finance.CostLine) { l.ID = "x" }, "id: twice (value x)"}, // a file that was read twice is not booked twice
	} {
		wrong := right
		wrong.ID = "y"
		c.wrong(&wrong)
		posts, err := finance.PostCosts([]finance.CostLine{right, wrong}, "2000", date(2026, 1, 31))
		require.Nil(t, posts)
		require.ErrorContains(t, err, c.says)
		var at *finance.LineError
		require.ErrorAs(t, err, &at)
		require.Equal(t, 1, at.At)
	}
}

// Costs without a cost centre, in another currency, or of an unknown account are not left out in silence.
func TestRollUpCostsRefuses(t *testing.T) {
	b := newBench(t)
	line := finance.CostLine{ID: "x", Amount: euros("1.00"), CostCentre: "IT"}
	for _, c := range []struct {
		wrong func(*finance.CostLine)
		says  string
	}{
		{func(l *finance.CostLine) { l.CostCentre = "" }, "cost_centre: required (line x)"},
		{func(l *finance.CostLine) { l.CostCentre = "HR" }, "unknown (value HR)"},
		{func(l *finance.CostLine) { l.Amount = dollars("1.00") }, "mixed currency"},
	} {
		wrong := line
		c.wrong(&wrong)
		_, err := b.chart.RollUpCosts(money.EUR, all([]finance.CostLine{line, wrong}))
		require.ErrorContains(t, err, c.says)
	}
	b.months(1)
	b.post(b.licence(date(2026, 1, 1), "1.00"))
	for _, err := range finance.CostLines(&finance.Chart{}, b.EntriesOf(b.as("mia"), b.books, calendar.Date{}, time.Time{})) {
		require.ErrorContains(t, err, "unknown account")
	}
	down := errors.New("down")
	for _, err := range finance.CostLines(&b.chart, func(yield func(finance.Entry, error) bool) { yield(finance.Entry{}, down) }) {
		require.Equal(t, down, err)
	}
}
