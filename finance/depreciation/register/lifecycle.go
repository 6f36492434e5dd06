package register

import "github.com/itsmkit/itsm/lifecycle"

// The states of an asset. One that is fully written off stays in service.
const (
	InService lifecycle.State = "in_service"
	Disposed  lifecycle.State = "disposed" // sold or scrapped as a whole
	Divided   lifecycle.State = "divided"  // its parts are assets of their own
)

// Rules returns the lifecycle of an asset as a table.
func Rules() []lifecycle.Rule {
	service := []lifecycle.State{InService}
	all := []lifecycle.State{InService, Disposed, Divided}
	return []lifecycle.Rule{
		{On: "capitalise", From: []lifecycle.State{""}, To: InService},
		{On: "receive", From: []lifecycle.State{""}, To: InService},
		{On: "add_book", From: service, Stay: true},

		{On: "use", From: service, Stay: true},
		{On: "depreciate", From: service, Stay: true},
		{On: "revalue", From: service, Stay: true},
		{On: "impair", From: service, Stay: true},
		{On: "revise", From: service, Stay: true},

		{On: "dispose", From: service, To: Disposed, Stay: true},
		{On: "divide", From: service, To: Divided},

		{On: "edit", From: all, Stay: true},
		{On: "comment", From: all, Stay: true},
		{On: "relate", From: all, Stay: true},
		{On: "unrelate", From: all, Stay: true},
		{On: "set_attributes", From: all, Stay: true},
	}
}

// Lifecycle returns the lifecycle of an asset.
func Lifecycle() *lifecycle.Lifecycle {
	l, err := lifecycle.New(Rules(), InService, Disposed, Divided)
	if err != nil {
		panic(err) // the table above is a constant, and a test makes it
	}
	return l
}
