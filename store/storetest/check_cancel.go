package storetest

import (
	"context"
	"errors"

	"github.com/itsmkit/itsm"
)

func cancelChecks() []Check {
	return []Check{
		check("cancel/each", "Each method returns the error of a cancelled context, and changes nothing. "+
			"A store fails that does not look at its context: work goes on for callers who have left.", cancelEach),
		check("cancel/tx", "A transaction whose context ends within it is undone.", cancelTx),
	}
}

func cancelEach(t *trial) {
	rec := t.draft(acme, Content{Title: "a"})
	t.saved(keyed(rec, "k"))
	ctx, cancel := context.WithCancel(t.ctx)
	cancel()
	of := rec.Event.Subject
	new := t.draft(acme, Content{Title: "b"})
	note := fieldNote()
	note.Indexed = true
	other := t.with(note)
	t.unchanged("a call with a cancelled context", func() {
		for _, call := range []struct {
			name string
			do   func() error
		}{
			{"Get", func() error { _, err := t.h.Things.Get(ctx, scope, of.ID); return err }},
			{"Save", func() error { return t.h.Things.Save(ctx, scope, new) }},
			{"Save of two", func() error { return t.h.Things.Save(ctx, scope, new, t.next(rec, Hold{})) }},
			{"Find", func() error {
				_, err := t.h.Things.Find(ctx, scope, itsm.Query[Thing]{}, itsm.PageRequest{})
				return err
			}},
			{"Count", func() error { _, err := t.h.Things.Count(ctx, scope, itsm.Query[Thing]{}); return err }},
			{"Erase", func() error { return t.h.Things.Erase(ctx, scope, itsm.Erasure[Thing]{Of: of, Version: 1}) }},
			{"Erase of keys", func() error { return t.h.Things.Erase(ctx, scope, itsm.Erasure[Thing]{Keys: t.now()}) }},
			{"Adopt", func() error { return t.h.Things.Adopt(ctx, other) }},
			{"History", func() error { _, err := t.h.Things.History(ctx, scope, of, itsm.PageRequest{}); return err }},
			{"Since", func() error { _, _, err := t.h.Things.Since(ctx, "", 10); return err }},
			{"ByKey", func() error { _, err := t.h.Things.ByKey(ctx, scope, "thing", "k"); return err }},
			{"SaveAll", func() error { return t.h.Saver.SaveAll(ctx, scope, []itsm.Write{write(new)}) }},
			{"InTx", func() error {
				return t.h.Transactor.InTx(ctx, func(context.Context) error { return errors.New("fn was run") })
			}},
		} {
			t.refused(call.do(), context.Canceled, "%s with a cancelled context", call.name)
		}
	})
	t.saved(new)
	t.kept(*new.Record, "after calls with a cancelled context")
}

func cancelTx(t *trial) {
	old := t.create(Content{Title: "old"})
	t.unchanged("a transaction whose context ends", func() {
		ctx, cancel := context.WithCancel(t.ctx)
		defer cancel()
		err := t.h.Transactor.InTx(ctx, func(ctx context.Context) error {
			if err := t.work(ctx, old, "lost"); err != nil {
				return err
			}
			cancel()
			_, err := t.h.Things.Get(ctx, scope, old.ID)
			t.refused(err, context.Canceled, "Get after the context ended")
			return nil
		})
		t.refused(err, context.Canceled, "InTx whose context ended within it")
	})
	t.ok(t.work(t.ctx, old, "after"), "work after a transaction whose context ended")
}
