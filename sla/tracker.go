package sla

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/itsmkit/itsm"
)

// Tracker keeps the clocks of records: a handler of an itsm.Relay, for records of any kind. Its clocks are a function of
// the record's history and the rules: events that come again change nothing, a restart at any point goes on, and
// rebuilding from nothing gives the same.
//
// Events of one record that come together are stored together: a clock that began and stopped among them opens as
// decided, and its reading accounts for all that happened between. So does a clock of a history that is followed late.
//
// A Tracker remembers the records that it saw last; the others it rebuilds from their history. It is safe for
// concurrent use; its work is done in turn.
type Tracker struct {
	desk  *itsm.Desk[Clock]
	batch *itsm.Batch[Clock] // empty between calls
	log   itsm.EventLog
	mu    sync.Mutex
	rules *Rules
	met   map[string]bool // tenants whose clocks know at which dates these rules move them
	known map[itsm.Ref]*tracked
}

// tracked is a record under measurement, with its clocks as they are stored.
type tracked struct {
	of     *Case
	stored []held
	number string
	at     time.Time // of its last event
}

// held is a stored clock.
type held struct {
	id      itsm.ID
	version int64
	updated time.Time
	Snapshot
}

// Remember is how many records a tracker remembers.
const Remember = 20_000

// NewTracker returns a tracker that keeps clocks through a desk, by the events of a log.
func NewTracker(d *itsm.Desk[Clock], log itsm.EventLog, r *Rules) (*Tracker, error) {
	if d == nil || log == nil || r == nil {
		return nil, errors.New("sla: NewTracker: the desk, the log and the rules are required")
	}
	return &Tracker{desk: d, batch: d.Batch(), log: log, rules: r, met: map[string]bool{}, known: map[itsm.Ref]*tracked{}}, nil
}

// Use puts other rules in use, from the next event or sweep on. They must hold every agreement that clocks run or ran under.
func (t *Tracker) Use(r *Rules) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rules = r
	clear(t.met)
	clear(t.known)
}

// Consumer returns "sla.tracker".
func (t *Tracker) Consumer() string { return "sla.tracker" }

// Kinds returns the kinds of records that the rules are about.
func (t *Tracker) Kinds() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var kinds []string
	for kind := range t.rules.subjects {
		kinds = append(kinds, kind)
	}
	return kinds
}

// Handle follows events, all of one tenant, and saves what became of the clocks in one write. Where somebody else kept the
// same clocks meanwhile it looks again.
func (t *Tracker) Handle(ctx context.Context, events []itsm.Event) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	err := t.attempt(ctx, events)
	if errors.Is(err, itsm.ErrConflict) || errors.Is(err, itsm.ErrDuplicate) {
		err = t.attempt(ctx, events)
	}
	if err == nil {
		return len(events), nil
	}
	for i := range events { // none was saved: one by one, up to the event that fails
		if err := t.attempt(ctx, events[i:i+1]); err != nil {
			return i, err
		}
	}
	return len(events), nil
}

// attempt follows events; after an error it has forgotten their records. What events of one record that come together
// lead to is stored together.
func (t *Tracker) attempt(ctx context.Context, events []itsm.Event) (err error) {
	touched := map[itsm.Ref]*tracked{}
	defer func() {
		if err == nil {
			return
		}
		failed := map[itsm.Ref]bool{}
		for i := range events {
			failed[events[i].Subject] = true
		}
		t.forget(failed)
	}()
	b := t.batch
	var order []itsm.Ref
	for i := range events {
		e := &events[i]
		if t.rules.subjects[e.Subject.Kind] == nil {
			continue
		}
		x, err := t.follow(ctx, touched[e.Subject], e)
		if err != nil {
			return err
		}
		if touched[e.Subject] == nil {
			order = append(order, e.Subject)
		}
		touched[e.Subject] = x
	}
	for _, ref := range order {
		if err := t.settle(ctx, b, touched[ref]); err != nil {
			return err
		}
	}
	return b.Save(ctx)
}

// follow takes one event, on a record that is under way already or not (nil).
func (t *Tracker) follow(ctx context.Context, x *tracked, e *itsm.Event) (*tracked, error) {
	if x == nil {
		x = t.known[e.Subject]
	}
	switch {
	case x != nil && e.Version <= x.of.Version():
		return x, nil // it came again
	case x != nil && e.Version == x.of.Version()+1 && !e.Time.Before(x.of.last):
		return x, x.take(e)
	}
	return t.rebuild(ctx, e.Tenant, e.Subject)
}

// take goes on by an event.
func (x *tracked) take(e *itsm.Event) error {
	x.number, x.at = e.Number, e.Time
	return x.of.Take(e)
}

// settle notes again what a sweep had noted behind the last event, and stores what became of the clocks.
func (t *Tracker) settle(ctx context.Context, b *itsm.Batch[Clock], x *tracked) error {
	if x.of.Version() == 0 {
		return nil // it was purged
	}
	if err := x.of.Advance(x.swept()); err != nil {
		return err
	}
	return t.sync(ctx, b, x, x.at)
}

// remember keeps a record, and forgets another one where there are too many.
func (t *Tracker) remember(of itsm.Ref, x *tracked) {
	if len(t.known) >= Remember && t.known[of] == nil {
		for other := range t.known {
			delete(t.known, other)
			break
		}
	}
	t.known[of] = x
}

// rebuild takes a record's whole history, and goes on from the clocks that are stored. A record without a history was
// purged; its clocks stay.
func (t *Tracker) rebuild(ctx context.Context, tenant string, of itsm.Ref) (*tracked, error) {
	x := &tracked{of: t.rules.Case(of)}
	if err := t.recall(ctx, x, of); err != nil {
		return nil, err
	}
	in, p := itsm.Scope{Tenant: tenant}, itsm.PageRequest{Limit: itsm.MaxPage}
	for {
		page, err := t.log.History(ctx, in, of, p)
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			if err := x.take(&page.Items[i]); err != nil {
				return nil, err
			}
		}
		if p.Cursor = page.Next; p.Cursor == "" {
			break
		}
	}
	t.remember(of, x)
	return x, nil
}

// recall loads the stored clocks of a record.
func (t *Tracker) recall(ctx context.Context, x *tracked, of itsm.Ref) error {
	for c, err := range t.desk.All(ctx, itsm.Where(ByRecord.Is(of))) {
		if err != nil {
			return err
		}
		x.stored = append(x.stored, heldOf(&c))
	}
	return nil
}

func heldOf(c *Clock) held {
	return held{id: c.ID, version: c.Version, updated: c.UpdatedAt, Snapshot: Snapshot{c.State, c.Reading}}
}

// find returns the stored clock of a run, or nil.
func (x *tracked) find(r *run) *held {
	for i := range x.stored {
		if s := &x.stored[i].Reading; s.Type == r.Type && s.Target == r.Target && s.Round == r.Round {
			return &x.stored[i]
		}
	}
	return nil
}

// swept returns the last instant of which a sweep noted something on a stored clock.
func (x *tracked) swept() time.Time {
	var last time.Time
	for i := range x.stored {
		r := &x.stored[i].Reading
		for _, c := range r.Crossed {
			if c.At.After(last) {
				last = c.At
			}
		}
		if !r.BreachedAt.IsZero() && !r.BreachedAt.Before(last) {
			last = r.BreachedAt.Add(time.Millisecond)
		}
	}
	return last
}

// sync stores what differs between the clocks of a case and those that are stored.
func (t *Tracker) sync(ctx context.Context, b *itsm.Batch[Clock], x *tracked, at time.Time) error {
	for _, r := range x.of.runs {
		h := x.find(r)
		if h != nil && (x.of.version < h.Reading.Through || h.State == r.state && same(&h.Reading, &r.Reading)) {
			continue // it is ahead of this event, or shows the same
		}
		r.Through = x.of.version
		var err error
		if h == nil {
			err = t.begin(ctx, b, x, r, at)
		} else {
			err = t.write(ctx, b, h, r, at)
		}
		if err != nil {
			return fmt.Errorf("sla: clock %s of %s: %w", r.Target, x.of.ref, err)
		}
		r.dirty = false
	}
	return nil
}

// begin opens the clock of a run.
func (t *Tracker) begin(ctx context.Context, b *itsm.Batch[Clock], x *tracked, r *run, at time.Time) error {
	c, err := b.Open(ctx, Begin{Of: x.of.ref, OfNumber: x.number, Follow: Following{r.state, r.Reading, r.told(nil)}},
		itsm.At(at), itsm.External(x.of.ref.String()+"/"+string(r.Type)+"/"+r.Target+"/"+strconv.Itoa(r.Round)))
	if err != nil {
		return err
	}
	if x.stored == nil {
		x.stored = make([]held, 0, len(x.of.runs))
	}
	x.stored = append(x.stored, heldOf(&c))
	return nil
}

// write stores the difference of a clock as actions that say what happened.
func (t *Tracker) write(ctx context.Context, b *itsm.Batch[Clock], h *held, r *run, at time.Time) error {
	if at.Before(h.updated) {
		at = h.updated
	}
	for _, a := range actions(h.Snapshot, r) {
		c, err := b.Do(ctx, h.id, a, itsm.At(at), itsm.IfVersion(h.version))
		if err != nil {
			return err
		}
		*h = heldOf(&c)
	}
	return nil
}
