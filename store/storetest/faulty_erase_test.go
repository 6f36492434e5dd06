package storetest_test

import (
	"context"
	"errors"
	"slices"

	"github.com/itsmkit/itsm"
)

func eraseFaults() []fault {
	return slices.Concat(erasureFaults(), adoptFaults(), cancelFaults(), durableFaults())
}

func erasureFaults() []fault {
	return []fault{
		{"redaction leaves old value", "erase/redact", func(w *wrapped) {
			w.things.erase = func(ctx context.Context, in itsm.Scope, e itsm.Erasure[thing]) error {
				if e.Record != nil {
					old, err := w.inner().History(ctx, in, e.Of, itsm.PageRequest{Limit: 1})
					if err != nil {
						return err
					}
					e.Events = append(old.Items, e.Events[1:]...)
				}
				return w.inner().Erase(ctx, in, e)
			}
		}},
		{"redaction leaves the event under its key", "erase/redact", func(w *wrapped) {
			kept := map[string]itsm.Event{}
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				kept[c[0].Event.Key] = c[0].Event
				return w.inner().Save(ctx, in, c...)
			}
			w.things.byKey = func(ctx context.Context, in itsm.Scope, kind, key string) (itsm.Event, error) {
				e, err := w.inner().ByKey(ctx, in, kind, key)
				if old, ok := kept[key]; ok && err == nil {
					e = old
				}
				return e, err
			}
		}},
		{"redaction leaves old entries", "erase/redact", func(w *wrapped) { w.leavesOldEntries() }},
		{"redacted events take new places", "erase/order", func(w *wrapped) {
			var moved itsm.Ref
			w.things.erase = func(ctx context.Context, in itsm.Scope, e itsm.Erasure[thing]) error {
				moved = e.Of
				return w.inner().Erase(ctx, in, e)
			}
			w.things.since = func(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
				events, next, err := w.inner().Since(ctx, after, limit, kinds...)
				rank := func(e itsm.Event) int {
					if e.Subject == moved {
						return 1
					}
					return 0
				}
				slices.SortStableFunc(events, func(a, b itsm.Event) int { return rank(a) - rank(b) })
				return events, next, err
			}
		}},
		{"stale erasure accepted", "erase/stale", func(w *wrapped) {
			w.things.erase = func(ctx context.Context, in itsm.Scope, e itsm.Erasure[thing]) error {
				err := w.inner().Erase(ctx, in, e)
				var conflict *itsm.ConflictError
				if errors.As(err, &conflict) && conflict.Stored > 0 {
					e.Version = conflict.Stored
					return w.inner().Erase(ctx, in, e)
				}
				return err
			}
		}},
		{"purge leaves the history", "erase/purge", func(w *wrapped) {
			gone := map[itsm.Ref][]itsm.Event{}
			w.things.erase = func(ctx context.Context, in itsm.Scope, e itsm.Erasure[thing]) error {
				page, err := w.inner().History(ctx, in, e.Of, itsm.PageRequest{})
				if err != nil {
					return err
				}
				gone[e.Of] = page.Items
				return w.inner().Erase(ctx, in, e)
			}
			w.things.history = func(ctx context.Context, in itsm.Scope, of itsm.Ref, p itsm.PageRequest) (itsm.Page[itsm.Event], error) {
				if events, ok := gone[of]; ok {
					return itsm.Page[itsm.Event]{Items: events}, nil
				}
				return w.inner().History(ctx, in, of, p)
			}
		}},
		{"purge that does nothing", "erase/desk", func(w *wrapped) {
			w.things.erase = func(ctx context.Context, in itsm.Scope, e itsm.Erasure[thing]) error {
				if e.Record == nil {
					return ctx.Err()
				}
				return w.inner().Erase(ctx, in, e)
			}
		}},
	}
}

func adoptFaults() []fault {
	return []fault{
		{"new index from new records", "adopt/index", func(w *wrapped) {
			before := map[itsm.ID]bool{}
			w.things.adopt = func(ctx context.Context, k *itsm.Kind[thing]) error {
				for _, rec := range w.whole("acme") {
					before[rec.ID] = true
				}
				return w.inner().Adopt(ctx, k)
			}
			w.finds(func(_ itsm.Scope, q itsm.Query[thing], _ itsm.PageRequest, page *itsm.Page[*thing]) {
				if len(q.Where) == 1 && q.Where[0].Index == "attributes.note" {
					page.Items = slices.DeleteFunc(page.Items, func(rec *thing) bool { return before[rec.ID] })
				}
			})
		}},
		{"index that comes back empty", "adopt/again", func(w *wrapped) {
			adopted, before := 0, map[itsm.ID]bool{}
			w.things.adopt = func(ctx context.Context, k *itsm.Kind[thing]) error {
				if adopted++; adopted == 2 {
					for _, rec := range w.whole("acme") {
						before[rec.ID] = true
					}
				}
				return w.inner().Adopt(ctx, k)
			}
			w.finds(func(_ itsm.Scope, q itsm.Query[thing], _ itsm.PageRequest, page *itsm.Page[*thing]) {
				if q.Order.Index == "attributes.note" {
					page.Items = slices.DeleteFunc(page.Items, func(rec *thing) bool { return before[rec.ID] })
				}
			})
		}},
		{"unique index adopted that does not hold", "adopt/unique", func(w *wrapped) {
			w.things.adopt = func(ctx context.Context, k *itsm.Kind[thing]) error {
				err := w.inner().Adopt(ctx, k)
				if errors.Is(err, itsm.ErrDuplicate) {
					return nil
				}
				return err
			}
		}},
		{"Adopt that does nothing", "adopt/drop", func(w *wrapped) {
			w.things.adopt = func(ctx context.Context, _ *itsm.Kind[thing]) error { return ctx.Err() }
		}},
	}
}

func cancelFaults() []fault {
	return []fault{
		{"cancelled context ignored", "cancel/each", func(w *wrapped) {
			w.things.get = func(ctx context.Context, in itsm.Scope, ids ...itsm.ID) ([]*thing, error) {
				return w.inner().Get(context.WithoutCancel(ctx), in, ids...)
			}
		}},
		{"cancelled write done", "cancel/each", func(w *wrapped) {
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				if err := w.inner().Save(context.WithoutCancel(ctx), in, c...); err != nil {
					return err
				}
				return ctx.Err()
			}
		}},
		{"cancelled transaction kept", "cancel/tx", func(w *wrapped) {
			w.inTx = func(ctx context.Context, fn func(context.Context) error) error {
				err := w.store.InTx(context.WithoutCancel(ctx), fn)
				if err == nil {
					err = ctx.Err()
				}
				return err
			}
		}},
	}
}

func durableFaults() []fault {
	return []fault{
		{"last event lost", "durable/all", func(w *wrapped) {
			w.again = func(w *wrapped) {
				w.logs(func(events []itsm.Event) []itsm.Event { return events[:max(0, len(events)-1)] })
			}
		}},
		{"keys kept in memory", "durable/goes_on", func(w *wrapped) {
			w.again = func(w *wrapped) {
				w.things.byKey = func(context.Context, itsm.Scope, string, string) (itsm.Event, error) {
					return itsm.Event{}, itsm.ErrNotFound
				}
			}
		}},
		{"sequence begins again", "durable/goes_on", func(w *wrapped) {
			w.again = func(w *wrapped) {
				w.renumbers(func(itsm.Scope, []itsm.Commit[thing], int) string { return "TH0001" })
			}
		}},
		{"redaction undone", "durable/erased", func(w *wrapped) {
			w.again = func(w *wrapped) {
				w.finds(func(_ itsm.Scope, _ itsm.Query[thing], _ itsm.PageRequest, page *itsm.Page[*thing]) {
					for i, rec := range page.Items {
						if rec.Content.Title == itsm.Redacted {
							old := *rec
							old.Content.Title = "secretword"
							page.Items[i] = &old
						}
					}
				})
			}
		}},
	}
}
