package postgres_test

import (
	"context"
	"log"
	"os"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/postgres"
)

// printer is a handler that prints what has happened.
type printer struct{}

func (printer) Consumer() string { return "printer" }
func (printer) Kinds() []string  { return nil }
func (printer) Handle(_ context.Context, events []itsm.Event) (int, error) {
	return itsm.Each(events, func(e itsm.Event) error {
		log.Print(e.Subject, " ", e.Action)
		return nil
	})
}

// One of many processes that do the same: one of them hands the events to a handler, as soon as they are there, and all of
// them sweep. It needs a server, so that it is only compiled with the tests.
func ExampleStore_Wait() {
	ctx := context.Background()
	store, err := postgres.Open(ctx, os.Getenv("DATABASE_URL"), postgres.Options{Notify: true})
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	kind := incident.Kind()
	sweeper, err := itsm.NewDesk(kind, itsm.Config[incident.Incident]{Repository: postgres.Shared(store, kind, postgres.Share{}), Policy: itsm.AllowAll})
	if err == nil {
		err = store.Migrate(ctx)
	}
	if err != nil {
		log.Print(err)
		return
	}
	go func() {
		for ; ctx.Err() == nil; time.Sleep(time.Minute) {
			if _, err := incident.Sweep(itsm.System(ctx, "acme"), sweeper, time.Now()); err != nil {
				log.Print(err) // the others are done
			}
		}
	}()
	relay := itsm.NewRelay(store)
	err = store.Lead(ctx, "printer", 30*time.Second, time.Second, func(ctx context.Context) (err error) {
		var seen itsm.Position
		for err == nil {
			if failures := relay.Run(ctx, printer{}); failures != nil {
				log.Print(failures) // such events are tried again
			}
			seen, err = store.Wait(ctx, seen, 10*time.Second)
		}
		return err
	})
	log.Print(err)
}
