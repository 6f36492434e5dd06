package cmdb_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/store/memory"
)

func (r *room) importsRelations(how cmdb.Import, rows ...cmdb.RelationRow) []cmdb.RowOutcome {
	r.t.Helper()
	var out []cmdb.RowOutcome
	how.Each = func(o cmdb.RowOutcome) error {
		out = append(out, o)
		return nil
	}
	for i := range rows {
		rows[i].Line = i + 1
	}
	_, err := r.ImportRelations(r.ctx(), cmdb.Each(rows...), how)
	require.NoError(r.t, err)
	return out
}

func (r *room) relation(ref itsm.Ref) cmdb.Relation {
	r.t.Helper()
	x, err := r.Relations.Get(r.ctx(), ref.ID)
	require.NoError(r.t, err)
	return x
}

func byKey(key string) cmdb.Lookup { return cmdb.Lookup{Key: key} }

// park gives a room two sites and two servers of the source "scan".
func (r *room) park() (oslo, bergen, web1, web2 itsm.Ref) {
	out := r.imports(cmdb.Import{Source: "scan"}, lined(
		r.row("site", "oslo", map[string]any{"title": "Oslo"}), r.row("site", "bergen", map[string]any{"title": "Bergen"}),
		r.row("server", "1", map[string]any{"serial": "S1"}), r.row("server", "2", map[string]any{"host": "web2", "domain": "x"}))...)
	return out[0].Of, out[1].Of, out[2].Of, out[3].Of
}

func TestImportRelations(t *testing.T) {
	rules := cmdb.StandardRules()
	for i := range rules.Relations {
		if rules.Relations[i].Name == "runs_on" {
			rules.Relations[i].Pairs = []cmdb.Pair{{Source: "application", Target: "hardware"}}
		}
	}
	r := newRoom(t, func(c *cmdb.Config) {
		sourced(c)
		c.Rules = rules
	})
	oslo, bergen, web1, web2 := r.park()
	rows := []cmdb.RelationRow{
		{Source: byKey("1"), Type: "located_in", Target: byKey("oslo")},
		{Source: cmdb.Lookup{Values: values(t, map[string]any{"host": "WEB2", "domain": "x"})}, Type: "located_in", Target: cmdb.Lookup{Ref: oslo}},
		{Source: byKey("1"), Type: "located_in", Target: cmdb.Lookup{Ref: oslo}},                                 // line 1 again
		{Source: byKey("1"), Type: "located_in", Target: cmdb.Lookup{Ref: bergen}},                               // one place only
		{Source: byKey("7"), Type: "depends_on", Target: byKey("1")},                                             // relation to nothing
		{Source: cmdb.Lookup{Ref: itsm.Ref{Kind: "ci", ID: itsm.ID{1}}}, Type: "depends_on", Target: byKey("1")}, // the same by reference
		{Source: byKey("1"), Type: "runs_on", Target: byKey("2")},                                                // a server is no application
		{Source: byKey("1"), Type: "likes", Target: byKey("2")},                                                  // no such type
		{Source: byKey("1"), Type: "depends_on", Target: cmdb.Lookup{Key: "2", Ref: web2}},                       // in two ways
		{Source: byKey("1"), Type: "depends_on", Target: byKey("1")},                                             // itself
		{Source: byKey("1"), Type: "depends_on", Target: byKey("2"), Weight: cmdb.MaxWeight + 1},                 // too heavy
	}
	for _, dry := range []bool{true, false} {
		out := r.importsRelations(cmdb.Import{Source: "scan", DryRun: dry}, rows...)
		require.Equal(t, []cmdb.Result{cmdb.Created, cmdb.Created}, results(out[:2]))
		for i, want := range []string{"twice (line 1", "cardinality", `source: unknown (value 7`, "source: unknown (value ci/", "forbidden pair", "type: unknown", "target: required", "to itself", "weight: range"} {
			require.Equal(t, cmdb.Refused, out[i+2].Result)
			require.ErrorContains(t, out[i+2].Err, want)
		}
	}
	out := r.importsRelations(cmdb.Import{Source: "scan"}, rows[0])
	require.Equal(t, cmdb.Unchanged, out[0].Result)
	require.Equal(t, cmdb.Noted, r.importsRelations(cmdb.Import{Source: "agent"}, cmdb.RelationRow{Source: cmdb.Lookup{Ref: web1}, Type: "located_in", Target: cmdb.Lookup{Ref: oslo}})[0].Result)
	require.Len(t, r.relation(out[0].Of).Says, 2)
	weight := r.importsRelations(cmdb.Import{Source: "scan"}, cmdb.RelationRow{Source: byKey("1"), Type: "located_in", Target: byKey("oslo"), Weight: 3})
	require.Equal(t, []cmdb.FieldChange{{Field: "weight", From: "1", To: "3"}}, weight[0].Changes)
	r.now = r.now.Add(25 * time.Hour)
	require.Equal(t, cmdb.Noted, r.importsRelations(cmdb.Import{Source: "scan"}, rows[0])[0].Result)
}

// The weight is that of the most trusted source, in whatever order sources report and however often, unless a person has
// fixed it: the agent is trusted more than the scan, and is stale after a week.
func TestWeightsFollowTheMostTrustedSource(t *testing.T) {
	for _, order := range [][]string{{"agent", "scan"}, {"scan", "agent"}} {
		r := newRoom(t, sourced)
		_, _, web1, web2 := r.park()
		weights := map[string]int{"agent": 2, "scan": 3}
		says := func(source string) cmdb.RowOutcome {
			return r.importsRelations(cmdb.Import{Source: source}, cmdb.RelationRow{Source: cmdb.Lookup{Ref: web1}, Type: "depends_on",
				Target: cmdb.Lookup{Ref: web2}, Weight: weights[source]})[0]
		}
		of := says(order[0]).Of
		says(order[1])
		weigh := func() int { x := r.relation(of); return x.Weight }
		require.Equal(t, 2, weigh(), order)
		for _, source := range order {
			require.Equal(t, cmdb.Unchanged, says(source).Result, "once more")
		}

		_, err := r.Relations.Do(r.ctx(), of.ID, cmdb.SetWeight{Weight: 9})
		require.NoError(t, err)
		weights["scan"] = 4
		out := says("scan")
		require.Equal(t, cmdb.Noted, out.Result)
		require.Equal(t, []cmdb.Overruled{{Field: "weight", Claim: "4", Value: "9", By: "lock"}}, out.Overruled)
		require.Equal(t, 9, weigh())
		_, err = r.Relations.Do(r.ctx(), of.ID, cmdb.SetWeight{})
		require.NoError(t, err)
		require.Equal(t, 2, weigh(), "sources decide again")

		r.now = r.now.Add(8 * 24 * time.Hour)
		out = says("scan")
		require.Equal(t, []cmdb.FieldChange{{Field: "weight", From: "2", To: "4", Was: "agent"}}, out.Changes, "the agent is stale")
		require.Empty(t, out.Overruled)
		says("agent")
		require.Equal(t, 2, weigh())
		_, err = r.Relations.Do(r.ctx(), of.ID, cmdb.Withdraw{By: "agent"})
		require.NoError(t, err)
		require.Equal(t, 4, weigh())
	}
}

// Nothing is written of a source that says the same, unless another one has become stale since.
func TestAWeightFollowsWhenASourceBecomesStale(t *testing.T) {
	r := newRoom(t, sourced)
	_, _, web1, web2 := r.park()
	row := func(weight int) cmdb.RelationRow {
		return cmdb.RelationRow{Source: cmdb.Lookup{Ref: web1}, Type: "depends_on", Target: cmdb.Lookup{Ref: web2}, Weight: weight}
	}
	r.importsRelations(cmdb.Import{Source: "agent"}, row(2))
	r.now = r.now.Add(7 * 24 * time.Hour) // not stale yet
	require.Equal(t, cmdb.Noted, r.importsRelations(cmdb.Import{Source: "scan"}, row(3))[0].Result)
	require.Equal(t, cmdb.Unchanged, r.importsRelations(cmdb.Import{Source: "scan"}, row(3))[0].Result)
	r.now = r.now.Add(time.Millisecond)
	out := r.importsRelations(cmdb.Import{Source: "scan"}, row(3))
	require.Equal(t, cmdb.Changed, out[0].Result)
	x := r.relation(out[0].Of)
	require.Equal(t, 3, x.Weight)
}

func TestCompleteImportOfRelations(t *testing.T) {
	r := newRoom(t, sourced)
	_, _, web1, _ := r.park()
	in := func(server, site string) cmdb.RelationRow {
		return cmdb.RelationRow{Source: byKey(server), Type: "located_in", Target: byKey(site)}
	}
	first := r.importsRelations(cmdb.Import{Source: "scan", Complete: true}, in("1", "oslo"), in("2", "oslo"))
	require.Equal(t, []cmdb.Result{cmdb.Created, cmdb.Created}, results(first))
	_, err := r.ImportRelations(r.ctx(), cmdb.Each[cmdb.RelationRow](), cmdb.Import{Source: "scan", Complete: true})
	require.ErrorContains(t, err, "too many missing")

	// The first server has moved: the rules allow one place, and the old one goes with the same import.
	for _, dry := range []bool{true, false} {
		out := r.importsRelations(cmdb.Import{Source: "scan", Complete: true, DryRun: dry}, in("1", "bergen"), in("2", "oslo"))
		require.Equal(t, []cmdb.Result{cmdb.Unchanged, cmdb.Missed, cmdb.Created}, results(out))
	}
	old := r.relation(first[0].Of)
	require.Equal(t, cmdb.Ended, old.State)
	require.Equal(t, "scan no longer says so", old.Ended.Reason)

	// A row whose end is not clear takes nothing back that it may mean.
	r.register(cmdb.Particulars{Class: "site", Serial: "X"})
	r.register(cmdb.Particulars{Class: "site", Serial: "X"})
	unclear := cmdb.RelationRow{Source: cmdb.Lookup{Ref: web1}, Type: "located_in", Target: cmdb.Lookup{Values: values(t, map[string]any{"serial": "X"})}}
	out := r.importsRelations(cmdb.Import{Source: "scan", Complete: true, MaxMissing: 1}, unclear, in("2", "oslo"))
	require.Equal(t, []cmdb.Result{cmdb.Refused, cmdb.Unchanged}, results(out))
	require.ErrorContains(t, out[0].Err, "target: not clear (value {\"serial\":\"X\"}, why several)")
}

func TestReadRelationsCSV(t *testing.T) {
	r := newRoom(t, sourced)
	oslo, _, _, _ := r.park()
	file := "source.key,type,target.ref,target.host,target.domain,weight\n1,located_in," + oslo.String() + ",,,\n1,depends_on,,web2,x,4\n"
	var out []cmdb.RowOutcome
	sum, err := r.ImportRelations(r.ctx(), cmdb.ReadRelationsCSV(strings.NewReader(file), cmdb.Mapping{}), cmdb.Import{Source: "scan", Each: func(o cmdb.RowOutcome) error {
		out = append(out, o)
		return nil
	}})
	require.NoError(t, err)
	require.Equal(t, 2, sum.Of(cmdb.Created))
	require.Equal(t, 3, out[1].Line)
	require.Equal(t, 4, r.relation(out[1].Of).Weight)

	for _, c := range []struct{ file, want string }{
		{"source.key,kind\n", `line 1, column "kind": there is no field "kind"`},
		{"source.key,weight\n1,heavy\n", `line 2, column "weight": "heavy" is no weight: want a whole number of 0 to`},
		{"source.ref\nci/7\n", `line 2, column "source.ref": "ci/7" is no reference`},
	} {
		var err error
		for _, err = range cmdb.ReadRelationsCSV(strings.NewReader(c.file), cmdb.Mapping{}) {
		}
		require.ErrorContains(t, err, c.want)
	}
}

// retiring is a store with a rival, who acts before a transaction begins.
type retiring struct {
	*memory.Store
	before func()
}

func (s *retiring) InTx(ctx context.Context, fn func(context.Context) error) error {
	if before := s.before; before != nil {
		s.before = nil
		before()
	}
	return s.Store.InTx(ctx, fn)
}

// An item is retired between the look at the ends of a relation and its opening: the row is refused.
func TestImportOfRelationsToWhatIsRetiredMeanwhile(t *testing.T) {
	var store retiring
	r := newRoom(t, func(c *cmdb.Config) {
		sourced(c)
		store.Store = c.Saver.(*memory.Store)
		c.Saver = &store
	})
	oslo, _, web1, web2 := r.park()
	store.before = func() {
		_, err := r.Retire(r.ctx(), web2.ID, "worn out")
		require.NoError(t, err)
	}
	out := r.importsRelations(cmdb.Import{Source: "scan"}, cmdb.RelationRow{Source: byKey("1"), Type: "located_in", Target: byKey("oslo")},
		cmdb.RelationRow{Source: byKey("1"), Type: "depends_on", Target: byKey("2")})
	require.Equal(t, []cmdb.Result{cmdb.Created, cmdb.Refused}, results(out))
	require.ErrorContains(t, out[1].Err, "target: not in use")
	x := r.relation(out[0].Of)
	require.Equal(t, []itsm.Ref{web1, oslo}, []itsm.Ref{x.Source, x.Target})
}
