package sla

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/lifecycle"
)

// run is a clock under way.
type run struct {
	Reading
	state  lifecycle.State
	goal   *goal
	hours  *calendar.Calendar
	points []point
	next   int   // the first point that was not crossed
	event  int64 // the version of the record whose event began the stretch under way
	by     string
	dirty  bool // what lies ahead has to be computed anew
	// alone tells that nobody keeps what the run shows: its lists may be written to, and nobody asks for thresholds.
	alone bool
}

// meter returns the arithmetic of the stretch under way.
func (r *run) meter() meter {
	return meter{hours: r.hours, amount: r.Amount.Std(), elapsed: r.Elapsed.Std(), since: r.Since, running: r.state == Running, breached: r.BreachedAt}
}

// observe notes what happened up to an instant without ending the stretch under way: thresholds that were reached, and
// the breach.
func (r *run) observe(at time.Time) error {
	if r.state != Running || at.Before(r.Since) {
		return nil
	}
	m := r.meter()
	if err := m.settle(at); err != nil {
		return r.failed(err)
	}
	for ; r.next < len(r.points) && r.points[r.next].at <= m.elapsed; r.next++ {
		p := r.points[r.next]
		reached := r.Since
		if p.at > r.Elapsed.Std() {
			var err error
			if reached, err = r.hours.Due(r.Since, p.at-r.Elapsed.Std()); err != nil {
				return r.failed(err)
			}
		}
		r.Crossed, r.dirty = append(slices.Clip(r.Crossed), Crossing{Threshold: p.threshold.Name, Nth: p.nth, At: itsm.Instant(reached)}), true
		slices.SortFunc(r.Crossed, Crossing.compare)
	}
	if !m.breached.Equal(r.BreachedAt) {
		r.BreachedAt, r.dirty = itsm.Instant(m.breached), true
	}
	return nil
}

// turn ends the stretch under way and begins another one in a state.
func (r *run) turn(at time.Time, to lifecycle.State, e *itsm.Event) error {
	if err := r.observe(at); err != nil {
		return err
	}
	s := Stretch{From: r.Since, To: at, Kind: Waited, Event: r.event, By: r.by}
	switch r.state {
	case Running:
		m := r.meter()
		if err := m.settle(at); err != nil {
			return r.failed(err)
		}
		s.Kind, s.Elapsed = Ran, itsm.Duration(m.elapsed)-r.Elapsed
		r.Elapsed = itsm.Duration(m.elapsed)
	case Met, Missed, Cancelled:
		s.Kind = Stopped
	}
	if at.After(s.From) && r.state != "" {
		if !r.alone {
			r.Stretches = slices.Clip(r.Stretches)
		}
		r.Stretches = append(r.Stretches, s)
	}
	r.state, r.Since, r.dirty = to, at, true
	r.event, r.by = e.Version, e.Actor.ID
	return nil
}

// end stops the clock.
func (r *run) end(at time.Time, to lifecycle.State, e *itsm.Event) error {
	if err := r.turn(at, to, e); err != nil {
		return err
	}
	r.StoppedAt = at
	return nil
}

// verdict is the state of a clock that stops now.
func (r *run) verdict(at time.Time) (lifecycle.State, error) {
	if err := r.observe(at); err != nil {
		return "", err
	}
	if r.BreachedAt.IsZero() {
		return Met, nil
	}
	return Missed, nil
}

// again begins from nothing: what counted is void.
func (r *run) again(at time.Time, to lifecycle.State, e *itsm.Event) error {
	if err := r.turn(at, to, e); err != nil {
		return err
	}
	r.Stretches = slices.Clone(r.Stretches)
	for i := range r.Stretches {
		if r.Stretches[i].Kind == Ran {
			r.Stretches[i].Kind, r.Stretches[i].Elapsed = Void, 0
		}
	}
	r.Elapsed, r.BreachedAt, r.StartedAt, r.Crossed, r.next = 0, time.Time{}, at, nil, 0
	return nil
}

// retarget gives the clock another amount, calendar or agreement, by a rule.
func (r *run) retarget(at time.Time, g *goal, name string, amount, own itsm.Duration, rule Change, e *itsm.Event) error {
	if rule == Restart {
		if err := r.again(at, r.state, e); err != nil {
			return err
		}
	} else if err := r.turn(at, r.state, e); err != nil {
		return err
	}
	if rule == Retroactive {
		r.set(g, name, amount, own)
		return r.judgeAnew()
	}
	r.sign()
	r.set(g, name, amount, own)
	r.skip()
	return nil
}

// sign writes the terms by which the ended stretches counted into them.
func (r *run) sign() {
	r.Stretches = slices.Clone(r.Stretches)
	for i := range r.Stretches {
		if s := &r.Stretches[i]; s.Kind == Ran && s.Calendar == "" {
			s.Under, s.Calendar = r.Agreement, r.Calendar
		}
	}
}

// set takes over terms.
func (r *run) set(g *goal, name string, amount, own itsm.Duration) {
	r.goal, r.hours = g, g.deal.calendar(name)
	r.Agreement, r.Edition, r.Type, r.Target = g.deal.Ref(AgreementName), g.deal.Edition, g.deal.Type, g.Name
	r.Calendar = name
	r.promise(amount, own)
}

// promise sets how much time there is, with the thresholds on the way.
func (r *run) promise(amount, own itsm.Duration) {
	r.Amount, r.Own, r.dirty = amount, own, true
	if r.next = 0; !r.alone {
		r.points = r.goal.points(amount.Std())
	}
}

// skip leaves out the points that were crossed already: each threshold is told once.
func (r *run) skip() {
	r.points = slices.DeleteFunc(r.points, func(p point) bool {
		return slices.ContainsFunc(r.Crossed, func(c Crossing) bool { return c.Threshold == p.threshold.Name && c.Nth == p.nth })
	})
	r.next = 0
}

// judgeAnew counts all stretches under the present terms.
func (r *run) judgeAnew() error {
	ended, since, state := r.Stretches, r.Since, r.state
	r.Elapsed, r.BreachedAt, r.Crossed, r.next = 0, time.Time{}, nil, 0
	r.Stretches = slices.Clone(ended)
	for i := range r.Stretches {
		if s := &r.Stretches[i]; s.Kind == Ran {
			r.state, r.Since = Running, s.From
			if err := r.observe(s.To); err != nil {
				return err
			}
			m := r.meter()
			if err := m.settle(s.To); err != nil {
				return r.failed(err)
			}
			s.Elapsed, r.Elapsed = itsm.Duration(m.elapsed)-r.Elapsed, itsm.Duration(m.elapsed)
			s.Under, s.Calendar = itsm.Ref{}, ""
		}
	}
	r.Since, r.state = since, state
	return nil
}

// foresee computes what lies ahead of a clock that runs.
func (r *run) foresee() error {
	r.DueAt, r.NextAt = time.Time{}, time.Time{}
	if r.state != Running {
		return nil
	}
	m := r.meter()
	due, err := m.due()
	if err = unreachable(err); err != nil {
		return r.failed(err)
	}
	if !due.IsZero() {
		if r.DueAt = itsm.Instant(due); r.BreachedAt.IsZero() {
			r.NextAt = r.DueAt.Add(time.Millisecond) // in time is up to and including the due instant
		}
	}
	if r.next < len(r.points) {
		reached := r.Since
		if p := r.points[r.next]; p.at > r.Elapsed.Std() {
			if reached, err = r.hours.Due(r.Since, p.at-r.Elapsed.Std()); unreachable(err) != nil {
				return r.failed(err)
			}
		}
		if !reached.IsZero() && (r.NextAt.IsZero() || reached.Before(r.NextAt)) {
			r.NextAt = itsm.Instant(reached)
		}
	}
	return nil
}

// unreachable drops the errors of an instant that never comes.
func unreachable(err error) error {
	if errors.Is(err, calendar.ErrNoWorkingTime) || errors.Is(err, calendar.ErrRange) {
		return nil
	}
	return err
}

func (r *run) failed(err error) error {
	return fmt.Errorf("sla: agreement %s, target %s: %w", r.goal.deal.called(), r.goal.Name, err)
}
