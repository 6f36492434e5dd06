package itsm

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Handler reacts to events: clocks, measures, costs, notifications. It gets each event at least once, in the
// order of the store, in the context of [System] in the event's tenant; it is idempotent by the event's
// identity (Subject and Version).
type Handler interface {
	// Consumer names the handler for ever: its position is kept under the name.
	Consumer() string
	// Kinds are the kinds whose events it gets; none are all.
	Kinds() []string
	Handle(ctx context.Context, e Event) error
}

// Consumer is how far a handler has come.
type Consumer struct {
	Name     string    `json:"name"`
	Position Position  `json:"position"`
	Handled  int64     `json:"handled"`            // events handled
	Last     time.Time `json:"last,omitzero"`      // RecordedAt of the last event handled
	Failing  *Event    `json:"failing,omitempty"`  // the event that it fails on: the position does not move
	Error    string    `json:"error,omitempty"`    // the last failure
	Attempts int       `json:"attempts,omitempty"` // how often it failed on the event
	Next     time.Time `json:"next,omitzero"`      // not tried again before
	Parked   []Parked  `json:"parked,omitempty"`   // events put aside by a person
	Version  int64     `json:"version"`            // counts up with each save
}

// Parked is an event that a person put aside, so that the others go on.
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

// Relay hands the events of a store to handlers. It starts no goroutine: the host calls Run or Step.
type Relay struct {
	Log       EventLog
	Consumers Consumers
	Clock     Clock
	Batch     int                              // events read at a time; 0 is 500
	Backoff   func(attempts int) time.Duration // nil: 1 s doubled up to 10 minutes
}

// NewRelay returns a relay from a store that keeps both.
func NewRelay(store interface {
	EventLog
	Consumers
}) *Relay {
	return &Relay{Log: store, Consumers: store}
}

// Step hands a handler the events that there are now, up to one batch, and stores how far it came. It returns
// the number handled; 0 without an error means that there is nothing to do, or that a failing event waits for
// its next try. A failure of the handler is kept in the consumer and returned as a *HandlerError.
func (r *Relay) Step(ctx context.Context, h Handler) (int, error) {
	c, err := r.Status(ctx, h.Consumer())
	if err != nil {
		return 0, err
	}
	now := r.Clock.Now()
	if c.Failing != nil && now.Before(c.Next) {
		return 0, nil
	}
	limit := r.Batch
	if limit <= 0 {
		limit = 500
	}
	events, end, err := r.Log.Since(ctx, c.Position, limit, h.Kinds()...)
	if err != nil {
		return 0, err
	}
	done, failure := 0, error(nil)
	for i := range events {
		if failure = r.handle(ctx, h, events[i]); failure != nil {
			break
		}
		done++
		c.Handled, c.Last = c.Handled+1, events[i].RecordedAt
	}
	if ctx.Err() != nil {
		if failure = nil; done == 0 { // the call was ended, the handler is not at fault
			return 0, ctx.Err()
		}
	}
	switch {
	case failure != nil:
		e := events[done]
		if c.Failing == nil || c.Failing.ID() != e.ID() {
			c.Attempts = 0
		}
		c.Attempts++
		c.Failing, c.Error, c.Next = &e, clipError(failure), now.Add(r.backoff(c.Attempts))
	case done < len(events):
	default:
		c.Failing, c.Error, c.Attempts, c.Next = nil, "", 0, time.Time{}
		if end == c.Position {
			return 0, ctx.Err()
		}
		c.Position = end
	}
	if done > 0 && done < len(events) { // ask again for those handled only: their end is the position
		if _, c.Position, err = r.Log.Since(ctx, c.Position, done, h.Kinds()...); err != nil {
			return 0, err
		}
		if failure == nil {
			c.Failing, c.Error, c.Attempts, c.Next = nil, "", 0, time.Time{}
		}
	}
	c.Version++
	if err := r.Consumers.SaveConsumer(context.WithoutCancel(ctx), c); err != nil {
		return 0, err
	}
	if failure != nil {
		return done, &HandlerError{Consumer: c.Name, Event: *c.Failing, Attempts: c.Attempts, Next: c.Next, Cause: failure}
	}
	return done, ctx.Err()
}

// handle calls the handler; a panic is a failure.
func (r *Relay) handle(ctx context.Context, h Handler, e Event) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the handler panicked: %v", p)
		}
	}()
	return h.Handle(System(ctx, e.Tenant), e)
}

// Run steps all handlers in turn until none has anything to do, or the context ends. It returns the failures
// joined, having gone on with the other handlers.
func (r *Relay) Run(ctx context.Context, handlers ...Handler) error {
	var failures []error
	active := append([]Handler(nil), handlers...)
	for len(active) > 0 {
		still := active[:0]
		for _, h := range active {
			n, err := r.Step(ctx, h)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				failures = append(failures, err)
				continue
			}
			if n > 0 {
				still = append(still, h)
			}
		}
		active = still
	}
	return errors.Join(failures...)
}

// Status returns how far a consumer has come.
func (r *Relay) Status(ctx context.Context, consumer string) (Consumer, error) {
	if !validName(consumer) {
		return Consumer{}, Invalid("consumer", "name", "value", clip(consumer), "want", nameRule)
	}
	c, err := r.Consumers.LoadConsumer(ctx, consumer)
	if errors.Is(err, ErrNotFound) {
		return Consumer{Name: consumer}, nil
	}
	return c, err
}

// Lag is how far a handler is behind.
type Lag struct {
	Events int           `json:"events"` // waiting; counted up to 10,000
	Oldest time.Duration `json:"oldest"` // since the oldest of them was recorded
}

// Lag returns how far a handler is behind.
func (r *Relay) Lag(ctx context.Context, h Handler) (Lag, error) {
	c, err := r.Status(ctx, h.Consumer())
	if err != nil {
		return Lag{}, err
	}
	var l Lag
	for at := c.Position; l.Events < 10_000; {
		events, end, err := r.Log.Since(ctx, at, MaxPage, h.Kinds()...)
		if err != nil {
			return Lag{}, err
		}
		if len(events) > 0 && l.Events == 0 {
			l.Oldest = max(0, r.Clock.Now().Sub(events[0].RecordedAt))
		}
		l.Events += len(events)
		if end == at || len(events) == 0 {
			break
		}
		at = end
	}
	return l, nil
}

// Park puts the failing event of a handler aside, with a reason, so that the handler goes on behind it. The
// actor of the context is named. Without a failing event it is [ErrNotAllowed].
func (r *Relay) Park(ctx context.Context, h Handler, reason string) error {
	actor, err := actorFrom(ctx)
	if err != nil {
		return err
	}
	if reason == "" || checkText(reason, maxLine) != "" {
		return Invalid("reason", "required", "max", "1000")
	}
	c, err := r.Status(ctx, h.Consumer())
	if err != nil {
		return err
	}
	if c.Failing == nil {
		return Deny("nothing_fails", "consumer", c.Name)
	}
	_, end, err := r.Log.Since(ctx, c.Position, 1, h.Kinds()...)
	if err != nil {
		return err
	}
	c.Parked = append(append([]Parked(nil), c.Parked...), Parked{Event: *c.Failing, Reason: reason, By: actor.ID, At: r.Clock.Now(), Error: c.Error})
	c.Position, c.Failing, c.Error, c.Attempts, c.Next = end, nil, "", 0, time.Time{}
	c.Version++
	return r.Consumers.SaveConsumer(ctx, c)
}

// Replay hands a handler its parked events again, in their order. Those that it handles now are no longer
// parked; it ends at the first that fails.
func (r *Relay) Replay(ctx context.Context, h Handler) (int, error) {
	c, err := r.Status(ctx, h.Consumer())
	if err != nil {
		return 0, err
	}
	done := 0
	var failure error
	for done < len(c.Parked) {
		if failure = r.handle(ctx, h, c.Parked[done].Event); failure != nil {
			break
		}
		done++
	}
	if done > 0 {
		c.Parked = append([]Parked(nil), c.Parked[done:]...)
		c.Version++
		if err := r.Consumers.SaveConsumer(context.WithoutCancel(ctx), c); err != nil {
			return 0, err
		}
	}
	if failure != nil {
		return done, &HandlerError{Consumer: c.Name, Event: c.Parked[0].Event, Attempts: 1, Cause: failure}
	}
	return done, nil
}

func (r *Relay) backoff(attempts int) time.Duration {
	if r.Backoff != nil {
		return r.Backoff(attempts)
	}
	return min(time.Second<<min(attempts-1, 12), 10*time.Minute)
}

func clipError(err error) string {
	s := err.Error()
	if len(s) > maxLine {
		s = s[:maxLine]
	}
	return s
}

// HandlerError says on which event a handler failed.
type HandlerError struct {
	Consumer string
	Event    Event
	Attempts int
	Next     time.Time // when it will be tried again
	Cause    error
}

func (e *HandlerError) Error() string {
	return fmt.Sprintf("itsm: consumer %s: event %s (%s), attempt %d: %v", e.Consumer, e.Event.ID(), e.Event.Action, e.Attempts, e.Cause)
}

// Unwrap returns the handler's error.
func (e *HandlerError) Unwrap() error { return e.Cause }
