// Package sample fills stores with arbitrary histories, for tests that compare whole stores.
package sample

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
	"github.com/itsmkit/itsm/store/storetest"
)

// Store is a store of any sort.
type Store interface {
	archive.Source
	archive.Target
	itsm.EventLog
	itsm.Consumers
}

// Host is a store with the desks that fill it. Its clock and its IDs repeat themselves, so that two of them can be led
// through the same history.
type Host struct {
	Store  Store
	Things itsm.Repository[storetest.Thing]
	Others itsm.Repository[storetest.Other]

	things *itsm.Desk[storetest.Thing]
	others *itsm.Desk[storetest.Other]
	ticks  int
	made   int
	ids    []itsm.ID
}

// New returns the host of a store, which has been given the kinds of storetest.
func New(s Store, things itsm.Repository[storetest.Thing], others itsm.Repository[storetest.Other]) (*Host, error) {
	h := &Host{Store: s, Things: things, Others: others}
	policy := itsm.AllowAll | itsm.AllowRedact | itsm.AllowPurge | itsm.AllowImport
	id := func(time.Time) itsm.ID { // out of order
		h.made++
		return itsm.ID{byte(h.made * 37), byte(h.made >> 8), 7}
	}
	var err, also error
	h.things, err = itsm.NewDesk(storetest.Things(), itsm.Config[storetest.Thing]{Repository: things, Policy: policy, Clock: h.now, NewID: id})
	h.others, also = itsm.NewDesk(storetest.Others(), itsm.Config[storetest.Other]{Repository: others, Policy: policy, Clock: h.now, NewID: id})
	return h, errors.Join(err, also)
}

// now goes on by 13 ms each time that it is read.
func (h *Host) now() time.Time {
	h.ticks++
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(h.ticks) * 13 * time.Millisecond)
}

// Follow lets the clock and the IDs go on where another host's are.
func (h *Host) Follow(o *Host) {
	h.ticks, h.made, h.ids = o.ticks, o.made, append([]itsm.ID(nil), o.ids...)
}

// Step is one thing that happens to a store.
type Step struct {
	What, Tenant, Text string
	At, N              int
}

// Draw makes a step of numbers, each below a bound, that a test draws.
func Draw(below func(int) int) Step {
	one := func(of ...string) string { return of[below(len(of))] }
	return Step{
		What:   one("create", "create", "found", "put", "put", "set", "finish", "drop", "comment", "relate", "redact", "purge", "forget", "consumer"),
		Tenant: one("", "acme", "zeta"), Text: one("", "mail", "<b>\"é\"&\n", "ÄÖ \u2028", "{}"), At: below(20), N: below(7),
	}
}

// Do takes a step; it may be refused.
func (h *Host) Do(s Step) error {
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Name: "Ann Ä", Tenant: s.Tenant})
	opts := []itsm.DoOption{itsm.Note(s.Text, s.N > 3)}
	if s.N%2 == 0 {
		opts = append(opts, itsm.IdempotencyKey(fmt.Sprint("<k>", s.What, s.At)))
	}
	var id itsm.ID
	if len(h.ids) > 0 {
		id = h.ids[s.At%len(h.ids)]
	}
	switch s.What {
	case "create":
		a := storetest.Create{Content: s.content()}
		if s.N > 2 {
			a.Attributes = itsm.Attributes{{Key: "note", Value: `"<` + fmt.Sprint(s.N) + `>"`}}
		}
		rec, err := h.things.Open(ctx, a, append(opts, itsm.External(fmt.Sprint("e", s.At)))...)
		return h.keep(rec.ID, err)
	case "found":
		rec, err := h.others.Open(ctx, storetest.Found{As: s.Text}, opts...)
		return h.keep(rec.ID, err)
	case "put":
		return second(h.things.Do(ctx, id, storetest.Put{Content: s.content()}, opts...))
	case "set":
		return second(h.others.Do(ctx, id, storetest.Set{Count: s.N}, opts...))
	case "finish":
		return second(h.things.Do(ctx, id, storetest.Finish{}, opts...))
	case "drop":
		return second(h.others.Do(ctx, id, storetest.Drop{}, opts...))
	case "comment":
		return second(h.things.Do(ctx, id, itsm.Comment[storetest.Thing]{Text: s.Text, Public: s.N > 3}))
	case "relate":
		return second(h.things.Do(ctx, id, itsm.Relate[storetest.Thing]{Type: "about", To: itsm.Ref{Kind: "other", ID: id}}))
	case "redact":
		return second(h.things.Redact(ctx, id, itsm.Redaction{Paths: []string{"content.title", "content.tags"}, Reason: "asked"}))
	case "purge":
		_, err := h.things.Purge(ctx, h.now().Add(-time.Duration(s.N)*50*time.Millisecond), 1+s.At)
		_, also := h.others.Purge(ctx, h.now(), 1+s.N)
		return errors.Join(err, also)
	case "forget":
		return h.Things.Erase(ctx, itsm.Scope{Tenant: s.Tenant}, itsm.Erasure[storetest.Thing]{Keys: h.now().Add(-100 * time.Millisecond)})
	case "consumer":
		return h.consume(ctx, s)
	}
	return fmt.Errorf("sample: there is no step %q", s.What)
}

func (h *Host) keep(id itsm.ID, err error) error {
	if err == nil {
		h.ids = append(h.ids, id)
	}
	return err
}

func second[T any](_ T, err error) error { return err }

func (s Step) content() storetest.Content {
	c := storetest.Content{Title: s.Text, Body: s.Text + s.Text, Count: s.N, Big: int64(s.At) << 55, Tags: []string{"t" + s.Text, "a"}, Flag: s.N > 3}
	if s.N > 4 {
		c.Code, c.Pause = fmt.Sprint(s.At), &storetest.Pause{Reason: "<p>"}
		c.Due = time.Date(1, 1, s.At+1, 0, 0, 0, 1e6, time.UTC)
		c.Parts = []storetest.Part{{ID: "b", Name: s.Text}, {ID: "a"}}
	}
	return c
}

// consume lets a consumer read some events, park the first of them and fail on the last.
func (h *Host) consume(ctx context.Context, s Step) error {
	c, err := h.Store.LoadConsumer(ctx, "sla")
	if errors.Is(err, itsm.ErrNotFound) {
		c, err = itsm.Consumer{Name: "sla"}, nil
	}
	if err != nil {
		return err
	}
	events, next, err := h.Store.Since(ctx, c.Position, 1+s.N)
	if err != nil || len(events) == 0 {
		return err
	}
	c.Position, c.Handled, c.Last, c.Failing, c.Error = next, c.Handled+int64(len(events)), events[0].RecordedAt, &events[len(events)-1], s.Text
	c.Parked = append(c.Parked, itsm.Parked{Event: itsm.Event{Subject: events[0].Subject, Version: 1}, Reason: s.Text, At: h.now()})
	c.Version++
	return h.Store.SaveConsumer(ctx, c)
}
