package itsm

import (
	"slices"
	"strings"
)

// The actions of this file fit every kind: a domain offers those that it wants and gives them a rule in its
// lifecycle, as itsm.Do(itsm.Comment[Incident]{}).

// SetAttributes changes the host's own fields: those given, leaving the others. A value of null removes one.
type SetAttributes[T any] struct {
	Attributes Attributes `json:"attributes"`
}

// Name returns "set_attributes".
func (SetAttributes[T]) Name() string { return "set_attributes" }

// Apply merges the attributes into the record's; the kernel then checks them against the declared fields.
func (a SetAttributes[T]) Apply(rec *T, _ Moment) error {
	if len(a.Attributes) == 0 {
		return Invalid("attributes", "required")
	}
	head(rec).Attributes.Merge(a.Attributes)
	return nil
}

// Relate adds a link to another record: Type says how the record relates to it, such as "caused_by".
type Relate[T any] struct {
	Type string `json:"type"`
	To   Ref    `json:"to"`
}

// Name returns "relate".
func (Relate[T]) Name() string { return "relate" }

// Apply adds the link; one that is there already is refused.
func (a Relate[T]) Apply(rec *T, _ Moment) error {
	h, link := head(rec), Link(a)
	switch {
	case !validName(a.Type):
		return Invalid("type", "name", "want", nameRule)
	case a.To.IsZero():
		return Invalid("to", "required")
	case a.To.ID == h.ID:
		return Invalid("to", "itself")
	case slices.Contains(h.Links, link):
		return Invalid("to", "twice")
	}
	h.Links = append(h.Links, link)
	return nil
}

// Unrelate removes a link.
type Unrelate[T any] struct {
	Type string `json:"type"`
	To   Ref    `json:"to"`
}

// Name returns "unrelate".
func (Unrelate[T]) Name() string { return "unrelate" }

// Apply removes the link; one that is not there is refused.
func (a Unrelate[T]) Apply(rec *T, _ Moment) error {
	h := head(rec)
	i := slices.Index(h.Links, Link(a))
	if i < 0 {
		return Invalid("to", "no_such_link")
	}
	h.Links = slices.Delete(h.Links, i, i+1)
	return nil
}

// Comment adds a note to the record's history: public, for the caller to read, or internal. It changes no
// field.
type Comment[T any] struct {
	Text   string `json:"text"`
	Public bool   `json:"public,omitempty"`
}

// Name returns "comment".
func (Comment[T]) Name() string { return "comment" }

// Apply puts the text on the event.
func (a Comment[T]) Apply(_ *T, m Moment) error {
	if strings.TrimSpace(a.Text) == "" {
		return Invalid("text", "required")
	}
	m.Say(a.Text, a.Public)
	return nil
}

// Review records that a record of a reviewed kind was looked at, and starts its interval again.
type Review[T any] struct {
	Outcome string `json:"outcome"`        // what came of it: "confirmed", "revised"
	Text    string `json:"text,omitempty"` // an internal note
	Every   Period `json:"every,omitzero"` // a new interval; the zero period leaves the old one
	Owner   string `json:"owner,omitempty"`
}

// Name returns "review".
func (Review[T]) Name() string { return "review" }

// Apply sets the last review to the moment; the kernel then derives the next due date.
func (a Review[T]) Apply(_ *T, m Moment) error {
	if m.said == nil || m.said.clock == nil {
		return Deny("not_reviewed")
	}
	if strings.TrimSpace(a.Outcome) == "" {
		return Invalid("outcome", "required")
	}
	c := m.said.clock
	c.Last, c.By, c.Outcome = m.Time, m.Actor.ID, a.Outcome
	if !a.Every.IsZero() {
		c.Every = a.Every
	}
	if a.Owner != "" {
		c.Owner = a.Owner
	}
	m.Say(a.Text, false)
	return nil
}
