package cmdb_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// strict are rules that forbid something of every sort.
var strict = cmdb.Rules{
	Relations: []cmdb.RelationType{
		{Name: "runs_on", Inverse: "runs", Spread: cmdb.ToSource, MaxTargets: 1, Pairs: []cmdb.Pair{{Source: "software", Target: "host"}}},
		{Name: "member_of", Inverse: "has_member", Spread: cmdb.ToTarget, MaxSources: 2, MaxTargets: 1},
		{Name: "backed_up_by", Inverse: "backs_up", Spread: cmdb.Nowhere, MaxTargets: 1, MaxSources: 2, Pairs: []cmdb.Pair{{Target: "host"}}},
		{Name: "uses", Inverse: "is_used_by", Spread: cmdb.ToSource, MaxSources: 2},
	},
	Classes: []cmdb.ClassRule{{Class: "database", Parent: "software"}, {Class: "software"}, {Class: "host"}},
}

// nodes 0 to 3 are databases, 4 to 7 hosts.
func strictNodes() []cmdb.Node {
	var out []cmdb.Node
	for n := range 8 {
		out = append(out, cmdb.Node{Ref: item(n), Class: []string{"database", "host"}[n/4]})
	}
	return out
}

func rel(source int, relation string, target int) cmdb.Edge {
	return cmdb.Edge{Source: item(source), Type: relation, Target: item(target)}
}

// What Compile refuses, Edit refuses in the same words, and leaves the graph as it was.
func TestRefusedRelations(t *testing.T) {
	for _, c := range []struct {
		name  string
		edges []cmdb.Edge
		is    error
		says  string
	}{
		{"to nothing", []cmdb.Edge{rel(0, "runs_on", 99)}, cmdb.ErrUnknown, "target"},
		{"from nothing", []cmdb.Edge{rel(99, "runs_on", 4)}, cmdb.ErrUnknown, "source"},
		{"to itself", []cmdb.Edge{rel(4, "member_of", 4)}, cmdb.ErrToItself, item(4).String()},
		{"unknown type", []cmdb.Edge{rel(0, "likes", 4)}, cmdb.ErrRelationType, "likes"},
		{"weight", []cmdb.Edge{{Source: item(0), Type: "runs_on", Target: item(4), Weight: 65_536}}, cmdb.ErrWeight, "0 to 65535"},
		{"negative weight", []cmdb.Edge{{Source: item(0), Type: "runs_on", Target: item(4), Weight: -1}}, cmdb.ErrWeight, "-1"},
		{"twice", []cmdb.Edge{rel(0, "uses", 4), rel(0, "uses", 4)}, cmdb.ErrDuplicate, "uses"},
		{"twice, to target", []cmdb.Edge{rel(5, "member_of", 4), rel(5, "member_of", 4)}, cmdb.ErrDuplicate, "member_of"},
		{"twice, spreading nothing", []cmdb.Edge{rel(0, "backed_up_by", 4), rel(0, "backed_up_by", 4)}, cmdb.ErrDuplicate, "backed_up_by"},
		{"forbidden pair", []cmdb.Edge{rel(4, "runs_on", 5)}, cmdb.ErrForbiddenPair, "host and host"},
		{"forbidden target", []cmdb.Edge{rel(4, "backed_up_by", 1)}, cmdb.ErrForbiddenPair, "host and database"},
		{"two targets", []cmdb.Edge{rel(0, "runs_on", 4), rel(0, "runs_on", 5)}, cmdb.ErrCardinality, "runs_on 2 items, want 1"},
		{"three members", []cmdb.Edge{rel(4, "member_of", 7), rel(5, "member_of", 7), rel(6, "member_of", 7)}, cmdb.ErrCardinality, "has_member 3 items, want 2"},
		{"member of two", []cmdb.Edge{rel(4, "member_of", 7), rel(4, "member_of", 6)}, cmdb.ErrCardinality, "member_of 2 items"},
		{"three users", []cmdb.Edge{rel(0, "uses", 7), rel(1, "uses", 7), rel(2, "uses", 7)}, cmdb.ErrCardinality, "is_used_by 3 items"},
		{"two tapes", []cmdb.Edge{rel(0, "backed_up_by", 7), rel(0, "backed_up_by", 6)}, cmdb.ErrCardinality, "backed_up_by 2 items"},
		{"three on one tape", []cmdb.Edge{rel(0, "backed_up_by", 7), rel(1, "backed_up_by", 7), rel(2, "backed_up_by", 7)}, cmdb.ErrCardinality, "backs_up 3 items"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := cmdb.Compile(strict, cmdb.Each(strictNodes()...), cmdb.Each(c.edges...))
			require.Nil(t, g)
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, c.says)

			g = compile(t, strict, strictNodes())
			edited, refused := g.Edit(cmdb.Change{Relate: c.edges})
			require.Nil(t, edited)
			require.ErrorIs(t, refused, c.is)
			require.Contains(t, err.Error(), strings.Split(refused.Error(), "\n")[0])
			require.Zero(t, g.Relations())
		})
	}
}

func TestEditRefuses(t *testing.T) {
	g := compile(t, strict, strictNodes(), rel(0, "runs_on", 4))
	for _, c := range []struct {
		change cmdb.Change
		is     error
	}{
		{cmdb.Change{Remove: []itsm.Ref{item(99)}}, cmdb.ErrUnknown},
		{cmdb.Change{Remove: []itsm.Ref{item(1), item(1)}}, cmdb.ErrUnknown},
		{cmdb.Change{Unrelate: []cmdb.Edge{rel(1, "runs_on", 4)}}, cmdb.ErrNoSuchRelation},
		{cmdb.Change{Unrelate: []cmdb.Edge{rel(0, "runs_on", 4), rel(0, "runs_on", 4)}}, cmdb.ErrNoSuchRelation},
		{cmdb.Change{Unrelate: []cmdb.Edge{rel(0, "likes", 4)}}, cmdb.ErrNoSuchRelation},
		{cmdb.Change{Unrelate: []cmdb.Edge{rel(0, "backed_up_by", 4)}}, cmdb.ErrNoSuchRelation},
		{cmdb.Change{Put: []cmdb.Node{{Ref: item(4), Class: "database"}}}, cmdb.ErrForbiddenPair}, // a database runs on it
		{cmdb.Change{Put: []cmdb.Node{{Ref: item(0), Class: "host"}}}, cmdb.ErrForbiddenPair},
		{cmdb.Change{Put: []cmdb.Node{{Ref: item(0), Needs: []cmdb.Need{{Redundancy: "some_of"}}}}}, nil},
		{cmdb.Change{Remove: []itsm.Ref{item(4)}, Relate: []cmdb.Edge{rel(1, "runs_on", 4)}}, cmdb.ErrUnknown},
	} {
		edited, err := g.Edit(c.change)
		require.Nil(t, edited, "%+v", c.change)
		require.Error(t, err)
		if c.is != nil {
			require.ErrorIs(t, err, c.is, "%+v", c.change)
		}
	}
	require.Equal(t, 1, g.Relations())
	require.Equal(t, 8, g.Items())
}

func TestCompileRefusesItems(t *testing.T) {
	boom := errors.New("boom")
	broken := func(yield func(cmdb.Node, error) bool) { yield(cmdb.Node{}, boom) }
	_, err := cmdb.Compile(strict, broken, cmdb.Each[cmdb.Edge]())
	require.ErrorIs(t, err, boom)
	_, err = cmdb.Compile(strict, cmdb.Each(strictNodes()...), func(yield func(cmdb.Edge, error) bool) {
		if yield(rel(0, "runs_on", 4), nil) {
			yield(cmdb.Edge{}, boom)
		}
	})
	require.ErrorIs(t, err, boom)
	_, err = cmdb.Compile(strict, cmdb.Each(cmdb.Node{Ref: item(1)}, cmdb.Node{Ref: item(1)}), cmdb.Each[cmdb.Edge]())
	require.ErrorIs(t, err, cmdb.ErrDuplicate)

	var many []cmdb.Edge
	for n := range 250 {
		many = append(many, rel(0, fmt.Sprint("no", n), 4))
	}
	_, err = cmdb.Compile(strict, cmdb.Each(strictNodes()...), cmdb.Each(many...))
	require.ErrorContains(t, err, "and 150 more")
	require.Len(t, strings.Split(err.Error(), "\n"), 101)
}

func TestRulesCheck(t *testing.T) {
	standard := cmdb.StandardRules()
	require.NoError(t, standard.Check())
	require.NoError(t, strict.Check())
	with := func(change func(*cmdb.Rules)) cmdb.Rules {
		r := cmdb.StandardRules()
		change(&r)
		return r
	}
	class := func(c ...cmdb.ClassRule) cmdb.Rules { return with(func(r *cmdb.Rules) { r.Classes = c }) }
	need := func(n cmdb.Need) cmdb.Rules { return class(cmdb.ClassRule{Class: "a", Needs: []cmdb.Need{n}}) }
	for says, r := range map[string]cmdb.Rules{
		"both need a name":       with(func(r *cmdb.Rules) { r.Relations[0].Inverse = "" }),
		"declared twice":         with(func(r *cmdb.Rules) { r.Relations[1] = r.Relations[0] }),
		"want one of [to_source": with(func(r *cmdb.Rules) { r.Relations[0].Spread = "" }),
		"cardinality below 0":    with(func(r *cmdb.Rules) { r.Relations[0].MaxTargets = -1 }),
		"255 or fewer": with(func(r *cmdb.Rules) {
			for n := range 255 {
				r.Relations = append(r.Relations, cmdb.RelationType{Name: fmt.Sprint(n), Inverse: "x", Spread: cmdb.Nowhere})
			}
		}),
		`"a" is empty or declared twice`: class(cmdb.ClassRule{Class: "a"}, cmdb.ClassRule{Class: "a"}),
		`"" is empty`:                    class(cmdb.ClassRule{}),
		`class "b" is below itself`:      class(cmdb.ClassRule{Class: "a", Parent: "b"}, cmdb.ClassRule{Class: "b", Parent: "a"}, cmdb.ClassRule{Class: "c", Parent: "a"}),
		"want one of [all_of":            need(cmdb.Need{}),
		"min 0, want 1":                  need(cmdb.Need{Redundancy: cmdb.KOfN}),
		"want 0 with any_of":             need(cmdb.Need{Redundancy: cmdb.AnyOf, Min: 1}),
		`no such relation type: "likes"`: need(cmdb.Need{Redundancy: cmdb.AnyOf, Relation: "likes"}),
		"64 or fewer":                    class(cmdb.ClassRule{Class: "a", Needs: make([]cmdb.Need, 65)}),
	} {
		err := r.Check()
		require.ErrorIs(t, err, cmdb.ErrRules, says)
		require.ErrorContains(t, err, says)
		_, again := cmdb.Compile(r, cmdb.Each[cmdb.Node](), cmdb.Each[cmdb.Edge]())
		require.Equal(t, err, again)
	}
}
