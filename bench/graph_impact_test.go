package bench_test

import (
	"fmt"
	"testing"

	"github.com/dominikbraun/graph"
	"github.com/stretchr/testify/require"
	gonum "gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/traverse"

	"github.com/itsmkit/itsm/asset/cmdb"
)

// BenchmarkImpact fails one item that reaches 1,000 others, and one that reaches 500,000. itsm computes which are down,
// degraded and at risk and, for the last that it reached, the path; the others find what is reached and nothing else.
// dominikbraun's graph has a tenth of the items.
func BenchmarkImpact(b *testing.B) {
	e := bigEstate()
	sizes := []struct{ from, reached int }{{e.fewReached(), island}, {e.manyReached(), graphItems / 2}}
	run := func(b *testing.B, size int, reach func() (int, error)) {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			measure(b, func(int) error {
				n, err := reach()
				if err == nil && n != size {
					err = fmt.Errorf("reached %d, want %d", n, size)
				}
				return err
			})
		})
	}
	b.Run("adjacency", func(b *testing.B) {
		a := e.adjacency()
		for _, size := range sizes {
			run(b, size.reached, func() (int, error) { return a.reach(size.from), nil })
		}
	})
	b.Run("itsm", func(b *testing.B) {
		g, err := e.compile()
		require.NoError(b, err)
		for _, size := range sizes {
			run(b, size.reached, func() (int, error) {
				im, err := g.Impact(graphRef(size.from))
				if err != nil {
					return 0, err
				}
				return im.Reached(), nil
			})
		}
		for _, size := range sizes { // with the state of each item and a path
			b.Run(fmt.Sprintf("%d-explained", size.reached), func(b *testing.B) {
				measure(b, func(int) error {
					im, err := g.Impact(graphRef(size.from))
					if err != nil {
						return err
					}
					var last cmdb.Effect
					for last = range im.Effects() {
					}
					if path := im.Path(last.Item); len(path) < 2 {
						return fmt.Errorf("a path of %d steps", len(path))
					}
					return nil
				})
			})
		}
	})
	b.Run("gonum", func(b *testing.B) {
		if testing.Short() {
			b.Skip("a gigabyte")
		}
		g := simple.NewDirectedGraph()
		for i := range e.items {
			g.AddNode(simple.Node(i))
		}
		for at, from := range e.input {
			if from >= 0 {
				g.SetEdge(simple.Edge{F: simple.Node(from), T: simple.Node(at / graphInputs)})
			}
		}
		for _, size := range sizes {
			run(b, size.reached, func() (int, error) {
				n := 0
				w := traverse.BreadthFirst{Visit: func(gonum.Node) { n++ }}
				w.Walk(g, simple.Node(size.from), nil)
				return n, nil
			})
		}
	})
	b.Run("dominikbraun", func(b *testing.B) {
		small := newGraphEstate(graphItems / 10)
		g := graph.New(graph.IntHash, graph.Directed())
		for i := range small.items {
			require.NoError(b, g.AddVertex(i))
		}
		for at, from := range small.input {
			if from >= 0 {
				require.NoError(b, g.AddEdge(int(from), at/graphInputs))
			}
		}
		for _, size := range []struct{ from, reached int }{{small.fewReached(), island}, {small.manyReached(), small.items / 2}} {
			run(b, size.reached, func() (int, error) {
				n := 0
				err := graph.BFS(g, size.from, func(int) bool { n++; return false })
				return n, err
			})
		}
	})
}
