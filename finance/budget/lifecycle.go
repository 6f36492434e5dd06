package budget

import "github.com/itsmkit/itsm/lifecycle"

// State is where a budget is in its lifecycle.
type State = lifecycle.State

// The states. A budget is in force in Approved, Revising and Resubmitted.
const (
	InDraft     State = "draft"
	Submitted   State = "submitted"
	Approved    State = "approved"
	Revising    State = "revising"    // in force, and the next edition is being written
	Resubmitted State = "resubmitted" // in force, and the next edition is to be approved
	Closed      State = "closed"
	Cancelled   State = "cancelled" // never was in force
)

// InForce returns the states in which money is committed and spent.
func InForce() []State { return []State{Approved, Revising, Resubmitted} }

// Rules returns the standard lifecycle as a table.
func Rules() []lifecycle.Rule {
	writing, waiting := []State{InDraft, Revising}, []State{Submitted, Resubmitted}
	all := []State{InDraft, Submitted, Approved, Revising, Resubmitted, Closed, Cancelled}
	rules := []lifecycle.Rule{
		{On: "draft", From: []State{""}, To: InDraft},
		{On: "edit", From: writing, Stay: true},
		{On: "submit", From: []State{InDraft}, To: Submitted},
		{On: "submit", From: []State{Revising}, To: Resubmitted},
		{On: "withdraw", From: []State{Submitted}, To: InDraft},
		{On: "withdraw", From: []State{Resubmitted}, To: Revising},
		{On: "reject", From: []State{Submitted}, To: InDraft},
		{On: "reject", From: []State{Resubmitted}, To: Revising},
		{On: "approve", From: waiting, To: Approved},
		{On: "revise", From: []State{Approved}, To: Revising},
		{On: "abandon", From: []State{Revising}, To: Approved},
		{On: "cancel", From: []State{InDraft, Submitted}, To: Cancelled},
		{On: "close", From: []State{Approved}, To: Closed},
		{On: "carry_out", From: []State{Approved}, To: Closed},
	}
	for _, name := range []string{"commit", "recommit", "release", "spend", "transfer_out", "transfer_in", "carry_in", "assess"} {
		rules = append(rules, lifecycle.Rule{On: name, From: InForce(), Stay: true})
	}
	for _, name := range []string{"comment", "relate", "unrelate", "set_attributes"} {
		rules = append(rules, lifecycle.Rule{On: name, From: all, Stay: true})
	}
	return rules
}

// Lifecycle returns the standard lifecycle.
func Lifecycle() *lifecycle.Lifecycle {
	l, err := lifecycle.New(Rules(), Closed, Cancelled)
	if err != nil {
		panic(err) // the table above is a constant, and a test makes it
	}
	return l
}
