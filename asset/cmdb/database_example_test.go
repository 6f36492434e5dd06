package cmdb_test

import (
	"context"
	"fmt"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/store/memory"
)

// Items and relations are records of a store; the graph is made of what is in use.
func ExampleDatabase() {
	store := memory.New()
	db, err := cmdb.New(cmdb.Config{
		Items: memory.For(store, cmdb.ItemKind()), Relations: memory.For(store, cmdb.RelationKind()), Saver: store, Policy: itsm.AllowAll,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Tenant: "acme"})
	register := func(class, title string) cmdb.Item {
		x, err := db.Items.Open(ctx, cmdb.Register{Item: cmdb.Particulars{Class: class, Title: title}})
		if err != nil {
			fmt.Println(err)
		}
		return x
	}
	shop, web, host := register("service", "Shop"), register("virtual_machine", "web1"), register("server", "host3")
	for _, r := range [][2]cmdb.Item{{shop, web}, {web, host}} {
		if _, err := db.Connect(ctx, r[0].Ref(cmdb.ItemName), "runs_on", r[1].Ref(cmdb.ItemName)); err != nil {
			fmt.Println(err)
		}
	}

	live, err := db.Graph(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	impact, err := live.Impact(append(live.Out, host.Ref(cmdb.ItemName))...)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, step := range impact.Path(shop.Ref(cmdb.ItemName)) {
		x, err := db.Items.Get(ctx, step.Item.ID)
		if err != nil {
			fmt.Println(err)
		}
		fmt.Printf("%s is %s: %s\n", x.Title, step.State, x.Number)
	}
	// Output:
	// host3 is down: CI0000003
	// web1 is down: CI0000002
	// Shop is down: CI0000001
}
