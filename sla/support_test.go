package sla_test

import (
	"testing"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
)

// operational is an agreement with a group, over office hours.
func operational(t require.TestingT, group string, amounts ...sla.Amount) sla.Agreement {
	a := agreement(t, sla.GroupTarget(amounts...))
	a.Type, a.Title = sla.OLA, "With "+group
	if group != "" {
		a.Groups = []string{group}
	}
	return a
}

func codes(found []sla.Finding) []string {
	var out []string
	for _, f := range found {
		out = append(out, f.Target+" "+f.Code)
	}
	return out
}

func TestSupport(t *testing.T) {
	work := func(n float64) sla.Amount { return sla.Amount{Working: hours(n)} }
	when := func(c sla.Condition, a sla.Amount) sla.Amount { a.When = c; return a }
	p1 := sla.Is("priority", "p1")
	half, err := sla.HoursOf(calendar.Definition{Zone: "UTC", Hours: calendar.Hours{}.Add("09:00", "13:00", calendar.Weekdays...)})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		customer sla.Target
		edit     func(sla *sla.Agreement, others []sla.Agreement)
		others   []sla.Agreement
		want     []string
	}{
		"nothing underneath": {customer: sla.ResolutionTarget(work(8))},
		"they fit": {customer: sla.ResolutionTarget(work(8)),
			others: []sla.Agreement{operational(t, "desk", work(3)), operational(t, "network", work(5))}},
		"one is longer": {customer: sla.ResolutionTarget(work(8)),
			others: []sla.Agreement{operational(t, "desk", work(9))}, want: []string{"resolution longer"}},
		"one is far longer": {customer: sla.ResolutionTarget(work(8)), edit: func(_ *sla.Agreement, o []sla.Agreement) {
			far := sla.Factor{When: sla.Always(), Percent: 10_000}
			o[0].Targets[0].Factors = []sla.Factor{far, far, far}
		}, others: []sla.Agreement{operational(t, "desk", work(8))}, want: []string{"resolution longer"}},
		"together they are": {customer: sla.ResolutionTarget(work(8)),
			others: []sla.Agreement{operational(t, "desk", work(4)), operational(t, "network", work(5))}, want: []string{"resolution sum"}},
		"only for P1": {customer: sla.ResolutionTarget(when(p1, work(2)), work(8)),
			others: []sla.Agreement{operational(t, "desk", work(3))}, want: []string{"resolution longer"}},
		"P1 by itself": {customer: sla.ResolutionTarget(when(p1, work(2)), work(8)),
			others: []sla.Agreement{operational(t, "desk", when(p1, work(1)), work(3))}},
		"more for another priority": {customer: sla.ResolutionTarget(when(p1, work(9)), work(4)),
			others: []sla.Agreement{operational(t, "desk", when(p1, work(8)), work(3))}},
		"an amount that never counts": {customer: sla.ResolutionTarget(work(9), work(4)),
			others: []sla.Agreement{operational(t, "desk", work(8))}},
		"another priority": {customer: sla.ResolutionTarget(when(p1, work(2))),
			others: []sla.Agreement{operational(t, "desk", when(sla.Is("priority", "p2"), work(3)))}},
		"another target": {customer: sla.ResponseTarget(work(1)),
			others: []sla.Agreement{operational(t, "desk", work(3))}},
		"another kind": {customer: sla.ResolutionTarget(work(1)), edit: func(_ *sla.Agreement, o []sla.Agreement) { o[0].Kind = "change" },
			others: []sla.Agreement{operational(t, "desk", work(3))}},
		"half for somebody": {customer: sla.ResolutionTarget(work(8)),
			edit: func(a *sla.Agreement, _ []sla.Agreement) {
				a.Targets[0].Factors = []sla.Factor{{When: sla.Fact("vip", true), Percent: 50}}
			},
			others: []sla.Agreement{operational(t, "desk", work(5))}, want: []string{"resolution longer"}},
		"half for both": {customer: sla.ResolutionTarget(work(8)),
			edit: func(a *sla.Agreement, o []sla.Agreement) {
				a.Targets[0].Factors = []sla.Factor{{When: sla.Fact("vip", true), Percent: 50}}
				o[0].Targets[0].Factors = a.Targets[0].Factors
			},
			others: []sla.Agreement{operational(t, "desk", work(5))}},
		"within it": {customer: sla.ResolutionTarget(work(8)),
			edit:   func(_ *sla.Agreement, o []sla.Agreement) { o[0].Targets[0].Within = "resolution" },
			others: []sla.Agreement{operational(t, "desk", work(20))}},
		"a fair share of it": {customer: sla.ResolutionTarget(work(8)),
			edit: func(_ *sla.Agreement, o []sla.Agreement) {
				o[0].Targets[0].Within, o[0].Targets[0].FairShare = "resolution", 50 // 10 h
			},
			others: []sla.Agreement{operational(t, "desk", work(20))}, want: []string{"resolution longer"}},
		"fewer hours": {customer: sla.ResolutionTarget(work(8)),
			edit:   func(_ *sla.Agreement, o []sla.Agreement) { o[0].Calendars[0].Hours = half },
			others: []sla.Agreement{operational(t, "desk", work(3))}, want: []string{"resolution fewer_hours"}},
		"two working days": {customer: sla.ResolutionTarget(work(16)), // from Monday nine to the close of Wednesday: 24 h
			others: []sla.Agreement{operational(t, "desk", sla.Amount{Days: 2})}, want: []string{"resolution longer"}},
		"ends first": {customer: sla.ResolutionTarget(work(8)),
			edit:   func(_ *sla.Agreement, o []sla.Agreement) { o[0].ValidUntil = monday },
			others: []sla.Agreement{operational(t, "desk", work(3))}, want: []string{"resolution ends_first"}},
		"a group without": {customer: sla.ResolutionTarget(work(8)),
			edit:   func(a *sla.Agreement, _ []sla.Agreement) { a.Groups = []string{"desk", "network"} },
			others: []sla.Agreement{operational(t, "desk", work(3))}, want: []string{" no_ola"}},
		"one for all groups": {customer: sla.ResolutionTarget(work(8)),
			edit:   func(a *sla.Agreement, _ []sla.Agreement) { a.Groups = []string{"desk", "network"} },
			others: []sla.Agreement{operational(t, "", work(3))}},
	} {
		t.Run(name, func(t *testing.T) {
			a := agreement(t, c.customer)
			if c.edit != nil {
				c.edit(&a, c.others)
			}
			require.Equal(t, c.want, codes(sla.Support(a, c.others)), "%v", sla.Support(a, c.others))
		})
	}
}

// A supplier's contract counts beside the groups, if it says within what it lies.
func TestSupportOfASupplier(t *testing.T) {
	uc := agreement(t, sla.SupplierTarget(sla.Amount{Working: hours(6)}))
	uc.Type, uc.Title = sla.UC, "Carrier"
	a := agreement(t, sla.ResolutionTarget(sla.Amount{Working: hours(8)}))
	others := []sla.Agreement{operational(t, "desk", sla.Amount{Working: hours(3)}), uc}
	require.Empty(t, sla.Support(a, others))
	uc.Targets[0].Within, uc.Targets[0].FairShare = "resolution", 100
	require.Equal(t, []sla.Finding{{Target: "resolution", Code: sla.FindSum,
		Text: "2 groups and suppliers may take PT9H together (Carrier PT6H, desk PT3H), the customer has PT8H"}}, sla.Support(a, others))
}

// What cannot be kept is noted when the agreement is signed, on the record and on its event; whichever is signed last.
func TestFindingsOfASignature(t *testing.T) {
	long := operational(t, "desk", sla.Amount{Working: hours(9)}).Clauses()
	customers := clauses(t, sla.ResolutionTarget(sla.Amount{Working: hours(8)}))
	want := []sla.Finding{{Target: "resolution", Code: sla.FindLonger}}
	for name, terms := range map[string][2]sla.Clauses{"the customer's": {long, customers}, "the group's": {customers, long}} {
		t.Run(name, func(t *testing.T) {
			b := newBureau(t)
			require.Empty(t, b.sign(terms[0]).Findings)
			g := b.sign(terms[1])
			want[0].Text = "group_time of OLA AGR0000001 may take PT9H, the customer has PT8H"
			if terms[1].Type == sla.OLA {
				want[0].Text = "group_time of OLA AGR0000002 may take PT9H, the customer has PT8H"
			}
			require.Equal(t, want, g.Findings)
			events := b.history(g)
			last := events[len(events)-1]
			require.Equal(t, "sign", last.Action)
			require.Equal(t, []string{"findings"}, []string{last.Facts[0].Name})
			require.JSONEq(t, `[{"target":"resolution","code":"longer","text":"`+want[0].Text+`"}]`, string(last.Facts[0].Value))
		})
	}
}
