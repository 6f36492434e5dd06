// Quickstart is the smallest program of the README.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/memory"
)

func main() {
	desk, err := itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{
		Repository: memory.For(memory.New(), incident.Kind()), Policy: itsm.AllowAll,
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann"})

	inc, err := desk.Open(ctx, incident.Report{Title: "Mail is down", Impact: incident.High, Urgency: incident.High})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(inc.Number, inc.State, inc.Priority)

	inc, err = desk.Do(ctx, inc.ID, incident.Assign{Group: "messaging", To: "bo"}, itsm.IfVersion(inc.Version))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(inc.State, inc.Group, inc.Assignee)

	_, err = desk.Do(ctx, inc.ID, incident.Prioritise{Impact: "huge"})
	fmt.Println(err) // each field, and what it may be

	buttons, err := desk.Options(ctx, inc)
	if err != nil {
		log.Fatal(err)
	}
	for _, b := range buttons[2:6] {
		fmt.Println(b.Action, b.Allowed, b.Why) // why a button is grey
	}
}
