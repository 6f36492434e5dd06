package storetest

import (
	"github.com/itsmkit/itsm"
)

func severalChecks() []Check {
	return []Check{
		check("several/kinds", "SaveAll stores records of several kinds at once, with their numbers and keys, their events in the order of the writes.", severalKinds),
		check("several/none", "Where one write of SaveAll is refused, none is stored. "+
			"A store fails that has a transaction for each kind.", severalNone),
		check("several/expect", "SaveAll stores only if the records that were read have the expected versions; version 0 expects that there is none. "+
			"A store fails that looks at the versions of what it writes alone.", severalExpect),
	}
}

func severalKinds(t *trial) {
	old := t.draft(acme, Content{Title: "old"})
	t.saved(old)
	_, end := t.since("")
	w1, id1 := t.other("one")
	a, b := drawn(keyed(t.draft(acme, Content{Title: "a", Code: "x"}), "k")), t.next(old, Put{Content{Title: "changed"}})
	w2, id2 := t.other("two")
	t.ok(t.h.Saver.SaveAll(t.base, scope, []itsm.Write{w1, write(a), w2, write(b)}), "SaveAll of two kinds")
	t.kept(*a.Record, "a new thing of SaveAll")
	t.kept(*b.Record, "a changed thing of SaveAll")
	got, err := t.h.Others.Get(t.base, scope, id2, id1)
	t.ok(err, "Get of others")
	if got[0] == nil || got[1] == nil || got[0].Name != "two" || got[0].Number != "OT002" || got[1].Number != "OT001" {
		t.failf("Get of the others of SaveAll: wanted two with OT002 and one with OT001, got %+v and %+v", got[0], got[1])
	}
	events, _ := t.since(end)
	var order []itsm.Ref
	for _, e := range events {
		order = append(order, e.Subject)
	}
	t.same([]itsm.Ref{{Kind: "other", ID: id1}, a.Event.Subject, {Kind: "other", ID: id2}, b.Event.Subject}, order, "the order of the events of SaveAll")
	e, err := t.h.Others.ByKey(t.base, scope, "thing", "k")
	t.ok(err, "ByKey")
	t.same(a.Event.Subject, e.Subject, "ByKey of a key of SaveAll")
}

func severalNone(t *trial) {
	old := t.draft(acme, Content{Title: "old", Code: "x"})
	t.saved(old)
	t.saved(keyed(t.draft(acme, Content{Title: "keyed"}), "k"))
	taken := t.found("taken")
	for what, bad := range map[string]func() itsm.Write{
		"a stale commit":          func() itsm.Write { return write(old) },
		"a code that is taken":    func() itsm.Write { return write(t.draft(acme, Content{Code: "x"})) },
		"a key that is taken":     func() itsm.Write { return write(keyed(t.draft(acme, Content{}), "k")) },
		"a name that is taken":    func() itsm.Write { w, _ := t.other(taken.Name); return w },
		"a kind that is not kept": func() itsm.Write { w := write(t.draft(acme, Content{})); w.Kind = "absent"; return w },
	} {
		t.unchanged("SaveAll with "+what, func() {
			for place := range 3 {
				w, _ := t.other("new")
				writes := []itsm.Write{w, write(drawn(keyed(t.draft(acme, Content{Title: "new"}), "new"))), write(t.next(old, Hold{}))}
				writes = append(writes[:place:place], append([]itsm.Write{bad()}, writes[place:]...)...)
				t.refused(t.h.Saver.SaveAll(t.base, scope, writes), nil, "SaveAll with %s at place %d", what, place)
			}
		})
	}
	o := t.found("after")
	t.same("OT002", o.Number, "the number after SaveAlls that were refused")
}

func severalExpect(t *trial) {
	read := t.draft(acme, Content{Title: "read"})
	t.saved(read)
	o := t.found("read")
	of, absent := read.Event.Subject, itsm.Ref{Kind: "thing", ID: itsm.NewID(t.now())}
	try := func(expect ...itsm.Expect) error {
		return t.h.Saver.SaveAll(t.base, scope, []itsm.Write{write(t.draft(acme, Content{Title: "new"}))}, expect...)
	}
	t.ok(try(itsm.Expect{Of: of, Version: 1}, itsm.Expect{Of: o.Ref("other"), Version: 1}, itsm.Expect{Of: absent}), "SaveAll with expectations that hold")
	t.unchanged("SaveAll with an expectation that does not hold", func() {
		t.conflict(try(itsm.Expect{Of: of, Version: 2}), of, 2, 1, "SaveAll that expects a later version")
		t.conflict(try(itsm.Expect{Of: of}), of, 0, 1, "SaveAll that expects no record")
		t.conflict(try(itsm.Expect{Of: absent, Version: 1}), absent, 1, 0, "SaveAll that expects a record that does not exist")
		t.conflict(try(itsm.Expect{Of: of, Version: 1}, itsm.Expect{Of: o.Ref("other"), Version: 7}), o.Ref("other"), 7, 1, "SaveAll whose second expectation does not hold")
		t.refused(t.h.Saver.SaveAll(t.base, scope, nil, itsm.Expect{Of: of, Version: 9}), itsm.ErrConflict, "SaveAll of nothing with an expectation that does not hold")
	})
	t.saved(t.next(read, Hold{}))
	t.unchanged("SaveAll that relied on what has changed since", func() {
		t.conflict(try(itsm.Expect{Of: of, Version: 1}), of, 1, 2, "SaveAll that relied on what has changed since")
	})
}
