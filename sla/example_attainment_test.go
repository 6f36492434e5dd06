package sla_test

import (
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/sla"
)

// decided are clocks of March: 17 of 20 were met by the desk, all of 5 by the network group.
func decided() func(func(sla.Clock, error) bool) {
	return func(yield func(sla.Clock, error) bool) {
		for i := range 25 {
			state, group := sla.Met, "desk"
			if i < 3 {
				state = sla.Missed
			} else if i >= 20 {
				group = "network"
			}
			c := sla.Clock{Header: itsm.Header{State: state}, Reading: sla.Reading{Type: sla.SLA, Target: "resolution", Group: group,
				StoppedAt: time.Date(2026, 3, 1+i, 12, 0, 0, 0, time.UTC)}}
			if !yield(c, nil) {
				return
			}
		}
	}
}

// Attainment is told by period and by what one likes. In a host the clocks come from the desk: clocks.All(ctx, query).
func ExampleAttain() {
	rows, err := sla.Attain(decided(), sla.AttainOptions{Now: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), Zone: "Europe/Berlin",
		By: []sla.Dimension{sla.PerGroup}})
	if err != nil {
		panic(err)
	}
	for _, r := range rows {
		rate, _ := r.Rate()
		fmt.Printf("%s %-8s %d of %d met: %d.%02d %%\n", r.Period, r.Group, r.Met, r.Counted(), rate/100, rate%100)
	}
	// Output:
	// 2026-03 desk     17 of 20 met: 85.00 %
	// 2026-03 network  5 of 5 met: 100.00 %
}

// Of the steps that apply the lowest one counts alone.
func ExampleCredits() {
	rows, err := sla.Attain(decided(), sla.AttainOptions{Now: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		panic(err)
	}
	due, err := sla.Credits(sla.Agreement{Type: sla.SLA, Goal: 9500, Fee: money.Must(money.Parse("2000.00", money.EUR)),
		Credits: []sla.Credit{{Below: 9500, Share: 500}, {Below: 9000, Share: 1000}, {Below: 8000, Share: 2500}}}, rows, money.HalfEven)
	if err != nil {
		panic(err)
	}
	for _, d := range due {
		rate, _ := d.Attained.Rate()
		fmt.Printf("%s %d.%02d %%, missed %t: %s\n", d.Attained.Period, rate/100, rate%100, d.Missed, d.Amount)
	}
	// Output:
	// 2026-03 88.00 %, missed true: 200.00 EUR
}
