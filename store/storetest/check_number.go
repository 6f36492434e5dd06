package storetest

import (
	"context"
	"fmt"

	"github.com/itsmkit/itsm"
)

func numberChecks() []Check {
	return []Check{
		check("number/draw", "A commit that asks for a number gets one that nobody has, the first is 1, and it stands in the record and in the event. "+
			"A store fails that reads the greatest number and adds one, or sets it in the record alone.", numberDraw),
		check("number/taken", "A number that was imported is passed over. A store fails that draws it once more.", numberTaken),
		check("number/gaps", "Of a sequence without gaps no number is lost, whatever write fails, by a conflict, by a value that is taken, or in a transaction that is undone. "+
			"A store fails that draws numbers outside of the transaction that uses them.", numberGaps),
		check("number/several", "Several commits of one Save draw in their order, each its own number; each kind has its own sequence.", numberSeveral),
		check("number/kept", "A record keeps its number, and a number that was purged or changed is not drawn again while the store knows a greater one.", numberKept),
	}
}

func numberDraw(t *trial) {
	seen := map[string]bool{}
	for i := range 12 {
		rec := t.create(Content{Title: fmt.Sprint(i)})
		if i == 0 && rec.Number != "TH0001" {
			t.failf("the first number: wanted TH0001, got %q", rec.Number)
		}
		if seen[rec.Number] || rec.Number == "" || Things().Shape().Sequence().Parse(rec.Number) == 0 {
			t.failf("the number of record %d: wanted a new one of the sequence TH, got %q", i, rec.Number)
		}
		seen[rec.Number] = true
		t.kept(rec, "with a number")
		if e := t.history(acme, rec.Ref("thing"))[0]; e.Number != rec.Number {
			t.failf("the number of the event: wanted %s, got %q", rec.Number, e.Number)
		}
		t.same([]*Thing{&rec}, t.all(scope, itsm.Where(itsm.ByNumber[Thing]().Is(rec.Number)), 5), "Find by number")
	}
	c := drawn(t.draft(acme, Content{Title: "direct"}))
	t.saved(c)
	if c.Record.Number == "" || seen[c.Record.Number] {
		t.failf("Save with Draw: wanted a new number in the record that was given, got %q", c.Record.Number)
	}
	t.kept(*t.get(acme, c.Record.ID), "with a number drawn by Save")
	if got := t.get(acme, c.Record.ID); got.Number != c.Record.Number {
		t.failf("Save with Draw: the record that was given has the number %s, the stored one %s", c.Record.Number, got.Number)
	}
}

func numberTaken(t *trial) {
	for _, number := range []string{"TH0002", "TH0003", "TH0005", "TH00010", "XX0001"} {
		t.open(acme, Create{}, itsm.Numbered(number))
	}
	seen := map[string]bool{"TH0002": true, "TH0003": true, "TH0005": true, "TH00010": true, "XX0001": true}
	for range 12 {
		rec := t.create(Content{Title: "t"})
		if seen[rec.Number] {
			t.failf("a number was drawn that is taken: %s", rec.Number)
		}
		seen[rec.Number] = true
	}
}

func numberGaps(t *trial) {
	next := 0
	drawn := func(when string) {
		next++
		o := t.found(fmt.Sprint("n", next))
		if want := fmt.Sprintf("OT%03d", next); o.Number != want {
			t.failf("the number %s: wanted %s, got %s", when, want, o.Number)
		}
	}
	drawn("at the beginning")
	drawn("of the second record")
	_, err := t.others.Open(t.ctx, Found{"n1"})
	t.refused(err, itsm.ErrDuplicate, "Open with a name that is taken")
	drawn("after a write that was refused for a value that is taken")
	w, _ := t.other("never")
	stale := t.draft(acme, Content{Title: "t"})
	t.saved(stale)
	t.refused(t.h.Saver.SaveAll(t.base, scope, []itsm.Write{w, write(stale)}), itsm.ErrConflict, "SaveAll with a stale commit")
	drawn("after several writes that were refused for a stale one")
	a, _ := t.other("a")
	b, _ := t.other("a")
	t.refused(t.h.Saver.SaveAll(t.base, scope, []itsm.Write{a, b}), itsm.ErrDuplicate, "SaveAll of one name twice")
	drawn("after several writes that were refused for each other")
	err = t.h.Transactor.InTx(t.ctx, func(ctx context.Context) error {
		if _, err := t.others.Open(ctx, Found{"undone"}); err != nil {
			return err
		}
		return errUndo
	})
	t.refused(err, errUndo, "a transaction that is undone")
	drawn("after a transaction that was undone")
}

func numberSeveral(t *trial) {
	a, b, c := drawn(t.draft(acme, Content{Title: "a"})), t.draft(acme, Content{Title: "b"}), drawn(t.draft(acme, Content{Title: "c"}))
	t.saved(a, b, c)
	if a.Record.Number != "TH0001" || b.Record.Number != "" || c.Record.Number != "TH0002" {
		t.failf("three commits, the second without a draw: wanted TH0001, none and TH0002, got %q, %q and %q", a.Record.Number, b.Record.Number, c.Record.Number)
	}
	w1, _ := t.other("one")
	d := drawn(t.draft(acme, Content{Title: "d"}))
	w2, id := t.other("two")
	t.ok(t.h.Saver.SaveAll(t.base, scope, []itsm.Write{w1, write(d), w2}), "SaveAll")
	got, err := t.h.Others.Get(t.base, scope, id)
	t.ok(err, "Get")
	if got[0] == nil || got[0].Number != "OT002" {
		t.failf("the second of two others in one SaveAll: wanted the number OT002, got %+v", got[0])
	}
	if d.Record.Number != "TH0003" {
		t.failf("a thing between them: wanted the number TH0003, got %q", d.Record.Number)
	}
}

func numberKept(t *trial) {
	a, b := t.create(Content{Title: "a"}), t.create(Content{Title: "b"})
	for _, do := range []itsm.Action[Thing]{Put{Content{Title: "a2"}}, Finish{}, Reopen{}} {
		if a = t.do(a, do); a.Number != "TH0001" {
			t.failf("after %s: wanted the number TH0001, got %s", do.Name(), a.Number)
		}
	}
	t.ok(t.h.Things.Erase(t.base, scope, itsm.Erasure[Thing]{Of: a.Ref("thing"), Version: a.Version}), "Erase")
	if c := t.create(Content{Title: "c"}); c.Number == a.Number || c.Number == b.Number {
		t.failf("after a purge: the number %s was drawn again", c.Number)
	}
}
