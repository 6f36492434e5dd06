package itsm

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Consumer is how far a handler has come.
type Consumer struct {
	Name     string    `json:"name"`
	Position Position  `json:"position"`
	Handled  int64     `json:"handled"`            // events handled
	Last     time.Time `json:"last,omitzero"`      // RecordedAt of the last event handled
	Failing  *Event    `json:"failing,omitempty"`  // the event that it fails on, in outline: the position does not move
	Error    string    `json:"error,omitempty"`    // the last failure
	Attempts int       `json:"attempts,omitempty"` // how often it failed on the event
	Next     time.Time `json:"next,omitzero"`      // not tried again before
	Parked   []Parked  `json:"parked,omitempty"`   // events put aside by a person
	Version  int64     `json:"version"`            // counts up with each save
}

// Parked is an event that a person put aside, so that the others go on. Event is its outline: its values stay
// in the history alone, where they can be redacted.
type Parked struct {
	Event  Event     `json:"event"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Error  string    `json:"error,omitempty"`
}

// Consumers keeps the positions of handlers. SaveConsumer stores c iff the stored version is c.Version-1 (none
// is 0), else it returns a *ConflictError: two relays never move one consumer at the same time.
type Consumers interface {
	LoadConsumer(ctx context.Context, name string) (Consumer, error) // an error matching ErrNotFound if there is none
	SaveConsumer(ctx context.Context, c Consumer) error
}

// Park puts the failing event of a handler aside, with a reason, so that the handler goes on behind it. The
// actor of the context is named. Without a failing event it is [ErrNotAllowed].
func (r *Relay) Park(ctx context.Context, h Handler, reason string) error {
	actor, err := actorFrom(ctx)
	if err != nil {
		return err
	}
	if code := checkText(reason, maxLine); code != "" {
		return Invalid("reason", code, "max", strconv.Itoa(maxLine))
	}
	if strings.TrimSpace(reason) == "" {
		return Invalid("reason", "required")
	}
	c, err := r.Status(ctx, h.Consumer())
	if err != nil {
		return err
	}
	if c.Failing == nil {
		return Deny("nothing_fails", "consumer", c.Name)
	}
	if err := r.pass(ctx, &c, h, []Event{*c.Failing}); err != nil {
		return err
	}
	c.Parked = append(append([]Parked(nil), c.Parked...), Parked{Event: *c.Failing, Reason: reason, By: actor.ID, At: r.Clock.Now(), Error: c.Error})
	c.Failing, c.Error, c.Attempts, c.Next = nil, "", 0, time.Time{}
	c.Version++
	return r.Consumers.SaveConsumer(ctx, c)
}

// Replay hands a handler its parked events again, in their order. Those that it handles now are no longer
// parked, nor are those that were purged; it ends at the first that fails.
func (r *Relay) Replay(ctx context.Context, h Handler) (int, error) {
	c, err := r.Status(ctx, h.Consumer())
	if err != nil {
		return 0, err
	}
	done, gone := 0, 0
	var failure, broken error
	for failure == nil && broken == nil && done+gone < len(c.Parked) {
		var e Event
		if e, broken = r.full(ctx, c.Parked[done+gone].Event); errors.Is(broken, ErrNotFound) {
			gone, broken = gone+1, nil
		} else if broken == nil {
			if _, failure = r.handle(ctx, h, []Event{e}); failure == nil {
				done++
			}
		}
	}
	if done+gone > 0 {
		c.Parked = append([]Parked(nil), c.Parked[done+gone:]...)
		c.Version++
		if err := r.Consumers.SaveConsumer(context.WithoutCancel(ctx), c); err != nil {
			return 0, err
		}
	}
	if failure != nil {
		return done, &HandlerError{Consumer: c.Name, Event: c.Parked[0].Event, Attempts: 1, Cause: failure}
	}
	return done, broken
}

// full reads the event of an outline; ErrNotFound if it was purged.
func (r *Relay) full(ctx context.Context, e Event) (Event, error) {
	page, err := r.Log.History(ctx, Scope{Tenant: e.Tenant}, e.Subject, PageRequest{Limit: 1, Cursor: HistoryCursor(e.Subject, e.Version-1)})
	if err != nil {
		return Event{}, err
	}
	if len(page.Items) == 0 || page.Items[0].Version != e.Version {
		return Event{}, fmt.Errorf("event %s: %w", e.ID(), ErrNotFound)
	}
	return page.Items[0], nil
}
