package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"

	"github.com/itsmkit/itsm"
)

func isolationChecks() []Check {
	return []Check{
		check("isolation/skew", "Two transactions that read the same records and write different ones come out as if one had run after the other. "+
			"A store fails whose transactions are snapshots (write skew): both of two people on call go off duty.", isolationSkew),
		check("isolation/phantom", "A transaction that counts records and adds one comes out as if it had run alone. "+
			"A store fails that guards the records it has read, but not those that come new.", isolationPhantom),
		check("isolation/together", "What one Save or SaveAll stores is seen all at once, in a transaction and by one call of Get or Find. "+
			"A store fails whose readers see half of a write.", isolationTogether),
		check("isolation/undone", "Nobody sees what a transaction has written and undone. A store fails that reads uncommitted rows.", isolationUndone),
	}
}

// tried runs a transaction until it is not refused for a conflict.
func (t *trial) tried(fn func(context.Context) error) error {
	for range 1000 {
		if err := t.h.Transactor.InTx(t.ctx, fn); !errors.Is(err, itsm.ErrConflict) {
			return err
		}
	}
	return errors.New("InTx: a conflict a thousand times in turn")
}

func isolationSkew(t *trial) {
	for round := range 15 {
		group := fmt.Sprint("round ", round)
		pair := []Thing{t.create(Content{Title: "a", Group: group, Count: 1}), t.create(Content{Title: "b", Group: group, Count: 1})}
		t.parallel(2, func(i int) error {
			return t.tried(func(ctx context.Context) error {
				found, err := t.h.Things.Get(ctx, scope, pair[0].ID, pair[1].ID)
				if err != nil {
					return err
				}
				runtime.Gosched()
				if found[0].Content.Count+found[1].Content.Count < 2 {
					return nil // the other one has gone: somebody must stay
				}
				c := pair[i].Content
				c.Count = 0
				_, err = t.things.Do(ctx, pair[i].ID, Put{c})
				return err
			})
		})
		page, err := t.h.Things.Find(t.base, scope, itsm.Where(byGroup().Is(group)).Sorted(byCount().Asc()), itsm.PageRequest{})
		t.ok(err, "Find")
		if n := page.Items[0].Content.Count + page.Items[1].Content.Count; n != 1 {
			t.failf("two transactions, each of which goes off if both are on: wanted 1 to be left on, got %d", n)
		}
	}
}

func isolationPhantom(t *trial) {
	for round := range 4 {
		group := fmt.Sprint("round ", round)
		q := itsm.Where(byGroup().Is(group))
		t.parallel(8, func(i int) error {
			return t.tried(func(ctx context.Context) error {
				counts, err := t.h.Things.Count(ctx, scope, q)
				if err != nil || counts.Total >= 3 {
					return err
				}
				runtime.Gosched()
				_, err = t.things.Open(ctx, Create{Content: Content{Title: fmt.Sprint(i), Group: group}})
				return err
			})
		})
		if n := len(t.all(scope, q, 100)); n != 3 {
			t.failf("8 transactions, each of which adds one if there are fewer than 3: wanted 3, got %d", n)
		}
	}
}

func isolationTogether(t *trial) {
	a, b := t.draft(acme, Content{Title: "a", Group: "g", Count: 50}), t.draft(acme, Content{Title: "b", Group: "g", Count: 50})
	t.saved(a, b)
	first, second := a.Record.ID, b.Record.ID
	var done atomic.Bool
	t.parallel(3, func(i int) error {
		if i == 0 {
			defer done.Store(true)
			for n := range 60 {
				a = t.next(a, Put{Content{Title: "a", Group: "g", Count: 50 + n}})
				b = t.next(b, Put{Content{Title: "b", Group: "g", Count: 50 - n}})
				if err := t.h.Saver.SaveAll(t.base, scope, []itsm.Write{write(a), write(b)}); err != nil {
					return err
				}
			}
			return nil
		}
		for !done.Load() {
			found, err := t.h.Things.Get(t.base, scope, first, second)
			if err == nil && i == 1 {
				err = t.tried(func(ctx context.Context) error {
					one, err := t.h.Things.Get(ctx, scope, first)
					if err != nil {
						return err
					}
					page, err := t.h.Things.Find(ctx, scope, itsm.Where(byTitle().Is("b")), itsm.PageRequest{})
					if err == nil {
						found = []*Thing{one[0], page.Items[0]}
					}
					return err
				})
			} else if err == nil {
				var page itsm.Page[*Thing]
				if page, err = t.h.Things.Find(t.base, scope, itsm.Where(byGroup().Is("g")), itsm.PageRequest{}); err == nil {
					if sum := page.Items[0].Content.Count + page.Items[1].Content.Count; sum != 100 {
						return fmt.Errorf("a Find of two records whose sum is 100 in every version: got %d", sum)
					}
				}
			}
			if err != nil {
				return err
			}
			if sum := found[0].Content.Count + found[1].Content.Count; sum != 100 {
				return fmt.Errorf("two records whose sum is 100 in every version: got %d", sum)
			}
		}
		return nil
	})
}

func isolationUndone(t *trial) {
	rec := t.create(Content{Title: "a", Group: "before"})
	_, end := t.since("")
	var done atomic.Bool
	t.parallel(3, func(i int) error {
		if i == 0 {
			defer done.Store(true)
			for n := range 60 {
				err := t.tried(func(ctx context.Context) error {
					if err := t.work(ctx, rec, fmt.Sprint("undone", n)); err != nil {
						return err
					}
					runtime.Gosched()
					return errUndo
				})
				if !errors.Is(err, errUndo) {
					return fmt.Errorf("a InTx: wanted the error of the function, got %w", err)
				}
			}
			return nil
		}
		for !done.Load() {
			found, err := t.h.Things.Get(t.base, scope, rec.ID)
			if err != nil {
				return err
			}
			if d := Difference(rec, *found[0]); d != "" {
				return fmt.Errorf("a Get, while a transaction writes that is undone: %s", d)
			}
			counts, err := t.h.Things.Count(t.base, scope, itsm.Query[Thing]{})
			if err != nil {
				return err
			}
			if counts.Total != 1 {
				return fmt.Errorf("a Count, while a transaction writes that is undone: wanted 1, got %d", counts.Total)
			}
			events, _, err := t.h.Things.Since(t.base, end, 10)
			if err != nil {
				return err
			}
			if len(events) > 0 {
				return fmt.Errorf("a Since, while a transaction writes that is undone: got the event %s", events[0].ID())
			}
		}
		return nil
	})
	t.kept(rec, "after transactions that were undone")
}
