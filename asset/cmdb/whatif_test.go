package cmdb_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// The oracle makes the change on the lists and computes both sides anew.
func TestRapidWhatIf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEstate(t, 6)
		c, after := drawChange(t, e, 8)
		plan := cmdb.Scenario{Change: c, Out: drawFailed(t, after)}
		for _, n := range append(e.nodes, after.nodes...) {
			plan.Watch = append(plan.Watch, n.Ref)
		}
		got, err := e.compile(t).WhatIf(plan)
		require.NoError(t, err)
		requireHolds(t, after, got.After)

		was, is := e.states(), after.states(plan.Out...)
		var want []cmdb.Difference
		for n := range 8 {
			// New items that are up are no difference of state; gone ones that were up neither.
			d := cmdb.Difference{Item: item(n), Before: was[item(n)], After: is[item(n)]}
			if d.Before != d.After && (notUp(d.Before) || notUp(d.After)) {
				want = append(want, d)
			}
		}
		require.ElementsMatch(t, want, got.States)

		require.Len(t, got.Watched, len(plan.Watch))
		for i, w := range got.Watched {
			item := plan.Watch[i]
			require.Equal(t, cmdb.Difference{Item: item, Before: was[item], After: is[item]}, w.Difference)
			if w.Before == "" || w.After == "" || w.Before == cmdb.Down || w.After == cmdb.Down {
				require.Nil(t, w.Gained)
				require.Nil(t, w.Lost)
				continue
			}
			before, now := e.more(item), after.more(item, plan.Out...)
			require.ElementsMatch(t, minus(now, before), w.Gained)
			require.ElementsMatch(t, minus(before, now), w.Lost)
		}
	})
}

func notUp(s cmdb.State) bool { return s != "" && s != cmdb.Up }

func minus(a, b []itsm.Ref) []itsm.Ref {
	out := []itsm.Ref{}
	for _, r := range a {
		found := false
		for _, o := range b {
			found = found || o == r
		}
		if !found {
			out = append(out, r)
		}
	}
	return out
}

// A shop runs on two hosts and needs one; both go, and the plan forgot to relate the new one.
func TestWhatIfTellsWhoIsBereft(t *testing.T) {
	any1 := []cmdb.Need{{Relation: "runs_on", Redundancy: cmdb.AnyOf}}
	g := compile(t, cmdb.StandardRules(),
		[]cmdb.Node{{Ref: item(1), Needs: any1}, {Ref: item(2)}, {Ref: item(3)}, {Ref: item(4)}},
		cmdb.Edge{Source: item(1), Type: "runs_on", Target: item(2)},
		cmdb.Edge{Source: item(1), Type: "runs_on", Target: item(3)},
		cmdb.Edge{Source: item(4), Type: "uses", Target: item(3)},
		cmdb.Edge{Source: item(4), Type: "uses", Target: item(1)})
	got, err := g.WhatIf(cmdb.Scenario{Change: cmdb.Change{
		Remove: []itsm.Ref{item(2), item(3)}, Put: []cmdb.Node{{Ref: item(5)}},
	}})
	require.NoError(t, err)
	require.Equal(t, []cmdb.Bereft{{Item: item(1), Need: any1[0]}}, got.Bereft) // 4 still uses 1
	require.ElementsMatch(t, []cmdb.Difference{
		{Item: item(1), Before: cmdb.Up, After: cmdb.Down}, {Item: item(4), Before: cmdb.Up, After: cmdb.Down},
	}, got.States)

	got, err = g.WhatIf(cmdb.Scenario{
		Change: cmdb.Change{Unrelate: []cmdb.Edge{{Source: item(1), Type: "runs_on", Target: item(2)}}},
		Watch:  []itsm.Ref{item(1)},
	})
	require.NoError(t, err)
	require.Empty(t, got.Bereft)
	require.Equal(t, []itsm.Ref{item(3)}, got.Watched[0].Gained)
	require.Empty(t, got.Watched[0].Lost)

	for _, bad := range []cmdb.Scenario{
		{Out: []itsm.Ref{item(9)}}, {Watch: []itsm.Ref{item(9)}}, {Change: cmdb.Change{Remove: []itsm.Ref{item(9)}}},
	} {
		_, err := g.WhatIf(bad)
		require.ErrorIs(t, err, cmdb.ErrUnknown)
	}
}

func compile(t require.TestingT, rules cmdb.Rules, nodes []cmdb.Node, edges ...cmdb.Edge) *cmdb.Graph {
	return estate{rules, nodes, edges}.compile(t)
}
