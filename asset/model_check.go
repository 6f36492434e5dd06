package asset

import (
	"errors"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// Checked is a specification in its one form.
type Checked struct {
	Values itsm.Attributes
	// Unique are the values that no other asset may have, by slot: "mobile.imei=35…". Empty ones are absent.
	Unique [MaxUnique]string
}

// Check validates the specification of an asset of a class: each value is of its attribute's type, the required ones
// are there, no other is. It returns an [itsm.ValidationError] with everything that is wrong, by the paths
// "specification.…". A value of null is an absent one.
func (m *Model) Check(class string, values itsm.Attributes) (Checked, error) {
	r := m.resolved[class]
	if r == nil {
		return Checked{}, itsm.Invalid("class", "unknown", "value", clip(class), "allowed", m.open())
	}
	var out Checked
	var problems []itsm.Problem
	known := map[string]bool{}
	for _, a := range r.attributes {
		known[a.Key] = true
		raw := values.Raw(a.Key)
		if raw == "" || raw == "null" {
			if a.Required {
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
				problems = append(problems, itsm.Problem{Path: "specification." + a.Key, Code: "too_long", Params: map[string]string{"want": "400 bytes or less of a unique value"}})
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
		if !known[v.Key] && v.Value != "null" {
			problems = append(problems, itsm.Problem{Path: "specification." + clip(v.Key), Code: "undeclared",
				Params: map[string]string{"class": class, "allowed": keysOf(r.attributes)}})
		}
	}
	if len(problems) > 0 {
		return Checked{}, &itsm.ValidationError{Problems: problems[:min(len(problems), maxProblems)]}
	}
	return out, nil
}

// mayHold tells whether a new asset can be of a class.
func (m *Model) mayHold(class string) error {
	switch r := m.resolved[class]; {
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

func keysOf(list []inherited) string {
	keys := make([]string, len(list))
	for i, a := range list {
		keys[i] = a.Key
	}
	return strings.Join(keys, ", ")
}
