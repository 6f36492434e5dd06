package invoice

import "github.com/itsmkit/itsm/lifecycle"

// State is where an invoice is in its lifecycle.
type State = lifecycle.State

// The states.
const (
	Drafted   State = "draft"
	Issued    State = "issued"
	Published State = "published" // a notional one
	Disputed  State = "disputed"
	Paid      State = "paid"     // nothing is left to be paid
	Reversed  State = "credited" // all of it was credited
	Cancelled State = "cancelled"
)

// Rules returns the lifecycle as a table. Only a draft can be cancelled: what was issued keeps its number and is credited.
func Rules() []lifecycle.Rule {
	all := []State{Drafted, Issued, Published, Disputed, Paid, Reversed, Cancelled}
	return []lifecycle.Rule{
		{On: "draft", From: []State{""}, To: Drafted},
		{On: "draft_note", From: []State{""}, To: Drafted},
		{On: "edit", From: all, Stay: true},
		{On: "issue", From: []State{Drafted}, To: Issued, Or: []State{Paid}},
		{On: "publish", From: []State{Drafted}, To: Published},
		{On: "cancel", From: []State{Drafted}, To: Cancelled},

		{On: "pay", From: []State{Issued, Disputed}, To: Paid, Stay: true},
		{On: "refund", From: []State{Paid, Reversed}, Stay: true},
		{On: "dispute", From: []State{Issued}, To: Disputed},
		{On: "settle", From: []State{Disputed}, To: Issued},
		{On: "credit", From: []State{Issued, Disputed}, To: Reversed, Or: []State{Paid}, Stay: true},
		{On: "credit", From: []State{Paid}, To: Reversed, Stay: true},

		{On: "comment", From: all, Stay: true},
		{On: "relate", From: all, Stay: true},
		{On: "unrelate", From: all, Stay: true},
		{On: "set_attributes", From: all, Stay: true},
	}
}

// Lifecycle returns the lifecycle.
func Lifecycle() *lifecycle.Lifecycle {
	l, err := lifecycle.New(Rules(), Published, Paid, Reversed, Cancelled)
	if err != nil {
		panic(err) // the table above is a constant, and a test makes it
	}
	return l
}
