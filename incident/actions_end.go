package incident

import (
	"strings"
	"time"

	"github.com/itsmkit/itsm"
)

// Resolve says that the service is restored, by which sort of solution and how. The text is public. FirstContact
// says that it was done in the first contact with the caller: without another group, hold or reopening.
type Resolve struct {
	Code         ClosureCode `json:"code"`
	Text         string      `json:"text"`
	FirstContact bool        `json:"first_contact,omitempty"`
	With         itsm.Ref    `json:"with,omitzero"` // the parent whose resolution came down, see [Cascade]
}

// Name returns "resolve".
func (Resolve) Name() string { return "resolve" }

// Apply notes the resolution.
func (a Resolve) Apply(i *Incident, m itsm.Moment) error {
	if strings.TrimSpace(a.Text) == "" {
		return itsm.Invalid("text", "required")
	}
	if a.FirstContact && (i.Reassignments > 0 || i.Holds > 0 || i.Reopenings > 0) {
		return itsm.Invalid("first_contact", "not_first", "want", "no other group, hold or reopening before")
	}
	i.Resolution = Resolution{Code: a.Code, Text: a.Text, By: m.Actor.ID, At: m.Time, With: a.With}
	i.FirstContact = a.FirstContact
	m.Say(a.Text, true)
	return nil
}

// Confirm says that the caller agrees: the incident is closed.
type Confirm struct {
	Text string `json:"text,omitempty"`
}

// Name returns "confirm".
func (Confirm) Name() string { return "confirm" }

// Apply closes the incident.
func (a Confirm) Apply(i *Incident, m itsm.Moment) error {
	i.ConfirmedAt, i.ClosedAt = m.Time, m.Time
	m.Say(a.Text, true)
	return nil
}

// Close closes a resolved incident without waiting.
type Close struct {
	Text string `json:"text,omitempty"`
}

// Name returns "close".
func (Close) Name() string { return "close" }

// Apply closes the incident.
func (a Close) Apply(i *Incident, m itsm.Moment) error {
	i.ClosedAt = m.Time
	m.Say(a.Text, false)
	return nil
}

// AutoClose closes an incident that nobody objected to. The sweep does it.
type AutoClose struct{}

// Name returns "auto_close".
func (AutoClose) Name() string { return "auto_close" }

// Apply closes the incident.
func (AutoClose) Apply(i *Incident, m itsm.Moment) error {
	i.ClosedAt = m.Time
	return nil
}

// Reopen takes up a resolved or closed incident again, within the window of the kind's options.
type Reopen struct {
	Reason string `json:"reason"`
}

// Name returns "reopen".
func (Reopen) Name() string { return "reopen" }

// Apply removes the resolution, which stays in the history, and counts the reopening.
func (a Reopen) Apply(i *Incident, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	i.Resolution, i.FirstContact = Resolution{}, false
	i.ConfirmedAt, i.ClosedAt = time.Time{}, time.Time{}
	i.Reopenings++
	i.LastReopenedAt = m.Time
	m.Say(a.Reason, true)
	return nil
}

// Cancel ends an incident that was none.
type Cancel struct {
	Reason string `json:"reason"`
}

// Name returns "cancel".
func (Cancel) Name() string { return "cancel" }

// Apply notes the reason, which the caller may read.
func (a Cancel) Apply(i *Incident, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	i.CancelledFor = a.Reason
	m.Say(a.Reason, true)
	return nil
}

// SetParent makes the incident follow another one: it is resolved with it, see [Cascade].
type SetParent struct {
	Parent itsm.Ref `json:"parent"`
}

// Name returns "set_parent".
func (SetParent) Name() string { return "set_parent" }

// Apply sets the parent. What it must be to be one is asked of [Around].
func (a SetParent) Apply(i *Incident, m itsm.Moment) error {
	if err := follows(i, a.Parent, "parent"); err != nil {
		return err
	}
	i.Parent = a.Parent
	return checkFamily(m, "parent", false)
}

// follows refuses a reference that is not to another incident.
func follows(i *Incident, to itsm.Ref, field string) error {
	switch {
	case to.IsZero():
		return itsm.Invalid(field, "required")
	case to.Kind != Name:
		return itsm.Invalid(field, "kind", "value", to.Kind, "want", Name)
	case to.ID == i.ID:
		return itsm.Invalid(field, "itself")
	}
	return nil
}

// ClearParent lets the incident go its own way.
type ClearParent struct{}

// Name returns "clear_parent".
func (ClearParent) Name() string { return "clear_parent" }

// Apply removes the parent.
func (ClearParent) Apply(i *Incident, _ itsm.Moment) error {
	i.Parent, i.DuplicateOf = itsm.Ref{}, itsm.Ref{}
	return nil
}

// MarkDuplicate says that another incident tells the same. It becomes the parent, so that its resolution comes
// down.
type MarkDuplicate struct {
	Of itsm.Ref `json:"of"`
}

// Name returns "mark_duplicate".
func (MarkDuplicate) Name() string { return "mark_duplicate" }

// Apply sets the other incident as original and parent.
func (a MarkDuplicate) Apply(i *Incident, m itsm.Moment) error {
	if err := follows(i, a.Of, "of"); err != nil {
		return err
	}
	i.DuplicateOf, i.Parent = a.Of, a.Of
	return checkFamily(m, "of", true)
}
