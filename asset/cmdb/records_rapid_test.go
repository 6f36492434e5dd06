package cmdb_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// drawing makes arbitrary inputs.
type drawing struct{ *rapid.T }

func pick[V any](d drawing, of ...V) V { return of[rapid.IntRange(0, len(of)-1).Draw(d.T, "pick")] }

// trusted: what the agent says is stale after a week, the scan after three days; the scan decides the places of hardware
// and all of applications.
func trusted(c *cmdb.Config) {
	day := itsm.Duration(24 * time.Hour)
	c.Reconciliation = cmdb.Reconciliation{Identify: cmdb.StandardIdentification(),
		Sources: []cmdb.Source{{Name: "agent", Stale: 7 * day}, {Name: "scan", Stale: 3 * day}, {Name: "list"}},
		Precedence: []cmdb.Precedence{{Class: "hardware", Fields: []string{"location"}, Sources: []string{"scan"}},
			{Class: "application", Sources: []string{"list", "agent"}}}}
}

// claimed are values that a source may claim of any class, and of some classes only.
func claimed(d drawing, class string) itsm.Attributes {
	all := map[string][]string{"title": {`"web"`, `"Größe"`}, "host": {`"web1"`, `"WEB1"`, `"localhost"`}, "domain": {`"example.org"`}, "serial": {`"S1"`, `"none"`, `"a/b"`},
		"location": {`"Oslo"`, `"Bergen"`}, "address": {`"10.0.0.1"`}, "owner": {`"ann"`}}
	switch class {
	case "server", "virtual_machine":
		all["cores"] = []string{"2", "4"}
	case "database":
		all["version"] = []string{`"17"`, `"18"`}
	}
	var out itsm.Attributes
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if pick(d, true, false, false) {
			out = append(out, itsm.Attribute{Key: key, Value: pick(d, all[key]...)})
		}
	}
	return out
}

func source(d drawing) string { return pick(d, "agent", "agent", "scan", "scan", "list") }

func field(d drawing) string { return pick(d, "title", "host", "location", "cores", "version") }

// itemAction makes an arbitrary action, right or wrong.
func itemAction(d drawing, x *cmdb.Item) itsm.Action[cmdb.Item] {
	if x == nil {
		class := pick(d, "server", "virtual_machine", "database", "site")
		return pick[itsm.Action[cmdb.Item]](d, cmdb.Discover{Class: class, Source: source(d), Key: pick(d, "", "k1"), Values: claimed(d, class)},
			cmdb.Register{Item: cmdb.Particulars{Class: class, Title: pick(d, "", "entered"), Location: pick(d, "", "Tromsø")}})
	}
	switch pick(d, "observe", "observe", "observe", "edit", "miss", "forget", "lock", "unlock", "restore", "reclassify", "revalidate", "wrong") {
	case "observe":
		return cmdb.Observe{Source: source(d), Key: pick(d, "", "k1", "k2"), Values: claimed(d, x.Class)}
	case "edit":
		return cmdb.Edit{Values: append(claimed(d, x.Class), itsm.Attribute{Key: "team", Value: pick(d, `"web"`, `""`, "null")})}
	case "miss":
		return cmdb.Miss{Source: source(d)}
	case "forget":
		return cmdb.Forget{Sources: []string{source(d)}}
	case "lock":
		return cmdb.LockFields{Fields: []string{field(d)}}
	case "unlock":
		return cmdb.UnlockFields{Fields: []string{field(d)}}
	case "restore":
		return cmdb.RestoreValue{Field: field(d), Source: source(d)}
	case "reclassify":
		return cmdb.Reclassify{Class: pick(d, "server", "virtual_machine", "database", "site")}
	case "wrong":
		return cmdb.Observe{Source: pick(d, cmdb.Manual, "rumour", "agent"), Values: itsm.Attributes{{Key: "colour", Value: `"red"`}}}
	}
	return cmdb.Revalidate{}
}

// oracle says what the fields of an item are, by the definition: of the reports that say something of a field the
// most trusted one that is neither stale nor gone counts; where there is none the most trusted stale one; else one that is
// gone.
type oracle struct {
	class   string
	reports map[string]cmdb.Report
	locked  map[string]string // the value under each lock, as JSON
	fields  map[string]string // as JSON
}

// attributes are those of the classes that the test uses, as the standard classes declare them.
var attributes = map[string][]string{"server": {"cores"}, "virtual_machine": {"cores"}, "database": {"version"}, "site": nil}

var allTexts = []string{"title", "host", "domain", "serial", "location", "address", "owner", "team"}

func (o *oracle) trust(field string) []string {
	switch {
	case o.class == "server" && field == "location":
		return []string{"scan", "manual", "agent", "list"}
	case o.class == "database":
		return []string{"list", "agent", "manual", "scan"}
	}
	return []string{"manual", "agent", "scan", "list"}
}

func (o *oracle) settle(now time.Time) {
	stale := map[string]time.Duration{"agent": 7 * 24 * time.Hour, "scan": 3 * 24 * time.Hour}
	o.fields = map[string]string{}
	for _, f := range slices.Concat(allTexts, attributes[o.class]) {
		if v, is := o.locked[f]; is {
			o.fields[f] = v
			continue
		}
		for round := range 3 { // the fresh ones are asked last, and win
			for _, s := range slices.Backward(o.trust(f)) {
				r, has := o.reports[s]
				isFresh := stale[s] == 0 || now.Sub(r.LastAt) <= stale[s]
				if v := r.Values.Raw(f); has && v != "" && (round == 0 || !r.Gone) && (round < 2 || isFresh) {
					o.fields[f] = v
				}
			}
		}
	}
	if _, is := o.locked["title"]; !is && o.fields["title"] == "" {
		o.fields["title"] = o.called()
	}
}

// called is the title of what nobody calls anything.
func (o *oracle) called() string {
	for _, f := range []string{"host", "serial", "address"} {
		if v := o.fields[f]; v != "" && v != `""` {
			return v
		}
	}
	for _, s := range slices.Sorted(maps.Keys(o.reports)) {
		if keys := o.reports[s].Keys; len(keys) > 0 {
			return `"` + keys[0] + `"`
		}
	}
	return `"` + o.class + `"`
}

// follow does an action that the item took.
func (o *oracle) follow(a itsm.Action[cmdb.Item], now time.Time) {
	report := func(source, key string, v itsm.Attributes) {
		r, had := o.reports[source]
		if !had {
			r.FirstAt = now
		}
		keys := map[string]bool{}
		for _, k := range append(r.Keys, key) {
			keys[k] = k != ""
		}
		maps.DeleteFunc(keys, func(_ string, is bool) bool { return !is })
		o.reports[source] = cmdb.Report{Source: source, Keys: slices.Sorted(maps.Keys(keys)), FirstAt: r.FirstAt, LastAt: now, Values: v}
	}
	switch a := a.(type) {
	case cmdb.Discover:
		o.class = a.Class
		report(a.Source, a.Key, a.Values)
	case cmdb.Register:
		o.class = a.Item.Class
		v := itsm.Attributes{}
		for _, f := range [][2]string{{"location", a.Item.Location}, {"title", a.Item.Title}} {
			if f[1] != "" {
				v = append(v, itsm.Attribute{Key: f[0], Value: `"` + f[1] + `"`})
			}
		}
		report("manual", "", v)
	case cmdb.Observe:
		report(a.Source, a.Key, a.Values)
	case cmdb.Edit:
		all := map[string]string{}
		for _, v := range slices.Concat(o.reports["manual"].Values, a.Values) {
			all[v.Key] = v.Value
		}
		var v itsm.Attributes
		for _, k := range slices.Sorted(maps.Keys(all)) {
			if all[k] != "null" && all[k] != `""` {
				v = append(v, itsm.Attribute{Key: k, Value: all[k]})
			}
		}
		report("manual", "", v)
	case cmdb.Miss:
		r := o.reports[a.Source]
		r.Gone = true
		o.reports[a.Source] = r
	case cmdb.Forget:
		delete(o.reports, a.Sources[0])
	case cmdb.LockFields:
		o.locked[a.Fields[0]] = o.fields[a.Fields[0]]
		return // the fields stay
	case cmdb.UnlockFields:
		delete(o.locked, a.Fields[0])
	case cmdb.RestoreValue:
		o.locked[a.Field] = o.reports[a.Source].Values.Raw(a.Field)
	case cmdb.Reclassify:
		o.class = a.Class
		maps.DeleteFunc(o.locked, func(f, _ string) bool {
			return !slices.Contains(allTexts, f) && !slices.Contains(attributes[a.Class], f)
		})
	}
	o.settle(now)
}

// identifiers are all by which the item may be recognised: the keys of its sources, and for each report that is not gone
// and for the fields the serial number, the host with its domain, and the address.
func (o *oracle) identifiers() []string {
	found := map[string]bool{}
	ignored := []string{"NONE", "LOCALHOST", ""}
	by := func(value func(string) string) {
		text := func(f string) string { return strings.ToUpper(strings.Trim(value(f), `"`)) }
		if s := text("serial"); !slices.Contains(ignored, s) {
			found["serial="+strings.ReplaceAll(s, "/", `\/`)] = true
		}
		if h, d := text("host"), text("domain"); !slices.Contains(ignored, h) && d != "" {
			found["host="+h+"/"+d] = true
		}
		if a := text("address"); a != "" {
			found["address="+a] = true
		}
	}
	by(func(f string) string { return o.fields[f] })
	for s, r := range o.reports {
		for _, k := range r.Keys {
			found["key="+s+"/"+k] = true
		}
		if !r.Gone {
			by(r.Values.Raw)
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// agrees compares an item with the oracle.
func (o *oracle) agrees(t *rapid.T, x cmdb.Item) {
	got := map[string]string{}
	for f, v := range map[string]string{"title": x.Title, "host": x.Host, "domain": x.Domain, "serial": x.Serial, "location": x.Location, "address": x.Address, "owner": x.Owner, "team": x.Team} {
		got[f] = v
	}
	for _, v := range x.Specification {
		got[v.Key] = v.Value
	}
	want := map[string]string{}
	for f, v := range o.fields {
		want[f] = v
		if slices.Contains(allTexts, f) {
			want[f] = strings.Trim(v, `"`)
		}
	}
	maps.DeleteFunc(got, func(_, v string) bool { return v == "" })
	maps.DeleteFunc(want, func(_, v string) bool { return v == "" })
	require.Equal(t, want, got)
	require.Equal(t, o.class, x.Class)
	require.Equal(t, fmt.Sprint(o.identifiers()), fmt.Sprint(x.Identifiers))
	require.Equal(t, slices.Sorted(maps.Keys(o.locked)), slices.Sorted(func(yield func(string) bool) {
		for _, l := range x.Locks {
			_ = yield(l.Field)
		}
	}))
	require.Len(t, x.Reports, len(o.reports))
	for _, r := range x.Reports {
		require.Equal(t, fmt.Sprint(o.reports[r.Source]), fmt.Sprint(r))
	}
}

// The fields of an item are what the definition says, the events give the record, and a refused action changes nothing.
func TestItemsFollowTheirReports(t *testing.T) {
	k := cmdb.ItemKind()
	rapid.Check(t, func(rt *rapid.T) {
		r, d := newRoom(t, trusted), drawing{rt}
		o := oracle{reports: map[string]cmdb.Report{}, locked: map[string]string{}}
		open := itemAction(d, nil)
		x, err := r.Items.Open(r.ctx(), open)
		require.NoError(rt, err)
		o.follow(open, r.now)
		for range rapid.IntRange(1, 25).Draw(rt, "actions") {
			r.now = r.now.Add(time.Duration(pick(d, 0, 0, 1, 30, 80, 200)) * time.Hour)
			a := itemAction(d, &x)
			after, err := r.Items.Do(r.ctx(), x.ID, a)
			stored, failed := r.Items.Get(r.ctx(), x.ID)
			require.NoError(rt, failed)
			if err != nil {
				require.True(rt, errors.Is(err, itsm.ErrInvalid), "%v", err)
				require.Equal(rt, x, stored)
				continue
			}
			require.Equal(rt, after, stored)
			x = after
			o.follow(a, r.now)
			o.agrees(rt, x)
			raw, err := json.Marshal(x)
			require.NoError(rt, err)
			read, err := k.Shape().Decode(raw)
			require.NoError(rt, err)
			require.Equal(rt, &x, read, "JSON keeps the record")
		}
		page, err := r.Items.History(r.ctx(), x.ID, itsm.PageRequest{Limit: itsm.MaxPage})
		require.NoError(rt, err)
		rebuilt, err := k.Replay(page.Items, time.Time{})
		require.NoError(rt, err)
		require.Equal(rt, x, rebuilt, "the events give the record")
	})
}

// Whatever two items are, a merge that is split at once leaves both as they were.
func TestAnyMergeIsTakenBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r, d := newRoom(t, trusted), drawing{rt}
		made := func() cmdb.Item {
			x, err := r.Items.Open(r.ctx(), itemAction(d, nil))
			require.NoError(rt, err)
			for range rapid.IntRange(0, 8).Draw(rt, "actions") {
				r.now = r.now.Add(time.Duration(pick(d, 0, 1, 30)) * time.Hour)
				if after, err := r.Items.Do(r.ctx(), x.ID, itemAction(d, &x)); err == nil {
					x = after
				}
			}
			return x
		}
		keep, gone := made(), made()
		keep, gone = r.do(keep, cmdb.Revalidate{}), r.do(gone, cmdb.Revalidate{}) // as of now
		merged, err := r.Merge(r.ctx(), keep.ID, gone.ID, "one")
		require.NoError(rt, err)
		for _, l := range keep.Locks {
			require.True(rt, merged.IsLocked(l.Field))
		}
		stays, back, err := r.Split(r.ctx(), keep.ID, cmdb.Division{Merged: gone.ID, Reason: "two"})
		require.NoError(rt, err)
		require.Equal(rt, facts(keep), facts(stays))
		require.Equal(rt, facts(gone), facts(back))
	})
}
