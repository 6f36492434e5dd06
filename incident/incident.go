package incident

import (
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// Incident is an unplanned interruption of a service, or a loss of its quality.
type Incident struct {
	itsm.Header

	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Channel     Channel  `json:"channel"`
	Caller      string   `json:"caller,omitempty"`      // who is affected and is told
	ReportedBy  string   `json:"reported_by,omitempty"` // who recorded it
	Monitor     string   `json:"monitor,omitempty"`     // the monitoring system that detected it
	Correlation string   `json:"correlation,omitempty"` // its key for what belongs together
	Location    string   `json:"location,omitempty"`
	Category    string   `json:"category,omitempty"`
	Subcategory string   `json:"subcategory,omitempty"`
	Symptom     string   `json:"symptom,omitempty"`
	Service     itsm.Ref `json:"service,omitzero"`

	// Affected are further services and configuration items that suffer from it.
	Affected []itsm.Ref `json:"affected,omitempty"`

	Impact   Level     `json:"impact"`
	Urgency  Level     `json:"urgency"`
	Priority Priority  `json:"priority"` // derived: by the matrix, or the override
	Override *Override `json:"override,omitempty"`

	Group      string    `json:"group,omitempty"`
	Assignee   string    `json:"assignee,omitempty"`
	AcceptedAt time.Time `json:"accepted_at,omitzero"`
	StartedAt  time.Time `json:"started_at,omitzero"` // the first time that work began
	Tier       int       `json:"tier,omitempty"`      // how often it was escalated to a further line of support
	// EscalatedTo is the person to whom it was escalated last up the hierarchy, Escalations how often.
	EscalatedTo string `json:"escalated_to,omitempty"`
	Escalations int    `json:"escalations,omitempty"`

	Hold     *Hold         `json:"hold,omitempty"`     // while it is on hold
	HeldFor  itsm.Duration `json:"held_for,omitzero"`  // all holds that have ended
	Holds    int           `json:"holds,omitempty"`    // how often it was put on hold
	Worked   itsm.Duration `json:"worked,omitzero"`    // the sum of the working time logged
	Watchers []string      `json:"watchers,omitempty"` // who is told beside the caller

	Attachments []Attachment `json:"attachments,omitempty"`

	Resolution   Resolution `json:"resolution,omitzero"`
	FirstContact bool       `json:"first_contact,omitempty"` // resolved in the first contact with the caller
	ConfirmedAt  time.Time  `json:"confirmed_at,omitzero"`
	ClosedAt     time.Time  `json:"closed_at,omitzero"`
	AutoCloseAt  time.Time  `json:"auto_close_at,omitzero"` // derived: when the sweep closes it
	CancelledFor string     `json:"cancelled_for,omitempty"`

	// Reassignments counts how often the group changed after there was one, Reopenings how often it was opened
	// again.
	Reassignments  int       `json:"reassignments,omitempty"`
	Reopenings     int       `json:"reopenings,omitempty"`
	LastReopenedAt time.Time `json:"last_reopened_at,omitzero"`

	Parent      itsm.Ref `json:"parent,omitzero"`       // the incident that this one follows
	DuplicateOf itsm.Ref `json:"duplicate_of,omitzero"` // the incident that tells the same
	Major       *Major   `json:"major,omitempty"`       // the major incident track
}

// Override is a priority that a person set against the matrix.
type Override struct {
	Priority Priority `json:"priority"`
	Reason   string   `json:"reason"`
	By       string   `json:"by"`
}

// Hold is why work waits.
type Hold struct {
	Reason HoldReason      `json:"reason"`
	Since  time.Time       `json:"since"`
	From   lifecycle.State `json:"from"`             // the state to go back to
	WakeAt time.Time       `json:"wake_at,omitzero"` // when the sweep ends the hold
	For    itsm.Ref        `json:"for,omitzero"`     // the problem, change or contract that is waited for
}

// Resolution is how the service was restored.
type Resolution struct {
	Code ClosureCode `json:"code,omitempty"`
	Text string      `json:"text,omitempty"`
	By   string      `json:"by,omitempty"`
	At   time.Time   `json:"at,omitzero"`
	With itsm.Ref    `json:"with,omitzero"` // the parent that was resolved
}

// Attachment points at a file that the host keeps.
type Attachment struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	URL       string    `json:"url,omitempty"`
	MediaType string    `json:"media_type,omitempty"`
	Bytes     int64     `json:"bytes,omitempty"`
	By        string    `json:"by,omitempty"`
	At        time.Time `json:"at,omitzero"`
}

// IsOpen tells whether work on the incident may go on: it is neither resolved nor closed nor cancelled.
func (i *Incident) IsOpen() bool {
	switch i.State {
	case Resolved, Closed, Cancelled, "":
		return false
	}
	return true
}

// IsMajor tells whether the incident is handled as a major one now.
func (i *Incident) IsMajor() bool { return i.Major != nil && i.Major.Status == Accepted }
