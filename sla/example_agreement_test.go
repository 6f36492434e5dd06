package sla_test

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/sla"
	"github.com/itsmkit/itsm/store/memory"
)

// officeHours are nine to five in Berlin.
func officeHours() sla.WorkingHours {
	h, err := sla.HoursOf(calendar.Definition{Zone: "Europe/Berlin", Hours: calendar.Hours{}.Add("09:00", "17:00", calendar.Weekdays...)})
	if err != nil {
		panic(err)
	}
	return h
}

// gold is what is promised.
func gold() sla.Clauses {
	return sla.Clauses{Title: "Gold", Type: sla.SLA, Kind: incident.Name, Customers: []string{"cleo"},
		Targets:   []sla.Target{sla.ResolutionTarget(sla.ByPriority(2*time.Hour, 4*time.Hour, 8*time.Hour, 16*time.Hour, 40*time.Hour)...)},
		Calendars: []sla.Calendar{{Name: "office", Hours: officeHours()}},
		Goal:      9500, Fee: money.Must(money.Parse("2000.00", money.EUR)),
		Credits:     []sla.Credit{{Below: 9500, Share: 500}, {Below: 9000, Share: 1000}},
		ReviewEvery: itsm.Period{Months: 12}}
}

// An agreement is drafted, offered and signed. What is signed never changes: new terms are another edition, which holds
// from the day on which the old one is superseded.
func Example_agreement() {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	kind, err := sla.NewAgreementKind(incident.Kind().Describe()) // conditions are checked against the incident
	if err != nil {
		panic(err)
	}
	repository := memory.For(memory.New(), kind)
	desk, err := itsm.NewDesk(kind, itsm.Config[sla.Agreement]{Repository: repository, Policy: itsm.AllowAll,
		Clock: func() time.Time { return now }, Facts: sla.AgreementFacts(repository)})
	if err != nil {
		panic(err)
	}
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "sam", Tenant: "acme"})
	do := func(a sla.Agreement, actions ...itsm.Action[sla.Agreement]) sla.Agreement {
		for _, action := range actions {
			var err error
			if a, err = desk.Do(ctx, a.ID, action); err != nil {
				fmt.Println(err)
			}
		}
		return a
	}

	first, err := desk.Open(ctx, sla.Draft{Terms: gold()})
	if err != nil {
		panic(err)
	}
	first = do(first, sla.Offer{}, sla.Sign{By: "cleo"})
	fmt.Println(first.Number, "edition", first.Edition, first.State, "from", first.ValidFrom.Format(time.DateOnly))
	do(first, sla.Edit{Terms: gold()})

	terms := first.Clauses()
	terms.ValidFrom = now.AddDate(0, 4, 0)
	terms.Targets[0].Amounts[0].Working = itsm.Duration(time.Hour)
	second, err := desk.Open(ctx, sla.Revise{Supersedes: first.Ref(sla.AgreementName), Terms: terms})
	if err != nil {
		panic(err)
	}
	do(second, sla.Offer{}, sla.Sign{By: "cleo"})
	do(first, sla.Supersede{At: terms.ValidFrom})
	second = do(second, sla.Sign{By: "cleo"})
	fmt.Println(second.Number, "edition", second.Edition, second.State, "from", second.ValidFrom.Format(time.DateOnly))

	now = terms.ValidFrom
	expired, err := sla.SweepAgreements(itsm.System(ctx, "acme"), desk, now)
	fmt.Println(expired, "expired", err)
	all, err := sla.TermsOf(ctx, desk, sla.IncidentSubject())
	fmt.Println(len(all.Agreements), "editions for the clocks", err)
	// Output:
	// AGR0000001 edition 1 active from 2026-03-02
	// agreement AGR0000001: edit: not allowed: signed (at 2026-03-02T09:00:00Z, want another edition)
	// agreement: sign: invalid: overlaps (agreement AGR0000001, edition 1, title Gold)
	// AGR0000002 edition 2 active from 2026-07-02
	// 1 expired <nil>
	// 2 editions for the clocks <nil>
}

// A mistake in a condition is named with its place, and with what may have been meant.
func ExampleCheckAgreement() {
	target := sla.ResolutionTarget(sla.Amount{Working: itsm.Duration(8 * time.Hour)}, sla.Amount{})
	target.Pause = sla.Is("hold.raeson", "caller")
	err := sla.CheckAgreement(incident.Kind().Describe(), sla.Agreement{Title: "Gold", Type: sla.SLA, Kind: incident.Name,
		Targets: []sla.Target{target}, Calendars: []sla.Calendar{{Name: "office", Hours: officeHours()}}})
	fmt.Println(err)
	// Output:
	// agreement: invalid: targets[0].amounts[1].working: required (want working time or days, more than none); targets[0].pause: unknown field (near hold.reason, value hold.raeson)
}

// Two groups that may take five hours each cannot keep eight hours together.
func ExampleSupport() {
	ola := func(group string) sla.Agreement {
		return sla.Agreement{Title: group, Type: sla.OLA, Kind: incident.Name, Groups: []string{group},
			Targets:   []sla.Target{sla.GroupTarget(sla.Amount{Working: itsm.Duration(5 * time.Hour)})},
			Calendars: []sla.Calendar{{Name: "office", Hours: officeHours()}}}
	}
	customers := sla.Agreement{Title: "Gold", Type: sla.SLA, Kind: incident.Name,
		Targets:   []sla.Target{sla.ResolutionTarget(sla.Amount{Working: itsm.Duration(8 * time.Hour)})},
		Calendars: []sla.Calendar{{Name: "office", Hours: officeHours()}}}
	for _, f := range sla.Support(customers, []sla.Agreement{ola("desk"), ola("network")}) {
		fmt.Println(f.Target, f.Code, "-", f.Text)
	}
	// Output:
	// resolution sum - 2 groups and suppliers may take PT10H together (desk PT5H, network PT5H), the customer has PT8H
}
