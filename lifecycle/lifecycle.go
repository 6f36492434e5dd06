package lifecycle

import (
	"slices"
	"sync"
)

// Lifecycle is a checked table of rules. It never changes, and any number of goroutines may use it at once.
// Make one with [New], [Parse] or [Lifecycle.With]; the zero Lifecycle allows nothing. Do not copy it.
type Lifecycle struct {
	rules   []Rule
	states  []State  // in order of first appearance, without the opening one
	actions []string // in order of first appearance
	final   []State

	stateNo  map[State]int // the opening state is 0, states[i] is i+1
	actionNo map[string]int
	index    []int32    // [state number × number of actions + action number] in cells; 0: not possible
	cells    []cell     // the first one is unused
	allowed  [][]string // by state number

	machines sync.Pool // of *fsm.FSM, all for this table; see run
}

// cell is what one action may do in one state. Both lists are parallel; the first entry is the default.
type cell struct {
	targets []State
	events  []string // the names of the machine's events, "resolve>resolved"
}

// New checks the rules and makes a Lifecycle of them. The final states are those in which a record may rest for
// ever; they may have rules all the same, as for reopening. The error joins everything that is wrong: each
// line names the rule or the state and says what is allowed instead. New keeps nothing of its arguments.
func New(rules []Rule, final ...State) (*Lifecycle, error) {
	if err := check(rules, final); err != nil {
		return nil, err
	}
	l := &Lifecycle{rules: cloneRules(rules), final: slices.Clone(final)}
	l.states, l.actions = names(rules)
	l.compile()
	l.machines.New = l.machine
	return l, nil
}

// names collects the states and the actions of rules, each in order of first appearance.
func names(rules []Rule) (states []State, actions []string) {
	seenState, seenAction := map[State]bool{"": true}, map[string]bool{}
	state := func(s State) {
		if !seenState[s] {
			seenState[s] = true
			states = append(states, s)
		}
	}
	for _, r := range rules {
		if !seenAction[r.On] {
			seenAction[r.On] = true
			actions = append(actions, r.On)
		}
		for _, s := range r.From {
			state(s)
		}
		state(r.To)
		for _, s := range r.Or {
			state(s)
		}
	}
	return states, actions
}

// compile fills the tables that the look-ups read.
func (l *Lifecycle) compile() {
	l.stateNo, l.actionNo = make(map[State]int, len(l.states)+1), make(map[string]int, len(l.actions))
	l.stateNo[""] = 0
	for i, s := range l.states {
		l.stateNo[s] = i + 1
	}
	for i, a := range l.actions {
		l.actionNo[a] = i
	}
	l.index = make([]int32, len(l.stateNo)*len(l.actions))
	l.cells = make([]cell, 1)
	for _, r := range l.rules {
		for _, from := range r.From {
			c := cell{targets: r.targets(from)}
			for _, to := range c.targets {
				c.events = append(c.events, eventName(r.On, to))
			}
			l.index[l.stateNo[from]*len(l.actions)+l.actionNo[r.On]] = int32(len(l.cells))
			l.cells = append(l.cells, c)
		}
	}
	l.allowed = make([][]string, len(l.stateNo))
	for i := range l.allowed {
		for j, a := range l.actions {
			if l.index[i*len(l.actions)+j] != 0 {
				l.allowed[i] = append(l.allowed[i], a)
			}
		}
		l.allowed[i] = slices.Clip(l.allowed[i])
	}
}

// cell returns what an action may do in a state, nil for nothing.
func (l *Lifecycle) cell(from State, on string) *cell {
	s, ok := l.stateNo[from]
	if !ok {
		return nil
	}
	a, ok := l.actionNo[on]
	if !ok {
		return nil
	}
	if i := l.index[s*len(l.actions)+a]; i != 0 {
		return &l.cells[i]
	}
	return nil
}

// Allows reports whether an action is possible in a state; the empty state asks whether it opens a record.
func (l *Lifecycle) Allows(from State, on string) bool { return l.cell(from, on) != nil }

// Targets returns the states to which an action may lead: first the default, which is the rule's To, or from
// itself if the rule has none; then Or; then from if the rule has Stay. It is nil if the action is not possible.
// The slice is shared: do not write to it.
func (l *Lifecycle) Targets(from State, on string) []State {
	if c := l.cell(from, on); c != nil {
		return c.targets
	}
	return nil
}

// Allowed returns the actions possible in a state, in the order of the table; for the empty state those that
// open a record. The slice is shared: do not write to it.
func (l *Lifecycle) Allowed(from State) []string {
	if i, ok := l.stateNo[from]; ok {
		return l.allowed[i]
	}
	return nil
}

// Rules returns a copy of the rules, in the order given.
func (l *Lifecycle) Rules() []Rule { return cloneRules(l.rules) }

// States returns the states in order of first appearance.
func (l *Lifecycle) States() []State { return slices.Clone(l.states) }

// Actions returns the names of the actions in order of first appearance.
func (l *Lifecycle) Actions() []string { return slices.Clone(l.actions) }

// Final returns the final states in the order given.
func (l *Lifecycle) Final() []State { return slices.Clone(l.final) }

// IsFinal reports whether a record may rest in s for ever.
func (l *Lifecycle) IsFinal(s State) bool { return slices.Contains(l.final, s) }

// Has reports whether s is one of the states. The empty state is none.
func (l *Lifecycle) Has(s State) bool { return l.stateNo[s] > 0 }
