package casebook_test

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/incident"
)

// What was worked on is summed up by what the desk has stored.
func Example() {
	ctx := casebook.System(context.Background())
	book, err := casebook.New(incident.Kind(), 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	nine := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	c, err := book.Open(ctx, casebook.Entry{At: nine, By: "Ada"}, incident.Report{
		Title: "Mail is down", Impact: incident.High, Urgency: incident.High, Service: book.Ref("service", "Mail"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	book.Settle(c, nine)
	ten := nine.Add(time.Hour)
	if err := book.Do(ctx, c, casebook.Entry{At: ten, By: "Bo"}, incident.Resolve{Code: incident.Fixed, Text: "Restarted the relay"}); err != nil {
		fmt.Println(err)
		return
	}
	book.Settle(c, ten)
	r, err := book.Report(ctx, casebook.Heading{Title: "March"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Cases, "case,", r.Transitions, "half within", r.ResolvedHours.P50)
	for _, e := range r.History.Events {
		fmt.Println(e.Time.Format("15:04"), e.Actor, e.Action, e.From, "→", e.To)
	}
	fmt.Println(r.History.Events[0].Changes[4])
	// Output:
	// 1 case, [{new resolved 1}] half within 1 h
	// 09:00 Ada report  → new
	// 10:00 Bo resolve new → resolved
	// {service  service Mail}
}
