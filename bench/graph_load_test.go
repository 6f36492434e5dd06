package bench_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/asset/cmdb"
)

// BenchmarkLoad compiles 1,000,000 items and 5,000,000 relations from an iterator and reports what the graph keeps.
func BenchmarkLoad(b *testing.B) {
	e := bigEstate()
	before := heap()
	var g *cmdb.Graph
	measure(b, func(int) (err error) {
		g = nil
		g, err = e.compile()
		return err
	})
	kept := float64(heap() - before)
	b.ReportMetric(kept/1e6, "MB")
	b.ReportMetric(kept/float64(g.Items()), "B/item")
	b.ReportMetric(kept/float64(g.Relations()), "B/relation")
	runtime.KeepAlive(e)
}

// BenchmarkEdit adds a relation to that graph and takes it away again.
func BenchmarkEdit(b *testing.B) {
	e := bigEstate()
	g, err := e.compile()
	require.NoError(b, err)
	one := cmdb.Edge{Source: graphRef(e.items - 1), Type: "depends_on", Target: graphRef(e.items / 3)}
	measure(b, func(int) error {
		with, err := g.Edit(cmdb.Change{Relate: []cmdb.Edge{one}})
		if err != nil {
			return err
		}
		_, err = with.Edit(cmdb.Change{Unrelate: []cmdb.Edge{one}})
		return err
	})
}
