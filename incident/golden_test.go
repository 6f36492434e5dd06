package incident_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/internal/golden"
	"github.com/stretchr/testify/require"
)

// full is an incident with a value in nearly every field.
func full(b *bench) incident.Incident {
	ci := itsm.Ref{Kind: "ci", ID: itsm.ID{1}}
	i := b.open(incident.Report{Title: "Mail is down", Description: "Nobody can send", Channel: incident.Portal, Caller: "cleo", Location: "Oslo",
		Category: "mail", Subcategory: "smtp", Symptom: "timeout", Service: itsm.Ref{Kind: "service", ID: itsm.ID{2}}, Affected: []itsm.Ref{ci},
		Impact: incident.Medium, Urgency: incident.High, Group: "desk", Attributes: itsm.Attributes{{Key: "floor", Value: "3.50"}}})
	i = b.do(i, incident.OverridePriority{Priority: incident.P1, Reason: "the whole company"}, incident.Watch{Who: "dan"},
		incident.Attach{ID: "f-1", File: "trace.txt", URL: "https://example.com/f-1", MediaType: "text/plain", Bytes: 812},
		incident.Relate{Type: "caused_by", To: itsm.Ref{Kind: "change", ID: itsm.ID{3}}},
		incident.Assign{Group: "messaging", To: "ann"}, incident.Accept{}, incident.Start{}, incident.EscalateUp{To: "boss", Reason: "two hours"},
		incident.AcceptMajor{Manager: "mia", Communications: "cleo", Reason: "all offices"})
	i = b.do(i, incident.PutOnHold{Reason: incident.ForSupplier, Text: "ticket 42", WakeAt: b.now.Add(4 * time.Hour), For: ci})
	b.now = b.now.Add(time.Hour)
	return b.do(i, incident.PostUpdate{Text: "the supplier works on it"}, incident.LogWork{Time: itsm.Duration(90 * time.Minute)})
}

func fullKind(t *testing.T) *itsm.Kind[incident.Incident] {
	return variant(t, incident.Options{Fields: []itsm.Field{{Key: "floor", Type: itsm.FieldNumber}}})
}

// TestRecordStaysReadable holds the JSON of a record for ever: what was stored once is read by every later version.
func TestRecordStaysReadable(t *testing.T) {
	k := fullKind(t)
	golden.File(t, "testdata/record_v1.json", golden.JSON(t, full(newBench(t, k))))
	raw, err := os.ReadFile("testdata/record_v1.json")
	require.NoError(t, err)
	rec, err := k.Shape().Decode(raw)
	require.NoError(t, err)
	require.Equal(t, string(raw), string(golden.JSON(t, rec)))
}

// TestEventsStayReadable holds the JSON of events for ever: a history that was stored once still gives its record.
func TestEventsStayReadable(t *testing.T) {
	k := fullKind(t)
	b := newBench(t, k)
	i := full(b)
	page, err := b.desk.History(b.as("ann"), i.ID, itsm.PageRequest{})
	require.NoError(t, err)
	golden.File(t, "testdata/events_v1.json", golden.JSON(t, page.Items))
	raw, err := os.ReadFile("testdata/events_v1.json")
	require.NoError(t, err)
	var events []itsm.Event
	require.NoError(t, json.Unmarshal(raw, &events))
	rebuilt, err := k.Replay(events, time.Time{})
	require.NoError(t, err)
	require.Equal(t, i, rebuilt)
}

// TestDiagram compares the diagram in docs with the table.
func TestDiagram(t *testing.T) {
	text := "# The lifecycle of an incident\n\nGenerated from the table in `incident/lifecycle.go`; a test compares the two.\n\n```mermaid\n" +
		incident.Lifecycle().Mermaid() + "```\n"
	golden.File(t, "../docs/incident-lifecycle.md", []byte(text))
}

// TestAssignChangesOnlyItsOwnFields: an event holds no more than what changed, on a record of over 40 fields.
func TestAssignChangesOnlyItsOwnFields(t *testing.T) {
	b := newBench(t, fullKind(t))
	i := b.do(full(b), incident.Assign{Group: "network", To: "eve"})
	page, err := b.desk.History(b.as("ann"), i.ID, itsm.PageRequest{})
	require.NoError(t, err)
	var paths []string
	for _, c := range page.Items[i.Version-1].Changes {
		paths = append(paths, c.Path)
	}
	require.Equal(t, []string{"/group", "/assignee", "/accepted_at", "/reassignments"}, paths)
}
