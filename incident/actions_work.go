package incident

import (
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

const day = itsm.Duration(24 * time.Hour)

// Assign gives the incident to a group, and to a person of it. A New incident is Assigned as soon as there is a
// person; with a group alone it stays New, in the group's queue, and Queue keeps it New with a person too. In
// the later states it stays where it is. Both fields are set: an empty person leaves it to the group, and Queue
// with neither gives it back to the desk, where it is nobody's.
type Assign struct {
	Group string `json:"group"`
	To    string `json:"to,omitempty"`
	Queue bool   `json:"queue,omitempty"`
}

// Name returns "assign".
func (Assign) Name() string { return "assign" }

// Apply sets group and person. A change of the group counts as a reassignment if there was a group before.
func (a Assign) Apply(i *Incident, _ itsm.Moment) error {
	if a.Group == "" && a.To == "" && !a.Queue {
		return itsm.Invalid("group", "required", "want", "a group, a person or both")
	}
	i.assign(a.Group, a.To)
	if i.Hold != nil && i.Hold.From == New && a.To != "" && !a.Queue {
		i.Hold.From = Assigned
	}
	if i.State == New && (a.To == "" || a.Queue) {
		i.State = lifecycle.Stay
	}
	return nil
}

func (i *Incident) assign(group, person string) {
	if i.Group != "" && i.Group != group {
		i.Reassignments++
	}
	if person != i.Assignee {
		i.AcceptedAt = time.Time{}
	}
	i.Group, i.Assignee = group, person
}

// Accept says that the actor takes the incident on.
type Accept struct{}

// Name returns "accept".
func (Accept) Name() string { return "accept" }

// Apply makes the actor the assignee.
func (Accept) Apply(i *Incident, m itsm.Moment) error {
	i.Assignee, i.AcceptedAt = m.Actor.ID, m.Time
	return nil
}

// Start says that work begins.
type Start struct{}

// Name returns "start".
func (Start) Name() string { return "start" }

// Apply notes the first start.
func (Start) Apply(i *Incident, m itsm.Moment) error {
	if i.StartedAt.IsZero() {
		i.StartedAt = m.Time
	}
	return nil
}

// PutOnHold says that work waits, and for what. A hold for the caller tells the caller what is needed: its text
// is public and required. On an incident that is on hold already it changes the reason.
type PutOnHold struct {
	Reason HoldReason `json:"reason"`
	Text   string     `json:"text,omitempty"`
	WakeAt time.Time  `json:"wake_at,omitzero"` // when the sweep ends the hold
	For    itsm.Ref   `json:"for,omitzero"`     // the problem, change or contract
}

// Name returns "hold".
func (PutOnHold) Name() string { return "hold" }

// Apply begins the hold.
func (a PutOnHold) Apply(i *Incident, m itsm.Moment) error {
	switch {
	case a.Reason == "":
		return itsm.Invalid("reason", "required")
	case a.Reason == ForCaller && strings.TrimSpace(a.Text) == "":
		return itsm.Invalid("text", "required", "want", "what the caller is asked")
	case !a.WakeAt.IsZero() && !a.WakeAt.After(m.Time):
		return itsm.Invalid("wake_at", "past", "now", m.Time.Format(time.RFC3339))
	}
	from := i.State
	if i.Hold != nil {
		from = i.Hold.From
		i.HeldFor += itsm.Duration(m.Time.Sub(i.Hold.Since))
	} else {
		i.Holds++
	}
	i.Hold = &Hold{Reason: a.Reason, Since: m.Time, From: from, WakeAt: a.WakeAt, For: a.For}
	m.Say(a.Text, a.Reason == ForCaller)
	return nil
}

// Resume ends a hold: the incident goes on where it was.
type Resume struct {
	Text string `json:"text,omitempty"`
}

// Name returns "resume".
func (Resume) Name() string { return "resume" }

// Apply goes back to the state before the hold.
func (a Resume) Apply(i *Incident, m itsm.Moment) error {
	i.State = i.before()
	m.Say(a.Text, false)
	return nil
}

// before returns the state that a hold goes back to.
func (i *Incident) before() State {
	if i.Hold == nil || i.Hold.From == "" {
		return InProgress
	}
	return i.Hold.From
}

// Wake ends a hold whose time has come. The sweep does it.
type Wake struct{}

// Name returns "wake".
func (Wake) Name() string { return "wake" }

// Apply goes back to the state before the hold.
func (Wake) Apply(i *Incident, _ itsm.Moment) error {
	i.State = i.before()
	return nil
}

// CallerReply is what the caller answers. It ends a hold for the caller; in other states, and holds for other
// reasons, it is a public comment.
type CallerReply struct {
	Text string `json:"text"`
}

// Name returns "caller_reply".
func (CallerReply) Name() string { return "caller_reply" }

// Apply says the text, and resumes if that was waited for.
func (a CallerReply) Apply(i *Incident, m itsm.Moment) error {
	if strings.TrimSpace(a.Text) == "" {
		return itsm.Invalid("text", "required")
	}
	m.Say(a.Text, true)
	switch {
	case i.Hold == nil:
	case i.Hold.Reason == ForCaller:
		i.State = i.before()
	default:
		i.State = lifecycle.Stay
	}
	return nil
}

// Escalate hands the incident to a further line of support (functional escalation).
type Escalate struct {
	Group  string `json:"group"`
	To     string `json:"to,omitempty"`
	Reason string `json:"reason"`
}

// Name returns "escalate".
func (Escalate) Name() string { return "escalate" }

// Apply assigns the other group and counts the tier.
func (a Escalate) Apply(i *Incident, m itsm.Moment) error {
	switch {
	case a.Group == "":
		return itsm.Invalid("group", "required")
	case a.Group == i.Group:
		return itsm.Invalid("group", "same", "value", a.Group)
	case strings.TrimSpace(a.Reason) == "":
		return itsm.Invalid("reason", "required")
	}
	i.assign(a.Group, a.To)
	i.Tier++
	m.Say(a.Reason, false)
	return nil
}

// EscalateUp tells somebody further up (hierarchical escalation). The assignment stays.
type EscalateUp struct {
	To     string `json:"to"`
	Reason string `json:"reason"`
}

// Name returns "escalate_up".
func (EscalateUp) Name() string { return "escalate_up" }

// Apply notes the escalation.
func (a EscalateUp) Apply(i *Incident, m itsm.Moment) error {
	switch {
	case a.To == "":
		return itsm.Invalid("to", "required")
	case strings.TrimSpace(a.Reason) == "":
		return itsm.Invalid("reason", "required")
	}
	i.EscalatedTo = a.To
	i.Escalations++
	m.Say(a.Reason, false)
	return nil
}
