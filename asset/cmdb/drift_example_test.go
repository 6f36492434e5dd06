package cmdb_test

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/store/memory"
)

// A baseline is authorised. Then a change is made, and somebody turns a knob without one.
func ExampleDatabase_Drift() {
	store, now := memory.New(), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	d, err := cmdb.New(cmdb.Config{Items: memory.For(store, cmdb.ItemKind()), Relations: memory.For(store, cmdb.RelationKind()),
		Baselines: memory.For(store, cmdb.BaselineKind()), Saver: store, Policy: itsm.AllowAll, Clock: func() time.Time { return now }})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann"})
	web, _ := d.Items.Open(ctx, cmdb.Register{Item: cmdb.Particulars{Class: "server", Title: "web1", Environment: "production"}})
	shop, _ := d.Items.Open(ctx, cmdb.Register{Item: cmdb.Particulars{Class: "service", Title: "shop", Environment: "production"}})
	runs, _ := d.Connect(ctx, shop.Ref(cmdb.ItemName), "depends_on", web.Ref(cmdb.ItemName))

	base, err := d.TakeBaseline(ctx, cmdb.ProposeBaseline{Title: "production", Scope: cmdb.Scope{Environments: []string{"production"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	base, _ = d.AuthoriseBaseline(ctx, base.ID, itsm.ID{})
	fmt.Println(base.Number, base.State, "holds", base.Seal.Items, "items and", base.Seal.Relations, "relation")

	now = now.Add(24 * time.Hour)
	more := func(cores int) cmdb.Edit {
		values, _ := itsm.AttributesOf(map[string]any{"cores": cores, "location": "Oslo"})
		return cmdb.Edit{Values: values}
	}
	_, _ = d.Items.Do(ctx, web.ID, more(8))
	_, _ = d.Relations.Do(ctx, runs.ID, cmdb.Disconnect{Reason: "to try something"})

	drift, err := d.Drift(ctx, cmdb.DriftQuery{Baseline: base.ID, Explained: []cmdb.Window{{
		Change: itsm.Ref{Kind: "change", ID: itsm.ID{15: 1}}, Items: []itsm.Ref{web.Ref(cmdb.ItemName)},
		From: now, Until: now.Add(time.Hour), Fields: []string{"specification"}}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("the change request explains", drift.Explained[0].Changes, "change")
	for _, c := range drift.Changes {
		fmt.Printf("drift: %s %s %s -> %s by %s\n", c.Number, c.Field, c.From, c.To, c.Actor.ID)
	}
	proof, _ := d.Verify(ctx, base.ID)
	fmt.Println("the baseline holds:", proof.Holds)
	// Output:
	// BL0000001 authorised holds 2 items and 1 relation
	// the change request explains 1 change
	// drift: CI0000001 location  -> "Oslo" by ann
	// drift: REL0000001 relations.depends_on.state "active" -> "ended" by ann
	// the baseline holds: true
}
