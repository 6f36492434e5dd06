package sla

import (
	"cmp"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// The states of a clock.
const (
	Running   lifecycle.State = "running"
	Paused    lifecycle.State = "paused"
	Met       lifecycle.State = "met"
	Missed    lifecycle.State = "missed"
	Cancelled lifecycle.State = "cancelled"
)

// Reading is what a clock shows: all that it needs to go on, and to account for itself.
type Reading struct {
	Agreement itsm.Ref      `json:"agreement"`
	Edition   int           `json:"edition,omitempty"`
	Type      AgreementType `json:"type"`
	Target    string        `json:"target"`
	Round     int           `json:"round"`            // of the target on the record, from 1
	Holder    string        `json:"holder,omitempty"` // the value that the clock is for, of a target for each value
	Calendar  string        `json:"calendar"`

	Amount itsm.Duration `json:"amount"`       // working time that there is
	Own    itsm.Duration `json:"own,omitzero"` // the target's own amount, where a customer's clock leaves less
	// Elapsed is the working time that counted before Since, which is where the stretch that is under way began.
	Elapsed    itsm.Duration `json:"elapsed,omitzero"`
	Since      time.Time     `json:"since"`
	StartedAt  time.Time     `json:"started_at"`
	DueAt      time.Time     `json:"due_at,omitzero"`      // while it runs: the instant at which the amount is or was reached
	BreachedAt time.Time     `json:"breached_at,omitzero"` // the due instant that was passed
	StoppedAt  time.Time     `json:"stopped_at,omitzero"`
	NextAt     time.Time     `json:"next_at,omitzero"` // when a threshold, the breach or other terms are next to be noted

	Stretches []Stretch  `json:"stretches,omitempty"` // those that have ended, in order
	Crossed   []Crossing `json:"crossed,omitempty"`   // in order of time

	Through int64 `json:"through"` // the version of the record up to which the clock had followed when it last changed

	// What the record was when the clock last changed: for attainment.
	Service  itsm.Ref `json:"service,omitzero"`
	Customer string   `json:"customer,omitempty"`
	Group    string   `json:"group,omitempty"`
	Priority string   `json:"priority,omitempty"`
}

// Stretch is a part of a clock's life that has ended: it ran, or waited.
type Stretch struct {
	From    time.Time     `json:"from"`
	To      time.Time     `json:"to"`
	Kind    StretchKind   `json:"kind"`
	Event   int64         `json:"event,omitempty"`  // the version of the record whose event began it
	By      string        `json:"by,omitempty"`     // who did that
	Elapsed itsm.Duration `json:"elapsed,omitzero"` // working time that counted
	// Under and Calendar are the terms by which it counted, where the clock has others now.
	Under    itsm.Ref `json:"under,omitzero"`
	Calendar string   `json:"calendar,omitempty"`
}

// StretchKind says whether a stretch counts.
type StretchKind string

// The kinds of stretches.
const (
	Ran     StretchKind = "ran"
	Waited  StretchKind = "waited"
	Stopped StretchKind = "stopped" // between a stop and going on
	Void    StretchKind = "void"    // before a restart: it counted once and does no longer
)

// Choices returns the kinds for a pick box.
func (StretchKind) Choices() []string {
	return []string{string(Ran), string(Waited), string(Stopped), string(Void)}
}

// Crossing is a threshold that was reached, and the instant at which it was, however late it was noted.
type Crossing struct {
	Threshold string    `json:"threshold"`
	Nth       int       `json:"nth"` // of one that repeats, from 1
	At        time.Time `json:"at"`
}

// goes tells whether a clock in a state is neither decided nor cancelled.
func goes(s lifecycle.State) bool { return s == Running || s == Paused }

// compare orders crossings by time, as a stored clock keeps them.
func (c Crossing) compare(o Crossing) int {
	return cmp.Or(c.At.Compare(o.At), cmp.Compare(c.Threshold, o.Threshold), cmp.Compare(c.Nth, o.Nth))
}
