package sla_test

import (
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
)

func TestOverlap(t *testing.T) {
	june, july := monday.AddDate(0, 3, 0), monday.AddDate(0, 4, 0)
	mail, web := itsm.Ref{Kind: "service", ID: itsm.ID{1}}, itsm.Ref{Kind: "service", ID: itsm.ID{2}}
	type edit = func(a, b *sla.Agreement)
	for name, c := range map[string]struct {
		edit edit
		want bool
	}{
		"the same":                {func(a, b *sla.Agreement) {}, true},
		"of two types":            {func(a, b *sla.Agreement) { b.Type = sla.OLA }, false},
		"one after the other":     {func(a, b *sla.Agreement) { a.ValidUntil, b.ValidFrom = june, june }, false},
		"a month together":        {func(a, b *sla.Agreement) { a.ValidUntil, b.ValidFrom = july, june }, true},
		"one more specific":       {func(a, b *sla.Agreement) { b.Services = []itsm.Ref{mail} }, false},
		"two services":            {func(a, b *sla.Agreement) { a.Services, b.Services = []itsm.Ref{web}, []itsm.Ref{mail} }, false},
		"a service in common":     {func(a, b *sla.Agreement) { a.Services, b.Services = []itsm.Ref{web, mail}, []itsm.Ref{mail} }, true},
		"a group and a condition": {func(a, b *sla.Agreement) { a.Groups, b.Covers = []string{"desk"}, sla.Is("priority", "p1") }, false},
		"two conditions":          {func(a, b *sla.Agreement) { a.Covers, b.Covers = sla.Is("priority", "p1"), sla.Fact("vip", true) }, true},
		"conditions that exclude": {func(a, b *sla.Agreement) {
			a.Covers, b.Covers = sla.Is("priority", "p1"), sla.Is("priority", "p2", "p3")
		}, false},
		"conditions with a common": {func(a, b *sla.Agreement) {
			a.Covers, b.Covers = sla.Is("priority", "p1", "p2"), sla.Is("priority", "p2", "p3")
		}, true},
		"one and its opposite": {func(a, b *sla.Agreement) {
			a.Covers, b.Covers = sla.Is("priority", "p1"), sla.Not(sla.Is("priority", "p1", "p2"))
		}, false},
		"a value and none": {func(a, b *sla.Agreement) { a.Covers, b.Covers = sla.Is("group", "desk"), sla.Not(sla.Has("group")) }, false},
		"the zero value and none": {func(a, b *sla.Agreement) {
			a.Covers, b.Covers = sla.Is("reopenings", 0), sla.Not(sla.Has("reopenings"))
		}, true},
		"ranges apart": {func(a, b *sla.Agreement) {
			a.Covers, b.Covers = condition(t, `{"field":"reopenings","max":2}`), condition(t, `{"field":"reopenings","min":3}`)
		}, false},
		"ranges that touch": {func(a, b *sla.Agreement) {
			a.Covers, b.Covers = condition(t, `{"field":"reopenings","max":3}`), condition(t, `{"field":"reopenings","min":3}`)
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := agreement(t, resolution()), agreement(t, resolution())
			c.edit(&a, &b)
			require.Equal(t, c.want, sla.Overlap(&a, &b))
			require.Equal(t, c.want, sla.Overlap(&b, &a))
			_, err := sla.Compile(sla.Terms{Subjects: []sla.Subject{sla.IncidentSubject()}, Agreements: []sla.Agreement{a, b}})
			require.Equal(t, c.want, err != nil, "%v", err)
		})
	}
}

// Of several agreements that cover a record the more specific one counts, in whichever order they come.
func TestTheMoreSpecificWins(t *testing.T) {
	mail := itsm.Ref{Kind: "service", ID: itsm.ID{1, 6: 0x70, 8: 0x80}}
	all := []struct {
		title string
		edit  func(*sla.Agreement)
	}{
		{"everything", func(*sla.Agreement) {}},
		{"condition", func(a *sla.Agreement) { a.Covers = sla.Is("priority", "p3") }},
		{"group", func(a *sla.Agreement) { a.Groups = []string{"desk"} }},
		{"customer", func(a *sla.Agreement) { a.Customers = []string{"cleo"} }},
		{"service", func(a *sla.Agreement) { a.Services = []itsm.Ref{mail} }},
	}
	for n := range all {
		for _, up := range []bool{true, false} {
			var terms []sla.Agreement
			for _, x := range all[:n+1] {
				a := agreement(t, resolution())
				a.Title = x.title
				x.edit(&a)
				if terms = append(terms, a); !up {
					terms = append(terms[len(terms)-1:], terms[:len(terms)-1]...)
				}
			}
			r := compiled(t, terms...)
			h := newHouse(t, r)
			in := report()
			in.Service = mail
			account, err := r.Explain(h.clock(h.open(in)), h.now)
			require.NoError(t, err)
			require.Equal(t, all[n].title, account.Agreement)
		}
	}
}

// An absent value is the zero value of its field, and a change within a struct is a change of it.
func TestConditionsOverZeroValues(t *testing.T) {
	target := func(start sla.Condition) sla.Target {
		x := resolution()
		x.Start = start
		return x
	}
	for raw, want := range map[string]int{
		`{"field":"reopenings","in":[0]}`:        1,
		`{"field":"reopenings","max":2}`:         1,
		`{"field":"reopenings","min":1}`:         0,
		`{"field":"reopenings","in":[1]}`:        0,
		`{"field":"assignee","in":[""]}`:         1,
		`{"field":"first_contact","in":[false]}`: 1,
		`{"fact":"vip","in":[false]}`:            0,
		`{"changed":["hold"]}`:                   0,
	} {
		h := newHouse(t, compiled(t, agreement(t, target(condition(t, raw)))))
		require.Len(t, h.all(h.open(report())), want, raw)
	}
	h := newHouse(t, compiled(t, agreement(t, target(sla.Changed("hold")))))
	i := h.open(report())
	i = h.do(i, incident.PutOnHold{Reason: incident.ForSupplier, Text: "?"})
	require.Len(t, h.all(i), 1)

	x := resolution()
	x.Reset = sla.Changed("hold")
	h = newHouse(t, compiled(t, agreement(t, x)))
	i = h.open(report())
	i = h.do(i, incident.PutOnHold{Reason: incident.ForSupplier, Text: "?"})
	h.after(time.Hour)
	i = h.do(i, incident.PutOnHold{Reason: incident.ForSupplier, Text: "still", WakeAt: h.now.Add(time.Hour)})
	require.Equal(t, h.now, h.clock(i).Reading.StartedAt, "the wake-up time is a part of the hold")
}

// A clock that goes stays with its agreement while that covers the record, though a more specific one has come to cover it.
func TestClockStaysWithItsAgreement(t *testing.T) {
	general, special := agreement(t, resolution()), agreement(t, resolution())
	special.Title, special.Covers = "Low", sla.Is("urgency", "low")
	h := newHouse(t, compiled(t, general, special))
	i := h.open(report())
	was := h.clock(i).Reading.Agreement
	h.do(i, incident.Prioritise{Impact: incident.Medium, Urgency: incident.Low})
	require.Equal(t, was, h.clock(i).Reading.Agreement)
	require.Equal(t, hours(16), h.clock(i).Reading.Amount, "by its own terms for the new priority")
	low := report()
	low.Urgency = incident.Low
	require.NotEqual(t, was, h.clock(h.open(low)).Reading.Agreement)
}
