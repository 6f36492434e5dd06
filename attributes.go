package itsm

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Attribute is one of the host's own fields of a record. Value is canonical JSON; a number keeps its digits.
type Attribute struct {
	Key   string
	Value string
}

func (a Attribute) compare(b Attribute) int { return strings.Compare(a.Key, b.Key) }

// Attributes are the host's own fields of a record, sorted by key; each key once. In JSON they are an object.
// Which keys there are, and of which type, the kind declares: see [Field].
type Attributes []Attribute

// AttributesOf makes attributes from Go values: texts, whole numbers, json.Number, booleans, time.Time and
// [Ref]. A nil value removes the attribute.
func AttributesOf(values map[string]any) (Attributes, error) {
	var out Attributes
	for key, v := range values {
		switch x := v.(type) {
		case string:
			if code := checkText(x, maxText); code != "" { // JSON would replace it in silence
				return nil, Invalid("attributes."+clip(key), code)
			}
		case nil, bool, int, int64, json.Number, Ref:
		case time.Time:
			v = Instant(x)
		default:
			return nil, Invalid("attributes."+clip(key), "type", "want", "a text, int, int64, json.Number, bool, time.Time or Ref")
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, Invalid("attributes."+clip(key), "json", "error", err.Error())
		}
		out = append(out, Attribute{Key: key, Value: plain(raw)})
	}
	out.sort()
	return out, nil
}

// Raw returns the JSON of an attribute, or "" where the record has none.
func (a Attributes) Raw(key string) string {
	for i := range a {
		if a[i].Key == key {
			return a[i].Value
		}
	}
	return ""
}

// Text returns the text of an attribute: of a text, a choice, a date or an instant without its quotes, of a
// number its digits, and "" where the record has none.
func (a Attributes) Text(key string) string {
	raw := a.Raw(key)
	if s, ok := readString([]byte(raw)); ok {
		return s
	}
	return raw
}

// Time returns the instant of an attribute, or the zero time.
func (a Attributes) Time(key string) time.Time {
	t, _ := time.Parse(time.RFC3339, a.Text(key))
	return t
}

// Bool returns whether an attribute is true.
func (a Attributes) Bool(key string) bool { return a.Raw(key) == "true" }

// Ref returns the reference of an attribute, or the zero Ref.
func (a Attributes) Ref(key string) Ref {
	var r Ref
	if json.Unmarshal([]byte(a.Raw(key)), &r) != nil {
		return Ref{}
	}
	return r
}

// Merge changes the attributes to those of more, leaving the others; a value of null removes one.
func (a *Attributes) Merge(more Attributes) {
	for _, m := range more {
		if m.Value == "null" {
			m.Value = ""
		}
		a.set(m.Key, m.Value)
	}
}

// sort orders the attributes by key and returns a key that occurs twice, if any. An empty list becomes nil.
func (a *Attributes) sort() string {
	if len(*a) == 0 {
		*a = nil
		return ""
	}
	if !slices.IsSortedFunc(*a, Attribute.compare) {
		slices.SortStableFunc(*a, Attribute.compare)
	}
	for i := 1; i < len(*a); i++ {
		if (*a)[i-1].Key == (*a)[i].Key {
			return (*a)[i].Key
		}
	}
	return ""
}

func (a Attributes) appendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	for i, x := range a {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(appendString(dst, x.Key), ':'), x.Value...)
	}
	return append(dst, '}')
}

// MarshalJSON writes an object.
func (a Attributes) MarshalJSON() ([]byte, error) { return a.appendJSON(nil), nil }

// UnmarshalJSON reads an object.
func (a *Attributes) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		*a = nil
		return nil
	}
	var list Attributes
	r := newReader(raw)
	r.attributes(&list)
	r.end()
	if len(r.problems) > 0 {
		r.within("attributes", isAttributes, 0)
		return r.err()
	}
	*a = list
	return nil
}

// plain returns the JSON of a value in its one form: without the escapes for HTML that encoding/json puts into
// what it is given, and a reference without spaces, its kind first, whatever a store made of it.
func plain(raw []byte) string {
	if len(raw) > 0 && raw[0] == '{' {
		if r, ok := readRef(raw); ok {
			return string(appendRef(nil, r))
		}
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw)
	}
	if s, ok := readString(raw); ok {
		return string(appendString(nil, s))
	}
	return string(raw)
}
