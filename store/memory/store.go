package memory

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/itsmkit/itsm"
)

// Store keeps the records of any number of kinds and tenants. Make one with [New]; do not copy it.
type Store struct {
	mu        sync.RWMutex
	kinds     map[string]*kind
	log       eventLog
	keys      map[ownKey]int64 // sequence number of the event under an idempotency key
	series    map[seriesKey]int64
	consumers map[string]itsm.Consumer
	tx        *tx // the transaction that holds mu
	late      *late
	buf       [2][]itsm.Key
	places    []int
	joiner    joiner

	unlockRead, unlockWrite func() // of mu: made once, since a method value takes memory each time
}

type ownKey struct{ tenant, kind, key string }

type seriesKey struct{ tenant, prefix string }

var (
	_ itsm.EventLog   = (*Store)(nil)
	_ itsm.Saver      = (*Store)(nil)
	_ itsm.Transactor = (*Store)(nil)
	_ itsm.Consumers  = (*Store)(nil)
)

// New returns an empty store.
func New() *Store {
	s := &Store{kinds: map[string]*kind{}, keys: map[ownKey]int64{}, series: map[seriesKey]int64{}, consumers: map[string]itsm.Consumer{}}
	s.unlockRead, s.unlockWrite = s.mu.RUnlock, s.mu.Unlock
	return s
}

// For returns the repository of a kind in the store. The first call for a kind makes its place; a later call
// with another declaration of the same kind gives a repository whose every method fails, because the indexes
// would not fit: declare fields that are added at run time with [itsm.Desk.Use].
func For[T any](s *Store, k *itsm.Kind[T]) itsm.Repository[T] {
	r := &repository[T]{Store: s}
	if s == nil || k == nil {
		r.err = errors.New("memory: For: the store and the kind are required")
		return r
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.kinds[k.Name()]
	switch {
	case known == nil:
		s.kinds[k.Name()] = newKind(k.Shape())
	case known.shape != k.Shape():
		r.err = fmt.Errorf("memory: For: the store has another declaration of kind %s; use the same *Kind, or Desk.Use to change it", k.Name())
	}
	r.name = k.Name()
	return r
}

// repository is the store's face for one kind; the work is done without its type parameter.
type repository[T any] struct {
	*Store
	name string
	err  error
}

func (r *repository[T]) Get(ctx context.Context, in itsm.Scope, ids ...itsm.ID) ([]*T, error) {
	if r.err != nil {
		return nil, r.err
	}
	unlock, err := r.read(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	out := make([]*T, len(ids))
	t := r.kinds[r.name].tenants[in.Tenant]
	if t == nil {
		return out, nil
	}
	for i, id := range ids {
		if s := t.slots[id]; s != nil {
			out[i] = s.rec.(*T)
		}
	}
	return out, nil
}

func (r *repository[T]) Save(ctx context.Context, in itsm.Scope, commits ...itsm.Commit[T]) error {
	if r.err != nil {
		return r.err
	}
	if len(commits) == 1 {
		c := &commits[0]
		w := itsm.Write{Kind: r.name, Event: c.Event, Draw: c.Draw}
		if c.Record != nil {
			w.Record = c.Record
		}
		return r.saveOne(ctx, in, &w)
	}
	writes := make([]itsm.Write, len(commits))
	for i, c := range commits {
		writes[i] = itsm.Write{Kind: r.name, Event: c.Event, Draw: c.Draw}
		if c.Record != nil {
			writes[i].Record = c.Record
		}
	}
	return r.SaveAll(ctx, in, writes)
}

func (r *repository[T]) Find(ctx context.Context, in itsm.Scope, q itsm.Query[T], p itsm.PageRequest) (itsm.Page[*T], error) {
	var page itsm.Page[*T]
	if r.err != nil {
		return page, r.err
	}
	found, next, err := r.find(ctx, r.name, in, q.Select, p)
	if err != nil {
		return page, err
	}
	page.Items, page.Next = make([]*T, len(found)), next
	for i, s := range found {
		page.Items[i] = s.(*T)
	}
	return page, nil
}

func (r *repository[T]) Count(ctx context.Context, in itsm.Scope, q itsm.Query[T], by ...itsm.IndexName) (itsm.Counts, error) {
	if r.err != nil {
		return itsm.Counts{}, r.err
	}
	return r.count(ctx, r.name, in, q.Select, by)
}

func (r *repository[T]) Erase(ctx context.Context, in itsm.Scope, e itsm.Erasure[T]) error {
	if r.err != nil {
		return r.err
	}
	x := erasure{of: e.Of, version: e.Version, events: e.Events, keys: e.Keys}
	if e.Record != nil {
		x.record = e.Record
	}
	return r.erase(ctx, r.name, in, x)
}

func (r *repository[T]) Adopt(ctx context.Context, k *itsm.Kind[T]) error {
	if r.err != nil {
		return r.err
	}
	if k == nil || k.Name() != r.name {
		return fmt.Errorf("memory: Adopt: want another declaration of kind %s", r.name)
	}
	return r.adopt(ctx, k.Shape())
}
