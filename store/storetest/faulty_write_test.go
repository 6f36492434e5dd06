package storetest_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/storetest"
)

// carryOver copies a store into an empty one, by an archive.
func carryOver(from, to *memory.Store) error {
	var kept bytes.Buffer
	if err := archive.Export(context.Background(), from, &kept); err != nil {
		return err
	}
	return archive.Import(context.Background(), to, &kept)
}

// saveFails makes every Save fail.
func (w *wrapped) saveFails(err error) {
	w.things.save = func(context.Context, itsm.Scope, ...itsm.Commit[thing]) error { return err }
}

// forced saves commits whatever the stored versions are.
func (w *wrapped) forced(ctx context.Context, in itsm.Scope, commits ...itsm.Commit[thing]) error {
	for _, c := range commits {
		for {
			found, err := w.inner().Get(ctx, in, c.Record.ID)
			if err != nil {
				return err
			}
			version := int64(0)
			if found[0] != nil {
				version = found[0].Version
			}
			late := rewritten(c, func(rec *thing) { rec.Version = version + 1 })
			late.Event.Version = version + 1
			if err = w.inner().Save(ctx, in, late); !errors.Is(err, itsm.ErrConflict) {
				if err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

func (w *wrapped) versions(ctx context.Context, in itsm.Scope, commits []itsm.Commit[thing]) error {
	for _, c := range commits {
		found, err := w.inner().Get(ctx, in, c.Record.ID)
		if err != nil {
			return err
		}
		stored := int64(0)
		if found[0] != nil {
			stored = found[0].Version
		}
		if stored != c.Record.Version-1 {
			return &itsm.ConflictError{Of: c.Event.Subject, Expected: c.Record.Version - 1, Stored: stored}
		}
	}
	return nil
}

func writeFaults() []fault {
	return []fault{
		{"record written behind the call", "save/open", func(w *wrapped) {
			seen := map[itsm.ID]bool{}
			w.things.get = func(ctx context.Context, in itsm.Scope, ids ...itsm.ID) ([]*thing, error) {
				found, err := w.inner().Get(ctx, in, ids...)
				for i := range found {
					if found[i] != nil && !seen[found[i].ID] {
						seen[found[i].ID], found[i] = true, nil
					}
				}
				return found, err
			}
		}},
		{"Get leaves out what is absent", "save/get", func(w *wrapped) {
			w.things.get = func(ctx context.Context, in itsm.Scope, ids ...itsm.ID) ([]*thing, error) {
				found, err := w.inner().Get(ctx, in, ids...)
				return slices.DeleteFunc(found, func(rec *thing) bool { return rec == nil }), err
			}
		}},
		{"Get in the order of a query", "save/get", func(w *wrapped) {
			w.things.get = func(ctx context.Context, in itsm.Scope, ids ...itsm.ID) ([]*thing, error) {
				ids = slices.SortedFunc(slices.Values(ids), func(a, b itsm.ID) int { return bytes.Compare(a[:], b[:]) })
				return w.inner().Get(ctx, in, ids...)
			}
		}},
		{"links forgotten", "save/versions", func(w *wrapped) { w.saves(func(rec *thing) { rec.Links = nil }) }},
		{"stale write accepted", "save/stale", func(w *wrapped) {
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				err := w.inner().Save(ctx, in, c...)
				if errors.Is(err, itsm.ErrConflict) {
					return w.forced(ctx, in, c...)
				}
				return err
			}
		}},
		{"stale write without a *ConflictError", "save/stale", func(w *wrapped) {
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				err := w.inner().Save(ctx, in, c...)
				if errors.Is(err, itsm.ErrConflict) {
					return itsm.ErrConflict
				}
				return err
			}
		}},
		{"partial Save", "save/all", func(w *wrapped) {
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				for i := range c {
					if err := w.inner().Save(ctx, in, c[i]); err != nil {
						return err
					}
				}
				return nil
			}
		}},
		{"versions read first", "save/chain", func(w *wrapped) {
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				if err := w.versions(ctx, in, c); err != nil {
					return err
				}
				return w.inner().Save(ctx, in, c...)
			}
		}},
		{"Save of nothing fails", "save/nothing", func(w *wrapped) {
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				if len(c) == 0 {
					return errors.New("syntax error at end of input")
				}
				return w.inner().Save(ctx, in, c...)
			}
		}},
		{"aliasing: record changed in place", "alias/record", func(w *wrapped) {
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				old, err := w.inner().Get(ctx, in, c[0].Record.ID)
				if err == nil {
					if err = w.inner().Save(ctx, in, c...); err == nil && old[0] != nil {
						*old[0] = *c[0].Record
					}
				}
				return err
			}
		}},
		{"aliasing: slice of commits kept", "alias/commits", func(w *wrapped) {
			var waiting []itsm.Commit[thing]
			flush := func() {
				for _, c := range waiting {
					if c.Record != nil {
						_ = w.inner().Save(context.Background(), itsm.Scope{Tenant: c.Record.Tenant}, c)
					}
				}
				waiting = nil
			}
			w.things.save = func(_ context.Context, _ itsm.Scope, c ...itsm.Commit[thing]) error {
				waiting = c
				return nil
			}
			w.things.get = func(ctx context.Context, in itsm.Scope, ids ...itsm.ID) ([]*thing, error) {
				flush()
				return w.inner().Get(ctx, in, ids...)
			}
		}},
		{"aliasing: events handed out", "alias/event", func(w *wrapped) {
			kept := map[string]itsm.Event{}
			w.logs(func(events []itsm.Event) []itsm.Event {
				for i, e := range events {
					if own, ok := kept[e.ID()]; ok {
						events[i] = own
					}
					kept[e.ID()] = events[i]
				}
				return events
			})
		}},
		{"aliasing: inner struct shared", "alias/desk", func(w *wrapped) {
			var last *storetest.Pause
			w.reads(func(rec *thing) { // a cache of structs that all readers share and one of them writes
				if rec.Content.Pause != nil {
					if last == nil {
						p := *rec.Content.Pause
						last = &p
					} else {
						last.Reason = "scribble"
					}
					rec.Content.Pause = last
				}
			})
		}},
		{"stale write under load", "concurrent/winner", func(w *wrapped) { w.checksThenWrites() }},
		{"lost update", "concurrent/hot", func(w *wrapped) {
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				time.Sleep(200 * time.Microsecond) // others read the same version meanwhile
				err := w.inner().Save(ctx, in, c...)
				if errors.Is(err, itsm.ErrConflict) {
					return nil
				}
				return err
			}
		}},
		{"record lost under load", "concurrent/many", func(w *wrapped) {
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				if !w.mu.TryLock() {
					return nil
				}
				defer w.mu.Unlock()
				time.Sleep(100 * time.Microsecond)
				return w.inner().Save(ctx, in, c...)
			}
		}},
		{"torn read", "concurrent/read", func(w *wrapped) {
			last := map[itsm.ID]*thing{}
			w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
				time.Sleep(300 * time.Microsecond) // readers come in between
				return w.inner().Save(ctx, in, c...)
			}
			w.things.get = func(ctx context.Context, in itsm.Scope, ids ...itsm.ID) ([]*thing, error) {
				found, err := w.inner().Get(ctx, in, ids...)
				w.mu.Lock()
				defer w.mu.Unlock()
				for i, rec := range found {
					if old := last[rec.ID]; old != nil && old.Version < rec.Version {
						torn := *rec
						torn.Content = old.Content
						found[i] = &torn
					}
					last[rec.ID] = rec
				}
				return found, err
			}
		}},
	}
}

// checksThenWrites makes Save look at the version first and write later.
func (w *wrapped) checksThenWrites() {
	w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
		if err := w.versions(ctx, in, c); err != nil {
			return err
		}
		time.Sleep(200 * time.Microsecond)
		return w.forced(ctx, in, c...)
	}
}
