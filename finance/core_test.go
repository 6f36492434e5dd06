package finance_test

import (
	"errors"
	"iter"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/money"
)

// The rules in their order: each case breaks one rule, or two of which the earlier counts.
func TestCheckPostings(t *testing.T) {
	one := euros("1.00")
	for _, c := range []struct {
		name, want, path string
		postings         []finance.Posting
	}{
		{"balanced", "", "", []finance.Posting{finance.Debit("a", one), finance.Credit("b", one)}},
		{"one account on both sides", "", "", []finance.Posting{finance.Debit("a", one), finance.Credit("a", one)}},
		{"none", "too_few_postings", "postings", nil},
		{"one", "too_few_postings", "postings", []finance.Posting{finance.Debit("a", one)}},
		{"no amount", "bad_posting", "postings[1]", []finance.Posting{finance.Debit("a", one), {Account: "b"}}},
		{"both sides", "bad_posting", "postings[0]", []finance.Posting{{Account: "b", Debit: one, Credit: one}, finance.Debit("a", one)}},
		{"negative before bad", "bad_posting", "postings[1]", []finance.Posting{finance.Debit("a", one.Neg()), {Account: "b"}}},
		{"negative", "negative_amount", "postings[1].credit", []finance.Posting{finance.Debit("a", euros("0.00")), finance.Credit("b", one.Neg())}},
		{"zero", "zero_amount", "postings[0].debit", []finance.Posting{finance.Debit("a", euros("0.00")), finance.Credit("b", euros("0.00"))}},
		{"mixed", "mixed_currency", "postings[1]", []finance.Posting{finance.Debit("a", one), finance.Credit("b", dollars("1.00"))}},
		{"mixed before unbalanced", "mixed_currency", "postings[2]", []finance.Posting{finance.Debit("a", one), finance.Debit("b", one), finance.Credit("b", dollars("1.00"))}},
		{"unbalanced", "unbalanced", "postings", []finance.Posting{finance.Debit("a", one), finance.Credit("b", euros("1.01"))}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := finance.CheckPostings(c.postings)
			require.Equal(t, c.want, code(err))
			if c.want != "" {
				require.ErrorContains(t, err, c.path+": ")
			}
		})
	}
}

// Sums beyond the range of an amount do no harm on the way: the greatest amount stands on each side three times.
func TestSumsOfAnySize(t *testing.T) {
	most := money.Must(money.New(math.MaxInt64, money.EUR))
	entry := finance.Post{Date: date(2026, 1, 1)}
	for _, account := range []string{"a", "b", "a"} {
		entry.Postings = append(entry.Postings, finance.Debit(account, most), finance.Credit("c", most))
	}
	require.NoError(t, finance.CheckPostings(entry.Postings))
	_, err := finance.TrialBalance(asEntries([]finance.Post{entry}), calendar.Date{})
	require.ErrorIs(t, err, money.ErrOverflow, "no balance can say this")

	back := entry
	back.Postings = slices.Clone(entry.Postings)
	for i, p := range back.Postings {
		back.Postings[i].Debit, back.Postings[i].Credit = p.Credit, p.Debit
	}
	balances, err := finance.TrialBalance(asEntries([]finance.Post{entry, entry, back, back}), calendar.Date{})
	require.NoError(t, err)
	require.Zero(t, balances[0].TotalDebit.Sign())

	err = finance.CheckPostings([]finance.Posting{finance.Debit("a", most), finance.Debit("a", most), finance.Credit("b", most)})
	require.ErrorContains(t, err, "18446744073709551614 coins of EUR", "2·(2⁶³-1)")
}

// amounts draws coins, small and very large ones.
func amounts(t *rapid.T, c money.Currency) money.Amount {
	return money.Must(money.New(rapid.OneOf(rapid.Int64Range(1, 1000), rapid.Int64Range(1, 1<<50)).Draw(t, "coins"), c))
}

// entryOf draws the postings of an entry: amounts on the debit, their sum in parts on the credit.
func entryOf(t *rapid.T) []finance.Posting {
	c := rapid.SampledFrom([]money.Currency{money.EUR, money.USD, money.JPY, money.KWD}).Draw(t, "currency")
	account := rapid.SampledFrom([]string{"a", "b", "B", "é", "10", "9"})
	var out []finance.Posting
	total := money.Must(money.New(0, c))
	for range rapid.IntRange(1, 4).Draw(t, "debits") {
		a := amounts(t, c)
		total, _ = total.Add(a)
		out = append(out, finance.Debit(account.Draw(t, "account"), a))
	}
	parts, err := total.Split(rapid.IntRange(1, 3).Draw(t, "credits"))
	require.NoError(t, err)
	for _, p := range parts {
		if p.Sign() > 0 {
			out = append(out, finance.Credit(account.Draw(t, "account"), p))
		}
	}
	return rapid.Permutation(out).Draw(t, "order")
}

// The trial balance is what adding up in big integers says, for any entries and dates.
func TestTrialBalanceAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var posts []finance.Post
		for range rapid.IntRange(0, 12).Draw(t, "entries") {
			posts = append(posts, finance.Post{Date: date(2026, 1, rapid.IntRange(1, 5).Draw(t, "day")), Postings: entryOf(t)})
		}
		asOf := date(2026, 1, rapid.IntRange(0, 6).Draw(t, "as of"))
		if asOf.Day == 0 {
			asOf = calendar.Date{}
		}
		want := map[string]*big.Int{} // by currency and account
		for _, p := range posts {
			if !asOf.IsZero() && p.Date.Day > asOf.Day {
				continue
			}
			for _, x := range p.Postings {
				key := string(x.Currency()) + " " + x.Account
				if want[key] == nil {
					want[key] = new(big.Int)
				}
				want[key].Add(want[key], big.NewInt(x.Debit.Coins()-x.Credit.Coins()))
			}
		}
		balances, err := finance.TrialBalance(asEntries(posts), asOf)
		require.NoError(t, err)
		var keys []string
		for _, b := range balances {
			debit, credit := new(big.Int), new(big.Int)
			for _, a := range b.Accounts {
				key := string(b.Currency) + " " + a.Account
				keys = append(keys, key)
				net, err := b.Of(a.Account)
				require.NoError(t, err)
				require.Contains(t, want, key)
				require.Equal(t, want[key].String(), big.NewInt(net.Coins()).String(), key)
				require.True(t, a.Debit.Sign() == 0 || a.Credit.Sign() == 0, "one side only")
				debit.Add(debit, big.NewInt(a.Debit.Coins()))
				credit.Add(credit, big.NewInt(a.Credit.Coins()))
			}
			require.Equal(t, b.TotalDebit, b.TotalCredit)
			require.Equal(t, debit.String(), big.NewInt(b.TotalDebit.Coins()).String())
			require.Equal(t, credit.String(), big.NewInt(b.TotalCredit.Coins()).String())
		}
		require.Len(t, keys, len(want))
		require.True(t, slices.IsSorted(keys), "currencies and accounts in the order of their bytes: %v", keys)
	})
}

// An entry that is there twice, one that is none, and an error of the sequence refuse all.
func TestTrialBalanceRefuses(t *testing.T) {
	good := finance.Post{Date: date(2026, 1, 1), Postings: []finance.Posting{finance.Debit("a", euros("1")), finance.Credit("b", euros("1"))}}
	bad := finance.Post{Date: date(2026, 9, 1), Postings: good.Postings[:1]}
	_, err := finance.TrialBalance(asEntries([]finance.Post{good, bad}), date(2026, 1, 31))
	require.Equal(t, "too_few_postings", code(err), "also when it is dated later")
	_, err = finance.TrialBalance(twice(asEntries([]finance.Post{good})), calendar.Date{})
	require.Equal(t, "duplicate_entry", code(err))
	down := errors.New("the store is down")
	_, err = finance.TrialBalance(func(yield func(finance.Entry, error) bool) { yield(finance.Entry{}, down) }, calendar.Date{})
	require.Equal(t, down, err)
}

func twice(s iter.Seq2[finance.Entry, error]) iter.Seq2[finance.Entry, error] {
	return func(yield func(finance.Entry, error) bool) {
		s(yield)
		s(yield)
	}
}

// Numbers that are none say so by place and text, and long ones are cut.
func TestReadPostingsRefuses(t *testing.T) {
	for _, c := range []struct{ number, currency, want string }{
		{"NaN", "EUR", "syntax"}, {"1e3", "EUR", "syntax"}, {"1,00", "EUR", "syntax"}, {"+1", "EUR", "syntax"}, {"0x1", "EUR", "syntax"},
		{strings.Repeat("9", 100), "EUR", "syntax"}, {strings.Repeat("9", 30), "EUR", "overflow"}, {"92233720368547758.08", "EUR", "overflow"},
		{"1.005", "EUR", "too_precise"}, {"0.1", "JPY", "too_precise"}, {"-0.001", "EUR", "negative_amount"}, {"0.000", "EUR", "zero_amount"},
		{"1.00", "XYZ", "currency"}, {"1.00", "XAU", "currency"}, {"", "EUR", "bad_posting"},
	} {
		_, err := finance.ReadPostings([]finance.Line{{Account: "a", Currency: "EUR", Credit: "1.00"},
			{Account: "b", Currency: money.Currency(c.currency), Debit: c.number}})
		require.Equal(t, c.want, code(err), c.number)
		require.ErrorContains(t, err, "postings[1]")
		require.Less(t, len(err.Error()), 400)
	}
}

// What is read balances by the arithmetic of math/big, and is an entry by CheckPostings too.
func FuzzReadPostings(f *testing.F) {
	f.Add("1.00", "", "", "1.00", "EUR", "EUR")
	f.Add("-1", "2", "0.001", "9e9", "JPY", "KWD")
	f.Fuzz(func(t *testing.T, d1, c1, d2, c2, cur1, cur2 string) {
		lines := []finance.Line{{Account: "a", Currency: money.Currency(cur1), Debit: d1, Credit: c1}, {Account: "b", Currency: money.Currency(cur2), Debit: d2, Credit: c2}}
		postings, err := finance.ReadPostings(lines)
		if err != nil {
			require.NotEmpty(t, code(err))
			return
		}
		require.NoError(t, finance.CheckPostings(postings))
		total := new(big.Rat)
		for i, l := range lines {
			for _, side := range [...]struct {
				text string
				sign int64
			}{{l.Debit, 1}, {l.Credit, -1}} {
				if side.text != "" {
					n, ok := new(big.Rat).SetString(side.text)
					require.True(t, ok)
					require.Positive(t, n.Sign())
					total.Add(total, n.Mul(n, big.NewRat(side.sign, 1)))
				}
			}
			require.Equal(t, l.Currency, postings[i].Currency())
		}
		require.Zero(t, total.Sign())
	})
}

// A journal is read whole or not at all; an ID that was there before comes before what is wrong with the postings.
func TestReadJournalRefusesAll(t *testing.T) {
	good := []finance.Line{{Account: "a", Currency: "EUR", Debit: "1"}, {Account: "b", Currency: "EUR", Credit: "1"}}
	for _, c := range []struct {
		drafts      []finance.Draft
		entry, want string
	}{
		{[]finance.Draft{{ID: "1", Lines: good}, {ID: "1", Lines: good[:1]}, {ID: "2"}}, "1", "duplicate_entry"},
		{[]finance.Draft{{ID: "1", Lines: good}, {ID: "2", Lines: good[:1]}, {ID: "1", Lines: good}}, "2", "too_few_postings"},
	} {
		posts, err := finance.ReadJournal(c.drafts)
		require.Nil(t, posts)
		require.Equal(t, c.want, code(err))
		var at *finance.EntryError
		require.ErrorAs(t, err, &at)
		require.Equal(t, c.entry, at.Entry)
	}
}
