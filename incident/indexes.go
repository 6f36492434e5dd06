package incident

import (
	"time"

	"github.com/itsmkit/itsm"
)

// The handles by which incidents are found and ordered, beside those that every kind has: itsm.ByNumber,
// itsm.ByState, itsm.ByCreated, itsm.ByUpdated, itsm.ByLink.
var (
	ByGroup       = itsm.Text("group", func(i *Incident) string { return i.Group })
	ByAssignee    = itsm.Text("assignee", func(i *Incident) string { return i.Assignee })
	ByCaller      = itsm.Text("caller", func(i *Incident) string { return i.Caller })
	ByPriority    = itsm.Text("priority", func(i *Incident) Priority { return i.Priority })
	ByCategory    = itsm.Text("category", func(i *Incident) string { return i.Category })
	ByService     = itsm.Points("service", func(i *Incident) itsm.Ref { return i.Service }).Sparse()
	ByAffected    = itsm.PointsEach("affected", func(i *Incident) []itsm.Ref { return i.Affected })
	ByParent      = itsm.Points("parent", func(i *Incident) itsm.Ref { return i.Parent }).Sparse()
	ByWatcher     = itsm.Texts("watcher", func(i *Incident) []string { return i.Watchers })
	ByCorrelation = itsm.Text("correlation", func(i *Incident) string { return i.Correlation }).Sparse()
	// ByMajor leaves out incidents that never were on the major incident track.
	ByMajor = itsm.Text("major", func(i *Incident) MajorStatus { return i.majorStatus() }).Sparse()
	// ByQueue is the group of an incident that is open; ByDesk its assignee. They leave out what is done.
	ByQueue = itsm.Text("queue", func(i *Incident) string { return whileOpen(i, i.Group) }).Sparse()
	ByDesk  = itsm.Text("desk", func(i *Incident) string { return whileOpen(i, i.Assignee) }).Sparse()
	// What the sweep looks for: when a hold ends, when a resolved incident closes, when stakeholders of a major
	// incident wait for an update.
	ByWakeAt      = itsm.When("wake_at", func(i *Incident) time.Time { return i.wakeAt() }).Sparse()
	ByAutoCloseAt = itsm.When("auto_close_at", func(i *Incident) time.Time { return i.AutoCloseAt }).Sparse()
	ByUpdateDue   = itsm.When("update_due", func(i *Incident) time.Time { return i.updateDue() }).Sparse()
)

// indexes returns what the kind declares: the handles, and the composites behind the lists of a service desk.
func indexes() []itsm.Indexed[Incident] {
	created := itsm.ByCreated[Incident]()
	return []itsm.Indexed[Incident]{
		ByGroup, ByAssignee, ByCaller, ByPriority, ByCategory, ByService, ByAffected, ByParent, ByWatcher, ByCorrelation,
		ByMajor, ByQueue, ByDesk, ByWakeAt, ByAutoCloseAt, ByUpdateDue,
		itsm.Then(ByCaller, created),                                // a caller's incidents, newest first
		itsm.Then(ByGroup, created), itsm.Then(ByAssignee, created), // what a group or a person had
		itsm.Then(ByQueue, ByPriority), itsm.Then(ByDesk, ByPriority), // what to do next: by priority, then the oldest
		itsm.Then(itsm.ByState[Incident](), ByPriority),
	}
}

func whileOpen(i *Incident, s string) string {
	if i.IsOpen() {
		return s
	}
	return ""
}

func (i *Incident) majorStatus() MajorStatus {
	if i.Major == nil {
		return ""
	}
	return i.Major.Status
}

func (i *Incident) wakeAt() time.Time {
	if i.Hold == nil {
		return time.Time{}
	}
	return i.Hold.WakeAt
}

// updateDue is when the stakeholders must be told, until somebody was reminded of it.
func (i *Incident) updateDue() time.Time {
	if i.Major == nil || !i.Major.RemindedAt.Before(i.Major.NextUpdateAt) {
		return time.Time{}
	}
	return i.Major.NextUpdateAt
}
