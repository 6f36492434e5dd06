package sla

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
)

// catalog is what conditions may ask of a kind.
type catalog struct {
	record  property
	fields  []string // dotted, those with a value
	actions []string
}

// property is the JSON Schema of a field.
type property struct {
	Type       string              `json:"type"`
	Format     string              `json:"format"`
	Enum       []string            `json:"enum"`
	Properties map[string]property `json:"properties"`
}

func catalogOf(d itsm.Description) (*catalog, error) {
	raw, err := json.Marshal(d.Record)
	if err != nil {
		return nil, err
	}
	k := &catalog{}
	if err := json.Unmarshal(raw, &k.record); err != nil {
		return nil, err
	}
	k.fields = k.record.leaves("", nil)
	slices.Sort(k.fields)
	for _, a := range d.Actions {
		k.actions = append(k.actions, a.Name)
	}
	return k, nil
}

func catalogsOf(about []itsm.Description) (map[string]*catalog, error) {
	out := map[string]*catalog{}
	for _, d := range about {
		k, err := catalogOf(d)
		if err != nil {
			return nil, err
		}
		out[d.Kind] = k
	}
	return out, nil
}

// leaves returns the paths of fields that have one value.
func (p property) leaves(path string, dst []string) []string {
	for name, sub := range p.Properties {
		at := join(path, name)
		switch {
		case sub.Type == "object" && !sub.isRef():
			dst = sub.leaves(at, dst)
		case sub.Type != "array":
			dst = append(dst, at)
		}
	}
	return dst
}

// isRef tells whether the field is a reference.
func (p property) isRef() bool {
	_, kind := p.Properties["kind"]
	return p.Type == "object" && len(p.Properties) == 2 && kind && p.Properties["id"].Format == "uuid"
}

// find returns the schema of a field, or nil.
func (k *catalog) find(dotted string) *property {
	p := k.record
	for name := range strings.SplitSeq(dotted, ".") {
		sub, ok := p.Properties[name]
		if !ok {
			return nil
		}
		p = sub
	}
	return &p
}

// field checks that there is a field with one value, and returns its schema; nil for none.
func (k *catalog) field(dotted, path string, f *faults) *property {
	if dotted == "" {
		return nil
	}
	p := k.find(dotted)
	switch {
	case p == nil:
		f.add(path, "unknown_field", "value", clip(dotted), "near", near(dotted, k.fields))
		return nil
	case p.Type == "array" || p.Type == "object" && !p.isRef():
		f.add(path, "type", "field", dotted, "want", "a field with one value")
		return nil
	}
	return p
}

// test checks the values that a field is compared with.
func (p *property) test(e expr, path string, f *faults) {
	for i, raw := range e.in {
		if want := p.accepts(raw); want != "" {
			f.add(join(path, "in["+strconv.Itoa(i)+"]"), "value", "field", e.name, "value", clip(raw), "want", want)
		}
	}
	for _, end := range []struct{ name, raw string }{{"min", e.min}, {"max", e.max}} {
		if end.raw == "" {
			continue
		}
		at := join(path, end.name)
		v, _ := orderedOf(end.raw)
		switch {
		case p.Type == "integer" || p.Type == "number":
			f.check(!v.isTime, at, "value", "field", e.name, "value", clip(end.raw), "want", "a number")
		case p.Format == "date-time":
			f.check(v.isTime, at, "value", "field", e.name, "value", clip(end.raw), "want", "an instant")
		default:
			f.add(at, "type", "field", e.name, "want", "a field of a number or an instant: only those have an order")
		}
	}
}

// accepts returns what a field wants in place of a value that it never has, "" for a good one. Values are compared as the
// kernel writes them, so their form counts too.
func (p *property) accepts(raw string) string {
	switch {
	case p.isRef():
		var r itsm.Ref
		if json.Unmarshal([]byte(raw), &r) != nil || r.IsZero() || encoded([]itsm.Ref{r})[0] != raw {
			return `{"kind":"…","id":"…"}`
		}
		return ""
	case p.Type == "boolean" && raw != "true" && raw != "false":
		return "true or false"
	case p.Type == "integer":
		if n, err := strconv.ParseInt(raw, 10, 64); err != nil || strconv.FormatInt(n, 10) != raw {
			return "a whole number"
		}
	case p.Type == "number":
		return "min and max: a number of 2.5 may be written 2.50 in a record"
	}
	if p.Type != "string" {
		return ""
	}
	if raw == "" || raw[0] != '"' {
		return "a text"
	}
	return p.acceptsText(text(raw))
}

func (p *property) acceptsText(s string) string {
	switch {
	case p.Enum != nil && s != "" && !slices.Contains(p.Enum, s):
		if n := near(s, p.Enum); n != "" {
			return n
		}
		return "one of " + clip(strings.Join(p.Enum, ", "))
	case p.Format == "date-time":
		if t, err := time.Parse(time.RFC3339Nano, s); err != nil || itsm.Instant(t).Format(time.RFC3339Nano) != s {
			return "an instant in UTC, such as 2026-11-24T09:00:00Z"
		}
	case p.Format == "date":
		if _, err := calendar.ParseDate(s); err != nil {
			return "a date such as 2026-11-24"
		}
	case p.Format == "uuid":
		var id itsm.ID
		if id.UnmarshalText([]byte(s)) != nil || id.String() != s {
			return "an ID in lower case"
		}
	case p.Format == "duration":
		var d itsm.Duration
		var m itsm.Period
		if (d.UnmarshalText([]byte(s)) != nil || d.String() != s) && (m.UnmarshalText([]byte(s)) != nil || m.String() != s) {
			return "a duration such as PT1H30M"
		}
	}
	return ""
}
