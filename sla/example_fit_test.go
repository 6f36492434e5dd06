package sla_test

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm/sla"
)

// Verdicts that somebody made by a rule that nobody remembers: less than eight hours of Monday to Friday, 8 to 18.
func ExampleFit() {
	var cases []sla.FitCase
	for day := 2; day < 30; day++ {
		for hour := range 24 {
			opened := time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC)
			for _, open := range []int{3, 7, 8, 9, 10, 13, 17, 21, 22, 24, 30, 46, 64, 70} {
				closed := opened.Add(time.Duration(open) * time.Hour)
				worked := 0
				for at := opened; at.Before(closed); at = at.Add(time.Hour) {
					if at.Hour() >= 8 && at.Hour() < 18 && at.Weekday() != time.Saturday && at.Weekday() != time.Sunday {
						worked++
					}
				}
				cases = append(cases, sla.FitCase{Opened: opened, Priority: "p1", Met: worked < 8,
					Marks: map[string]time.Time{"opened": opened, "closed": closed}})
			}
		}
	}
	fitted, err := sla.Fit(context.Background(), cases, sla.FitOptions{Holdout: true})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s, from %s to %s\n", fitted.Hours, fitted.Start, fitted.Stop)
	for _, p := range fitted.ByPriority {
		fmt.Printf("%s: %s (from %s, below %s)\n", p.Priority, p.Amount, p.Least, p.Below)
	}
	fmt.Printf("%d of %d explained, of the later half %d of %d\n", fitted.All.Agree, fitted.All.Cases, fitted.Later.Agree, fitted.Later.Cases)
	if _, err := sla.Compile(fitted.Terms()); err != nil { // the terms are ready to use
		panic(err)
	}
	// Output:
	// Mon-Fri 08:00-18:00, from opened to closed
	// p1: PT7H30M (from PT7H0.001S, below PT8H)
	// 9408 of 9408 explained, of the later half 4704 of 4704
}
