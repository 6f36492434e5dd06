package storetest

import (
	"github.com/itsmkit/itsm"
)

func aliasChecks() []Check {
	return []Check{
		check("alias/record", "A record that crossed the repository is never written to again. "+
			"A store fails that keeps one copy and changes it in place: whoever holds the old version sees it change.", aliasRecord),
		check("alias/commits", "The slices of a call are the caller's: it may use them again as soon as the call has returned. "+
			"A store fails that keeps the slice of commits, writes or IDs.", aliasCommits),
		check("alias/event", "Events that a store returned are the caller's: writing to them changes nothing in the store. "+
			"A store fails that hands out its own memory.", aliasEvent),
		check("alias/desk", "What a desk took or returned is the caller's: writing to it changes nothing in the store.", aliasDesk),
	}
}

func aliasRecord(t *trial) {
	one := t.draft(acme, full("one"))
	given, asGiven := one.Record, clone(*one.Record)
	t.saved(one)
	read := t.get(acme, given.ID)
	found := t.all(scope, itsm.Query[Thing]{}, 10)
	rec := clone(*given)
	for _, a := range []itsm.Action[Thing]{Put{full("two")}, Hold{}, Put{Content{Title: "three", Tags: []string{"z"}}}} {
		rec = t.do(rec, a)
	}
	t.same(asGiven, *given, "the record that was given to Save, three versions later")
	t.same(asGiven, *read, "the record that Get returned, three versions later")
	t.same(asGiven, *found[0], "the record that Find returned, three versions later")
	t.kept(rec, "three versions later")
}

func aliasCommits(t *trial) {
	a, b := t.draft(acme, Content{Title: "a", Code: "a"}), t.draft(acme, Content{Title: "b", Code: "b"})
	commits := []itsm.Commit[Thing]{a, b}
	t.saved(commits...)
	clear(commits)
	t.kept(*a.Record, "after the slice of commits was cleared")
	t.kept(*b.Record, "after the slice of commits was cleared")
	c := t.draft(acme, Content{Title: "c"})
	writes := []itsm.Write{write(c), write(t.next(a, Hold{}))}
	t.ok(t.h.Saver.SaveAll(t.base, scope, writes), "SaveAll")
	clear(writes)
	t.kept(*c.Record, "after the slice of writes was cleared")
	ids := []itsm.ID{a.Record.ID, b.Record.ID}
	got, err := t.h.Things.Get(t.base, scope, ids...)
	t.ok(err, "Get")
	clear(ids)
	clear(got)
	t.kept(*b.Record, "after the slices of Get were cleared")
	page, err := t.h.Things.Find(t.base, scope, itsm.Query[Thing]{}, itsm.PageRequest{})
	t.ok(err, "Find")
	clear(page.Items)
	t.same([]string{"a", "b", "c"}, titles(t.all(scope, itsm.Query[Thing]{}, 10)), "Find after its page was cleared")
}

// scribble writes over all that an event holds.
func scribble(e *itsm.Event) {
	for i := range e.Changes {
		for j := range e.Changes[i].Old {
			e.Changes[i].Old[j] = '#'
		}
		for j := range e.Changes[i].New {
			e.Changes[i].New[j] = '#'
		}
		e.Changes[i].Path = "/scribble"
	}
	for i := range e.Facts {
		for j := range e.Facts[i].Value {
			e.Facts[i].Value[j] = '#'
		}
		e.Facts[i].Name = "scribble"
	}
	*e = itsm.Event{}
}

func aliasEvent(t *trial) {
	rec := t.create(full("one"))
	rec, err := t.things.Do(t.ctx, rec.ID, Put{full("two")}, itsm.IdempotencyKey("k"), itsm.Note("note", true))
	t.ok(err, "put")
	t.unchanged("writing to events that were returned", func() {
		page, err := t.h.Things.History(t.base, scope, rec.Ref("thing"), itsm.PageRequest{})
		t.ok(err, "History")
		events, _ := t.since("")
		e, err := t.h.Things.ByKey(t.base, scope, "thing", "k")
		t.ok(err, "ByKey")
		for _, e := range append(append(page.Items, events...), e) {
			scribble(&e)
		}
		clear(page.Items)
		clear(events)
	})
	t.kept(rec, "after its events were written to")
}

func aliasDesk(t *trial) {
	input := full("one")
	rec := t.create(input)
	want := clone(rec)
	for _, c := range []*Content{&input, &rec.Content} {
		clear(c.Tags)
		clear(c.Lines)
		clear(c.Items)
		clear(c.Parts)
		clear(c.Steps)
		clear(c.Pause.Notes)
		c.Pause.Reason = "scribble"
	}
	t.kept(want, "after the input and the result were written to")
	got, err := t.things.Get(t.ctx, rec.ID)
	t.ok(err, "Get of the desk")
	clear(got.Content.Tags)
	got.Content.Pause.Reason = "scribble"
	t.kept(want, "after the result of Get was written to")
}
