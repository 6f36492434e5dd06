package cmdb

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
)

// Snapshot holds the records of a tenant as they were at an instant, those that are retired and ended too. Its slices are
// sorted by ID and shared by its copies: do not write to them.
type Snapshot struct {
	At        time.Time  `json:"at"`
	Items     []Item     `json:"items"`
	Relations []Relation `json:"relations"`
	model     *asset.Model
}

// Item returns an item as it was.
func (s Snapshot) Item(id itsm.ID) (Item, bool) {
	i, ok := slices.BinarySearchFunc(s.Items, id, func(x Item, id itsm.ID) int { return bytes.Compare(x.ID[:], id[:]) })
	if !ok {
		return Item{}, false
	}
	return s.Items[i], true
}

// At returns all items and relations as they were at an instant by the time of their events, as far as is known today: an
// event that was dated back counts from its date, a value that was redacted is not there, a record that was purged never
// was. It reads the events of both kinds once, those of all tenants, and holds the records of the actor's in memory.
//
// Classes and relation types have no history here: they are those of today. The actor must be allowed to see everything
// of both kinds; what a view leaves out of records would show in their past. Events that the store does not hand over yet
// (see [itsm.EventLog].Since) are not in it, and records that are purged meanwhile may be in it halfway.
func (d *Database) At(ctx context.Context, at time.Time) (Snapshot, error) {
	in, err := d.seesAll(ctx)
	if err != nil {
		return Snapshot{}, err
	}
	if at, err = d.past("at", at); err != nil {
		return Snapshot{}, err
	}
	records := newHistory(d)
	if err := d.replay(ctx, in, func(e *itsm.Event) error {
		if e.Time.After(at) {
			return nil
		}
		return records.fold(e)
	}); err != nil {
		return Snapshot{}, err
	}
	return d.snapshot(ctx, in, records, at)
}

// GraphOf compiles the graph of a snapshot as [Database.Graph] does that of now.
func (d *Database) GraphOf(ctx context.Context, s Snapshot) (Live, error) {
	in, err := scope(ctx)
	if err != nil {
		return Live{}, err
	}
	return d.live(ctx, in,
		func(yield func(Relation, error) bool) {
			for _, r := range s.Relations {
				if r.State == Active && !yield(r, nil) {
					return
				}
			}
		},
		func(yield func(Item, error) bool) {
			for _, x := range s.Items {
				if x.IsLive() && !yield(x, nil) {
					return
				}
			}
		})
}

// past returns an instant that has come; the zero time is now.
func (d *Database) past(field string, at time.Time) (time.Time, error) {
	now := d.config.Clock.Now()
	switch at = itsm.Instant(at); {
	case at.IsZero():
		return now, nil
	case at.After(now):
		return at, itsm.Invalid(field, "in_the_future", "value", at.Format(time.RFC3339Nano), "latest", now.Format(time.RFC3339Nano))
	}
	return at, nil
}

// seesAll returns the tenant of an actor who may see everything of both kinds, and refuses any other.
func (d *Database) seesAll(ctx context.Context) (itsm.Scope, error) {
	in, err := scope(ctx)
	if err != nil {
		return in, err
	}
	actor, _ := itsm.ActorFrom(ctx)
	if actor.IsSystem() {
		return in, ctx.Err()
	}
	if actor.ID == "" {
		return in, &itsm.ForbiddenError{Why: "the actor has no ID", Hint: "set Actor.ID"}
	}
	for _, kind := range [...]string{ItemName, RelationName} {
		view, err := d.config.Policy.See(ctx, &actor, kind)
		switch {
		case ctx.Err() != nil:
			return in, ctx.Err()
		case err != nil:
			return in, &itsm.ForbiddenError{Why: actor.ID + " may not see " + kind, Cause: err}
		case view.Any != nil || view.PublicOnly || len(view.Hidden) > 0:
			return in, &itsm.ForbiddenError{Why: "the history of all items and relations is for those who may see everything of them, and " + actor.ID +
				" sees a part of " + kind, Hint: "a policy that gives the actor the zero View of both kinds; AsOf of a desk for a single record"}
		}
	}
	return in, nil
}

// replay hands over the events of items and relations of a tenant, and those of more kinds of the store, in the order in
// which they were stored.
func (d *Database) replay(ctx context.Context, in itsm.Scope, see func(*itsm.Event) error, more ...string) error {
	kinds := append([]string{ItemName, RelationName}, more...)
	for after := itsm.Position(""); ; {
		events, end, err := d.config.Items.Since(ctx, after, itsm.MaxPage, kinds...)
		if err != nil {
			return err
		}
		for i := range events {
			if events[i].Tenant != in.Tenant {
				continue
			}
			if err := see(&events[i]); err != nil {
				return err
			}
		}
		if len(events) == 0 || end == after {
			return ctx.Err()
		}
		after = end
	}
}

// history is the records as far as their events were folded.
type history struct {
	items, relations *itsm.Shape
	item             map[itsm.ID]*Item
	relation         map[itsm.ID]*Relation
}

func newHistory(d *Database) *history {
	return &history{items: d.Items.Kind().Shape(), relations: d.Relations.Kind().Shape(), item: map[itsm.ID]*Item{}, relation: map[itsm.ID]*Relation{}}
}

// fold changes a record by its next event. The event of another kind changes nothing.
func (h *history) fold(e *itsm.Event) error {
	switch e.Subject.Kind {
	case ItemName:
		return h.items.Fold(recordOf(h.item, e.Subject.ID), e)
	case RelationName:
		return h.relations.Fold(recordOf(h.relation, e.Subject.ID), e)
	}
	return nil
}

// recordOf returns the record of an ID, a new one for the first event.
func recordOf[T any](records map[itsm.ID]*T, id itsm.ID) *T {
	rec := records[id]
	if rec == nil {
		rec = new(T)
		records[id] = rec
	}
	return rec
}

// snapshot returns the records as they are folded now.
func (d *Database) snapshot(ctx context.Context, in itsm.Scope, h *history, at time.Time) (Snapshot, error) {
	known, err := d.known(ctx, in)
	if err != nil {
		return Snapshot{}, err
	}
	return Snapshot{At: at, Items: byID(h.item), Relations: byID(h.relation), model: known.judge.model}, nil
}

func byID[T any](records map[itsm.ID]*T) []T {
	ids := slices.SortedFunc(maps.Keys(records), func(a, b itsm.ID) int { return bytes.Compare(a[:], b[:]) })
	out := make([]T, len(ids))
	for i, id := range ids {
		out[i] = *records[id]
	}
	return out
}
