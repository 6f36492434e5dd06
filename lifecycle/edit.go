package lifecycle

import (
	"errors"
	"fmt"
	"slices"
)

// Edit is one change to a lifecycle, for [Lifecycle.With]. Make it with [Add], [Remove], [Replace],
// [RemoveState], [MakeFinal] or [NotFinal].
type Edit struct{ apply func(*draft) error }

// draft is a lifecycle under change.
type draft struct {
	rules []Rule
	final []State
}

// With returns a variant of l, which stays as it is: the edits are made one after the other, each on what the
// ones before it left, and the result is checked as [New] does. To remove or replace what does not exist is an
// error, so that a variant does not lose its sense unnoticed when the standard changes.
func (l *Lifecycle) With(edits ...Edit) (*Lifecycle, error) {
	d := &draft{rules: l.Rules(), final: l.Final()}
	var problems []error
	for i, e := range edits {
		err := errors.New("an Edit without content; make it with Add, Remove, Replace, RemoveState, MakeFinal or NotFinal")
		if e.apply != nil {
			err = e.apply(d)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("lifecycle: edit %d: %w", i+1, err))
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return New(d.rules, d.final...)
}

// Add appends rules.
func Add(rules ...Rule) Edit {
	rules = cloneRules(rules)
	return Edit{func(d *draft) error {
		d.rules = append(d.rules, cloneRules(rules)...)
		return nil
	}}
}

// Remove takes away an action in the states of from ("" for opening), or everywhere if none is given.
func Remove(on string, from ...State) Edit {
	from = slices.Clone(from)
	return Edit{func(d *draft) error {
		_, err := d.drop("remove", on, from)
		return err
	}}
}

// Replace puts r in the place of what r.On did in the states r.From. All of them must have had a rule for it;
// what the action does in other states stays.
func Replace(r Rule) Edit {
	r = r.clone()
	return Edit{func(d *draft) error {
		if len(r.From) == 0 {
			return fmt.Errorf("replace %s: From is empty; list the states in which the rule replaces another", show(r.On))
		}
		at, err := d.drop("replace", r.On, r.From)
		if err == nil {
			d.rules = slices.Insert(d.rules, at, r.clone())
		}
		return err
	}}
}

// RemoveState takes states away with every rule that only leads there, and from the final states. A rule that
// goes there by default but may also lead elsewhere needs a new default first: replace it.
func RemoveState(states ...State) Edit {
	states = slices.Clone(states)
	return Edit{func(d *draft) error {
		var problems []error
		for _, s := range states {
			problems = append(problems, d.dropState(s))
		}
		return errors.Join(problems...)
	}}
}

// MakeFinal makes states final: a record may rest there for ever.
func MakeFinal(states ...State) Edit {
	states = slices.Clone(states)
	return Edit{func(d *draft) error {
		for _, s := range states {
			if slices.Contains(d.final, s) {
				return fmt.Errorf("make final: %s is final already; the final states are: %s", show(s), list(d.final))
			}
			d.final = append(d.final, s)
		}
		return nil
	}}
}

// NotFinal makes final states ordinary ones, which need a way out.
func NotFinal(states ...State) Edit {
	states = slices.Clone(states)
	return Edit{func(d *draft) error {
		for _, s := range states {
			i := slices.Index(d.final, s)
			if i < 0 {
				return fmt.Errorf("not final: %s is not final; the final states are: %s", show(s), list(d.final))
			}
			d.final = slices.Delete(d.final, i, i+1)
		}
		return nil
	}}
}
