package cmdb_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/store/memory"
)

// narrow are the standard rules, in which only applications run on hardware, and one relation more.
func narrow(more ...cmdb.RelationType) cmdb.Rules {
	rules := cmdb.StandardRules()
	for i := range rules.Relations {
		if rules.Relations[i].Name == "runs_on" {
			rules.Relations[i].Pairs = []cmdb.Pair{{Source: "application", Target: "hardware"}}
		}
	}
	rules.Relations = append(rules.Relations, more...)
	return rules
}

// A host is made a cluster, on which by the rules nothing runs: what runs on it still fails with it, and the graph is
// there for everybody else.
func TestTheGraphHoldsWhatTheRulesNoLongerAllow(t *testing.T) {
	r := newRoom(t, func(c *cmdb.Config) { c.Rules = narrow() })
	app := r.register(cmdb.Particulars{Class: "application", Title: "app"})
	host := r.register(cmdb.Particulars{Class: "server", Title: "host"})
	other := r.register(cmdb.Particulars{Class: "cluster", Title: "other"})
	_, err := r.Connect(r.ctx(), app.Ref(cmdb.ItemName), "runs_on", host.Ref(cmdb.ItemName))
	require.NoError(t, err)
	follower, err := r.Follow(r.ctx())
	require.NoError(t, err)
	r.do(host, cmdb.Reclassify{Class: "cluster"})

	_, err = follower.Refresh(r.ctx())
	require.NoError(t, err)
	compiled, err := r.Graph(r.ctx())
	require.NoError(t, err)
	snapshot, err := r.At(r.ctx(), r.now)
	require.NoError(t, err)
	then, err := r.GraphOf(r.ctx(), snapshot)
	require.NoError(t, err)
	for _, g := range []cmdb.Live{compiled, follower.Live(), then} {
		impact, err := g.Impact(host.Ref(cmdb.ItemName))
		require.NoError(t, err)
		require.Equal(t, cmdb.Down, impact.Of(app.Ref(cmdb.ItemName)).State)
		_, err = g.WhatIf(cmdb.Scenario{Change: cmdb.Change{Relate: []cmdb.Edge{{Source: app.Ref(cmdb.ItemName), Type: "runs_on", Target: other.Ref(cmdb.ItemName)}}}})
		require.ErrorIs(t, err, cmdb.ErrForbiddenPair, "what is added is judged")
		_, err = g.Edit(cmdb.Change{Relate: []cmdb.Edge{{Source: app.Ref(cmdb.ItemName), Type: "located_in", Target: host.Ref(cmdb.ItemName)},
			{Source: app.Ref(cmdb.ItemName), Type: "located_in", Target: other.Ref(cmdb.ItemName)}}})
		require.ErrorIs(t, err, cmdb.ErrCardinality)
	}
	health, err := r.Health(r.ctx(), cmdb.HealthRules{})
	require.NoError(t, err)
	require.Equal(t, 1, health.Relations.Forbidden.Relations)
}

// A relation type is taken out of the rules: its relations spread no failure, and a need for them is not met.
func TestTheGraphHoldsRelationsOfATypeThatIsNoMore(t *testing.T) {
	store := memory.New()
	room := func(more ...cmdb.RelationType) *room {
		return newRoom(t, func(c *cmdb.Config) {
			c.Items, c.Relations, c.Saver, c.Rules = memory.For(store, cmdb.ItemKind()), memory.For(store, cmdb.RelationKind()), store, narrow(more...)
		})
	}
	r := room(cmdb.RelationType{Name: "feeds_on", Inverse: "feeds", Spread: cmdb.ToSource})
	a, b := r.register(cmdb.Particulars{Class: "service", Title: "a"}), r.register(cmdb.Particulars{Class: "service", Title: "b"})
	needy := r.register(cmdb.Particulars{Class: "service", Title: "c", Needs: &cmdb.OwnNeeds{Of: []cmdb.Need{{Relation: "feeds_on", Redundancy: cmdb.AnyOf}}}})
	for _, x := range []cmdb.Item{a, needy} {
		_, err := r.Connect(r.ctx(), x.Ref(cmdb.ItemName), "feeds_on", b.Ref(cmdb.ItemName))
		require.NoError(t, err)
	}

	live, err := room().Graph(r.ctx())
	require.NoError(t, err)
	require.Equal(t, 2, live.Relations())
	impact, err := live.Impact(b.Ref(cmdb.ItemName))
	require.NoError(t, err)
	require.Equal(t, cmdb.Up, impact.Of(a.Ref(cmdb.ItemName)).State)
	require.Equal(t, []itsm.Ref{needy.Ref(cmdb.ItemName)}, live.Unmet())
}
