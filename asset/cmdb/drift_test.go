package cmdb_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// lines shows drift as text: number, field, values, who.
func lines(d cmdb.Drift) []string {
	var out []string
	for _, c := range d.Changes {
		text := c.Number + " " + c.Field + " " + string(c.From) + " -> " + string(c.To) + " " + c.Action + " by " + c.Actor.ID
		if c.Sources != nil {
			text += " of " + strings.Join(c.Sources, ",")
		}
		if c.Undone {
			text += " undone"
		}
		out = append(out, text)
	}
	return out
}

// A week of an estate; the expected lines are written by hand.
func TestDriftOfAWeek(t *testing.T) {
	r := newRoom(t, func(c *cmdb.Config) { sourced(c); c.Policy = itsm.AllowAll | itsm.AllowBackdate })
	ref := func(x cmdb.Item) itsm.Ref { return x.Ref(cmdb.ItemName) }
	web := r.register(cmdb.Particulars{Class: "server", Title: "web1", Environment: "production", Location: "Oslo"})
	lab := r.register(cmdb.Particulars{Class: "server", Title: "lab1", Environment: "test"})
	shop := r.register(cmdb.Particulars{Class: "service", Title: "shop", Environment: "production"})
	runs, err := r.Connect(r.ctx(), ref(shop), "depends_on", ref(web))
	require.NoError(t, err)
	base, err := r.TakeBaseline(r.ctx(), cmdb.ProposeBaseline{Title: "production", Scope: cmdb.Scope{Environments: []string{"production"}}})
	require.NoError(t, err)
	require.Equal(t, cmdb.Seal{Items: 2, Relations: 1, Digest: base.Seal.Digest}, base.Seal)

	day := func(n int) time.Time { return time.Date(2026, 3, 2+n, 9, 0, 0, 0, time.UTC) }
	scan := func(x cmdb.Item, v map[string]any) { r.do(x, cmdb.Observe{Source: "scan", Values: values(t, v)}) }
	r.now = day(1)
	scan(web, map[string]any{"cores": 4})                                         // 1: unexplained, and raised in a change on day 2
	r.do(lab, cmdb.Edit{Values: values(t, map[string]any{"location": "Bergen"})}) // it comes into the scope later
	r.now = day(2)
	scan(web, map[string]any{"cores": 8, "host": "web1"}) // the change: cores only
	r.now = day(3)
	r.do(web, cmdb.Edit{Values: values(t, map[string]any{"location": "Moss"})})
	scan(web, map[string]any{"cores": 8, "host": "web1"}) // says the same: no drift
	r.now = day(4)
	r.do(web, cmdb.Edit{Values: values(t, map[string]any{"location": "Oslo"})}) // back: both are undone
	_, err = r.Relations.Do(r.ctx(), runs.ID, cmdb.Disconnect{Reason: "try"})
	require.NoError(t, err)
	r.now = day(5)
	again, err := r.Connect(r.ctx(), ref(shop), "depends_on", ref(web)) // another record, the same relation
	require.NoError(t, err)
	_, err = r.Relations.Do(r.ctx(), again.ID, cmdb.SetWeight{Weight: 3})
	require.NoError(t, err)
	r.do(lab, cmdb.Edit{Values: values(t, map[string]any{"environment": "production"})})
	_, err = r.Items.Do(r.ctx(), shop.ID, cmdb.Edit{Values: values(t, map[string]any{"owner": "eve"})}, itsm.At(day(0))) // dated back
	require.NoError(t, err)
	guest := r.register(cmdb.Particulars{Class: "server", Title: "guest", Environment: "production"})
	r.now = day(6)
	r.do(guest, cmdb.Edit{Values: values(t, map[string]any{"owner": "bo"})}, cmdb.Retire{Reason: "gone"})
	r.do(web, cmdb.TakeOut{Reason: "repair"})

	change := cmdb.Window{Change: itsm.Ref{Kind: "change", ID: itsm.ID{1}}, Items: []itsm.Ref{ref(web)}, From: day(2), Until: day(2).Add(time.Hour), Fields: []string{"specification"}}
	idle := cmdb.Window{Change: itsm.Ref{Kind: "change", ID: itsm.ID{2}}, Items: []itsm.Ref{ref(lab)}, From: day(3), Until: day(3)}
	second := change // which fits too
	second.Change.ID = itsm.ID{3}
	q := cmdb.DriftQuery{Baseline: base.ID, Explained: []cmdb.Window{change, idle, second}}
	d, err := r.Drift(r.ctx(), q)
	require.NoError(t, err)
	require.Equal(t, []string{
		`CI0000003 owner  -> "eve" edit by ann of manual`,
		`CI0000002 location  -> "Bergen" edit by ann of manual`,
		`CI0000001 host  -> "web1" observe by ann of scan`,
		`REL0000002 relations.depends_on.weight 1 -> 3 set_weight by ann`,
		`CI0000002 environment "test" -> "production" edit by ann of manual`,
		`CI0000001 state "operational" -> "out_of_service" take_out by ann`,
	}, lines(d))
	require.Equal(t, 8, d.Undone)
	require.Equal(t, []cmdb.Explanation{{Change: change.Change, Changes: 1}, {Change: idle.Change}, {Change: second.Change}}, d.Explained)
	require.Equal(t, base.Ref(cmdb.BaselineName), d.Baseline)
	require.Equal(t, ref(web), d.Changes[3].Target)

	q.Undone = true
	d, err = r.Drift(r.ctx(), q)
	require.NoError(t, err)
	require.Equal(t, []string{
		`CI0000003 owner  -> "eve" edit by ann of manual`,
		`CI0000001 specification.cores  -> 4 observe by ann of scan undone`,
		`CI0000002 location  -> "Bergen" edit by ann of manual`,
		`CI0000001 host  -> "web1" observe by ann of scan`,
		`CI0000001 location "Oslo" -> "Moss" edit by ann of manual undone`,
		`CI0000001 location "Moss" -> "Oslo" edit by ann of manual undone`,
		`REL0000001 relations.depends_on.state "active" -> "ended" disconnect by ann undone`,
		`REL0000002 relations.depends_on.state  -> "active" connect by ann of manual undone`,
		`REL0000002 relations.depends_on.weight 1 -> 3 set_weight by ann`,
		`CI0000002 environment "test" -> "production" edit by ann of manual`,
		`CI0000004 state  -> "operational" register by ann of manual undone`,
		`CI0000004 owner  -> "bo" edit by ann of manual undone`,
		`CI0000004 state "operational" -> "retired" retire by ann undone`,
		`CI0000001 state "operational" -> "out_of_service" take_out by ann`,
	}, lines(d))
	raw, err := json.Marshal(d.Changes[3])
	require.NoError(t, err)
	require.JSONEq(t, `{"of":{"kind":"ci","id":"`+web.ID.String()+`"},"number":"CI0000001","field":"host","to":"web1","event":"ci/`+web.ID.String()+`/3","action":"observe",
		"time":"2026-03-04T09:00:00Z","actor":{"id":"ann"},"sources":["scan"]}`, string(raw))

	// A change request for the relation is found by one of its ends.
	q.Explained, q.Undone = []cmdb.Window{{Change: change.Change, Items: []itsm.Ref{ref(shop)}, From: day(0), Until: day(6), Fields: []string{"relations.depends_on"}}}, false
	d, err = r.Drift(r.ctx(), q)
	require.NoError(t, err)
	require.Equal(t, 3, d.Explained[0].Changes)
	require.Len(t, d.Changes, 7, "both changes of the cores are unexplained now, the weight is explained")

	// A shorter time, of everything, without a baseline.
	d, err = r.Drift(r.ctx(), cmdb.DriftQuery{From: day(0), Until: day(1)})
	require.NoError(t, err)
	require.Equal(t, []string{`CI0000001 specification.cores  -> 4 observe by ann of scan`, `CI0000002 location  -> "Bergen" edit by ann of manual`}, lines(d))
}

func TestDriftRefuses(t *testing.T) {
	r := newRoom(t, nil)
	item := []itsm.Ref{{Kind: cmdb.ItemName, ID: itsm.ID{1}}}
	change := itsm.Ref{Kind: "change", ID: itsm.ID{1}}
	for want, q := range map[string]cmdb.DriftQuery{
		"from: required":         {},
		"until: in the future":   {From: r.now, Until: r.now.Add(time.Hour)},
		"until: before from":     {From: r.now, Until: r.now.Add(-time.Hour)},
		"scope.classes[0]":       {From: r.now, Scope: cmdb.Scope{Classes: []string{"serber"}}},
		"explained[0].change":    {From: r.now, Explained: []cmdb.Window{{Items: item, From: r.now, Until: r.now}}},
		"explained[0].items":     {From: r.now, Explained: []cmdb.Window{{Change: change, From: r.now, Until: r.now}}},
		"explained[0].from":      {From: r.now, Explained: []cmdb.Window{{Change: change, Items: item, Until: r.now}}},
		"explained[0].until":     {From: r.now, Explained: []cmdb.Window{{Change: change, Items: item, From: r.now, Until: r.now.Add(-1)}}},
		"explained[0].fields[1]": {From: r.now, Explained: []cmdb.Window{{Change: change, Items: item, From: r.now, Until: r.now, Fields: []string{"specification.cores", "colour"}}}},
		"explained[0].fields[0]": {From: r.now, Explained: []cmdb.Window{{Change: change, Items: item, From: r.now, Until: r.now, Fields: []string{"reports"}}}},
	} {
		_, err := r.Drift(r.ctx(), q)
		require.ErrorIs(t, err, itsm.ErrInvalid, want)
		require.ErrorContains(t, err, want)
	}
	_, err := r.Drift(r.ctx(), cmdb.DriftQuery{Baseline: itsm.ID{7}})
	require.ErrorIs(t, err, itsm.ErrNotFound)
}

// The oracles are the snapshots at both ends. Without windows what is left of the drift names what differs; all changes of
// a field lead from its value at the beginning to the one at the end; and a window for everything leaves nothing.
func TestRapidDriftIsWhatLeadsToTheDifferences(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := newPlay(t, rt)
		for range rapid.IntRange(1, 40).Draw(rt, "actions") {
			p.one()
		}
		from, until := p.instant("from"), p.instant("until")
		if until.Before(from) {
			from, until = until, from
		}
		a, err := p.At(p.ctx(), from)
		require.NoError(rt, err)
		b, err := p.At(p.ctx(), until)
		require.NoError(rt, err)
		diff, err := cmdb.Diff(a, b, cmdb.Scope{})
		require.NoError(rt, err)
		all, err := p.Drift(p.ctx(), cmdb.DriftQuery{From: from, Until: until, Undone: true})
		require.NoError(rt, err)
		net, err := p.Drift(p.ctx(), cmdb.DriftQuery{From: from, Until: until})
		require.NoError(rt, err)

		key := func(c cmdb.Drifted) string {
			if c.Of.Kind == cmdb.ItemName {
				return c.Of.String() + " " + c.Field
			}
			return c.Source.String() + " " + c.Target.String() + " " + c.Field
		}
		wanted, got := map[string]bool{}, map[string]bool{}
		for _, x := range append(diff.Items.Added, diff.Items.Removed...) {
			wanted[x.Item.String()+" state"] = true
		}
		for _, x := range diff.Items.Changed {
			for _, f := range x.Fields {
				wanted[x.Item.String()+" "+f.Field] = true
			}
		}
		for _, x := range append(diff.Relations.Added, diff.Relations.Ended...) {
			wanted[x.Source.String()+" "+x.Target.String()+" relations."+x.Type+".state"] = true
		}
		for _, x := range diff.Relations.Changed {
			wanted[x.Source.String()+" "+x.Target.String()+" relations."+x.Type+".weight"] = true
		}
		before := picture(rt, a)
		after := picture(rt, b)
		for _, c := range net.Changes {
			require.False(rt, c.Undone)
			// A record that came shows as one difference; the fields that were changed behind its coming are drift too.
			if before.items[c.Of] != nil || c.Of.Kind != cmdb.ItemName || c.Field == "state" {
				got[key(c)] = true
			}
		}
		for k := range got {
			if strings.HasSuffix(k, ".weight") && !wanted[k] { // of a relation that came
				state := strings.TrimSuffix(k, ".weight") + ".state"
				require.True(rt, wanted[state], k)
				delete(got, k)
			}
		}
		require.Equal(rt, wanted, got)
		require.Equal(rt, len(all.Changes)-all.Undone, len(net.Changes))

		// The values of an item's field that was there all the time form a chain.
		now := map[string]string{}
		for _, c := range all.Changes {
			start := before.items[c.Of]
			if start == nil || after.items[c.Of] == nil || c.Field == "state" {
				continue
			}
			if _, seen := now[key(c)]; !seen {
				now[key(c)] = start[c.Field]
			}
			from, to := "", ""
			if c.From != nil {
				from = unescapedJSON(rt, string(c.From))
			}
			if c.To != nil {
				to = unescapedJSON(rt, string(c.To))
			}
			require.Equal(rt, now[key(c)], from)
			now[key(c)] = to
		}
		for _, x := range b.Items {
			of := x.Ref(cmdb.ItemName)
			for field, end := range after.items[of] {
				if value, changed := now[of.String()+" "+field]; changed {
					require.Equal(rt, end, value)
				}
			}
		}

		everything := cmdb.Window{Change: itsm.Ref{Kind: "change", ID: itsm.ID{1}}, From: from, Until: until}
		for _, id := range append(append([]itsm.ID{}, p.items...), itsm.ID{}) {
			everything.Items = append(everything.Items, itsm.Ref{Kind: cmdb.ItemName, ID: id})
		}
		none, err := p.Drift(p.ctx(), cmdb.DriftQuery{From: from, Until: until, Undone: true, Explained: []cmdb.Window{everything}})
		require.NoError(rt, err)
		require.Empty(rt, none.Changes)
		require.Equal(rt, len(all.Changes), none.Explained[0].Changes)
	})
}

// An item that leaves the scope and comes back does not hide what was done to it meanwhile, and one that was never in it
// is not looked at; the lines are written by hand.
func TestDriftKeepsToItsScope(t *testing.T) {
	r := newRoom(t, nil)
	x := r.register(cmdb.Particulars{Class: "server", Title: "web1", Environment: "production", Location: "Oslo"})
	lab := r.register(cmdb.Particulars{Class: "server", Title: "lab1", Environment: "test"})
	from := r.now
	r.do(lab, cmdb.Edit{Values: values(t, map[string]any{"owner": "bo"})})
	ref := func(x cmdb.Item) itsm.Ref { return x.Ref(cmdb.ItemName) }
	edit := func(field, value string) {
		r.now = r.now.Add(time.Hour)
		r.do(x, cmdb.Edit{Values: values(t, map[string]any{field: value})})
	}
	edit("location", "Moss")
	edit("environment", "test")
	edit("location", "Oslo")
	edit("owner", "eve")
	_, err := r.Connect(r.ctx(), ref(lab), "depends_on", ref(x))
	require.NoError(t, err)
	_, err = r.Connect(r.ctx(), ref(lab), "depends_on", ref(r.register(cmdb.Particulars{Class: "site", Title: "Oslo"})))
	require.NoError(t, err)
	edit("environment", "production")
	window := cmdb.Window{Change: itsm.Ref{Kind: "change", ID: itsm.ID{1}}, Items: []itsm.Ref{ref(lab)}, From: from, Until: from.Add(time.Minute)}
	d, err := r.Drift(r.ctx(), cmdb.DriftQuery{From: from, Undone: true, Scope: cmdb.Scope{Environments: []string{"production"}}, Explained: []cmdb.Window{window}})
	require.NoError(t, err)
	require.Equal(t, []string{
		`CI0000001 location "Oslo" -> "Moss" edit by ann of manual undone`,
		`CI0000001 environment "production" -> "test" edit by ann of manual undone`,
		`CI0000001 location "Moss" -> "Oslo" edit by ann of manual undone`,
		`CI0000001 owner  -> "eve" edit by ann of manual`,
		`REL0000001 relations.depends_on.state  -> "active" connect by ann of manual`,
		`CI0000001 environment "test" -> "production" edit by ann of manual undone`,
	}, lines(d))
	require.Zero(t, d.Explained[0].Changes, "the window is of an item out of the scope")
}
