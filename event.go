package itsm

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/itsmkit/itsm/lifecycle"
)

// Event says what one action changed in one record. Subject and Version together are its identity: the same
// again on a retry. Events are never edited, but for redaction, see [Desk.Redact].
type Event struct {
	Subject    Ref             `json:"subject"`
	Version    int64           `json:"version"` // the record's version after the action; the first is 1
	Number     string          `json:"number,omitempty"`
	Tenant     string          `json:"tenant,omitempty"`
	Action     string          `json:"action"`
	From       lifecycle.State `json:"from,omitempty"`
	To         lifecycle.State `json:"to"`
	Time       time.Time       `json:"time"`                  // when it happened
	RecordedAt time.Time       `json:"recorded_at"`           // when it was stored: later for imported history
	Actor      Actor           `json:"actor"`                 // who did it: ID and name
	RecordedBy string          `json:"recorded_by,omitempty"` // the ID of who stored it for the actor, if another
	Note       string          `json:"note,omitempty"`
	Public     bool            `json:"public,omitempty"` // the note, and the event, may be shown to the caller
	Key        string          `json:"key,omitempty"`    // idempotency key; unique in tenant and kind
	Digest     string          `json:"digest,omitempty"` // of the action's input, where there is a key
	Facts      []Fact          `json:"facts,omitempty"`
	Changes    []Change        `json:"changes,omitempty"`
}

// ID returns the identity of the event as text, for hosts that need one: "incident/0190…/3".
func (e *Event) ID() string { return e.Subject.String() + "/" + strconv.FormatInt(e.Version, 10) }

// Change is the old and the new value of one field as JSON. An absent value is the field's zero value.
type Change struct {
	// Path is a JSON Pointer (RFC 6901) into the record: "/resolution/code". In a list that the kind declares
	// keyed the last part is the key of one element: "/links/caused_by change~10190…".
	Path string          `json:"path"`
	Old  json.RawMessage `json:"old,omitempty"`
	New  json.RawMessage `json:"new,omitempty"`
}

// Fact is something that a rule took from outside the record, as it was at the time.
type Fact struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
}

// Position is a place in the order of all events of a store. "" is the beginning. Its form is the store's.
type Position string

// changesField tells whether the event touches the record and is not only talk.
func (e *Event) changesField() bool { return len(e.Changes) > 0 || e.From != e.To }
