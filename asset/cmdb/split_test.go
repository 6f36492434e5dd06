package cmdb_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// Two items are merged into a third, and the one that was merged first lives again: what was reported of the other one
// stays, and the next import opens nothing.
func TestSplitKeepsWhatOtherMergesBrought(t *testing.T) {
	r := newRoom(t, sourced)
	rows := lined(r.row("server", "0", map[string]any{"serial": "S0"}), r.row("server", "1", map[string]any{"serial": "S1"}), r.row("server", "2", map[string]any{"serial": "S2"}))
	out := r.imports(cmdb.Import{Source: "scan"}, rows...)
	keep, first, second := r.item(out[0].Of), r.item(out[1].Of), r.item(out[2].Of)
	for _, gone := range []cmdb.Item{first, second} {
		_, err := r.Merge(r.ctx(), keep.ID, gone.ID, "the same")
		require.NoError(t, err)
	}
	stays, left, err := r.Split(r.ctx(), keep.ID, cmdb.Division{Merged: first.ID, Reason: "not the same"})
	require.NoError(t, err)
	require.Equal(t, []string{"0", "2"}, stays.Report("scan").Keys)
	require.Equal(t, "S0", stays.Serial)
	require.Equal(t, []string{"1"}, left.Report("scan").Keys)
	require.Equal(t, "S1", left.Serial)
	for _, o := range r.imports(cmdb.Import{Source: "scan"}, rows...)[:2] {
		require.Equal(t, cmdb.Unchanged, o.Result)
	}
	require.Len(t, r.items(), 3)

	stays, left, err = r.Split(r.ctx(), keep.ID, cmdb.Division{Merged: second.ID, Reason: "nor this"})
	require.NoError(t, err)
	require.Equal(t, []string{"0"}, stays.Report("scan").Keys)
	require.Equal(t, []string{"2"}, left.Report("scan").Keys)
	require.Equal(t, "S0", stays.Serial)
}

// An item of which only the merged ones were reported by a source: each takes its own back.
func TestSplitPartsTwoMergedItemsOfOneSource(t *testing.T) {
	r := newRoom(t, sourced)
	keep := r.register(cmdb.Particulars{Class: "server", Title: "by hand"})
	out := r.imports(cmdb.Import{Source: "scan"}, lined(r.row("server", "1", map[string]any{"serial": "S1"}), r.row("server", "2", map[string]any{"serial": "S2"}))...)
	for _, o := range out {
		_, err := r.Merge(r.ctx(), keep.ID, o.Of.ID, "the same")
		require.NoError(t, err)
	}
	stays, left, err := r.Split(r.ctx(), keep.ID, cmdb.Division{Merged: out[0].Of.ID, Reason: "not the same"})
	require.NoError(t, err)
	require.Equal(t, []string{"2"}, stays.Report("scan").Keys)
	require.Equal(t, "S2", stays.Serial)
	require.Equal(t, []string{"1"}, left.Report("scan").Keys)
}

// Whatever is merged, split and imported: each own key of a source is of one item, which is found by it, and an import of
// what is known opens nothing.
func TestKeysAreOfOneItem(t *testing.T) {
	const machines = 3
	rapid.Check(t, func(rt *rapid.T) {
		r := newRoom(t, sourced)
		imports := func(source string) (created int) {
			var rows []cmdb.Row
			for _, m := range rapid.Permutation([]int{0, 1, 2}).Draw(rt, "rows") {
				v := map[string]any{"serial": fmt.Sprint("S", m)}
				if source == "scan" {
					v = map[string]any{"host": fmt.Sprint("h", m), "domain": "x"}
				}
				rows = append(rows, r.row("server", fmt.Sprint(m), v))
			}
			for _, o := range r.imports(cmdb.Import{Source: source, Complete: rapid.Bool().Draw(rt, "complete"), MaxMissing: 1}, rows...) {
				if o.Result == cmdb.Created {
					created++
				}
			}
			return created
		}
		require.Equal(rt, 2*machines, imports("agent")+imports("scan"))
		for range rapid.IntRange(6, 14).Draw(rt, "steps") {
			r.now = r.now.Add(time.Duration(rapid.IntRange(0, 60).Draw(rt, "hours")) * time.Hour)
			all := r.items()
			slices.SortFunc(all, func(a, b cmdb.Item) int { return strings.Compare(a.Number, b.Number) }) // IDs are random
			one := rapid.SampledFrom(all).Draw(rt, "one")
			switch rapid.IntRange(0, 3).Draw(rt, "what") { // what is refused changes nothing
			case 0:
				_, _ = r.Merge(r.ctx(), all[0].ID, one.ID, "the same")
			case 1:
				for _, x := range all {
					if x.State == cmdb.Merged && rapid.Bool().Draw(rt, "this") {
						_, _, _ = r.Split(r.ctx(), x.MergedInto.ID, cmdb.Division{Merged: x.ID, Reason: "not the same"})
						break
					}
				}
			case 2:
				if len(one.Reports) > 1 {
					_, _, _ = r.Split(r.ctx(), one.ID, cmdb.Division{Sources: []string{one.Reports[0].Source}, Reason: "not the same"})
				}
			case 3:
				require.Zero(rt, imports(rapid.SampledFrom([]string{"agent", "scan"}).Draw(rt, "source")))
			}
			of := map[string]itsm.ID{}
			for _, x := range r.items() {
				for i := range x.Reports {
					if x.State == cmdb.Merged {
						continue
					}
					for _, key := range x.Reports[i].Keys {
						id := "key=" + x.Reports[i].Source + "/" + key
						require.Zero(rt, of[id], "%s is of two", id)
						require.Contains(rt, x.Identifiers, id)
						of[id] = x.ID
					}
				}
			}
			require.Len(rt, of, 2*machines)
		}
	})
}
