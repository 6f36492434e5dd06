package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/looplab/fsm"
)

// Fire runs an action on a record that is in from (empty: no record yet) and returns the state that it is in
// afterwards. On an error the record stays where it is: Fire returns from.
//
// The action chooses among the targets of its rule:
//   - "" or from itself is no wish and means the default, the first of [Lifecycle.Targets];
//   - [Stay] keeps the record in from, which the rule must allow;
//   - any other state must be one of the targets.
//
// So an action that does not touch the state gets the rule's To, also where the rule allows it to stay.
// The errors are [*RuleError] and [*TargetError].
func (l *Lifecycle) Fire(from State, on string, chosen State) (State, error) {
	c := l.cell(from, on)
	if c == nil {
		return from, &RuleError{From: from, On: on, Allowed: slices.Clone(l.Allowed(from))}
	}
	i := c.choose(from, chosen)
	if i < 0 {
		return from, &TargetError{From: from, On: on, Chosen: chosen, Targets: slices.Clone(c.targets)}
	}
	if err := l.run(from, c.events[i], c.targets[i]); err != nil {
		return from, err
	}
	return c.targets[i], nil
}

// choose returns the number of the target that the action wants, below 0 if there is none.
func (c *cell) choose(from, chosen State) int {
	switch chosen {
	case "", from:
		return 0
	case Stay:
		return slices.Index(c.targets, from)
	}
	return slices.Index(c.targets, chosen)
}

// run makes the transition on a machine, which must arrive where the table says. No context of a caller
// reaches the machine and it has no callbacks: a cancelled context or a panic would leave it stuck for ever. One
// that does anything unexpected is dropped.
func (l *Lifecycle) run(from State, event string, to State) error {
	m := l.machines.Get().(*fsm.FSM)
	m.SetState(string(from))
	err := m.Event(context.Background(), event)
	if err != nil && (from != to || !stayed(err)) {
		return fmt.Errorf("lifecycle: the machine refused %s from %s, which the table allows: %w", event, show(from), err)
	}
	if got := m.Current(); got != string(to) {
		return fmt.Errorf("lifecycle: the machine went from %s to %s on %s", show(from), show(got), event)
	}
	l.machines.Put(m)
	return nil
}

// stayed tells that a machine went from a state to itself, which it calls an error.
func stayed(err error) bool {
	var none fsm.NoTransitionError
	return errors.As(err, &none) && none.Err == nil
}

// machine makes a machine that holds the whole table.
func (l *Lifecycle) machine() any {
	var events fsm.Events
	for _, r := range l.rules {
		for _, from := range r.From {
			c := l.cell(from, r.On)
			for i, to := range c.targets {
				events = append(events, fsm.EventDesc{Name: c.events[i], Src: []string{string(from)}, Dst: string(to)})
			}
		}
	}
	return fsm.NewFSM("", events, nil)
}

// eventName is unique for an action and a target: no name holds the character between them.
func eventName(on string, to State) string { return on + ">" + string(to) }
