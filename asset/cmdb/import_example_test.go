package cmdb_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/store/memory"
)

// An agent and a scan report the same servers. The agent is trusted more, but for places.
func ExampleDatabase_Import() {
	store := memory.New()
	db, err := cmdb.New(cmdb.Config{
		Items: memory.For(store, cmdb.ItemKind()), Relations: memory.For(store, cmdb.RelationKind()), Saver: store, Policy: itsm.AllowAll,
		Reconciliation: cmdb.Reconciliation{
			Sources:    []cmdb.Source{{Name: "agent"}, {Name: "scan"}},
			Precedence: []cmdb.Precedence{{Fields: []string{"location"}, Sources: []string{"scan"}}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := itsm.System(context.Background(), "acme")
	show := func(o cmdb.RowOutcome) error {
		fmt.Printf("line %d: %s by %q\n", o.Line, o.Result, o.By)
		for _, c := range o.Changes {
			fmt.Printf("  %s: %q becomes %q\n", c.Field, c.From, c.To)
		}
		for _, c := range o.Overruled {
			fmt.Printf("  %s: stays %q, which %s says\n", c.Field, c.Value, c.By)
		}
		if o.Err != nil {
			fmt.Println(" ", o.Err)
		}
		return nil
	}

	agent := "key,serial,host,cores\nA1,CZJ1,web1,16\nA2,CZJ2,web2,many\n"
	rows := cmdb.ReadCSV(strings.NewReader(agent), cmdb.Mapping{Class: "server"})
	if _, err := db.Import(ctx, rows, cmdb.Import{Source: "agent", Each: show}); err != nil {
		fmt.Println(err)
	}

	scan := "Serial No;CPU;Site\nczj1;8;Oslo\n"
	rows = cmdb.ReadCSV(strings.NewReader(scan), cmdb.Mapping{Class: "server", Comma: ';',
		Columns: map[string]string{"Serial No": "serial", "CPU": "cores", "Site": "location"}})
	if _, err := db.Import(ctx, rows, cmdb.Import{Source: "scan", Each: show}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// line 2: created by ""
	//   class: "" becomes "server"
	//   title: "" becomes "web1"
	//   serial: "" becomes "CZJ1"
	//   host: "" becomes "web1"
	//   cores: "" becomes "16"
	// line 3: refused by ""
	//   invalid: values.cores: type (value "many", want number of at most 100 digits)
	// line 2: changed by "serial"
	//   location: "" becomes "Oslo"
	//   cores: stays "16", which agent says
	//   serial: stays "CZJ1", which agent says
}
