package year_test

import (
	"context"
	"fmt"

	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/year"
	"github.com/itsmkit/itsm/simulate"
)

// A year of a small desk, from the stories to the report.
func ExampleRun() {
	ctx := context.Background()
	cases, err := simulate.Year(simulate.Options{Seed: 1, Incidents: 1000})
	if err != nil {
		fmt.Println(err)
		return
	}
	book, err := year.Run(ctx, cases, year.Options{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := book.Report(casebook.System(ctx), casebook.Heading{Title: "A year"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Cases, "cases, half resolved within", r.ResolvedHours.P50)
	fmt.Println(r.ReopenedCases, "reopened,", r.FirstContact, "resolved in the first contact, ended", r.FinalStates)
	// Output:
	// 1000 cases, half resolved within 1 d 20 h
	// 13 reopened, 88 resolved in the first contact, ended map[closed:1000]
}
