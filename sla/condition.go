package sla

import (
	"encoding/json"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// Condition is a small typed expression over a record and the event that just happened to it. It is data: its JSON
// is one of
//
//	{"field": "state", "in": ["resolved", "closed"]}      the field has one of some values
//	{"field": "opened", "min": "2026-01-01T00:00:00Z"}    a number or an instant from min to max, both included
//	{"field": "assignee", "exists": true}                 the field has a value, or (false) none
//	{"fact": "vip", "in": [true]}                         what the record's events captured last, by name
//	{"action": ["report", "detect"]}                      the event is of one of some actions
//	{"changed": ["group"]}                                the event changed one of some fields
//	{"public": true}                                      the event is public, or (false) is not
//	{"by": "caller"}                                      the event's actor is the one that the field names
//	{"always": true}
//	{"all": [ … ]}  {"any": [ … ]}  {"not": … }
//
// Fields are dotted paths into the record as its description names them: "hold.reason", "attributes.floor". The zero
// Condition is no condition; what it means is said where it stands.
//
// The value is comparable and shares nothing: two conditions are == if they have the same canonical text.
type Condition struct{ text string }

// IsZero tells that c is no condition.
func (c Condition) IsZero() bool { return c.text == "" }

// String returns the JSON, "" for no condition.
func (c Condition) String() string { return c.text }

// MarshalJSON writes the expression, null for no condition.
func (c Condition) MarshalJSON() ([]byte, error) {
	if c.text == "" {
		return []byte("null"), nil
	}
	return []byte(c.text), nil
}

// UnmarshalJSON reads an expression strictly: an unknown member, two operators in one place or a value of another
// type are errors with the place.
func (c *Condition) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		*c = Condition{}
		return nil
	}
	e, err := parseExpr(raw)
	if err != nil {
		return err
	}
	c.text = e.text()
	return nil
}

// ParseCondition reads the JSON of a condition.
func ParseCondition(raw string) (Condition, error) {
	var c Condition
	err := c.UnmarshalJSON([]byte(raw))
	return c, err
}

// made turns an expression of this package's own functions into a condition.
func made(e expr) Condition { return Condition{e.text()} }

// Always holds at every event.
func Always() Condition { return made(expr{op: opAlways}) }

// All holds if each of some conditions does; those that are zero do not count.
func All(of ...Condition) Condition { return joined(opAll, of) }

// Any holds if one of some conditions does; those that are zero do not count.
func Any(of ...Condition) Condition { return joined(opAny, of) }

func joined(op operator, of []Condition) Condition {
	e := expr{op: op}
	for _, c := range of {
		if !c.IsZero() {
			e.of = append(e.of, c.expr())
		}
	}
	switch len(e.of) {
	case 0:
		return Condition{}
	case 1:
		return made(e.of[0])
	}
	return made(e)
}

// Not holds if c does not. Of no condition it is no condition.
func Not(c Condition) Condition {
	if c.IsZero() {
		return c
	}
	return made(expr{op: opNot, of: []expr{c.expr()}})
}

// Is holds if a field has one of some values: texts, whole numbers, booleans, references or instants.
func Is[V string | int | bool | itsm.Ref | time.Time | lifecycle.State](field string, values ...V) Condition {
	return made(expr{op: opField, name: field, in: encoded(values)})
}

// Fact holds if what was captured under a name has one of some values.
func Fact[V string | int | bool](name string, values ...V) Condition {
	return made(expr{op: opFact, name: name, in: encoded(values)})
}

// Has holds if a field has a value.
func Has(field string) Condition { return made(expr{op: opField, name: field, exists: yes}) }

// Did holds if the event is of one of some actions.
func Did(actions ...string) Condition { return made(expr{op: opAction, names: actions}) }

// Changed holds if the event changed one of some fields.
func Changed(fields ...string) Condition { return made(expr{op: opChanged, names: fields}) }

// Public holds if the event may be shown to the caller.
func Public() Condition { return made(expr{op: opPublic, exists: yes}) }

// By holds if the event's actor is the one that a field names.
func By(field string) Condition { return made(expr{op: opBy, name: field}) }

// encoded returns values as canonical JSON texts.
func encoded[V any](values []V) []string {
	out := make([]string, len(values))
	for i, v := range values {
		raw, _ := json.Marshal(v) // of types that always have a JSON
		out[i] = canonical(raw)
	}
	return out
}
