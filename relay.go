package itsm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Handler reacts to events: clocks, measures, costs, notifications. It gets each event at least once, in the
// order of the store, in the context of [System] in the events' tenant; it is idempotent by the event's identity
// (Subject and Version).
type Handler interface {
	// Consumer names the handler for ever: its position is kept under the name, which no other handler has. A new name
	// begins with the oldest event; a handler that is to begin today passes over what was recorded before.
	Consumer() string
	// Kinds are the kinds whose events it gets; none are all.
	Kinds() []string
	// Handle handles events of one tenant in their order, and returns how many it has handled: fewer than all only
	// with the error of the one behind them. [Each] does that for a handler of single events.
	Handle(ctx context.Context, events []Event) (handled int, err error)
}

// Each handles events one by one, for [Handler.Handle]. A panic is the failure of its event.
func Each(events []Event, handle func(Event) error) (handled int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	for ; handled < len(events); handled++ {
		if err := handle(events[handled]); err != nil {
			return handled, err
		}
	}
	return handled, nil
}

func panicked(p any) error { return fmt.Errorf("the handler panicked: %v", p) }

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
	done, failure := r.hand(ctx, h, events)
	if done > 0 {
		c.Handled, c.Last = c.Handled+int64(done), events[done-1].RecordedAt
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
		at := outline(e)
		c.Failing, c.Error, c.Next = &at, clipError(failure), now.Add(r.backoff(c.Attempts))
	case done < len(events):
	default:
		if end == c.Position && c.Failing == nil {
			return 0, ctx.Err()
		}
		c.Failing, c.Error, c.Attempts, c.Next = nil, "", 0, time.Time{}
		c.Position = end
	}
	if done > 0 && done < len(events) {
		if err := r.pass(context.WithoutCancel(ctx), &c, h, events[:done]); err != nil {
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
		return done, &HandlerError{Consumer: c.Name, Event: events[done], Attempts: c.Attempts, Next: c.Next, Cause: failure}
	}
	return done, ctx.Err()
}

// pass moves the position of a consumer behind some events, which it asks for again: their end is the position.
// Where they are no longer what follows (one was purged in between) the position stays, and they are handed over
// once more.
func (r *Relay) pass(ctx context.Context, c *Consumer, h Handler, events []Event) error {
	again, end, err := r.Log.Since(ctx, c.Position, len(events), h.Kinds()...)
	if err == nil && len(again) == len(events) && again[len(again)-1].ID() == events[len(events)-1].ID() {
		c.Position = end
	}
	return err
}

// outline leaves out of an event what a redaction might have to replace.
func outline(e Event) Event {
	e.Note, e.Key, e.Digest, e.Facts, e.Changes = "", "", "", nil, nil
	return e
}

// hand hands events over, tenant by tenant, and returns how many were handled before the one that fails.
func (r *Relay) hand(ctx context.Context, h Handler, events []Event) (done int, err error) {
	for done < len(events) {
		end := done + 1
		for end < len(events) && events[end].Tenant == events[done].Tenant {
			end++
		}
		n, err := r.handle(ctx, h, events[done:end])
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// handle calls the handler; a panic is a failure.
func (r *Relay) handle(ctx context.Context, h Handler, events []Event) (handled int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	defer func() {
		if p := recover(); p != nil {
			handled, err = 0, panicked(p)
		}
	}()
	handled, err = h.Handle(System(ctx, events[0].Tenant), events)
	if err == nil && handled != len(events) || handled < 0 || handled > len(events) {
		return 0, errors.Join(fmt.Errorf("the handler says that it handled %d of %d events", handled, len(events)), err)
	}
	return handled, err
}

// Run steps all handlers in turn until none has anything to do, or the context ends. It returns the failures
// joined, having gone on with the other handlers.
func (r *Relay) Run(ctx context.Context, handlers ...Handler) error {
	for i, h := range handlers {
		if slices.ContainsFunc(handlers[:i], func(o Handler) bool { return o.Consumer() == h.Consumer() }) {
			return fmt.Errorf("itsm: Relay.Run: two handlers are named %s: they would share one position, and each miss events", h.Consumer())
		}
	}
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

func (r *Relay) backoff(attempts int) time.Duration {
	if r.Backoff != nil {
		return r.Backoff(attempts)
	}
	return min(time.Second<<min(attempts-1, 12), 10*time.Minute)
}

// clipError returns the text of an error as every store can keep it.
func clipError(err error) string {
	s := err.Error()
	if len(s) > maxLine {
		s = s[:maxLine]
	}
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", " "), "\uFFFD")
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
