package cmdb

import (
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// LockFields keeps fields as they are, whatever is reported, until they are unlocked.
type LockFields struct {
	Fields []string `json:"fields"`
	Reason string   `json:"reason,omitempty"`
}

// Name returns "lock".
func (LockFields) Name() string { return "lock" }
func (LockFields) judges()      {}

// Apply adds the locks.
func (a LockFields) Apply(x *Item, m itsm.Moment) error {
	if len(a.Fields) == 0 {
		return itsm.Invalid("fields", "required")
	}
	j := judgeOf(m)
	for _, f := range a.Fields {
		if err := j.isField(x.Class, f, "fields"); err != nil {
			return err
		}
		x.lock(f, a.Reason, m)
	}
	return nil
}

// UnlockFields lets sources decide fields again, at once.
type UnlockFields struct {
	Fields []string `json:"fields"`
}

// Name returns "unlock".
func (UnlockFields) Name() string { return "unlock" }
func (UnlockFields) judges()      {}

// Apply removes the locks and settles the fields.
func (a UnlockFields) Apply(x *Item, m itsm.Moment) error {
	for _, f := range a.Fields {
		if !x.IsLocked(f) {
			return itsm.Invalid("fields", "not_locked", "value", clip(f))
		}
	}
	x.unlock(func(field string) bool { return !slices.Contains(a.Fields, field) })
	return judgeOf(m).settle(x, m.Time, false)
}

// RestoreValue gives a field the value that a source claims and that another one overruled, and locks it.
type RestoreValue struct {
	Field  string `json:"field"`
	Source string `json:"source"`
	Reason string `json:"reason,omitempty"`
}

// Name returns "restore_value".
func (RestoreValue) Name() string { return "restore_value" }
func (RestoreValue) judges()      {}

// Apply sets and locks the field.
func (a RestoreValue) Apply(x *Item, m itsm.Moment) error {
	j := judgeOf(m)
	if err := j.isField(x.Class, a.Field, "field"); err != nil {
		return err
	}
	r := x.Report(a.Source)
	if r == nil || r.Values.Raw(a.Field) == "" {
		return itsm.Invalid("source", "says_nothing", "value", clip(a.Source), "field", a.Field)
	}
	if i := textNumber(a.Field); i >= 0 {
		*texts[i].of(x) = r.Values.Text(a.Field)
	} else {
		spec := slices.Clone(x.Specification)
		spec.Merge(itsm.Attributes{{Key: a.Field, Value: r.Values.Raw(a.Field)}})
		x.Specification = spec
	}
	x.lock(a.Field, a.Reason, m)
	return j.settle(x, m.Time, false)
}

// lock adds a lock, or renews the one that is there.
func (x *Item) lock(field, reason string, m itsm.Moment) {
	x.unlock(func(other string) bool { return other != field })
	x.Locks = append(x.Locks, Lock{Field: field, Reason: reason, By: m.Actor.ID, At: m.Time})
}

// unlock removes the locks of the fields that are not kept.
func (x *Item) unlock(keep func(field string) bool) {
	var out []Lock
	for _, l := range x.Locks {
		if keep(l.Field) {
			out = append(out, l)
		}
	}
	x.Locks = out
}

// isField refuses what neither every item nor the class has.
func (j *judge) isField(class, field, path string) error {
	if isText(field) || slices.Contains(j.model.Keys(class), field) {
		return nil
	}
	return itsm.Invalid(path, "unknown", "value", clip(field), "allowed", strings.Join(append(Fields(), j.model.Keys(class)...), ", "))
}
