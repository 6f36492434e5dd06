package sla

import (
	"time"

	"github.com/itsmkit/itsm"
)

// The standard set: targets over incidents as the package incident keeps them, as plain data to begin with. They name
// fields and states only; nothing of that package is imported.

// IncidentSubject says where an incident holds what agreements ask for: the customer is the caller.
func IncidentSubject() Subject {
	return Subject{Kind: "incident", Service: "service", Customer: "caller", Group: "group", Priority: "priority"}
}

// open is every state in which work on an incident may go on.
func open() Condition { return Is("state", "new", "assigned", "in_progress", "on_hold") }

// ByPriority are amounts of working time for p1, p2 and so on, in order.
func ByPriority(amounts ...time.Duration) []Amount {
	out := make([]Amount, len(amounts))
	for i, a := range amounts {
		out[i] = Amount{When: Is("priority", "p"+string(rune('1'+i))), Working: itsm.Duration(a)}
	}
	return out
}

// ResponseTarget measures until somebody has accepted or started work.
func ResponseTarget(amounts ...Amount) Target {
	return Target{Name: "response", Title: "Time to respond", Start: Did("report", "detect"),
		Stop:    Any(Is("state", "assigned", "in_progress", "resolved", "closed"), Has("accepted_at")),
		Cancel:  Is("state", "cancelled"),
		Amounts: amounts, Thresholds: warnings()}
}

// ResolutionTarget measures until the incident is resolved, without the time for which the caller is waited for. A
// reopened incident goes on with what has counted.
func ResolutionTarget(amounts ...Amount) Target {
	return Target{Name: "resolution", Title: "Time to resolve", Start: open(), Stop: Is("state", "resolved", "closed"),
		Pause: Is("hold.reason", "caller"), Cancel: Is("state", "cancelled"), Reopening: GoOn,
		Amounts: amounts, Thresholds: warnings()}
}

// NextReplyTarget measures from each reply of the caller to the next public word of the desk.
func NextReplyTarget(amounts ...Amount) Target {
	return Target{Name: "next_reply", Title: "Time to reply", Start: Did("caller_reply"),
		Stop:    All(Public(), Not(Did("caller_reply"))),
		Cancel:  Is("state", "closed", "cancelled"),
		Amounts: amounts, Reopening: Again}
}

// GroupTarget measures each assigned group from its hand-over on: an operational target.
func GroupTarget(amounts ...Amount) Target {
	return Target{Name: "group_time", Title: "Time of the group", Start: open(), Stop: Is("state", "resolved", "closed"),
		Pause: Is("state", "on_hold"), Cancel: Is("state", "cancelled"), Each: "group", Amounts: amounts}
}

// SupplierTarget measures the supplier, for whom an incident is on hold: a target of an underpinning contract.
func SupplierTarget(amounts ...Amount) Target {
	return Target{Name: "supplier_time", Title: "Time of the supplier", Start: Is("hold.reason", "supplier"),
		Stop: Not(Is("hold.reason", "supplier")), Reopening: Again, Amounts: amounts}
}

// warnings are the usual thresholds.
func warnings() []Threshold {
	return []Threshold{
		{Name: "half", Percent: 50},
		{Name: "warning", Percent: 75, Do: []Escalation{{Do: Notify, To: "assignee"}}},
		{Name: "breach", Percent: 100, Do: []Escalation{{Do: Notify, To: "group_lead"}}},
		{Name: "overdue", Percent: 150, Do: []Escalation{{Do: Notify, To: "service_manager"}, {Do: Raise}}},
	}
}
