package cmdb_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// drawChange draws a change and returns what it leaves, made on the lists.
func drawChange(t *rapid.T, e estate, known int) (cmdb.Change, estate) {
	after := estate{rules: e.rules, nodes: slices.Clone(e.nodes), edges: slices.Clone(e.edges)}
	var c cmdb.Change
	has := func(r itsm.Ref) bool {
		return slices.ContainsFunc(after.nodes, func(n cmdb.Node) bool { return n.Ref == r })
	}
	for range rapid.IntRange(0, 2).Draw(t, "unrelated") {
		if len(after.edges) > 0 {
			at := rapid.IntRange(0, len(after.edges)-1).Draw(t, "at")
			c.Unrelate = append(c.Unrelate, after.edges[at])
			after.edges = slices.Delete(after.edges, at, at+1)
		}
	}
	if rapid.Bool().Draw(t, "remove") && len(after.nodes) > 2 {
		at := rapid.IntRange(0, len(after.nodes)-1).Draw(t, "at")
		gone := after.nodes[at].Ref
		c.Remove = append(c.Remove, gone)
		after.nodes = slices.Delete(after.nodes, at, at+1)
		after.edges = slices.DeleteFunc(after.edges, func(r cmdb.Edge) bool { return r.Source == gone || r.Target == gone })
	}
	for range rapid.IntRange(0, 2).Draw(t, "put") {
		n := drawNode(t, rapid.IntRange(0, known-1).Draw(t, "item"))
		c.Put = append(c.Put, n)
		after.nodes = slices.DeleteFunc(after.nodes, func(o cmdb.Node) bool { return o.Ref == n.Ref })
		after.nodes = append(after.nodes, n)
	}
	for range rapid.IntRange(0, 3).Draw(t, "related") {
		edge := drawEdge(t, known)
		if has(edge.Source) && has(edge.Target) && !slices.ContainsFunc(after.edges, func(o cmdb.Edge) bool { return same(o, edge) }) {
			c.Relate = append(c.Relate, edge)
			after.edges = append(after.edges, edge)
		}
	}
	return c, after
}

// requireHolds checks that a graph has the items and relations of the lists and no others.
func requireHolds(t *rapid.T, e estate, g *cmdb.Graph) {
	require.ElementsMatch(t, e.nodes, slices.Collect(g.Nodes()))
	require.ElementsMatch(t, e.edges, slices.Collect(g.Edges()))
	require.Equal(t, len(e.nodes), g.Items())
	require.Equal(t, len(e.edges), g.Relations())
	for _, n := range e.nodes {
		var want []cmdb.Edge
		for _, r := range e.edges {
			if r.Source == n.Ref || r.Target == n.Ref {
				want = append(want, r)
			}
		}
		require.ElementsMatch(t, want, slices.Collect(g.RelationsOf(n.Ref)))
	}
}

func TestRapidEditedIsAsCompiled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEstate(t, 6)
		g := e.compile(t)
		for range rapid.IntRange(1, 4).Draw(t, "edits") {
			c, after := drawChange(t, e, 8)
			edited, err := g.Edit(c)
			require.NoError(t, err)
			requireHolds(t, e, g) // as it was
			requireHolds(t, after, edited)
			requireLike(t, after, edited)
			require.ElementsMatch(t, after.compile(t).Unmet(), edited.Unmet())
			e, g = after, edited
		}
	})
}
