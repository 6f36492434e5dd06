package itsm_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// errStore is the error of a store that is broken.
var errStore = errors.New("disk on fire")

// faulty is a repository that runs a hook before each call and, after it, another one: each may fail the call.
type faulty struct {
	itsm.Repository[Ticket]
	before func(call string) error
	after  func(call string) error
	calls  []string
}

func (f *faulty) call(name string, do func() error) error {
	f.calls = append(f.calls, name)
	if f.before != nil {
		if err := f.before(name); err != nil {
			return err
		}
	}
	err := do()
	if err == nil && f.after != nil {
		err = f.after(name)
	}
	return err
}

func (f *faulty) Get(ctx context.Context, in itsm.Scope, ids ...itsm.ID) (out []*Ticket, err error) {
	err = f.call("Get", func() (err error) { out, err = f.Repository.Get(ctx, in, ids...); return err })
	return out, err
}

func (f *faulty) Save(ctx context.Context, in itsm.Scope, c ...itsm.Commit[Ticket]) error {
	return f.call("Save", func() error { return f.Repository.Save(ctx, in, c...) })
}

func (f *faulty) Find(ctx context.Context, in itsm.Scope, q itsm.Query[Ticket], p itsm.PageRequest) (out itsm.Page[*Ticket], err error) {
	err = f.call("Find", func() (err error) { out, err = f.Repository.Find(ctx, in, q, p); return err })
	return out, err
}

func (f *faulty) Count(ctx context.Context, in itsm.Scope, q itsm.Query[Ticket], by ...itsm.IndexName) (out itsm.Counts, err error) {
	err = f.call("Count", func() (err error) { out, err = f.Repository.Count(ctx, in, q, by...); return err })
	return out, err
}

func (f *faulty) Erase(ctx context.Context, in itsm.Scope, e itsm.Erasure[Ticket]) error {
	return f.call("Erase", func() error { return f.Repository.Erase(ctx, in, e) })
}

func (f *faulty) Adopt(ctx context.Context, k *itsm.Kind[Ticket]) error {
	return f.call("Adopt", func() error { return f.Repository.Adopt(ctx, k) })
}

func (f *faulty) History(ctx context.Context, in itsm.Scope, of itsm.Ref, p itsm.PageRequest) (out itsm.Page[itsm.Event], err error) {
	err = f.call("History", func() (err error) { out, err = f.Repository.History(ctx, in, of, p); return err })
	return out, err
}

func (f *faulty) ByKey(ctx context.Context, in itsm.Scope, kind, key string) (out itsm.Event, err error) {
	err = f.call("ByKey", func() (err error) { out, err = f.Repository.ByKey(ctx, in, kind, key); return err })
	return out, err
}

// bench is a desk for tickets on a memory store, with a clock that a test moves.
type bench struct {
	*itsm.Desk[Ticket]
	store *memory.Store
	repo  *faulty
	clock *watch
}

const everything = itsm.AllowAll | itsm.AllowBackdate | itsm.AllowOnBehalf | itsm.AllowImport | itsm.AllowRedact | itsm.AllowPurge

// newBench returns a desk under a policy; more changes its configuration.
func newBench(t require.TestingT, p itsm.Policy, more ...func(*itsm.Config[Ticket])) *bench {
	k, s := ticketKind(t), memory.New()
	return benchOn(t, k, s, p, more...)
}

func benchOn(t require.TestingT, k *itsm.Kind[Ticket], s *memory.Store, p itsm.Policy, more ...func(*itsm.Config[Ticket])) *bench {
	b := &bench{store: s, repo: &faulty{Repository: memory.For(s, k)}, clock: &watch{now: noon}}
	c := itsm.Config[Ticket]{Repository: b.repo, Policy: p, Clock: b.clock.time}
	for _, m := range more {
		m(&c)
	}
	var err error
	b.Desk, err = itsm.NewDesk(k, c)
	require.NoError(t, err)
	return b
}

// raise opens a ticket.
func (b *bench) raise(t require.TestingT, a Raise, opts ...itsm.DoOption) Ticket {
	if a.Title == "" {
		a.Title = "t"
	}
	rec, err := b.Open(ann(), a, opts...)
	require.NoError(t, err)
	return rec
}

// stored returns a record and its events as the store has them, and holds that they agree.
func (b *bench) stored(t require.TestingT, tenant string, id itsm.ID) (Ticket, []itsm.Event) {
	in := itsm.Scope{Tenant: tenant}
	found, err := b.repo.Repository.Get(context.Background(), in, id)
	require.NoError(t, err)
	page, err := b.repo.Repository.History(context.Background(), in, itsm.Ref{Kind: "ticket", ID: id}, itsm.PageRequest{Limit: itsm.MaxPage})
	require.NoError(t, err)
	if found[0] == nil {
		require.Empty(t, page.Items, "events without a record")
		return Ticket{}, nil
	}
	again, err := b.Kind().Replay(page.Items, time.Time{})
	require.NoError(t, err)
	require.Equal(t, *found[0], again, "the record and its events do not agree")
	return again, page.Items
}

// events returns the number of events in the whole store.
func (b *bench) events(t require.TestingT) int {
	all, _, err := b.store.Since(context.Background(), "", 1_000_000)
	require.NoError(t, err)
	return len(all)
}

// failAt fails the n-th call, from 0.
func (f *faulty) failAt(n int, err error) {
	f.calls, f.after = nil, nil
	f.before = func(string) error {
		if len(f.calls) == n+1 {
			return err
		}
		return nil
	}
}

func (f *faulty) heal() { f.before, f.after, f.calls = nil, nil, nil }

// everyCall names a call of the desk, and does it.
func (b *bench) everyCall(id itsm.ID) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Open": func(ctx context.Context) error { _, err := b.Open(ctx, Raise{Title: "t"}); return err },
		"Open with key": func(ctx context.Context) error {
			_, err := b.Open(ctx, Raise{Title: "t"}, itsm.IdempotencyKey("new"))
			return err
		},
		"Do": func(ctx context.Context) error { _, err := b.Do(ctx, id, Start{}); return err },
		"repeat a key": func(ctx context.Context) error {
			_, err := b.Open(ctx, Raise{Title: "t"}, itsm.IdempotencyKey("first"))
			return err
		},
		"Check": func(ctx context.Context) error { return b.Check(ctx, id, Start{}) },
		"Get":   func(ctx context.Context) error { _, err := b.Get(ctx, id); return err },
		"Find": func(ctx context.Context) error {
			_, err := b.Find(ctx, itsm.Query[Ticket]{}, itsm.PageRequest{})
			return err
		},
		"Count":      func(ctx context.Context) error { _, err := b.Count(ctx, itsm.Query[Ticket]{}, "state"); return err },
		"History":    func(ctx context.Context) error { _, err := b.History(ctx, id, itsm.PageRequest{}); return err },
		"AsOf":       func(ctx context.Context) error { _, err := b.AsOf(ctx, id, noon); return err },
		"AsRecorded": func(ctx context.Context) error { _, err := b.AsRecorded(ctx, id, noon); return err },
		"Redact": func(ctx context.Context) error {
			_, err := b.Redact(ctx, id, itsm.Redaction{Paths: []string{"title"}, Reason: "r"})
			return err
		},
		"Purge":      func(ctx context.Context) error { _, err := b.Purge(ctx, noon.AddDate(1, 0, 0), 0); return err },
		"ForgetKeys": func(ctx context.Context) error { return b.ForgetKeys(ctx, noon.AddDate(0, -1, 0)) },
		"Use":        func(ctx context.Context) error { return b.Use(ctx, b.Kind()) },
		"All": func(ctx context.Context) error {
			for _, err := range b.All(ctx, itsm.Query[Ticket]{}) {
				if err != nil {
					return err
				}
			}
			return nil
		},
		"Batch": func(ctx context.Context) error {
			batch := b.Batch()
			if _, err := batch.Open(ctx, Raise{Title: "t"}); err != nil {
				return err
			}
			if _, err := batch.Do(ctx, id, Start{}); err != nil {
				return err
			}
			return batch.Save(ctx)
		},
		"Options": func(ctx context.Context) error { _, err := b.JSON().Options(ctx, id); return err },
	}
}

// TestFaultyIsTested: the wrapper passes everything through, and fails what it is told to.
func TestFaultyIsTested(t *testing.T) {
	b := newBench(t, everything)
	rec := b.raise(t, Raise{})
	require.Equal(t, []string{"Save"}, b.repo.calls)
	b.repo.failAt(0, errStore)
	_, err := b.Get(ann(), rec.ID)
	require.ErrorIs(t, err, errStore)
	b.repo.heal()
	_, err = b.Get(ann(), rec.ID)
	require.NoError(t, err)
}
