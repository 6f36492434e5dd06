package cmdb_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/asset/supplier"
	"github.com/itsmkit/itsm/store/memory"
)

// room is a database for tests, with a clock that is set by hand.
type room struct {
	t      *testing.T
	now    time.Time
	models *itsm.Desk[asset.ClassModel]
	*cmdb.Database
}

func newRoom(t *testing.T, change func(*cmdb.Config)) *room {
	t.Helper()
	r := &room{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	store := memory.New()
	models := memory.For(store, asset.ModelKind())
	c := cmdb.Config{Items: memory.For(store, cmdb.ItemKind()), Relations: memory.For(store, cmdb.RelationKind()), Saver: store, Policy: itsm.AllowAll | itsm.AllowImport,
		Clock: func() time.Time { return r.now }, Models: models}
	c.Baselines = memory.For(store, cmdb.BaselineKind())
	if change != nil {
		change(&c)
	}
	var err error
	r.Database, err = cmdb.New(c)
	require.NoError(t, err)
	r.models, err = itsm.NewDesk(asset.ModelKind(), itsm.Config[asset.ClassModel]{Repository: models, Policy: itsm.AllowAll, Clock: c.Clock})
	require.NoError(t, err)
	return r
}

func (r *room) ctx() context.Context {
	return itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Tenant: "acme"})
}

func (r *room) register(p cmdb.Particulars) cmdb.Item {
	r.t.Helper()
	x, err := r.Items.Open(r.ctx(), cmdb.Register{Item: p})
	require.NoError(r.t, err)
	return x
}

func (r *room) do(x cmdb.Item, actions ...itsm.Action[cmdb.Item]) cmdb.Item {
	r.t.Helper()
	for _, a := range actions {
		var err error
		x, err = r.Items.Do(r.ctx(), x.ID, a)
		require.NoError(r.t, err)
	}
	return x
}

func values(t *testing.T, v map[string]any) itsm.Attributes {
	t.Helper()
	a, err := itsm.AttributesOf(v)
	require.NoError(t, err)
	return a
}

// two sources: the agent is trusted more than the scan, but for the location; what the agent says is stale after a week.
func sourced(c *cmdb.Config) {
	c.Reconciliation = cmdb.Reconciliation{Identify: cmdb.StandardIdentification(),
		Sources:    []cmdb.Source{{Name: "agent", Stale: itsm.Duration(7 * 24 * time.Hour)}, {Name: "scan"}},
		Precedence: []cmdb.Precedence{{Class: "hardware", Fields: []string{"location"}, Sources: []string{"scan"}}}}
}

func TestFieldsFollowTheMostTrustedSource(t *testing.T) {
	r := newRoom(t, sourced)
	x, err := r.Items.Open(r.ctx(), cmdb.Discover{Class: "server", Source: "scan", Key: "7", Values: values(t, map[string]any{"host": "web1", "location": "Oslo", "cores": 4})})
	require.NoError(t, err)
	require.Equal(t, "web1", x.Title)
	require.Equal(t, cmdb.Operational, x.State)

	x = r.do(x, cmdb.Observe{Source: "agent", Values: values(t, map[string]any{"host": "web1.example", "location": "Bergen", "cores": 8, "serial": "S1"})})
	require.Equal(t, "web1.example", x.Host)
	require.Equal(t, "Oslo", x.Location, "the scan decides places of hardware")
	require.Equal(t, "8", x.Specification.Text("cores"))

	x = r.do(x, cmdb.Edit{Values: values(t, map[string]any{"location": "Tromsø"})})
	require.Equal(t, "Oslo", x.Location, "the precedence names the scan first")

	r.now = r.now.Add(8 * 24 * time.Hour) // the agent is silent
	x = r.do(x, cmdb.Observe{Source: "scan", Key: "7", Values: values(t, map[string]any{"host": "web1", "cores": 4})})
	require.Equal(t, "web1", x.Host)
	require.Equal(t, "4", x.Specification.Text("cores"))
	require.Equal(t, "S1", x.Serial, "nobody else says anything of it")
	require.Equal(t, "Tromsø", x.Location, "the scan no longer does")

	x = r.do(x, cmdb.RestoreValue{Field: "cores", Source: "agent"})
	require.Equal(t, "8", x.Specification.Text("cores"))
	x = r.do(x, cmdb.Observe{Source: "scan", Key: "7", Values: values(t, map[string]any{"cores": 2})})
	require.Equal(t, "8", x.Specification.Text("cores"), "it is locked")
	x = r.do(x, cmdb.UnlockFields{Fields: []string{"cores"}})
	require.Equal(t, "2", x.Specification.Text("cores"))
}

func TestRelationsKeepTheRules(t *testing.T) {
	rules := cmdb.StandardRules()
	for i := range rules.Relations {
		if rules.Relations[i].Name == "runs_on" {
			rules.Relations[i].Pairs = []cmdb.Pair{{Source: "application", Target: "hardware"}}
		}
	}
	r := newRoom(t, func(c *cmdb.Config) { c.Rules = rules })
	db := r.register(cmdb.Particulars{Class: "database", Title: "orders"})
	host := r.register(cmdb.Particulars{Class: "server", Title: "db1"})
	site, other := r.register(cmdb.Particulars{Class: "site", Title: "Oslo"}), r.register(cmdb.Particulars{Class: "site", Title: "Bergen"})
	ref := func(x cmdb.Item) itsm.Ref { return x.Ref(cmdb.ItemName) }

	rel, err := r.Connect(r.ctx(), ref(db), "runs_on", ref(host)) // a database is an application, a server is hardware
	require.NoError(t, err)
	_, err = r.Connect(r.ctx(), ref(db), "runs_on", ref(host))
	require.ErrorIs(t, err, itsm.ErrDuplicate)
	_, err = r.Connect(r.ctx(), ref(host), "located_in", ref(site))
	require.NoError(t, err)

	for _, c := range []struct {
		source   itsm.Ref
		relation string
		target   itsm.Ref
		want     string
	}{
		{ref(host), "runs_on", ref(db), "forbidden pair"},
		{ref(host), "located_in", ref(other), "cardinality"},
		{ref(host), "likes", ref(other), "unknown"},
		{ref(host), "depends_on", ref(host), "to itself"},
		{ref(host), "depends_on", itsm.Ref{Kind: cmdb.ItemName, ID: itsm.ID{1}}, "unknown"},
		{itsm.Ref{}, "depends_on", ref(host), "required"},
	} {
		_, err := r.Connect(r.ctx(), c.source, c.relation, c.target)
		require.ErrorIs(t, err, itsm.ErrInvalid)
		require.ErrorContains(t, err, c.want)
	}

	live, err := r.Graph(r.ctx())
	require.NoError(t, err)
	require.Equal(t, 4, live.Items())
	falls, err := live.Falls([]itsm.Ref{ref(site)}, "database")
	require.NoError(t, err)
	require.Equal(t, []itsm.Ref{ref(db)}, falls)
	var _ supplier.Graph = cmdb.Services{Graph: live.Graph}

	_, err = r.Relations.Do(r.ctx(), rel.ID, cmdb.Withdraw{By: cmdb.Manual})
	require.NoError(t, err)
	_, err = r.Connect(r.ctx(), ref(db), "runs_on", ref(host)) // again
	require.NoError(t, err)
}
