package lifecycle

import (
	"errors"
	"fmt"
	"slices"
)

// drop takes an action out of the rules, in the given states or everywhere. It returns where the first rule
// that it touched was, or now is. On an error nothing has changed.
func (d *draft) drop(verb, on string, from []State) (int, error) {
	var has []State
	for _, r := range d.rules {
		if r.On == on {
			has = append(has, r.From...)
		}
	}
	if len(has) == 0 {
		_, actions := names(d.rules)
		return 0, fmt.Errorf("%s %s: there is no such action; the actions are: %s", verb, show(on), list(actions))
	}
	var problems []error
	for _, s := range from {
		if !slices.Contains(has, s) {
			problems = append(problems, fmt.Errorf("%s %s from %s: it is not possible there; it is from: %s",
				verb, show(on), show(s), list(has)))
		}
	}
	if len(problems) > 0 {
		return 0, errors.Join(problems...)
	}
	at := -1
	kept := make([]Rule, 0, len(d.rules))
	for _, r := range d.rules {
		hit := func(s State) bool { return len(from) == 0 || slices.Contains(from, s) }
		if r.On == on && slices.ContainsFunc(r.From, hit) {
			if at < 0 {
				at = len(kept)
			}
			r.From = slices.DeleteFunc(r.From, hit)
			if len(r.From) == 0 {
				continue
			}
		}
		kept = append(kept, r)
	}
	d.rules = kept
	return at, nil
}

// dropState takes one state out of the rules and the final states. On an error nothing has changed.
func (d *draft) dropState(s State) error {
	states, _ := names(d.rules)
	if !slices.Contains(states, s) {
		return fmt.Errorf("remove state %s: there is no such state; the states are: %s", show(s), list(states))
	}
	is := func(t State) bool { return t == s }
	var problems []error
	kept := make([]Rule, 0, len(d.rules))
	for i, r := range d.rules {
		r = r.clone()
		r.From, r.Or = slices.DeleteFunc(r.From, is), slices.DeleteFunc(r.Or, is)
		if len(r.From) == 0 {
			continue
		}
		if r.To == s {
			if len(r.Or) > 0 || r.Stay {
				problems = append(problems, fmt.Errorf("remove state %s: %s goes there by default and has other targets; "+
					"replace it first", show(s), label(i, r)))
			}
			continue
		}
		kept = append(kept, r)
	}
	if len(problems) > 0 {
		return errors.Join(problems...)
	}
	d.rules, d.final = kept, slices.DeleteFunc(d.final, is)
	return nil
}
