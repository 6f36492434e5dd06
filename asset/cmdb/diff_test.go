package cmdb_test

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// fieldsOf returns what people see of an item, from its JSON.
func fieldsOf(t require.TestingT, x cmdb.Item) map[string]string {
	if x.State == cmdb.Retired || x.State == cmdb.Merged {
		return nil
	}
	raw, err := json.Marshal(x)
	require.NoError(t, err)
	var all map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(raw, &all))
	out := map[string]string{}
	for _, name := range append(cmdb.Fields(), "class", "state", "needs", "asset", "specification", "attributes") {
		if v, ok := all[name]; ok && string(v) != `""` {
			out[name] = string(v)
		}
	}
	if x.Needs != nil {
		needs, err := json.Marshal(append([]cmdb.Need{}, x.Needs.Of...))
		require.NoError(t, err)
		out["needs"] = string(needs)
	}
	if !x.Asset.IsZero() {
		out["asset"] = strconv.Quote(x.Asset.String())
	}
	for _, group := range []string{"specification", "attributes"} {
		var values map[string]json.RawMessage
		if raw := out[group]; raw != "" {
			require.NoError(t, json.Unmarshal([]byte(raw), &values))
		}
		delete(out, group)
		for key, v := range values {
			out[group+"."+key] = string(v)
		}
	}
	return out
}

// pictured is a snapshot in maps: items by ID, relations by ends and type with their weight.
type pictured struct {
	items     map[itsm.Ref]map[string]string
	relations map[string]string
}

func picture(t require.TestingT, s cmdb.Snapshot) pictured {
	p := pictured{map[itsm.Ref]map[string]string{}, map[string]string{}}
	for _, x := range s.Items {
		if fields := fieldsOf(t, x); fields != nil {
			p.items[x.Ref(cmdb.ItemName)] = fields
		}
	}
	for _, r := range s.Relations {
		if r.State == cmdb.Active {
			p.relations[cmdb.PairKey(r.Source, r.Type, r.Target)] = strconv.Itoa(max(r.Weight, 1))
		}
	}
	return p
}

func unescapedJSON(t require.TestingT, raw string) string {
	var v any
	require.NoError(t, json.Unmarshal([]byte(raw), &v))
	out, err := json.Marshal(v)
	require.NoError(t, err)
	return string(out)
}

func contentOf(t require.TestingT, a itsm.Attributes) map[string]string {
	out := map[string]string{}
	for _, x := range a {
		out[x.Key] = unescapedJSON(t, x.Value)
	}
	return out
}

// apply makes of the earlier picture the later one.
func (p pictured) apply(t require.TestingT, d cmdb.Differences) {
	for _, x := range d.Items.Added {
		require.NotContains(t, p.items, x.Item)
		p.items[x.Item] = contentOf(t, x.Content)
	}
	for _, x := range d.Items.Removed {
		require.Equal(t, p.items[x.Item], contentOf(t, x.Content))
		delete(p.items, x.Item)
	}
	for _, x := range d.Items.Changed {
		require.NotEmpty(t, x.Fields)
		for _, f := range x.Fields {
			if f.From != nil {
				require.Equal(t, p.items[x.Item][f.Field], unescapedJSON(t, string(f.From)))
			}
			if f.To == nil {
				delete(p.items[x.Item], f.Field)
			} else {
				p.items[x.Item][f.Field] = unescapedJSON(t, string(f.To))
			}
		}
	}
	for _, r := range d.Relations.Ended {
		delete(p.relations, cmdb.PairKey(r.Source, r.Type, r.Target))
	}
	for _, r := range d.Relations.Added {
		p.relations[cmdb.PairKey(r.Source, r.Type, r.Target)] = r.Content.Raw("weight")
	}
	for _, r := range d.Relations.Changed {
		require.Equal(t, "weight", r.Fields[0].Field)
		p.relations[cmdb.PairKey(r.Source, r.Type, r.Target)] = string(r.Fields[0].To)
	}
}

// The oracle is the definition: the differences, applied to the one snapshot, give the other one.
func TestRapidDiffLeadsFromOneToTheOther(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := newPlay(t, rt)
		for range rapid.IntRange(1, 40).Draw(rt, "actions") {
			p.one()
		}
		a, err := p.At(p.ctx(), p.instant("a"))
		require.NoError(rt, err)
		b, err := p.At(p.ctx(), p.instant("b"))
		require.NoError(rt, err)
		d, err := cmdb.Diff(a, b, cmdb.Scope{})
		require.NoError(rt, err)
		got := picture(rt, a)
		got.apply(rt, d)
		require.Equal(rt, picture(rt, b), got)
		require.Equal(rt, d.IsEmpty(), len(d.Items.Added)+len(d.Items.Removed)+len(d.Items.Changed)+len(d.Relations.Added)+len(d.Relations.Ended)+len(d.Relations.Changed) == 0)

		same, err := cmdb.Diff(b, b, cmdb.Scope{})
		require.NoError(rt, err)
		require.True(rt, same.IsEmpty())

		// In a scope: what the differences of everything have of the items that are in it before or behind.
		in := cmdb.Scope{Classes: rapid.SampledFrom([][]string{nil, {"hardware"}, {"application", "site"}}).Draw(rt, "classes"),
			Environments: rapid.SampledFrom([][]string{nil, {"a"}}).Draw(rt, "environments")}
		scoped, err := cmdb.Diff(a, b, in)
		require.NoError(rt, err)
		within := map[itsm.Ref]bool{}
		for _, s := range []cmdb.Snapshot{a, b} {
			for _, x := range s.Items {
				class := in.Classes == nil || x.Class == "server" && in.Classes[0] == "hardware" || (x.Class == "database" || x.Class == "site") && in.Classes[0] == "application"
				if x.State != cmdb.Retired && class && (in.Environments == nil || x.Environment == "a") {
					within[x.Ref(cmdb.ItemName)] = true
				}
			}
		}
		require.Equal(rt, chosen(d.Items.Added, func(x cmdb.HeldItem) bool { return within[x.Item] }), len(scoped.Items.Added))
		require.Equal(rt, chosen(d.Items.Removed, func(x cmdb.HeldItem) bool { return within[x.Item] }), len(scoped.Items.Removed))
		require.Equal(rt, chosen(d.Items.Changed, func(x cmdb.ItemDifference) bool { return within[x.Item] }), len(scoped.Items.Changed))
		if in.Classes != nil || in.Environments != nil {
			touches := func(r cmdb.HeldRelation) bool { return within[r.Source] || within[r.Target] }
			require.Equal(rt, chosen(d.Relations.Added, touches), len(scoped.Relations.Added))
			require.Equal(rt, chosen(d.Relations.Ended, touches), len(scoped.Relations.Ended))
		}
	})
}

func chosen[T any](list []T, is func(T) bool) int {
	n := 0
	for _, x := range list {
		if is(x) {
			n++
		}
	}
	return n
}

// The expected text is written by hand.
func TestDifferencesAsJSON(t *testing.T) {
	r := newRoom(t, func(c *cmdb.Config) { c.NewID = sequence() })
	web := r.register(cmdb.Particulars{Class: "server", Title: "web1", Location: "Oslo", Specification: values(t, map[string]any{"cores": 4})})
	shop := r.register(cmdb.Particulars{Class: "service", Title: "shop"})
	old := r.register(cmdb.Particulars{Class: "server", Title: "old"})
	runs, err := r.Connect(r.ctx(), shop.Ref(cmdb.ItemName), "depends_on", web.Ref(cmdb.ItemName))
	require.NoError(t, err)
	before := r.now
	r.now = r.now.Add(time.Hour)
	r.do(web, cmdb.Edit{Values: values(t, map[string]any{"location": "Bergen <2>", "cores": 8})}, cmdb.TakeOut{Reason: "moved"})
	r.do(old, cmdb.Retire{Reason: "sold"})
	_, err = r.Relations.Do(r.ctx(), runs.ID, cmdb.Disconnect{Reason: "check"})
	require.NoError(t, err)
	_, err = r.Relations.Open(r.ctx(), cmdb.Connect{Source: shop.Ref(cmdb.ItemName), Type: "depends_on", Target: web.Ref(cmdb.ItemName), Weight: 2})
	require.NoError(t, err)
	a, err := r.At(r.ctx(), before)
	require.NoError(t, err)
	b, err := r.At(r.ctx(), r.now)
	require.NoError(t, err)
	d, err := cmdb.Diff(a, b, cmdb.Scope{})
	require.NoError(t, err)
	raw, err := json.Marshal(d)
	require.NoError(t, err)
	require.JSONEq(t, `{"from":"2026-03-02T09:00:00Z","to":"2026-03-02T10:00:00Z","items":{
		"removed":[{"item":{"kind":"ci","id":"00000000-0000-0000-0000-000000000003"},"number":"CI0000003","content":{"class":"server","state":"operational","title":"old"},"became":"retired"}],
		"changed":[{"item":{"kind":"ci","id":"00000000-0000-0000-0000-000000000001"},"number":"CI0000001","class":"server","title":"web1","fields":[
			{"field":"location","from":"Oslo","to":"Bergen <2>"},{"field":"specification.cores","from":4,"to":8},{"field":"state","from":"operational","to":"out_of_service"}]}]},
		"relations":{"changed":[{"source":{"kind":"ci","id":"00000000-0000-0000-0000-000000000002"},"type":"depends_on","target":{"kind":"ci","id":"00000000-0000-0000-0000-000000000001"},
			"fields":[{"field":"weight","from":1,"to":2}]}]}}`, string(raw))

	_, err = cmdb.Diff(a, b, cmdb.Scope{Classes: []string{"server", "serber", "server"}, Environments: []string{""}})
	require.ErrorIs(t, err, itsm.ErrInvalid)
	require.ErrorContains(t, err, "scope.classes[1]: unknown")
	require.ErrorContains(t, err, "scope.classes[2]: twice")
	require.ErrorContains(t, err, "scope.environments[0]: required")
}

// sequence makes the IDs 1, 2, 3 ….
func sequence() func(time.Time) itsm.ID {
	n := byte(0)
	return func(time.Time) itsm.ID { n++; return itsm.ID{15: n} }
}

// What people want, by lock or by hand, against what the sources of sourced claim; all expected values follow from the
// actions by hand.
func TestDeviations(t *testing.T) {
	r := newRoom(t, sourced)
	x := r.register(cmdb.Particulars{Class: "server", Title: "web1", Owner: "ann", Location: "Oslo", Specification: values(t, map[string]any{"cores": 4})})
	r.do(x, cmdb.Observe{Source: "scan", Values: values(t, map[string]any{"title": "WEB1", "location": "Bergen", "cores": 4, "serial": "S1", "host": "web1"})},
		cmdb.Observe{Source: "agent", Values: values(t, map[string]any{"title": "web1", "cores": 8, "serial": "S2", "host": "web1"})},
		cmdb.LockFields{Fields: []string{"serial", "domain"}}, cmdb.Observe{Source: "agent", Values: values(t, map[string]any{"title": "web1", "cores": 8, "serial": "S3", "host": "web1"})})
	r.register(cmdb.Particulars{Class: "site", Title: "Oslo"})
	collect := func() map[string]string {
		got := map[string]string{}
		for d, err := range r.Deviations(r.ctx(), itsm.Where[cmdb.Item]()) {
			require.NoError(t, err)
			require.Equal(t, x.Ref(cmdb.ItemName), d.Item)
			text := d.Value
			if d.Locked {
				text += " locked"
			}
			for _, c := range d.Claims {
				text += " " + c.Source + ":" + c.Value
			}
			got[d.Field] = text
		}
		return got
	}
	require.Equal(t, map[string]string{
		"title":  "web1 scan:WEB1", // by hand; the agent agrees. The place is the scan's to say, the host nobody's by hand.
		"cores":  "4 agent:8",
		"serial": "S2 locked agent:S3 scan:S1",
	}, collect())
	r.now = r.now.Add(8 * 24 * time.Hour) // the agent is stale: it claims nothing
	r.do(x, cmdb.Miss{Source: "scan"})    // and the scan did not find it
	require.Empty(t, collect())
}
