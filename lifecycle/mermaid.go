package lifecycle

import (
	"slices"
	"strconv"
	"strings"
)

// arrow is one line of a diagram: all the actions that lead from one state to another.
type arrow struct {
	from, to State
	on       []string
}

// Mermaid draws the lifecycle as a Mermaid state diagram (stateDiagram-v2), in the order of the table. Actions
// that go the same way share an arrow. What only lets a record stay where it is (Stay) is left out, or the
// actions that merely edit would hide the rest; a rule whose To or Or is the state itself is drawn as a loop.
func (l *Lifecycle) Mermaid() string {
	return l.MermaidWith(func(_, _ State, on []string) string { return strings.Join(on, ", ") })
}

// MermaidWith draws as [Lifecycle.Mermaid] does, with labels of the caller's own: counts, durations, shares. It
// calls label once for each arrow that has actions, with from empty for the opening; an empty label leaves the
// arrow bare. The characters that mean something to Mermaid are escaped.
func (l *Lifecycle) MermaidWith(label func(from, to State, on []string) string) string {
	id := mermaidIDs(l.states)
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, s := range l.states {
		if id[s] != string(s) {
			b.WriteString("    state \"" + string(s) + "\" as " + id[s] + "\n")
		}
	}
	for _, a := range l.arrows() {
		b.WriteString("    " + id[a.from] + " --> " + id[a.to])
		if text := mermaidText(label(a.from, a.to, slices.Clone(a.on))); text != "" {
			b.WriteString(" : " + text)
		}
		b.WriteString("\n")
	}
	for _, s := range l.states {
		if l.IsFinal(s) {
			b.WriteString("    " + id[s] + " --> [*]\n")
		}
	}
	return b.String()
}

// arrows collects the moves of the table, by from and to in the order of the states.
func (l *Lifecycle) arrows() []arrow {
	var out []arrow
	for _, from := range append([]State{""}, l.states...) {
		on := map[State][]string{}
		for _, r := range l.rules {
			if slices.Contains(r.From, from) {
				r.Stay = false // only what the rule names
				for _, to := range r.targets(from) {
					on[to] = append(on[to], r.On)
				}
			}
		}
		for _, to := range l.states {
			if len(on[to]) > 0 {
				out = append(out, arrow{from, to, on[to]})
			}
		}
	}
	return out
}

// mermaidIDs gives each state a name that Mermaid accepts: its own where possible, else a similar one that no other
// state has. The empty state is the start.
func mermaidIDs(states []State) map[State]string {
	id, taken := map[State]string{"": "[*]"}, map[string]bool{}
	for _, s := range states {
		taken[string(s)] = true
	}
	for _, s := range states {
		name := strings.ReplaceAll(string(s), "-", "_")
		switch name {
		case "default", "state", "note", "class", "classdef", "style", "click", "href", "scale", "acctitle", "accdescr",
			"statediagram",                   // words of its grammar
			"root", "root_start", "root_end": // its own names for the diagram, its start and its end
			name = "s_" + name
		}
		if name != string(s) {
			base := name
			for n := 2; taken[name]; n++ {
				name = base + "_" + strconv.Itoa(n)
			}
			taken[name] = true
		}
		id[s] = name
	}
	return id
}

// mermaidText escapes a label: Mermaid ends one at a colon, a semicolon or the end of the line, takes %% for a
// comment anywhere and # for an escape.
func mermaidText(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.NewReplacer("#", "#35;", "%", "#37;", ":", "#58;", ";", "#59;", "<", "#60;", ">", "#62;").Replace(s)
}
