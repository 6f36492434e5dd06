package itsm

import (
	"encoding/json"
	"strconv"
	"time"
)

// DecodeQuery reads a query from JSON, strictly: {"where":[{"index":"state","in":["new"]},
// {"index":"created","min":"2026-11-24T09:00:00Z"}],"text":"mail","order":{"index":"created","desc":true}}.
// The values of a condition are read as the type of its index, which need not be given.
func (k *Kind[T]) DecodeQuery(raw []byte) (Query[T], error) {
	var q Query[T]
	if len(raw) == 0 {
		return q, nil
	}
	var r reader
	r.query(&q.Select, raw, k.shape)
	if len(r.problems) > 0 {
		return q, &ValidationError{Kind: k.shape.name, Problems: r.problems}
	}
	_, err := k.shape.Select(Scope{}, q.Select)
	return q, err
}

func (r *reader) query(q *Select, raw []byte, s *Shape) {
	r.fields(raw, "", "where, text, order, scan", func(name string, value []byte, at string) bool {
		switch name {
		case "where":
			for i, c := range r.list(value, at) {
				q.Where = append(q.Where, Condition{})
				r.condition(&q.Where[i], c, at+"["+strconv.Itoa(i)+"]", s)
			}
		case "text":
			r.text(&q.Text, value, at)
		case "order":
			r.fields(value, at, "index, desc", func(name string, value []byte, at string) bool {
				switch name {
				case "index":
					r.text((*string)(&q.Order.Index), value, at)
				case "desc":
					r.flag(&q.Order.Desc, value, at)
				default:
					return false
				}
				return true
			})
		case "scan":
			r.flag(&q.Scan, value, at)
		default:
			return false
		}
		return true
	})
}

// condition reads a condition; s, where it is known, gives the types of the indexes.
func (r *reader) condition(c *Condition, raw []byte, path string, s *Shape) {
	*c = Condition{}
	var in, lowest, highest []byte
	r.fields(raw, path, "index, type, in, min, max", func(name string, value []byte, at string) bool {
		switch name {
		case "index":
			r.text((*string)(&c.Index), value, at)
		case "type":
			r.text((*string)(&c.Type), value, at)
		case "in":
			in = value
		case "min":
			lowest = value
		case "max":
			highest = value
		default:
			return false
		}
		return true
	})
	p := part{typ: TypeText}
	if s != nil {
		var known bool
		if p, known = s.parts[c.Index]; !known {
			r.problems = append(r.problems, s.unknownIndex(join(path, "index"), c.Index).Problems...)
			return
		}
	}
	if c.Type == "" {
		c.Type = p.typ
	}
	if !c.Type.valid() {
		r.fail(join(path, "type"), "unknown", "value", clip(string(c.Type)), "allowed", "text, number, time, boolean, reference, date, decimal")
		return
	}
	if in != nil && (lowest != nil || highest != nil) {
		r.fail(path, "in_or_range", "want", `either "in" or "min" and "max"`)
		return
	}
	if in != nil {
		c.In = []Key{}
		for i, v := range r.list(in, join(path, "in")) {
			c.In = append(c.In, r.key(v, c.Type, join(path, "in")+"["+strconv.Itoa(i)+"]"))
		}
	}
	if lowest != nil {
		k := r.key(lowest, c.Type, join(path, "min"))
		c.Min = &k
	}
	if highest != nil {
		k := r.key(highest, c.Type, join(path, "max"))
		c.Max = &k
	}
}

// key reads a value of an index.
func (r *reader) key(raw []byte, t ValueType, path string) Key {
	s, isText := readString(raw)
	if isText {
		if code := checkText(s, maxIndexed); code != "" {
			r.fail(path, code, "max", strconv.Itoa(maxIndexed))
			return Key{}
		}
	}
	switch empty := isText && s == ""; t {
	case TypeNumber:
		if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
			return Key{N: n}
		}
	case TypeBool:
		if string(raw) == "true" || string(raw) == "false" {
			return boolKey(string(raw) == "true")
		}
	case TypeTime:
		if at, err := time.Parse(time.RFC3339Nano, s); err == nil || empty {
			return timeKey(Instant(at))
		}
	case TypeRef:
		if of, err := ParseRef(s); isText && err == nil {
			return refKey(of)
		}
	case TypeDate:
		if _, err := time.Parse(time.DateOnly, s); err == nil || empty {
			return Key{S: s}
		}
	case TypeDecimal:
		if isNumber(string(raw), 2*maxDigits, 2*maxExponent) {
			return Key{S: decimalKey(string(raw))}
		}
	default:
		if isText {
			return Key{S: s}
		}
	}
	r.fail(path, "type", "want", t.written(), "value", clip(string(raw)))
	return Key{}
}

// written says how values of the type are written in JSON.
func (t ValueType) written() string {
	switch t {
	case TypeNumber:
		return "a whole number"
	case TypeTime:
		return "an instant such as 2026-11-24T09:00:00Z"
	case TypeBool:
		return "true or false"
	case TypeRef:
		return "kind/id"
	case TypeDate:
		return "a date such as 2026-11-24"
	case TypeDecimal:
		return "a number"
	}
	return "a text"
}

// member is one of a JSON object, with the text of its value.
type member struct {
	name  string
	value []byte
}

// members splits a JSON object; a name that occurs twice is a problem.
func (r *reader) members(raw []byte, path string) ([]member, bool) {
	in := newReader(raw)
	if in.peek() != '{' {
		r.fail(path, "type", "want", "object", "value", clip(string(raw)))
		return nil, false
	}
	var out []member
	seen := map[string]bool{}
	for in.open(); in.more('}'); {
		m := member{name: string(in.name()), value: in.skip()}
		if seen[m.name] {
			r.fail(join(path, clip(m.name)), "twice")
		}
		seen[m.name] = true
		out = append(out, m)
	}
	if in.end(); len(in.problems) > 0 {
		r.fail(path, "json", "error", in.problems[0].Params["error"])
		return nil, false
	}
	return out, true
}

// fields reads the members of a JSON object one by one; set returns false for a name that it does not know.
// A member of null counts as absent.
func (r *reader) fields(raw []byte, path, allowed string, set func(name string, value []byte, at string) bool) {
	members, ok := r.members(raw, path)
	if !ok {
		return
	}
	for _, m := range members {
		if at := join(path, m.name); string(m.value) != "null" && !set(m.name, m.value, at) {
			r.fail(at, "unknown_field", "allowed", allowed)
		}
	}
}

func (r *reader) text(to *string, raw []byte, path string) {
	s, ok := readString(raw)
	if !ok {
		r.fail(path, "type", "want", "text", "value", clip(string(raw)))
	}
	*to = s
}

func (r *reader) flag(to *bool, raw []byte, path string) {
	if *to = string(raw) == "true"; !*to && string(raw) != "false" {
		r.fail(path, "type", "want", "true or false", "value", clip(string(raw)))
	}
}

func (r *reader) list(raw []byte, path string) []json.RawMessage {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		r.fail(path, "type", "want", "list", "value", clip(string(raw)))
	}
	if len(items) > maxValues {
		r.fail(path, "too_many", "max", strconv.Itoa(maxValues))
		return nil
	}
	return items
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
