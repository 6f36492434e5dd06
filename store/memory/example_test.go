package memory_test

import (
	"bytes"
	"context"
	"fmt"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/archive"
	"github.com/itsmkit/itsm/store/memory"
)

// What a store holds can be written to a file and read into an empty store.
func ExampleStore_Load() {
	k := incident.Kind()
	store := memory.New()
	desk := deskOn(store, k)
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann"})
	inc, err := desk.Open(ctx, incident.Report{Title: "Mail is down", Impact: incident.High, Urgency: incident.High})
	if err != nil {
		panic(err)
	}

	var file bytes.Buffer
	if err := archive.Export(ctx, store, &file); err != nil {
		panic(err)
	}
	again := memory.New()
	desk = deskOn(again, k) // the kinds first, so that their indexes are built
	if err := archive.Import(ctx, again, &file); err != nil {
		panic(err)
	}
	inc, err = desk.Do(ctx, inc.ID, incident.Start{})
	fmt.Println(inc.Number, inc.State, inc.Version, err)
	// Output:
	// INC0000001 in_progress 2 <nil>
}

// Several records change together, or none of them.
func ExampleStore_InTx() {
	store := memory.New()
	desk := deskOn(store, incident.Kind())
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann"})
	err := store.InTx(ctx, func(ctx context.Context) error {
		if _, err := desk.Open(ctx, incident.Report{Title: "Mail is down", Impact: incident.High, Urgency: incident.High}); err != nil {
			return err
		}
		_, err := desk.Open(ctx, incident.Report{Title: "No impact is given"})
		return err
	})
	fmt.Println(err)
	counts, err := desk.Count(ctx, itsm.Query[incident.Incident]{})
	fmt.Println(counts.Total, err)
	// Output:
	// incident: report: invalid: impact: required; urgency: required
	// 0 <nil>
}

func deskOn(s *memory.Store, k *itsm.Kind[incident.Incident]) *itsm.Desk[incident.Incident] {
	desk, err := itsm.NewDesk(k, itsm.Config[incident.Incident]{Repository: memory.For(s, k), Policy: itsm.AllowAll})
	if err != nil {
		panic(err)
	}
	return desk
}
