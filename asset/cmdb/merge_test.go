package cmdb_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/asset/cmdb"
)

func ref(x cmdb.Item) itsm.Ref { return x.Ref(cmdb.ItemName) }

func (r *room) discover(class, source, key string, v map[string]any) cmdb.Item {
	r.t.Helper()
	x, err := r.Items.Open(r.ctx(), cmdb.Discover{Class: class, Source: source, Key: key, Values: values(r.t, v)})
	require.NoError(r.t, err)
	return x
}

func (r *room) get(x cmdb.Item) cmdb.Item {
	r.t.Helper()
	x, err := r.Items.Get(r.ctx(), x.ID)
	require.NoError(r.t, err)
	return x
}

func (r *room) connect(source cmdb.Item, relation string, target cmdb.Item) cmdb.Relation {
	r.t.Helper()
	rel, err := r.Connect(r.ctx(), ref(source), relation, ref(target))
	require.NoError(r.t, err)
	return rel
}

// active lists the active relations of an item by what they join.
func (r *room) active(x cmdb.Item) []string {
	r.t.Helper()
	var out []string
	name := func(e itsm.Ref) string {
		x, err := r.Items.Get(r.ctx(), e.ID)
		require.NoError(r.t, err)
		return x.Title
	}
	for rel, err := range r.Relations.All(r.ctx(), itsm.Where(cmdb.RelationsByEnd.Is(ref(x)), itsm.ByState[cmdb.Relation]().Is(cmdb.Active))) {
		require.NoError(r.t, err)
		out = append(out, name(rel.Source)+" "+rel.Type+" "+name(rel.Target))
	}
	return out
}

// facts are what a merge and a split give back: all that follows from the reports, and the reports.
func facts(x cmdb.Item) cmdb.Item {
	x.Header, x.Validated.Model = itsm.Header{ID: x.ID, State: x.State}, itsm.Ref{}
	return x
}

// pair are two items that are one: both are known to the scan, each to a source of its own, and people wrote in both.
func (r *room) pair() (keep, gone cmdb.Item) {
	keep = r.discover("server", "scan", "k", map[string]any{"title": "web", "host": "web1", "cores": 4})
	keep = r.do(keep, cmdb.Edit{Values: values(r.t, map[string]any{"owner": "ann"})}, cmdb.LockFields{Fields: []string{"title"}})
	r.now = r.now.Add(time.Hour)
	gone = r.discover("server", "agent", "g", map[string]any{"title": "web one", "serial": "S1", "cores": 8})
	gone = r.do(gone, cmdb.Observe{Source: "scan", Key: "g", Values: values(r.t, map[string]any{"host": "web1.new", "location": "Oslo"})},
		cmdb.Edit{Values: values(r.t, map[string]any{"owner": "bo", "team": "web"})}, cmdb.Represent{Asset: itsm.Ref{Kind: asset.Name, ID: itsm.ID{7}}})
	r.now = r.now.Add(time.Hour)
	return keep, gone
}

func TestMerge(t *testing.T) {
	r := newRoom(t, sourced)
	keep, gone := r.pair()
	site, db := r.register(cmdb.Particulars{Class: "site", Title: "Oslo"}), r.register(cmdb.Particulars{Class: "database", Title: "orders"})
	retired := r.register(cmdb.Particulars{Class: "database", Title: "old"})
	r.connect(db, "runs_on", gone)
	r.connect(gone, "located_in", site)
	r.connect(keep, "depends_on", gone)
	r.connect(retired, "runs_on", gone)
	r.do(retired, cmdb.Retire{Reason: "over"}) // by the desk: its relation stays
	same, other := r.connect(keep, "uses", db), r.connect(gone, "uses", db)
	_, err := r.Relations.Do(r.ctx(), other.ID, cmdb.Confirm{By: "agent"})
	require.NoError(t, err)

	out, err := r.Merge(r.ctx(), keep.ID, gone.ID, "one machine")
	require.NoError(t, err)
	// By hand: the agent is trusted most after people, and the scan's newer report is that of the item that went.
	require.Equal(t, "web", out.Title, "it is locked")
	require.Equal(t, [...]string{"web1.new", "S1", "ann", "web", "Oslo", "8"}, [...]string{out.Host, out.Serial, out.Owner, out.Team, out.Location, out.Specification.Text("cores")})
	require.Equal(t, []string{"g", "k"}, out.Report("scan").Keys)
	require.Equal(t, itsm.ID{7}, out.Asset.ID)
	require.Equal(t, []itsm.Ref{ref(gone)}, out.Linked("merged_from"))
	require.ElementsMatch(t, []string{"orders runs_on web", "web located_in Oslo", "web uses orders"}, r.active(keep))
	says, err := r.Relations.Get(r.ctx(), same.ID)
	require.NoError(t, err)
	require.Len(t, says.Says, 2, "what the agent said of the one that ended counts for the one that stays")

	went := r.get(gone)
	require.Equal(t, cmdb.Merged, went.State)
	require.Empty(t, r.active(gone))
	require.Equal(t, ref(keep), went.MergedInto)
	ended, err := r.Relations.Get(r.ctx(), other.ID)
	require.NoError(t, err)
	require.Equal(t, "one machine", ended.Ended.Reason)
	for name, q := range map[string]itsm.Query[cmdb.Item]{
		"identifier": itsm.Where(cmdb.ItemsByIdentifier.Is("key=scan/g")),
		"asset":      itsm.Where(cmdb.ItemsByAsset.Is(gone.Asset)),
		"source":     itsm.Where(cmdb.ItemsBySource.Is("agent")),
	} {
		page, err := r.Items.Find(r.ctx(), q, itsm.PageRequest{})
		require.NoError(t, err)
		require.Len(t, page.Items, 1, name)
		require.Equal(t, keep.ID, page.Items[0].ID, name)
	}
}

// A merge that is taken back at once leaves both as they were.
func TestMergeThenSplit(t *testing.T) {
	r := newRoom(t, sourced)
	keep, gone := r.pair()
	site := r.register(cmdb.Particulars{Class: "site", Title: "Oslo"})
	r.connect(gone, "located_in", site)
	joins := r.connect(keep, "depends_on", gone)
	_, err := r.Merge(r.ctx(), keep.ID, gone.ID, "one machine")
	require.NoError(t, err)
	var moved cmdb.Relation
	for rel, err := range r.Relations.All(r.ctx(), itsm.Where(cmdb.RelationsBySource.Is(ref(keep).String()+" located_in"))) {
		require.NoError(t, err)
		moved = rel
	}
	stays, back, err := r.Split(r.ctx(), keep.ID, cmdb.Division{Merged: gone.ID, Relations: []itsm.ID{moved.ID, joins.ID}, Reason: "two machines"})
	require.NoError(t, err)
	require.Equal(t, facts(keep), facts(stays))
	require.Equal(t, facts(gone), facts(back))
	require.Empty(t, stays.Links)
	require.Equal(t, []string{"web depends_on web one"}, r.active(stays))
	require.ElementsMatch(t, []string{"web depends_on web one", "web one located_in Oslo"}, r.active(back))
	_, err = r.Merge(r.ctx(), keep.ID, gone.ID, "one machine after all")
	require.NoError(t, err)
}

// What was reported between a merge and its split stays with the item that it was reported of.
func TestSplitAfterReports(t *testing.T) {
	r := newRoom(t, sourced)
	keep, gone := r.pair()
	_, err := r.Merge(r.ctx(), keep.ID, gone.ID, "one machine")
	require.NoError(t, err)
	r.do(keep, cmdb.Observe{Source: "scan", Key: "k", Values: values(t, map[string]any{"host": "web1.newer"})},
		cmdb.Observe{Source: "agent", Key: "g", Values: values(t, map[string]any{"serial": "S2"})})
	stays, back, err := r.Split(r.ctx(), keep.ID, cmdb.Division{Merged: gone.ID, Reason: "two machines"})
	require.NoError(t, err)
	require.Equal(t, "web1.newer", stays.Host)
	require.Equal(t, []string{"k"}, stays.Report("scan").Keys)
	require.Equal(t, "web1.new", back.Host)
	require.Equal(t, "S2", back.Serial, "the agent reported nothing but the item that went")
	require.Nil(t, stays.Report("agent"))
}

func TestSplitToNew(t *testing.T) {
	r := newRoom(t, sourced)
	x := r.discover("server", "agent", "1", map[string]any{"host": "a", "cores": 2})
	x = r.do(x, cmdb.Observe{Source: "scan", Key: "9", Values: values(t, map[string]any{"host": "b", "location": "Oslo"})})
	db, site := r.register(cmdb.Particulars{Class: "database", Title: "orders"}), r.register(cmdb.Particulars{Class: "site", Title: "Oslo"})
	r.connect(db, "runs_on", x)
	goes := r.connect(x, "located_in", site)
	stays, left, err := r.Split(r.ctx(), x.ID, cmdb.Division{Sources: []string{"scan"}, Class: "virtual_machine", Relations: []itsm.ID{goes.ID}, Reason: "the scan meant another one"})
	require.NoError(t, err)
	require.Equal(t, [...]string{"a", "", "2"}, [...]string{stays.Host, stays.Location, stays.Specification.Text("cores")})
	require.Equal(t, [...]string{"virtual_machine", "b", "b", "Oslo", ""}, [...]string{left.Class, left.Title, left.Host, left.Location, left.Specification.Text("cores")})
	require.Equal(t, []string{"key=scan/9"}, left.Identifiers)
	require.Equal(t, x.Report("scan").FirstAt, left.Report("scan").FirstAt)
	require.Equal(t, []itsm.Ref{ref(x)}, left.Linked("split_from"))
	require.NotEmpty(t, left.Number)
	require.Equal(t, []string{"orders runs_on a"}, r.active(stays))
	require.Equal(t, []string{"b located_in Oslo"}, r.active(left))
}

// Whatever is refused changes nothing, and the error says what.
func TestMergeAndSplitRefuse(t *testing.T) {
	r := newRoom(t, sourced)
	keep, gone := r.pair()
	north, south := r.register(cmdb.Particulars{Class: "site", Title: "North"}), r.register(cmdb.Particulars{Class: "site", Title: "South"})
	first, second := r.connect(keep, "located_in", north), r.connect(gone, "located_in", south)
	stranger := r.connect(north, "depends_on", south)
	planned, err := r.Items.Open(r.ctx(), cmdb.Plan{Item: cmdb.Particulars{Class: "server", Title: "next"}})
	require.NoError(t, err)
	owned := r.register(cmdb.Particulars{Class: "server", Title: "owned", Asset: itsm.Ref{Kind: asset.Name, ID: itsm.ID{8}}})
	merge := func(keep, gone itsm.ID, reason string) func() error {
		return func() error { _, err := r.Merge(r.ctx(), keep, gone, reason); return err }
	}
	split := func(of itsm.ID, by cmdb.Division) func() error {
		return func() error { _, _, err := r.Split(r.ctx(), of, by); return err }
	}
	before, beforeGone := r.get(keep), r.get(gone)
	for _, c := range []struct {
		name string
		do   func() error
		is   error
		says []string
	}{
		{"one item", merge(keep.ID, keep.ID, "x"), itsm.ErrInvalid, []string{"gone", "same"}},
		{"no reason", merge(keep.ID, gone.ID, " "), itsm.ErrInvalid, []string{"reason: required"}},
		{"unknown", merge(keep.ID, itsm.ID{9}, "x"), itsm.ErrNotFound, []string{"gone"}},
		{"two places", merge(keep.ID, gone.ID, "x"), itsm.ErrInvalid, []string{"relations: cardinality", first.Number, second.Number, "located_in"}},
		{"into what is planned", merge(planned.ID, gone.ID, "x"), itsm.ErrNotAllowed, []string{"absorb"}},
		{"two assets", merge(owned.ID, gone.ID, "x"), itsm.ErrInvalid, []string{"asset: two assets"}},
		{"split: no reason", split(keep.ID, cmdb.Division{Sources: []string{"scan"}}), itsm.ErrInvalid, []string{"reason: required"}},
		{"split: no source", split(keep.ID, cmdb.Division{Reason: "x"}), itsm.ErrInvalid, []string{"sources: required"}},
		{"split: unknown source", split(keep.ID, cmdb.Division{Sources: []string{"rumour"}, Reason: "x"}), itsm.ErrInvalid, []string{"sources: says nothing", "rumour"}},
		{"split: all sources", split(keep.ID, cmdb.Division{Sources: []string{"scan", cmdb.Manual}, Reason: "x"}), itsm.ErrInvalid, []string{"sources: all"}},
		{"split: abstract class", split(keep.ID, cmdb.Division{Sources: []string{"scan"}, Class: "configuration_item", Reason: "x"}), itsm.ErrInvalid, []string{"class: abstract", "configuration_item"}},
		{"split: not merged", split(keep.ID, cmdb.Division{Merged: gone.ID, Reason: "x"}), itsm.ErrInvalid, []string{"merged: not merged into it"}},
		{"split: relation of others", split(keep.ID, cmdb.Division{Sources: []string{"scan"}, Relations: []itsm.ID{stranger.ID}, Reason: "x"}), itsm.ErrInvalid, []string{"relations[0]: not of the item", stranger.Number}},
		{"split: relation twice", split(keep.ID, cmdb.Division{Sources: []string{"scan"}, Relations: []itsm.ID{first.ID, first.ID}, Reason: "x"}), itsm.ErrInvalid, []string{"relations[1]: twice"}},
		{"split: of what is merged", func() error {
			first, second, third := r.register(cmdb.Particulars{Class: "site", Title: "1"}), r.register(cmdb.Particulars{Class: "site", Title: "2"}), r.register(cmdb.Particulars{Class: "site", Title: "3"})
			for _, of := range [][2]itsm.ID{{second.ID, first.ID}, {third.ID, second.ID}} {
				if err := merge(of[0], of[1], "x")(); err != nil {
					return err
				}
			}
			return split(second.ID, cmdb.Division{Merged: first.ID, Reason: "x"})()
		}, itsm.ErrInvalid, []string{"of: merged", "want split it from that one first"}},
		{"retire: no reason", func() error { _, err := r.Retire(r.ctx(), keep.ID, ""); return err }, itsm.ErrInvalid, []string{"reason: required"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.do()
			require.ErrorIs(t, err, c.is)
			for _, s := range c.says {
				require.ErrorContains(t, err, s)
			}
			require.Equal(t, before, r.get(keep))
			require.Equal(t, beforeGone, r.get(gone))
			require.Len(t, r.active(gone), 1)
		})
	}
}

func TestRetireEndsRelations(t *testing.T) {
	r := newRoom(t, nil)
	x, db := r.register(cmdb.Particulars{Class: "server", Title: "web1"}), r.register(cmdb.Particulars{Class: "database", Title: "orders"})
	rel := r.connect(db, "runs_on", x)
	x, err := r.Retire(r.ctx(), x.ID, "replaced")
	require.NoError(t, err)
	require.Equal(t, cmdb.Ending{At: r.now, Reason: "replaced"}, x.Retired)
	ended, err := r.Relations.Get(r.ctx(), rel.ID)
	require.NoError(t, err)
	require.Equal(t, cmdb.Ending{At: r.now, Reason: "replaced"}, ended.Ended)
	_, err = r.Retire(r.ctx(), x.ID, "again")
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
}

// busy is a store in which somebody else acts just before a write.
type busy struct {
	itsm.Saver
	before func()
}

func (b *busy) SaveAll(ctx context.Context, in itsm.Scope, w []itsm.Write, expect ...itsm.Expect) error {
	b.before()
	return b.Saver.SaveAll(ctx, in, w, expect...)
}

func TestMergeIsTriedAgain(t *testing.T) {
	store := &busy{before: func() {}}
	r := newRoom(t, func(c *cmdb.Config) { sourced(c); store.Saver, c.Saver = c.Saver, store })
	keep, gone := r.pair()
	times := 0
	store.before = func() {
		if times++; times < 3 {
			r.do(gone, cmdb.Observe{Source: "agent", Values: values(t, map[string]any{"serial": fmt.Sprint("S", times)})})
		}
	}
	out, err := r.Merge(r.ctx(), keep.ID, gone.ID, "one machine")
	require.NoError(t, err)
	require.Equal(t, 3, times)
	require.Equal(t, "S2", out.Serial, "what was reported in between is not lost")

	other := r.register(cmdb.Particulars{Class: "server", Title: "other"})
	store.before = func() { r.do(other, itsm.Comment[cmdb.Item]{Text: "busy"}) }
	_, err = r.Merge(r.ctx(), keep.ID, other.ID, "one machine")
	require.ErrorIs(t, err, itsm.ErrConflict, "who never gets through is told")
	require.Equal(t, cmdb.Operational, r.get(other).State)
}

// Where all that say something are stale the most trusted one counts, and a report of what is gone gives way to one of what
// is there, however old.
func TestOldReports(t *testing.T) {
	r := newRoom(t, trusted)
	keep := r.discover("server", "agent", "k", map[string]any{"host": "a"})
	gone := r.discover("server", "scan", "g", map[string]any{"host": "b"})
	r.do(gone, cmdb.Observe{Source: "agent", Key: "g", Values: values(t, map[string]any{"host": "c"})})
	r.now = r.now.Add(time.Hour)
	r.do(keep, cmdb.Observe{Source: "agent", Key: "k", Values: values(t, map[string]any{"host": "d"})}, cmdb.Miss{Source: "agent"})
	r.now = r.now.Add(8 * 24 * time.Hour)
	out, err := r.Merge(r.ctx(), keep.ID, gone.ID, "one machine")
	require.NoError(t, err)
	require.Equal(t, "c", out.Host, "the agent is trusted more than the scan, and what it says of the other item is not gone")
	require.False(t, out.Report("agent").Gone)
}

// Two items of a class with a unique attribute: its value moves in the one write.
func TestUniqueAttributesMove(t *testing.T) {
	r := newRoom(t, sourced)
	keep := r.register(cmdb.Particulars{Class: "mobile", Title: "phone", Specification: values(t, map[string]any{"imei": "1"})})
	gone := r.discover("mobile", "agent", "g", map[string]any{"imei": "2"})
	_, err := r.Items.Open(r.ctx(), cmdb.Discover{Class: "mobile", Source: "scan", Values: values(t, map[string]any{"imei": "2"})})
	require.ErrorIs(t, err, itsm.ErrDuplicate)
	r.do(keep, cmdb.Edit{Values: values(t, map[string]any{"title": "phone"})})
	_, err = r.Items.Do(r.ctx(), keep.ID, cmdb.Edit{Values: values(t, map[string]any{"imei": "2"})})
	require.ErrorIs(t, err, itsm.ErrDuplicate)
	out, err := r.Merge(r.ctx(), gone.ID, keep.ID, "one phone")
	require.NoError(t, err)
	require.Equal(t, "mobile.imei=\"1\"", out.Validated.Unique1, "people are trusted more than the agent")
	require.Empty(t, r.get(keep).Validated.Unique1)
	stays, back, err := r.Split(r.ctx(), gone.ID, cmdb.Division{Merged: keep.ID, Reason: "two phones"})
	require.NoError(t, err)
	require.Equal(t, [...]string{"mobile.imei=\"2\"", "mobile.imei=\"1\""}, [...]string{stays.Validated.Unique1, back.Validated.Unique1})
}

// What the rules do not allow at the item that stays refuses the merge, for pairs and for limits at either end.
func TestMergeKeepsTheRules(t *testing.T) {
	r := newRoom(t, func(c *cmdb.Config) {
		c.Rules = cmdb.Rules{Relations: []cmdb.RelationType{
			{Name: "feeds", Inverse: "is_fed_by", Spread: cmdb.ToTarget, MaxTargets: 2, MaxSources: 2},
			{Name: "hosts", Inverse: "is_hosted_by", Spread: cmdb.ToTarget, Pairs: []cmdb.Pair{{Source: "server"}}}}}
	})
	item := func(class, title string) cmdb.Item {
		return r.register(cmdb.Particulars{Class: class, Title: title})
	}
	keep, gone, a, b, c := item("server", "keep"), item("server", "gone"), item("server", "a"), item("server", "b"), item("server", "c")
	r.connect(keep, "feeds", a)
	r.connect(gone, "feeds", a) // a has its two sources: one of them moves onto the other
	r.connect(gone, "feeds", b)
	r.connect(c, "feeds", keep)
	out, err := r.Merge(r.ctx(), keep.ID, gone.ID, "x")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"keep feeds a", "keep feeds b", "c feeds keep"}, r.active(out))

	third := item("server", "third")
	over := r.connect(third, "feeds", c)
	_, err = r.Merge(r.ctx(), keep.ID, third.ID, "x")
	require.ErrorIs(t, err, itsm.ErrInvalid)
	for _, s := range []string{"cardinality", "max 2", "type feeds", over.Number, "disconnect one of the two"} {
		require.ErrorContains(t, err, s)
	}
	vm := item("virtual_machine", "vm")
	_, err = r.Relations.Do(r.ctx(), over.ID, cmdb.Disconnect{Reason: "x"})
	require.NoError(t, err)
	hosts := r.connect(third, "hosts", a)
	_, err = r.Merge(r.ctx(), vm.ID, third.ID, "x")
	require.ErrorIs(t, err, itsm.ErrInvalid)
	require.ErrorContains(t, err, "forbidden pair")
	require.ErrorContains(t, err, hosts.Number)
	require.Equal(t, cmdb.Operational, r.get(third).State)
}

// A report of another class does not stand in the way: what does not fit the class is not counted.
func TestReportsOfAnotherClass(t *testing.T) {
	classes := cmdb.StandardClasses()
	classes = append(classes, asset.Class{Name: "appliance", Extends: "configuration_item", Attributes: []asset.AttributeDefinition{{Key: "cores", Type: itsm.FieldText}}})
	r := newRoom(t, sourced)
	_, err := r.models.Open(r.ctx(), asset.Define{Model: "standard", Classes: classes})
	require.NoError(t, err)
	keep := r.discover("server", "scan", "k", map[string]any{"cores": 4})
	gone := r.discover("appliance", "agent", "g", map[string]any{"cores": "many", "host": "a1"})
	out, err := r.Merge(r.ctx(), keep.ID, gone.ID, "x")
	require.NoError(t, err)
	require.Equal(t, [...]string{"4", "a1"}, [...]string{out.Specification.Text("cores"), out.Host}, "the agent is trusted more, but its cores are no number")
	out = r.do(out, cmdb.Reclassify{Class: "appliance"})
	require.Equal(t, "many", out.Specification.Text("cores"))
	out = r.do(out, cmdb.LockFields{Fields: []string{"cores"}}, cmdb.Reclassify{Class: "server"})
	require.Equal(t, "", out.Specification.Text("cores"), "it is locked, and was no number")
}

// A hub with more relations than one write takes is refused with what to do; with as many as it takes it is merged.
func TestMergeOfHub(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of relations: without -short")
	}
	const most = 5000
	r := newRoom(t, nil)
	keep, gone := r.register(cmdb.Particulars{Class: "network", Title: "core"}), r.register(cmdb.Particulars{Class: "network", Title: "core again"})
	batch := r.Relations.Batch()
	for i := range most + 1 {
		_, err := batch.Open(itsm.System(r.ctx(), "acme"), cmdb.Connect{Source: itsm.Ref{Kind: "client", ID: itsm.ID{1, byte(i >> 8), byte(i)}}, Type: "connects_to", Target: ref(gone)})
		require.NoError(t, err)
	}
	require.NoError(t, batch.Save(itsm.System(r.ctx(), "acme")))
	for _, do := range []func() error{
		func() error { _, err := r.Merge(r.ctx(), keep.ID, gone.ID, "one"); return err },
		func() error { _, err := r.Retire(r.ctx(), gone.ID, "over"); return err },
	} {
		err := do()
		require.ErrorIs(t, err, itsm.ErrInvalid)
		for _, s := range []string{"relations: too many", fmt.Sprint(most), ref(gone).String(), "disconnect some before"} {
			require.ErrorContains(t, err, s)
		}
		require.Equal(t, cmdb.Operational, r.get(gone).State)
	}
	one, err := r.Relations.Find(r.ctx(), itsm.Where(cmdb.RelationsByEnd.Is(ref(gone))), itsm.PageRequest{Limit: 1})
	require.NoError(t, err)
	_, err = r.Relations.Do(r.ctx(), one.Items[0].ID, cmdb.Disconnect{Reason: "one less"})
	require.NoError(t, err)
	started := time.Now()
	_, err = r.Merge(r.ctx(), keep.ID, gone.ID, "one")
	require.NoError(t, err)
	t.Logf("%d relations moved in %v", most, time.Since(started))
	n, err := r.Relations.Count(r.ctx(), itsm.Where(cmdb.RelationsByTarget.Is(ref(keep).String()+" connects_to")))
	require.NoError(t, err)
	require.EqualValues(t, most, n.Total)
}
