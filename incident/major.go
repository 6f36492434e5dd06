package incident

import (
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
)

// MajorStatus is where an incident is on the major incident track, which runs beside its state.
type MajorStatus string

// The statuses.
const (
	Proposed MajorStatus = "proposed"
	Accepted MajorStatus = "accepted"
	Rejected MajorStatus = "rejected"
	Demoted  MajorStatus = "demoted"
)

// Choices returns the statuses for a pick box.
func (MajorStatus) Choices() []string {
	return []string{string(Proposed), string(Accepted), string(Rejected), string(Demoted)}
}

// Major is the major incident track of an incident.
type Major struct {
	Status     MajorStatus `json:"status"`
	Reason     string      `json:"reason"`            // why it was proposed or accepted, then why rejected or demoted
	Trigger    string      `json:"trigger,omitempty"` // the name of the rule that did it
	ProposedAt time.Time   `json:"proposed_at,omitzero"`
	AcceptedAt time.Time   `json:"accepted_at,omitzero"`
	EndedAt    time.Time   `json:"ended_at,omitzero"` // rejected or demoted

	Manager        string `json:"manager,omitempty"`        // the incident manager
	Communications string `json:"communications,omitempty"` // who tells the stakeholders

	UpdateEvery  itsm.Duration `json:"update_every,omitzero"`
	Updates      int           `json:"updates,omitempty"` // status updates posted
	LastUpdateAt time.Time     `json:"last_update_at,omitzero"`
	NextUpdateAt time.Time     `json:"next_update_at,omitzero"` // derived; zero: none is due
	RemindedAt   time.Time     `json:"reminded_at,omitzero"`    // that an update is overdue

	Review *PostIncidentReview `json:"review,omitempty"`
}

// PostIncidentReview is what was learnt.
type PostIncidentReview struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Summary string    `json:"summary"`
	Cause   string    `json:"cause,omitempty"`
	Lessons []string  `json:"lessons,omitempty"`
	Actions []string  `json:"actions,omitempty"` // what will be done; each is a record elsewhere
}

// ProposeMajor proposes the incident as a major one.
type ProposeMajor struct {
	Reason  string `json:"reason"`
	Trigger string `json:"trigger,omitempty"`
}

// Name returns "propose_major".
func (ProposeMajor) Name() string { return "propose_major" }

// Apply begins the track.
func (a ProposeMajor) Apply(i *Incident, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	i.Major = &Major{Status: Proposed, Reason: a.Reason, Trigger: a.Trigger, ProposedAt: m.Time}
	m.Say(a.Reason, false)
	return nil
}

// AcceptMajor makes a major incident of a proposed one, or of any other at once. The manager is required.
type AcceptMajor struct {
	Manager        string        `json:"manager"`
	Communications string        `json:"communications,omitempty"`
	Reason         string        `json:"reason,omitempty"`      // required where it was not proposed
	UpdateEvery    itsm.Duration `json:"update_every,omitzero"` // the cadence of status updates; 0 is the option's
}

// Name returns "accept_major".
func (AcceptMajor) Name() string { return "accept_major" }

// Apply accepts.
func (a AcceptMajor) Apply(i *Incident, m itsm.Moment) error {
	if i.majorStatus() != Proposed {
		if strings.TrimSpace(a.Reason) == "" {
			return itsm.Invalid("reason", "required", "because", "it was not proposed")
		}
		i.Major = &Major{ProposedAt: m.Time}
	}
	switch {
	case a.Manager == "":
		return itsm.Invalid("manager", "required")
	case a.UpdateEvery < Unlimited:
		return itsm.Invalid("update_every", "range", "min", "PT0S", "value", a.UpdateEvery.String())
	}
	replace(&i.Major.Reason, a.Reason)
	i.Major.Status, i.Major.AcceptedAt = Accepted, m.Time
	i.Major.Manager, i.Major.Communications, i.Major.UpdateEvery = a.Manager, a.Communications, a.UpdateEvery
	m.Say(a.Reason, false)
	return nil
}

// RejectMajor says that a proposed incident is no major one.
type RejectMajor struct {
	Reason string `json:"reason"`
}

// Name returns "reject_major".
func (RejectMajor) Name() string { return "reject_major" }

// Apply ends the track.
func (a RejectMajor) Apply(i *Incident, m itsm.Moment) error {
	return i.Major.end(Rejected, a.Reason, m)
}

// DemoteMajor says that a major incident is one no longer. Its state stays as it is.
type DemoteMajor struct {
	Reason string `json:"reason"`
}

// Name returns "demote_major".
func (DemoteMajor) Name() string { return "demote_major" }

// Apply ends the track.
func (a DemoteMajor) Apply(i *Incident, m itsm.Moment) error {
	return i.Major.end(Demoted, a.Reason, m)
}

func (j *Major) end(status MajorStatus, reason string, m itsm.Moment) error {
	if strings.TrimSpace(reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	j.Status, j.Reason, j.EndedAt = status, reason, m.Time
	m.Say(reason, false)
	return nil
}

// Appoint gives the roles of a major incident to people. An empty one stays as it is.
type Appoint struct {
	Manager        string `json:"manager,omitempty"`
	Communications string `json:"communications,omitempty"`
}

// Name returns "appoint".
func (Appoint) Name() string { return "appoint" }

// Apply sets the roles.
func (a Appoint) Apply(i *Incident, _ itsm.Moment) error {
	if a == (Appoint{}) {
		return itsm.Invalid("manager", "required", "want", "a manager, a communications lead or both")
	}
	replace(&i.Major.Manager, a.Manager)
	replace(&i.Major.Communications, a.Communications)
	return nil
}

// PostUpdate tells the stakeholders of a major incident how it stands. The next update is due a cadence later, or
// at the instant given.
type PostUpdate struct {
	Text   string    `json:"text"`
	NextAt time.Time `json:"next_at,omitzero"`
}

// Name returns "post_update".
func (PostUpdate) Name() string { return "post_update" }

// Apply says the text and sets the next update.
func (a PostUpdate) Apply(i *Incident, m itsm.Moment) error {
	switch {
	case strings.TrimSpace(a.Text) == "":
		return itsm.Invalid("text", "required")
	case !a.NextAt.IsZero() && !a.NextAt.After(m.Time):
		return itsm.Invalid("next_at", "past", "now", m.Time.Format(time.RFC3339))
	}
	j := i.Major
	j.Updates++
	j.LastUpdateAt, j.NextUpdateAt, j.RemindedAt = m.Time, a.NextAt, time.Time{}
	m.Say(a.Text, true)
	return nil
}

// RemindUpdate notes that a status update is overdue, once for each. The sweep does it.
type RemindUpdate struct{}

// Name returns "remind_update".
func (RemindUpdate) Name() string { return "remind_update" }

// Apply notes the reminder.
func (RemindUpdate) Apply(i *Incident, m itsm.Moment) error {
	i.Major.RemindedAt = m.Time
	return nil
}

// ReviewMajor records the post-incident review.
type ReviewMajor struct {
	Summary string   `json:"summary"`
	Cause   string   `json:"cause,omitempty"`
	Lessons []string `json:"lessons,omitempty"`
	Actions []string `json:"actions,omitempty"`
}

// Name returns "review_major".
func (ReviewMajor) Name() string { return "review_major" }

// Apply keeps the review; a later one replaces it, the earlier stays in the history.
func (a ReviewMajor) Apply(i *Incident, m itsm.Moment) error {
	if strings.TrimSpace(a.Summary) == "" {
		return itsm.Invalid("summary", "required")
	}
	i.Major.Review = &PostIncidentReview{At: m.Time, By: m.Actor.ID, Summary: a.Summary, Cause: a.Cause,
		Lessons: slices.Clone(a.Lessons), Actions: slices.Clone(a.Actions)}
	m.Say(a.Summary, false)
	return nil
}
