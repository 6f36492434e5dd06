package itsm

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"
)

// Get returns a record. One that does not exist, is another tenant's or lies outside the actor's view is
// [ErrNotFound].
func (d *Desk[T]) Get(ctx context.Context, id ID) (T, error) {
	r, err := d.reading(ctx)
	if err != nil {
		return *new(T), err
	}
	rec, err := r.get(ctx, id)
	if err != nil {
		return *new(T), err
	}
	return r.show(rec), nil
}

// Numbered returns the record that has a number, such as "INC0000042", as Get does the one with an ID.
func (d *Desk[T]) Numbered(ctx context.Context, number string) (T, error) {
	page, err := d.Find(ctx, Where(ByNumber[T]().Is(number)), PageRequest{Limit: 1})
	if err != nil {
		return *new(T), err
	}
	if number == "" || len(page.Items) == 0 {
		return *new(T), fmt.Errorf("%s %s: %w", d.Kind().Name(), number, ErrNotFound)
	}
	return page.Items[0], nil
}

// Find returns a page of the records that match a query and that the actor may see.
func (d *Desk[T]) Find(ctx context.Context, q Query[T], p PageRequest) (Page[T], error) {
	var page Page[T]
	r, err := d.reading(ctx)
	if err != nil {
		return page, err
	}
	if err := r.mayAsk(q.Select); err != nil {
		return page, err
	}
	found, err := d.config.Repository.Find(ctx, r.scope(), q, p)
	if err != nil {
		return page, err
	}
	page.Items, page.Next = make([]T, len(found.Items)), found.Next
	for i, rec := range found.Items {
		if err := r.kind.shape.checkState(head(rec)); err != nil {
			return Page[T]{}, err
		}
		r.showIn(&page.Items[i], rec)
	}
	return page, nil
}

// All runs over all records that match, page by page. An error ends it.
func (d *Desk[T]) All(ctx context.Context, q Query[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		p := PageRequest{Limit: MaxPage}
		for {
			page, err := d.Find(ctx, q, p)
			if err != nil {
				yield(*new(T), err)
				return
			}
			for _, rec := range page.Items {
				if !yield(rec, nil) {
					return
				}
			}
			if p.Cursor = page.Next; p.Cursor == "" {
				return
			}
		}
	}
}

// Count returns how many records match that the actor may see, and how many have each value of some indexes.
func (d *Desk[T]) Count(ctx context.Context, q Query[T], by ...IndexName) (Counts, error) {
	r, err := d.reading(ctx)
	if err != nil {
		return Counts{}, err
	}
	asked := q.Select
	for _, name := range by {
		asked.Where = append(slices.Clip(asked.Where), Condition{Index: name})
	}
	if err := r.mayAsk(asked); err != nil {
		return Counts{}, err
	}
	return d.config.Repository.Count(ctx, r.scope(), q, by...)
}

// History returns a page of a record's events, oldest first, as the actor may see them.
func (d *Desk[T]) History(ctx context.Context, id ID, p PageRequest) (Page[Event], error) {
	r, err := d.reading(ctx)
	if err != nil {
		return Page[Event]{}, err
	}
	rec, err := r.get(ctx, id)
	if err != nil {
		return Page[Event]{}, err
	}
	page, err := d.config.Repository.History(ctx, r.scope(), head(rec).Ref(r.kind.Name()), p)
	if err != nil {
		return Page[Event]{}, err
	}
	shown := make([]Event, 0, len(page.Items))
	for _, e := range page.Items {
		if e, ok := r.showEvent(e); ok {
			shown = append(shown, e)
		}
	}
	page.Items = shown
	return page, nil
}

// AsOf returns a record as it was at an instant by Event.Time: what was true then, as far as is known today.
func (d *Desk[T]) AsOf(ctx context.Context, id ID, at time.Time) (T, error) {
	return d.asOf(ctx, id, func(e *Event) bool { return !e.Time.After(at) })
}

// AsRecorded returns a record as the store had it at an instant, by Event.RecordedAt: what was known then.
func (d *Desk[T]) AsRecorded(ctx context.Context, id ID, at time.Time) (T, error) {
	return d.asOf(ctx, id, func(e *Event) bool { return !e.RecordedAt.After(at) })
}

func (d *Desk[T]) asOf(ctx context.Context, id ID, counts func(*Event) bool) (T, error) {
	r, err := d.reading(ctx)
	if err != nil {
		return *new(T), err
	}
	rec, err := r.get(ctx, id)
	if err != nil {
		return *new(T), err
	}
	events, err := d.events(ctx, r.scope(), head(rec).Ref(r.kind.Name()))
	if err != nil {
		return *new(T), err
	}
	old, err := r.kind.replay(events, counts)
	if err != nil {
		return *new(T), err
	}
	hide(r.kind, &old, r.view.Hidden)
	return old, nil
}

// events reads the whole history of a record.
func (d *Desk[T]) events(ctx context.Context, in Scope, of Ref) ([]Event, error) {
	var all []Event
	p := PageRequest{Limit: MaxPage}
	for {
		page, err := d.config.Repository.History(ctx, in, of, p)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if p.Cursor = page.Next; p.Cursor == "" {
			return all, nil
		}
	}
}

// reading is a read under way.
type reading[T any] struct {
	desk  *Desk[T]
	kind  *Kind[T]
	actor *Actor
	view  View
}

func (d *Desk[T]) reading(ctx context.Context) (reading[T], error) {
	r := reading[T]{desk: d, kind: d.Kind()}
	err := ctx.Err()
	if err != nil {
		return r, err
	}
	if r.actor, err = actorFrom(ctx); err != nil {
		return r, err
	}
	if r.view, err = view(ctx, d.config.Policy, r.actor, r.kind.Name()); err != nil {
		return r, err
	}
	return r, r.kind.shape.checkView(r.view)
}

func (r *reading[T]) scope() Scope { return Scope{Tenant: r.actor.Tenant, Any: r.view.Any} }

// get loads one record that the actor may see.
func (r *reading[T]) get(ctx context.Context, id ID) (*T, error) {
	found, err := r.desk.config.Repository.Get(ctx, Scope{Tenant: r.actor.Tenant}, id)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 || found[0] == nil || head(found[0]).Tenant != r.actor.Tenant {
		return nil, fmt.Errorf("%s %s: %w", r.kind.Name(), id, ErrNotFound)
	}
	if err := r.kind.shape.checkState(head(found[0])); err != nil {
		return nil, err
	}
	return found[0], within(r.kind, r.view, found[0])
}
