package sla

import "github.com/itsmkit/itsm/lifecycle"

// The states of an agreement. One that is active or in review is in force between its dates, whatever its state says of
// the work on it.
const (
	InDraft       lifecycle.State = "draft"
	InNegotiation lifecycle.State = "negotiation"
	Active        lifecycle.State = "active" // signed; its dates say when it is in force
	InReview      lifecycle.State = "in_review"
	Expired       lifecycle.State = "expired"
	Terminated    lifecycle.State = "terminated"
)

// AgreementRules returns the lifecycle of an agreement as a table. Editing has a rule in the signed states too, so that its
// guard can say why it is refused there.
func AgreementRules() []lifecycle.Rule {
	unsigned := []lifecycle.State{InDraft, InNegotiation}
	signed := []lifecycle.State{Active, InReview}
	all := []lifecycle.State{InDraft, InNegotiation, Active, InReview, Expired, Terminated}
	return []lifecycle.Rule{
		{On: "draft", From: []lifecycle.State{""}, To: InDraft},
		{On: "revise", From: []lifecycle.State{""}, To: InDraft},
		{On: "edit", From: append(unsigned[:2:2], signed...), Stay: true},
		{On: "offer", From: []lifecycle.State{InDraft}, To: InNegotiation},
		{On: "sign", From: []lifecycle.State{InNegotiation}, To: Active},

		{On: "begin_review", From: []lifecycle.State{Active}, To: InReview},
		{On: "end_review", From: []lifecycle.State{InReview}, To: Active},
		{On: "review", From: signed, Stay: true},
		{On: "supersede", From: signed, Stay: true},
		{On: "expire", From: signed, To: Expired, Or: []lifecycle.State{Terminated}},
		{On: "terminate", From: unsigned, To: Terminated},
		{On: "terminate", From: signed, To: Terminated, Stay: true},

		{On: "comment", From: all, Stay: true},
		{On: "relate", From: all, Stay: true},
		{On: "unrelate", From: all, Stay: true},
		{On: "set_attributes", From: all, Stay: true},
	}
}

// AgreementLifecycle returns the standard lifecycle of an agreement.
func AgreementLifecycle() *lifecycle.Lifecycle {
	l, err := lifecycle.New(AgreementRules(), Expired, Terminated)
	if err != nil {
		panic(err) // the table above is a constant, and a test makes it
	}
	return l
}
