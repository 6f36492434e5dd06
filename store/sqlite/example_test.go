package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/sqlite"
)

// A desk on a file: what it stored is there when the file is opened again.
func Example() {
	folder, err := os.MkdirTemp("", "desk")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder) //nolint:errcheck // it is the operating system's to clean
	ctx := itsm.System(context.Background(), "acme")
	var id itsm.ID
	for _, run := range []string{"first", "second"} {
		store, err := sqlite.Open(ctx, filepath.Join(folder, "desk.db"), sqlite.Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		desk, err := itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{
			Repository: sqlite.For(store, incident.Kind()), Policy: itsm.AllowAll,
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		var rec incident.Incident
		if run == "first" {
			rec, err = desk.Open(ctx, incident.Report{Title: "Mail does not arrive", Channel: incident.Phone, Caller: "ann", Impact: incident.High, Urgency: incident.Low})
			id = rec.ID
		} else {
			rec, err = desk.Do(ctx, id, incident.Assign{Group: "messaging"})
		}
		fmt.Println(run, rec.Number, rec.State, rec.Version, err)
		if err := store.Close(); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// first INC0000001 new 1 <nil>
	// second INC0000001 new 2 <nil>
}
