package sla

import (
	"slices"
	"time"

	"github.com/itsmkit/itsm"
)

// moveTo takes clocks that go over to agreements that have taken effect since the last event and say so.
func (c *Case) moveTo(at time.Time, e *itsm.Event) error {
	if c.version == 0 {
		return nil
	}
	for _, r := range c.runs {
		if !goes(r.state) {
			continue
		}
		for _, d := range c.of.moves(c.last, at) {
			r.dirty = true // this date lies ahead no longer
			g := d.named(r.Target)
			if d == r.goal.deal || d.Type != r.Type || g == nil || c.of.best(d.Type, &c.now, d.ValidFrom) != d {
				continue
			}
			r.goal = g
			silent := *e // the stretch goes on as the event before began it
			silent.Version, silent.Actor.ID = r.event, r.by
			if err := c.change(r, d.ValidFrom, &silent); err != nil {
				return err
			}
			if err := c.wait(r, d.ValidFrom, &silent); err != nil {
				return err
			}
			c.place(r)
		}
	}
	return nil
}

// moves returns the agreements that take effect behind one instant and up to another one and move clocks that go, in
// order.
func (s *subject) moves(after, until time.Time) []*deal {
	var out []*deal
	for _, d := range s.deals {
		if d.Transition == Move && d.ValidFrom.After(after) && !d.ValidFrom.After(until) {
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b *deal) int { return a.ValidFrom.Compare(b.ValidFrom) })
	return out
}

// foresee computes what lies ahead of a clock behind an instant, and when other terms may move it.
func (c *Case) foresee(r *run, now time.Time) error {
	if err := r.foresee(); err != nil || !goes(r.state) {
		return err
	}
	for _, d := range c.of.deals {
		if d.Transition == Move && d.Type == r.Type && d.ValidFrom.After(now) && d.named(r.Target) != nil &&
			(r.NextAt.IsZero() || d.ValidFrom.Before(r.NextAt)) {
			r.NextAt = itsm.Instant(d.ValidFrom)
		}
	}
	return nil
}
