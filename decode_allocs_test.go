//go:build !race

package itsm_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDecodeAllocations: a stored incident takes one allocation for the record and one for each text and list in it,
// fewer where texts are of an enumeration. A busy machine has no influence on that; the race detector has.
func TestDecodeAllocations(t *testing.T) {
	shape, rec, raw := storedIncident(t)
	got := testing.AllocsPerRun(100, func() {
		if _, err := shape.Decode(raw); err != nil {
			t.Fatal(err)
		}
	})
	texts := []string{rec.Number, rec.Tenant, string(rec.State), rec.Title, rec.Description, rec.Caller, rec.ReportedBy, rec.Category, rec.Subcategory,
		rec.Group, rec.Assignee, rec.Service.Kind, rec.Affected[0].Kind, rec.Watchers[0], rec.Watchers[1]}
	lists := 2 // Affected, Watchers
	require.LessOrEqual(t, got, float64(1+len(texts)+lists))
}
