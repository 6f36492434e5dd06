package storetest

import (
	"errors"
	"fmt"

	"github.com/itsmkit/itsm"
)

func adoptChecks() []Check {
	return []Check{
		check("adopt/index", "After Adopt the indexes of the other declaration find the records that were there before and those that come; the old ones go on. "+
			"A store fails that builds a new index from new records alone.", adoptIndex),
		check("adopt/unique", "Adopt fails with a *DuplicateError, and changes nothing, where a new unique index does not hold; where it holds it is enforced.", adoptUnique),
		check("adopt/again", "An index that went and comes back finds what was there all the time, what has changed meanwhile and what is new. "+
			"A store fails that takes a record for indexed because it once was.", adoptAgain),
		check("adopt/drop", "An index that the other declaration does not have serves no query any more, and refuses no value.", adoptDrop),
	}
}

// with returns the kind of things with its note declared otherwise, and without some fields.
func (t *trial) with(note itsm.Field, without ...string) *itsm.Kind[Thing] {
	var fields []itsm.Field
	for _, f := range Things().Fields() {
		switch {
		case f.Key == "note":
			fields = append(fields, note)
		case len(without) == 0 || f.Key != without[0]:
			fields = append(fields, f)
		}
	}
	k, err := Things().WithFields(fields...)
	t.ok(err, "declaring the kind again")
	return k
}

func (t *trial) noted(note string) Thing {
	return t.open(acme, Create{Content: Content{Title: note, Group: "g"}, Attributes: attributes("note", fmt.Sprintf("%q", note))})
}

func adoptIndex(t *trial) {
	a := t.noted("b")
	t.noted("a")
	t.create(Content{Title: "none", Group: "g"})
	note := fieldNote()
	note.Indexed = true
	by := itsm.ByAttribute[Thing](note)
	_, err := t.h.Things.Find(t.base, scope, itsm.Where(by.Is([]byte(`"a"`))), itsm.PageRequest{})
	t.refused(err, itsm.ErrInvalid, "Find by an attribute without an index")
	t.ok(t.things.Use(t.ctx, t.with(note)), "Use of a kind with an index more")
	t.same([]string{"a"}, titles(t.all(scope, itsm.Where(by.Is([]byte(`"a"`))), 5)), "Find by the new index, of a record from before")
	t.noted("c")
	t.same([]string{"a", "b", "c"}, titles(t.all(scope, itsm.Query[Thing]{}.Sorted(by.Asc()), 2)), "the order of the new index")
	moved := t.do(a, itsm.SetAttributes[Thing]{Attributes: attributes("note", `"d"`)})
	t.same([]string{"a", "c", "b"}, titles(t.all(scope, itsm.Query[Thing]{}.Sorted(by.Asc()), 2)), "the order of the new index after a change")
	t.same([]string{"b", "a", "none", "c"}, titles(t.all(scope, itsm.Where(byGroup().Is("g")), 2)), "Find by an old index")
	counts, err := t.h.Things.Count(t.base, scope, itsm.Query[Thing]{}, note.Index())
	t.ok(err, "Count by the new index")
	t.same([]itsm.Bucket{{Value: "a", Count: 1}, {Value: "c", Count: 1}, {Value: "d", Count: 1}}, counts.Facet(note.Index()).Buckets, "Count by the new index")
	t.kept(moved, "after Adopt")
	t.ok(t.things.Use(t.ctx, Things()), "Use of the first kind again")
	t.kept(moved, "after Adopt of the first declaration")
}

func adoptUnique(t *trial) {
	a, b := t.noted("same"), t.noted("same")
	t.open(zeta, Create{Attributes: attributes("note", `"same"`)})
	note := fieldNote()
	note.Unique = true
	k := t.with(note)
	t.unchanged("Adopt of a unique index that does not hold", func() {
		err := t.things.Use(t.ctx, k)
		t.refused(err, itsm.ErrDuplicate, "Use of a kind with a unique index that does not hold")
		var d *itsm.DuplicateError
		if !errors.As(err, &d) || d.Index != note.Index() || d.Of.ID != a.ID && d.Of.ID != b.ID {
			t.failf("Use of a kind with a unique index that does not hold: wanted a *DuplicateError of %s and one of the two records, got: %w", note.Index(), err)
		}
	})
	_, err := t.h.Things.Find(t.base, scope, itsm.Where(itsm.ByAttribute[Thing](note).Is([]byte(`"same"`))), itsm.PageRequest{})
	t.refused(err, itsm.ErrInvalid, "Find by the index that was not adopted")
	t.noted("same")
	b = t.do(b, itsm.SetAttributes[Thing]{Attributes: attributes("note", `"other"`)})
	c := t.all(scope, itsm.Query[Thing]{}, 10)[2]
	t.do(*c, itsm.SetAttributes[Thing]{Attributes: attributes("note", `null`)})
	t.ok(t.things.Use(t.ctx, k), "Use, after the values differ")
	_, err = t.things.Open(t.ctx, Create{Attributes: attributes("note", `"same"`)})
	t.duplicate(err, note.Index(), "same", a.Ref("thing"), "Open with a value of the new unique index that is taken")
	t.kept(b, "after Adopt")
}

func adoptAgain(t *trial) {
	note := fieldNote()
	note.Unique = true
	by, with := itsm.ByAttribute[Thing](note), t.with(note)
	t.ok(t.things.Use(t.ctx, with), "Use of a kind with an index more")
	a, b := t.noted("a"), t.noted("b")
	t.ok(t.things.Use(t.ctx, Things()), "Use of a kind without it")
	t.do(b, itsm.SetAttributes[Thing]{Attributes: attributes("note", `"d"`)})
	t.noted("c")
	t.ok(t.things.Use(t.ctx, with), "Use of the index again")
	t.same([]string{"a", "c", "b"}, titles(t.all(scope, itsm.Query[Thing]{}.Sorted(by.Asc()), 2)), "the order of an index that came back")
	t.same([]string{"a"}, titles(t.all(scope, itsm.Where(by.Is([]byte(`"a"`))), 5)), "Find by an index that came back, of a record that was there all the time")
	_, err := t.things.Open(t.ctx, Create{Attributes: attributes("note", `"a"`)})
	t.duplicate(err, note.Index(), "a", a.Ref("thing"), "Open with a value of a unique index that came back")
}

func adoptDrop(t *trial) {
	serial := itsm.ByAttribute[Thing](fieldSerial())
	a := t.open(acme, Create{Content: Content{Title: "a"}, Attributes: attributes("serial", "1")})
	t.same([]string{"a"}, titles(t.all(scope, itsm.Where(serial.Is([]byte("1"))), 5)), "Find by an index that is there")
	t.ok(t.things.Use(t.ctx, t.with(fieldNote(), "serial")), "Use of a kind with an index less")
	_, err := t.h.Things.Find(t.base, scope, itsm.Where(serial.Is([]byte("1"))), itsm.PageRequest{})
	t.refused(err, itsm.ErrInvalid, "Find by an index that was dropped")
	t.kept(a, "with an attribute that is not declared any more")
	plain := itsm.Field{Key: "serial", Type: itsm.FieldNumber}
	fields := append(t.with(fieldNote(), "serial").Fields(), plain)
	k, err := Things().WithFields(fields...)
	t.ok(err, "declaring the kind again")
	t.ok(t.things.Use(t.ctx, k), "Use of a kind whose serial number is not unique")
	t.kept(t.open(acme, Create{Attributes: attributes("serial", "1")}), "a value that was unique before")
}
