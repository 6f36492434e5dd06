package postgres_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/postgres"
)

// A row of the host's own and an incident are kept together, or neither is. It needs a server, so that it is only compiled
// with the tests.
func Example() {
	ctx := itsm.System(context.Background(), "acme")
	store, err := postgres.Open(ctx, os.Getenv("DATABASE_URL"), postgres.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	kind := incident.Kind()
	desk, err := itsm.NewDesk(kind, itsm.Config[incident.Incident]{Repository: postgres.For(store, kind), Policy: itsm.AllowAll})
	if err == nil {
		err = store.Migrate(ctx)
	}
	if err != nil {
		log.Print(err)
		return
	}
	err = store.InTx(ctx, func(ctx context.Context) error {
		rec, err := desk.Open(ctx, incident.Report{Title: "mail is down", Impact: incident.High, Urgency: incident.High})
		if err != nil {
			return err
		}
		_, err = store.Tx(ctx).Exec(ctx, "INSERT INTO calls (incident, line) VALUES ($1, $2)", rec.Number, "4711")
		return err
	})
	fmt.Println(err)
}
