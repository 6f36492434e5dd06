package asset

import "github.com/itsmkit/itsm/lifecycle"

// State is where an asset is in its lifecycle.
type State = lifecycle.State

// The states.
const (
	Planned       State = "planned"
	Ordered       State = "ordered"
	InStock       State = "in_stock"
	Deployed      State = "deployed"
	InMaintenance State = "in_maintenance"
	Retired       State = "retired"
	Lost          State = "lost"
	Stolen        State = "stolen"
	Disposed      State = "disposed"
	Cancelled     State = "cancelled" // never bought
)

// Rules returns the standard lifecycle as a table. What is lost or stolen can be found again, or written off.
func Rules() []lifecycle.Rule {
	coming := []State{Planned, Ordered}
	held := []State{InStock, Deployed, InMaintenance}
	here := []State{InStock, Deployed, InMaintenance, Retired}
	live := []State{Planned, Ordered, InStock, Deployed, InMaintenance}
	known := []State{Planned, Ordered, InStock, Deployed, InMaintenance, Retired, Lost, Stolen}
	all := []State{Planned, Ordered, InStock, Deployed, InMaintenance, Retired, Lost, Stolen, Disposed, Cancelled}
	return []lifecycle.Rule{
		{On: "plan", From: []State{""}, To: Planned},
		{On: "register", From: []State{""}, To: InStock},

		{On: "order", From: []State{Planned}, To: Ordered},
		{On: "receive", From: coming, To: InStock},
		{On: "cancel", From: coming, To: Cancelled},

		{On: "check_out", From: []State{InStock}, To: Deployed},
		{On: "accept", From: []State{Deployed}, Stay: true},
		{On: "decline", From: []State{Deployed}, To: InStock},
		{On: "check_in", From: []State{Deployed}, To: InStock},
		{On: "extend", From: []State{Deployed}, Stay: true},
		{On: "transfer", From: []State{Deployed}, Stay: true},
		{On: "assign", From: append(live[:5:5], Retired), Stay: true},
		{On: "reserve", From: live, Stay: true},
		{On: "release", From: known, Stay: true},

		{On: "maintain", From: []State{InStock, Deployed}, To: InMaintenance},
		{On: "return", From: []State{InMaintenance}, To: InStock, Or: []State{Deployed}},

		{On: "reorder", From: []State{InStock}, Stay: true},
		{On: "replenish", From: []State{InStock}, Stay: true},
		{On: "issue", From: []State{InStock}, Stay: true},
		{On: "count", From: []State{InStock}, Stay: true},
		{On: "set_reorder", From: live, Stay: true},
		{On: "entitle", From: live, Stay: true},

		{On: "report_lost", From: here, To: Lost},
		{On: "report_stolen", From: append(here[:4:4], Lost), To: Stolen},
		{On: "recover", From: []State{Lost, Stolen}, To: InStock},
		{On: "retire", From: held, To: Retired},
		{On: "reinstate", From: []State{Retired}, To: InStock},
		{On: "dispose", From: []State{Retired}, To: Disposed},
		{On: "write_off", From: []State{Lost, Stolen}, To: Disposed},

		{On: "edit", From: known, Stay: true},
		{On: "identify", From: known, Stay: true},
		{On: "specify", From: known, Stay: true},
		{On: "reclassify", From: known, Stay: true},
		{On: "revalidate", From: known, Stay: true},
		{On: "set_value", From: known, Stay: true},
		{On: "set_dates", From: known, Stay: true},
		{On: "sight", From: here, Stay: true},

		{On: "comment", From: all, Stay: true},
		{On: "relate", From: all, Stay: true},
		{On: "unrelate", From: all, Stay: true},
		{On: "set_attributes", From: all, Stay: true},
	}
}

// Lifecycle returns the standard lifecycle, to make a variant of: see [lifecycle.Lifecycle.With].
func Lifecycle() *lifecycle.Lifecycle {
	l, err := lifecycle.New(Rules(), Disposed, Cancelled)
	if err != nil {
		panic(err) // the table above is a constant, and a test makes it
	}
	return l
}
