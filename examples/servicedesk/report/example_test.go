package report_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/itsmkit/itsm/examples/servicedesk/report"
)

// A builder is fed case by case; the report is a plain value.
func ExampleBuilder() {
	opened := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	b := report.NewBuilder("March", "the desk")
	for i, took := range []time.Duration{time.Hour, 2 * time.Hour, 51 * time.Hour} {
		b.Case(report.Case{
			Number: fmt.Sprint("INC", i+1), Opened: opened, Resolved: opened.Add(took), FinalState: "resolved",
			Path: []report.Visit{{State: "new", At: opened}, {State: "resolved", At: opened.Add(took)}},
		})
	}
	r := b.Report()
	fmt.Println(r.Cases, "cases, half within", r.ResolvedHours.P50, "and the longest", r.Longest[0].Number, r.Longest[0].Hours)
	fmt.Println(r.Transitions)
	// Output:
	// 3 cases, half within 2 h and the longest INC3 2 d 3 h
	// [{new resolved 3}]
}

// The JSON rounds hours to four decimals; nothing before it does.
func ExampleResolution() {
	opened := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	b := report.NewBuilder("", "")
	b.Case(report.Case{Opened: opened, Resolved: opened.Add(20 * time.Minute), Priority: "2 - High"})
	text, err := json.Marshal(b.Report().ResolvedHours)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(string(text))
	// Output: {"n":1,"p50":0.3333,"p90":0.3333,"by_priority":{"2 - High":{"n":1,"p50":0.3333,"p90":0.3333}}}
}

func ExampleHours() {
	fmt.Println(report.HoursOf(45*time.Minute), "·", report.Hours(2.5), "·", report.Hours(76), "·", report.Hours(8070))
	// Output: 45 min · 2 h 30 min · 3 d 4 h · 336 d
}

func ExamplePercentile() {
	hours := []float64{15, 20, 35, 40, 50}
	fmt.Println(report.Percentile(hours, 0.4), report.Percentile(hours, 0.5))
	// Output: 29 35
}
