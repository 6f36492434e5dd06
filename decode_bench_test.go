package itsm_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/stretchr/testify/require"
)

// storedIncident is an incident as a desk keeps it: 700 bytes of JSON.
func storedIncident(t testing.TB) (*itsm.Shape, *incident.Incident, []byte) {
	shape := incident.Kind().Shape()
	asset := itsm.Ref{Kind: "asset", ID: itsm.NewID(noon)}
	rec := &incident.Incident{
		Header: itsm.Header{ID: itsm.NewID(noon), Number: "INC0000042", Tenant: "acme", State: incident.InProgress, Version: 4, Revision: 4,
			CreatedAt: noon, UpdatedAt: noon.Add(90 * time.Minute)},
		Title: "Mail is down", Description: "Nobody on the third floor can send since nine.", Channel: incident.Phone, Caller: "bo", ReportedBy: "ann",
		Category: "software", Subcategory: "mail", Service: itsm.Ref{Kind: "service", ID: itsm.NewID(noon)}, Affected: []itsm.Ref{asset},
		Impact: "high", Urgency: "medium", Priority: "p2", Group: "messaging", Assignee: "cy",
		AcceptedAt: noon.Add(time.Minute), StartedAt: noon.Add(2 * time.Minute), Worked: itsm.Duration(20 * time.Minute), Watchers: []string{"dan", "eve"},
	}
	raw, err := shape.Encode(rec)
	require.NoError(t, err)
	return shape, rec, raw
}

// BenchmarkDecode reads a stored incident with its checks, and beside it with encoding/json, which has none.
func BenchmarkDecode(b *testing.B) {
	shape, _, raw := storedIncident(b)
	b.Run("itsm", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(raw)))
		for b.Loop() {
			if _, err := shape.Decode(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encodingjson", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(raw)))
		for b.Loop() {
			if err := json.Unmarshal(raw, new(incident.Incident)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
