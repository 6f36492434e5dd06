package cmdb_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// content lists what a graph holds, in one order.
func content(g cmdb.Live) []string {
	var out []string
	for n := range g.Nodes() {
		out = append(out, fmt.Sprint("item ", n.Ref, n.Class, n.Needs))
	}
	for e := range g.Edges() {
		out = append(out, fmt.Sprint("relation ", e))
	}
	slices.Sort(out)
	return append(out, fmt.Sprint(g.Out))
}

// A graph that follows the records is the one that would be built anew, whatever was done and whenever it is refreshed. The
// oracle is Database.Graph.
func TestFollowerIsTheGraphBuiltAnew(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newRoom(t, nil)
		f, err := r.Follow(r.ctx())
		require.NoError(rt, err)
		var items []cmdb.Item
		var relations []cmdb.Relation
		others := []itsm.Ref{{Kind: "agreement", ID: itsm.ID{1}}, {Kind: "customer", ID: itsm.ID{2}}}
		end := func() itsm.Ref {
			if n := rapid.IntRange(0, len(items)+1).Draw(rt, "end"); n < len(items) {
				return items[n].Ref(cmdb.ItemName)
			} else {
				return others[n-len(items)]
			}
		}
		done := 0 // refused actions among them change nothing
		rt.Repeat(map[string]func(*rapid.T){
			"register": func(rt *rapid.T) {
				p := cmdb.Particulars{Class: rapid.SampledFrom([]string{"server", "site", "service"}).Draw(rt, "class"), Title: "x"}
				if rapid.Bool().Draw(rt, "needs") {
					p.Needs = &cmdb.OwnNeeds{Of: []cmdb.Need{{Redundancy: cmdb.AnyOf}}}
				}
				x, err := r.Items.Open(r.ctx(), cmdb.Register{Item: p})
				require.NoError(rt, err)
				items = append(items, x)
			},
			"act": func(rt *rapid.T) {
				if len(items) == 0 {
					return
				}
				a := rapid.SampledFrom([]itsm.Action[cmdb.Item]{cmdb.TakeOut{Reason: "x"}, cmdb.BringBack{}, cmdb.Retire{Reason: "old"}, cmdb.Reinstate{},
					cmdb.Reclassify{Class: "laptop"}, cmdb.SetNeeds{}}).Draw(rt, "action")
				if _, err := r.Items.Do(r.ctx(), rapid.SampledFrom(items).Draw(rt, "item").ID, a); err == nil {
					done++
				}
			},
			"connect": func(rt *rapid.T) {
				x, err := r.Relations.Open(r.ctx(), cmdb.Connect{Source: end(), Type: rapid.SampledFrom([]string{"uses", "member_of", "backed_up_by"}).Draw(rt, "type"), Target: end(),
					Weight: rapid.IntRange(0, 2).Draw(rt, "weight")})
				if err == nil {
					relations = append(relations, x)
				}
			},
			"disconnect": func(rt *rapid.T) {
				if len(relations) == 0 {
					return
				}
				a := rapid.SampledFrom([]itsm.Action[cmdb.Relation]{cmdb.Disconnect{Reason: "x"}, cmdb.SetWeight{Weight: 7}}).Draw(rt, "action")
				if _, err := r.Relations.Do(r.ctx(), rapid.SampledFrom(relations).Draw(rt, "relation").ID, a); err == nil {
					done++
				}
			},
			"refresh": func(rt *rapid.T) {
				_, err := f.Refresh(r.ctx())
				require.NoError(rt, err)
				anew, err := r.Graph(r.ctx())
				require.NoError(rt, err)
				require.Equal(rt, content(anew), content(f.Live()))
			},
			"": func(*rapid.T) {},
		})
		_, err = f.Refresh(r.ctx())
		require.NoError(rt, err)
		n, err := f.Refresh(r.ctx())
		require.NoError(rt, err)
		require.Zero(rt, n)
	})
}
