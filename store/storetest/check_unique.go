package storetest

import (
	"errors"

	"github.com/itsmkit/itsm"
)

func uniqueChecks() []Check {
	return []Check{
		check("unique/taken", "A value of a unique index that another record of the tenant has is refused with a *DuplicateError, and nothing is stored. "+
			"A store fails without a unique index in the same write.", uniqueTaken),
		check("unique/exact", "Unique values differ in every byte; empty ones are none. "+
			"A store fails whose unique index ignores case, accents or blanks, or lets one record alone have no value.", uniqueExact),
		check("unique/free", "A value is free again as soon as its record has let go of it, within the same Save too.", uniqueFree),
		check("unique/standard", "Numbers, external keys and unique attributes are unique as well; 1.0 and 1.00 are the same number.", uniqueStandard),
	}
}

// duplicate ends the check where err is not a *DuplicateError of an index and a record.
func (t *trial) duplicate(err error, index itsm.IndexName, value string, of itsm.Ref, doing string) {
	t.refused(err, itsm.ErrDuplicate, "%s", doing)
	var d *itsm.DuplicateError
	if !errors.As(err, &d) {
		t.failf("%s: wanted a *DuplicateError, got %T: %w", doing, err, err)
	}
	want := itsm.DuplicateError{Index: index, Value: value, Of: of}
	if value == "" { // a value in the store's own form
		want.Value = d.Value
	}
	t.same(want, *d, "%s: the *DuplicateError", doing)
}

func uniqueTaken(t *trial) {
	a := t.draft(acme, Content{Title: "a", Code: "x"})
	b := t.draft(acme, Content{Title: "b", Code: "y"})
	t.saved(a, b)
	holder := a.Event.Subject
	t.unchanged("a value that is taken", func() {
		t.duplicate(t.save(t.draft(acme, Content{Title: "c", Code: "x"})), "code", "x", holder, "Save of a new record with a code that is taken")
		t.duplicate(t.save(t.next(b, Put{Content{Title: "b", Code: "x"}})), "code", "x", holder, "Save of a change to a code that is taken")
		c, d := t.draft(acme, Content{Title: "c", Code: "z"}), t.draft(acme, Content{Title: "d", Code: "z"})
		t.duplicate(t.save(c, d), "code", "z", c.Event.Subject, "Save of two new records with one code")
		t.duplicate(t.h.Saver.SaveAll(t.base, scope, []itsm.Write{write(c), write(t.draft(acme, Content{Code: "x"}))}), "code", "x", holder, "SaveAll with a code that is taken")
		_, err := t.things.Open(t.ctx, Create{Content: Content{Code: "y"}})
		t.duplicate(err, "code", "y", b.Event.Subject, "Open of a desk with a code that is taken")
	})
	again := t.next(a, Put{Content{Title: "a again", Code: "x"}})
	t.saved(again)
	t.kept(*again.Record, "a record that keeps its own code")
}

func uniqueExact(t *trial) {
	for _, code := range []string{"a", "A", "a ", " a", "\u00e4", "a\u0308", "\u00c4", "\u00df", "ss", "i", "I", "\u0131", "\u212a", "k", "K", "%", "_", "a\t", "1", "1.0", "01", "null"} {
		t.kept(t.create(Content{Title: "t", Code: code}), "a code that is unique")
	}
	for range 3 {
		t.kept(t.create(Content{Title: "t"}), "a record without a code, beside others")
	}
}

func uniqueFree(t *trial) {
	a, b := t.draft(acme, Content{Title: "a", Code: "x"}), t.draft(acme, Content{Title: "b", Code: "y"})
	t.saved(a, b)
	a2 := t.next(a, Put{Content{Title: "a", Code: "z"}})
	b2 := t.next(b, Put{Content{Title: "b", Code: "x"}})
	t.unchanged("taking a code before it is free", func() {
		t.refused(t.save(b2, a2), itsm.ErrDuplicate, "Save of the taking before the letting go")
	})
	t.saved(a2, b2)
	c := t.draft(acme, Content{Title: "c", Code: "y"})
	t.saved(c)
	t.duplicate(t.save(t.draft(acme, Content{Code: "x"})), "code", "x", b.Event.Subject, "Save with a code that moved to another record")
	t.ok(t.h.Things.Erase(t.base, scope, itsm.Erasure[Thing]{Of: c.Event.Subject, Version: 1}), "Erase")
	t.saved(t.draft(acme, Content{Title: "d", Code: "y"}))
	for _, rec := range []*Thing{a2.Record, b2.Record} {
		t.kept(*rec, "after codes moved")
	}
}

func uniqueStandard(t *trial) {
	a := t.open(acme, Create{Content: Content{Title: "a"}, Attributes: attributes("serial", "1.0")}, itsm.External("E"), itsm.Numbered("OLD-1"))
	of := a.Ref("thing")
	t.unchanged("a standard value that is taken", func() {
		_, err := t.things.Open(t.ctx, Create{}, itsm.External("E"))
		t.duplicate(err, itsm.IndexExternal, "E", of, "Open with an external key that is taken")
		_, err = t.things.Open(t.ctx, Create{}, itsm.Numbered("OLD-1"))
		t.duplicate(err, itsm.IndexNumber, "OLD-1", of, "Open with a number that is taken")
		_, err = t.things.Open(t.ctx, Create{Attributes: attributes("serial", "1.00")})
		t.duplicate(err, fieldSerial().Index(), "", of, "Open with a serial number that is taken")
	})
	t.kept(t.open(acme, Create{Attributes: attributes("serial", "1.01")}, itsm.External("e"), itsm.Numbered("old-1")), "values that differ")
	moved := t.do(a, itsm.SetAttributes[Thing]{Attributes: attributes("serial", "null")})
	t.kept(moved, "without its serial number")
	t.kept(t.open(acme, Create{Attributes: attributes("serial", "1")}), "the serial number that is free again")
}
