package sla

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// Case is one record under rules: it takes the record's events in order and keeps its clocks. It is pure: the same
// events give the same clocks. A Case is not for concurrent use.
type Case struct {
	of      *subject
	ref     itsm.Ref
	version int64
	last    time.Time
	now     scene
	mark    int // of the event that was followed last
	runs    []*run

	// Of a replay that only wants to know how it ends: what lies ahead of the clocks, and where they are, is found at the end.
	hasty bool
	spare []*run // of records before, to be used again
}

// Case begins with a record that has no event yet; nil if no agreement is about its kind.
func (r *Rules) Case(of itsm.Ref) *Case {
	s := r.subjects[of.Kind]
	if s == nil {
		return nil
	}
	return s.of(of)
}

func (s *subject) of(ref itsm.Ref) *Case {
	n := len(s.slots.pointers)
	return &Case{of: s, ref: ref, now: scene{values: make([]string, n), changed: make([]bool, n)}}
}

// Version returns the version of the record whose event was taken last.
func (c *Case) Version() int64 { return c.version }

// Take goes on by the record's next event.
func (c *Case) Take(e *itsm.Event) error {
	if e.Subject != c.ref || e.Version != c.version+1 {
		return fmt.Errorf("sla: event %s does not follow version %d of %s", e.ID(), c.version, c.ref)
	}
	at := e.Time
	if at.Before(c.last) {
		return itsm.Invalid("time", "before_last_event", "event", e.ID(), "last", c.last.Format(time.RFC3339Nano))
	}
	dated := c.of.dated(c.last, at)
	if dated {
		if err := c.moveTo(at, e); err != nil {
			return err
		}
	}
	changed := c.of.slots.take(c.now.values, c.now.changed, e)
	return c.follow(e, changed || dated)
}

// follow goes on by an event that the values know of. One that changes nothing that a condition asks for, and that none
// of them tells from the event before, leaves the clocks as they are.
func (c *Case) follow(e *itsm.Event, changed bool) error {
	mark := c.of.slots.mark(e)
	quiet := !changed && mark != 0 && mark == c.mark
	c.now.event, c.version, c.last, c.mark = e, e.Version, e.Time, mark
	if quiet {
		return nil
	}
	for _, t := range c.of.types {
		if err := c.step(t, e.Time, e); err != nil {
			return fmt.Errorf("%w (at %s)", err, e.ID())
		}
	}
	return nil
}

// step takes an event for the clocks of one type of agreement, in the order that [Target] tells.
func (c *Case) step(t AgreementType, at time.Time, e *itsm.Event) error {
	best := c.of.best(t, &c.now, at)
	for _, r := range c.runs {
		if goes(r.state) && r.Type == t {
			if err := c.finish(r, best, at, e); err != nil {
				return err
			}
		}
	}
	if best != nil {
		for _, g := range best.goals {
			if err := c.start(g, at, e); err != nil {
				return err
			}
		}
	}
	for _, r := range c.runs {
		if !goes(r.state) || r.Type != t {
			continue
		}
		if err := c.change(r, at, e); err != nil {
			return err
		}
		if err := c.wait(r, at, e); err != nil {
			return err
		}
	}
	for _, r := range c.runs {
		if r.Type != t {
			continue
		}
		if handed := r.goal.each >= 0 && !goes(r.state); !handed && (r.dirty || goes(r.state) && (!c.hasty || r.goal.each >= 0)) {
			c.place(r) // one that was handed over stays with whom it measured
		}
		if r.dirty && !c.hasty {
			if err := c.foresee(r, at); err != nil {
				return err
			}
		}
		r.dirty = false
	}
	return nil
}

// wait pauses a clock that goes while its target says so, and lets it run otherwise.
func (c *Case) wait(r *run, at time.Time, e *itsm.Event) error {
	want := Running
	if r.goal.pause.holds(&c.now) {
		want = Paused
	}
	if !goes(r.state) || r.state == want {
		return nil
	}
	return r.turn(at, want, e)
}

// finish ends a clock that goes, starts it again, or moves it to the agreement that covers the record now.
func (c *Case) finish(r *run, best *deal, at time.Time, e *itsm.Event) error {
	g := r.goal
	handed := g.each >= 0 && text(c.now.values[g.each]) != r.Holder
	switch {
	case g.cancel.holds(&c.now):
		return r.end(at, Cancelled, e)
	case g.stop.holds(&c.now), handed:
		verdict, err := r.verdict(at)
		if err != nil {
			return err
		}
		return r.end(at, verdict, e)
	case g.reset.holds(&c.now):
		if err := r.again(at, r.state, e); err != nil {
			return err
		}
		r.promise(c.limited(g, cmp.Or(r.Own, r.Amount), at))
		return nil
	case !g.deal.matches(&c.now):
		if to := best.named(g.Name); to != nil {
			r.goal = to // its amount and calendar differ: change takes them over
			return nil
		}
		return r.end(at, Cancelled, e)
	}
	return nil
}

// named returns the target of a name, of no agreement none.
func (d *deal) named(name string) *goal {
	if d == nil {
		return nil
	}
	if i := slices.IndexFunc(d.goals, func(g *goal) bool { return g.Name == name }); i >= 0 {
		return d.goals[i]
	}
	return nil
}

// start begins a clock, or lets one go on, where the target's conditions say so.
func (c *Case) start(g *goal, at time.Time, e *itsm.Event) error {
	if !g.start.holds(&c.now) || g.stop.holds(&c.now) || g.cancel.holds(&c.now) || g.each >= 0 && c.now.values[g.each] == "" {
		return nil
	}
	var last *run
	round := 0
	for _, r := range c.runs {
		if r.Type == g.deal.Type && r.Target == g.Name {
			if goes(r.state) {
				return nil
			}
			last, round = r, r.Round
		}
	}
	if last != nil && g.each < 0 {
		switch g.Reopening {
		case GoOn:
			last.goal = g
			if err := last.turn(at, Running, e); err != nil {
				return err
			}
			last.StoppedAt = time.Time{}
			return nil
		case Again:
		default:
			return nil
		}
	}
	name := g.calendarFor(&c.now)
	promised, ok, err := g.amountFor(&c.now, at, g.deal.calendar(name))
	if err != nil || !ok {
		return err
	}
	r := c.fresh()
	r.Round, r.StartedAt, r.Since = round+1, at, at
	if g.each >= 0 {
		r.Holder = text(c.now.values[g.each])
	}
	amount, own := c.limited(g, itsm.Duration(promised), at)
	r.set(g, name, amount, own)
	r.state, r.event, r.by = Running, e.Version, e.Actor.ID
	c.runs = append(c.runs, r)
	return nil
}

// fresh returns a run to begin with.
func (c *Case) fresh() *run {
	n := len(c.spare)
	if n == 0 {
		return &run{alone: c.hasty}
	}
	r := c.spare[n-1]
	c.spare = c.spare[:n-1]
	*r = run{alone: c.hasty, Reading: Reading{Stretches: r.Stretches[:0]}}
	return r
}

// limited returns the amount of an operational target within what the customer's clock has left, and its own where
// that differs.
func (c *Case) limited(g *goal, own itsm.Duration, at time.Time) (amount, kept itsm.Duration) {
	if g.Within == "" {
		return own, 0
	}
	for _, r := range c.runs {
		if r.Type != SLA || r.Target != g.Within || !goes(r.state) {
			continue
		}
		m := r.meter()
		if m.settle(at) != nil {
			break
		}
		left := max(itsm.Duration(m.amount-m.elapsed), own/100*itsm.Duration(g.FairShare), itsm.Duration(time.Millisecond))
		if left < own {
			return left, own
		}
	}
	return own, 0
}

// change chooses calendar and amount of a clock anew, and takes a difference by the target's rule.
func (c *Case) change(r *run, at time.Time, e *itsm.Event) error {
	g := r.goal
	name := g.calendarFor(&c.now)
	amount, ok, err := g.amountFor(&c.now, r.StartedAt, g.deal.calendar(name))
	if err != nil {
		return r.failed(err)
	}
	if !ok {
		c.mark = 0 // another agreement may take it on with the next event, whatever that changes
		return r.end(at, Cancelled, e)
	}
	was := r.Own
	if was == 0 {
		was = r.Amount
	}
	if itsm.Duration(amount) == was && name == r.Calendar && r.hours == g.deal.calendar(name) {
		return nil
	}
	if g.Change == Restart { // days are counted from the new start
		if amount, _, err = g.amountFor(&c.now, at, g.deal.calendar(name)); err != nil {
			return r.failed(err)
		}
	}
	limited, own := c.limited(g, itsm.Duration(amount), at)
	return r.retarget(at, g, name, limited, own, g.Change, e)
}

// place notes on a clock what the record is.
func (c *Case) place(r *run) {
	value := func(slot int) string {
		if slot < 0 {
			return ""
		}
		return text(c.now.values[slot])
	}
	r.Customer, r.Group, r.Priority = value(c.of.customer), value(c.of.group), value(c.of.priority)
	if c.of.service >= 0 {
		r.Service = refOf(c.now.values[c.of.service])
	}
}

// Advance notes what happens up to an instant without an event: thresholds, breaches, and terms that take effect.
func (c *Case) Advance(at time.Time) error {
	if c.version == 0 || at.Before(c.last) {
		return nil
	}
	if c.of.dated(c.last, at) {
		quiet := itsm.Event{Subject: c.ref, Version: c.version, Time: at}
		if err := c.moveTo(at, &quiet); err != nil {
			return err
		}
		c.mark = 0 // the next event may meet another agreement, whatever it changes
	}
	for _, r := range c.runs {
		if err := r.observe(at); err != nil {
			return err
		}
		if r.dirty {
			r.dirty = false
			if err := c.foresee(r, at); err != nil {
				return err
			}
		}
	}
	c.last = at
	return nil
}

// Snapshot is one clock of a case: what it shows, and its state.
type Snapshot struct {
	State   lifecycle.State `json:"state"`
	Reading Reading         `json:"reading"`
}

// Clocks returns the clocks of the case, in the order in which they started.
func (c *Case) Clocks() []Snapshot {
	out := make([]Snapshot, len(c.runs))
	for i, r := range c.runs {
		out[i] = Snapshot{r.state, r.Reading}
	}
	return out
}
