package storetest

import (
	"errors"

	"github.com/itsmkit/itsm"
)

func saveChecks() []Check {
	return []Check{
		check("save/open", "A record and its event are stored together, and both can be read back at once. "+
			"A store fails that writes later, or only one of them.", saveOpen),
		check("save/get", "Get returns one item for each ID, in the order of the IDs, nil for one that does not exist, "+
			"and the same record again for an ID that is repeated. A store fails that hands on the rows of a query as they come.", saveGet),
		check("save/versions", "Each action makes the next version, with one event. "+
			"A store fails that keeps only the newest event, or mixes up the events of two records.", saveVersions),
		check("save/stale", "A commit is refused with a *ConflictError unless the stored version is the one before it. "+
			"A store fails that writes without a look at the version: the later of two writers overwrites the earlier.", saveStale),
		check("save/all", "The commits of one Save are stored all or none, and a refused one leaves nothing behind. "+
			"A store fails that stores them one by one.", saveAll),
		check("save/chain", "Several commits of one record in one Save are taken in their order, each against the version that the one before it made. "+
			"A store fails that reads all versions first.", saveChain),
		check("save/nothing", "A Save and a SaveAll of nothing succeed and change nothing.", saveNothing),
	}
}

func saveOpen(t *trial) {
	rec := t.create(Content{Title: "first"})
	t.kept(rec, "after Open")
	draft := t.draft(acme, Content{Title: "second"})
	t.saved(draft)
	t.kept(*draft.Record, "after Save")
	o := t.found("other")
	got, err := t.h.Others.Get(t.base, scope, o.ID)
	t.ok(err, "Get of an other")
	t.same([]*Other{&o}, got, "Get of an other")
}

func saveGet(t *trial) {
	a, b, c := t.create(Content{Title: "a"}), t.create(Content{Title: "b"}), t.create(Content{Title: "c"})
	absent := itsm.NewID(t.now())
	got, err := t.h.Things.Get(t.base, scope, c.ID, absent, a.ID, c.ID, itsm.ID{}, b.ID)
	t.ok(err, "Get")
	t.same([]*Thing{&c, nil, &a, &c, nil, &b}, got, "Get of c, an absent one, a, c, the zero ID, b")
	got, err = t.h.Things.Get(t.base, scope)
	t.ok(err, "Get of no ID")
	if len(got) != 0 {
		t.failf("Get of no ID: wanted no item, got %d", len(got))
	}
	other := t.found("other")
	got, err = t.h.Things.Get(t.base, scope, other.ID)
	t.ok(err, "Get of another kind's ID")
	t.same([]*Thing{nil}, got, "Get of another kind's ID")
}

func saveVersions(t *trial) {
	a, b := t.create(Content{Title: "a"}), t.create(Content{Title: "b"})
	for _, do := range []itsm.Action[Thing]{
		Put{Content{Title: "a2", Count: 2}}, Hold{}, itsm.Comment[Thing]{Text: "waiting"}, Release{},
		itsm.Relate[Thing]{Type: "about", To: b.Ref("thing")}, Finish{}, Reopen{}, Put{Content{}},
	} {
		a = t.do(a, do)
		t.kept(a, "after "+do.Name())
	}
	if a.Version != 9 || a.Revision != 9 {
		t.failf("after 9 actions: wanted version and revision 9, got %d and %d", a.Version, a.Revision)
	}
	t.kept(b, "of the record next to it")
}

// conflict ends the check where err is not a *ConflictError about a record.
func (t *trial) conflict(err error, of itsm.Ref, expected, stored int64, doing string) {
	t.refused(err, itsm.ErrConflict, "%s", doing)
	var c *itsm.ConflictError
	if !errors.As(err, &c) {
		t.failf("%s: wanted a *ConflictError, got %T: %w", doing, err, err)
	}
	t.same(itsm.ConflictError{Of: of, Expected: expected, Stored: stored}, *c, "%s: the *ConflictError", doing)
}

func saveStale(t *trial) {
	one := t.draft(acme, Content{Title: "one", Code: "x"})
	two := t.next(one, Put{Content{Title: "two", Code: "x"}})
	rival := t.next(one, Put{Content{Title: "rival", Code: "x"}})
	three := t.next(two, Hold{})
	four := t.next(three, Release{})
	of := one.Event.Subject
	t.unchanged("the second version of a record that does not exist", func() {
		t.conflict(t.save(two), of, 1, 0, "Save of version 2 where there is none")
	})
	t.saved(one)
	t.unchanged("opening a record twice", func() {
		t.conflict(t.save(one), of, 0, 1, "Save of version 1 again")
	})
	t.saved(two)
	t.unchanged("a stale commit", func() {
		t.conflict(t.save(rival), of, 1, 2, "Save of version 2 by a second writer")
		t.conflict(t.save(two), of, 1, 2, "Save of version 2 again")
		t.conflict(t.save(one), of, 0, 2, "Save of version 1 over version 2")
		t.conflict(t.save(four), of, 3, 2, "Save of version 4 over version 2")
		t.conflict(t.h.Saver.SaveAll(t.base, scope, []itsm.Write{write(rival)}), of, 1, 2, "SaveAll of version 2 by a second writer")
	})
	t.saved(three)
	t.kept(*three.Record, "after the refused commits")
}

func saveAll(t *trial) {
	old := t.draft(acme, Content{Title: "old"})
	t.saved(old)
	a, b := t.draft(acme, Content{Title: "a", Code: "a"}), t.draft(acme, Content{Title: "b", Code: "b"})
	changed := t.next(old, Put{Content{Title: "changed"}})
	t.unchanged("a Save whose last commit is stale", func() {
		c := drawn(keyed(t.draft(acme, Content{Title: "c", Code: "c"}), "k")) // a refused commit may keep the number
		t.refused(t.save(c, changed, b, old), itsm.ErrConflict, "Save of four commits, the last one stale")
	})
	t.unchanged("a Save whose first commit is stale", func() {
		t.refused(t.save(old, a, b), itsm.ErrConflict, "Save of three commits, the first one stale")
	})
	t.saved(a, changed, b)
	for _, c := range []itsm.Commit[Thing]{a, changed, b} {
		t.kept(*c.Record, "after Save of three commits")
	}
	var order []itsm.Ref
	events, _ := t.since("")
	for _, e := range events {
		order = append(order, e.Subject)
	}
	t.same([]itsm.Ref{old.Event.Subject, a.Event.Subject, old.Event.Subject, b.Event.Subject}, order, "the order of the events of one Save")
}

func saveChain(t *trial) {
	one := t.draft(acme, Content{Title: "one", Code: "x", Tags: []string{"a"}})
	two := t.next(one, Put{Content{Title: "two", Code: "y", Tags: []string{"b"}}})
	three := t.next(two, Hold{})
	beside := t.draft(acme, Content{Title: "beside", Code: "x"}) // free again after two
	t.unchanged("a chain with a gap", func() {
		t.refused(t.save(one, three), itsm.ErrConflict, "Save of versions 1 and 3")
		t.refused(t.save(two, one), itsm.ErrConflict, "Save of versions 2 and 1")
	})
	t.saved(one, two, beside, three)
	t.kept(*three.Record, "after Save of three versions at once")
	t.kept(*beside.Record, "after Save between two versions of another")
	t.same([]string{"two"}, titles(t.all(scope, itsm.Where(byTag().Is("b")), 10)), "Find by the tag of the last version")
	t.same([]string{}, titles(t.all(scope, itsm.Where(byTag().Is("a")), 10)), "Find by the tag of the first version")
}

func saveNothing(t *trial) {
	t.create(Content{Title: "a"})
	t.unchanged("a Save of nothing", func() {
		t.ok(t.save(), "Save of no commit")
		t.ok(t.h.Saver.SaveAll(t.base, scope, nil), "SaveAll of no write")
	})
}
