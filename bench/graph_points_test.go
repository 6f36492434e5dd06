package bench_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/asset/cmdb"
)

// serviceGraph is a service, item 0, that stands on 9,999 others: each item on five of the 40 behind it, or on an
// earlier one, so that there are cycles. needs are given out in turn.
func serviceGraph(b *testing.B, needs [][]cmdb.Need) *cmdb.Graph {
	const items = 10_000
	random := rand.New(rand.NewPCG(7, 8))
	var nodes []cmdb.Node
	var edges []cmdb.Edge
	for i := range items {
		nodes = append(nodes, cmdb.Node{Ref: graphRef(i), Class: "server", Needs: needs[i%len(needs)]})
		if i > items-50 {
			nodes[i].Needs = nil
			if i < items-1 {
				edges = append(edges, cmdb.Edge{Source: graphRef(i), Type: "runs_on", Target: graphRef(i + 1)})
			}
			continue
		}
		for _, k := range append([]int{-1}, random.Perm(38)[:graphInputs-1]...) { // the next one always, so that all are reached
			k += 2
			if k%11 == 10 && i > 40 {
				k = -k
			}
			edges = append(edges, cmdb.Edge{Source: graphRef(i), Type: "runs_on", Target: graphRef(i + k)})
		}
	}
	g, err := cmdb.Compile(cmdb.StandardRules(), cmdb.Each(nodes...), cmdb.Each(edges...))
	require.NoError(b, err)
	return g
}

// BenchmarkSinglePoints lists all single points of failure of a service of 10,000 items: where all inputs are needed,
// where any one is, and mixed. impacts is the plain way: an impact for each item.
func BenchmarkSinglePoints(b *testing.B) {
	anyOf, three := []cmdb.Need{{Redundancy: cmdb.AnyOf}}, []cmdb.Need{{Redundancy: cmdb.KOfN, Min: 3}}
	for _, c := range []struct {
		name  string
		needs [][]cmdb.Need
	}{
		{"all", [][]cmdb.Need{nil}},
		{"any", [][]cmdb.Need{anyOf}},
		{"mixed", [][]cmdb.Need{anyOf, three, anyOf, nil, anyOf, three}},
		{"three", [][]cmdb.Need{three}},
	} {
		g := serviceGraph(b, c.needs)
		found := -1
		b.Run("itsm/"+c.name, func(b *testing.B) {
			measure(b, func(int) error {
				points, err := g.SinglePoints(graphRef(0))
				found = len(points)
				return err
			})
			b.ReportMetric(float64(found), "points")
		})
		b.Run("impacts/"+c.name, func(b *testing.B) {
			if testing.Short() {
				b.Skip("minutes")
			}
			measure(b, func(int) error {
				n := 0
				for i := 1; i < g.Items(); i++ {
					im, err := g.Impact(graphRef(i))
					if err != nil {
						return err
					}
					if im.Of(graphRef(0)).State == cmdb.Down {
						n++
					}
				}
				if found >= 0 && n != found {
					return fmt.Errorf("%d single points, want %d", found, n)
				}
				return nil
			})
		})
	}
}
