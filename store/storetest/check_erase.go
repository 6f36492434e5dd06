package storetest

import (
	"encoding/json"
	"strings"

	"github.com/itsmkit/itsm"
)

func eraseChecks() []Check {
	return []Check{
		check("erase/redact", "A redaction replaces the record and all of its events; the old value is found nowhere any more: not in Get, Find, History, Since, ByKey, a count or the search words. "+
			"A store fails that keeps an old row, an old index entry or an old event.", eraseRedact),
		check("erase/order", "The events of a redacted record keep their places in the order of all events; the new one, which tells of it, takes the next.", eraseOrder),
		check("erase/stale", "An erasure whose version is not the stored one is a *ConflictError and changes nothing.", eraseStale),
		check("erase/purge", "An erasure without a record removes it with its events and keys, and from every index; positions behind its events stay good. "+
			"A store fails that leaves the history of what is gone.", erasePurge),
		check("erase/desk", "Redact and Purge of a desk work on the store: replay gives the redacted record, and only what is closed and old is purged.", eraseDesk),
	}
}

// absent ends the check where a word stands anywhere in what the store shows.
func (t *trial) absent(word, when string) {
	raw, err := json.Marshal(t.picture())
	t.ok(err, "writing the picture of the store")
	if i := strings.Index(string(raw), word); i >= 0 {
		t.failf("%s: wanted %q to be gone, got …%s…", when, word, raw[max(0, i-100):min(len(raw), i+100)])
	}
}

func eraseRedact(t *trial) {
	c := full("secretword")
	c.Body, c.Group, c.Tags = "the secretword is told", "secretword", []string{"open", "secretword"}
	rec := t.create(c, itsm.External("secretword"))
	beside := t.create(Content{Title: "secret beside", Group: "g", Tags: []string{"open"}})
	rec = t.do(rec, Put{Content{Title: "plain", Body: "secretword once more", Code: c.Code}}, itsm.Note("secretword told", false), itsm.IdempotencyKey("k"))
	rec = t.do(rec, Put{c})
	seen := *t.get(acme, rec.ID)
	got, err := t.things.Redact(t.ctx, rec.ID, itsm.Redaction{
		Paths: []string{"content.title", "content.body", "content.group", "content.tags", "content.code", "content.pause", "external"}, Notes: []int64{2}, Reason: "asked for",
	})
	t.ok(err, "Redact")
	t.absent("secretword", "after a redaction")
	t.same("secretword", seen.Content.Title, "a record that was read before")
	t.kept(got, "after a redaction")
	t.same(itsm.Redacted, got.Content.Title, "the title after a redaction")
	for what, q := range map[string]itsm.Query[Thing]{
		"title": itsm.Where(byTitle().Is("secretword")), "code": itsm.Where(byCode().Is(c.Code)), "group": itsm.Where(byGroup().Is("secretword")),
		"tag": itsm.Where(byTag().Is("secretword")), "external key": itsm.Where(itsm.ByExternal[Thing]().Is("secretword")), "word": itsm.Query[Thing]{}.Matching("secretword"),
	} {
		t.same([]string{}, titles(t.all(scope, q, 10)), "Find by the old %s", what)
	}
	t.same([]string{"secret beside"}, titles(t.all(scope, itsm.Query[Thing]{}.Matching("secret"), 10)), "Find by a word of another record")
	t.same([]string{itsm.Redacted}, titles(t.all(scope, itsm.Where(byTitle().Is(itsm.Redacted)), 10)), "Find by the marker")
	e, err := t.h.Things.ByKey(t.base, scope, "thing", "k")
	t.ok(err, "ByKey")
	t.same(itsm.Redacted, e.Note, "the note of the event by its key")
	if raw, _ := json.Marshal(e); strings.Contains(string(raw), "secretword") {
		t.failf("ByKey after a redaction: wanted the old value to be gone, got %s", raw)
	}
	counts, err := t.h.Things.Count(t.base, scope, itsm.Query[Thing]{}, "group", "tag")
	t.ok(err, "Count")
	if counts.Facet("group").Of("secretword")+counts.Facet("tag").Of("secretword") > 0 {
		t.failf("Count after a redaction: the old value is counted: %+v", counts.Facets)
	}
	second := t.create(Content{Title: "new", Code: c.Code})
	t.kept(second, "with the code that was redacted")
	second, err = t.things.Redact(t.ctx, second.ID, itsm.Redaction{Paths: []string{"content.code"}, Reason: "asked for"})
	t.ok(err, "Redact of a second record's code: the marker is no value of a unique index")
	t.kept(second, "after a redaction of a second record's code")
	t.kept(t.do(got, Hold{}), "an action after a redaction")
	t.kept(beside, "beside a redaction")
}

func eraseOrder(t *trial) {
	t.written()
	rec := *t.all(scope, itsm.Query[Thing]{}, 10)[1]
	before, middle := t.since("")
	_, err := t.things.Redact(t.ctx, rec.ID, itsm.Redaction{Paths: []string{"content.title"}, Reason: "asked for"})
	t.ok(err, "Redact")
	after, end := t.since("")
	redaction := itsm.Event{Subject: rec.Ref("thing"), Version: rec.Version + 1}
	t.same(append(identities(before), redaction.ID()), identities(after), "the order of all events after a redaction")
	late, next := t.since(middle)
	t.same([]string{redaction.ID()}, identities(late), "Since behind the position before a redaction")
	t.same(end, next, "the position behind a redaction")
	if e := after[len(after)-1]; e.Action != "redact" || e.Note != "asked for" {
		t.failf("the event that tells of a redaction: wanted the action redact and the reason, got %q and %q", e.Action, e.Note)
	}
}

func eraseStale(t *trial) {
	rec := t.create(Content{Title: "a"})
	rec = t.do(rec, Hold{})
	of := rec.Ref("thing")
	events := t.history(acme, of)
	old := clone(rec)
	old.Version, old.Content.Title = 2, itsm.Redacted
	t.unchanged("a stale erasure", func() {
		for _, version := range []int64{0, 1, 3} {
			t.conflict(t.h.Things.Erase(t.base, scope, itsm.Erasure[Thing]{Of: of, Version: version}), of, version, 2, "Erase of a version that is not stored")
		}
		err := t.h.Things.Erase(t.base, scope, itsm.Erasure[Thing]{Of: of, Version: 1, Record: &old, Events: events})
		t.conflict(err, of, 1, 2, "Erase, with a record, of a version that is not stored")
		absent := itsm.Ref{Kind: "thing", ID: itsm.NewID(t.now())}
		t.conflict(t.h.Things.Erase(t.base, scope, itsm.Erasure[Thing]{Of: absent, Version: 1}), absent, 1, 0, "Erase of what does not exist")
	})
}

func erasePurge(t *trial) {
	c := full("goneword")
	rec := t.open(acme, Create{Content: c, Attributes: attributes("serial", "1", "price", "7")}, itsm.External("ext"), itsm.IdempotencyKey("k"))
	_, first := t.since("")
	beside := t.create(Content{Title: "beside", Tags: []string{"a"}})
	rec = t.do(rec, itsm.Relate[Thing]{Type: "about", To: beside.Ref("thing")})
	rec = t.do(rec, Finish{})
	_, end := t.since("")
	t.ok(t.h.Things.Erase(t.base, scope, itsm.Erasure[Thing]{Of: rec.Ref("thing"), Version: rec.Version}), "Erase")
	t.absent("goneword", "after a purge")
	t.same((*Thing)(nil), t.get(acme, rec.ID), "Get of what was purged")
	if n := len(t.history(acme, rec.Ref("thing"))); n != 0 {
		t.failf("History of what was purged: wanted no event, got %d", n)
	}
	_, err := t.h.Things.ByKey(t.base, scope, "thing", "k")
	t.refused(err, itsm.ErrNotFound, "ByKey of what was purged")
	t.ok(everyIndex(Things(), []*Thing{&beside}, func(q itsm.Query[Thing], by ...itsm.IndexName) error {
		return asDefined(t.base, Things(), t.h.Things, scope, q, []*Thing{&beside}, 10, by...)
	}), "after a purge")
	t.same([]string{}, titles(t.all(scope, itsm.Where(byTag().Is("b")), 10)), "Find by a tag of what was purged")
	for what, after := range map[string]itsm.Position{"the beginning": "", "an event of it": first} {
		events, _ := t.since(after)
		t.same([]string{beside.Ref("thing").String() + "/1"}, identities(events), "Since behind %s, after a purge", what)
	}
	events, next, err := t.h.Things.Since(t.base, end, 5)
	t.ok(err, "Since behind the end")
	t.same([]string{}, identities(events), "Since behind the end, after a purge")
	again := t.open(acme, Create{Content: c, Attributes: attributes("serial", "1")}, itsm.External("ext"), itsm.IdempotencyKey("k"))
	t.kept(again, "with all the values of what was purged")
	events, _ = t.since(next)
	t.same([]string{again.Ref("thing").String() + "/1"}, identities(events), "Since of what came after a purge")
	t.conflict(t.h.Things.Erase(t.base, scope, itsm.Erasure[Thing]{Of: rec.Ref("thing"), Version: rec.Version}), rec.Ref("thing"), rec.Version, 0, "Erase of what was purged")
}

func eraseDesk(t *trial) {
	old, open := t.create(Content{Title: "old"}), t.create(Content{Title: "open"})
	old = t.do(old, Finish{})
	fresh := t.do(t.create(Content{Title: "fresh"}), Finish{})
	n, err := t.things.Purge(t.ctx, fresh.UpdatedAt, 0)
	t.ok(err, "Purge")
	if n != 1 {
		t.failf("Purge: wanted 1 record removed, got %d", n)
	}
	t.same((*Thing)(nil), t.get(acme, old.ID), "Get of what Purge removed")
	t.kept(open, "what is not closed")
	t.kept(fresh, "what was closed at the instant")
	got, err := t.things.Redact(t.ctx, open.ID, itsm.Redaction{Paths: []string{"content.title"}, Reason: "asked for"})
	t.ok(err, "Redact")
	t.kept(got, "after Redact of a desk")
}
