package itsm

import (
	"context"
	"fmt"
)

// Batch does many actions on a desk and stores them in one write: an import of history, case by case. The
// records are kept in the batch until [Batch.Save]; each action passes through the same rules as [Desk.Do],
// the middleware apart. It needs the permission [Import]. A Batch is not for concurrent use, and must be
// saved before the same records are changed elsewhere: a conflict then fails the whole batch.
//
// Idempotency keys are not for batches; use [External] keys to find out what was imported already.
type Batch[T any] struct {
	desk    *Desk[T]
	kind    *Kind[T]
	records map[ID]*T
	commits []Commit[T]
	drawing map[ID]Sequence // the records whose number Save will draw
	scope   Scope
	work    work[T]
}

// Batch begins a batch.
func (d *Desk[T]) Batch() *Batch[T] {
	return &Batch[T]{desk: d, kind: d.Kind(), records: map[ID]*T{}, drawing: map[ID]Sequence{}}
}

// Open opens a record in the batch. A number that the kind draws at the opening is drawn by Save.
func (b *Batch[T]) Open(ctx context.Context, a Action[T], opts ...DoOption) (T, error) {
	return b.do(ctx, ID{}, a, opts)
}

// Do does an action on a record of the batch, or of the store.
func (b *Batch[T]) Do(ctx context.Context, id ID, a Action[T], opts ...DoOption) (T, error) {
	if id == (ID{}) {
		return *new(T), Invalid("id", "required")
	}
	return b.do(ctx, id, a, opts)
}

// Take gives the batch records that the caller has read from the repository, so that Do need not read them again. One that
// is in the batch stays as it is there; nil, which stands for one that the repository does not have, is passed over.
func (b *Batch[T]) Take(read ...*T) {
	for _, rec := range read {
		if rec == nil {
			continue
		}
		if id := head(rec).ID; b.records[id] == nil {
			b.records[id] = rec
		}
	}
}

// Writes returns what Save would store, for [Saver.SaveAll] together with writes of other desks; [Batch.Discard] empties
// the batch behind it.
func (b *Batch[T]) Writes() []Write {
	out := make([]Write, len(b.commits))
	for i, c := range b.commits {
		out[i] = Write{Kind: b.kind.Name(), Record: c.Record, Event: c.Event, Draw: c.Draw}
	}
	return out
}

// Len returns the number of actions that are not saved yet.
func (b *Batch[T]) Len() int { return len(b.commits) }

// Save stores all actions of the batch, all or none, and empties it. After an error the batch is as it was.
func (b *Batch[T]) Save(ctx context.Context) error {
	if len(b.commits) == 0 {
		return ctx.Err()
	}
	if err := b.desk.config.Repository.Save(ctx, b.scope, b.commits...); err != nil {
		return err
	}
	b.Discard()
	return nil
}

// Discard empties the batch without storing it.
func (b *Batch[T]) Discard() {
	clear(b.records)
	clear(b.drawing)
	clear(b.commits)
	b.commits = b.commits[:0]
}

func (b *Batch[T]) do(ctx context.Context, id ID, a Action[T], opts []DoOption) (T, error) {
	w := &b.work // nothing of it is kept behind the action
	*w = work[T]{desk: b.desk, kind: b.kind, action: a}
	var none T
	if err := w.begin(ctx, id, opts); err != nil {
		return none, err
	}
	if w.set.key != "" {
		return none, Invalid("key", "not_in_a_batch")
	}
	if err := permit(ctx, b.desk.config.Policy, Request{Actor: w.actor, Permission: Import, Kind: b.kind.Name(), Action: a.Name(), Input: a}); err != nil {
		return none, err
	}
	if len(b.commits) > 0 && b.scope.Tenant != w.actor.Tenant {
		return none, forbidden(fmt.Sprintf("the batch is of tenant %q", b.scope.Tenant), "save it before another tenant's", nil)
	}
	b.scope = w.scope()
	out, _, err := w.apply(ctx, id, b.load)
	if err != nil {
		return none, err
	}
	c := &w.call.commits[0]
	of := c.Event.Subject.ID
	if c.Draw.Prefix != "" {
		b.drawing[of] = c.Draw
	}
	c.Draw = b.drawing[of] // the later actions take over what the first one draws
	b.records[of] = c.Record
	b.commits = append(b.commits, *c)
	return veiled(b.kind, out, w.view.Hidden), nil
}

func (b *Batch[T]) load(ctx context.Context, w *work[T], id ID) (*T, error) {
	if rec, ok := b.records[id]; ok {
		return rec, nil
	}
	return b.desk.load(ctx, w, id)
}
