package storetest_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/storetest"
)

func txFaults() []fault {
	return slices.Concat(severalFaults(), transactionFaults(), isolationFaults())
}

// oneByOne makes SaveAll a transaction for each write.
func (w *wrapped) oneByOne(between time.Duration) {
	w.saveAll = func(ctx context.Context, in itsm.Scope, writes []itsm.Write, expect ...itsm.Expect) error {
		for i := range writes {
			if err := w.store.SaveAll(ctx, in, writes[i:i+1], expect...); err != nil {
				return err
			}
			expect = nil
			time.Sleep(between)
		}
		return nil
	}
}

func severalFaults() []fault {
	return []fault{
		{"events of several writes turned round", "several/kinds", func(w *wrapped) {
			w.saveAll = func(ctx context.Context, in itsm.Scope, writes []itsm.Write, expect ...itsm.Expect) error {
				writes = slices.Clone(writes)
				slices.Reverse(writes)
				return w.store.SaveAll(ctx, in, writes, expect...)
			}
		}},
		{"partial SaveAll", "several/none", func(w *wrapped) { w.oneByOne(0) }},
		{"expectation ignored", "several/expect", func(w *wrapped) {
			w.saveAll = func(ctx context.Context, in itsm.Scope, writes []itsm.Write, _ ...itsm.Expect) error {
				return w.store.SaveAll(ctx, in, writes)
			}
		}},
		{"half of a write seen", "isolation/together", func(w *wrapped) { w.oneByOne(200 * time.Microsecond) }},
	}
}

// unmarked is a context that does not tell of the transaction in it.
type unmarked struct{ context.Context }

func (c unmarked) Value(key any) any {
	v := c.Context.Value(key)
	if v == true {
		return nil
	}
	return v
}

func transactionFaults() []fault {
	return []fault{
		{"transaction not committed", "tx/commit", func(w *wrapped) {
			w.inTx = func(ctx context.Context, fn func(context.Context) error) error {
				discard := errors.New("never committed")
				err := w.store.InTx(ctx, func(ctx context.Context) error {
					if err := fn(ctx); err != nil {
						return err
					}
					return discard
				})
				if errors.Is(err, discard) {
					return nil
				}
				return err
			}
		}},
		{"no rollback", "tx/rollback", func(w *wrapped) {
			w.inTx = func(ctx context.Context, fn func(context.Context) error) error { return fn(itsm.MarkTx(ctx)) }
		}},
		{"no rollback after a panic", "tx/panic", func(w *wrapped) {
			w.inTx = func(ctx context.Context, fn func(context.Context) error) error {
				var thrown any
				err := w.store.InTx(ctx, func(ctx context.Context) error {
					defer func() { thrown = recover() }()
					return fn(ctx)
				})
				if thrown != nil {
					panic(thrown)
				}
				return err
			}
		}},
		{"reads beside the transaction", "tx/sees", func(w *wrapped) {
			var before []*thing
			w.inTx = func(ctx context.Context, fn func(context.Context) error) error {
				before = w.whole("acme")
				return w.store.InTx(ctx, fn)
			}
			w.things.find = func(ctx context.Context, in itsm.Scope, q itsm.Query[thing], p itsm.PageRequest) (itsm.Page[*thing], error) {
				if !itsm.InTx(ctx) {
					return w.inner().Find(ctx, in, q, p)
				}
				var page itsm.Page[*thing]
				for _, rec := range before {
					if matched, err := storetest.Things().Match(in, q, rec); err == nil && matched {
						page.Items = append(page.Items, rec)
					}
				}
				return page, nil
			}
		}},
		{"transaction lost with the first error", "tx/refused", func(w *wrapped) {
			var lost error
			w.inTx = func(ctx context.Context, fn func(context.Context) error) error {
				lost = nil
				return w.store.InTx(ctx, fn)
			}
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				if lost != nil && itsm.InTx(ctx) {
					return errors.New("current transaction is aborted")
				}
				lost = w.inner().Save(ctx, in, c...)
				return lost
			}
		}},
		{"inner transaction not undone", "tx/nested", func(w *wrapped) {
			w.inTx = func(ctx context.Context, fn func(context.Context) error) error {
				if itsm.InTx(ctx) {
					return fn(ctx)
				}
				return w.store.InTx(ctx, fn)
			}
		}},
		{"transaction not marked", "tx/marked", func(w *wrapped) {
			w.inTx = func(ctx context.Context, fn func(context.Context) error) error {
				return w.store.InTx(ctx, func(ctx context.Context) error { return fn(unmarked{ctx}) })
			}
		}},
	}
}

// snapshots makes transactions read a snapshot and write at the end, if what they write has not changed since:
// what databases call snapshot isolation.
func (w *wrapped) snapshots() {
	type recorder struct{}
	undo := errors.New("undo")
	note := func(ctx context.Context, name string, rec any, e itsm.Event, draw itsm.Sequence) {
		if written, ok := ctx.Value(recorder{}).(*[]itsm.Write); ok {
			*written = append(*written, itsm.Write{Kind: name, Record: rec, Event: e, Draw: draw})
		}
	}
	w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
		for i := range c {
			note(ctx, "thing", c[i].Record, c[i].Event, c[i].Draw)
		}
		return w.inner().Save(ctx, in, c...)
	}
	w.inTx = func(ctx context.Context, fn func(context.Context) error) error {
		var written []itsm.Write
		err := w.store.InTx(context.WithValue(ctx, recorder{}, &written), func(ctx context.Context) error {
			if err := fn(ctx); err != nil {
				return err
			}
			return undo
		})
		if !errors.Is(err, undo) {
			return err
		}
		time.Sleep(3 * time.Millisecond) // others read the same snapshot meanwhile
		return w.store.SaveAll(ctx, itsm.Scope{Tenant: "acme"}, written)
	}
}

func isolationFaults() []fault {
	return []fault{
		{"write skew", "isolation/skew", (*wrapped).snapshots},
		{"phantom", "isolation/phantom", (*wrapped).snapshots},
		{"uncommitted rows read", "isolation/undone", func(w *wrapped) {
			var dirty atomic.Bool
			w.inTx = func(ctx context.Context, fn func(context.Context) error) error {
				dirty.Store(true)
				err := w.store.InTx(ctx, fn)
				time.Sleep(300 * time.Microsecond)
				dirty.Store(false)
				return err
			}
			w.things.get = func(ctx context.Context, in itsm.Scope, ids ...itsm.ID) ([]*thing, error) {
				found, err := w.inner().Get(ctx, in, ids...)
				if err == nil && dirty.Load() && !itsm.InTx(ctx) {
					rec := *found[0]
					rec.Content.Group = "not committed"
					found[0] = &rec
				}
				return found, err
			}
		}},
		{"late commit skipped by Since", "concurrent/since", (*wrapped).numbersEarly},
	}
}

// numbersEarly makes events visible a while after their position can be passed.
func (w *wrapped) numbersEarly() {
	late := map[itsm.Ref]int{}
	shown := func(of itsm.Ref, by int) {
		w.mu.Lock()
		defer w.mu.Unlock()
		late[of] += by
	}
	w.others.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[other]) error {
		shown(c[0].Event.Subject, 1)
		defer shown(c[0].Event.Subject, -1)
		err := w.others.Repository.Save(ctx, in, c...)
		time.Sleep(500 * time.Microsecond)
		return err
	}
	w.things.since = func(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
		events, next, err := w.inner().Since(ctx, after, limit, kinds...)
		w.mu.Lock()
		defer w.mu.Unlock()
		events = slices.DeleteFunc(events, func(e itsm.Event) bool { return late[e.Subject] > 0 })
		return events, next, err
	}
}
