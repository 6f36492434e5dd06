package storetest

import (
	"fmt"

	"github.com/itsmkit/itsm"
)

func durableChecks() []Check {
	return []Check{
		check("durable/all", "A store that is opened again holds what it held: records, events in their order, indexes, words.", durableAll),
		check("durable/goes_on", "A store that is opened again goes on: numbers, keys, unique values and positions are remembered. "+
			"A store fails that begins its sequences again, or keeps its keys in memory.", durableGoesOn),
		check("durable/erased", "What was redacted, purged or forgotten does not come back when the store is opened again.", durableErased),
	}
}

// reopened returns a trial on the store opened again, and its Close.
func (t *trial) reopened() (again *trial, end func()) {
	if t.h.Reopen == nil {
		panic(failure{fmt.Errorf("%w: Harness.Reopen is nil", ErrSkipped)})
	}
	h, err := t.h.Reopen()
	t.ok(err, "Reopen")
	again = newTrial(t.base, h)
	again.clock.Store(t.clock.Load())
	if end = h.Close; end == nil {
		end = func() {}
	}
	return again, end
}

func durableAll(t *trial) {
	d := newDice(3)
	model := d.play(t, 250)
	t.written()
	for _, rec := range t.all(itsm.Scope{Tenant: acme}, itsm.Query[Thing]{}, 100) {
		model[rec.ID] = *rec
	}
	for _, rec := range t.all(itsm.Scope{Tenant: zeta}, itsm.Query[Thing]{}, 100) {
		model[rec.ID] = *rec
	}
	before := t.picture()
	again, end := t.reopened()
	defer end()
	again.same(before, again.picture(), "all that the store holds, opened again")
	again.matches(again.base, model)
	for _, rec := range model {
		again.kept(rec, "opened again")
	}
}

func durableGoesOn(t *trial) {
	a := t.create(full("a"), itsm.IdempotencyKey("k"), itsm.External("e"))
	t.found("one")
	b := t.create(Content{Title: "b"})
	t.ok(t.h.Things.Erase(t.base, scope, itsm.Erasure[Thing]{Of: b.Ref("thing"), Version: 1}), "Erase of the last number")
	_, position := t.since("")
	for i := range 3 {
		t.create(Content{Title: fmt.Sprint("g", i), Group: "g"})
	}
	q := itsm.Where(byGroup().Is("g"))
	cursor := t.cursor(scope, q)
	again, end := t.reopened()
	defer end()
	events, _ := again.since(position)
	if len(events) != 3 {
		t.failf("Since behind a position from before, opened again: wanted 3 events, got %d", len(events))
	}
	page, err := again.h.Things.Find(again.base, scope, q, itsm.PageRequest{Cursor: cursor})
	t.ok(err, "Find with a cursor from before")
	t.same([]string{"g1", "g2"}, titles(page.Items), "Find with a cursor from before")
	e, err := again.h.Things.ByKey(again.base, scope, "thing", "k")
	t.ok(err, "ByKey, opened again")
	t.same(a.Ref("thing"), e.Subject, "ByKey, opened again")
	again.refused(again.save(keyed(again.draft(acme, Content{}), "k")), itsm.ErrDuplicate, "Save with a key from before")
	again.refused(again.save(again.draft(acme, Content{Code: a.Content.Code})), itsm.ErrDuplicate, "Save with a code from before")
	next := again.create(Content{Title: "next"})
	if want := "TH0006"; next.Number != want {
		t.failf("the next number, opened again, after 5 were drawn and one of them purged: wanted %s, got %s", want, next.Number)
	}
	if o := again.found("two"); o.Number != "OT002" {
		t.failf("the next number of a sequence without gaps, opened again: wanted OT002, got %s", o.Number)
	}
	again.kept(again.do(a, Hold{}), "an action on a record from before")
	again.kept(next, "a new record")
	late, _ := again.since(position)
	if len(late) != 6 {
		t.failf("Since behind a position from before, after 3 new events: wanted 6, got %d", len(late))
	}
}

func durableErased(t *trial) {
	a, b := t.create(Content{Title: "secretword"}), t.create(Content{Title: "goneword"}, itsm.IdempotencyKey("gone"))
	c := t.create(Content{Title: "keyed"}, itsm.IdempotencyKey("forgotten"))
	_, err := t.things.Redact(t.ctx, a.ID, itsm.Redaction{Paths: []string{"content.title"}, Reason: "asked for"})
	t.ok(err, "Redact")
	t.ok(t.h.Things.Erase(t.base, scope, itsm.Erasure[Thing]{Of: b.Ref("thing"), Version: 1}), "Erase")
	t.ok(t.h.Things.Erase(t.base, scope, itsm.Erasure[Thing]{Keys: t.now()}), "Erase of keys")
	before := t.picture()
	again, end := t.reopened()
	defer end()
	again.absent("secretword", "opened again after a redaction")
	again.absent("goneword", "opened again after a purge")
	again.same(before, again.picture(), "all that the store holds, opened again")
	for _, key := range []string{"gone", "forgotten"} {
		_, err := again.h.Things.ByKey(again.base, scope, "thing", key)
		t.refused(err, itsm.ErrNotFound, "ByKey of the key %s, opened again", key)
	}
	again.same([]string{}, titles(again.all(scope, itsm.Query[Thing]{}.Matching("secretword"), 5)), "Find by a word that was redacted, opened again")
	again.kept(c, "opened again")
}
