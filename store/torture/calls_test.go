package torture_test

import (
	"context"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/storetest"
)

// call is one call of a store, always the same: it can be made again after a fault.
type call struct {
	name string
	make func(ctx context.Context, o *opened) (any, error)
	// parts are the calls whose effects may stand alone, where a part may fail and the call goes on.
	parts []string
}

// base is what a store holds before each call.
type base struct {
	one, two incident.Incident
	other    storetest.Other
	at       time.Time
}

var acme = itsm.Scope{Tenant: tenants[0]}

// fill puts the base into an empty store.
func fill(ctx context.Context, o *opened) (b base, err error) {
	ctx = itsm.System(ctx, acme.Tenant)
	incidents, others := o.desks()
	if b.one, err = incidents.Open(ctx, reported("1"), itsm.IdempotencyKey("1")); err != nil {
		return b, err
	}
	if b.one, err = incidents.Do(ctx, b.one.ID, incident.Watch{Who: "bo"}); err != nil {
		return b, err
	}
	if b.two, err = incidents.Open(ctx, reported("2")); err != nil {
		return b, err
	}
	if b.other, err = others.Open(ctx, storetest.Found{As: "first"}); err != nil {
		return b, err
	}
	b.at = b.other.UpdatedAt.Add(time.Second)
	return b, o.store.SaveConsumer(ctx, itsm.Consumer{Name: "mail", Version: 1})
}

// commit makes the commit of an action: the same each time.
func commit[T any](k *itsm.Kind[T], rec T, a itsm.Action[T], b base) itsm.Commit[T] {
	actor := itsm.Actor{ID: "ann"}
	out, e, err := k.Apply(rec, a, itsm.Moment{Time: b.at, Actor: &actor})
	if err != nil {
		panic(err) // the actions are constants
	}
	return itsm.Commit[T]{Record: &out, Event: e}
}

// opening makes a commit that opens a record, with a number to draw.
func opening[T any](k *itsm.Kind[T], a itsm.Action[T], b base, id byte) itsm.Commit[T] {
	var rec T
	h := k.Shape().Header(&rec)
	h.ID, h.Tenant = itsm.NewID(b.at), acme.Tenant
	copy(h.ID[8:], []byte{0x80, id, 1, 1, 1, 1, 1, 1})
	h.ID[6], h.ID[7] = 0x70, id
	c := commit(k, rec, a, b)
	c.Draw = k.Shape().Sequence()
	return c
}

func writeOf[T any](kind string, c itsm.Commit[T]) itsm.Write {
	return itsm.Write{Kind: kind, Record: c.Record, Event: c.Event, Draw: c.Draw}
}

// calls are those of every method that reaches the database.
func calls(b base) []call { return append(writing(b), reading(b)...) }

// writing are the calls that change something.
func writing(b base) []call {
	incidents, others := incident.Kind(), storetest.Others()
	edit := incident.Edit{Title: "changed", Caller: "someone else"}
	open := func() itsm.Commit[incident.Incident] {
		c := opening[incident.Incident](incidents, reported("3"), b, 3)
		c.Event.Key, c.Event.Digest, c.Event.RecordedAt = "3", "digest", b.at
		return c
	}
	openOther := func() itsm.Commit[storetest.Other] {
		return opening[storetest.Other](others, storetest.Found{As: "second"}, b, 4)
	}
	act := func() itsm.Commit[incident.Incident] { return commit[incident.Incident](incidents, b.one, edit, b) }
	nothing := func(err error) (any, error) { return nil, err }
	one := b.one.Ref(incident.Name)
	return []call{
		{name: "open", make: func(ctx context.Context, o *opened) (any, error) { return nothing(o.incidents.Save(ctx, acme, open())) }},
		{name: "act", make: func(ctx context.Context, o *opened) (any, error) { return nothing(o.incidents.Save(ctx, acme, act())) }},
		{name: "open other", make: func(ctx context.Context, o *opened) (any, error) {
			return nothing(o.others.Save(ctx, acme, openOther()))
		}},
		{name: "batch", make: func(ctx context.Context, o *opened) (any, error) {
			opened := open()
			watched := commit[incident.Incident](incidents, *opened.Record, incident.Watch{Who: "cy"}, b)
			watched.Draw = opened.Draw
			return nothing(o.incidents.Save(ctx, acme, opened, watched, act()))
		}},
		{name: "two kinds", make: func(ctx context.Context, o *opened) (any, error) {
			return nothing(o.store.SaveAll(ctx, acme, []itsm.Write{writeOf(incident.Name, act()), writeOf("other", openOther())},
				itsm.Expect{Of: b.two.Ref(incident.Name), Version: b.two.Version}))
		}},
		{name: "transaction", make: func(ctx context.Context, o *opened) (any, error) {
			return nothing(o.store.InTx(ctx, func(ctx context.Context) error {
				if err := o.incidents.Save(ctx, acme, act()); err != nil {
					return err
				}
				if _, err := o.incidents.Get(ctx, acme, b.one.ID, b.two.ID); err != nil {
					return err
				}
				return o.others.Save(ctx, acme, openOther())
			}))
		}},
		{name: "transaction that goes on", parts: []string{"act", "open other"}, make: func(ctx context.Context, o *opened) (any, error) {
			return nothing(o.store.InTx(ctx, func(ctx context.Context) error {
				first := o.incidents.Save(ctx, acme, act())
				if second := o.others.Save(ctx, acme, openOther()); first != nil {
					return second
				}
				return nil
			}))
		}},
		{name: "redact", make: func(ctx context.Context, o *opened) (any, error) {
			page, err := o.incidents.History(ctx, acme, one, itsm.PageRequest{})
			if err != nil {
				return nil, err
			}
			if int64(len(page.Items)) != b.one.Version {
				return nil, fmt.Errorf("%w: %d events", itsm.ErrConflict, len(page.Items)) // an earlier call did it
			}
			c := commit[incident.Incident](incidents, b.one, edit, b)
			return nothing(o.incidents.Erase(ctx, acme, itsm.Erasure[incident.Incident]{Of: one, Version: b.one.Version, Record: c.Record, Events: append(page.Items, c.Event)}))
		}},
		{name: "purge", make: func(ctx context.Context, o *opened) (any, error) {
			return nothing(o.incidents.Erase(ctx, acme, itsm.Erasure[incident.Incident]{Of: one, Version: b.one.Version}))
		}},
		{name: "forget keys", make: func(ctx context.Context, o *opened) (any, error) {
			return nothing(o.incidents.Erase(ctx, acme, itsm.Erasure[incident.Incident]{Keys: b.at}))
		}},
		{name: "save consumer", make: func(ctx context.Context, o *opened) (any, error) {
			return nothing(o.store.SaveConsumer(ctx, itsm.Consumer{Name: "mail", Version: 2, Position: "1"}))
		}},
	}
}

// reading are the calls that change nothing.
func reading(b base) []call {
	return []call{
		{name: "load consumer", make: func(ctx context.Context, o *opened) (any, error) { return o.store.LoadConsumer(ctx, "mail") }},
		{name: "get", make: func(ctx context.Context, o *opened) (any, error) { return o.incidents.Get(ctx, acme, b.one.ID) }},
		{name: "get two", make: func(ctx context.Context, o *opened) (any, error) {
			return o.incidents.Get(ctx, acme, b.one.ID, b.two.ID, b.other.ID)
		}},
		{name: "find", make: func(ctx context.Context, o *opened) (any, error) {
			return o.incidents.Find(ctx, acme, itsm.Where(incident.ByPriority.Is(b.one.Priority)).Matching("kept"), itsm.PageRequest{Limit: 1})
		}},
		{name: "count", make: func(ctx context.Context, o *opened) (any, error) {
			return o.incidents.Count(ctx, acme, itsm.Query[incident.Incident]{}.Scanning(), "watcher", "caller")
		}},
		{name: "history", make: func(ctx context.Context, o *opened) (any, error) {
			return o.incidents.History(ctx, acme, b.one.Ref(incident.Name), itsm.PageRequest{})
		}},
		{name: "since", make: func(ctx context.Context, o *opened) (any, error) {
			events, at, err := o.store.Since(ctx, "", 3)
			return []any{events, at}, err
		}},
		{name: "by key", make: func(ctx context.Context, o *opened) (any, error) {
			return o.incidents.ByKey(ctx, acme, incident.Name, "1")
		}},
	}
}

// dumped makes all calls that only read.
func dumped(ctx context.Context, o *opened) (int, error) {
	incidents, err := everything(ctx, o.incidents, acme.Tenant)
	if err != nil {
		return 0, err
	}
	others, err := everything(ctx, o.others, acme.Tenant)
	if err != nil {
		return 0, err
	}
	events, _, err := o.store.Since(ctx, "", itsm.MaxPage)
	return len(incidents) + len(others) + len(events), err
}
