package storetest_test

import (
	"context"
	"slices"

	"github.com/itsmkit/itsm"
)

func eventFaults() []fault {
	return []fault{
		{"event lost", "event/each", func(w *wrapped) {
			w.logs(func(events []itsm.Event) []itsm.Event {
				return slices.DeleteFunc(events, func(e itsm.Event) bool { return e.Action == "comment" })
			})
		}},
		{"event without record", "event/none", func(w *wrapped) {
			var ghosts []itsm.Event
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				err := w.inner().Save(ctx, in, c...)
				if err != nil {
					ghosts = append(ghosts, c[0].Event)
				}
				return err
			}
			w.things.since = func(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
				events, next, err := w.inner().Since(ctx, after, limit, kinds...)
				events, ghosts = append(events, ghosts...), nil
				return events, next, err
			}
		}},
		{"who stored it forgotten", "event/fields", func(w *wrapped) {
			w.logs(func(events []itsm.Event) []itsm.Event {
				for i := range events {
					events[i].RecordedBy = ""
				}
				return events
			})
		}},
		{"history newest first", "event/history", func(w *wrapped) {
			w.things.history = func(ctx context.Context, in itsm.Scope, of itsm.Ref, p itsm.PageRequest) (itsm.Page[itsm.Event], error) {
				page, err := w.inner().History(ctx, in, of, p)
				slices.Reverse(page.Items)
				return page, err
			}
		}},
		{"history with a last page of nothing", "event/history", func(w *wrapped) {
			w.things.history = func(ctx context.Context, in itsm.Scope, of itsm.Ref, p itsm.PageRequest) (itsm.Page[itsm.Event], error) {
				page, err := w.inner().History(ctx, in, of, p)
				if err == nil && page.Next == "" && len(page.Items) == p.Limit {
					page.Next = itsm.HistoryCursor(of, page.Items[p.Limit-1].Version)
				}
				return page, err
			}
		}},
		{"events by the time that they tell of", "event/since", func(w *wrapped) {
			w.things.since = func(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
				events, next, err := w.inner().Since(ctx, after, limit, kinds...)
				slices.SortStableFunc(events, func(a, b itsm.Event) int { return slices.Compare([]byte(a.Action), []byte(b.Action)) })
				return events, next, err
			}
		}},
		{"position at the last event that fits", "event/kinds", func(w *wrapped) {
			w.things.since = func(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
				events, next, err := w.inner().Since(ctx, after, limit, kinds...)
				switch {
				case err != nil || len(kinds) == 0:
				case len(events) == 0:
					next = after
				default:
					_, next, err = w.inner().Since(ctx, after, len(events), kinds...)
				}
				return events, next, err
			}
		}},
		{"position begins again at the end", "event/end", func(w *wrapped) {
			w.things.since = func(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
				events, next, err := w.inner().Since(ctx, after, limit, kinds...)
				if len(events) == 0 {
					next = ""
				}
				return events, next, err
			}
		}},
	}
}
