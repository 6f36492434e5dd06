package cmdb_test

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// demanding is a class model whose virtual machines must have cores.
func demanding() []asset.Class {
	classes := cmdb.StandardClasses()
	for i := range classes {
		for n := range classes[i].Attributes {
			if classes[i].Name == "virtual_machine" && classes[i].Attributes[n].Key == "cores" {
				classes[i].Attributes[n].Required = true
			}
		}
	}
	return classes
}

// A small estate; the expected figures are counted by hand.
func TestHealth(t *testing.T) {
	r := newRoom(t, func(c *cmdb.Config) { sourced(c); c.NewID = sequence() })
	old := r.register(cmdb.Particulars{Class: "virtual_machine", Title: "vm0"}) // incomplete only by the model that comes later
	_, err := r.models.Open(r.ctx(), asset.Define{Model: "standard", Classes: demanding()})
	require.NoError(t, err)
	discover := func(key string, v map[string]any) cmdb.Item {
		x, err := r.Items.Open(r.ctx(), cmdb.Discover{Class: "virtual_machine", Source: "scan", Key: key, Values: values(t, v)})
		require.NoError(t, err)
		return x
	}
	a := discover("1", map[string]any{"host": "a", "serial": "S1"})
	b := discover("2", map[string]any{"host": "b", "serial": "s1", "address": "10.0.0.1", "cores": 2}) // the serial of a
	c := discover("3", map[string]any{"host": "c", "address": "10.0.0.1", "cores": 2, "location": "Oslo"})
	d := discover("4", map[string]any{"host": "d", "cores": 2})
	site := r.register(cmdb.Particulars{Class: "site", Title: "Oslo", Location: "Oslo"})
	gone := r.register(cmdb.Particulars{Class: "site", Title: "Moss"})
	ref := func(x cmdb.Item) itsm.Ref { return x.Ref(cmdb.ItemName) }
	_, err = r.Connect(r.ctx(), ref(a), "depends_on", ref(b))
	require.NoError(t, err)
	dangling, err := r.Connect(r.ctx(), ref(c), "located_in", ref(gone))
	require.NoError(t, err)
	r.do(gone, cmdb.Retire{Reason: "sold"})
	r.now = r.now.Add(61 * 24 * time.Hour)
	r.do(d, cmdb.LockFields{Fields: []string{"host"}})
	r.do(b, cmdb.Observe{Source: "scan", Key: "2", Values: values(t, map[string]any{"host": "b", "serial": "s1", "address": "10.0.0.1", "cores": 2})})

	h, err := r.Health(r.ctx(), cmdb.HealthRules{Recommended: map[string][]string{"": {"location"}, "virtual_machine": {"cores", "host"}}, Alone: []string{"site"}})
	require.NoError(t, err)
	one := func(x cmdb.Item, fields ...string) cmdb.Example {
		return cmdb.Example{Item: ref(x), Number: x.Number, Fields: fields}
	}
	found := func(list ...cmdb.Example) cmdb.Finding { return cmdb.Finding{Items: len(list), Examples: list} }
	vms := cmdb.Figures{Items: 5,
		Incomplete: found(one(old, "cores"), one(a, "cores")),
		Sparse:     found(one(old, "location", "cores", "host"), one(a, "location", "cores"), one(b, "location"), one(d, "location")),
		Orphans:    found(one(old), one(d)),
		Duplicates: found(one(b), one(c)),
		Stale:      found(one(old), one(a), one(c))}
	sites := cmdb.Figures{Items: 1, Stale: found(one(site))}
	total := vms
	total.Items, total.Stale = 6, found(one(old), one(a), one(c), one(site))
	require.Equal(t, cmdb.Health{At: r.now, Total: total,
		Classes:    []cmdb.ClassHealth{{Class: "site", Figures: sites}, {Class: "virtual_machine", Figures: vms}},
		Duplicates: []cmdb.DuplicateSet{{Items: []itsm.Ref{ref(a), ref(b), ref(c)}, Identifiers: []string{"address=10.0.0.1", "serial=S1"}}},
		Relations:  cmdb.RelationFigures{Active: 2, Dangling: cmdb.RelationFinding{Relations: 1, Examples: []itsm.Ref{dangling.Ref(cmdb.RelationName)}}}}, h)

	raw, err := json.Marshal(h.Classes[0])
	require.NoError(t, err)
	require.JSONEq(t, `{"class":"site","items":1,"incomplete":{"items":0},"sparse":{"items":0},"orphans":{"items":0},"duplicates":{"items":0},
		"stale":{"items":1,"examples":[{"item":{"kind":"ci","id":"`+site.ID.String()+`"},"number":"`+site.Number+`"}]}}`, string(raw))

	for want, rules := range map[string]cmdb.HealthRules{
		"stale: negative":                     {Stale: -1},
		"examples: range":                     {Examples: 101},
		"alone[0]: unknown":                   {Alone: []string{"serber"}},
		"recommended.serber: unknown":         {Recommended: map[string][]string{"serber": nil}},
		"recommended.site[0]: unknown":        {Recommended: map[string][]string{"site": {"cores"}}},
		"recommended.[0]: unknown (allowed t": {Recommended: map[string][]string{"": {"cores"}}},
	} {
		_, err := r.Health(r.ctx(), rules)
		require.ErrorIs(t, err, itsm.ErrInvalid, want)
		require.ErrorContains(t, err, want)
	}
	_, err = r.Health(context.Background(), cmdb.HealthRules{})
	require.ErrorIs(t, err, itsm.ErrForbidden)
}

// Relations that the rules do not have any longer are found, and those whose ends only the host knows are not judged.
func TestHealthOfRelations(t *testing.T) {
	store := cmdb.StandardRules()
	var keep *cmdb.Config
	r := newRoom(t, func(c *cmdb.Config) { c.Rules = store; keep = c })
	db, host := r.register(cmdb.Particulars{Class: "database", Title: "orders"}), r.register(cmdb.Particulars{Class: "server", Title: "db1"})
	ref := func(x cmdb.Item) itsm.Ref { return x.Ref(cmdb.ItemName) }
	agreement := itsm.Ref{Kind: "agreement", ID: itsm.ID{1}}
	runs, err := r.Connect(r.ctx(), ref(db), "runs_on", ref(host))
	require.NoError(t, err)
	uses, err := r.Connect(r.ctx(), ref(db), "depends_on", ref(host))
	require.NoError(t, err)
	_, err = r.Connect(r.ctx(), agreement, "covers", ref(db))
	require.NoError(t, err)

	rules := cmdb.StandardRules()
	rules.Relations = slices.DeleteFunc(rules.Relations, func(t cmdb.RelationType) bool { return t.Name == "depends_on" })
	for i := range rules.Relations {
		rules.Relations[i].Pairs = []cmdb.Pair{{Source: "service"}}
	}
	later := *keep
	later.Rules = rules
	later.Others = func(context.Context, itsm.Ref) (string, bool, error) { return "contract", true, nil }
	d, err := cmdb.New(later)
	require.NoError(t, err)
	h, err := d.Health(r.ctx(), cmdb.HealthRules{})
	require.NoError(t, err)
	require.Equal(t, 3, h.Relations.Active)
	require.ElementsMatch(t, []itsm.Ref{runs.Ref(cmdb.RelationName), uses.Ref(cmdb.RelationName)}, h.Relations.Forbidden.Examples)
}

// The oracle counts pair by pair from all records at once.
func TestRapidHealthIsANaiveCount(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newRoom(t, sourced)
		n := rapid.IntRange(0, 12).Draw(rt, "items")
		var made []cmdb.Item
		for i := range n {
			r.now = r.now.Add(time.Duration(rapid.IntRange(0, 20).Draw(rt, "days")) * 24 * time.Hour)
			v := map[string]any{}
			for _, f := range []string{"serial", "host", "address", "location"} {
				if s := rapid.SampledFrom([]string{"", "", "x", "y", "z"}).Draw(rt, f); s != "" {
					v[f] = s
				}
			}
			x, err := r.Items.Open(r.ctx(), cmdb.Discover{Class: rapid.SampledFrom([]string{"server", "database", "site"}).Draw(rt, "class"), Source: "scan", Key: strconv.Itoa(i), Values: values(t, v)})
			require.NoError(rt, err)
			made = append(made, x)
			if len(made) > 1 && rapid.Bool().Draw(rt, "related") {
				other := rapid.SampledFrom(made[:i]).Draw(rt, "to")
				_, err := r.Connect(r.ctx(), x.Ref(cmdb.ItemName), "depends_on", other.Ref(cmdb.ItemName))
				require.True(rt, err == nil || other.State == cmdb.Retired)
			}
			if rapid.IntRange(0, 5).Draw(rt, "retired") == 0 {
				made[i] = r.do(x, cmdb.Retire{Reason: "old"})
			}
		}
		rules := cmdb.HealthRules{Stale: itsm.Duration(rapid.IntRange(1, 80).Draw(rt, "stale")) * itsm.Duration(24*time.Hour), Examples: 100,
			Recommended: map[string][]string{"hardware": {"location"}}, Alone: []string{"hardware"}}
		h, err := r.Health(r.ctx(), rules)
		require.NoError(rt, err)

		var there []cmdb.Item
		for _, x := range made {
			if x.State != cmdb.Retired {
				there = append(there, x)
			}
		}
		related := map[itsm.ID]bool{}
		for rel, err := range r.Relations.All(r.ctx(), itsm.Where[cmdb.Relation]()) {
			require.NoError(rt, err)
			related[rel.Source.ID], related[rel.Target.ID] = true, true
		}
		share := func(a, b cmdb.Item) bool {
			return slices.ContainsFunc(a.Identifiers, func(id string) bool { return !strings.HasPrefix(id, "key=") && slices.Contains(b.Identifiers, id) })
		}
		// Sets are what can be reached by steps from one to another that shares something.
		set := make([]int, len(there))
		for i := range set {
			set[i] = i
		}
		for range there {
			for i := range there {
				for j := range there {
					if share(there[i], there[j]) {
						set[i] = min(set[i], set[j])
						set[j] = set[i]
					}
				}
			}
		}
		count := func(class string, is func(i int, x cmdb.Item) bool) int {
			n := 0
			for i, x := range there {
				if (class == "" || x.Class == class) && is(i, x) {
					n++
				}
			}
			return n
		}
		check := func(class string, f cmdb.Figures, duplicates bool) {
			require.Equal(rt, count(class, func(int, cmdb.Item) bool { return true }), f.Items)
			require.Equal(rt, count(class, func(_ int, x cmdb.Item) bool { return x.Class == "server" && x.Location == "" }), f.Sparse.Items)
			require.Equal(rt, count(class, func(_ int, x cmdb.Item) bool { return x.Class != "server" && !related[x.ID] }), f.Orphans.Items)
			require.Equal(rt, count(class, func(_ int, x cmdb.Item) bool { return r.now.Sub(x.UpdatedAt) > time.Duration(rules.Stale) }), f.Stale.Items)
			if duplicates {
				require.Equal(rt, count(class, func(i int, _ cmdb.Item) bool { return set[i] != i }), f.Duplicates.Items)
			}
			require.Zero(rt, f.Incomplete.Items, "no standard class requires anything")
			for _, x := range []cmdb.Finding{f.Sparse, f.Orphans, f.Stale, f.Duplicates} {
				require.Len(rt, x.Examples, x.Items)
			}
		}
		check("", h.Total, true)
		sum := 0
		for _, c := range h.Classes {
			check(c.Class, c.Figures, false) // which one of a set is the oldest is not known of one instant
			sum += c.Duplicates.Items
		}
		require.Equal(rt, h.Total.Duplicates.Items, sum)
		for _, s := range h.Duplicates {
			sum -= len(s.Items) - 1
			require.NotEmpty(rt, s.Identifiers)
		}
		require.Zero(rt, sum, "the size of each set less one")
	})
}
