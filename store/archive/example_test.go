package archive_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/archive"
	"github.com/itsmkit/itsm/store/memory"
)

// A store is written to a file and read into an empty one, which may be of another sort. A file that was changed is
// refused, and the store stays empty.
func Example() {
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann"})
	k := incident.Kind()
	store := memory.New()
	desk, err := itsm.NewDesk(k, itsm.Config[incident.Incident]{Repository: memory.For(store, k), Policy: itsm.AllowAll})
	if err != nil {
		panic(err)
	}
	inc, err := desk.Open(ctx, incident.Report{Title: "Mail is down", Impact: incident.High, Urgency: incident.High})
	if err != nil {
		panic(err)
	}

	var file bytes.Buffer
	if err := archive.Export(ctx, store, &file); err != nil {
		panic(err)
	}

	again := memory.New()
	desk, err = itsm.NewDesk(k, itsm.Config[incident.Incident]{Repository: memory.For(again, k), Policy: itsm.AllowAll})
	if err != nil {
		panic(err)
	}
	forged := strings.Replace(file.String(), "Mail is down", "All is well", 1)
	fmt.Println(archive.Verify(ctx, strings.NewReader(forged), k.Shape()) != nil, archive.Import(ctx, again, strings.NewReader(forged)) != nil)
	fmt.Println(archive.Import(ctx, again, &file))

	inc, err = desk.Do(ctx, inc.ID, incident.Start{})
	fmt.Println(inc.Number, inc.State, inc.Version, err)
	// Output:
	// true true
	// <nil>
	// INC0000001 in_progress 2 <nil>
}
