package storetest

import (
	"strings"
	"time"

	"github.com/itsmkit/itsm"
)

func keyChecks() []Check {
	return []Check{
		check("key/found", "ByKey returns the event that was stored under a key of the kind and tenant, or an error matching ErrNotFound.", keyFound),
		check("key/taken", "A key that was used is refused with a *DuplicateError of the index \"key\", and nothing is stored. "+
			"A store fails without a unique index on the key in the same write: a repeated request is done twice.", keyTaken),
		check("key/exact", "Keys differ in every byte. A store fails that compares them without case.", keyExact),
		check("key/desk", "The same call with the same key gives the first result again; another call with that key is ErrConflict.", keyDesk),
		check("key/forget", "Erase with Keys forgets the keys of the tenant and kind that were recorded before the instant, and no others; the events stay.", keyForget),
	}
}

func keyFound(t *trial) {
	a := keyed(t.draft(acme, Content{Title: "a"}), "k1")
	b := keyed(t.next(a, Put{Content{Title: "b"}}), "k2")
	t.saved(a, b)
	for key, want := range map[string]itsm.Event{"k1": a.Event, "k2": b.Event} {
		got, err := t.h.Things.ByKey(t.base, scope, "thing", key)
		t.ok(err, "ByKey of %s", key)
		t.same(want, got, "ByKey of %s", key)
		got, err = t.h.Others.ByKey(t.base, scope, "thing", key)
		t.ok(err, "ByKey of %s by the repository of another kind", key)
		t.same(want, got, "ByKey of %s by the repository of another kind", key)
	}
	for what, x := range map[string]struct{ tenant, kind, key string }{
		"an unknown key": {acme, "thing", "k3"}, "another kind's": {acme, "other", "k1"}, "another tenant's": {zeta, "thing", "k1"}, "no key": {acme, "thing", ""},
	} {
		_, err := t.h.Things.ByKey(t.base, itsm.Scope{Tenant: x.tenant}, x.kind, x.key)
		t.refused(err, itsm.ErrNotFound, "ByKey of %s", what)
	}
}

func keyTaken(t *trial) {
	a := keyed(t.draft(acme, Content{Title: "a"}), "k")
	t.saved(a)
	b := t.draft(acme, Content{Title: "b"})
	t.saved(b)
	of := a.Event.Subject
	t.unchanged("a key that is taken", func() {
		t.duplicate(t.save(keyed(t.draft(acme, Content{Title: "c"}), "k")), "key", "k", of, "Save of a new record with a key that is taken")
		t.duplicate(t.save(keyed(t.next(a, Hold{}), "k")), "key", "k", of, "Save of the same record with its own key again")
		t.duplicate(t.save(keyed(t.next(b, Hold{}), "k")), "key", "k", of, "Save of another record with a key that is taken")
		c, d := keyed(t.draft(acme, Content{Title: "c"}), "new"), keyed(t.draft(acme, Content{Title: "d"}), "new")
		t.duplicate(t.save(c, d), "key", "new", c.Event.Subject, "Save of two commits with one key")
	})
	w, rec, err := t.others.Prepare(t.ctx, itsm.ID{}, Found{"o"}, itsm.IdempotencyKey("k"))
	t.ok(err, "prepare")
	t.ok(t.h.Saver.SaveAll(t.base, scope, []itsm.Write{w}), "SaveAll of another kind with the same key")
	e, err := t.h.Others.ByKey(t.base, scope, "other", "k")
	t.ok(err, "ByKey")
	t.same(rec.Ref("other"), e.Subject, "the record under a key that two kinds have")
}

func keyExact(t *trial) {
	keys := []string{"k", "K", "k ", " k", "\u00e4", "a\u0308", "%", "_", "k\t", "a/b", "'", "1", "01", strings.Repeat("x", 200)}
	for _, key := range keys {
		c := keyed(t.draft(acme, Content{Title: key}), key)
		t.saved(c)
		e, err := t.h.Things.ByKey(t.base, scope, "thing", key)
		t.ok(err, "ByKey of %q", key)
		t.same(c.Event.Subject, e.Subject, "the record under the key %q", key)
	}
	_, err := t.h.Things.ByKey(t.base, scope, "thing", "A/B")
	t.refused(err, itsm.ErrNotFound, "ByKey of A/B, where there is a/b")
}

func keyDesk(t *trial) {
	first := t.create(Content{Title: "a", Code: "x"}, itsm.IdempotencyKey("open"))
	again := t.create(Content{Title: "a", Code: "x"}, itsm.IdempotencyKey("open"))
	t.same(first, again, "the same call again")
	put := t.do(first, Put{Content{Title: "b"}}, itsm.IdempotencyKey("put"))
	t.do(put, Finish{})
	t.unchanged("calls that were done before", func() {
		t.same(put, t.do(first, Put{Content{Title: "b"}}, itsm.IdempotencyKey("put")), "the same call again, after others")
		_, err := t.things.Do(t.ctx, first.ID, Put{Content{Title: "c"}}, itsm.IdempotencyKey("put"))
		t.refused(err, itsm.ErrConflict, "another call with the same key")
	})
}

func keyForget(t *trial) {
	early := t.create(Content{Title: "early"}, itsm.IdempotencyKey("early"))
	_, err := t.others.Open(t.ctx, Found{"early"}, itsm.IdempotencyKey("early"))
	t.ok(err, "found")
	t.open(zeta, Create{}, itsm.IdempotencyKey("early"))
	first, _ := t.since("")
	edge := t.create(Content{Title: "edge"}, itsm.IdempotencyKey("edge"))
	at := t.history(acme, edge.Ref("thing"))[0].RecordedAt
	t.create(Content{Title: "late"}, itsm.IdempotencyKey("late"))
	erase := func(before time.Time) {
		t.ok(t.h.Things.Erase(t.base, scope, itsm.Erasure[Thing]{Keys: before}), "Erase of keys")
	}
	events, _ := t.since("")
	erase(first[0].RecordedAt)
	_, err = t.h.Things.ByKey(t.base, scope, "thing", "early")
	t.ok(err, "ByKey of a key that was recorded at the instant itself")
	erase(at)
	_, err = t.h.Things.ByKey(t.base, scope, "thing", "early")
	t.refused(err, itsm.ErrNotFound, "ByKey of a key that was forgotten")
	for what, x := range map[string]struct{ tenant, kind, key string }{
		"one recorded at the instant": {acme, "thing", "edge"}, "a later one": {acme, "thing", "late"},
		"another kind's": {acme, "other", "early"}, "another tenant's": {zeta, "thing", "early"},
	} {
		_, err := t.h.Things.ByKey(t.base, itsm.Scope{Tenant: x.tenant}, x.kind, x.key)
		t.ok(err, "ByKey of %s after others were forgotten", what)
	}
	t.kept(early, "after its key was forgotten")
	again, _ := t.since("")
	t.same(identities(events), identities(again), "the events after keys were forgotten")
	c := keyed(t.draft(acme, Content{Title: "again"}), "early")
	t.saved(c)
	e, err := t.h.Things.ByKey(t.base, scope, "thing", "early")
	t.ok(err, "ByKey")
	t.same(c.Event.Subject, e.Subject, "the record under a key that was forgotten and used again")
}
