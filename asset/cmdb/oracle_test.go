package cmdb_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// estate is a graph as plain lists, and the oracle of the tests: it computes everything from the definitions, by trying.
type estate struct {
	rules cmdb.Rules
	nodes []cmdb.Node
	edges []cmdb.Edge
}

// item returns the reference of the item that the tests call n.
func item(n int) itsm.Ref {
	return itsm.Ref{Kind: []string{"item", "service"}[n%2], ID: itsm.ID{6: 0x70, 8: 0x80, 15: byte(n)}}
}

func (e estate) compile(t require.TestingT) *cmdb.Graph {
	g, err := cmdb.Compile(e.rules, cmdb.Each(e.nodes...), cmdb.Each(e.edges...))
	require.NoError(t, err)
	return g
}

func (e estate) below(class, above string) bool {
	for class != "" && class != above {
		parent := ""
		for _, c := range e.rules.Classes {
			if c.Class == class {
				parent = c.Parent
			}
		}
		class = parent
	}
	return class == above
}

func (e estate) needs(n cmdb.Node) []cmdb.Need {
	needs, class := n.Needs, n.Class
	for needs == nil && class != "" {
		parent := ""
		for _, c := range e.rules.Classes {
			if c.Class == class {
				needs, parent = c.Needs, c.Parent
			}
		}
		class = parent
	}
	return needs
}

func (e estate) class(r itsm.Ref) string {
	return e.nodes[slices.IndexFunc(e.nodes, func(n cmdb.Node) bool { return n.Ref == r })].Class
}

// inputs lists what spreads failure to an item, with what it belongs to: the first need that takes it, or -1.
type input struct {
	from   itsm.Ref
	need   int
	weight int
}

func (e estate) inputs(n cmdb.Node) []input {
	var out []input
	for _, r := range e.edges {
		from := r.Target
		for _, t := range e.rules.Relations {
			if t.Name != r.Type {
				continue
			}
			switch {
			case t.Spread == cmdb.ToSource && r.Source == n.Ref:
			case t.Spread == cmdb.ToTarget && r.Target == n.Ref:
				from = r.Source
			default:
				from = itsm.Ref{}
			}
		}
		if from.IsZero() {
			continue
		}
		take := slices.IndexFunc(e.needs(n), func(d cmdb.Need) bool {
			return (d.Relation == "" || d.Relation == r.Type) && (d.Class == "" || e.below(e.class(from), d.Class))
		})
		out = append(out, input{from, take, max(r.Weight, 1)})
	}
	return out
}

// met tells whether the needs of an item are met while the items in down are down.
func (e estate) met(n cmdb.Node, down map[itsm.Ref]bool) bool {
	needs, inputs := e.needs(n), e.inputs(n)
	for _, i := range inputs {
		if (i.need < 0 || needs[i.need].Redundancy == cmdb.AllOf) && down[i.from] {
			return false
		}
	}
	for k, d := range needs {
		best := map[itsm.Ref]int{}
		for _, i := range inputs {
			if i.need == k && !down[i.from] {
				weight := 1
				if d.Redundancy == cmdb.Weighted {
					weight = i.weight
				}
				best[i.from] = max(best[i.from], weight)
			}
		}
		sum := 0
		for _, w := range best {
			sum += w
		}
		switch d.Redundancy {
		case cmdb.AnyOf:
			if sum < 1 {
				return false
			}
		case cmdb.KOfN, cmdb.Weighted:
			if sum < d.Min {
				return false
			}
		}
	}
	return true
}

// down is the least set of items that holds the failed ones and each whose needs the others do not meet.
func (e estate) down(failed ...itsm.Ref) map[itsm.Ref]bool {
	down := map[itsm.Ref]bool{}
	for _, f := range failed {
		down[f] = true
	}
	for again := true; again; {
		again = false
		for _, n := range e.nodes {
			if !down[n.Ref] && !e.met(n, down) {
				down[n.Ref], again = true, true
			}
		}
	}
	return down
}

// states follows the definitions of the states word by word.
func (e estate) states(failed ...itsm.Ref) map[itsm.Ref]cmdb.State {
	down, out := e.down(failed...), map[itsm.Ref]cmdb.State{}
	for _, n := range e.nodes {
		out[n.Ref] = cmdb.Up
		if down[n.Ref] {
			out[n.Ref] = cmdb.Down
		}
	}
	for again := true; again; {
		again = false
		for _, n := range e.nodes {
			if out[n.Ref] == cmdb.Up && slices.ContainsFunc(e.inputs(n), func(i input) bool { return out[i.from] != cmdb.Up }) {
				out[n.Ref], again = cmdb.Degraded, true
			}
		}
	}
	for _, n := range e.nodes {
		if out[n.Ref] == cmdb.Degraded && len(e.more(n.Ref, failed...)) > 0 {
			out[n.Ref] = cmdb.AtRisk
		}
	}
	return out
}

// more lists the items, other than it, whose failure beside the failed ones brings an item down.
func (e estate) more(of itsm.Ref, failed ...itsm.Ref) []itsm.Ref {
	out := []itsm.Ref{}
	before := e.down(failed...)
	for _, n := range e.nodes {
		if n.Ref != of && !before[n.Ref] && e.down(append([]itsm.Ref{n.Ref}, failed...)...)[of] {
			out = append(out, n.Ref)
		}
	}
	return out
}

// The generators draw small estates with cycles, parallel relations and every redundancy.
var testRules = cmdb.Rules{
	Relations: []cmdb.RelationType{
		{Name: "runs_on", Inverse: "runs", Spread: cmdb.ToSource},
		{Name: "member_of", Inverse: "has_member", Spread: cmdb.ToTarget},
		{Name: "uses", Inverse: "is_used_by", Spread: cmdb.ToSource},
		{Name: "backed_up_by", Inverse: "backs_up", Spread: cmdb.Nowhere},
	},
	Classes: []cmdb.ClassRule{
		{Class: "any", Parent: "one"},
		{Class: "one", Needs: []cmdb.Need{{Relation: "runs_on", Redundancy: cmdb.AnyOf}}},
	},
}

func drawNeeds(t *rapid.T) []cmdb.Need {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) cmdb.Need {
		n := cmdb.Need{
			Relation:   rapid.SampledFrom([]string{"", "", "runs_on", "uses", "member_of"}).Draw(t, "relation"),
			Class:      rapid.SampledFrom([]string{"", "", "one", "any", "other"}).Draw(t, "class"),
			Redundancy: rapid.SampledFrom(cmdb.Redundancies()).Draw(t, "redundancy"),
		}
		if n.Redundancy == cmdb.KOfN || n.Redundancy == cmdb.Weighted {
			n.Min = rapid.IntRange(1, 3).Draw(t, "min")
		}
		return n
	}), 0, 2).Draw(t, "needs")
}

func drawNode(t *rapid.T, n int) cmdb.Node {
	out := cmdb.Node{Ref: item(n), Class: rapid.SampledFrom([]string{"one", "any", "other", "unlisted"}).Draw(t, "class")}
	if rapid.Bool().Draw(t, "own") {
		out.Needs = drawNeeds(t)
	}
	return out
}

func drawEdge(t *rapid.T, nodes int) cmdb.Edge {
	source := rapid.IntRange(0, nodes-1).Draw(t, "source")
	target := (source + rapid.IntRange(1, nodes-1).Draw(t, "target")) % nodes
	return cmdb.Edge{
		Source: item(source), Target: item(target),
		Type:   rapid.SampledFrom([]string{"runs_on", "runs_on", "uses", "member_of", "backed_up_by"}).Draw(t, "type"),
		Weight: rapid.IntRange(1, 3).Draw(t, "weight"),
	}
}

func same(a, b cmdb.Edge) bool {
	return a.Source == b.Source && a.Type == b.Type && a.Target == b.Target
}

func drawEstate(t *rapid.T, most int) estate {
	e := estate{rules: testRules}
	n := rapid.IntRange(2, most).Draw(t, "items")
	for i := range n {
		e.nodes = append(e.nodes, drawNode(t, i))
	}
	for range rapid.IntRange(0, 3*n).Draw(t, "relations") {
		edge := drawEdge(t, n)
		if !slices.ContainsFunc(e.edges, func(o cmdb.Edge) bool { return same(o, edge) }) {
			e.edges = append(e.edges, edge)
		}
	}
	return e
}

func drawFailed(t *rapid.T, e estate) []itsm.Ref {
	var out []itsm.Ref
	for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(e.nodes)-1), 0, 3, rapid.ID[int]).Draw(t, "failed") {
		out = append(out, e.nodes[i].Ref)
	}
	return out
}

// requireLike checks every answer about states and single points of a graph against the oracle.
func requireLike(t *rapid.T, e estate, g *cmdb.Graph) {
	failed := drawFailed(t, e)
	im, err := g.Impact(failed...)
	require.NoError(t, err)
	want := e.states(failed...)
	seen := map[itsm.Ref]cmdb.State{}
	for effect := range im.Effects() {
		seen[effect.Item] = effect.State
		require.Equal(t, want[effect.Item], effect.State, "%s", effect.Item)
		if effect.State == cmdb.AtRisk {
			require.Contains(t, e.more(effect.Item, failed...), effect.Next)
		}
	}
	require.Len(t, seen, im.Reached())
	for _, n := range e.nodes {
		got := im.Of(n.Ref)
		require.Equal(t, want[n.Ref], got.State, "%s", n.Ref)
		require.Equal(t, n.Class, got.Class)
		require.Equal(t, want[n.Ref] == cmdb.Up, seen[n.Ref] == "")
		points, err := g.SinglePoints(n.Ref)
		if e.down()[n.Ref] {
			require.ErrorIs(t, err, cmdb.ErrDown)
			continue
		}
		require.NoError(t, err)
		require.ElementsMatch(t, e.more(n.Ref), points, "%s", n.Ref)
		requirePath(t, e, im, n.Ref, failed)
	}
}

// requirePath checks that the path is one: from a failure to the item, over relations that spread it.
func requirePath(t *rapid.T, e estate, im *cmdb.Impact, of itsm.Ref, failed []itsm.Ref) {
	path, down := im.Path(of), e.down(failed...)
	if im.Of(of).State == cmdb.Up {
		require.Empty(t, path)
		return
	}
	require.Equal(t, of, path[len(path)-1].Item)
	seen := map[itsm.Ref]bool{}
	for i, step := range path {
		require.False(t, seen[step.Item], "the path meets %s twice", step.Item)
		seen[step.Item] = true
		require.Equal(t, down[step.Item], step.State == cmdb.Down)
		n := e.nodes[slices.IndexFunc(e.nodes, func(n cmdb.Node) bool { return n.Ref == step.Item })]
		if i == 0 {
			require.Equal(t, slices.Contains(failed, step.Item), step.Need == cmdb.Need{})
			require.True(t, slices.Contains(failed, step.Item) || !e.met(n, nil))
			continue
		}
		require.Contains(t, e.inputs(n), input{path[i-1].Item, e.take(n, step.Need), e.weight(n, path[i-1].Item, step.Relation)})
		if step.State == cmdb.Down { // what failed of the need is too much
			switch step.Need.Redundancy {
			case cmdb.AllOf:
				require.Positive(t, step.Failed)
			case cmdb.AnyOf:
				require.Equal(t, step.Inputs, step.Failed)
			default:
				require.Less(t, step.Inputs-step.Failed, step.Need.Min)
			}
			require.True(t, down[path[i-1].Item])
		}
	}
}

func (e estate) take(n cmdb.Node, need cmdb.Need) int {
	return slices.Index(e.needs(n), need)
}

func (e estate) weight(n cmdb.Node, from itsm.Ref, relation string) int {
	for _, r := range e.edges {
		for _, t := range e.rules.Relations {
			if t.Name == r.Type && (t.Name == relation && r.Source == n.Ref && r.Target == from ||
				t.Inverse == relation && r.Target == n.Ref && r.Source == from) {
				return max(r.Weight, 1)
			}
		}
	}
	return 0
}

func TestRapidStatesAndSinglePoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEstate(t, 8)
		requireLike(t, e, e.compile(t))
	})
}
