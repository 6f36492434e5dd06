package itsm

import (
	"encoding/json"
	"strconv"
	"time"
)

// Action is one thing that can be done to a record of type T. It is a struct whose fields are its input, with
// JSON tags.
//
// Apply is pure: it sees the record and the moment, nothing else, and may change the record as it likes. It
// returns an error of [Invalid] for an input that it cannot accept. An action that opens a record gets a zero
// one. The desk has checked before that the lifecycle and the guards allow the action.
type Action[T any] interface {
	Name() string
	Apply(*T, Moment) error
}

// Guard says why an action is not possible now, whatever its input; nil means that it is. It returns an error
// made by [Deny], and is asked by Apply and by [Desk.Options] alike. It must not write to the record.
type Guard[T any] func(*T, Moment) error

// Offer is an action that a kind has, with its guards.
type Offer[T any] struct {
	action Action[T]
	when   []Guard[T]
}

// Do offers an action, given as its zero value, under some guards. All of them are asked in turn; the first
// refusal counts.
func Do[T any](a Action[T], when ...Guard[T]) Offer[T] { return Offer[T]{action: a, when: when} }

// Moment is all that an action knows of the world: when it happens, who acts, and what the host looked up.
type Moment struct {
	Time  time.Time // when it happens: UTC, whole milliseconds
	Actor *Actor    // who does it; never nil within a desk
	Facts any       // what Config.Facts loaded from elsewhere for this action
	said  *said
}

// said collects what an action puts on its event beside its changes.
type said struct {
	note   string
	public bool
	facts  []Fact
	clock  *ReviewClock // of the record that is reviewed
}

// Say puts a comment on the event of the action: the field's story, kept in the history and not in the
// record. A comment is public (the caller may read it) or internal. Several are joined; they are public only
// if all are.
func (m Moment) Say(text string, public bool) {
	if m.said == nil || text == "" {
		return
	}
	if m.said.note == "" {
		m.said.note, m.said.public = text, public
		return
	}
	m.said.note += "\n\n" + text
	m.said.public = m.said.public && public
}

// Record keeps on the event what a rule took from elsewhere, as it was at the time, so that a later replay
// judges alike. The value becomes JSON.
func (m Moment) Record(name string, value any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return Invalid("facts."+name, "json", "error", err.Error())
	}
	if !validName(name) {
		return Invalid("facts."+clip(name), "name", "want", nameRule)
	}
	if len(raw) > maxText {
		return Invalid("facts."+name, "too_long", "max", strconv.Itoa(maxText), "bytes", strconv.Itoa(len(raw)))
	}
	if m.said != nil {
		m.said.facts = append(m.said.facts, Fact{Name: name, Value: raw})
	}
	return nil
}

const nameRule = "a lower-case letter, then lower-case letters, digits, '_', '-' or '.', 64 at most"
