package itsm_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyAction draws an action with arbitrary, mostly valid input.
func anyAction(t *rapid.T, refs []itsm.Ref) itsm.Action[Ticket] {
	word := rapid.SampledFrom([]string{"", "a", "b", "ä ö", "say \"hi\"\n", "x/y~z", "漢字", "<b>"})
	words := rapid.SliceOfNDistinct(word, 0, 4, rapid.ID[string])
	ref := rapid.SampledFrom(refs)
	switch rapid.IntRange(0, 9).Draw(t, "action") {
	case 0:
		return Start{}
	case 1:
		return DoPause{Reason: word.Draw(t, "reason")}
	case 2:
		return Resume{To: rapid.SampledFrom([]lifecycle.State{"", stateNew, stateOpen, stateDone}).Draw(t, "to")}
	case 3:
		return Finish{Code: word.Draw(t, "code"), Text: word.Draw(t, "text")}
	case 4:
		return Reopen{}
	case 5:
		return itsm.Comment[Ticket]{Text: word.Draw(t, "text"), Public: rapid.Bool().Draw(t, "public")}
	case 6:
		return itsm.Relate[Ticket]{Type: rapid.SampledFrom([]string{"caused_by", "resolves"}).Draw(t, "type"), To: ref.Draw(t, "to")}
	case 7:
		return itsm.Unrelate[Ticket]{Type: "caused_by", To: ref.Draw(t, "to")}
	case 8:
		values := map[string]any{"floor": word.Draw(t, "floor"), "cost": json.Number(rapid.SampledFrom([]string{"1", "1.50", "-3e2", "0.000"}).Draw(t, "cost"))}
		if rapid.Bool().Draw(t, "remove") {
			values["size"], values["ok"] = nil, true
		}
		attributes, err := itsm.AttributesOf(values)
		require.NoError(t, err)
		return itsm.SetAttributes[Ticket]{Attributes: attributes}
	}
	c := Change{
		Body: word.Draw(t, "body"), Urg: rapid.SampledFrom([]Urgency{"", "high", "low"}).Draw(t, "urgency"),
		Count: rapid.IntRange(-3, 3).Draw(t, "count"), Group: word.Draw(t, "group"), Worked: itsm.Duration(rapid.Int64Range(0, 1e13).Draw(t, "worked")),
		Tags: words.Draw(t, "tags"), Lines: rapid.SliceOfN(word, 0, 3).Draw(t, "lines"),
		Items: rapid.SliceOfNDistinct(ref, 0, 3, rapid.ID[itsm.Ref]).Draw(t, "items"), Every: itsm.Period{Months: rapid.IntRange(0, 13).Draw(t, "every")},
		At: noon.Add(time.Duration(rapid.Int64Range(-1e15, 1e15).Draw(t, "at"))).In(time.FixedZone("x", 3600)),
	}
	for _, id := range words.Draw(t, "parts") {
		c.Parts = append(c.Parts, Part{ID: id, Name: word.Draw(t, "name"), Of: ref.Draw(t, "of")})
	}
	if rapid.Bool().Draw(t, "about") {
		c.About = ref.Draw(t, "about")
	}
	return c
}

// TestEveryPathReplays plays arbitrary actions and holds the kernel's invariants after each: failure changes
// nothing, the version grows by one, the events replay to the record, at every version, and its JSON too.
func TestEveryPathReplays(t *testing.T) {
	k := ticketKind(t)
	rapid.Check(t, func(t *rapid.T) {
		refs := []itsm.Ref{{Kind: "person", ID: itsm.ID{6: 0x70, 8: 0x80, 1: 1}}, {Kind: "asset", ID: itsm.ID{6: 0x70, 8: 0x80, 1: 2}}, {Kind: "asset", ID: itsm.ID{6: 0x70, 8: 0x80, 1: 3}}}
		at := noon
		rec, e, err := k.Apply(Ticket{}, Raise{Title: "t", Caller: "bo", Tags: []string{"z", "a"}}, itsm.Moment{Time: at})
		require.NoError(t, err)
		events, versions := []itsm.Event{e}, []Ticket{rec}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			at = at.Add(time.Duration(rapid.Int64Range(0, int64(20*time.Hour)).Draw(t, "pass")))
			a := anyAction(t, refs)
			before, err := json.Marshal(rec)
			require.NoError(t, err)
			next, e, err := k.Apply(rec, a, itsm.Moment{Time: at})
			after, _ := json.Marshal(rec)
			require.Equal(t, string(before), string(after), "the caller's record was written to")
			if err != nil {
				require.True(t, reflect.DeepEqual(next, rec), "a refused action changed the record")
				continue
			}
			require.Contains(t, k.Lifecycle().Allowed(rec.State), a.Name(), "an action succeeded that was not offered")
			require.Equal(t, rec.Version+1, next.Version)
			require.Equal(t, rec.ID, next.ID)
			rec, events, versions = next, append(events, e), append(versions, next)
		}
		for i, want := range versions {
			got, err := k.Replay(events[:i+1], time.Time{})
			require.NoError(t, err)
			require.Equal(t, want, got, "version %d", i+1)
			raw, err := k.Shape().Encode(&want)
			require.NoError(t, err)
			back, err := k.Shape().Decode(raw)
			require.NoError(t, err)
			require.Equal(t, &want, back)
		}
		stored, err := json.Marshal(events)
		require.NoError(t, err)
		var again []itsm.Event
		require.NoError(t, json.Unmarshal(stored, &again))
		got, err := k.Replay(again, time.Time{})
		require.NoError(t, err)
		require.Equal(t, rec, got, "events that went through JSON")
	})
}

// TestInputIsNotKept writes to an action's slices after the action: neither record nor result may change.
func TestInputIsNotKept(t *testing.T) {
	k := ticketKind(t)
	tags := []string{"b", "a"}
	rec, _, err := k.Apply(Ticket{}, Raise{Title: "t", Tags: tags}, itsm.Moment{Time: noon})
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, rec.Tags)
	tags[0], tags[1] = "x", "y"
	require.Equal(t, []string{"a", "b"}, rec.Tags)
}

// TestEventHoldsOnlyWhatChanged: one field changes in a full record, and the event holds one change.
func TestEventHoldsOnlyWhatChanged(t *testing.T) {
	k := ticketKind(t)
	rec, _, err := k.Apply(Ticket{}, Raise{Title: "t", Tags: []string{"a", "b"}}, itsm.Moment{Time: noon})
	require.NoError(t, err)
	rec, e, err := k.Apply(rec, DoPause{Reason: "lunch"}, itsm.Moment{Time: noon})
	require.NoError(t, err)
	require.Len(t, e.Changes, 1)
	require.Equal(t, "/pause", e.Changes[0].Path)
	require.JSONEq(t, `{"reason":"lunch","since":"2026-03-02T12:00:00Z"}`, string(e.Changes[0].New))
	require.Empty(t, e.Changes[0].Old)
	_, e, err = k.Apply(rec, itsm.Relate[Ticket]{Type: "caused_by", To: itsm.Ref{Kind: "change", ID: rec.Token}}, itsm.Moment{Time: noon})
	require.Error(t, err, "a reference without an ID")
	require.Empty(t, e.Changes)
}

// TestTenThousandthLink: the event of the last link that a record can hold is as large as that of the first.
func TestTenThousandthLink(t *testing.T) {
	k := ticketKind(t)
	rec, _, err := k.Apply(Ticket{}, Raise{Title: "t"}, itsm.Moment{Time: noon})
	require.NoError(t, err)
	link := func(i int) itsm.Link {
		return itsm.Link{Type: "affects", To: itsm.Ref{Kind: "asset", ID: itsm.ID{1, 2, 3, 4, 5, 6, 0x70, 7, 0x80, 8, 9, 10, 11, byte(i >> 16), byte(i >> 8), byte(i)}}}
	}
	_, first, err := k.Apply(rec, itsm.Relate[Ticket](link(1)), itsm.Moment{Time: noon})
	require.NoError(t, err)
	for i := range itsm.MaxList - 1 {
		rec.Links = append(rec.Links, link(i+100))
	}
	rec, last, err := k.Apply(rec, itsm.Relate[Ticket](link(1)), itsm.Moment{Time: noon})
	require.NoError(t, err)
	a, _ := json.Marshal(first)
	b, _ := json.Marshal(last)
	require.Equal(t, len(a), len(b))
	_, _, err = k.Apply(rec, itsm.Relate[Ticket](link(2)), itsm.Moment{Time: noon})
	require.Equal(t, "links:too_many", code(t, err))
}

// TestStates: the rule's default, its other target, a target it does not have, and a state nobody knows.
func TestStates(t *testing.T) {
	k := ticketKind(t)
	m := itsm.Moment{Time: noon}
	rec, _, err := k.Apply(Ticket{}, Raise{Title: "t"}, m)
	require.NoError(t, err)
	paused, _, err := k.Apply(rec, DoPause{Reason: "r"}, m)
	require.NoError(t, err)
	back, _, err := k.Apply(paused, Resume{}, m)
	require.NoError(t, err)
	require.Equal(t, stateOpen, back.State)
	back, e, err := k.Apply(paused, Resume{To: stateNew}, m)
	require.NoError(t, err)
	require.Equal(t, stateNew, back.State)
	require.Equal(t, stateNew, e.To)
	_, _, err = k.Apply(paused, Resume{To: stateDone}, m)
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
	require.ErrorContains(t, err, "chosen done")
	_, _, err = k.Apply(rec, Resume{}, m)
	var refused *itsm.TransitionError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "resume", refused.Action)
	require.Contains(t, refused.Allowed, "start")
	rec.State = "lost"
	_, _, err = k.Apply(rec, Start{}, m)
	require.Equal(t, "state:unknown", code(t, err))
}

// TestKernelFieldsAreTheKernels: what an action writes to them is undone.
func TestKernelFieldsAreTheKernels(t *testing.T) {
	d := ticketDeclaration(t)
	d.Derive = func(t *Ticket, _ itsm.Moment) {
		t.ID, t.Tenant, t.Number, t.Version, t.Revision, t.State = itsm.ID{}, "other", "X1", 99, 99, stateDone
		t.CreatedAt, t.UpdatedAt = time.Time{}, time.Time{}
	}
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	rec, _, err := k.Apply(Ticket{}, Raise{Title: "t"}, itsm.Moment{Time: noon})
	require.NoError(t, err)
	require.Equal(t, itsm.Header{ID: rec.ID, State: stateNew, Version: 1, Revision: 1, CreatedAt: noon, UpdatedAt: noon, Attributes: rec.Attributes}, rec.Header)
	require.NotZero(t, rec.ID)
}

// TestTexts holds the limits on texts at their edges.
func TestTexts(t *testing.T) {
	k := ticketKind(t)
	m := itsm.Moment{Time: noon}
	for name, c := range map[string]struct {
		action itsm.Action[Ticket]
		want   string
	}{
		"line full":         {Raise{Title: long(itsm.MaxLine)}, ""},
		"line of runes":     {Raise{Title: string(slices.Repeat([]rune{'漢'}, itsm.MaxLine))}, ""},
		"line too long":     {Raise{Title: long(itsm.MaxLine + 1)}, "title:too_long"},
		"indexed full":      {Raise{Title: "t", Caller: long(itsm.MaxIndexed)}, ""},
		"indexed too long":  {Raise{Title: "t", Caller: long(itsm.MaxIndexed + 1)}, "caller:too_long"},
		"NUL":               {Raise{Title: "a\x00b"}, "title:nul"},
		"invalid UTF-8":     {Raise{Title: "a\xff"}, "title:utf8"},
		"in a list":         {Raise{Title: "t", Tags: []string{"a\xff"}}, "tags.a\xff:utf8"},
		"required and long": {Raise{Caller: long(600)}, "title:required"},
		"twice in a list":   {Raise{Title: "t", Tags: []string{"a", "a"}}, "tags:twice"},
	} {
		_, _, err := k.Apply(Ticket{}, c.action, m)
		if c.want == "" {
			require.NoError(t, err, name)
			continue
		}
		require.Equal(t, c.want, code(t, err), name)
	}
	rec, _, err := k.Apply(Ticket{}, Raise{Title: "t"}, m)
	require.NoError(t, err)
	_, _, err = k.Apply(rec, Change{Body: long(itsm.MaxText)}, m)
	require.NoError(t, err)
	_, _, err = k.Apply(rec, Change{Body: long(itsm.MaxText + 1)}, m)
	require.Equal(t, "body:too_long", code(t, err))
	_, _, err = k.Apply(rec, Change{At: time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)}, m)
	require.Equal(t, "opened:year", code(t, err))
	_, _, err = k.Apply(rec, Change{Urg: "huge"}, m)
	require.Equal(t, "urgency:choice", code(t, err))
	_, _, err = k.Apply(rec, itsm.Comment[Ticket]{Text: long(itsm.MaxText + 1)}, m)
	require.Equal(t, "note:too_long", code(t, err))
	lines := slices.Repeat([]string{long(itsm.MaxLine)}, itsm.MaxList)
	_, _, err = k.Apply(rec, Change{Lines: lines, Body: long(itsm.MaxText)}, m)
	require.NoError(t, err, "11 MB fit into a record")
	var parts []Part
	for i := range itsm.MaxList {
		parts = append(parts, Part{ID: fmt.Sprint(i), Name: long(itsm.MaxLine)})
	}
	_, _, err = k.Apply(rec, Change{Lines: lines, Parts: parts}, m)
	require.Equal(t, ":record_too_large", code(t, err))
}

// TestReview: the interval counts from the opening, then from the last review (months of the calendar).
func TestReview(t *testing.T) {
	k := ticketKind(t)
	rec, _, err := k.Apply(Ticket{}, Raise{Title: "t"}, itsm.Moment{Time: time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)})
	require.NoError(t, err)
	require.Zero(t, rec.Clock.Due)
	rec, _, err = k.Apply(rec, Change{Every: itsm.Period{Months: 1}}, itsm.Moment{Time: rec.UpdatedAt})
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 2, 28, 9, 0, 0, 0, time.UTC), rec.Clock.Due)
	rec, e, err := k.Apply(rec, itsm.Review[Ticket]{Outcome: "confirmed", Text: "still true"}, itsm.Moment{Time: noon, Actor: &itsm.Actor{ID: "ann"}})
	require.NoError(t, err)
	require.Equal(t, itsm.ReviewClock{Every: itsm.Period{Months: 1}, Last: noon, By: "ann", Outcome: "confirmed", Due: noon.AddDate(0, 1, 0)}, rec.Clock)
	require.Equal(t, "still true", e.Note)
	_, _, err = k.Apply(rec, itsm.Review[Ticket]{}, itsm.Moment{Time: noon})
	require.Equal(t, "outcome:required", code(t, err))
}

// TestChanged: a validation is told what the action changed, of every sort of field.
func TestChanged(t *testing.T) {
	paths := []string{"title", "body", "count", "opened", "worked", "about", "outcome", "outcome.code", "outcome.text", "pause", "pause.reason", "pause.notes",
		"tags", "parts", "attributes", "links", "state", "version", "score", "colour"}
	var changed []string
	d := ticketDeclaration(t)
	d.Validate = func(_ *Ticket, c *itsm.Checker) {
		changed = nil
		for _, path := range paths {
			if c.Changed(path) {
				changed = append(changed, path)
			}
		}
	}
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	rec := Ticket{}
	for _, step := range []struct {
		action itsm.Action[Ticket]
		want   []string
	}{
		{Raise{Title: "t"}, []string{"title", "opened", "attributes", "state", "version"}}, // size has a default
		{itsm.Comment[Ticket]{Text: "c"}, []string{"version"}},
		{Change{Body: "b", Count: 1, Tags: []string{"x"}, Parts: []Part{{ID: "p"}}, At: noon}, []string{"body", "count", "tags", "parts", "version", "score"}},
		{Change{Body: "b", Count: 1, Tags: []string{"x"}, Parts: []Part{{ID: "p", Name: "n"}}, At: noon.Add(time.Hour)}, []string{"opened", "parts", "version"}},
		{DoPause{Reason: "r"}, []string{"pause", "pause.reason", "pause.notes", "state", "version"}},
		{Resume{}, []string{"pause", "pause.reason", "pause.notes", "state", "version"}},
		{Finish{Code: "c"}, []string{"outcome", "outcome.code", "state", "version"}},
	} {
		rec, _, err = k.Apply(rec, step.action, itsm.Moment{Time: noon})
		require.NoError(t, err)
		require.Equal(t, append(step.want, "colour"), changed, "%s: what is no field counts as changed", step.action.Name())
	}
	require.True(t, new(itsm.Checker).Changed("title"), "nothing to compare with")
}
