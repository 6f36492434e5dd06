package sla_test

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/sla"
)

// A week's incidents under the hours of today, and under longer ones for the same promise.
func ExampleWhatIf() {
	terms := func(opens, closes string) *sla.Rules {
		hours, err := sla.HoursOf(calendar.Definition{Zone: "Europe/Berlin", Hours: calendar.Hours{}.Add(opens, closes, calendar.Weekdays...)})
		if err != nil {
			panic(err)
		}
		rules, err := sla.Compile(sla.Terms{
			Subjects: []sla.Subject{sla.IncidentSubject()},
			Agreements: []sla.Agreement{{Title: "Support", Type: sla.SLA, Edition: 1, Kind: "incident",
				Targets:   []sla.Target{sla.ResolutionTarget(sla.Amount{Working: itsm.Duration(8 * time.Hour)})},
				Calendars: []sla.Calendar{{Name: "support", Hours: hours}}}},
		})
		if err != nil {
			panic(err)
		}
		return rules
	}
	at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC) }
	var events []itsm.Event
	for i, resolved := range []time.Time{at(2, 16), at(3, 9), at(3, 17)} {
		of := itsm.Ref{Kind: "incident", ID: itsm.ID{15: byte(i + 1)}}
		number := fmt.Sprintf("INC%d", i+1)
		events = append(events,
			itsm.Event{Subject: of, Version: 1, Number: number, Action: "report", To: "new", Time: at(2, 10)},
			itsm.Event{Subject: of, Version: 2, Number: number, Action: "resolve", From: "new", To: "resolved", Time: resolved})
	}

	history, err := sla.HistoryOf(events)
	if err != nil {
		panic(err)
	}
	outcomes, err := sla.WhatIf(context.Background(), history, []sla.Alternative{
		{Name: "9 to 17", Rules: terms("09:00", "17:00")},
		{Name: "8 to 20", Rules: terms("08:00", "20:00")},
	}, 2)
	if err != nil {
		panic(err)
	}
	for _, o := range outcomes {
		t := o.Targets[0]
		fmt.Printf("%s: %d met, %d missed\n", o.Name, t.Met, t.Missed)
	}
	for _, d := range sla.Compare(&outcomes[0], &outcomes[1]) {
		fmt.Println(d)
		account, err := outcomes[1].Explain(*d.Other)
		if err != nil {
			panic(err)
		}
		fmt.Print(account)
	}
	// Output:
	// 9 to 17: 2 met, 1 missed
	// 8 to 20: 1 met, 2 missed
	// INC2 resolution: met, PT7H of PT8H -> missed, PT11H of PT8H, due 2026-03-02T18:00:00Z (differs in elapsed)
	// resolution of INC2 under Support: missed, PT11H of PT8H, breached at Mon 2026-03-02 19:00:00
	// Mon 2026-03-02 11:00:00  Mon 2026-03-02 20:00:00  open  PT9H
	// Mon 2026-03-02 20:00:00  Tue 2026-03-03 00:00:00  closed
	// Tue 2026-03-03 00:00:00  Tue 2026-03-03 08:00:00  closed
	// Tue 2026-03-03 08:00:00  Tue 2026-03-03 10:00:00  open  PT2H
}
