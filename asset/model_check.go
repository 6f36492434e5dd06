package asset

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
)

// Checked is a specification in its one form.
type Checked struct {
	Values itsm.Attributes
	// Unique are the values that no other asset may have, by slot: "mobile.imei=35…". Empty ones are absent.
	Unique [MaxUnique]string
	// Missing are the keys of the required attributes without a value. [Model.Check] lets none pass.
	Missing []string
}

// Check validates the specification of an asset of a class: each value is of its attribute's type, the required ones
// are there, no other is. It returns an [itsm.ValidationError] with everything that is wrong, by the paths
// "specification.…". A value of null is an absent one, and so is a text of nothing but blanks.
func (m *Model) Check(class string, values itsm.Attributes) (Checked, error) {
	return m.check(class, values, true)
}

// Accept is Check for values that nobody typed in, as a scanner reports them: it names the required attributes that are
// missing, and refuses none for it.
func (m *Model) Accept(class string, values itsm.Attributes) (Checked, error) {
	return m.check(class, values, false)
}

func (m *Model) check(class string, values itsm.Attributes, complete bool) (Checked, error) {
	r := m.resolved[class]
	if r == nil {
		return Checked{}, itsm.Invalid("class", "unknown", "value", clip(class), "allowed", m.open())
	}
	var out Checked
	var problems []itsm.Problem
	for _, a := range r.attributes {
		raw := values.Raw(a.Key)
		if raw == "" || raw == "null" || a.Type == itsm.FieldText && strings.TrimSpace(values.Text(a.Key)) == "" {
			switch {
			case a.Required && !complete:
				out.Missing = append(out.Missing, a.Key)
			case a.Required:
				problems = append(problems, itsm.Problem{Path: "specification." + a.Key, Code: "required", Params: map[string]string{"class": a.by}})
			}
			continue
		}
		value, err := a.field.Canonical(raw)
		if err != nil {
			problems = append(problems, ofSpecification(err)...)
			continue
		}
		out.Values = append(out.Values, itsm.Attribute{Key: a.Key, Value: value})
		if a.Unique {
			key := a.by + "." + a.Key + "=" + value
			if len(key) > itsm.MaxIndexed {
				problems = append(problems, itsm.Problem{Path: "specification." + a.Key, Code: "too_long",
					Params: map[string]string{"max": strconv.Itoa(itsm.MaxIndexed-len(key)+len(value)) + " bytes of a unique value"}})
				continue
			}
			out.Unique[a.Slot-1] = key
		}
	}
	for i, v := range values {
		if slices.ContainsFunc(values[:i], func(o itsm.Attribute) bool { return o.Key == v.Key }) {
			problems = append(problems, itsm.Problem{Path: "specification." + clip(v.Key), Code: "twice"})
			continue
		}
		if v.Value != "null" && !slices.ContainsFunc(r.attributes, func(a inherited) bool { return a.Key == v.Key }) {
			problems = append(problems, itsm.Problem{Path: "specification." + clip(v.Key), Code: "undeclared",
				Params: map[string]string{"class": class, "allowed": strings.Join(r.keys, ", ")}})
		}
	}
	if len(problems) > 0 {
		return Checked{}, &itsm.ValidationError{Problems: problems[:min(len(problems), maxProblems)]}
	}
	return out, nil
}

// MayHold tells whether a new asset or item can be of a class: an [itsm.ValidationError] of the path "class" if not.
func (m *Model) MayHold(class string) error {
	switch r := m.resolved[class]; {
	case class == "":
		return itsm.Invalid("class", "required", "allowed", m.open())
	case r == nil:
		return itsm.Invalid("class", "unknown", "value", clip(class), "allowed", m.open())
	case r.class.Abstract:
		return itsm.Invalid("class", "abstract", "value", class, "allowed", m.open())
	case r.class.Closed:
		return itsm.Invalid("class", "closed", "value", class, "allowed", m.open())
	}
	return nil
}

// ofSpecification gives problems of the kernel the path of the specification.
func ofSpecification(err error) []itsm.Problem {
	var invalid *itsm.ValidationError
	if !errors.As(err, &invalid) {
		return []itsm.Problem{{Path: "specification", Code: "invalid", Params: map[string]string{"error": err.Error()}}}
	}
	out := make([]itsm.Problem, len(invalid.Problems))
	for i, p := range invalid.Problems {
		p.Path = strings.Replace(p.Path, "attributes.", "specification.", 1)
		out[i] = p
	}
	return out
}

// mayHoldAsset is MayHold for assets.
func (m *Model) mayHoldAsset(class string) error {
	if err := m.MayHold(class); err != nil {
		return err
	}
	if c := m.Category(class); c == Configuration {
		return itsm.Invalid("class", "category", "value", class, "is", string(c), "want", "a class of assets; package cmdb has items of it")
	}
	return nil
}
