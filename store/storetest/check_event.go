package storetest

import (
	"slices"
	"time"

	"github.com/itsmkit/itsm"
)

func eventChecks() []Check {
	return []Check{
		check("event/each", "Every version has its event, in the history of the record and in the order of all events. "+
			"A store fails that loses one, if only a comment, which changes no field.", eventEach),
		check("event/none", "A refused write leaves no event. "+
			"A store fails that writes the event first, or in a transaction of its own.", eventNone),
		check("event/fields", "An event comes back with all that it had: note, author, who stored it, both times, key, facts, changes.", eventFields),
		check("event/history", "History has pages, oldest first; none of them has more or fewer events than asked for. "+
			"What does not exist in the tenant has an empty history.", eventHistory),
		check("event/since", "Since returns the events of all kinds and tenants in the order in which they were stored, each once, whatever the limit.", eventSince),
		check("event/kinds", "With kinds, Since leaves out the others, and its position still goes past them. "+
			"A store fails that stays at the last event that fits: it reads the others again and again.", eventKinds),
		check("event/end", "At the end Since returns no event and the position that it was given. "+
			"A store fails that returns the beginning: all events come again.", eventEnd),
	}
}

// written makes some records of both kinds and both tenants and returns the identities of their events in order.
func (t *trial) written() []string {
	var order []string
	note := func(of itsm.Ref, version int64) {
		e := itsm.Event{Subject: of, Version: version}
		order = append(order, e.ID())
	}
	var things []Thing
	for i := range 12 {
		tenant := []string{acme, zeta, acme}[i%3]
		rec := t.open(tenant, Create{Content: Content{Title: "t", Count: i}})
		things = append(things, rec)
		note(rec.Ref("thing"), 1)
		if i%2 == 0 {
			o := t.found("other " + string(rune('a'+i)))
			note(o.Ref("other"), 1)
		}
		back := things[i/2]
		for _, a := range []itsm.Action[Thing]{Put{Content{Title: "u", Count: i}}, itsm.Comment[Thing]{Text: "hm"}} {
			back = t.do(back, a)
			note(back.Ref("thing"), back.Version)
		}
		things[i/2] = back
	}
	return order
}

func identities(events []itsm.Event) []string {
	out := make([]string, len(events))
	for i := range events {
		out[i] = events[i].ID()
	}
	return out
}

func eventEach(t *trial) {
	want := t.written()
	got, _ := t.since("")
	t.same(want, identities(got), "Since")
	for _, tenant := range []string{acme, zeta} {
		for _, rec := range t.all(itsm.Scope{Tenant: tenant}, itsm.Query[Thing]{}, 100) {
			t.kept(*rec, "each version")
			of := rec.Ref("thing")
			mine := slices.DeleteFunc(slices.Clone(got), func(e itsm.Event) bool { return e.Subject != of })
			t.same(t.history(tenant, of), mine, "Since, of one record, and its History")
		}
	}
}

func eventNone(t *trial) {
	rec := t.draft(acme, Content{Title: "one", Code: "x"})
	t.saved(rec)
	next := keyed(t.next(rec, Put{Content{Title: "two", Code: "x"}}), "k")
	t.saved(t.next(rec, Hold{}))
	_, end := t.since("")
	for what, refused := range map[string]itsm.Commit[Thing]{
		"a stale one": next, "a taken value": keyed(t.draft(acme, Content{Title: "new", Code: "x"}), "k"),
	} {
		t.refused(t.save(refused), nil, "Save of %s", what)
		events, _ := t.since(end)
		t.same([]string{}, identities(events), "Since after a refused Save of %s", what)
		_, err := t.h.Things.ByKey(t.base, scope, "thing", "k")
		t.refused(err, itsm.ErrNotFound, "ByKey after a refused Save of %s", what)
	}
	if n := len(t.history(acme, rec.Event.Subject)); n != 2 {
		t.failf("History after refused writes: wanted 2 events, got %d", n)
	}
}

func eventFields(t *trial) {
	rec := t.create(Content{Title: "one", Count: 3}, itsm.External("ext"))
	at := rec.UpdatedAt.Add(3 * time.Millisecond)
	_, err := t.things.Do(t.ctx, rec.ID, Put{full("two")}, itsm.At(at), itsm.Note("told \"her\"\nso", true), itsm.IdempotencyKey("key 1"),
		itsm.By(itsm.Actor{ID: "bo", Name: "Bo Ä", Roles: []string{"agent"}}))
	t.ok(err, "put")
	page, err := t.h.Things.History(t.base, scope, rec.Ref("thing"), itsm.PageRequest{})
	t.ok(err, "History")
	e := page.Items[1]
	if len(e.Changes) < 10 {
		t.failf("History: wanted the changes of all fields, got %d", len(e.Changes))
	}
	if e.Digest == "" || !e.RecordedAt.After(at) {
		t.failf("History: wanted a digest and an instant of storing after %s, got %q and %s", at, e.Digest, e.RecordedAt)
	}
	want := itsm.Event{
		Subject: rec.Ref("thing"), Version: 2, Number: rec.Number, Tenant: acme, Action: "put", From: StateOpen, To: StateOpen,
		Time: at, RecordedAt: e.RecordedAt, Actor: itsm.Actor{ID: "bo", Name: "Bo Ä"}, RecordedBy: itsm.SystemID,
		Note: "told \"her\"\nso", Public: true, Key: "key 1", Digest: e.Digest,
		Facts: []itsm.Fact{{Name: "count_before", Value: []byte("3")}}, Changes: e.Changes,
	}
	t.same(want, e, "an event in History")
	byKey, err := t.h.Things.ByKey(t.base, scope, "thing", "key 1")
	t.ok(err, "ByKey")
	t.same(want, byKey, "an event by its key")
	events, _ := t.since("")
	t.same(want, events[1], "an event in Since")
	t.kept(*t.get(acme, rec.ID), "after an action dated back")
}

func eventHistory(t *trial) {
	rec := t.create(Content{Title: "a"})
	beside := t.create(Content{Title: "b"})
	for i := range 9 {
		rec = t.do(rec, itsm.Comment[Thing]{Text: "comment " + string(rune('a'+i))})
		beside = t.do(beside, itsm.Comment[Thing]{Text: "beside"})
	}
	of := rec.Ref("thing")
	whole := t.history(acme, of)
	if len(whole) != 10 {
		t.failf("History: wanted 10 events, got %d", len(whole))
	}
	for i, e := range whole {
		if e.Version != int64(i+1) {
			t.failf("History: wanted version %d at place %d, got %d", i+1, i, e.Version)
		}
	}
	for limit := 1; limit <= 11; limit++ {
		var all []itsm.Event
		p := itsm.PageRequest{Limit: limit}
		for {
			page, err := t.h.Things.History(t.base, scope, of, p)
			t.ok(err, "History, limit %d", limit)
			all = append(all, page.Items...)
			if want := min(limit, 10-(len(all)-len(page.Items))); len(page.Items) != want {
				t.failf("History, limit %d: wanted a page of %d events, got %d", limit, want, len(page.Items))
			}
			if (page.Next == "") != (len(all) >= 10) {
				t.failf("History, limit %d, after %d of 10 events: the next cursor is %q", limit, len(all), page.Next)
			}
			if p.Cursor = page.Next; p.Cursor == "" {
				break
			}
		}
		t.same(whole, all, "History, limit %d", limit)
	}
	for _, limit := range []int{-1, itsm.MaxPage + 1} {
		_, err := t.h.Things.History(t.base, scope, of, itsm.PageRequest{Limit: limit})
		t.refused(err, itsm.ErrInvalid, "History, limit %d", limit)
	}
	for what, none := range map[string]itsm.Ref{
		"an absent record": {Kind: "thing", ID: itsm.NewID(t.now())}, "a record under another kind": {Kind: "other", ID: rec.ID},
	} {
		if n := len(t.history(acme, none)); n != 0 {
			t.failf("History of %s: wanted no event, got %d", what, n)
		}
	}
}

func eventSince(t *trial) {
	want := t.written()
	for _, limit := range []int{1, 2, 7, len(want), len(want) + 1, 10_000} {
		var got []string
		after := itsm.Position("")
		for {
			events, next, err := t.h.Things.Since(t.base, after, limit)
			t.ok(err, "Since, limit %d", limit)
			if len(events) > limit {
				t.failf("Since, limit %d: got %d events", limit, len(events))
			}
			got = append(got, identities(events)...)
			if after = next; len(events) == 0 {
				break
			}
			if len(got) > len(want) {
				t.failf("Since, limit %d: events come again: wanted %d, got %d", limit, len(want), len(got))
			}
		}
		t.same(want, got, "Since, limit %d", limit)
	}
	others, _, err := t.h.Others.Since(t.base, "", 10_000)
	t.ok(err, "Since of the other repository")
	t.same(want, identities(others), "Since of the other repository: the order is that of the store")
}

func eventKinds(t *trial) {
	all := t.written()
	events, end := t.since("")
	for _, kinds := range [][]string{{"thing"}, {"other"}, {"other", "thing"}, {"thing", "absent"}, {"absent"}} {
		var want []string
		for i, e := range events {
			if slices.Contains(kinds, e.Subject.Kind) {
				want = append(want, all[i])
			}
		}
		got, next := t.since("", kinds...)
		t.same(append([]string{}, want...), identities(got), "Since of the kinds %v", kinds)
		again, after, err := t.h.Things.Since(t.base, next, 1)
		t.ok(err, "Since")
		t.same([]string{}, identities(again), "Since behind the position that Since of the kinds %v gave", kinds)
		t.same(end, after, "the end, behind the position that Since of the kinds %v gave", kinds)
		for i, after := 0, itsm.Position(""); i < len(want); i++ {
			one, next, err := t.h.Things.Since(t.base, after, 1, kinds...)
			t.ok(err, "Since, limit 1")
			t.same([]string{want[i]}, identities(one), "Since of the kinds %v, limit 1, event %d", kinds, i)
			after = next
		}
	}
}

func eventEnd(t *trial) {
	events, start, err := t.h.Things.Since(t.base, "", 10)
	t.ok(err, "Since of an empty store")
	t.same([]string{}, identities(events), "Since of an empty store")
	want := t.written()
	events, _, err = t.h.Things.Since(t.base, start, len(want)+1)
	t.ok(err, "Since")
	t.same(want, identities(events), "Since behind the position that an empty store gave")
	_, end := t.since("")
	for range 3 {
		events, next, err := t.h.Things.Since(t.base, end, 10)
		t.ok(err, "Since at the end")
		t.same([]string{}, identities(events), "Since at the end")
		t.same(end, next, "the position at the end")
	}
	o := t.found("late")
	events, next := t.since(end)
	t.same([]string{o.Ref("other").String() + "/1"}, identities(events), "Since of what came after the end")
	if next == end {
		t.failf("Since: the position did not move past a new event: it is %q still", end)
	}
}
