// Package lifecycle says in which states a record can be and which actions lead from one to the next.
//
// A lifecycle is a table that reads aloud:
//
//	l, err := lifecycle.New([]lifecycle.Rule{
//		{On: "report",  From: []lifecycle.State{""},                  To: "new"},
//		{On: "assign",  From: []lifecycle.State{"new", "assigned"},   To: "assigned"},
//		{On: "comment", From: []lifecycle.State{"new", "assigned"},   Stay: true},
//		{On: "resolve", From: []lifecycle.State{"assigned"},          To: "resolved"},
//		{On: "reopen",  From: []lifecycle.State{"resolved"},          To: "assigned"},
//		{On: "close",   From: []lifecycle.State{"resolved"},          To: "closed"},
//	}, "closed")
//
// # Words
//
// A state is where a record is; the empty one means that there is no record yet, and a rule from it opens one. An
// action is what somebody does. A rule says for one action from which states it is possible and where it
// leads: To, or one of Or if the action decides so (a quorum was reached or not), or nowhere if Stay allows it. A
// final state is one in which a record may rest for ever; it may still have rules, as for reopening.
//
// # Checked when made
//
// [New] refuses a table with two rules for one action in one state, with a state that no record can reach, with a
// state that is not final and has no way out, or with a word that is not a name, and reports everything that it
// found at once. What it accepts cannot surprise later: a [Lifecycle] never changes and is safe for
// concurrent use.
//
// # Asked and run
//
// [Lifecycle.Allows], [Lifecycle.Targets] and [Lifecycle.Allowed] read the table without allocating.
// [Lifecycle.Fire] decides by the table too, then makes the transition on a pooled machine of looplab/fsm, which
// must arrive in the same state. Conditions on the content of a record are no part of a lifecycle.
//
// # Variants
//
// A vendor's own workflow is the standard one with edits, checked the same way:
//
//	own, err := standard.With(
//		lifecycle.Remove("reopen"),
//		lifecycle.Add(lifecycle.Rule{On: "cancel", From: []lifecycle.State{"new"}, To: "cancelled"}),
//		lifecycle.MakeFinal("cancelled"),
//	)
//
// [Parse] reads a lifecycle from JSON, [Lifecycle.Mermaid] draws it.
//
// # Limits
//
// A lifecycle is flat: no nested or parallel states, no timers, no code on entry or exit. It knows one state of one
// record; what spans records, and when something is due, is told elsewhere. That final states can be reached from
// every state is not checked: records may go round for ever where a process has no end.
package lifecycle
