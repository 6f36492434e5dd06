package cmdb_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/store/memory"
)

// imports runs a complete or partial import and returns the outcomes.
func (r *room) imports(how cmdb.Import, rows ...cmdb.Row) []cmdb.RowOutcome {
	r.t.Helper()
	var out []cmdb.RowOutcome
	how.Each = func(o cmdb.RowOutcome) error {
		out = append(out, o)
		return nil
	}
	_, err := r.Import(r.ctx(), cmdb.Each(rows...), how)
	require.NoError(r.t, err)
	return out
}

// lined gives rows their lines.
func lined(rows ...cmdb.Row) []cmdb.Row {
	for i := range rows {
		rows[i].Line = i + 1
	}
	return rows
}

func (r *room) row(class, key string, v map[string]any) cmdb.Row {
	return cmdb.Row{Class: class, Key: key, Values: values(r.t, v)}
}

func results(out []cmdb.RowOutcome) []cmdb.Result {
	var all []cmdb.Result
	for _, o := range out {
		all = append(all, o.Result)
	}
	return all
}

func (r *room) item(ref itsm.Ref) cmdb.Item {
	r.t.Helper()
	x, err := r.Items.Get(r.ctx(), ref.ID)
	require.NoError(r.t, err)
	return x
}

func (r *room) report(ref itsm.Ref, source string) *cmdb.Report {
	x := r.item(ref)
	return x.Report(source)
}

func (r *room) items() []cmdb.Item {
	r.t.Helper()
	var all []cmdb.Item
	for x, err := range r.Items.All(r.ctx(), itsm.Where[cmdb.Item]()) {
		require.NoError(r.t, err)
		all = append(all, x)
	}
	return all
}

func candidated(c *cmdb.Config) {
	sourced(c)
	c.Candidates = memory.For(c.Saver.(*memory.Store), cmdb.CandidateKind())
}

func TestImportRecognisesInOrder(t *testing.T) {
	r := newRoom(t, sourced)
	out := r.imports(cmdb.Import{Source: "agent"}, lined(
		r.row("server", "a1", map[string]any{"serial": "S1", "host": "web1", "domain": "x", "address": "10.0.0.1"}),
		r.row("server", "a2", map[string]any{"serial": "None", "host": "web2", "domain": "x", "address": "10.0.0.2"}),
		r.row("server", "a3", map[string]any{"serial": "None", "host": "localhost", "address": "10.0.0.3"}))...)
	require.Equal(t, []cmdb.Result{cmdb.Created, cmdb.Created, cmdb.Created}, results(out))

	for _, c := range []struct {
		name string
		row  cmdb.Row
		want cmdb.Result
		by   string
		item int // of out, where it is known
		why  string
	}{
		{"by serial, whatever the case", r.row("server", "s1", map[string]any{"serial": " s1 ", "host": "other", "domain": "y"}), cmdb.Noted, "serial", 0, ""},
		{"by host and domain", r.row("hardware", "s2", map[string]any{"host": "WEB2", "domain": "X"}), cmdb.Noted, "host", 1, ""},
		{"by address, which is weak", r.row("server", "s3", map[string]any{"address": "10.0.0.3"}), cmdb.Noted, "address", 2, ""},
		{"a host alone is no evidence", r.row("server", "s4", map[string]any{"host": "web1"}), cmdb.Created, "", -1, ""},
		{"serial and host are of two items", r.row("server", "s5", map[string]any{"serial": "S1", "host": "web2", "domain": "x"}), cmdb.NeedsHuman, "", -1, cmdb.WhyDisputed},
		{"the host is that of an item with another serial", r.row("server", "s6", map[string]any{"serial": "S9", "host": "web1", "domain": "x"}), cmdb.NeedsHuman, "", -1, cmdb.WhyDiffers},
		{"the address of an item with another host has moved", r.row("server", "s7", map[string]any{"host": "web7", "domain": "x", "address": "10.0.0.1"}), cmdb.Created, "", -1, ""},
		{"a service has no serial of a server", r.row("service", "s8", map[string]any{"serial": "S1"}), cmdb.NeedsHuman, "", -1, cmdb.WhyClass},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := r.imports(cmdb.Import{Source: "scan", DryRun: true}, c.row)
			require.Len(t, got, 1)
			require.NoError(t, got[0].Err)
			require.Equal(t, c.want, got[0].Result)
			require.Equal(t, c.by, got[0].By)
			require.Equal(t, c.why, got[0].Why)
			if c.item >= 0 {
				require.Equal(t, out[c.item].Of, got[0].Of)
			}
		})
	}
	require.Len(t, r.items(), 3, "dry runs store nothing")
}

func TestImportTwiceChangesNothing(t *testing.T) {
	r := newRoom(t, sourced)
	rows := lined(
		r.row("server", "1", map[string]any{"serial": "S1", "cores": 8}),
		r.row("computer", "2", map[string]any{"serial": "S2"}),          // abstract
		r.row("server", "3", map[string]any{"cores": "many"}),           // of the wrong type
		r.row("server", "4", map[string]any{"serial": "S1"}),            // that of line 1
		r.row("toaster", "5", map[string]any{"serial": "S5"}),           // no such class
		r.row("server", "1", map[string]any{"serial": "S1", "x": true}), // line 1 and an unknown attribute
		r.row("server", "", nil), r.row("", "6", nil))
	out := r.imports(cmdb.Import{Source: "scan"}, rows...)
	require.Equal(t, []cmdb.Result{cmdb.Created, cmdb.Refused, cmdb.Refused, cmdb.Refused, cmdb.Refused, cmdb.Refused, cmdb.Refused, cmdb.Refused}, results(out))
	for i, want := range []string{"", "class: abstract", "values.cores: type", "twice (by serial, item ci/", "class: unknown", "values.x: undeclared", "values: identify nothing", "class: required (allowed application,"} {
		if want != "" {
			require.ErrorContains(t, out[i].Err, want)
		}
	}
	require.ErrorContains(t, out[3].Err, "line 1")

	out = r.imports(cmdb.Import{Source: "scan"}, rows[:1]...)
	require.Equal(t, []cmdb.Result{cmdb.Unchanged}, results(out))
	require.EqualValues(t, 1, r.item(out[0].Of).Version)

	r.now = r.now.Add(25 * time.Hour) // a day is how long nothing is noted
	out = r.imports(cmdb.Import{Source: "scan"}, rows[:1]...)
	require.Equal(t, []cmdb.Result{cmdb.Noted}, results(out))
	require.Equal(t, r.now, r.report(out[0].Of, "scan").LastAt)
}

func TestImportFollowsSourcesThatFallSilent(t *testing.T) {
	r := newRoom(t, func(c *cmdb.Config) {
		sourced(c)
		c.Reconciliation.Sources[1].Refresh = itsm.Duration(90 * 24 * time.Hour)
	})
	r.imports(cmdb.Import{Source: "agent"}, r.row("server", "1", map[string]any{"serial": "S1", "cores": 8}))
	scan := r.row("server", "9", map[string]any{"serial": "S1", "cores": 4, "location": "Oslo"})
	out := r.imports(cmdb.Import{Source: "scan"}, scan)
	require.Equal(t, []cmdb.Overruled{{Field: "cores", Claim: "4", Value: "8", By: "agent"}}, out[0].Overruled)
	require.Equal(t, []cmdb.FieldChange{{Field: "location", To: "Oslo"}}, out[0].Changes)

	r.now = r.now.Add(8 * 24 * time.Hour)
	out = r.imports(cmdb.Import{Source: "scan"}, scan)
	require.Equal(t, cmdb.Changed, out[0].Result, "the agent is stale by now")
	require.Equal(t, []cmdb.FieldChange{{Field: "cores", From: "8", To: "4", Was: "agent"}}, out[0].Changes)
	require.Equal(t, cmdb.Unchanged, r.imports(cmdb.Import{Source: "scan"}, scan)[0].Result)
}

func TestImportMakesClassesMoreSpecial(t *testing.T) {
	r := newRoom(t, sourced)
	r.imports(cmdb.Import{Source: "scan"}, r.row("hardware", "1", map[string]any{"serial": "S1"}))
	out := r.imports(cmdb.Import{Source: "agent"}, r.row("server", "a", map[string]any{"serial": "S1", "cores": 2}))
	require.Equal(t, cmdb.Changed, out[0].Result)
	require.Equal(t, "server", r.item(out[0].Of).Class)
	out = r.imports(cmdb.Import{Source: "scan"}, r.row("hardware", "1", map[string]any{"serial": "S1"}))
	require.Equal(t, cmdb.Unchanged, out[0].Result)
	require.Equal(t, "server", r.item(out[0].Of).Class)
}

func TestCompleteImports(t *testing.T) {
	r := newRoom(t, sourced)
	rows := lined(r.row("server", "1", map[string]any{"serial": "S1"}), r.row("server", "2", map[string]any{"serial": "S2"}), r.row("server", "3", map[string]any{"serial": "S3"}))
	first := r.imports(cmdb.Import{Source: "scan", Complete: true}, rows...)
	r.imports(cmdb.Import{Source: "agent"}, r.row("server", "z", map[string]any{"serial": "S3"}))

	_, err := r.Import(r.ctx(), cmdb.Each[cmdb.Row](), cmdb.Import{Source: "scan", Complete: true})
	require.ErrorIs(t, err, itsm.ErrInvalid)
	require.ErrorContains(t, err, "too many missing (before 3, max 0.5, missing 3")

	out := r.imports(cmdb.Import{Source: "scan", Complete: true, DryRun: true}, rows[:2]...)
	require.Equal(t, []cmdb.Result{cmdb.Unchanged, cmdb.Unchanged, cmdb.Missed}, results(out))
	require.False(t, r.report(first[2].Of, "scan").Gone)

	refused := []cmdb.Row{rows[0], {Line: 2, Class: "toaster", Key: "2"}}
	out = r.imports(cmdb.Import{Source: "scan", Complete: true}, refused...)
	require.Equal(t, []cmdb.Result{cmdb.Unchanged, cmdb.Refused, cmdb.Missed}, results(out), "a row that is refused names its item")
	require.Equal(t, first[2].Of, out[2].Of)
	gone := r.item(out[2].Of)
	require.True(t, gone.Report("scan").Gone)
	require.Equal(t, cmdb.Operational, gone.State)
	require.Equal(t, "S3", gone.Serial, "the agent still says so")

	cut := errors.New("cut")
	_, err = r.Import(r.ctx(), func(yield func(cmdb.Row, error) bool) {
		if yield(rows[0], nil) {
			yield(cmdb.Row{}, cut)
		}
	}, cmdb.Import{Source: "scan", Complete: true, MaxMissing: 1})
	require.ErrorIs(t, err, cut)
	require.False(t, r.report(first[1].Of, "scan").Gone, "nothing is gone that an import did not come to")
}

func TestImportThatIsCut(t *testing.T) {
	r := newRoom(t, sourced)
	var rows []cmdb.Row
	for i := range 1200 {
		rows = append(rows, cmdb.Row{Line: i + 2, Class: "server", Key: "k" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + time.Duration(i).String(), Plain: true})
	}
	cut := errors.New("the wire is cut")
	sum, err := r.Import(r.ctx(), func(yield func(cmdb.Row, error) bool) {
		for _, row := range rows[:1100] {
			if !yield(row, nil) {
				return
			}
		}
		yield(cmdb.Row{}, cut)
	}, cmdb.Import{Source: "scan"})
	require.ErrorIs(t, err, cut)
	require.ErrorContains(t, err, "behind line 1001") // two chunks of 500, and the header
	require.Equal(t, 1001, sum.Stored)
	require.Len(t, r.items(), 1000)

	sum, err = r.Import(r.ctx(), cmdb.Each(rows...), cmdb.Import{Source: "scan"})
	require.NoError(t, err)
	require.Equal(t, 1000, sum.Of(cmdb.Unchanged))
	require.Equal(t, 200, sum.Of(cmdb.Created))
	require.Equal(t, 1200, sum.Rows)
}

func TestImportRefusesTheRowWhoseUniqueValueIsTaken(t *testing.T) {
	r := newRoom(t, sourced)
	rows := lined(r.row("mobile", "1", map[string]any{"imei": "350000000000001"}), r.row("mobile", "2", map[string]any{"imei": "350000000000001"}),
		r.row("mobile", "3", map[string]any{"imei": "350000000000003"}))
	for _, dry := range []bool{true, false} {
		out := r.imports(cmdb.Import{Source: "scan", DryRun: dry}, rows...)
		require.Equal(t, []cmdb.Result{cmdb.Created, cmdb.Refused, cmdb.Created}, results(out))
		require.ErrorIs(t, out[1].Err, itsm.ErrDuplicate)
	}
	require.Len(t, r.items(), 2)
}

func TestImportOfARetiredItem(t *testing.T) {
	r := newRoom(t, sourced)
	row := r.row("server", "1", map[string]any{"serial": "S1"})
	x := r.item(r.imports(cmdb.Import{Source: "scan"}, row)[0].Of)
	r.do(x, cmdb.Retire{Reason: "scrapped"})
	row.Values = values(t, map[string]any{"serial": "S1", "host": "ghost"})
	out := r.imports(cmdb.Import{Source: "scan"}, row)
	require.Equal(t, cmdb.Changed, out[0].Result)
	require.Equal(t, cmdb.Retired, out[0].State)
	require.Equal(t, cmdb.Retired, r.item(out[0].Of).State)
}

func TestCandidates(t *testing.T) {
	r := newRoom(t, candidated)
	found := r.imports(cmdb.Import{Source: "agent"}, lined(
		r.row("server", "a1", map[string]any{"serial": "S1"}),
		r.row("server", "a2", map[string]any{"host": "web2", "domain": "x"}))...)
	row := r.row("server", "s", map[string]any{"serial": "S1", "host": "web2", "domain": "x"})

	require.Equal(t, cmdb.NeedsHuman, r.imports(cmdb.Import{Source: "scan", DryRun: true}, row)[0].Result)
	out := r.imports(cmdb.Import{Source: "scan"}, row)[0]
	c, err := r.Candidates.Get(r.ctx(), out.Candidate.ID)
	require.NoError(t, err)
	require.Equal(t, cmdb.WhyDisputed, c.Why)
	require.Equal(t, []cmdb.Evidence{{Rule: "serial", Item: found[0].Of}, {Rule: "host", Item: found[1].Of}}, c.Found)
	require.NotEmpty(t, c.Number)

	again := r.imports(cmdb.Import{Source: "scan"}, row)[0]
	require.Equal(t, out.Candidate, again.Candidate, "there is one")
	_, err = r.Candidates.Do(r.ctx(), c.ID, cmdb.Match{Item: found[0].Of})
	require.ErrorContains(t, err, "database required")

	c, err = r.Decide(r.ctx(), c.ID, cmdb.Discard{Reason: "a test machine"})
	require.NoError(t, err)
	require.Equal(t, cmdb.Discarded, r.imports(cmdb.Import{Source: "scan"}, row)[0].Result)
	row.Values = values(t, map[string]any{"serial": "S1", "host": "web2", "domain": "x", "location": "Oslo"})
	require.Equal(t, cmdb.NeedsHuman, r.imports(cmdb.Import{Source: "scan"}, row)[0].Result, "it says something new")

	c, err = r.Decide(r.ctx(), c.ID, cmdb.Match{Item: found[0].Of})
	require.NoError(t, err)
	require.Equal(t, cmdb.CandidateMatched, c.State)
	require.Equal(t, "Oslo", r.item(found[0].Of).Location)
	followed := r.imports(cmdb.Import{Source: "scan"}, row)[0]
	require.Equal(t, cmdb.Unchanged, followed.Result)
	require.Equal(t, "key", followed.By, "the item has the key and the host now, beside the other one")

	_, err = r.Decide(r.ctx(), c.ID, cmdb.Create{})
	require.ErrorIs(t, err, itsm.ErrNotAllowed, "it is decided")
}

func TestCandidateOfItsOwn(t *testing.T) {
	r := newRoom(t, candidated)
	r.imports(cmdb.Import{Source: "agent"}, r.row("server", "a1", map[string]any{"serial": "S1", "host": "web1", "domain": "x"}))
	row := r.row("server", "s", map[string]any{"serial": "S2", "host": "web1", "domain": "x"}) // the same name on another machine
	out := r.imports(cmdb.Import{Source: "scan"}, row)[0]
	require.Equal(t, cmdb.WhyDiffers, out.Why)
	c, err := r.Decide(r.ctx(), out.Candidate.ID, cmdb.Create{})
	require.NoError(t, err)
	require.Equal(t, "S2", r.item(c.Item).Serial)
	require.Equal(t, cmdb.Unchanged, r.imports(cmdb.Import{Source: "scan"}, row)[0].Result)
	require.Len(t, r.items(), 2)
}

func TestCandidateThatIsNoLongerOne(t *testing.T) {
	r := newRoom(t, candidated)
	found := r.imports(cmdb.Import{Source: "agent"}, lined(r.row("server", "a1", map[string]any{"serial": "S1"}),
		r.row("server", "a2", map[string]any{"host": "web2", "domain": "x"}))...)
	row := r.row("server", "s", map[string]any{"serial": "S1", "host": "web2", "domain": "x"})
	out := r.imports(cmdb.Import{Source: "scan"}, row)[0]
	r.do(r.item(found[1].Of), cmdb.Forget{Sources: []string{"agent"}})
	require.Equal(t, cmdb.Changed, r.imports(cmdb.Import{Source: "scan"}, row)[0].Result)
	c, err := r.Candidates.Get(r.ctx(), out.Candidate.ID)
	require.NoError(t, err)
	require.Equal(t, cmdb.CandidateMatched, c.State)
	require.Equal(t, found[0].Of, c.Item)
}

func TestDecisionsStand(t *testing.T) {
	r := newRoom(t, candidated)
	server := r.imports(cmdb.Import{Source: "agent"}, r.row("server", "a", map[string]any{"serial": "S1"}))[0].Of
	row := r.row("virtual_machine", "s", map[string]any{"serial": "S1"})
	out := r.imports(cmdb.Import{Source: "scan"}, row)[0]
	require.Equal(t, cmdb.WhyClass, out.Why)
	_, err := r.Decide(r.ctx(), out.Candidate.ID, cmdb.Match{Item: server})
	require.NoError(t, err)
	again := r.imports(cmdb.Import{Source: "scan"}, row)[0]
	require.Equal(t, cmdb.Unchanged, again.Result, "the classes still have nothing to do with each other")
	require.Equal(t, "decision", again.By)
	require.Equal(t, "server", r.item(server).Class)

	entered := r.register(cmdb.Particulars{Class: "virtual_machine", Host: "vm9", Domain: "x"})
	row.Values = values(t, map[string]any{"serial": "S1", "host": "vm9", "domain": "x"})
	other := entered.Ref(cmdb.ItemName)
	out = r.imports(cmdb.Import{Source: "scan"}, row)[0]
	require.Equal(t, cmdb.NeedsHuman, out.Result, "the rules find an item that was not before the person")
	_, err = r.Decide(r.ctx(), out.Candidate.ID, cmdb.Match{Item: other})
	require.NoError(t, err)
	require.Nil(t, r.report(server, "scan"), "the source's key is that of the other item now")
}
