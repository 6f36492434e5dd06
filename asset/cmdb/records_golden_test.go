package cmdb_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/internal/golden"
)

// counting numbers the records, so that files stay the same.
func counting(c *cmdb.Config) {
	sourced(c)
	next := byte(0)
	c.NewID = func(time.Time) itsm.ID { next++; return itsm.ID{15: next} }
}

func TestRecordsStayReadable(t *testing.T) {
	r := newRoom(t, counting)
	keep := r.register(cmdb.Particulars{Class: "server", Title: "web one", Manufacturer: "Example", Product: "R1", Serial: "S1", Host: "web1", Domain: "example.org",
		Address: "10.0.0.1", Environment: "production", Location: "Oslo", Owner: "ann", Team: "web", Description: "The shop", Asset: itsm.Ref{Kind: asset.Name, ID: itsm.ID{7}},
		Specification: values(t, map[string]any{"cores": 8}), Needs: &cmdb.OwnNeeds{Of: []cmdb.Need{{Relation: "powered_by", Redundancy: cmdb.KOfN, Min: 1}}}})
	keep = r.do(keep, cmdb.Observe{Source: "scan", Key: "k", Values: values(t, map[string]any{"host": "web1", "cores": 4})}, cmdb.LockFields{Fields: []string{"title"}, Reason: "as people say"},
		cmdb.Miss{Source: "scan"})
	gone := r.discover("server", "scan", "g", map[string]any{"host": "web1.example.org"})
	site := r.register(cmdb.Particulars{Class: "site", Title: "Oslo"})
	rel, err := r.Relations.Open(r.ctx(), cmdb.Connect{Source: ref(gone), Type: "located_in", Target: ref(site), Weight: 2})
	require.NoError(t, err)
	golden.Record(t, cmdb.RelationKind().Shape().Decode, "testdata/relation_v1.json", rel)
	r.now = r.now.Add(time.Hour)
	keep, err = r.Merge(r.ctx(), keep.ID, gone.ID, "one machine")
	require.NoError(t, err)
	golden.Record(t, cmdb.ItemKind().Shape().Decode, "testdata/item_v1.json", keep)
	golden.Record(t, cmdb.ItemKind().Shape().Decode, "testdata/item_merged_v1.json", r.get(gone))
	rel, err = r.Relations.Get(r.ctx(), rel.ID)
	require.NoError(t, err)
	golden.Record(t, cmdb.RelationKind().Shape().Decode, "testdata/relation_ended_v1.json", rel)
	keep, err = r.Retire(r.ctx(), keep.ID, "replaced")
	require.NoError(t, err)
	golden.Record(t, cmdb.ItemKind().Shape().Decode, "testdata/item_retired_v1.json", keep)

	page, err := r.Items.History(r.ctx(), keep.ID, itsm.PageRequest{})
	require.NoError(t, err)
	raw := golden.JSON(t, page.Items)
	golden.File(t, "testdata/item_events_v1.json", raw)
	var events []itsm.Event
	require.NoError(t, json.Unmarshal(raw, &events))
	rebuilt, err := cmdb.ItemKind().Replay(events, time.Time{})
	require.NoError(t, err)
	require.Equal(t, keep, rebuilt)
}

// The diagrams in docs are those of the tables.
func TestDiagrams(t *testing.T) {
	text := "# The lifecycles of the configuration management database\n\nGenerated from the tables in package `asset/cmdb`; a test compares the two.\n\n## Item\n\n```mermaid\n" +
		cmdb.ItemKind().Lifecycle().Mermaid() + "```\n\n## Relation\n\n```mermaid\n" + cmdb.RelationKind().Lifecycle().Mermaid() + "```\n"
	golden.File(t, "../../docs/cmdb-lifecycles.md", []byte(text))
}
