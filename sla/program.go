package sla

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// slots are the fields and facts that some conditions ask for: each has a number, so that what is known of a record
// is a list of values.
type slots struct {
	pointers []string // JSON Pointers of fields: "/hold/reason"; facts are "fact:vip"
	state    int      // the slot of the state, or -1

	// What the conditions ask of the event itself, for [slots.mark].
	actions []string
	public  bool
	own     bool // what differs from event to event: who did it, and what it changed
}

// mark returns a number that two events share only if no condition tells them apart but by the values of the slots; 0
// stands for none.
func (s *slots) mark(e *itsm.Event) int {
	if s.own {
		return 0
	}
	mark := 2 + 2*slices.Index(s.actions, e.Action)
	if s.public && e.Public {
		mark++
	}
	return mark + 1
}

const factPrefix = "fact:"

func newSlots() *slots { return &slots{state: -1} }

func (s *slots) of(pointer string) int {
	i := slices.Index(s.pointers, pointer)
	if i < 0 {
		i = len(s.pointers)
		s.pointers = append(s.pointers, pointer)
	}
	if pointer == "/state" {
		s.state = i
	}
	return i
}

func (s *slots) field(dotted string) int { return s.of("/" + strings.ReplaceAll(dotted, ".", "/")) }

// scene is what conditions are asked about: what is known of a record behind an event, and the event.
type scene struct {
	values  []string // by slot: canonical JSON, "" for none
	changed []bool   // by slot: whether the event changed it
	event   *itsm.Event
}

// take brings the values up to date with an event, and tells whether one of them changed.
func (s *slots) take(values []string, changed []bool, e *itsm.Event) bool {
	clear(changed)
	some := false
	set := func(i int, raw string) {
		if values[i] != raw {
			values[i], changed[i], some = raw, true, true
		}
	}
	if s.state >= 0 && values[s.state] != quoted(e.To) {
		set(s.state, quoted(e.To))
	}
	for n := range e.Changes {
		c := &e.Changes[n]
		for i, pointer := range s.pointers {
			switch {
			case pointer == c.Path:
				set(i, string(c.New))
			case len(pointer) > len(c.Path) && pointer[len(c.Path)] == '/' && strings.HasPrefix(pointer, c.Path):
				set(i, member(c.New, pointer[len(c.Path)+1:]))
			case len(pointer) < len(c.Path) && c.Path[len(pointer)] == '/' && strings.HasPrefix(c.Path, pointer):
				changed[i] = true // a part of it
			}
		}
	}
	for n := range e.Facts {
		for i, pointer := range s.pointers {
			if strings.HasPrefix(pointer, factPrefix) && pointer[len(factPrefix):] == e.Facts[n].Name {
				set(i, canonical(e.Facts[n].Value))
			}
		}
	}
	return some
}

// quoted returns the JSON of a state, whose characters need no escape.
func quoted(s lifecycle.State) string { return `"` + string(s) + `"` }

// member returns a value within a JSON object, "" if it is not there.
func member(raw []byte, pointer string) string {
	for pointer != "" && len(raw) > 0 {
		name, rest, _ := strings.Cut(pointer, "/")
		var object map[string]json.RawMessage
		if json.Unmarshal(raw, &object) != nil {
			return ""
		}
		raw, pointer = object[name], rest
	}
	if len(raw) == 0 {
		return ""
	}
	return canonical(raw)
}

// test is a condition that was compiled for some slots; nil never holds.
type test struct {
	expr
	subs     []*test
	slot     int
	slots    []int // of changed
	low, top ordered
	zero     bool // a field without a value meets the test, as its value is the zero of its type
}

// zeroValues are what a field of a record may have without an event that says so: an absent value is the zero one.
var zeroValues = []string{"false", "0", `""`}

func (s *slots) compile(c Condition) *test {
	if c.IsZero() {
		return nil
	}
	return s.compileExpr(c.expr())
}

func (s *slots) compileExpr(e expr) *test {
	t := &test{expr: e}
	for _, sub := range e.of {
		t.subs = append(t.subs, s.compileExpr(sub))
	}
	switch e.op {
	case opField, opBy:
		t.slot = s.field(e.name)
	case opFact:
		t.slot = s.of(factPrefix + e.name)
	case opChanged:
		for _, name := range e.names {
			t.slots = append(t.slots, s.field(name))
		}
		s.own = true
	case opAction:
		s.actions = append(s.actions, e.names...)
	case opPublic:
		s.public = true
	}
	s.own = s.own || e.op == opBy
	t.low, _ = orderedOf(e.min)
	t.top, _ = orderedOf(e.max)
	if e.op == opField && !strings.HasPrefix(e.name, "attributes.") {
		t.zero = e.in != nil && share(e.in, zeroValues) || e.min+e.max != "" && t.tests("0")
	}
	return t
}

// holds tells whether the condition holds; a nil test does not.
func (t *test) holds(s *scene) bool {
	if t == nil {
		return false
	}
	switch t.op {
	case opAlways:
		return true
	case opAll:
		for _, sub := range t.subs {
			if !sub.holds(s) {
				return false
			}
		}
		return true
	case opAny:
		for _, sub := range t.subs {
			if sub.holds(s) {
				return true
			}
		}
		return false
	case opNot:
		return !t.subs[0].holds(s)
	case opAction:
		return s.event != nil && slices.Contains(t.names, s.event.Action)
	case opPublic:
		return s.event != nil && s.event.Public == (t.exists == yes)
	case opBy:
		return s.event != nil && s.values[t.slot] == quote(s.event.Actor.ID)
	case opChanged:
		return slices.ContainsFunc(t.slots, func(i int) bool { return s.changed[i] })
	}
	return t.tests(s.values[t.slot])
}

// tests asks about the value of a field or a fact.
func (t *test) tests(value string) bool {
	switch {
	case value == "" && t.zero:
		return true
	case t.in != nil:
		return slices.Contains(t.in, value)
	case t.exists != unset:
		return (value != "") == (t.exists == yes)
	}
	v, ok := orderedOf(value)
	return ok && (t.min == "" || t.low.isTime == v.isTime && t.low.compare(v) <= 0) &&
		(t.max == "" || t.top.isTime == v.isTime && v.compare(t.top) <= 0)
}

// ordered is a value that has an order: a number or an instant.
type ordered struct {
	isTime bool
	at     time.Time
	number *big.Rat
}

// orderedOf reads a JSON number or an instant.
func orderedOf(raw string) (ordered, bool) {
	if raw == "" {
		return ordered{}, false
	}
	if raw[0] == '"' {
		at, err := time.Parse(`"`+time.RFC3339Nano+`"`, raw)
		return ordered{isTime: true, at: at}, err == nil
	}
	if len(raw) > 100 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return ordered{}, false
	}
	if i := strings.IndexAny(raw, "eE"); i >= 0 { // a short text may be a number of very many digits
		if n, err := strconv.Atoi(strings.TrimPrefix(raw[i+1:], "+")); err != nil || n < -9999 || n > 9999 {
			return ordered{}, false
		}
	}
	n, ok := new(big.Rat).SetString(raw)
	return ordered{number: n}, ok
}

func (o ordered) compare(p ordered) int {
	if o.isTime {
		return o.at.Compare(p.at)
	}
	return o.number.Cmp(p.number)
}

// refOf reads a reference from its JSON; the zero Ref if it is none.
func refOf(raw string) itsm.Ref {
	if raw == "" {
		return itsm.Ref{}
	}
	r := new(itsm.Ref)
	if json.Unmarshal([]byte(raw), r) != nil {
		return itsm.Ref{}
	}
	return *r
}
