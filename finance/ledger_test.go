package finance_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/money"
)

// Everything that an entry can be refused for: the code says the rule, and nothing is stored.
func TestPostRefuses(t *testing.T) {
	b := newBench(t)
	periods := b.months(2)
	_, err := b.Periods.Do(b.as("mia"), periods[0].ID, finance.ClosePeriod{})
	require.NoError(t, err)
	closed, _ := b.chart.Account("5000")
	closed.Closed = true
	_, err = b.Charts.Do(b.as("mia"), b.chart.ID, finance.SetAccounts{Accounts: []finance.Account{closed,
		{Code: "1010", Title: "Bank, dollars", Class: finance.Asset, Currency: money.USD}}})
	require.NoError(t, err)
	_, err = b.Charts.Do(b.as("mia"), b.chart.ID, finance.SetCostCentres{CostCentres: []finance.CostCentre{
		{Code: "HEAD", Title: "Heading", Heading: true}, {Code: "GONE", Title: "Gone", Closed: true}}})
	require.NoError(t, err)
	in := func(centre string) func(*finance.Post) {
		return func(p *finance.Post) { p.Postings[0].CostCentre = centre }
	}
	to := func(account string) func(*finance.Post) {
		return func(p *finance.Post) { p.Postings[0].Account = account }
	}
	for _, c := range []struct {
		name  string
		wrong func(*finance.Post)
		kind  error
		says  string
	}{
		{"closed period", func(p *finance.Post) { p.Date = date(2026, 1, 31) }, itsm.ErrNotAllowed, "period closed (date 2026-01-31"},
		{"no period", func(p *finance.Post) { p.Date = date(2026, 3, 1) }, itsm.ErrInvalid, "date: no period (value 2026-03-01"},
		{"before all periods", func(p *finance.Post) { p.Date = date(2025, 12, 31) }, itsm.ErrInvalid, "date: no period"},
		{"no date", func(p *finance.Post) { p.Date = calendar.Date{} }, itsm.ErrInvalid, "date: no period"},
		{"unknown chart", func(p *finance.Post) { p.Chart = itsm.Ref{Kind: finance.ChartName, ID: itsm.ID{9}} }, itsm.ErrInvalid, "chart: not found"},
		{"no chart", func(p *finance.Post) { p.Chart = periods[1].Ref(finance.PeriodName) }, itsm.ErrInvalid, "chart: not found"},
		{"unknown account", to("9999"), itsm.ErrInvalid, "postings[0].account: unknown account (value 9999)"},
		{"heading", to("5"), itsm.ErrInvalid, "postings[0].account: heading (value 5, want an account below it)"},
		{"closed account", to("5000"), itsm.ErrInvalid, "postings[0].account: closed (value 5000)"},
		{"account of another currency", to("1010"), itsm.ErrInvalid, "postings[0].account: account currency (currency EUR, value 1010, want USD)"},
		{"unknown cost centre", in("NONE"), itsm.ErrInvalid, "postings[0].cost_centre: unknown cost centre (value NONE)"},
		{"heading of cost centres", in("HEAD"), itsm.ErrInvalid, "postings[0].cost_centre: heading"},
		{"closed cost centre", in("GONE"), itsm.ErrInvalid, "postings[0].cost_centre: closed"},
		{"no cause", func(p *finance.Post) { p.Cause = itsm.Ref{} }, itsm.ErrInvalid, "postings[1].cause: required"},
		{"unbalanced", func(p *finance.Post) { p.Postings[0].Debit = euros("9.99") }, itsm.ErrInvalid, "unbalanced (credit 10.00 EUR, debit 9.99 EUR)"},
		{"mixed", func(p *finance.Post) { p.Postings[0].Debit = dollars("10.00") }, itsm.ErrInvalid, "postings[1]: mixed currency (currency EUR, first USD)"},
		{"foreign currency to clearing", func(p *finance.Post) {
			p.Postings = []finance.Posting{finance.Debit("1900", dollars("1")), finance.Credit("2000", dollars("1"))}
		}, itsm.ErrInvalid, "postings[0].account: clearing"},
		{"too long a text", func(p *finance.Post) { p.Text = string(make([]byte, 2000)) }, itsm.ErrInvalid, "text: too long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := b.licence(date(2026, 2, 1), "10.00")
			c.wrong(&p)
			_, err := b.Post(b.as("mia"), p)
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.says)
			_, err = b.PostAll(b.as("mia"), "", b.licence(date(2026, 2, 1), "1.00"), p)
			require.ErrorIs(t, err, c.kind)
			var at *finance.EntryError
			require.ErrorAs(t, err, &at)
			require.Equal(t, "2 of 2", at.Entry)
			require.Empty(t, b.balances(calendar.Date{}, time.Time{}), "all or none")
		})
	}
	_, err = b.Post(context.Background(), b.licence(date(2026, 2, 1), "10.00"))
	require.ErrorIs(t, err, itsm.ErrForbidden)
	_, err = b.Charts.Do(b.as("mia"), b.chart.ID, finance.Archive{Reason: "merged"})
	require.NoError(t, err)
	_, err = b.Post(b.as("mia"), b.licence(date(2026, 2, 1), "10.00"))
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	require.ErrorContains(t, err, "chart archived (because merged")
}

// An entry that is opened behind the ledger's back is refused: nothing would keep its period open.
func TestEntriesComeFromTheLedger(t *testing.T) {
	b := newBench(t)
	b.months(1)
	for _, a := range []itsm.Action[finance.Entry]{b.licence(date(2026, 1, 1), "1.00"), finance.Reverse{}, finance.Exchange{}} {
		_, err := b.Entries.Open(b.as("mia"), a)
		require.ErrorContains(t, err, "ledger required")
	}
}

// The postings of a stored entry never change: no action of its life touches more than its links and attributes.
func TestEntriesAreNeverEdited(t *testing.T) {
	require.Equal(t, []string{"comment", "relate", "unrelate", "set_attributes"}, finance.EntryLifecycle().Allowed(finance.Posted))
}

// Reversing: once, not before the entry's date, with a reason, also of what does not exist.
func TestReverseRefuses(t *testing.T) {
	b := newBench(t)
	b.months(2)
	e := b.post(b.licence(date(2026, 1, 20), "10.00"))
	r := finance.Reverse{Of: e.Ref(finance.EntryName), Date: date(2026, 2, 1), Text: "the invoice was withdrawn"}
	for _, c := range []struct {
		wrong func(*finance.Reverse)
		is    error
		says  string
	}{
		{func(r *finance.Reverse) { r.Text = " " }, itsm.ErrInvalid, "text: required"},
		{func(r *finance.Reverse) { r.Date = date(2026, 1, 19) }, itsm.ErrInvalid, "date: before the entry (min 2026-01-20"},
		{func(r *finance.Reverse) { r.Date = date(2026, 3, 1) }, itsm.ErrInvalid, "no period"},
		{func(r *finance.Reverse) { r.Of.ID = itsm.ID{7} }, itsm.ErrNotFound, ""},
	} {
		wrong := r
		c.wrong(&wrong)
		_, err := b.Reverse(b.as("mia"), wrong)
		require.ErrorIs(t, err, c.is)
		require.ErrorContains(t, err, c.says)
	}
	back, err := b.Reverse(b.as("mia"), r)
	require.NoError(t, err)
	require.Equal(t, e.Ref(finance.EntryName), back[0].Reverses)
	require.Equal(t, []finance.Posting{{Account: "5100", Credit: euros("10.00"), Cause: cause(1)}, {Account: "2000", Debit: euros("10.00"), Cause: cause(1)}}, back[0].Postings)
	_, err = b.Reverse(b.as("mia"), r)
	var twice *itsm.DuplicateError
	require.ErrorAs(t, err, &twice)
	require.Equal(t, back[0].Ref(finance.EntryName), twice.Of, "the error names the reversal that is there")
	other := itsm.WithActor(context.Background(), itsm.Actor{ID: "eve", Tenant: "other"})
	_, err = b.Reverse(other, r)
	require.ErrorIs(t, err, itsm.ErrNotFound, "another tenant's")
}

// An exchange has to be right by its own rate, and one without a rate does not come about.
func TestExchangeRefuses(t *testing.T) {
	b := newBench(t)
	b.months(11)
	rates, err := money.NewRates(0, quote("1.25", 5))
	require.NoError(t, err)
	c, err := rates.Convert(euros("100.00"), money.USD, day(5), money.HalfUp)
	require.NoError(t, err)
	x := finance.Exchange{Chart: b.books, Date: date(2026, 11, 5), From: "1000", To: "2000", Conversion: c, Cause: cause(1)}
	for _, k := range []struct {
		wrong func(*finance.Exchange)
		says  string
	}{
		{func(x *finance.Exchange) { x.Conversion.To = dollars("125.01") }, "conversion.to: not at the rate (value 125.01 USD, want 125.00 USD)"},
		{func(x *finance.Exchange) { x.Conversion.Quote = money.Quote{} }, "conversion: no rate"},
		{func(x *finance.Exchange) { x.Conversion.Rounding = "" }, "conversion: no rate"},
		{func(x *finance.Exchange) { x.Conversion.From = euros("-1.00") }, "conversion: not positive"},
		{func(x *finance.Exchange) { x.Date = date(2026, 11, 4) }, "conversion.quote.date: after the entry (max 2026-11-04, value 2026-11-05)"},
		{func(x *finance.Exchange) { x.To = "1900" }, "clearing"},
		{func(x *finance.Exchange) { x.To = "nowhere" }, "unknown account"},
	} {
		wrong := x
		k.wrong(&wrong)
		_, err := b.Exchange(b.as("mia"), "", wrong)
		require.ErrorIs(t, err, itsm.ErrInvalid)
		require.ErrorContains(t, err, k.says)
		require.Empty(t, b.balances(calendar.Date{}, time.Time{}), "no half of it")
	}
	halves, err := b.Exchange(b.as("mia"), "", x)
	require.NoError(t, err)
	require.Equal(t, halves[0].Ref(finance.EntryName), halves[1].Pair)
	require.Equal(t, c, *halves[0].Conversion, "the rate is kept")
	require.Equal(t, c, *halves[1].Conversion)

	bare, err := b.Charts.Open(b.as("mia"), finance.Establish{Title: "No clearing", Currency: money.EUR, Accounts: accounts()})
	require.NoError(t, err)
	x.Chart = bare.Ref(finance.ChartName)
	_, err = b.Exchange(b.as("mia"), "", x)
	require.ErrorContains(t, err, "no clearing account")
}

// Foreign currency that was on an account before it became the clearing account can be taken off it, and no more put on.
func TestForeignCurrencyBeforeTheClearingAccount(t *testing.T) {
	b := newBench(t)
	chart, err := b.Charts.Open(b.as("mia"), finance.Establish{Title: "IT", Currency: money.EUR, Accounts: accounts()})
	require.NoError(t, err)
	b.books = chart.Ref(finance.ChartName)
	b.months(1)
	foreign := finance.Post{Chart: b.books, Date: date(2026, 1, 5), Cause: cause(1), Postings: []finance.Posting{
		finance.Debit("1900", dollars("10.00")), finance.Credit("2000", dollars("10.00"))}}
	e := b.post(foreign)
	_, err = b.Charts.Do(b.as("mia"), chart.ID, finance.SetClearing{Account: "1900"})
	require.NoError(t, err)
	_, err = b.Post(b.as("mia"), foreign)
	require.ErrorContains(t, err, "postings[0].account: clearing")
	_, err = b.Reverse(b.as("mia"), finance.Reverse{Of: e.Ref(finance.EntryName), Date: date(2026, 1, 6), Text: "it was an exchange"})
	require.NoError(t, err)
	net, err := b.balances(calendar.Date{}, time.Time{})[0].Of("1900")
	require.NoError(t, err)
	require.Equal(t, "0.00 USD", net.String())
}

// Balances of a date as they were known at an instant: an invoice of January that comes in February is not there before.
func TestAsOfAndAsKnown(t *testing.T) {
	b := newBench(t)
	b.months(2)
	b.now = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	b.post(b.licence(date(2026, 1, 10), "10.00"))
	report := b.now.Add(time.Hour)
	b.now = time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)
	b.post(b.licence(date(2026, 1, 31), "5.00"))
	b.post(b.licence(date(2026, 2, 1), "2.50"))
	for _, c := range []struct {
		asOf  calendar.Date
		known time.Time
		want  string
	}{
		{date(2026, 1, 9), time.Time{}, ""},
		{date(2026, 1, 31), report, "10.00 EUR"},
		{date(2026, 1, 31), time.Time{}, "15.00 EUR"},
		{date(2026, 2, 28), report, "10.00 EUR"},
		{calendar.Date{}, time.Time{}, "17.50 EUR"},
	} {
		got := b.balances(c.asOf, c.known)
		if c.want == "" {
			require.Empty(t, got)
			continue
		}
		net, err := got[0].Of("5100")
		require.NoError(t, err)
		require.Equal(t, c.want, net.String())
	}
}

// A posting that is repeated under its key is there once.
func TestPostIsIdempotent(t *testing.T) {
	b := newBench(t)
	b.months(1)
	one, err := b.Post(b.as("mia"), b.licence(date(2026, 1, 1), "10.00"), itsm.IdempotencyKey("run-1"))
	require.NoError(t, err)
	two, err := b.Post(b.as("mia"), b.licence(date(2026, 1, 1), "10.00"), itsm.IdempotencyKey("run-1"))
	require.NoError(t, err)
	require.Equal(t, one.ID, two.ID)
	require.Equal(t, one.Number, two.Number)
	_, err = b.Post(b.as("mia"), b.licence(date(2026, 1, 1), "11.00"), itsm.IdempotencyKey("run-1"))
	require.ErrorIs(t, err, itsm.ErrConflict)
}

// Entries that are posted together again under their key are there once, and others under the key are refused.
func TestPostAllIsIdempotent(t *testing.T) {
	b := newBench(t)
	b.months(1)
	posts := []finance.Post{b.licence(date(2026, 1, 1), "10.00"), b.licence(date(2026, 1, 2), "20.00")}
	one, err := b.PostAll(b.as("mia"), "run-1", posts...)
	require.NoError(t, err)
	two, err := b.PostAll(b.as("mia"), "run-1", posts...)
	require.NoError(t, err)
	require.Equal(t, one, two)
	_, err = b.PostAll(b.as("mia"), "run-1", posts[1], posts[0])
	require.ErrorIs(t, err, itsm.ErrConflict)
	_, err = b.PostAll(b.as("mia"), "run-1", posts[0], posts[1], posts[1])
	require.ErrorIs(t, err, itsm.ErrConflict)
	require.ErrorContains(t, err, `"run-1"`)
	_, err = b.PostAll(b.as("mia"), strings.Repeat("x", 191), posts...)
	require.ErrorContains(t, err, "key: too long (max 190 bytes")
	balances := b.balances(calendar.Date{}, time.Time{})
	net, err := balances[0].Of("5100")
	require.NoError(t, err)
	require.Equal(t, "30.00", strings.TrimSuffix(net.String(), " EUR"), "each is there once")
}

// A conversion that is posted again under its key, because the answer was lost, is there once; another one is refused.
func TestExchangeIsIdempotent(t *testing.T) {
	b := newBench(t)
	b.months(11)
	c, err := quote("1.25", 5).Convert(euros("100.00"), money.HalfUp)
	require.NoError(t, err)
	x := finance.Exchange{Chart: b.books, Date: date(2026, 11, 5), From: "1000", To: "2000", Conversion: c, Cause: cause(1)}
	one, err := b.Exchange(b.as("mia"), "transfer 7", x)
	require.NoError(t, err)
	two, err := b.Exchange(b.as("mia"), "transfer 7", x)
	require.NoError(t, err)
	require.Equal(t, one, two)
	require.Len(t, two, 2)
	x.To = "5000"
	_, err = b.Exchange(b.as("mia"), "transfer 7", x)
	require.ErrorIs(t, err, itsm.ErrConflict)
	_, err = b.Exchange(b.as("mia"), strings.Repeat("x", 191), x)
	require.ErrorContains(t, err, "key: too long (max 190 bytes")
	net, err := b.balances(calendar.Date{}, time.Time{})[0].Of("1000")
	require.NoError(t, err)
	require.Equal(t, "-100.00 EUR", net.String(), "it was given away once")
}

// Periods follow one another; two that are opened at once do not both come next.
func TestPeriodsFollowOneAnother(t *testing.T) {
	b := newBench(t)
	b.months(1)
	next := finance.OpenPeriod{Chart: b.books, Until: date(2026, 2, 28)}
	gap := next
	gap.From = date(2026, 2, 2)
	_, err := b.Periods.Open(b.as("mia"), gap)
	require.ErrorContains(t, err, "from: not next (value 2026-02-02, want 2026-02-01)")
	backwards := next
	backwards.Until = date(2026, 1, 31)
	_, err = b.Periods.Open(b.as("mia"), backwards)
	require.ErrorContains(t, err, "until: before from")
	_, err = b.Periods.Open(b.as("mia"), finance.OpenPeriod{Until: date(2026, 2, 28)})
	require.ErrorContains(t, err, "chart: not found")

	var wait sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		wait.Go(func() { _, errs[i] = b.Periods.Open(b.as("mia"), next) })
	}
	wait.Wait()
	found, err := b.Periods.Find(b.as("mia"), itsm.Where(finance.PeriodsByChart.Is(b.books)).Sorted(finance.PeriodsByFrom.Asc()), itsm.PageRequest{})
	require.NoError(t, err)
	for i, p := range found.Items[1:] {
		require.Equal(t, found.Items[i].Until.AddDays(1), p.From)
	}
	for _, err := range errs {
		if err != nil {
			require.True(t, errors.Is(err, itsm.ErrDuplicate) || errors.Is(err, itsm.ErrInvalid), "%v", err)
		}
	}
}

// A ledger without what it needs is refused when it is made.
func TestNewLedgerRefuses(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct {
		without func(*finance.Config)
		says    string
	}{
		{func(c *finance.Config) { c.Saver = nil }, "Config.Saver is required"},
		{func(c *finance.Config) { c.Charts = nil }, "Config.Repository is required"},
		{func(c *finance.Config) { c.Entries = nil }, "Config.Repository is required"},
		{func(c *finance.Config) { c.Policy = nil }, "Config.Policy is required"},
	} {
		config := b.config
		c.without(&config)
		_, err := finance.NewLedger(config)
		require.ErrorContains(t, err, c.says)
	}
}

// Numbers that come as JSON are read strictly: what is no amount has its place.
func TestPostAsJSON(t *testing.T) {
	for _, number := range []string{"12.505", "1e2", "NaN", "99999999999999999999", "1,00", ""} {
		_, err := finance.EntryKind().Decode("post", []byte(`{"date":"2026-01-01","postings":[{"account":"a","debit":{"amount":"`+number+`","currency":"EUR"}}]}`))
		require.ErrorIs(t, err, itsm.ErrInvalid, number)
		require.ErrorContains(t, err, "postings[0].debit", number)
	}
	_, err := finance.EntryKind().Decode("post", []byte(`{"date":"2026-02-30"}`))
	require.ErrorContains(t, err, "date")
}

// Who reopens a period or ends a chart says why: blanks say nothing.
func TestReasonsSaySomething(t *testing.T) {
	b := newBench(t)
	p := b.months(1)[0]
	_, err := b.Periods.Do(b.as("mia"), p.ID, finance.ClosePeriod{})
	require.NoError(t, err)
	_, err = b.Periods.Do(b.as("mia"), p.ID, finance.ReopenPeriod{Reason: " \t"})
	require.ErrorContains(t, err, "reason: required")
	_, err = b.Charts.Do(b.as("mia"), b.chart.ID, finance.Archive{Reason: " "})
	require.ErrorContains(t, err, "reason: required")
}

// The days do not exist: a store that keeps JSON could not read the records again.
func TestDatesExist(t *testing.T) {
	b := newBench(t)
	never := date(2026, time.February, 30)
	_, err := b.Periods.Open(b.as("mia"), finance.OpenPeriod{Chart: b.books, From: date(2026, time.January, 1), Until: never})
	require.ErrorContains(t, err, "invalid: until: value")
	_, err = b.Periods.Open(b.as("mia"), finance.OpenPeriod{Chart: b.books, From: date(2026, time.January, 1), Until: date(2026, time.March, 31)})
	require.NoError(t, err)
	_, err = b.Post(b.as("mia"), b.licence(never, "1.00"))
	require.ErrorContains(t, err, "invalid: date: value")
	p := b.licence(date(2026, time.March, 1), "1.00")
	p.Postings[0].From, p.Postings[0].Until = never, date(2026, time.March, 31)
	_, err = b.Post(b.as("mia"), p)
	require.ErrorContains(t, err, "invalid: postings: value")
}
