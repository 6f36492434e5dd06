package casebook_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/incident"
)

var nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func open(t testing.TB, seed uint64) (context.Context, *casebook.Book, *casebook.Case) {
	t.Helper()
	ctx := casebook.System(context.Background())
	book, err := casebook.New(incident.Kind(), seed)
	require.NoError(t, err)
	c, err := book.Open(ctx, casebook.Entry{At: nine, By: "Ada"}, incident.Report{Title: "Mail is down", Impact: incident.High, Urgency: incident.Low})
	require.NoError(t, err)
	book.Settle(c, nine)
	return ctx, book, c
}

func TestIDs(t *testing.T) {
	_, _, a := open(t, 1)
	_, _, b := open(t, 1)
	_, _, c := open(t, 2)
	require.Equal(t, a.ID, b.ID)
	require.NotEqual(t, a.ID, c.ID)
	require.EqualValues(t, 7, a.ID.Version())
	require.Equal(t, "RFC4122", a.ID.Variant().String())
	sec, nsec := a.ID.Time().UnixTime()
	require.Equal(t, nine, time.Unix(sec, nsec).UTC())
}

func TestRefusalLeavesTheCase(t *testing.T) {
	ctx, book, c := open(t, 1)
	before := c.Incident
	require.ErrorIs(t, book.Do(ctx, c, casebook.Entry{At: nine, By: "Bo"}, incident.Close{}), itsm.ErrNotAllowed)
	require.Equal(t, before, c.Incident)
	require.Equal(t, 1, book.Actions)
}

func TestRestAndWake(t *testing.T) {
	ctx, book, c := open(t, 1)
	c.Rest()
	require.Zero(t, c.Incident)
	require.NoError(t, book.Wake(ctx, c))
	require.Equal(t, "INC0000001", c.Incident.Number, "it was stored, and the store drew the number")
	require.NoError(t, book.Do(ctx, c, casebook.Entry{At: nine, By: "Bo"}, incident.Start{}))
	require.NoError(t, book.Wake(ctx, c), "an awake case stays as it is")
	require.Equal(t, incident.InProgress, c.Incident.State)
}

func TestRef(t *testing.T) {
	_, book, _ := open(t, 1)
	require.Zero(t, book.Ref("problem", ""))
	require.Equal(t, book.Ref("problem", "PRB1"), book.Ref("problem", "PRB1"))
	require.NotEqual(t, book.Ref("problem", "1"), book.Ref("change", "1"))
}

// How values are shown to people: texts bare, instants to the minute, references by their names, the parts of an
// object in a row.
func TestHistory(t *testing.T) {
	ctx, book, c := open(t, 1)
	ten := nine.Add(time.Hour)
	for _, a := range []itsm.Action[incident.Incident]{
		incident.Relate{Type: "caused_by", To: book.Ref("problem", "PRB1")},
		incident.Affect{Items: []itsm.Ref{{Kind: "asset", ID: c.ID}}},
		incident.OverridePriority{Priority: incident.P1, Reason: "The board waits."},
		incident.PutOnHold{Reason: incident.ForProblem, For: book.Ref("problem", "PRB1")},
		incident.Resume{},
	} {
		require.NoError(t, book.Do(ctx, c, casebook.Entry{At: ten, By: "Bo", Note: "why"}, a))
	}
	require.NoError(t, book.Do(ctx, c, casebook.Entry{At: ten}, incident.Unrelate{Type: "caused_by", To: book.Ref("problem", "PRB1")}))
	r, err := book.Report(ctx, casebook.Heading{})
	require.NoError(t, err)
	events := r.History.Events
	require.Equal(t, "INC0000001", r.History.Number)
	require.Equal(t, report.Entry{
		Time: ten, Actor: "Bo", Action: "relate", From: "new", To: "new", Note: "why",
		Changes: []report.Change{{Field: "links", New: "caused by, problem PRB1"}},
	}, events[1])
	require.Equal(t, []report.Change{{Field: "affected", New: "asset/" + c.ID.String()}}, events[2].Changes)
	require.Equal(t, []report.Change{{Field: "priority", Old: "p3", New: "p1"}, {Field: "override", New: "The board waits., p1, Bo"}}, events[3].Changes)
	require.Equal(t, []report.Change{{Field: "hold", New: "problem, 2026-03-02 10:00, new, problem PRB1"}, {Field: "holds", New: "1"}}, events[4].Changes)
	require.Equal(t, report.Change{Field: "hold", Old: "problem, 2026-03-02 10:00, new, problem PRB1"}, events[5].Changes[0])
	require.Equal(t, "System", events[6].Actor)
}

func TestSaid(t *testing.T) {
	ctx, book, c := open(t, 1)
	require.NoError(t, book.Do(ctx, c, casebook.Entry{At: nine.Add(3 * time.Hour), By: "Bo"}, incident.Resolve{Code: incident.Fixed, Text: "Done."}))
	c.Said = &casebook.Said{Opened: nine.Add(time.Hour), Resolved: nine.Add(2 * time.Hour)}
	r, err := book.Report(ctx, casebook.Heading{})
	require.NoError(t, err)
	require.InDelta(t, 1, float64(r.ResolvedHours.P50), 1e-9, "a log knows better when it was resolved")
}

// A book stores every thousand actions or so; nothing is lost between two writes.
func TestManyActions(t *testing.T) {
	ctx, book, c := open(t, 1)
	observed := 0
	book.Observe = func(*casebook.Case) { observed++ }
	for range 2500 {
		require.NoError(t, book.Do(ctx, c, casebook.Entry{At: nine, By: "Bo"}, incident.Comment{Text: "Still working."}))
	}
	require.Equal(t, 2500, observed)
	r, err := book.Report(ctx, casebook.Heading{})
	require.NoError(t, err)
	require.Equal(t, 2501, r.Events)
	require.Len(t, r.History.Events, 2501)
}
