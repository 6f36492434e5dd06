package cmdb_test

import (
	"fmt"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// A shop runs on two web servers, needs one of them, and its database. All are connected through one switch, but for
// the second web server.
func Example() {
	ref := func(kind string, n byte) itsm.Ref { return itsm.Ref{Kind: kind, ID: itsm.ID{15: n}} }
	shop, agreement := ref("service", 1), ref("agreement", 1)
	web1, web2, database, switch1, switch2 := ref("item", 1), ref("item", 2), ref("item", 3), ref("item", 4), ref("item", 5)
	names := map[itsm.Ref]string{shop: "shop", agreement: "gold agreement", web1: "web 1", web2: "web 2", database: "database", switch1: "switch 1", switch2: "switch 2"}

	g, err := cmdb.Compile(cmdb.StandardRules(),
		cmdb.Each(
			cmdb.Node{Ref: agreement, Class: "agreement"},
			cmdb.Node{Ref: shop, Class: "service", Needs: []cmdb.Need{{Class: "web server", Redundancy: cmdb.AnyOf}}},
			cmdb.Node{Ref: web1, Class: "web server"}, cmdb.Node{Ref: web2, Class: "web server"},
			cmdb.Node{Ref: database, Class: "database"},
			cmdb.Node{Ref: switch1, Class: "switch"}, cmdb.Node{Ref: switch2, Class: "switch"},
		),
		cmdb.Each(
			cmdb.Edge{Source: agreement, Type: "covers", Target: shop},
			cmdb.Edge{Source: shop, Type: "runs_on", Target: web1}, cmdb.Edge{Source: shop, Type: "runs_on", Target: web2},
			cmdb.Edge{Source: shop, Type: "depends_on", Target: database},
			cmdb.Edge{Source: web1, Type: "connects_to", Target: switch1}, cmdb.Edge{Source: web2, Type: "connects_to", Target: switch2},
			cmdb.Edge{Source: database, Type: "connects_to", Target: switch1},
		))
	if err != nil {
		fmt.Println(err)
		return
	}

	impact, _ := g.Impact(switch2)
	for e := range impact.Effects("service", "agreement") {
		fmt.Println("switch 2 fails:", names[e.Item], "is", e.State)
	}
	impact, _ = g.Impact(switch1)
	for _, step := range impact.Path(agreement) {
		fmt.Printf("switch 1 fails: %-14s %-11s %s\n", names[step.Item], step.Relation, step.State)
	}
	points, _ := g.SinglePoints(shop)
	for _, p := range points {
		fmt.Println("must not fail:", names[p])
	}
	a, _ := g.Availability(shop, func(r itsm.Ref) (float64, bool) { return 0.999, r.Kind == "item" })
	fmt.Printf("expected availability: %.6f, exact: %v\n", a.Low, a.Exact)
	// Output:
	// switch 2 fails: shop is at_risk
	// switch 2 fails: gold agreement is at_risk
	// switch 1 fails: switch 1                   down
	// switch 1 fails: database       connects_to down
	// switch 1 fails: shop           depends_on  down
	// switch 1 fails: gold agreement covers      down
	// must not fail: database
	// must not fail: switch 1
	// expected availability: 0.997999, exact: true
}

// An array of three disks needs two of them. One is to go for good.
func ExampleGraph_WhatIf() {
	ref := func(n byte) itsm.Ref { return itsm.Ref{Kind: "item", ID: itsm.ID{15: n}} }
	array := cmdb.Node{Ref: ref(1), Class: "array", Needs: []cmdb.Need{{Relation: "member_of", Redundancy: cmdb.KOfN, Min: 2}}}
	member := func(n byte) cmdb.Edge { return cmdb.Edge{Source: ref(n), Type: "member_of", Target: ref(1)} }
	g, err := cmdb.Compile(cmdb.StandardRules(),
		cmdb.Each(array, cmdb.Node{Ref: ref(2)}, cmdb.Node{Ref: ref(3)}, cmdb.Node{Ref: ref(4)}),
		cmdb.Each(member(2), member(3), member(4)))
	if err != nil {
		fmt.Println(err)
		return
	}
	outcome, err := g.WhatIf(cmdb.Scenario{
		Change: cmdb.Change{Remove: []itsm.Ref{ref(4)}},
		Watch:  []itsm.Ref{array.Ref},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range outcome.Watched {
		fmt.Println("array:", w.Before, "then", w.After, "with", len(w.Gained), "more single points of failure")
	}
	// Output: array: up then up with 2 more single points of failure
}
