package sla

import (
	"slices"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// Clock is one measured promise on one record. The [Tracker] keeps it; its events tell when it paused, was breached or
// crossed a threshold, each once.
type Clock struct {
	itsm.Header
	Of       itsm.Ref `json:"of"` // the record
	OfNumber string   `json:"of_number,omitempty"`
	Reading  Reading  `json:"reading"`
}

// clockRules is the lifecycle of a clock.
func clockRules() []lifecycle.Rule {
	live := []lifecycle.State{Running, Paused}
	done := []lifecycle.State{Met, Missed, Cancelled}
	all := slices.Concat(live, done)
	return []lifecycle.Rule{
		{On: "begin", From: []lifecycle.State{""}, To: Running, Or: []lifecycle.State{Paused, Met, Missed, Cancelled}},
		{On: "pause", From: []lifecycle.State{Running}, To: Paused},
		{On: "resume", From: []lifecycle.State{Paused}, To: Running},
		{On: "stop", From: live, To: Met, Or: []lifecycle.State{Missed}},
		{On: "cancel", From: live, To: Cancelled},
		{On: "go_on", From: done, To: Running, Or: []lifecycle.State{Paused}},
		{On: "retarget", From: live, Stay: true},
		{On: "hand_over", From: live, Stay: true},
		{On: "cross", From: all, Stay: true},
		{On: "withdraw", From: all, Stay: true},
		{On: "breach", From: all, Stay: true},
		{On: "correct", From: all, Stay: true, Or: all},
	}
}

// Begin starts the clock of a record.
type Begin struct {
	Of       itsm.Ref        `json:"of"`
	OfNumber string          `json:"of_number,omitempty"`
	State    lifecycle.State `json:"state"`
	Reading  Reading         `json:"reading"`
}

// Name returns "begin".
func (Begin) Name() string { return "begin" }

// Apply takes over what the clock shows.
func (a Begin) Apply(c *Clock, _ itsm.Moment) error {
	if a.Of.IsZero() {
		return itsm.Invalid("of", "required", "want", "the record that is measured")
	}
	c.Of, c.OfNumber = a.Of, a.OfNumber
	c.show(a.State, a.Reading)
	return nil
}

func (c *Clock) show(s lifecycle.State, r Reading) {
	if c.Reading = r; s == c.State {
		s = lifecycle.Stay
	}
	c.State = s
}

// The actions that follow a record's events take over what the clock shows then.
type (
	// Pause says that the clock waits.
	Pause struct {
		Follow Snapshot `json:"follow"`
	}
	// Resume says that it runs again.
	Resume struct {
		Follow Snapshot `json:"follow"`
	}
	// Stop says that it is decided: met or missed.
	Stop struct {
		Follow Snapshot `json:"follow"`
	}
	// Cancel says that there is nothing to measure any more.
	Cancel struct {
		Follow Snapshot `json:"follow"`
	}
	// Continue says that a decided clock goes on.
	Continue struct {
		Follow Snapshot `json:"follow"`
	}
	// Retarget says that it has another amount, calendar or agreement, or began anew.
	Retarget struct {
		Follow Snapshot `json:"follow"`
	}
	// HandOver says that the record has another group, priority, customer or service.
	HandOver struct {
		Follow Snapshot `json:"follow"`
	}
	// Correct says that history was corrected.
	Correct struct {
		Follow Snapshot `json:"follow"`
	}
)

// Name returns "pause".
func (Pause) Name() string { return "pause" }

// Name returns "resume".
func (Resume) Name() string { return "resume" }

// Name returns "stop".
func (Stop) Name() string { return "stop" }

// Name returns "cancel".
func (Cancel) Name() string { return "cancel" }

// Name returns "go_on".
func (Continue) Name() string { return "go_on" }

// Name returns "retarget".
func (Retarget) Name() string { return "retarget" }

// Name returns "hand_over".
func (HandOver) Name() string { return "hand_over" }

// Name returns "correct".
func (Correct) Name() string { return "correct" }

// Apply takes over what the clock shows.
func (a Pause) Apply(c *Clock, _ itsm.Moment) error { return a.Follow.onto(c) }

// Apply takes over what the clock shows.
func (a Resume) Apply(c *Clock, _ itsm.Moment) error { return a.Follow.onto(c) }

// Apply takes over what the clock shows.
func (a Stop) Apply(c *Clock, _ itsm.Moment) error { return a.Follow.onto(c) }

// Apply takes over what the clock shows.
func (a Cancel) Apply(c *Clock, _ itsm.Moment) error { return a.Follow.onto(c) }

// Apply takes over what the clock shows.
func (a Continue) Apply(c *Clock, _ itsm.Moment) error { return a.Follow.onto(c) }

// Apply takes over what the clock shows.
func (a Retarget) Apply(c *Clock, _ itsm.Moment) error { return a.Follow.onto(c) }

// Apply takes over what the clock shows.
func (a HandOver) Apply(c *Clock, _ itsm.Moment) error { return a.Follow.onto(c) }

// Apply takes over what the clock shows.
func (a Correct) Apply(c *Clock, _ itsm.Moment) error { return a.Follow.onto(c) }

func (s Snapshot) onto(c *Clock) error {
	c.show(s.State, s.Reading)
	return nil
}

// Cross notes that a threshold was reached, at the instant at which it was. What the host should do then is on the event
// as the fact "do".
type Cross struct {
	Crossing Crossing     `json:"crossing"`
	NextAt   time.Time    `json:"next_at,omitzero"`
	Do       []Escalation `json:"do,omitempty"`
}

// Name returns "cross".
func (Cross) Name() string { return "cross" }

// Apply adds the crossing.
func (a Cross) Apply(c *Clock, m itsm.Moment) error {
	c.Reading.Crossed = append(c.Reading.Crossed, a.Crossing)
	c.Reading.NextAt = a.NextAt
	if len(a.Do) == 0 {
		return nil
	}
	return m.Record("do", a.Do)
}

// Withdraw takes a crossing back: a pause before its instant became known later.
type Withdraw struct {
	Crossing Crossing  `json:"crossing"`
	NextAt   time.Time `json:"next_at,omitzero"`
}

// Name returns "withdraw".
func (Withdraw) Name() string { return "withdraw" }

// Apply removes the crossing; one that is not there is refused.
func (a Withdraw) Apply(c *Clock, _ itsm.Moment) error {
	var kept []Crossing
	for _, x := range c.Reading.Crossed {
		if x != a.Crossing {
			kept = append(kept, x)
		}
	}
	if len(kept) == len(c.Reading.Crossed) {
		return itsm.Invalid("crossing", "not_crossed", "value", a.Crossing.Threshold)
	}
	c.Reading.Crossed, c.Reading.NextAt = kept, a.NextAt
	return nil
}

// Breach notes that the due instant was passed.
type Breach struct {
	At     time.Time `json:"at"`
	NextAt time.Time `json:"next_at,omitzero"`
}

// Name returns "breach".
func (Breach) Name() string { return "breach" }

// Apply notes the breach.
func (a Breach) Apply(c *Clock, _ itsm.Moment) error {
	if a.At.IsZero() {
		return itsm.Invalid("at", "required")
	}
	c.Reading.BreachedAt, c.Reading.NextAt = a.At, a.NextAt
	return nil
}
