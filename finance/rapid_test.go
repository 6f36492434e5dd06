package finance_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/money"
)

// play is a ledger with what must be in it, kept by plain integers.
type play struct {
	*bench
	rt       *rapid.T
	rates    *money.Rates
	periods  []finance.Period
	entries  []finance.Entry
	reversed map[itsm.ID]bool
	sums     map[string]int64 // coins by currency and account
	closed   map[string]bool  // accounts
}

func (p *play) date() calendar.Date {
	return date(2026, time.Month(rapid.IntRange(1, 4).Draw(p.rt, "month")), rapid.IntRange(1, 28).Draw(p.rt, "day"))
}

// open tells whether a date may be posted to.
func (p *play) open(d calendar.Date) bool {
	return int(d.Month) <= len(p.periods) && p.periods[d.Month-1].State == finance.Open
}

// count takes over entries that were posted, or nothing if they were refused.
func (p *play) count(entries []finance.Entry, err error, allowed bool) {
	if err != nil {
		require.True(p.rt, errors.Is(err, itsm.ErrInvalid) || errors.Is(err, itsm.ErrNotAllowed) || errors.Is(err, itsm.ErrDuplicate), "%v", err)
		require.False(p.rt, allowed, "%v", err)
		return
	}
	require.True(p.rt, allowed)
	for _, e := range entries {
		require.Equal(p.rt, fmt.Sprintf("JE%07d", len(p.entries)+1), e.Number, "numbers have no gaps")
		require.Equal(p.rt, p.periods[e.Date.Month-1].Ref(finance.PeriodName), e.Period)
		stored, err := p.Entries.Get(p.as("mia"), e.ID)
		require.NoError(p.rt, err)
		require.Equal(p.rt, stored, e)
		p.entries = append(p.entries, e)
		for _, x := range e.Postings {
			require.False(p.rt, x.Cause.IsZero())
			p.sums[string(x.Currency())+" "+x.Account] += x.Debit.Coins() - x.Credit.Coins()
		}
	}
}

func (p *play) some() (finance.Post, bool) {
	c := rapid.SampledFrom([]money.Currency{money.EUR, money.USD}).Draw(p.rt, "currency")
	account := rapid.SampledFrom([]string{"1000", "2000", "4900", "5000", "5100", "1900", "5", "nowhere"})
	from, to := account.Draw(p.rt, "from"), account.Draw(p.rt, "to")
	a, b := amounts(p.rt, c), int64(rapid.IntRange(0, 5).Draw(p.rt, "off"))
	off := money.Must(a.Add(money.Must(money.New(max(0, b-4), c)))) // one of six does not balance
	post := finance.Post{Chart: p.books, Date: p.date(), Cause: cause(9), Postings: []finance.Posting{finance.Debit(to, a), finance.Credit(from, off)}}
	right := p.open(post.Date) && off == a
	for _, code := range []string{from, to} {
		right = right && code != "5" && code != "nowhere" && !p.closed[code] && (code != "1900" || c == money.EUR)
	}
	return post, right
}

func (p *play) post(rt *rapid.T) {
	p.rt = rt
	post, right := p.some()
	e, err := p.Post(p.as("mia"), post)
	p.count([]finance.Entry{e}, err, right)
}

func (p *play) postAll(rt *rapid.T) {
	p.rt = rt
	one, right := p.some()
	two, also := p.some()
	entries, err := p.PostAll(p.as("mia"), "", one, two)
	p.count(entries, err, right && also)
}

func (p *play) exchange(rt *rapid.T) {
	p.rt = rt
	from, to := money.EUR, money.USD
	if rapid.Bool().Draw(rt, "back") {
		from, to = to, from
	}
	x := finance.Exchange{Chart: p.books, Date: p.date(), From: "1000", To: rapid.SampledFrom([]string{"2000", "5000"}).Draw(rt, "to"), Cause: cause(8)}
	c, err := p.rates.Convert(money.Must(money.New(rapid.Int64Range(10, 1e9).Draw(rt, "coins"), from)), to, day(5), money.HalfEven)
	require.NoError(rt, err)
	c.Quote.Date = time.Date(x.Date.Year, x.Date.Month, x.Date.Day, 0, 0, 0, 0, time.UTC)
	x.Conversion = c
	entries, err := p.Exchange(p.as("mia"), "", x)
	p.count(entries, err, p.open(x.Date) && !p.closed[x.To] && !p.closed["1000"])
}

// reverse takes any entry back; of an exchange both halves go. What it does not allow is told by the model.
func (p *play) reverse(rt *rapid.T) {
	p.rt = rt
	if len(p.entries) == 0 {
		return
	}
	e := p.entries[rapid.IntRange(0, len(p.entries)-1).Draw(rt, "entry")]
	r := finance.Reverse{Of: e.Ref(finance.EntryName), Date: p.date(), Text: "wrong"}
	right := p.open(r.Date) && r.Date.Compare(e.Date) >= 0 && !p.reversed[e.ID]
	for _, other := range p.entries {
		if other.ID == e.ID || e.Conversion != nil && (other.ID == e.Pair.ID || other.Pair.ID == e.ID) {
			for _, x := range other.Postings {
				right = right && !p.closed[x.Account]
			}
		}
	}
	entries, err := p.Reverse(p.as("mia"), r)
	p.count(entries, err, right)
	if err == nil {
		require.Len(rt, entries, map[bool]int{false: 1, true: 2}[e.Conversion != nil])
		for _, x := range entries {
			p.reversed[x.Reverses.ID] = true
		}
		require.True(rt, p.reversed[e.ID])
	}
}

func (p *play) movePeriod(rt *rapid.T) {
	p.rt = rt
	i := rapid.IntRange(0, len(p.periods)-1).Draw(rt, "period")
	a := rapid.SampledFrom([]itsm.Action[finance.Period]{finance.ClosePeriod{}, finance.ClosePeriod{}, finance.ReopenPeriod{Reason: "late"},
		finance.ReopenPeriod{}, finance.LockPeriod{}, itsm.Comment[finance.Period]{Text: "soon"}}).Draw(rt, "action")
	if after, err := p.Periods.Do(p.as("mia"), p.periods[i].ID, a); err == nil {
		p.periods[i] = after
	} else {
		require.True(rt, errors.Is(err, itsm.ErrNotAllowed) || errors.Is(err, itsm.ErrInvalid), "%v", err)
	}
}

func (p *play) moveAccount(rt *rapid.T) {
	p.rt = rt
	a, ok := p.chart.Account(rapid.SampledFrom([]string{"5000", "5100", "1900"}).Draw(rt, "account"))
	require.True(rt, ok)
	a.Closed = rapid.Bool().Draw(rt, "closed")
	_, err := p.Charts.Do(p.as("mia"), p.chart.ID, finance.SetAccounts{Accounts: []finance.Account{a}})
	if a.Code == "1900" && a.Closed {
		require.ErrorContains(rt, err, "not open to all", "the clearing account stays open")
		return
	}
	require.NoError(rt, err)
	p.closed[a.Code] = a.Closed
}

// check compares the trial balance with the model, and the halves.
func (p *play) check(rt *rapid.T) {
	counted := 0
	for _, b := range p.balances(calendar.Date{}, time.Time{}) {
		require.Equal(rt, b.TotalDebit, b.TotalCredit, "the ledger balances")
		for _, a := range b.Accounts {
			require.Equal(rt, p.sums[string(b.Currency)+" "+a.Account], a.Debit.Coins()-a.Credit.Coins(), "%s %s", b.Currency, a.Account)
			counted++
		}
	}
	require.Equal(rt, len(p.sums), counted)
	stored, err := p.Entries.Count(p.as("mia"), itsm.Where(finance.EntriesByChart.Is(p.books)))
	require.NoError(rt, err)
	require.Equal(rt, len(p.entries), int(stored.Total), "a refusal stores nothing")
}

// Whatever is done and refused, in any order: the ledger balances, and holds what was posted and nothing else.
func TestLedgerBalancesAfterAnything(t *testing.T) {
	rates, err := money.NewRates(0, quote("1.0843", 5))
	require.NoError(t, err)
	rapid.Check(t, func(rt *rapid.T) {
		p := &play{bench: newBench(rt), rt: rt, rates: rates, reversed: map[itsm.ID]bool{}, sums: map[string]int64{}, closed: map[string]bool{}}
		p.periods = p.months(3)
		rt.Repeat(map[string]func(*rapid.T){
			"post": p.post, "post all": p.postAll, "exchange": p.exchange, "reverse": p.reverse, "period": p.movePeriod, "account": p.moveAccount,
			"": p.check,
		})
	})
}

// A reversal restores all balances, and a reversal of the reversal brings the entry back, for entries and exchanges.
func TestReversalRestores(t *testing.T) {
	rates, err := money.NewRates(0, quote("1.0843", 5))
	require.NoError(t, err)
	rapid.Check(t, func(rt *rapid.T) {
		p := &play{bench: newBench(rt), rt: rt, rates: rates, sums: map[string]int64{}, closed: map[string]bool{}}
		p.periods = p.months(12)
		for range rapid.IntRange(0, 4).Draw(rt, "before") {
			p.post(rt)
		}
		p.entries = nil
		before := p.nets()
		p.entries, p.sums = nil, map[string]int64{}
		on := date(2026, 6, 1)
		var posted []finance.Entry
		if rapid.Bool().Draw(rt, "exchange") {
			c, err := rates.Convert(amounts(rt, money.EUR), money.USD, day(5), money.HalfUp)
			require.NoError(rt, err)
			c.Quote.Date = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
			if c.To.Sign() == 0 {
				return
			}
			posted, err = p.Exchange(p.as("mia"), "", finance.Exchange{Chart: p.books, Date: on, From: "1000", To: "5000", Conversion: c, Cause: cause(1)})
			require.NoError(rt, err)
		} else {
			posted = []finance.Entry{p.bench.post(p.licence(on, amounts(rt, money.EUR).Decimal().String()))}
		}
		with := p.nets()
		require.NotEqual(rt, before, with)
		back, err := p.Reverse(p.as("mia"), finance.Reverse{Of: posted[len(posted)-1].Ref(finance.EntryName), Date: on, Text: "wrong"})
		require.NoError(rt, err)
		require.Equal(rt, before, p.nets())
		_, err = p.Reverse(p.as("mia"), finance.Reverse{Of: back[0].Ref(finance.EntryName), Date: on, Text: "right after all"})
		require.NoError(rt, err)
		require.Equal(rt, with, p.nets())
	})
}

// nets are the balances that are not 0.
func (p *play) nets() map[string]string {
	out := map[string]string{}
	for _, b := range p.balances(calendar.Date{}, time.Time{}) {
		for _, a := range b.Accounts {
			if a.Debit != a.Credit {
				out[string(b.Currency)+" "+a.Account] = a.Debit.String() + "/" + a.Credit.String()
			}
		}
	}
	return out
}
