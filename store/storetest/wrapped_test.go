package storetest_test

import (
	"context"
	"errors"
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/storetest"
)

type (
	thing = storetest.Thing
	other = storetest.Other
)

// wrapped is a memory store whose methods a fault may replace one by one. Without a fault it is the memory store.
type wrapped struct {
	mu      sync.Mutex // for what a fault keeps
	store   *memory.Store
	things  methods[thing]
	others  methods[other]
	saveAll func(ctx context.Context, in itsm.Scope, w []itsm.Write, expect ...itsm.Expect) error
	inTx    func(ctx context.Context, fn func(context.Context) error) error
	again   func(*wrapped) // breaks the store that Reopen gives
}

// methods is a repository with some methods replaced.
type methods[T any] struct {
	itsm.Repository[T]
	get     func(ctx context.Context, in itsm.Scope, ids ...itsm.ID) ([]*T, error)
	save    func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[T]) error
	find    func(ctx context.Context, in itsm.Scope, q itsm.Query[T], p itsm.PageRequest) (itsm.Page[*T], error)
	count   func(ctx context.Context, in itsm.Scope, q itsm.Query[T], by ...itsm.IndexName) (itsm.Counts, error)
	erase   func(ctx context.Context, in itsm.Scope, e itsm.Erasure[T]) error
	adopt   func(ctx context.Context, k *itsm.Kind[T]) error
	history func(ctx context.Context, in itsm.Scope, of itsm.Ref, p itsm.PageRequest) (itsm.Page[itsm.Event], error)
	since   func(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error)
	byKey   func(ctx context.Context, in itsm.Scope, kind, key string) (itsm.Event, error)
}

func (m *methods[T]) Get(ctx context.Context, in itsm.Scope, ids ...itsm.ID) ([]*T, error) {
	if m.get != nil {
		return m.get(ctx, in, ids...)
	}
	return m.Repository.Get(ctx, in, ids...)
}

func (m *methods[T]) Save(ctx context.Context, in itsm.Scope, c ...itsm.Commit[T]) error {
	if m.save != nil {
		return m.save(ctx, in, c...)
	}
	return m.Repository.Save(ctx, in, c...)
}

func (m *methods[T]) Find(ctx context.Context, in itsm.Scope, q itsm.Query[T], p itsm.PageRequest) (itsm.Page[*T], error) {
	if m.find != nil {
		return m.find(ctx, in, q, p)
	}
	return m.Repository.Find(ctx, in, q, p)
}

func (m *methods[T]) Count(ctx context.Context, in itsm.Scope, q itsm.Query[T], by ...itsm.IndexName) (itsm.Counts, error) {
	if m.count != nil {
		return m.count(ctx, in, q, by...)
	}
	return m.Repository.Count(ctx, in, q, by...)
}

func (m *methods[T]) Erase(ctx context.Context, in itsm.Scope, e itsm.Erasure[T]) error {
	if m.erase != nil {
		return m.erase(ctx, in, e)
	}
	return m.Repository.Erase(ctx, in, e)
}

func (m *methods[T]) Adopt(ctx context.Context, k *itsm.Kind[T]) error {
	if m.adopt != nil {
		return m.adopt(ctx, k)
	}
	return m.Repository.Adopt(ctx, k)
}

func (m *methods[T]) History(ctx context.Context, in itsm.Scope, of itsm.Ref, p itsm.PageRequest) (itsm.Page[itsm.Event], error) {
	if m.history != nil {
		return m.history(ctx, in, of, p)
	}
	return m.Repository.History(ctx, in, of, p)
}

func (m *methods[T]) Since(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
	if m.since != nil {
		return m.since(ctx, after, limit, kinds...)
	}
	return m.Repository.Since(ctx, after, limit, kinds...)
}

func (m *methods[T]) ByKey(ctx context.Context, in itsm.Scope, kind, key string) (itsm.Event, error) {
	if m.byKey != nil {
		return m.byKey(ctx, in, kind, key)
	}
	return m.Repository.ByKey(ctx, in, kind, key)
}

// SaveAll implements itsm.Saver.
func (w *wrapped) SaveAll(ctx context.Context, in itsm.Scope, writes []itsm.Write, expect ...itsm.Expect) error {
	if w.saveAll != nil {
		return w.saveAll(ctx, in, writes, expect...)
	}
	return w.store.SaveAll(ctx, in, writes, expect...)
}

// InTx implements itsm.Transactor.
func (w *wrapped) InTx(ctx context.Context, fn func(context.Context) error) error {
	if w.inTx != nil {
		return w.inTx(ctx, fn)
	}
	return w.store.InTx(ctx, fn)
}

// broken returns the harness of a memory store with a fault; nil is none.
func broken(fault func(*wrapped)) storetest.Harness {
	return onWrapped(memory.New(), fault)
}

func onWrapped(s *memory.Store, fault func(*wrapped)) storetest.Harness {
	w := &wrapped{store: s}
	inner := onMemory(s)
	w.things.Repository, w.others.Repository = inner.Things, inner.Others
	if fault != nil {
		fault(w)
	}
	return storetest.Harness{Things: &w.things, Others: &w.others, Saver: w, Transactor: w, Reopen: func() (storetest.Harness, error) {
		next := memory.New()
		again := onWrapped(next, w.again)
		return again, carryOver(s, next)
	}}
}

// inner returns the methods that no fault has replaced.
func (w *wrapped) inner() itsm.Repository[thing] { return w.things.Repository }

// rewritten returns a commit of a copy of its record, changed.
func rewritten(c itsm.Commit[thing], change func(*thing)) itsm.Commit[thing] {
	rec := *c.Record
	change(&rec)
	c.Record = &rec
	return c
}

// saves makes every Save store records that were changed on the way.
func (w *wrapped) saves(change func(*thing)) {
	w.things.save = func(ctx context.Context, in itsm.Scope, c ...itsm.Commit[thing]) error {
		other := make([]itsm.Commit[thing], len(c))
		for i := range c {
			other[i] = rewritten(c[i], change)
		}
		err := w.inner().Save(ctx, in, other...)
		for i := range c {
			c[i].Record.Number = other[i].Record.Number
		}
		return err
	}
}

// reads makes every Get return records that were changed on the way.
func (w *wrapped) reads(change func(*thing)) {
	w.things.get = func(ctx context.Context, in itsm.Scope, ids ...itsm.ID) ([]*thing, error) {
		found, err := w.inner().Get(ctx, in, ids...)
		for i := range found {
			if found[i] != nil {
				rec := *found[i]
				change(&rec)
				found[i] = &rec
			}
		}
		return found, err
	}
}

// finds makes every Find return records that were chosen or put in order otherwise.
func (w *wrapped) finds(change func(in itsm.Scope, q itsm.Query[thing], p itsm.PageRequest, page *itsm.Page[*thing])) {
	w.things.find = func(ctx context.Context, in itsm.Scope, q itsm.Query[thing], p itsm.PageRequest) (itsm.Page[*thing], error) {
		page, err := w.inner().Find(ctx, in, q, p)
		if err == nil {
			change(in, q, p, &page)
		}
		return page, err
	}
}

// asks makes every Find and Count ask another question.
func (w *wrapped) asks(change func(in *itsm.Scope, q *itsm.Query[thing])) {
	w.things.find = func(ctx context.Context, in itsm.Scope, q itsm.Query[thing], p itsm.PageRequest) (itsm.Page[*thing], error) {
		change(&in, &q)
		return w.inner().Find(ctx, in, q, p)
	}
	w.things.count = func(ctx context.Context, in itsm.Scope, q itsm.Query[thing], by ...itsm.IndexName) (itsm.Counts, error) {
		change(&in, &q)
		return w.inner().Count(ctx, in, q, by...)
	}
}

// logs changes what Since and History return.
func (w *wrapped) logs(change func([]itsm.Event) []itsm.Event) {
	w.things.since = func(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
		events, next, err := w.inner().Since(ctx, after, limit, kinds...)
		return change(events), next, err
	}
	w.things.history = func(ctx context.Context, in itsm.Scope, of itsm.Ref, p itsm.PageRequest) (itsm.Page[itsm.Event], error) {
		page, err := w.inner().History(ctx, in, of, p)
		page.Items = change(page.Items)
		return page, err
	}
}

// whole returns all records of a tenant.
func (w *wrapped) whole(tenant string) []*thing {
	page, err := w.inner().Find(context.Background(), itsm.Scope{Tenant: tenant}, itsm.Query[thing]{}, itsm.PageRequest{Limit: itsm.MaxPage})
	if err != nil {
		panic(err)
	}
	return page.Items
}

// duplicated tells whether an error says that a value of an index is taken.
func duplicated(err error, index itsm.IndexName) bool {
	var d *itsm.DuplicateError
	return errors.As(err, &d) && d.Index == index
}
