package storetest

import (
	"context"
	"errors"
	"fmt"

	"github.com/itsmkit/itsm"
)

func txChecks() []Check {
	return []Check{
		check("tx/commit", "What happens in a transaction is there when InTx has returned nil, of all kinds, with events, numbers and keys.", txCommit),
		check("tx/rollback", "An error of fn undoes all that it did, and InTx returns it. "+
			"A store fails whose repositories do not take the transaction from the context: they write beside it.", txRollback),
		check("tx/panic", "A panic of fn undoes all that it did, and goes on.", txPanic),
		check("tx/sees", "Within a transaction every read sees what it has written. "+
			"A store fails that reads by another connection.", txSees),
		check("tx/refused", "A write that is refused within a transaction leaves nothing behind, and the transaction goes on. "+
			"A store fails whose transaction is lost with the first error of the database: it needs a savepoint for each write.", txRefused),
		check("tx/nested", "InTx within a transaction takes part in it: it sees what was written, an outer error undoes it too, and its own error undoes what it did itself.", txNested),
		check("tx/marked", "The context of a transaction is marked, so that a desk leaves the retry after a conflict to it.", txMarked),
	}
}

var errUndo = errors.New("undo this") // never written to

// work does a bit of everything: it opens, changes, relates, with keys and numbers, in both kinds.
func (t *trial) work(ctx context.Context, old Thing, name string) error {
	rec, err := t.things.Open(ctx, Create{Content: Content{Title: name, Code: name, Tags: []string{name}}}, itsm.IdempotencyKey(name))
	if err != nil {
		return err
	}
	if _, err = t.things.Do(ctx, rec.ID, Finish{}); err != nil {
		return err
	}
	if _, err = t.things.Do(ctx, old.ID, Put{Content{Title: old.Content.Title, Group: name}}); err != nil {
		return err
	}
	_, err = t.others.Open(ctx, Found{name})
	return err
}

// worked ends the check unless all of work is there, or nothing of it.
func (t *trial) worked(old Thing, name string, there bool) {
	n := 0
	if there {
		n = 1
	}
	for what, q := range map[string]itsm.Query[Thing]{
		"code": itsm.Where(byCode().Is(name)), "tag": itsm.Where(byTag().Is(name)), "group": itsm.Where(byGroup().Is(name)), "word": itsm.Query[Thing]{}.Matching(name),
	} {
		if got := len(t.all(scope, q, 10)); got != n {
			t.failf("Find by %s %s: wanted %d records, got %d", what, name, n, got)
		}
	}
	_, err := t.h.Things.ByKey(t.base, scope, "thing", name)
	if there {
		t.ok(err, "ByKey")
	} else {
		t.refused(err, itsm.ErrNotFound, "ByKey of %s", name)
	}
	now := t.get(acme, old.ID)
	t.same(old.Version+int64(n), now.Version, "the version of a record that was changed in the transaction")
	t.kept(*now, "after the transaction")
	page, err := t.h.Others.Find(t.base, scope, itsm.Where(byName().Is(name)), itsm.PageRequest{})
	t.ok(err, "Find of others")
	if len(page.Items) != n {
		t.failf("Find of others by name %s: wanted %d, got %d", name, n, len(page.Items))
	}
}

func txCommit(t *trial) {
	old := t.create(Content{Title: "old"})
	t.ok(t.h.Transactor.InTx(t.ctx, func(ctx context.Context) error { return t.work(ctx, old, "done") }), "InTx")
	t.worked(old, "done", true)
	events, _ := t.since("")
	if len(events) != 5 {
		t.failf("Since after a transaction: wanted 5 events, got %d", len(events))
	}
}

func txRollback(t *trial) {
	old := t.create(Content{Title: "old", Code: "old", Group: "before"})
	t.unchanged("a transaction that is undone", func() {
		for range 3 {
			err := t.h.Transactor.InTx(t.ctx, func(ctx context.Context) error {
				if err := t.work(ctx, old, "undone"); err != nil {
					return err
				}
				if err := t.h.Things.Erase(ctx, scope, itsm.Erasure[Thing]{Of: old.Ref("thing"), Version: 2}); err != nil {
					return err
				}
				return fmt.Errorf("wrapped: %w", errUndo)
			})
			t.refused(err, errUndo, "InTx of a function that fails")
		}
	})
	t.worked(old, "undone", false)
	t.same([]string{"old"}, titles(t.all(scope, itsm.Where(byGroup().Is("before")), 5)), "Find by the value from before")
	t.ok(t.work(t.ctx, old, "undone"), "the same work again, without a transaction")
	t.worked(old, "undone", true)
}

func txPanic(t *trial) {
	old := t.create(Content{Title: "old"})
	type thrown struct{}
	panicked := func() (p any) {
		defer func() { p = recover() }()
		_ = t.h.Transactor.InTx(t.ctx, func(ctx context.Context) error {
			if err := t.work(ctx, old, "undone"); err != nil {
				return err
			}
			panic(thrown{})
		})
		return nil
	}
	t.unchanged("a transaction that panics", func() {
		if p := panicked(); p != (thrown{}) {
			t.failf("a panic within a transaction: wanted it to go on, got %v", p)
		}
	})
	t.worked(old, "undone", false)
	t.ok(t.work(t.ctx, old, "after"), "work after a transaction that panicked")
}

func txSees(t *trial) {
	old := t.create(Content{Title: "old", Group: "g"})
	err := t.h.Transactor.InTx(t.ctx, func(ctx context.Context) error {
		inner := *t.inTx(ctx)
		if err := inner.work(ctx, old, "seen"); err != nil {
			return err
		}
		inner.worked(old, "seen", true)
		counts, err := inner.h.Things.Count(ctx, scope, itsm.Query[Thing]{}, "state")
		inner.ok(err, "Count within a transaction")
		inner.same([]itsm.Bucket{{Value: "done", Count: 1}, {Value: "open", Count: 1}}, counts.Facet("state").Buckets, "Count by state within a transaction")
		inner.same([]string{}, titles(inner.all(scope, itsm.Where(byGroup().Is("g")), 5)), "Find by the old value within a transaction")
		return nil
	})
	t.ok(err, "InTx")
}

// inTx returns the trial with the context of a transaction.
func (t *trial) inTx(ctx context.Context) *trial {
	return &trial{h: t.h, base: ctx, ctx: itsm.System(ctx, acme), things: t.things, others: t.others, clock: t.clock}
}

func txRefused(t *trial) {
	a := t.draft(acme, Content{Title: "a", Code: "a"})
	b := t.draft(acme, Content{Title: "b", Code: "b"})
	t.saved(a, b)
	err := t.h.Transactor.InTx(t.ctx, func(ctx context.Context) error {
		inner := t.inTx(ctx)
		inner.saved(t.next(a, Hold{}))
		inner.refused(inner.save(inner.draft(acme, Content{Title: "c"}), a), itsm.ErrConflict, "a stale Save within a transaction")
		inner.refused(inner.save(inner.draft(acme, Content{Title: "d"}), inner.draft(acme, Content{Code: "b"})), itsm.ErrDuplicate, "a Save of a taken code within a transaction")
		w, _ := inner.other("o")
		inner.refused(inner.h.Saver.SaveAll(ctx, scope, []itsm.Write{w}, itsm.Expect{Of: b.Event.Subject, Version: 5}), itsm.ErrConflict, "a SaveAll of a wrong expectation within a transaction")
		inner.saved(inner.next(b, Put{Content{Title: "b2", Code: "b"}}))
		return nil
	})
	t.ok(err, "InTx after writes that were refused")
	t.same([]string{"a", "b2"}, titles(t.all(scope, itsm.Query[Thing]{}, 10)), "Find after a transaction with writes that were refused")
	t.same(StateHeld, t.get(acme, a.Record.ID).State, "the state that was written before the refused ones")
	if o := t.found("o"); o.Number != "OT001" {
		t.failf("the number after a refused draw within a transaction: wanted OT001, got %s", o.Number)
	}
}

func txNested(t *trial) {
	a, b, c := t.create(Content{Title: "a"}), t.create(Content{Title: "b"}), t.create(Content{Title: "c"})
	err := t.h.Transactor.InTx(t.ctx, func(ctx context.Context) error {
		if err := t.work(ctx, a, "outer"); err != nil {
			return err
		}
		err := t.h.Transactor.InTx(ctx, func(ctx context.Context) error {
			t.inTx(ctx).worked(a, "outer", true)
			return t.work(ctx, b, "inner")
		})
		t.ok(err, "InTx within a transaction")
		t.inTx(ctx).worked(b, "inner", true)
		err = t.h.Transactor.InTx(ctx, func(ctx context.Context) error {
			if err := t.work(ctx, c, "failed"); err != nil {
				return err
			}
			return errUndo
		})
		t.refused(err, errUndo, "InTx within a transaction, of a function that fails")
		return nil
	})
	t.ok(err, "InTx")
	t.worked(a, "outer", true)
	t.worked(b, "inner", true)
	t.worked(c, "failed", false)
	t.unchanged("an outer transaction that fails", func() {
		err := t.h.Transactor.InTx(t.ctx, func(ctx context.Context) error {
			t.ok(t.h.Transactor.InTx(ctx, func(ctx context.Context) error { return t.work(ctx, c, "lost") }), "InTx within a transaction")
			return errUndo
		})
		t.refused(err, errUndo, "InTx")
	})
}

func txMarked(t *trial) {
	rec := t.create(Content{Title: "a"})
	if itsm.InTx(t.ctx) {
		t.failf("itsm.InTx: wanted false outside of a transaction")
	}
	tries := 0
	err := t.h.Transactor.InTx(t.ctx, func(ctx context.Context) error {
		if tries++; !itsm.InTx(ctx) {
			t.failf("itsm.InTx: wanted true for the context of a transaction: mark it with itsm.MarkTx")
		}
		if a, ok := itsm.ActorFrom(ctx); !ok || !a.IsSystem() {
			t.failf("the context of a transaction: wanted the values of the one that InTx got, the actor among them")
		}
		_, err := t.things.Do(ctx, rec.ID, Hold{})
		return err
	})
	t.ok(err, "InTx")
	if tries != 1 {
		t.failf("InTx without a conflict: wanted fn to run once, it ran %d times", tries)
	}
}
