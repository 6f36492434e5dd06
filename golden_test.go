package itsm_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// goldenTicket is the record of testdata/ticket_v1.json and of the events beside it.
func goldenTicket() Ticket {
	id := func(n byte) itsm.ID { return itsm.ID{0x01, 0x9c, 0xae, 0x6b, 0x66, 0, 0x70, 0, 0x80, 15: n} }
	return Ticket{
		Header: itsm.Header{ID: id(1), Number: "TKT0000042", Tenant: "acme", External: "sn/4711", State: stateOpen, Version: 3, Revision: 2,
			CreatedAt: noon, UpdatedAt: noon.Add(90 * time.Minute),
			Links:      []itsm.Link{{Type: "caused_by", To: itsm.Ref{Kind: "change", ID: id(2)}}},
			Attributes: itsm.Attributes{{Key: "cost", Value: "12.50"}, {Key: "floor", Value: `"3"`}, {Key: "owner", Value: `{"kind":"person","id":"` + id(3).String() + `"}`}}},
		Title: "Mail is \"down\" <again>", Body: "zwei\nZeilen", Urgency: "high", Count: -3, Flag: true, Caller: "bo", Group: "messaging",
		Opened: noon.Add(time.Millisecond), Worked: itsm.Duration(90 * time.Minute), About: itsm.Ref{Kind: "service", ID: id(4)}, Token: id(5),
		Outcome: Outcome{Code: "fixed", Text: "restarted", At: noon},
		Pause:   &Pause{Reason: "lunch", Since: noon, Notes: []string{"a"}},
		Tags:    []string{"mail", "vip"}, Lines: []string{"b", "a"}, Items: []itsm.Ref{{Kind: "asset", ID: id(6)}},
		Parts: []Part{{ID: "p/1~", Name: "part", Of: itsm.Ref{Kind: "asset", ID: id(7)}}},
		Clock: itsm.ReviewClock{Owner: "cy", Every: itsm.Period{Months: 12, Days: 3}, Last: noon, By: "cy", Outcome: "confirmed", Due: noon.AddDate(1, 0, 3)},
		Score: -28,
	}
}

// TestGoldenRecord: what version 1 wrote is read as it was, and written again in the same way, for ever. The
// files are never written anew: a change of the format needs a new file beside them.
func TestGoldenRecord(t *testing.T) {
	raw, err := os.ReadFile("testdata/ticket_v1.json")
	require.NoError(t, err)
	rec, err := ticketKind(t).Shape().Decode(raw)
	require.NoError(t, err)
	want := goldenTicket()
	require.Equal(t, &want, rec)
	back, err := ticketKind(t).Shape().Encode(rec)
	require.NoError(t, err)
	require.JSONEq(t, string(raw), string(back))
}

// TestGoldenEvents: the events of version 1 replay, from JSON.
func TestGoldenEvents(t *testing.T) {
	raw, err := os.ReadFile("testdata/ticket_events_v1.json")
	require.NoError(t, err)
	var events []itsm.Event
	require.NoError(t, json.Unmarshal(raw, &events))
	rec, err := ticketKind(t).Replay(events, time.Time{})
	require.NoError(t, err)
	require.Equal(t, goldenTicket(), rec)
	back, err := json.Marshal(events)
	require.NoError(t, err)
	require.JSONEq(t, string(raw), string(back))
	early, err := ticketKind(t).Replay(events, noon)
	require.NoError(t, err)
	require.EqualValues(t, 1, early.Version)
}

// TestRenamedFields: events from before fields were renamed or moved replay into the present ones; without the
// declaration the error says which field there is not.
func TestRenamedFields(t *testing.T) {
	d := ticketDeclaration(t)
	d.Renamed = map[string]string{"/solution": "/outcome/text", "/result": "/outcome", "/labels": "/tags", "/hold": "/pause", "/attributes/stock": "/attributes/floor"}
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	rec, e, err := k.Apply(Ticket{}, Raise{Title: "t"}, itsm.Moment{Time: noon})
	require.NoError(t, err)
	e.Changes = append(e.Changes,
		itsm.Change{Path: "/solution", New: []byte(`"restarted"`)},
		itsm.Change{Path: "/result/code", New: []byte(`"fixed"`)},
		itsm.Change{Path: "/labels/a", New: []byte(`"a"`)},
		itsm.Change{Path: "/hold/reason", New: []byte(`"lunch"`)},
		itsm.Change{Path: "/attributes/stock", New: []byte(`"3"`)},
		itsm.Change{Path: "/attributes/gone", New: []byte(`"kept"`)},
	)
	rec.Outcome, rec.Tags, rec.Pause = Outcome{Code: "fixed", Text: "restarted"}, []string{"a"}, &Pause{Reason: "lunch"}
	rec.Attributes = itsm.Attributes{{Key: "floor", Value: `"3"`}, {Key: "gone", Value: `"kept"`}, {Key: "size", Value: `"m"`}}
	got, err := k.Replay([]itsm.Event{e}, time.Time{})
	require.NoError(t, err)
	require.Equal(t, rec, got)
	_, err = ticketKind(t).Replay([]itsm.Event{e}, time.Time{})
	require.ErrorContains(t, err, `change of "/solution": the record has no such field; a field that was renamed is declared in Declaration.Renamed`)
	require.ErrorContains(t, err, "itsm: replay of ticket: event ticket/"+rec.ID.String()+"/1: ")
}

// TestReplayRefuses what is not the history of one record from its beginning.
func TestReplayRefuses(t *testing.T) {
	b := newBench(t, everything)
	rec := b.raise(t, Raise{Tags: []string{"a"}})
	_, err := b.Do(ann(), rec.ID, Change{Body: "b"})
	require.NoError(t, err)
	_, events := b.stored(t, "", rec.ID)
	_, other := b.stored(t, "", b.raise(t, Raise{}).ID)
	other[0].Version = 3
	strange := events[0]
	strange.Subject.Kind = "change"
	bad := events[0]
	bad.Changes = append(bad.Changes[:1:1], itsm.Change{Path: "/tags/zz"})
	wrong := events[0]
	wrong.Changes = append(wrong.Changes[:1:1], itsm.Change{Path: "/count", New: []byte(`"many"`)})
	for want, history := range map[string][]itsm.Event{
		"not found: ticket had no event":      {},
		"does not follow version 0":           events[1:],
		"does not follow version 1":           {events[0], events[0]},
		"/3 does not follow version 2":        {events[0], events[1], other[0]},
		`event of a record of kind "change"`:  {strange},
		`/tags/zz: no element "zz" to remove`: {bad},
		"/count: invalid: count: type":        {wrong},
	} {
		_, err := b.Kind().Replay(history, time.Time{})
		require.ErrorContains(t, err, want)
	}
}

// TestReviewIsDue: records are found by when they must be looked at again.
func TestReviewIsDue(t *testing.T) {
	b := newBench(t, everything)
	var due []time.Time
	for _, every := range []itsm.Period{{Days: 10}, {}, {Months: 1}} {
		rec, err := b.Do(ann(), b.raise(t, Raise{}).ID, Change{Every: every})
		require.NoError(t, err)
		due = append(due, rec.Clock.Due)
	}
	require.Equal(t, []time.Time{noon.AddDate(0, 0, 10), {}, noon.AddDate(0, 1, 0)}, due)
	ask := func(until time.Time) []Ticket {
		page, err := b.Find(ann(), itsm.Where(itsm.ByReviewDue[Ticket]().To(until)).Sorted(itsm.ByReviewDue[Ticket]().Asc()), itsm.PageRequest{})
		require.NoError(t, err)
		return page.Items
	}
	require.Empty(t, ask(noon.AddDate(0, 0, 9)))
	require.Len(t, ask(noon.AddDate(0, 0, 10)), 1)
	all := ask(noon.AddDate(10, 0, 0))
	require.Len(t, all, 2, "the one that is never reviewed is not there")
	b.clock.now = noon.AddDate(0, 0, 12)
	rec, err := b.Do(ann(), all[0].ID, itsm.Review[Ticket]{Outcome: "revised", Every: itsm.Period{Months: 2}, Owner: "cy", Text: "new limits"})
	require.NoError(t, err)
	require.Equal(t, itsm.ReviewClock{Owner: "cy", Every: itsm.Period{Months: 2}, Last: b.clock.now, By: "ann", Outcome: "revised", Due: b.clock.now.AddDate(0, 2, 0)}, rec.Clock)
	require.Equal(t, []itsm.ID{all[1].ID, all[0].ID}, []itsm.ID{ask(noon.AddDate(10, 0, 0))[0].ID, ask(noon.AddDate(10, 0, 0))[1].ID})
	b.stored(t, "", rec.ID)

	d := ticketDeclaration(t)
	d.Review = nil
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	plain := benchOn(t, k, memory.New(), everything)
	_, err = plain.Do(ann(), plain.raise(t, Raise{}).ID, itsm.Review[Ticket]{Outcome: "x"})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	require.ErrorContains(t, err, "not reviewed")
}
