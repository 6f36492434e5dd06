package cmdb

import "github.com/itsmkit/itsm/lifecycle"

// ItemRules returns the standard lifecycle of an item as a table. An item that was merged comes back only by a split.
func ItemRules() []lifecycle.Rule {
	live := []lifecycle.State{Operational, OutOfService}
	open := []lifecycle.State{Planned, Operational, OutOfService}
	known := []lifecycle.State{Planned, Operational, OutOfService, Retired}
	all := []lifecycle.State{Planned, Operational, OutOfService, Retired, Merged}
	return []lifecycle.Rule{
		{On: "plan", From: []lifecycle.State{""}, To: Planned},
		{On: "register", From: []lifecycle.State{""}, To: Operational},
		{On: "discover", From: []lifecycle.State{""}, To: Operational},
		{On: "branch", From: []lifecycle.State{""}, To: Operational},

		{On: "activate", From: []lifecycle.State{Planned}, To: Operational},
		{On: "take_out", From: []lifecycle.State{Operational}, To: OutOfService},
		{On: "bring_back", From: []lifecycle.State{OutOfService}, To: Operational},
		{On: "retire", From: open, To: Retired},
		{On: "reinstate", From: []lifecycle.State{Retired}, To: Operational},

		{On: "edit", From: known, Stay: true},
		{On: "reclassify", From: known, Stay: true},
		{On: "revalidate", From: known, Stay: true},
		{On: "set_needs", From: open, Stay: true},
		{On: "represent", From: known, Stay: true},
		{On: "lock", From: known, Stay: true},
		{On: "unlock", From: known, Stay: true},
		{On: "restore_value", From: known, Stay: true},

		{On: "observe", From: known, Stay: true},
		{On: "miss", From: known, Stay: true},
		{On: "forget", From: known, Stay: true},
		{On: "absorb", From: live, Stay: true},
		{On: "merge_into", From: known, To: Merged},
		{On: "separate", From: []lifecycle.State{Merged}, To: Operational},

		{On: "comment", From: all, Stay: true},
		{On: "relate", From: all, Stay: true},
		{On: "unrelate", From: all, Stay: true},
		{On: "set_attributes", From: all, Stay: true},
	}
}
