package sla

import (
	"errors"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// Timer is a stopwatch in working time against a target: the smallest part of this package, for those who bring their
// own events. It computes in nanoseconds. A Timer is not for concurrent use; the zero Timer is not usable, make one
// with [NewTimer].
type Timer struct {
	meter
	last    time.Time
	started bool
	stopped bool
}

// NewTimer returns a timer that has not started.
func NewTimer(h *calendar.Calendar, target time.Duration) (*Timer, error) {
	switch {
	case h == nil:
		return nil, errors.New("sla: NewTimer: the calendar is required")
	case target <= 0:
		return nil, itsm.Invalid("target", "range", "above", "0s", "value", target.String())
	}
	return &Timer{meter: meter{hours: h, amount: target}}, nil
}

// Start begins to count. A timer that is started already stays as it is.
func (t *Timer) Start(at time.Time) error {
	return t.step(at, func() error {
		if !t.started {
			t.started = true
			t.run(at)
		}
		return nil
	})
}

// Pause stops counting for a while. One that is paused or stopped stays as it is.
func (t *Timer) Pause(at time.Time) error {
	return t.step(at, func() error {
		if t.stopped {
			return nil
		}
		return t.pause(at)
	})
}

// Resume goes on counting. One that runs, has not started or is stopped stays as it is.
func (t *Timer) Resume(at time.Time) error {
	return t.step(at, func() error {
		if t.started && !t.stopped {
			t.run(at)
		}
		return nil
	})
}

// Stop ends the counting.
func (t *Timer) Stop(at time.Time) error {
	return t.step(at, func() error {
		if !t.started || t.stopped {
			return nil
		}
		t.stopped = true
		return t.pause(at)
	})
}

// Restart goes on after a stop, with what has counted.
func (t *Timer) Restart(at time.Time) error {
	return t.step(at, func() error {
		if t.stopped {
			t.stopped = false
			t.run(at)
		}
		return nil
	})
}

// step holds that time does not go back.
func (t *Timer) step(at time.Time, do func() error) error {
	if at.Before(t.last) {
		return itsm.Invalid("at", "before_last_event", "last", t.last.Format(time.RFC3339Nano), "value", at.Format(time.RFC3339Nano))
	}
	t.last = at
	return do()
}

// Standing is what a timer, or a clock, shows at an instant.
type Standing struct {
	State      string        // of a timer "running", "paused" or "stopped", "" before the start; of a clock its state
	Elapsed    time.Duration // working time that has counted
	Remaining  time.Duration // negative after a breach
	Due        time.Time     // while it runs: the instant at which the target is or was reached
	BreachedAt time.Time     // zero: not
}

// Read returns what the timer shows at an instant, which is not before its last event. In time is up to and including
// the due instant.
func (t *Timer) Read(now time.Time) (Standing, error) {
	if now.Before(t.last) {
		return Standing{}, itsm.Invalid("now", "before_last_event", "last", t.last.Format(time.RFC3339Nano), "value", now.Format(time.RFC3339Nano))
	}
	var s Standing
	m := t.meter
	switch {
	case t.stopped:
		s.State = "stopped"
	case m.running:
		s.State = "running"
		due, err := m.due()
		if err != nil {
			return s, err
		}
		counted, err := m.hours.Elapsed(m.since, now)
		if err != nil {
			return s, err
		}
		if m.breached.IsZero() && due.Before(now) {
			m.breached = due
		}
		s.Due, m.elapsed = due, m.elapsed+counted
	case t.started:
		s.State = "paused"
	}
	s.Elapsed, s.Remaining, s.BreachedAt = m.elapsed, m.amount-m.elapsed, m.breached
	return s, nil
}
