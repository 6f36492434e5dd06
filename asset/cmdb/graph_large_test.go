package cmdb_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

func number(n int) itsm.Ref {
	return itsm.Ref{Kind: "item", ID: itsm.ID{13: byte(n >> 16), 14: byte(n >> 8), 15: byte(n)}}
}

// large draws an estate of several pages, with cycles.
func large(random *rand.Rand, items int) estate {
	e := estate{rules: testRules}
	for n := range items {
		node := cmdb.Node{Ref: number(n), Class: "other", Needs: []cmdb.Need{{Redundancy: cmdb.Redundancies()[random.IntN(4)]}}}
		inputs := 1 + random.IntN(4)
		if r := node.Needs[0].Redundancy; r == cmdb.KOfN || r == cmdb.Weighted {
			node.Needs[0].Min = 1 + random.IntN(inputs)
		}
		e.nodes = append(e.nodes, node)
		for k := range inputs {
			edge := cmdb.Edge{Source: node.Ref, Type: "runs_on", Target: number((n + 1 + k*k + random.IntN(40)) % items), Weight: 1 + random.IntN(3)}
			if edge.Source != edge.Target && !slices.ContainsFunc(e.edges, func(o cmdb.Edge) bool { return same(o, edge) }) {
				e.edges = append(e.edges, edge)
			}
		}
	}
	return e
}

// The single points of an item are those items whose impact brings it down: as many walks as there are items.
func TestSinglePointsOfALargeEstate(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 4 {
		e := large(random, 700)
		g := e.compile(t)
		impacts := map[itsm.Ref]*cmdb.Impact{}
		for _, n := range e.nodes {
			im, err := g.Impact(n.Ref)
			require.NoError(t, err)
			impacts[n.Ref] = im
		}
		compared := 0
		for _, of := range []itsm.Ref{number(0), number(255), number(256), number(699)} {
			got, err := g.SinglePoints(of)
			if slices.Contains(g.Unmet(), of) || err != nil {
				continue // down with nothing failed
			}
			want := []itsm.Ref{}
			for r, im := range impacts {
				if r != of && im.Of(of).State == cmdb.Down {
					want = append(want, r)
				}
			}
			require.ElementsMatch(t, want, got)
			compared++
		}
		require.Positive(t, compared)
	}
}

// Items are added one by one until there are three pages, then taken away; the graph is as one compiled at once.
func TestEditsOverSeveralPages(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	e := large(random, 600)
	g := compile(t, testRules, nil)
	var err error
	for _, n := range e.nodes {
		g, err = g.Edit(cmdb.Change{Put: []cmdb.Node{n}})
		require.NoError(t, err)
	}
	random.Shuffle(len(e.edges), func(i, j int) { e.edges[i], e.edges[j] = e.edges[j], e.edges[i] })
	for _, r := range e.edges {
		g, err = g.Edit(cmdb.Change{Relate: []cmdb.Edge{r}})
		require.NoError(t, err)
	}
	requireSameImpacts(t, e.compile(t), g, 0, 300, 599)
	for n := 0; n < 600; n += 2 {
		g, err = g.Edit(cmdb.Change{Remove: []itsm.Ref{number(n)}})
		require.NoError(t, err)
	}
	odd := func(r itsm.Ref) bool { return r.ID[15]%2 == 1 }
	e.nodes = slices.DeleteFunc(e.nodes, func(n cmdb.Node) bool { return !odd(n.Ref) })
	e.edges = slices.DeleteFunc(e.edges, func(r cmdb.Edge) bool { return !odd(r.Source) || !odd(r.Target) })
	require.Equal(t, len(e.edges), g.Relations())
	requireSameImpacts(t, e.compile(t), g, 1, 301, 599)
}

func requireSameImpacts(t *testing.T, want, got *cmdb.Graph, failed ...int) {
	t.Helper()
	require.ElementsMatch(t, slices.Collect(want.Edges()), slices.Collect(got.Edges()))
	require.ElementsMatch(t, want.Unmet(), got.Unmet())
	for _, n := range failed {
		a, err := want.Impact(number(n))
		require.NoError(t, err)
		b, err := got.Impact(number(n))
		require.NoError(t, err)
		for node := range want.Nodes() {
			require.Equal(t, a.Of(node.Ref).State, b.Of(node.Ref).State)
		}
	}
}

// Many read a graph while others make graphs of it; run with -race.
func TestConcurrentReadsAndEdits(t *testing.T) {
	e := large(rand.New(rand.NewPCG(5, 6)), 300)
	g := e.compile(t)
	want, err := g.Impact(number(7))
	require.NoError(t, err)
	var wait sync.WaitGroup
	for w := range 4 {
		wait.Go(func() {
			mine := g
			for n := range 20 {
				im, err := g.Impact(number(7))
				if err != nil || im.Down() != want.Down() || im.Reached() != want.Reached() || want.Of(number(9)) != im.Of(number(9)) {
					t.Error("the impact changed", err)
				}
				mine, err = mine.Edit(cmdb.Change{
					Put:    []cmdb.Node{{Ref: number(1000 + 100*w + n), Class: string(rune('a' + w))}},
					Relate: []cmdb.Edge{{Source: number(n), Type: "uses", Target: number(1000 + 100*w + n)}},
				})
				if err != nil || mine.Items() != 300+n+1 {
					t.Error("the edit failed", err)
				}
			}
		})
	}
	wait.Wait()
	require.Equal(t, 300, g.Items())
}

// 100,000 relations end at one item, and one that needs half of 100,000 members loses them one after the other.
func TestAHundredThousandRelationsOnOneItem(t *testing.T) {
	const n = 100_000
	var nodes []cmdb.Node
	var edges []cmdb.Edge
	nodes = append(nodes, cmdb.Node{Ref: number(0)}, cmdb.Node{Ref: number(1), Needs: []cmdb.Need{{Redundancy: cmdb.KOfN, Min: n / 2}}})
	for i := range n {
		nodes = append(nodes, cmdb.Node{Ref: number(2 + i)})
		edges = append(edges, cmdb.Edge{Source: number(2 + i), Type: "connects_to", Target: number(0)},
			cmdb.Edge{Source: number(2 + i), Type: "member_of", Target: number(1)})
	}
	g := compile(t, cmdb.StandardRules(), nodes, edges...)
	im, err := g.Impact(number(0))
	require.NoError(t, err)
	require.Equal(t, n+2, im.Down())
	step := im.Path(number(1))[2]
	require.Equal(t, []int{n, n, n / 2}, []int{step.Inputs, step.Failed, step.Need.Min})
	points, err := g.SinglePoints(number(1))
	require.NoError(t, err)
	require.Equal(t, []itsm.Ref{number(0)}, points)

	var failed []itsm.Ref
	for i := range n / 2 {
		failed = append(failed, number(2+i))
	}
	im, err = g.Impact(failed...)
	require.NoError(t, err)
	require.Equal(t, cmdb.AtRisk, im.Of(number(1)).State)
	g, err = g.Edit(cmdb.Change{Unrelate: []cmdb.Edge{edges[2*n-1]}})
	require.NoError(t, err)
	im, err = g.Impact(failed...)
	require.NoError(t, err)
	require.Equal(t, cmdb.Down, im.Of(number(1)).State)
}
