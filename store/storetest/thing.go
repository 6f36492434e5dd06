package storetest

import (
	"time"

	"github.com/itsmkit/itsm"
)

// Thing is the record of the checks: it has a field of every type that a kind may have.
type Thing struct {
	itsm.Header
	Content Content          `json:"content"`
	Clock   itsm.ReviewClock `json:"review,omitzero"`
}

// Content is what an action writes into a [Thing], all of it.
type Content struct {
	Title   string        `json:"title,omitempty"`
	Body    string        `json:"body,omitempty"` // long
	Code    string        `json:"code,omitempty"` // unique
	Group   string        `json:"group,omitempty"`
	Level   Level         `json:"level,omitempty"`
	Flag    bool          `json:"flag,omitempty"`
	Count   int           `json:"count,omitempty"`
	Big     int64         `json:"big,omitempty"`
	At      time.Time     `json:"at,omitzero"`
	Due     time.Time     `json:"due,omitzero"`
	Worked  itsm.Duration `json:"worked,omitzero"`
	Every   itsm.Period   `json:"every,omitzero"`
	Token   itsm.ID       `json:"token,omitzero"`
	About   itsm.Ref      `json:"about,omitzero"`
	Outcome Outcome       `json:"outcome,omitzero"`
	Pause   *Pause        `json:"pause,omitempty"`
	Tags    []string      `json:"tags,omitempty"`  // keyed
	Lines   []string      `json:"lines,omitempty"` // not keyed: order and repetitions count
	Items   []itsm.Ref    `json:"items,omitempty"` // keyed
	Route   []itsm.Ref    `json:"route,omitempty"` // not keyed
	Parts   []Part        `json:"parts,omitempty"` // keyed by ID
	Steps   []Step        `json:"steps,omitempty"` // not keyed
}

// Level is an enumeration.
type Level string

// The levels.
const (
	Low    Level = "low"
	Middle Level = "middle"
	High   Level = "high"
)

// Choices lists the levels.
func (Level) Choices() []string { return []string{string(Low), string(Middle), string(High)} }

// Outcome is a struct within a record.
type Outcome struct {
	Text string    `json:"text,omitempty"`
	At   time.Time `json:"at,omitzero"`
}

// Pause is a struct that may be absent.
type Pause struct {
	Reason string   `json:"reason"`
	Notes  []string `json:"notes,omitempty"`
}

// Part is an element of a keyed list.
type Part struct {
	ID   string   `json:"id"`
	Name string   `json:"name,omitempty"`
	Of   itsm.Ref `json:"of,omitzero"`
}

// Step is an element of a list without keys.
type Step struct {
	Text string        `json:"text"`
	At   time.Time     `json:"at,omitzero"`
	Took itsm.Duration `json:"took,omitzero"`
}

// Create opens a thing.
type Create struct {
	Content    Content         `json:"content"`
	Every      itsm.Period     `json:"every,omitzero"` // the interval of reviews
	Attributes itsm.Attributes `json:"attributes,omitempty"`
}

// Name returns "create".
func (Create) Name() string { return "create" }

// Apply fills in the thing.
func (a Create) Apply(t *Thing, _ itsm.Moment) error {
	t.Content, t.Clock.Every, t.Attributes = a.Content, a.Every, a.Attributes
	return nil
}

// Put replaces the content of a thing, and leaves its count on the event as a fact.
type Put struct {
	Content Content `json:"content"`
}

// Name returns "put".
func (Put) Name() string { return "put" }

// Apply replaces the content.
func (a Put) Apply(t *Thing, m itsm.Moment) error {
	if err := m.Record("count_before", t.Content.Count); err != nil {
		return err
	}
	t.Content = a.Content
	return nil
}

type (
	// Hold only changes the state.
	Hold struct{}
	// Release only changes the state.
	Release struct{}
	// Finish only changes the state.
	Finish struct{}
	// Reopen only changes the state.
	Reopen struct{}
)

// Name returns "hold".
func (Hold) Name() string { return "hold" }

// Name returns "release".
func (Release) Name() string { return "release" }

// Name returns "finish".
func (Finish) Name() string { return "finish" }

// Name returns "reopen".
func (Reopen) Name() string { return "reopen" }

// Apply does nothing.
func (Hold) Apply(*Thing, itsm.Moment) error { return nil }

// Apply does nothing.
func (Release) Apply(*Thing, itsm.Moment) error { return nil }

// Apply does nothing.
func (Finish) Apply(*Thing, itsm.Moment) error { return nil }

// Apply does nothing.
func (Reopen) Apply(*Thing, itsm.Moment) error { return nil }
