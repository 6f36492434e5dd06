package itsm

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
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
		page.Items[i] = r.show(rec)
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

// Option is an action as a screen offers it: possible now, or why not.
type Option struct {
	Action  string   `json:"action"`
	Allowed bool     `json:"allowed"`
	Why     *Reason  `json:"why,omitempty"` // where it is not: code "state", "forbidden", or the guard's own
	To      []string `json:"to,omitempty"`  // where the record may go; the first is the usual one
}

// Options tells for each action of the kind whether the actor may do it to the record now, and why not: a
// screen's buttons. Errors of the input are found by [Desk.Check].
func (d *Desk[T]) Options(ctx context.Context, rec T) ([]Option, error) {
	r, err := d.reading(ctx)
	if err != nil {
		return nil, err
	}
	h := head(&rec)
	if h.Tenant != r.actor.Tenant && h.Version > 0 {
		return nil, fmt.Errorf("%s %s: %w", r.kind.Name(), h.ID, ErrNotFound)
	}
	if h.Version > 0 {
		if err := within(r.kind, r.view, &rec); err != nil {
			return nil, err
		}
	}
	if err := r.kind.shape.checkState(h); err != nil {
		return nil, err
	}
	m := Moment{Time: d.config.Clock.Now(), Actor: r.actor}
	if m.Time.Before(h.UpdatedAt) {
		m.Time = h.UpdatedAt
	}
	lifecycle := r.kind.shape.lifecycle
	out := make([]Option, 0, len(lifecycle.Actions()))
	for _, name := range lifecycle.Actions() {
		o := Option{Action: name}
		switch targets := lifecycle.Targets(h.State, name); {
		case len(targets) == 0:
			o.Why = &Reason{Code: "state", Params: map[string]string{"state": string(h.State)}}
		default:
			for _, t := range targets {
				o.To = append(o.To, string(t))
			}
			if o.Why, err = r.whyNot(ctx, &rec, name, m); err != nil {
				return nil, err
			}
			o.Allowed = o.Why == nil
		}
		out = append(out, o)
	}
	return out, nil
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
	return r, r.kind.shape.checkHidden(r.view)
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

// show returns the caller's own copy of a record, without what is hidden.
func (r *reading[T]) show(rec *T) T {
	out := *rec
	r.kind.shape.plan.root.detach(reflect.ValueOf(&out).Elem())
	hide(r.kind, &out, r.view.Hidden)
	return out
}

// showEvent returns an event without what is hidden; false leaves it out.
func (r *reading[T]) showEvent(e Event) (Event, bool) {
	if r.view.PublicOnly && !e.Public {
		return e, false
	}
	if len(r.view.Hidden) > 0 {
		kept := make([]Change, 0, len(e.Changes))
		for _, c := range e.Changes {
			if !hidden(r.view.Hidden, dotted(c.Path)) {
				kept = append(kept, c)
			}
		}
		if e.Changes = kept; len(kept) == 0 {
			e.Changes = nil
		}
	}
	return e, true
}

// whyNot asks the policy and the guards; nil means that the action is possible.
func (r *reading[T]) whyNot(ctx context.Context, rec *T, name string, m Moment) (*Reason, error) {
	o := r.kind.offers[name]
	req := Request{Actor: r.actor, Permission: Act, Kind: r.kind.Name(), Action: name, Input: o.action}
	if head(rec).Version > 0 {
		req.Record = rec
	}
	if permit(ctx, r.desk.config.Policy, req) != nil {
		return &Reason{Code: "forbidden"}, ctx.Err()
	}
	if len(o.when) > 0 && r.desk.config.Facts != nil {
		before := rec
		if req.Record == nil {
			before = nil
		}
		var err error
		if m.Facts, err = r.desk.config.Facts(ctx, before, o.action); err != nil {
			return nil, fmt.Errorf("%sfacts: %w", subject(r.kind.Name(), head(rec).Number, name), err)
		}
	}
	for _, guard := range o.when {
		if err := guard(rec, m); err != nil {
			if refused, ok := r.kind.refused(err, head(rec), name).(*TransitionError); ok && refused.Reason != nil {
				return refused.Reason, nil
			}
			return nil, err
		}
	}
	return nil, nil
}

// mayAsk refuses a query by a hidden field: its answer would tell the value.
func (r *reading[T]) mayAsk(q Select) error {
	names := []string{string(q.Order.Index)}
	for _, c := range q.Where {
		names = append(names, string(c.Index))
	}
	for _, n := range names {
		if n != "" && hidden(r.view.Hidden, n) {
			return forbidden("the index "+n+" is hidden from "+r.actor.ID, "", nil)
		}
	}
	if q.Text != "" {
		for _, n := range r.kind.shape.search {
			if hidden(r.view.Hidden, n.dotted()) {
				return forbidden("the text search looks into "+n.dotted()+", which is hidden from "+r.actor.ID, "", nil)
			}
		}
	}
	return nil
}

// hidden tells whether a dotted path is one of the hidden ones, or lies below or above one.
func hidden(paths []string, path string) bool {
	for _, h := range paths {
		if h == path || strings.HasPrefix(path, h+".") || strings.HasPrefix(h, path+".") {
			return true
		}
	}
	return false
}

// hide makes hidden fields of the caller's copy absent.
func hide[T any](k *Kind[T], rec *T, paths []string) {
	for _, path := range paths {
		if key, ok := strings.CutPrefix(path, "attributes."); ok {
			head(rec).Attributes.set(key, "")
			continue
		}
		n := k.shape.plan.find(path)
		if n == nil || n.is == isHeader {
			continue
		}
		v := reflect.ValueOf(rec).Elem()
		if at, ok := k.shape.plan.look(n, v); ok {
			at.SetZero()
		}
	}
}
