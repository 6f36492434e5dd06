package levels_test

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/levels"
	"github.com/itsmkit/itsm/incident"
)

func Example() {
	ctx := casebook.System(context.Background())
	book, err := casebook.New(incident.Kind(), 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	nine := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) // a Monday
	c, err := book.Open(ctx, casebook.Entry{At: nine, By: "Ada", Number: "INC1"},
		incident.Report{Title: "Mail is down", Impact: incident.High, Urgency: incident.High})
	if err == nil {
		err = book.Do(ctx, c, casebook.Entry{At: nine.Add(5 * time.Hour), By: "Bo"}, incident.Resolve{Code: "fixed", Text: "Disk replaced."})
	}
	if err == nil {
		err = book.Save(ctx)
	}
	terms, failed := levels.Standard("UTC")
	if err != nil || failed != nil {
		fmt.Println(err, failed)
		return
	}
	kept, err := levels.Keep(ctx, book, terms, levels.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	part, _, err := kept.Report(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range part.Misses {
		fmt.Println(m.Number, m.Target, m.Elapsed, "of", m.Amount)
	}
	// Output:
	// INC1 Time to respond 5 h of 15 min
	// INC1 Time to resolve 5 h of 4 h
}
