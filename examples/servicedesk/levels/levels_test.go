package levels_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/levels"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/examples/servicedesk/year"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/simulate"
	"github.com/itsmkit/itsm/sla"
)

// monday is the 2nd of March 2026.
func monday(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }

func system() context.Context { return casebook.System(context.Background()) }

// desk has two cases of P3. The first is assigned after an hour, waits for the caller from noon on Monday to noon on Wednesday, and is
// resolved on Monday after at 17:00. The second is assigned on Tuesday at 9 and nobody resolves it before the run ends on Monday after.
func desk(t testing.TB) *casebook.Book {
	t.Helper()
	book, err := casebook.New(incident.Kind(), 1)
	require.NoError(t, err)
	ctx := system()
	open := func(number string) *casebook.Case {
		c, err := book.Open(ctx, casebook.Entry{At: monday(9, 0), By: "Ada", Number: number},
			incident.Report{Title: "Mail is slow: " + number, Impact: incident.Medium, Urgency: incident.Medium})
		require.NoError(t, err)
		require.Equal(t, incident.P3, c.Incident.Priority)
		return c
	}
	do := func(c *casebook.Case, at time.Time, a itsm.Action[incident.Incident]) {
		require.NoError(t, book.Do(ctx, c, casebook.Entry{At: at, By: "Bo"}, a))
	}
	first, second := open("INC1"), open("INC2")
	do(first, monday(10, 0), incident.Assign{Group: "Mail", To: "Bo"})
	do(first, monday(12, 0), incident.PutOnHold{Reason: incident.ForCaller, Text: "Since when?"})
	do(second, monday(24+9, 0), incident.Assign{Group: "Desk", To: "Bo"})
	do(first, monday(48+12, 0), incident.Resume{})
	do(first, monday(72+9, 0), incident.Assign{Group: "Desk", To: "Bo"})
	do(first, monday(7*24+17, 0), incident.Resolve{Code: "fixed", Text: "Mail is fast."})
	first.Said = &casebook.Said{Judged: true, Met: true}
	second.Said = &casebook.Said{Judged: true, Met: true}
	require.NoError(t, book.Save(ctx))
	return book
}

func keep(t testing.TB, book *casebook.Book) *levels.Kept {
	t.Helper()
	terms, err := levels.Standard("UTC")
	require.NoError(t, err)
	k, err := levels.Keep(system(), book, terms, levels.Options{})
	require.NoError(t, err)
	return k
}

// The standard terms give P3 4 hours to respond and 40 to resolve, from 8 to 18. The first case was assigned after 1 hour; its resolution
// counted 3 hours on Monday, 6 on Wednesday, 10 on Thursday and on Friday, 9 on Monday: 38. The second was assigned after 9 hours on
// Monday and 1 on Tuesday; at the end of the run 9 + 40 + 9 hours have counted, and 40 were reached on Friday at 9.
func TestReport(t *testing.T) {
	l, made, err := keep(t, desk(t)).Report(system())
	require.NoError(t, err)
	require.Equal(t, []report.Promise{
		{Agreement: "Standard", Type: "sla", Target: "response", Title: "Time to respond", Goal: 0.9, Kept: report.NewKept(1, 1, 0, 0)},
		{Agreement: "Standard", Type: "sla", Target: "resolution", Title: "Time to resolve", Goal: 0.9, Kept: report.NewKept(1, 0, 1, 0)},
	}, l.Promises)
	require.Equal(t, report.Agreed{Cases: 2, Agree: 1, Share: 0.5}, *made, "the second one broke its promises")

	require.Len(t, l.Misses, 2)
	worst := l.Misses[0]
	require.Equal(t, "INC2 Mail is slow: INC2 Time to resolve p3 running", worst.Number+" "+worst.Title+" "+worst.Target+" "+worst.Priority+" "+worst.State)
	require.Equal(t, []report.Working{40 * 3600, 58 * 3600}, []report.Working{worst.Amount, worst.Elapsed})
	require.Equal(t, monday(4*24+9, 0), worst.Due)
	require.Equal(t, []report.Stretch{{From: monday(9, 0), To: monday(7*24+17, 0), Why: "worked", Counted: 58 * 3600, Closed: 5}}, worst.Account,
		"closed in four nights and over a weekend")
	require.Equal(t, []report.Holder{{Group: "Desk", Elapsed: 48 * 3600}, {Elapsed: 10 * 3600}}, worst.Holders)

	crossed := map[string]int{}
	for _, e := range l.Escalations {
		crossed[e.Target+" "+e.At] = e.Crossed
	}
	require.Equal(t, map[string]int{"Time to respond 75 %": 1, "Time to respond 100 %": 1, "Time to respond 150 %": 1,
		"Time to resolve 75 %": 2, "Time to resolve 100 %": 1, "Time to resolve 150 %": 0}, crossed)
}

// With 36 hours the first case is late by 2, of which it would have been free without its wait of ten hours on two days.
func TestWhatIf(t *testing.T) {
	k := keep(t, desk(t))
	same, err := levels.Standard("UTC")
	require.NoError(t, err)
	strict, err := levels.Standard("UTC")
	require.NoError(t, err)
	strict.Agreements[0].Targets[1].Amounts[2].Working = itsm.Duration(36 * time.Hour)
	raw, err := strict.JSON()
	require.NoError(t, err)
	strict, err = levels.Load(saved(t, string(raw)), incident.Kind().Describe())
	require.NoError(t, err)
	out, err := k.WhatIf(system(), []levels.Terms{same, strict})
	require.NoError(t, err)
	require.Len(t, out, 2)
	require.Zero(t, out[0].Changed())
	require.Equal(t, 2, out[0].Judged)
	require.Equal(t, []int{0, 1, 0}, []int{out[1].Better, out[1].Worse, out[1].Other})
	require.Equal(t, []report.Example{{Number: "INC1", Was: "met", Is: "missed", Why: "resolution took 38 h of 36 h instead of 38 h of 40 h"}}, out[1].Examples)
	require.Equal(t, report.NewKept(0, 2, 0, 0), out[1].Promises[1].Kept)
}

func TestFitWithoutVerdicts(t *testing.T) {
	book := desk(t)
	for _, c := range book.Cases {
		c.Said = nil
	}
	k := keep(t, book)
	_, made, err := k.Report(system())
	require.NoError(t, err)
	require.Nil(t, made)
	_, _, err = k.Fit(system())
	require.ErrorIs(t, err, levels.ErrNoVerdicts)
}

// A replay under the terms in use is what the tracker kept, clock by clock; and each account adds up.
func TestYear(t *testing.T) {
	cases, err := simulate.Year(simulate.Options{Seed: 3, Incidents: 400})
	require.NoError(t, err)
	book, err := year.Run(context.Background(), cases, year.Options{Seed: 3})
	require.NoError(t, err)
	k := keep(t, book)
	l, _, err := k.Report(system())
	require.NoError(t, err)
	terms, err := levels.Standard("UTC")
	require.NoError(t, err)
	out, err := k.WhatIf(system(), []levels.Terms{terms})
	require.NoError(t, err)
	require.Zero(t, out[0].Changed())
	for i, p := range l.Promises {
		p.Agreement, p.Goal = "", 0
		require.Equal(t, p, out[0].Promises[i])
	}
	accountsAddUp(t, book, k, terms)
}

// accountsAddUp holds that the lines of each clock's account add up to what it shows, and so do the shares of those who held it.
func accountsAddUp(t testing.TB, book *casebook.Book, k *levels.Kept, terms levels.Terms) {
	rules, err := sla.Compile(terms.Terms)
	require.NoError(t, err)
	events := map[itsm.ID][]itsm.Event{}
	var from itsm.Position
	for {
		some, next, err := book.Store.Since(context.Background(), from, itsm.MaxPage, incident.Name)
		require.NoError(t, err)
		for i := range some {
			events[some[i].Subject.ID] = append(events[some[i].Subject.ID], some[i])
		}
		if next == from {
			break
		}
		from = next
	}
	clocks := 0
	for c, err := range k.Clocks.All(system(), itsm.Query[sla.Clock]{}) {
		require.NoError(t, err)
		account, err := rules.Explain(c, book.Now())
		require.NoError(t, err)
		var lines, shares itsm.Duration
		for i, l := range account.Lines {
			lines += l.Counted
			require.True(t, i == 0 || account.Lines[i-1].To.Equal(l.From), "no gap")
		}
		held, err := rules.Breakdown(c, "group", events[c.Of.ID], book.Now())
		require.NoError(t, err)
		for _, s := range held {
			shares += s.Elapsed
		}
		if c.State != sla.Running {
			require.Equal(t, c.Reading.Elapsed, lines, c.OfNumber)
		}
		require.Equal(t, account.Elapsed, lines, c.OfNumber)
		require.Equal(t, account.Elapsed, shares, c.OfNumber)
		clocks++
	}
	require.GreaterOrEqual(t, clocks, len(book.Cases))
}
