package cmdb_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

func TestWhatTheGraphDoesNotHold(t *testing.T) {
	g := chain(t)
	gone, err := g.Edit(cmdb.Change{Remove: []itsm.Ref{item(5)}})
	require.NoError(t, err)
	for _, r := range []itsm.Ref{item(5), item(77), {Kind: "nothing"}, {}} {
		require.False(t, gone.Has(r))
		require.Empty(t, gone.Class(r))
		for range gone.RelationsOf(r) {
			t.Error("a relation of nothing")
		}
		_, err = gone.Impact(r)
		require.ErrorIs(t, err, cmdb.ErrUnknown)
		_, err = gone.SinglePoints(item(1), r)
		require.ErrorIs(t, err, cmdb.ErrUnknown)
		im, err := gone.Impact()
		require.NoError(t, err)
		require.Equal(t, cmdb.Effect{Item: r, State: cmdb.Up}, im.Of(r))
		require.Nil(t, im.Path(r))
	}
	require.True(t, g.Has(item(5))) // the graph before
	require.Equal(t, "cluster", g.Class(item(4)))
}

// Whoever reads only the first of a sequence gets it, and no more work is done.
func TestSequencesEndEarly(t *testing.T) {
	g := chain(t)
	im, err := g.Impact(item(2))
	require.NoError(t, err)
	for range g.Nodes() {
		break
	}
	for range g.Edges() {
		break
	}
	for range g.RelationsOf(item(1)) {
		break
	}
	seen := 0
	for range im.Effects() {
		if seen++; seen == 2 {
			break
		}
	}
	require.Equal(t, 2, seen)
}

// The cluster needs two members and has one, and what uses it is down too; adding a member brings both up.
func TestUnmetNeeds(t *testing.T) {
	two := []cmdb.Need{{Class: "node", Redundancy: cmdb.Weighted, Min: 2}}
	g := compile(t, cmdb.StandardRules(),
		[]cmdb.Node{{Ref: item(0), Class: "cluster", Needs: two}, {Ref: item(1), Class: "node"}, {Ref: item(2), Class: "service"}, {Ref: item(3), Class: "node"}},
		cmdb.Edge{Source: item(1), Type: "member_of", Target: item(0)}, cmdb.Edge{Source: item(2), Type: "runs_on", Target: item(0)})
	require.Equal(t, []itsm.Ref{item(0)}, g.Unmet())
	im, err := g.Impact()
	require.NoError(t, err)
	require.Equal(t, 2, im.Down())
	path := im.Path(item(2))
	require.Equal(t, item(0).String()+" down: has 1, needs 2 weighted", path[0].String())
	require.Equal(t, item(2).String()+" down: runs_on, 1 of 1 failed, needs all_of", path[1].String())
	_, err = g.SinglePoints(item(2))
	require.ErrorIs(t, err, cmdb.ErrDown)

	g, err = g.Edit(cmdb.Change{Relate: []cmdb.Edge{{Source: item(3), Type: "member_of", Target: item(0)}}})
	require.NoError(t, err)
	require.Empty(t, g.Unmet())
	im, err = g.Impact()
	require.NoError(t, err)
	require.Zero(t, im.Reached())
}

// Two servers need each other: both are up, one takes the other down, and neither hangs.
func TestCycle(t *testing.T) {
	g := compile(t, cmdb.StandardRules(), []cmdb.Node{{Ref: item(0)}, {Ref: item(1)}},
		cmdb.Edge{Source: item(0), Type: "depends_on", Target: item(1)}, cmdb.Edge{Source: item(1), Type: "depends_on", Target: item(0)})
	im, err := g.Impact()
	require.NoError(t, err)
	require.Zero(t, im.Reached())
	im, err = g.Impact(item(1))
	require.NoError(t, err)
	require.Equal(t, 2, im.Down())
	require.Len(t, im.Path(item(0)), 2)
}

// A need of a class holds for the classes below it that have none, and an item's own needs come first.
func TestNeedsOfClasses(t *testing.T) {
	rules := cmdb.StandardRules()
	rules.Classes = []cmdb.ClassRule{
		{Class: "cluster", Needs: []cmdb.Need{{Redundancy: cmdb.AnyOf}}}, {Class: "database cluster", Parent: "cluster"},
	}
	g := compile(t, rules,
		[]cmdb.Node{{Ref: item(0), Class: "database cluster"}, {Ref: item(1), Class: "cluster", Needs: []cmdb.Need{}}, {Ref: item(2)}, {Ref: item(3)}},
		cmdb.Edge{Source: item(2), Type: "member_of", Target: item(0)}, cmdb.Edge{Source: item(3), Type: "member_of", Target: item(0)},
		cmdb.Edge{Source: item(2), Type: "member_of", Target: item(1)}, cmdb.Edge{Source: item(3), Type: "member_of", Target: item(1)})
	im, err := g.Impact(item(2))
	require.NoError(t, err)
	require.Equal(t, cmdb.Effect{Item: item(0), Class: "database cluster", State: cmdb.AtRisk, Next: item(3)}, im.Of(item(0)))
	require.Equal(t, cmdb.Down, im.Of(item(1)).State)
	var clusters []itsm.Ref
	for e := range im.Effects("cluster") {
		clusters = append(clusters, e.Item)
	}
	require.Equal(t, []itsm.Ref{item(1), item(0)}, clusters)
}

// The rules belong to the caller: changing them later changes no graph and no other caller's rules.
func TestRulesAreCopied(t *testing.T) {
	rules := cmdb.StandardRules()
	needs := []cmdb.Need{{Redundancy: cmdb.AnyOf}}
	g := compile(t, rules, []cmdb.Node{{Ref: item(0), Needs: needs}, {Ref: item(1)}}, cmdb.Edge{Source: item(0), Type: "runs_on", Target: item(1)})
	rules.Relations[0].Spread = cmdb.Nowhere
	needs[0].Redundancy = cmdb.KOfN
	require.Equal(t, cmdb.ToSource, cmdb.StandardRules().Relations[0].Spread)
	for n := range g.Nodes() {
		if n.Ref == item(0) {
			require.Equal(t, cmdb.AnyOf, n.Needs[0].Redundancy)
		}
	}
	im, err := g.Impact(item(1))
	require.NoError(t, err)
	require.Equal(t, 2, im.Down())
}

// Three links of 65,535 each carry 100,000: one may fail, then each of the others is a single point. Margins of that size
// are counted in another way than small ones.
func TestLargeWeights(t *testing.T) {
	ref := func(n byte) itsm.Ref { return itsm.Ref{Kind: "item", ID: itsm.ID{15: n}} }
	link := func(n byte) cmdb.Edge {
		return cmdb.Edge{Source: ref(1), Type: "uses", Target: ref(n), Weight: cmdb.MaxWeight}
	}
	g, err := cmdb.Compile(cmdb.StandardRules(),
		cmdb.Each(cmdb.Node{Ref: ref(1), Needs: []cmdb.Need{{Redundancy: cmdb.Weighted, Min: 100_000}}}, cmdb.Node{Ref: ref(2)}, cmdb.Node{Ref: ref(3)}, cmdb.Node{Ref: ref(4)}),
		cmdb.Each(link(2), link(3), link(4)))
	require.NoError(t, err)
	for n, want := range []cmdb.State{cmdb.Up, cmdb.AtRisk, cmdb.Down} {
		im, err := g.Impact([]itsm.Ref{ref(2), ref(3)}[:n]...)
		require.NoError(t, err)
		require.Equal(t, want, im.Of(ref(1)).State, "%d failed", n)
	}
	points, err := g.SinglePoints(ref(1), ref(4))
	require.NoError(t, err)
	require.Equal(t, []itsm.Ref{ref(2), ref(3)}, points)
}
