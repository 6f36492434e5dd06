package sla

import (
	"slices"
	"strconv"

	"github.com/itsmkit/itsm"
)

// CheckAgreement tells what is wrong with an agreement about records of a kind, in one pass: with its terms, and with what
// its conditions ask of the kind. Every field must exist, its values must be of the field's type and form, those of a
// choice among the choices, and actions among the kind's; a problem names the place, what is unknown and what is near to
// it. Facts are the host's, and are not checked. The error is an [itsm.ValidationError].
func CheckAgreement(d itsm.Description, a Agreement) error {
	k, err := catalogOf(d)
	if err != nil {
		return err
	}
	found := a.problems()
	a.choices(found)
	found.check(a.Kind == "" || a.Kind == d.Kind, "kind", "unknown", "value", clip(a.Kind), "want", d.Kind)
	found.list = append(found.list, k.agreement(&a)...)
	return found.err()
}

// Check tells what is wrong with a condition over records of a kind that stands at a path; see [CheckAgreement].
func (c Condition) Check(d itsm.Description, path string) []itsm.Problem {
	k, err := catalogOf(d)
	if err != nil {
		return []itsm.Problem{{Path: path, Code: "description", Params: map[string]string{"error": err.Error()}}}
	}
	f := &faults{}
	k.condition(c, path, f)
	return f.list
}

// Check tells what is wrong with a subject: each field that it names must exist and have one value.
func (s Subject) Check(d itsm.Description, path string) []itsm.Problem {
	k, err := catalogOf(d)
	if err != nil {
		return []itsm.Problem{{Path: path, Code: "description", Params: map[string]string{"error": err.Error()}}}
	}
	f := &faults{}
	f.check(s.Kind == d.Kind, join(path, "kind"), "unknown", "value", clip(s.Kind), "want", d.Kind)
	for _, x := range []struct{ name, field string }{{"service", s.Service}, {"customer", s.Customer}, {"group", s.Group}, {"priority", s.Priority}} {
		if p := k.field(x.field, join(path, x.name), f); p != nil {
			f.check(p.isRef() == (x.name == "service"), join(path, x.name), "type", "field", x.field, "want", map[bool]string{true: "a reference", false: "a text"}[x.name == "service"])
		}
	}
	return f.list
}

// agreement checks what the conditions of an agreement ask for.
func (k *catalog) agreement(a *Agreement) []itsm.Problem {
	f := &faults{}
	k.condition(a.Covers, "covers", f)
	for i := range a.Targets {
		f.within("targets", i, func() {
			t := &a.Targets[i]
			k.condition(t.Start, "start", f)
			k.condition(t.Stop, "stop", f)
			k.condition(t.Pause, "pause", f)
			k.condition(t.Cancel, "cancel", f)
			k.condition(t.Reset, "reset", f)
			k.field(t.Each, "each", f)
			for n, x := range t.Amounts {
				k.condition(x.When, "amounts["+strconv.Itoa(n)+"].when", f)
			}
			for n, x := range t.Factors {
				k.condition(x.When, "factors["+strconv.Itoa(n)+"].when", f)
			}
			for n, x := range t.Hours {
				k.condition(x.When, "hours["+strconv.Itoa(n)+"].when", f)
			}
		})
	}
	return f.list
}

func (k *catalog) condition(c Condition, path string, f *faults) {
	if !c.IsZero() {
		k.expr(c.expr(), path, f)
	}
}

func (k *catalog) expr(e expr, path string, f *faults) {
	switch e.op {
	case opAll, opAny:
		for i, sub := range e.of {
			k.expr(sub, join(path, string(e.op))+"["+strconv.Itoa(i)+"]", f)
		}
	case opNot:
		k.expr(e.of[0], join(path, "not"), f)
	case opAction:
		for _, name := range e.names {
			f.check(slices.Contains(k.actions, name), path, "unknown_action", "value", clip(name), "near", near(name, k.actions))
		}
	case opChanged:
		for _, name := range e.names {
			f.check(k.find(name) != nil, path, "unknown_field", "value", clip(name), "near", near(name, k.fields))
		}
	case opBy:
		if p := k.field(e.name, path, f); p != nil {
			f.check(p.Type == "string" && p.Format == "" && p.Enum == nil, path, "type", "field", e.name, "want", "a text that holds an actor's ID")
		}
	case opField:
		if p := k.field(e.name, path, f); p != nil {
			p.test(e, path, f)
		}
	}
}
