package storetest_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/storetest"
)

// This file is the example of EXTENDING.md: a whole store that is slow and plain. It keeps everything in maps and
// lists that are never written to; whoever writes makes a copy and puts it in their place.

// ListStore is a store.
type ListStore struct {
	writer sync.Mutex // held by the one who writes
	now    atomic.Pointer[contents]
}

// contents is all that the store holds at one moment.
type contents struct {
	kinds   map[string]*itsm.Shape
	records map[place]any // *T
	events  []entry       // in the order in which they were stored
	keys    map[keyOf]int // idempotency keys: the place in events
	series  map[seriesOf]int64
}

type place struct {
	tenant string
	of     itsm.Ref
}

// entry is an event, or the place of one that was purged.
type entry struct {
	event itsm.Event
	gone  bool
}

type keyOf struct{ tenant, kind, key string }

type seriesOf struct{ tenant, prefix string }

func (c *contents) clone() *contents {
	return &contents{maps.Clone(c.kinds), maps.Clone(c.records), slices.Clone(c.events), maps.Clone(c.keys), maps.Clone(c.series)}
}

// NewListStore returns an empty store.
func NewListStore() *ListStore {
	s := &ListStore{}
	s.now.Store(&contents{map[string]*itsm.Shape{}, map[place]any{}, nil, map[keyOf]int{}, map[seriesOf]int64{}})
	return s
}

// transaction is what a context carries within InTx.
type transaction struct{ now *contents }

type transactionKey struct{ *ListStore }

func (s *ListStore) read(ctx context.Context) (*contents, error) {
	if t, ok := ctx.Value(transactionKey{s}).(*transaction); ok {
		return t.now, ctx.Err()
	}
	return s.now.Load(), ctx.Err()
}

func (s *ListStore) write(ctx context.Context, fn func(*contents) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if t, ok := ctx.Value(transactionKey{s}).(*transaction); ok {
		next := t.now.clone()
		if err := fn(next); err != nil {
			return err
		}
		t.now = next
		return nil
	}
	return s.InTx(ctx, func(ctx context.Context) error { return s.write(ctx, fn) })
}

// InTx implements itsm.Transactor.
func (s *ListStore) InTx(ctx context.Context, fn func(context.Context) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if t, ok := ctx.Value(transactionKey{s}).(*transaction); ok {
		before, done := t.now, false
		defer func() {
			if !done || err != nil {
				t.now = before
			}
		}()
		err = fn(ctx)
		done = true
		return err
	}
	s.writer.Lock()
	defer s.writer.Unlock()
	t := &transaction{s.now.Load()}
	if err := fn(itsm.MarkTx(context.WithValue(ctx, transactionKey{s}, t))); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.now.Store(t.now)
	return nil
}

// SaveAll implements itsm.Saver.
func (s *ListStore) SaveAll(ctx context.Context, in itsm.Scope, writes []itsm.Write, expect ...itsm.Expect) error {
	return s.write(ctx, func(c *contents) error {
		for _, x := range expect {
			if stored := c.version(in, x.Of); stored != x.Version {
				return &itsm.ConflictError{Of: x.Of, Expected: x.Version, Stored: stored}
			}
		}
		for _, w := range writes {
			if err := c.save(in, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// version returns the stored version of a record, 0 for none.
func (c *contents) version(in itsm.Scope, of itsm.Ref) int64 {
	rec, ok := c.records[place{in.Tenant, of}]
	if !ok {
		return 0
	}
	return c.kinds[of.Kind].Header(rec).Version
}

// save stores a record with its event.
func (c *contents) save(in itsm.Scope, w itsm.Write) error {
	shape, ok := c.kinds[w.Kind]
	if !ok {
		return fmt.Errorf("the store has no kind %q", w.Kind)
	}
	h := shape.Header(w.Record)
	of := h.Ref(w.Kind)
	if stored := c.version(in, of); stored != h.Version-1 {
		return &itsm.ConflictError{Of: of, Expected: h.Version - 1, Stored: stored}
	}
	if used, ok := c.keys[keyOf{in.Tenant, w.Kind, w.Event.Key}]; ok {
		return &itsm.DuplicateError{Index: "key", Value: w.Event.Key, Of: c.events[used].event.Subject}
	}
	if w.Draw.Prefix != "" {
		c.draw(in, shape, w.Record, &w.Event, w.Draw)
	}
	if err := c.unique(in, shape, w.Record); err != nil {
		return err
	}
	c.records[place{in.Tenant, of}] = w.Record
	c.events = append(c.events, entry{event: w.Event})
	if w.Event.Key != "" {
		c.keys[keyOf{in.Tenant, w.Kind, w.Event.Key}] = len(c.events) - 1
	}
	return nil
}

// draw gives a record the next number that nobody has.
func (c *contents) draw(in itsm.Scope, shape *itsm.Shape, rec any, e *itsm.Event, series itsm.Sequence) {
	at := seriesOf{in.Tenant, series.Prefix}
	for number := ""; number == ""; {
		c.series[at]++
		number = series.Format(c.series[at])
		for _, other := range c.of(in, shape.Name()) {
			if shape.Header(other).Number == number {
				number = ""
				break
			}
		}
		if number != "" {
			shape.SetNumber(rec, e, number)
		}
	}
}

// of returns the records of a kind and tenant.
func (c *contents) of(in itsm.Scope, kind string) []any {
	var out []any
	for at, rec := range c.records {
		if at.tenant == in.Tenant && at.of.Kind == kind {
			out = append(out, rec)
		}
	}
	return out
}

// unique looks for a record that has a value of a unique index.
func (c *contents) unique(in itsm.Scope, shape *itsm.Shape, rec any) error {
	for i, index := range shape.Indexes() {
		if !index.Unique {
			continue
		}
		for _, key := range shape.Keys(i, rec, nil) {
			for _, other := range c.of(in, shape.Name()) {
				if holder := shape.Header(other); holder.ID != shape.Header(rec).ID && slices.Contains(shape.Keys(i, other, nil), key) {
					return &itsm.DuplicateError{Index: index.Name, Value: key.Format(index.Parts[0].Type), Of: holder.Ref(shape.Name())}
				}
			}
		}
	}
	return nil
}

// Since implements itsm.EventLog.
func (s *ListStore) Since(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
	c, err := s.read(ctx)
	if err != nil {
		return nil, after, err
	}
	at := 0
	if after != "" {
		if at, err = strconv.Atoi(string(after)); err != nil || at < 0 || at > len(c.events) {
			return nil, after, itsm.Invalid("after", "position", "value", string(after))
		}
	}
	var out []itsm.Event
	for ; at < len(c.events) && len(out) < limit; at++ {
		e := &c.events[at]
		if !e.gone && (len(kinds) == 0 || slices.Contains(kinds, e.event.Subject.Kind)) {
			out = append(out, own(e.event))
		}
	}
	if at == 0 {
		return out, "", nil
	}
	return out, itsm.Position(strconv.Itoa(at)), nil
}

// own returns an event that shares no memory with the store's.
func own(e itsm.Event) itsm.Event {
	e.Facts, e.Changes = slices.Clone(e.Facts), slices.Clone(e.Changes)
	for i := range e.Facts {
		e.Facts[i].Value = bytes.Clone(e.Facts[i].Value)
	}
	for i := range e.Changes {
		e.Changes[i].Old, e.Changes[i].New = bytes.Clone(e.Changes[i].Old), bytes.Clone(e.Changes[i].New)
	}
	return e
}

// History implements itsm.EventLog.
func (s *ListStore) History(ctx context.Context, in itsm.Scope, of itsm.Ref, p itsm.PageRequest) (itsm.Page[itsm.Event], error) {
	var page itsm.Page[itsm.Event]
	limit, err := p.Size()
	if err != nil {
		return page, err
	}
	behind, err := itsm.ResumeHistory(of, p.Cursor)
	if err != nil {
		return page, err
	}
	c, err := s.read(ctx)
	if err != nil {
		return page, err
	}
	for _, e := range c.events {
		if e.gone || e.event.Tenant != in.Tenant || e.event.Subject != of || e.event.Version <= behind {
			continue
		}
		if len(page.Items) == limit {
			page.Next = itsm.HistoryCursor(of, page.Items[limit-1].Version)
			break
		}
		page.Items = append(page.Items, own(e.event))
	}
	return page, nil
}

// ByKey implements itsm.EventLog.
func (s *ListStore) ByKey(ctx context.Context, in itsm.Scope, kind, key string) (itsm.Event, error) {
	c, err := s.read(ctx)
	if err != nil {
		return itsm.Event{}, err
	}
	at, ok := c.keys[keyOf{in.Tenant, kind, key}]
	if !ok {
		return itsm.Event{}, fmt.Errorf("key %q of %s: %w", key, kind, itsm.ErrNotFound)
	}
	return own(c.events[at].event), nil
}

// List is the store's repository of one kind.
type List[T any] struct {
	*ListStore
	kind string
}

// ListOf returns the repository of a kind.
func ListOf[T any](s *ListStore, k *itsm.Kind[T]) List[T] {
	s.writer.Lock()
	defer s.writer.Unlock()
	next := s.now.Load().clone()
	next.kinds[k.Name()] = k.Shape()
	s.now.Store(next)
	return List[T]{s, k.Name()}
}

// Get implements itsm.Repository.
func (l List[T]) Get(ctx context.Context, in itsm.Scope, ids ...itsm.ID) ([]*T, error) {
	c, err := l.read(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]*T, len(ids))
	for i, id := range ids {
		if rec, ok := c.records[place{in.Tenant, itsm.Ref{Kind: l.kind, ID: id}}]; ok {
			out[i] = rec.(*T)
		}
	}
	return out, nil
}

// Save implements itsm.Repository.
func (l List[T]) Save(ctx context.Context, in itsm.Scope, commits ...itsm.Commit[T]) error {
	writes := make([]itsm.Write, len(commits))
	for i, c := range commits {
		writes[i] = itsm.Write{Kind: l.kind, Record: c.Record, Event: c.Event, Draw: c.Draw}
	}
	return l.SaveAll(ctx, in, writes)
}

// matching returns all records that match a query, in its order.
func (l List[T]) matching(ctx context.Context, in itsm.Scope, q itsm.Query[T]) (*itsm.Selection, []*T, error) {
	c, err := l.read(ctx)
	if err != nil {
		return nil, nil, err
	}
	sel, err := c.kinds[l.kind].Select(in, q.Select)
	if err != nil {
		return nil, nil, err
	}
	var found []*T
	for _, rec := range c.of(in, l.kind) {
		if sel.Match(rec) {
			found = append(found, rec.(*T))
		}
	}
	slices.SortFunc(found, func(a, b *T) int { return sel.Compare(a, b) })
	return sel, found, nil
}

// Find implements itsm.Repository.
func (l List[T]) Find(ctx context.Context, in itsm.Scope, q itsm.Query[T], p itsm.PageRequest) (itsm.Page[*T], error) {
	var page itsm.Page[*T]
	limit, err := p.Size()
	if err != nil {
		return page, err
	}
	sel, found, err := l.matching(ctx, in, q)
	if err != nil {
		return page, err
	}
	after, err := sel.Resume(p.Cursor)
	if err != nil {
		return page, err
	}
	for _, rec := range found {
		if after != nil && sel.ComparePlaces(sel.Place(rec), *after) <= 0 {
			continue
		}
		if len(page.Items) == limit {
			page.Next = sel.Cursor(page.Items[limit-1])
			break
		}
		page.Items = append(page.Items, rec)
	}
	return page, nil
}

// Count implements itsm.Repository.
func (l List[T]) Count(ctx context.Context, in itsm.Scope, q itsm.Query[T], by ...itsm.IndexName) (itsm.Counts, error) {
	sel, found, err := l.matching(ctx, in, q)
	if err != nil {
		return itsm.Counts{}, err
	}
	counts := itsm.Counts{Total: int64(len(found))}
	for _, name := range by {
		facet := itsm.Facet{Index: name, Type: typeOf(sel.Shape(), name)}
		tally := map[itsm.Key]int64{}
		for _, rec := range found {
			keys := sel.Shape().Values(name, rec, nil)
			slices.SortFunc(keys, itsm.Key.Compare)
			for _, key := range slices.Compact(keys) { // each record once under each value
				tally[key]++
			}
		}
		for _, key := range slices.SortedFunc(maps.Keys(tally), itsm.Key.Compare) {
			facet.Buckets = append(facet.Buckets, itsm.Bucket{Value: key.Format(facet.Type), Count: tally[key]})
		}
		counts.Facets = append(counts.Facets, facet)
	}
	return counts, nil
}

// typeOf returns the type of the values of an index.
func typeOf(s *itsm.Shape, name itsm.IndexName) itsm.ValueType {
	for _, index := range s.Indexes() {
		for _, p := range index.Parts {
			if p.Name == name {
				return p.Type
			}
		}
	}
	return ""
}

// Erase implements itsm.Repository.
func (l List[T]) Erase(ctx context.Context, in itsm.Scope, e itsm.Erasure[T]) error {
	return l.write(ctx, func(c *contents) error {
		if !e.Keys.IsZero() {
			maps.DeleteFunc(c.keys, func(k keyOf, at int) bool {
				return k.tenant == in.Tenant && k.kind == l.kind && c.events[at].event.RecordedAt.Before(e.Keys)
			})
			return nil
		}
		if stored := c.version(in, e.Of); stored != e.Version || stored == 0 {
			return &itsm.ConflictError{Of: e.Of, Expected: e.Version, Stored: stored}
		}
		for at := range c.events {
			old := &c.events[at]
			if old.gone || old.event.Tenant != in.Tenant || old.event.Subject != e.Of {
				continue
			}
			if e.Record == nil {
				delete(c.keys, keyOf{in.Tenant, l.kind, old.event.Key})
				*old = entry{gone: true} // its place stays, so that positions stay good
				continue
			}
			old.event = e.Events[old.event.Version-1]
		}
		if e.Record == nil {
			delete(c.records, place{in.Tenant, e.Of})
			return nil
		}
		return c.save(in, itsm.Write{Kind: l.kind, Record: e.Record, Event: e.Events[len(e.Events)-1]})
	})
}

// Adopt implements itsm.Repository.
func (l List[T]) Adopt(ctx context.Context, k *itsm.Kind[T]) error {
	return l.write(ctx, func(c *contents) error {
		c.kinds[l.kind] = k.Shape()
		for at, rec := range c.records {
			if at.of.Kind == l.kind {
				if err := c.unique(itsm.Scope{Tenant: at.tenant}, k.Shape(), rec); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func TestListStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) storetest.Harness {
		s := NewListStore()
		return storetest.Harness{
			Things:     ListOf(s, storetest.Things()),
			Others:     ListOf(s, storetest.Others()),
			Saver:      s,
			Transactor: s,
		}
	})
}
