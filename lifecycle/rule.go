package lifecycle

import (
	"slices"
	"strings"
)

// State names a stage in the life of a record. The empty State is "no record yet".
type State string

// Stay is what an action chooses, in place of a state, to leave the record where it is. See [Lifecycle.Fire].
const Stay State = "="

// Rule says what one action does to the state: On this action, from any of From, the record goes To.
// Rules are plain data, so that a table of them reads aloud.
type Rule struct {
	// On is the name of the action.
	On string `json:"on"`
	// From lists the states in which the action is possible. The empty state stands for "no record yet":
	// the action opens one.
	From []State `json:"from"`
	// To is where the record goes. Empty together with Stay: it stays where it is.
	To State `json:"to,omitempty"`
	// Or lists further states that the action may choose instead of To.
	Or []State `json:"or,omitempty"`
	// Stay allows the record to remain where it is: always if To is empty, else if the action chooses [Stay].
	Stay bool `json:"stay,omitempty"`
}

// Limits of one lifecycle. They keep its table small and stop a document from elsewhere from filling the memory.
const (
	MaxName        = 64     // bytes in the name of a state or an action
	MaxStates      = 256    // states
	MaxActions     = 512    // actions
	MaxTransitions = 10_000 // combinations of state, action and target, not counting Stay
)

// clone copies r with its lists; an empty list becomes nil, its one canonical form.
func (r Rule) clone() Rule {
	r.From, r.Or = append([]State(nil), r.From...), append([]State(nil), r.Or...)
	return r
}

// targets lists where r may lead from a state, the default first, none twice.
func (r Rule) targets(from State) []State {
	to := make([]State, 0, len(r.Or)+2)
	if r.To != "" {
		to = append(to, r.To)
	} else if r.Stay {
		to = append(to, from)
	}
	to = append(to, r.Or...)
	if r.Stay && !slices.Contains(to, from) {
		to = append(to, from)
	}
	return unique(to)
}

// unique drops repeated values and keeps the order; the lists are short.
func unique(in []State) []State {
	out := in[:0]
	for _, s := range in {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return slices.Clip(out)
}

// cloneRules copies a table of rules with their lists.
func cloneRules(rules []Rule) []Rule {
	out := make([]Rule, len(rules))
	for i, r := range rules {
		out[i] = r.clone()
	}
	return out
}

// validName tells whether s can name a state or an action.
func validName(s string) bool {
	if s == "" || len(s) > MaxName || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	// Trim leaves nothing only if every character is one of these.
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// list writes names for a message: a, b and c as "a, b, c"; the opening state by a name of its own.
func list[S ~string](names []S) string {
	if len(names) == 0 {
		return "none"
	}
	var b strings.Builder
	for i, n := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(show(n))
	}
	return b.String()
}

// show names a state or an action in a message, without letting a bad one disturb it.
func show[S ~string](name S) string {
	switch {
	case name == "":
		return "(no record)"
	case validName(string(name)):
		return string(name)
	}
	return quote(string(name))
}
