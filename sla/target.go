package sla

import "github.com/itsmkit/itsm"

// Target is one thing that an agreement promises, as data: when a clock starts, waits and stops on a record, and how
// much time it has.
//
// The conditions are asked behind each event of the record, in the order of the log, in these steps:
//
//  1. A clock that goes: where Cancel holds it is cancelled; else where Stop holds it stops, met or missed; else where
//     Reset holds it starts again from nothing.
//  2. No clock that goes: where Start holds and neither Stop nor Cancel does, one starts, or goes on by Reopening.
//  3. A clock that goes: its amount and calendar are chosen anew; where they differ, Change says what becomes of the
//     time that has counted.
//  4. A clock that goes: it is paused while Pause holds, and runs otherwise.
//
// Events of one instant are taken in their order; a stretch of no length counts nothing.
type Target struct {
	Name  string `json:"name"` // "resolution"; once in an agreement
	Title string `json:"title,omitempty"`

	Start  Condition `json:"start"`
	Stop   Condition `json:"stop"`
	Pause  Condition `json:"pause,omitzero"`  // none: never
	Cancel Condition `json:"cancel,omitzero"` // none: never
	Reset  Condition `json:"reset,omitzero"`  // none: never

	// Amounts are tried in order; the first whose condition holds counts. Where none does there is no clock.
	Amounts []Amount `json:"amounts"`
	// Factors shorten or lengthen the amount, each whose condition holds.
	Factors []Factor `json:"factors,omitempty"`
	// Hours name the calendar, the first whose condition holds; none is the agreement's first one.
	Hours []HoursChoice `json:"hours,omitempty"`

	// Each is a field (dotted path): there is one clock for each value that it gets, a hand-over ends one and
	// starts the next. "group" measures the time of each assigned group.
	Each      string    `json:"each,omitempty"`
	Change    Change    `json:"change,omitempty"`    // keep if it is empty
	Reopening Reopening `json:"reopening,omitempty"` // leave if it is empty
	// Within, for an operational target, is the name of a customer's target whose clock limits this one: after a late
	// hand-over it has at most what that one has left, though never less than FairShare percent of its own amount.
	Within    string `json:"within,omitempty"`
	FairShare int    `json:"fair_share,omitempty"`

	Thresholds []Threshold `json:"thresholds,omitempty"`
}

// Amount is how much time there is, where a condition holds: working time, or so many working days, by a time of day.
type Amount struct {
	When    Condition     `json:"when,omitzero"` // none: always
	Working itsm.Duration `json:"working,omitzero"`
	// Days ends at the close of the so many-th working day behind the date of the start, or at By on that day: one day by
	// "16:00" is the next working day by four. It is turned into working time when the clock starts.
	Days int    `json:"days,omitempty"`
	By   string `json:"by,omitempty"`
}

// Factor multiplies an amount where a condition holds: 50 percent is half the time.
type Factor struct {
	When    Condition `json:"when"`
	Percent int       `json:"percent"`
}

// HoursChoice names a calendar of the agreement where a condition holds: the group's, or the customer's.
type HoursChoice struct {
	When     Condition `json:"when,omitzero"` // none: always
	Calendar string    `json:"calendar"`
}

// Change says what becomes of the time that has counted when the amount or the calendar changes.
type Change string

// The ways to take a change.
const (
	Keep        Change = "keep"        // what has counted stays, against the new amount
	Restart     Change = "restart"     // nothing has counted
	Retroactive Change = "retroactive" // as if it had been so from the start, with the pauses that really were
)

// Choices returns the ways for a pick box.
func (Change) Choices() []string { return []string{string(Keep), string(Restart), string(Retroactive)} }

// Reopening says what happens when a record whose clock has stopped starts again.
type Reopening string

// The ways to take a reopening.
const (
	Leave Reopening = "leave" // what was decided stays
	GoOn  Reopening = "go_on" // the clock goes on with what has counted; the time between does not count
	Again Reopening = "again" // another clock starts from nothing; the first keeps its verdict
)

// Choices returns the ways for a pick box.
func (Reopening) Choices() []string { return []string{string(Leave), string(GoOn), string(Again)} }

// Threshold is a place on the way of a clock: one of Percent of the amount, so long Before its end, or so long After
// it, all in working time. It is crossed at the instant at which so much has counted, once.
type Threshold struct {
	Name    string        `json:"name"`
	Percent int           `json:"percent,omitempty"`
	Before  itsm.Duration `json:"before,omitzero"`
	After   itsm.Duration `json:"after,omitzero"`
	// Every repeats it so often, Times times (100 at most).
	Every itsm.Duration `json:"every,omitzero"`
	Times int           `json:"times,omitempty"`
	// Do is what the host should do then.
	Do []Escalation `json:"do,omitempty"`
}

// Escalation is what a host should do when a threshold is crossed. The library does not do it.
type Escalation struct {
	Do   EscalationKind `json:"do"`
	To   string         `json:"to,omitempty"` // whom to notify, or the group to give it to
	Text string         `json:"text,omitempty"`
}

// EscalationKind is a sort of escalation.
type EscalationKind string

// The sorts of escalation.
const (
	Notify   EscalationKind = "notify"
	Reassign EscalationKind = "reassign"
	Raise    EscalationKind = "raise" // the priority
)

// Choices returns the sorts for a pick box.
func (EscalationKind) Choices() []string {
	return []string{string(Notify), string(Reassign), string(Raise)}
}
