package itsm

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
)

// reader sets fields from JSON and collects everything that is wrong with it.
type reader struct {
	problems []Problem
}

func (r *reader) fail(path, code string, params ...string) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, problem(path, code, params))
	}
}

// object reads a JSON object into the struct v; a field that the struct does not have is a problem.
func (r *reader) object(f fields, v reflect.Value, raw []byte, path string) {
	members, ok := r.members(raw, path)
	if !ok {
		return
	}
	for _, m := range members {
		n := f.named(m.name)
		at := join(path, m.name)
		if n == nil {
			r.fail(at, "unknown_field", "allowed", f.names())
			continue
		}
		if n.is == isGroup && string(m.value) != "null" { // its fields are indexed from the container around it
			r.object(n.sub, v, m.value, at)
			continue
		}
		r.value(n, n.at(v), m.value, at)
	}
}

type member struct {
	name  string
	value json.RawMessage
}

// members splits a JSON object; a name that occurs twice is a problem.
func (r *reader) members(raw []byte, path string) ([]member, bool) {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		r.fail(path, "type", "want", "object", "value", clip(string(raw)))
		return nil, false
	}
	var out []member
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		name, _ := t.(string)
		var m member
		if err == nil {
			m.name = name
			err = d.Decode(&m.value)
		}
		if err != nil {
			r.fail(path, "json", "error", err.Error())
			return nil, false
		}
		if seen[name] {
			r.fail(join(path, clip(name)), "twice")
		}
		seen[name] = true
		out = append(out, m)
	}
	if _, err := d.Token(); err != nil {
		r.fail(path, "json", "error", err.Error())
		return nil, false
	}
	if d.More() {
		r.fail(path, "json", "error", "something follows the object")
		return nil, false
	}
	return out, true
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func (f fields) named(name string) *node {
	for _, n := range f.tree {
		if n.name == name {
			return n
		}
	}
	return nil
}

func (f fields) names() string {
	names := make([]string, len(f.tree))
	for i, n := range f.tree {
		names[i] = n.name
	}
	return strings.Join(names, ", ")
}

// value reads a JSON value into a field or an element; null is its zero value.
func (r *reader) value(n *node, v reflect.Value, raw []byte, path string) {
	if string(raw) == "null" {
		v.SetZero()
		return
	}
	want := ""
	switch n.is {
	case isText:
		if want = "text"; raw[0] == '"' {
			s, ok := readString(raw)
			if !ok {
				r.fail(path, "utf8")
				return
			}
			v.SetString(s)
			return
		}
	case isBool:
		if want = "true or false"; string(raw) == "true" || string(raw) == "false" {
			v.SetBool(string(raw) == "true")
			return
		}
	case isInteger:
		want = "whole number"
		if i, err := strconv.ParseInt(string(raw), 10, 64); err == nil && !v.OverflowInt(i) {
			v.SetInt(i)
			return
		}
	case isInstant:
		want = "instant such as 2026-11-24T09:00:00Z"
		if json.Unmarshal(raw, timeOf(v)) == nil {
			return
		}
	case isID:
		want = "UUID"
		if json.Unmarshal(raw, v.Addr().Interface()) == nil {
			return
		}
	case isRef:
		r.ref(refOf(v), raw, path)
		return
	case isValue:
		err := json.Unmarshal(raw, v.Addr().Interface())
		if err == nil {
			return
		}
		var e *ValidationError
		if errors.As(err, &e) {
			for _, p := range e.Problems {
				if p.Path == "" {
					p.Path = path
				} else {
					p.Path = join(path, p.Path)
				}
				r.problems = append(r.problems, p)
			}
			return
		}
		r.fail(path, "type", "want", v.Type().Name(), "value", clip(string(raw)), "error", err.Error())
		return
	case isAttributes:
		if err := attributesOf(v).read(raw, path); err != nil {
			r.problems = append(r.problems, err.Problems...)
		}
		return
	case isGroup:
		r.object(n.sub, v, raw, path)
		return
	case isOptional:
		p := reflect.New(n.typ.Elem())
		r.object(n.sub, p.Elem(), raw, path)
		v.Set(p)
		return
	case isList:
		var items []json.RawMessage
		if want = "list"; json.Unmarshal(raw, &items) == nil {
			if len(items) > maxList {
				r.fail(path, "too_many", "max", strconv.Itoa(maxList))
				return
			}
			list := reflect.MakeSlice(n.typ, len(items), len(items))
			for i, item := range items {
				r.value(n.elem, list.Index(i), item, path+"["+strconv.Itoa(i)+"]")
			}
			v.Set(list)
			return
		}
	case isHeader:
		if json.Unmarshal(raw, v.Addr().Interface()) == nil {
			return
		}
		want = n.name
	}
	r.fail(path, "type", "want", want, "value", clip(string(raw)))
}

// ref reads {"kind":…,"id":…}.
func (r *reader) ref(to *Ref, raw []byte, path string) {
	members, ok := r.members(raw, path)
	if !ok {
		return
	}
	for _, m := range members {
		at := join(path, m.name)
		s, isText := readString(m.value)
		switch {
		case m.name == "kind" && isText:
			to.Kind = s
		case m.name == "kind":
			r.fail(at, "type", "want", "text", "value", clip(string(m.value)))
		case m.name == "id" && isText && len(s) == 36 && to.ID.UnmarshalText([]byte(s)) == nil:
		case m.name == "id":
			r.fail(at, "type", "want", "UUID", "value", clip(string(m.value)))
		default:
			r.fail(at, "unknown_field", "allowed", "kind, id")
		}
	}
}
