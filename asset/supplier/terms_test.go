package supplier_test

import (
	"context"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/supplier"
	"github.com/itsmkit/itsm/calendar"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// months are the terms of a contract that renews itself.
func months(from, until calendar.Date, term, notice itsm.Period) supplier.Terms {
	return supplier.Terms{From: from, Until: until, Renewal: supplier.Renewal{Mode: supplier.Automatic, Term: term, Notice: notice}}
}

// The last day for a notice, worked out by the rule of the German Civil Code (§ 188 (2) and (3)): a period of months that
// begins with an event on a day ends on the day of the same number, or on the last of a month that has no such day.
func TestLastDayForANotice(t *testing.T) {
	for _, c := range []struct {
		until  calendar.Date
		notice itsm.Period
		want   calendar.Date
	}{
		{on(2026, 12, 31), itsm.Period{Months: 3}, on(2026, 9, 30)},
		{on(2026, 2, 28), itsm.Period{Months: 1}, on(2026, 1, 31)},
		{on(2028, 2, 29), itsm.Period{Months: 3}, on(2027, 11, 30)},
		{on(2026, 4, 30), itsm.Period{Months: 1}, on(2026, 3, 31)},
		{on(2026, 6, 30), itsm.Period{Months: 6}, on(2025, 12, 31)},
		{on(2026, 3, 30), itsm.Period{Months: 1}, on(2026, 2, 28)},
		{on(2026, 5, 15), itsm.Period{Months: 1}, on(2026, 4, 15)},
		{on(2026, 2, 28), itsm.Period{Days: 28}, on(2026, 1, 31)},
		{on(2026, 12, 31), itsm.Period{}, on(2026, 12, 31)},
	} {
		b := newBureau(t)
		b.now = at(2025, 1, 2)
		s := b.signed(months(on(2025, 1, 1), c.until, itsm.Period{Months: 12}, c.notice))
		require.Equal(t, c.want, s.NoticeBy, "%s before %s", c.notice, c.until)
		b.now = at(c.want.Year, int(c.want.Month), c.want.Day)
		s = b.do(s, supplier.GiveNotice{By: supplier.Us, Reason: "in time"})
		require.Equal(t, c.until, s.Notice.Ends)
	}
}

// The last day for a notice against the definition: a notice on it has run out at the end of the term, one on the day
// after has not.
func TestLastDayForANoticeAgainstEachDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := newBureau(t)
		until := on(2027, 1, 1).AddDays(rapid.IntRange(0, 800).Draw(t, "until"))
		notice := itsm.Period{Months: rapid.IntRange(0, 12).Draw(t, "months"), Days: rapid.IntRange(0, 40).Draw(t, "days")}
		c := b.signed(months(on(2026, 1, 1), until, itsm.Period{Months: 12}, notice))
		inTime := func(d calendar.Date) bool {
			over := calendar.DateOf(notice.After(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)))
			return over.Compare(until) <= 0
		}
		want := until
		for !inTime(want) {
			want = want.AddDays(-1)
		}
		require.Equal(t, want, c.NoticeBy)
	})
}

// A term ends on the day before the one on which the next begins: what began on 1 March ends on the last of February,
// in leap years too, and what was agreed to the last of a month stays there.
func TestRenewedTerms(t *testing.T) {
	month, year := itsm.Period{Months: 1}, itsm.Period{Months: 12}
	for _, c := range []struct {
		from, until calendar.Date
		term        itsm.Period
		want        []calendar.Date
	}{
		{on(2026, 1, 1), on(2026, 1, 31), month, []calendar.Date{on(2026, 2, 28), on(2026, 3, 31), on(2026, 4, 30), on(2026, 5, 31)}},
		{on(2026, 3, 1), on(2027, 2, 28), year, []calendar.Date{on(2028, 2, 29), on(2029, 2, 28), on(2030, 2, 28)}},
		{on(2025, 12, 31), on(2026, 1, 30), month, []calendar.Date{on(2026, 2, 27), on(2026, 3, 30), on(2026, 4, 29)}},
		{on(2021, 1, 1), on(2026, 12, 31), year, []calendar.Date{on(2027, 12, 31), on(2028, 12, 31)}}, // 60 months and 12 more
		{on(2026, 1, 1), on(2026, 1, 31), itsm.Period{Days: 30}, []calendar.Date{on(2026, 3, 2), on(2026, 4, 1)}},
	} {
		b := newBureau(t)
		b.now = at(c.from.Year, int(c.from.Month), c.from.Day)
		s := b.signed(months(c.from, c.until, c.term, itsm.Period{}))
		for i, want := range c.want {
			s = b.do(s, supplier.Renew{Reason: "as agreed"})
			require.Equal(t, want, s.Terms.Until)
			require.Equal(t, i+1, s.Renewals)
			require.Equal(t, c.until, s.AgreedUntil)
		}
		s = b.do(s, supplier.Renew{Reason: "by agreement", Until: on(2035, 6, 15)})
		require.True(t, s.AgreedUntil.IsZero(), "what is agreed anew is what later terms are counted from")
	}
}

// However often the host sweeps, the contract is renewed to the same day.
func TestSweepsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		until := on(2026, 1, 12).AddDays(rapid.IntRange(0, 60).Draw(t, "until"))
		term := itsm.Period{Months: rapid.IntRange(1, 3).Draw(t, "months"), Days: rapid.IntRange(0, 1).Draw(t, "days")}
		terms := months(on(2026, 1, 1), until, term, itsm.Period{})
		days := rapid.IntRange(60, 500).Draw(t, "passed")
		swept := func(every int) supplier.Contract {
			b := newBureau(t)
			c, start := b.signed(terms), b.now
			for day := every; day < days+every; day += every {
				b.now = start.AddDate(0, 0, min(day, days))
				_, err := supplier.Sweep(itsm.System(context.Background(), tenant), b.contracts, b.now)
				require.NoError(t, err)
			}
			c, err := b.contracts.Get(b.ctx(), c.ID)
			require.NoError(t, err)
			return c
		}
		often, once := swept(rapid.IntRange(1, 40).Draw(t, "every")), swept(days)
		require.Equal(t, once.Terms, often.Terms)
		require.Equal(t, once.Renewals, often.Renewals)
	})
}

// A supplier that gives notice leaves something to decide: what replaces it. Who gives notice himself has decided.
func TestNoticeOfTheSupplier(t *testing.T) {
	b := newBureau(t)
	c := b.do(b.signed(yearly(supplier.Automatic)), supplier.GiveNotice{By: supplier.Them, Reason: "they give up"})
	require.True(t, c.NoticeBy.IsZero())
	list, err := supplier.Decisions(b.ctx(), b.contracts, on(2026, 12, 2), on(2026, 12, 31))
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, supplier.ReplaceOrLeave, list[0].Question)
	require.Equal(t, on(2026, 12, 1), list[0].DecideBy, "30 days before the end")
	require.Equal(t, on(2026, 12, 31), list[0].Until)
	require.Equal(t, -1, list[0].Days)

	c = b.do(c, supplier.Terminate{By: supplier.Them, Reason: "sooner", On: on(2026, 6, 30)})
	d, has := c.Decision(on(2026, 1, 12))
	require.True(t, has)
	require.Equal(t, []calendar.Date{on(2026, 5, 31), on(2026, 6, 30)}, []calendar.Date{d.DecideBy, d.Until})
	c = b.do(c, supplier.WithdrawNotice{Reason: "they stay"})
	require.Equal(t, on(2026, 9, 30), c.NoticeBy)
	c = b.do(c, supplier.GiveNotice{By: supplier.Us, Reason: "we do not"})
	_, has = c.Decision(on(2026, 1, 12))
	require.False(t, has)
}

// Who answers for a contract changes while it runs, and a title may be wrong: neither is a term.
func TestContractIsEdited(t *testing.T) {
	b := newBureau(t)
	c := b.signed(yearly(""))
	c = b.do(c, supplier.EditContract{Owner: "bo", Reference: "F-9"})
	require.Equal(t, []string{"Network", "F-9", "bo"}, []string{c.Title, c.Reference, c.Owner})
	require.Equal(t, 1, c.Edition, "the terms are those that were signed")
	require.ErrorContains(t, b.refused(c, supplier.EditContract{}), "nothing given")
	require.ErrorContains(t, b.refused(c, supplier.EditContract{Title: " "}), "title: required")
	found, err := b.contracts.Count(b.ctx(), itsm.Where(supplier.ContractsByOwner.Is("bo")))
	require.NoError(t, err)
	require.Equal(t, int64(1), found.Total)
	c = b.do(c, supplier.Terminate{By: supplier.Us, Reason: "x"})
	require.ErrorIs(t, b.refused(c, supplier.EditContract{Owner: "cy"}), itsm.ErrNotAllowed)
}

// A contract that was terminated is terminated, whether the day came at once or had to be waited for; one that was given
// notice of ends as agreed.
func TestTerminatedLater(t *testing.T) {
	for _, c := range []struct {
		end  itsm.Action[supplier.Contract]
		day  calendar.Date
		want supplier.State
	}{
		{supplier.Terminate{By: supplier.Us, On: on(2026, 3, 31), Cause: true, Reason: "breach"}, on(2026, 3, 31), supplier.Terminated},
		{supplier.Terminate{By: supplier.Us, On: on(2026, 3, 31), Reason: "by agreement"}, on(2026, 3, 31), supplier.Terminated},
		{supplier.GiveNotice{By: supplier.Us, Reason: "dear"}, on(2026, 12, 31), supplier.Expired},
	} {
		b := newBureau(t)
		x := b.do(b.signed(yearly(supplier.Automatic)), c.end)
		b.now = at(2027, 1, 1)
		_, err := supplier.Sweep(itsm.System(context.Background(), tenant), b.contracts, b.now)
		require.NoError(t, err)
		x, err = b.contracts.Get(b.ctx(), x.ID)
		require.NoError(t, err)
		require.Equal(t, c.want, x.State)
		require.Equal(t, c.day, x.Over.On)
	}
}
