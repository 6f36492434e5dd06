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
		{On: "catch_up", From: all, Stay: true, Or: all},
	}
}

// Begin starts the clock of a record.
type Begin struct {
	Of       itsm.Ref  `json:"of"`
	OfNumber string    `json:"of_number,omitempty"`
	Follow   Following `json:"follow"`
}

// Name returns "begin".
func (Begin) Name() string { return "begin" }

// Apply takes over what the clock shows.
func (a Begin) Apply(c *Clock, m itsm.Moment) error {
	if a.Of.IsZero() {
		return itsm.Invalid("of", "required", "want", "the record that is measured")
	}
	c.Of, c.OfNumber = a.Of, a.OfNumber
	return a.Follow.onto(c, m)
}

func (c *Clock) show(s lifecycle.State, r Reading) {
	if c.Reading = r; s == c.State {
		s = lifecycle.Stay
	}
	c.State = s
}

// Following is what a clock shows behind events of its record, and which thresholds were crossed by then.
type Following struct {
	State   lifecycle.State `json:"state"`
	Reading Reading         `json:"reading"`
	Told    []Told          `json:"told,omitempty"`
}

// Told is a threshold that was crossed, with what the host should do. The events of clocks carry lists of them as the
// fact "crossed": the event of [Cross], or the one of what else happened by then. Each is told once.
type Told struct {
	Crossing Crossing     `json:"crossing"`
	Do       []Escalation `json:"do,omitempty"`
}

// FactCrossed names the fact.
const FactCrossed = "crossed"

func tell(m itsm.Moment, told []Told) error {
	if len(told) == 0 {
		return nil
	}
	return m.Record(FactCrossed, told)
}

func (f Following) onto(c *Clock, m itsm.Moment) error {
	c.show(f.State, f.Reading)
	return tell(m, f.Told)
}

// The actions that follow a record's events take over what the clock shows then.
type (
	// Pause says that the clock waits.
	Pause struct {
		Follow Following `json:"follow"`
	}
	// Resume says that it runs again.
	Resume struct {
		Follow Following `json:"follow"`
	}
	// Stop says that it is decided: met or missed.
	Stop struct {
		Follow Following `json:"follow"`
	}
	// Cancel says that there is nothing to measure any more.
	Cancel struct {
		Follow Following `json:"follow"`
	}
	// Continue says that a decided clock goes on.
	Continue struct {
		Follow Following `json:"follow"`
	}
	// Retarget says that it has another amount, calendar or agreement, or began anew.
	Retarget struct {
		Follow Following `json:"follow"`
	}
	// HandOver says that the record has another group, priority, customer or service.
	HandOver struct {
		Follow Following `json:"follow"`
	}
	// CatchUp says that several things had happened by then, or that history was corrected.
	CatchUp struct {
		Follow Following `json:"follow"`
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

// Name returns "catch_up".
func (CatchUp) Name() string { return "catch_up" }

// Apply takes over what the clock shows.
func (a Pause) Apply(c *Clock, m itsm.Moment) error { return a.Follow.onto(c, m) }

// Apply takes over what the clock shows.
func (a Resume) Apply(c *Clock, m itsm.Moment) error { return a.Follow.onto(c, m) }

// Apply takes over what the clock shows.
func (a Stop) Apply(c *Clock, m itsm.Moment) error { return a.Follow.onto(c, m) }

// Apply takes over what the clock shows.
func (a Cancel) Apply(c *Clock, m itsm.Moment) error { return a.Follow.onto(c, m) }

// Apply takes over what the clock shows.
func (a Continue) Apply(c *Clock, m itsm.Moment) error { return a.Follow.onto(c, m) }

// Apply takes over what the clock shows.
func (a Retarget) Apply(c *Clock, m itsm.Moment) error { return a.Follow.onto(c, m) }

// Apply takes over what the clock shows.
func (a HandOver) Apply(c *Clock, m itsm.Moment) error { return a.Follow.onto(c, m) }

// Apply takes over what the clock shows.
func (a CatchUp) Apply(c *Clock, m itsm.Moment) error { return a.Follow.onto(c, m) }

// Cross notes that a threshold was reached, at the instant at which it was.
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
	return tell(m, []Told{{a.Crossing, a.Do}})
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
