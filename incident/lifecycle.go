package incident

import "github.com/itsmkit/itsm/lifecycle"

// State is where an incident is in its lifecycle.
type State = lifecycle.State

// The states.
const (
	New        State = "new"
	Assigned   State = "assigned"
	InProgress State = "in_progress"
	OnHold     State = "on_hold"
	Resolved   State = "resolved"
	Closed     State = "closed"
	Cancelled  State = "cancelled"
)

// Rules returns the standard lifecycle as a table. An incident can be resolved from every open state and put
// on hold from New; what it was doing before a hold it does again after it.
func Rules() []lifecycle.Rule {
	open := []State{New, Assigned, InProgress, OnHold}
	working := []State{New, Assigned, InProgress}
	known := []State{New, Assigned, InProgress, OnHold, Resolved}
	all := []State{New, Assigned, InProgress, OnHold, Resolved, Closed, Cancelled}
	return []lifecycle.Rule{
		{On: "report", From: []State{""}, To: New},
		{On: "detect", From: []State{""}, To: New},

		{On: "assign", From: []State{New}, To: Assigned, Stay: true},
		{On: "assign", From: []State{Assigned, InProgress, OnHold, Resolved}, Stay: true},
		{On: "accept", From: []State{New, Assigned}, To: Assigned},
		{On: "start", From: []State{New, Assigned}, To: InProgress},
		{On: "hold", From: working, To: OnHold},
		{On: "hold", From: []State{OnHold}, Stay: true},
		{On: "resume", From: []State{OnHold}, To: InProgress, Or: []State{Assigned, New}},
		{On: "wake", From: []State{OnHold}, To: InProgress, Or: []State{Assigned, New}},
		{On: "caller_reply", From: []State{OnHold}, To: InProgress, Or: []State{Assigned, New}, Stay: true},
		{On: "caller_reply", From: []State{New, Assigned, InProgress, Resolved}, Stay: true},
		{On: "escalate", From: open, Stay: true},
		{On: "escalate_up", From: open, Stay: true},

		{On: "resolve", From: open, To: Resolved},
		{On: "confirm", From: []State{Resolved}, To: Closed},
		{On: "close", From: []State{Resolved}, To: Closed},
		{On: "auto_close", From: []State{Resolved}, To: Closed},
		{On: "reopen", From: []State{Resolved, Closed}, To: InProgress},
		{On: "cancel", From: open, To: Cancelled},

		{On: "edit", From: known, Stay: true},
		{On: "categorise", From: []State{New, Assigned, InProgress, OnHold, Resolved, Closed}, Stay: true},
		{On: "prioritise", From: known, Stay: true},
		{On: "override_priority", From: known, Stay: true},
		{On: "clear_override", From: known, Stay: true},
		{On: "affect", From: known, Stay: true},
		{On: "unaffect", From: known, Stay: true},
		{On: "log_work", From: known, Stay: true},
		{On: "set_parent", From: open, Stay: true},
		{On: "clear_parent", From: open, Stay: true},
		{On: "mark_duplicate", From: open, Stay: true},

		{On: "propose_major", From: open, Stay: true},
		{On: "accept_major", From: open, Stay: true},
		{On: "reject_major", From: open, Stay: true},
		{On: "demote_major", From: known, Stay: true},
		{On: "appoint", From: known, Stay: true},
		{On: "post_update", From: known, Stay: true},
		{On: "remind_update", From: open, Stay: true},
		{On: "review_major", From: []State{Resolved, Closed}, Stay: true},

		{On: "watch", From: all, Stay: true},
		{On: "unwatch", From: all, Stay: true},
		{On: "attach", From: all, Stay: true},
		{On: "detach", From: all, Stay: true},
		{On: "comment", From: all, Stay: true},
		{On: "relate", From: all, Stay: true},
		{On: "unrelate", From: all, Stay: true},
		{On: "set_attributes", From: all, Stay: true},
	}
}

// Lifecycle returns the standard lifecycle, to make a variant of: see [lifecycle.Lifecycle.With].
func Lifecycle() *lifecycle.Lifecycle {
	l, err := lifecycle.New(Rules(), Closed, Cancelled)
	if err != nil {
		panic(err) // the table above is a constant, and a test makes it
	}
	return l
}
