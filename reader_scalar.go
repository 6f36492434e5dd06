package itsm

import (
	"encoding"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"time"

	"github.com/itsmkit/itsm/lifecycle"
)

// scalar sets v to the value that was passed just now.
func (r *reader) scalar(n *node, v reflect.Value, raw []byte) {
	want := ""
	switch n.is {
	case isText:
		if want = "text"; raw[0] == '"' {
			r.setText(n, v, raw)
			return
		}
	case isBool:
		if want = "true or false"; raw[0] == 't' || raw[0] == 'f' {
			v.SetBool(raw[0] == 't')
			return
		}
	case isInteger:
		want = "whole number"
		if i, err := strconv.ParseInt(string(raw), 10, 64); err == nil && !v.OverflowInt(i) {
			v.SetInt(i)
			return
		}
	case isInstant:
		if want = "instant such as 2026-11-24T09:00:00Z"; timeOf(v).UnmarshalJSON(raw) == nil {
			return
		}
	case isID:
		if want = "UUID"; r.id(v.Addr().Interface().(*ID), raw) {
			return
		}
	case isHeader:
		if want = n.name; r.header(v, raw) {
			return
		}
	case isValue:
		if err := r.own(v, raw); err != nil {
			r.refused(err, v, raw)
		}
		return
	}
	r.fail("", "type", "want", want, "value", clip(string(raw)))
}

// setText sets a text. One of an enumeration shares the memory of its list.
func (r *reader) setText(n *node, v reflect.Value, raw []byte) {
	for _, c := range n.choices {
		if r.plain && c == string(raw[1:len(raw)-1]) {
			v.SetString(c)
			return
		}
	}
	s, ok := unquote(raw, r.plain)
	if !ok {
		r.fail("", "utf8")
		return
	}
	v.SetString(s)
}

// id reads a UUID in any of the forms that its type knows.
func (r *reader) id(to *ID, raw []byte) bool {
	if raw[0] == '"' && r.plain {
		return to.UnmarshalText(raw[1:len(raw)-1]) == nil
	}
	return json.Unmarshal(raw, to) == nil
}

// header sets a field that the kernel writes.
func (r *reader) header(v reflect.Value, raw []byte) bool {
	switch to := v.Addr().Interface().(type) {
	case *ID:
		return r.id(to, raw)
	case *time.Time:
		return to.UnmarshalJSON(raw) == nil
	case *int64:
		n, err := strconv.ParseInt(string(raw), 10, 64)
		*to = n
		return err == nil
	case *string, *lifecycle.State:
		if raw[0] == '"' && r.plain {
			v.SetString(string(raw[1 : len(raw)-1]))
			return true
		}
	}
	return json.Unmarshal(raw, v.Addr().Interface()) == nil
}

// own reads a value of a type that has its own JSON.
func (r *reader) own(v reflect.Value, raw []byte) error {
	switch to := v.Addr().Interface().(type) {
	case json.Unmarshaler:
		return to.UnmarshalJSON(raw)
	case encoding.TextUnmarshaler:
		if raw[0] == '"' && r.plain {
			return to.UnmarshalText(raw[1 : len(raw)-1])
		}
	}
	return json.Unmarshal(raw, v.Addr().Interface())
}

// refused reports the error of a type that has its own JSON.
func (r *reader) refused(err error, v reflect.Value, raw []byte) {
	var e *ValidationError
	if !errors.As(err, &e) || len(e.Problems) == 0 {
		r.fail("", "type", "want", v.Type().Name(), "value", clip(string(raw)), "error", err.Error())
		return
	}
	r.problems = append(r.problems, e.Problems[:min(len(e.Problems), maxProblems-len(r.problems))]...)
}

// readRef reads a whole JSON text as a reference.
func readRef(raw []byte) (Ref, bool) {
	var to Ref
	r := newReader(raw)
	r.ref(&to)
	r.end()
	return to, len(r.problems) == 0
}

// refMembers are named where a reference has another member; never written to.
var refMembers = fields{tree: []*node{{name: "kind"}, {name: "id"}}}

// ref reads {"kind":…,"id":…}.
func (r *reader) ref(to *Ref) {
	if !r.enter('{', "object") {
		return
	}
	var kind, id bool // seen
	for r.more('}') {
		switch name := r.name(); string(name) {
		case "kind":
			r.once(&kind, "kind")
			r.refKind(to, r.skip())
		case "id":
			r.once(&id, "id")
			r.refID(to, r.skip())
		default:
			r.unknown(name, refMembers)
		}
	}
}

// once reports a member of a reference that was seen before.
func (r *reader) once(seen *bool, name string) {
	if *seen {
		r.fail(name, "twice")
	}
	*seen = true
}

func (r *reader) refKind(to *Ref, raw []byte) {
	if r.broken {
		return
	}
	if r.plain && raw[0] == '"' && r.kind == string(raw[1:len(raw)-1]) {
		to.Kind = r.kind
		return
	}
	var ok bool
	if raw[0] == '"' {
		to.Kind, ok = unquote(raw, r.plain)
		r.kind = to.Kind
	}
	if !ok {
		r.fail("kind", "type", "want", "text", "value", clip(string(raw)))
	}
}

// refID reads the ID of a reference, in the form of 36 characters only.
func (r *reader) refID(to *Ref, raw []byte) {
	if r.broken {
		return
	}
	if raw[0] == '"' && r.plain {
		if text := raw[1 : len(raw)-1]; len(text) == 36 && to.ID.UnmarshalText(text) == nil {
			return
		}
	} else if s, ok := readString(raw); ok && len(s) == 36 && to.ID.UnmarshalText([]byte(s)) == nil {
		return
	}
	r.fail("id", "type", "want", "UUID", "value", clip(string(raw)))
}
