package cmdb_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// What nothing recognises would be opened again by each import.
func TestImportRefusesWhatNothingIdentifies(t *testing.T) {
	r := newRoom(t, sourced)
	for _, row := range []cmdb.Row{r.row("server", "", map[string]any{"host": "web1"}), r.row("site", "", map[string]any{"title": "Oslo"}),
		r.row("server", "", map[string]any{"serial": "None", "host": "localhost", "domain": "x"})} {
		out := r.imports(cmdb.Import{Source: "scan"}, row)
		require.Equal(t, cmdb.Refused, out[0].Result)
		require.ErrorContains(t, out[0].Err, "values: identify nothing (want a key of the source, or values that identify: serial, or host and domain, or address)")
	}
	require.Empty(t, r.items())
}

// A complete import names the item of a row that it refuses: it is not gone, and a second row of it is one too many, as the
// dry run says.
func TestItemsOfRefusedRowsAreNotGone(t *testing.T) {
	r := newRoom(t, sourced)
	imei := func(key, imei string) cmdb.Row { return r.row("mobile", key, map[string]any{"imei": imei}) }
	first := r.imports(cmdb.Import{Source: "scan"}, lined(imei("1", "350000000000001"), imei("2", "350000000000002"))...)
	rows := lined(imei("1", "350000000000001"), imei("2", "350000000000001"), imei("2", "350000000000002"))
	for _, dry := range []bool{true, false} {
		out := r.imports(cmdb.Import{Source: "scan", Complete: true, DryRun: dry}, rows...)
		require.Equal(t, []cmdb.Result{cmdb.Unchanged, cmdb.Refused, cmdb.Refused}, results(out))
		require.ErrorIs(t, out[1].Err, itsm.ErrDuplicate)
		require.Equal(t, []any{first[1].Of, "key"}, []any{out[1].Of, out[1].By})
		require.ErrorContains(t, out[2].Err, "twice")
	}
	require.False(t, r.report(first[1].Of, "scan").Gone)
}

// What the agent says of an item that the scan misses counts again, and may be what another item has by now.
func TestDryRunOfAMissingItemWhoseUniqueValueIsTaken(t *testing.T) {
	r := newRoom(t, sourced)
	imei := func(serial, imei string) cmdb.Row {
		return r.row("mobile", "", map[string]any{"serial": serial, "imei": imei})
	}
	r.imports(cmdb.Import{Source: "agent"}, imei("S1", "350000000000002"))
	r.now = r.now.Add(8 * 24 * time.Hour) // the agent is stale
	r.imports(cmdb.Import{Source: "scan"}, lined(imei("S1", "350000000000001"), imei("S2", "350000000000002"))...)
	for _, dry := range []bool{true, false} {
		out := r.imports(cmdb.Import{Source: "scan", Complete: true, DryRun: dry}, imei("S2", "350000000000002"))
		require.Equal(t, []cmdb.Result{cmdb.Unchanged, cmdb.Refused}, results(out))
		require.ErrorIs(t, out[1].Err, itsm.ErrDuplicate)
	}
}

// One row of a key needs a person, another one of the same key does not: the next import would take one for the other.
func TestRowsOfOneKeyWhereAPersonMustDecide(t *testing.T) {
	r := newRoom(t, candidated)
	r.imports(cmdb.Import{Source: "agent"}, lined(r.row("server", "a1", map[string]any{"serial": "S1"}),
		r.row("server", "a2", map[string]any{"host": "web2", "domain": "x"}))...)
	rows := lined(r.row("server", "k", map[string]any{"serial": "S1", "host": "web2", "domain": "x"}), r.row("server", "k", map[string]any{"serial": "S9"}))
	for range 2 {
		out := r.imports(cmdb.Import{Source: "scan"}, rows...)
		require.Equal(t, []cmdb.Result{cmdb.NeedsHuman, cmdb.Refused}, results(out))
		require.ErrorContains(t, out[1].Err, "twice (line 1")
	}
}

// A new machine has the name of one that was retired: what is known by the name is the new one.
func TestRetiredItemsStandInNobodysWay(t *testing.T) {
	r := newRoom(t, sourced)
	named := map[string]any{"host": "web1", "domain": "x"}
	old := r.register(cmdb.Particulars{Class: "server", Serial: "S1", Host: "web1", Domain: "x"})
	_, err := r.Retire(r.ctx(), old.ID, "worn out")
	require.NoError(t, err)
	out := r.imports(cmdb.Import{Source: "scan"}, r.row("server", "", named))
	require.Equal(t, old.Ref(cmdb.ItemName), out[0].Of, "there is no other one")
	require.Equal(t, cmdb.Retired, out[0].State)

	next := r.register(cmdb.Particulars{Class: "server", Serial: "S2", Host: "web1", Domain: "x"})
	site := r.register(cmdb.Particulars{Class: "site", Title: "Oslo"})
	out = r.imports(cmdb.Import{Source: "scan"}, r.row("server", "", named))
	require.Equal(t, next.Ref(cmdb.ItemName), out[0].Of)
	relation := r.importsRelations(cmdb.Import{Source: "scan"}, cmdb.RelationRow{Source: cmdb.Lookup{Values: values(t, named)}, Type: "located_in",
		Target: cmdb.Lookup{Ref: site.Ref(cmdb.ItemName)}})
	require.Equal(t, cmdb.Created, relation[0].Result)
	require.Equal(t, next.Ref(cmdb.ItemName), r.relation(relation[0].Of).Source)
}
