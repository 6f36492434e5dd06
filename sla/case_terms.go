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
			c.place(r)
			if err := r.foresee(); err != nil {
				return err
			}
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
