package itsm

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FieldType is the type of a declared attribute.
type FieldType string

// The types of declared attributes, with their JSON.
const (
	FieldText      FieldType = "text"      // "…"
	FieldNumber    FieldType = "number"    // 12.50, its digits kept
	FieldBoolean   FieldType = "boolean"   // true
	FieldDate      FieldType = "date"      // "2026-11-24"
	FieldInstant   FieldType = "instant"   // "2026-11-24T09:00:00Z"
	FieldChoice    FieldType = "choice"    // one of Choices
	FieldReference FieldType = "reference" // {"kind":"asset","id":"…"}
)

// Choices returns the types for a pick box.
func (FieldType) Choices() []string {
	return []string{string(FieldText), string(FieldNumber), string(FieldBoolean), string(FieldDate), string(FieldInstant), string(FieldChoice), string(FieldReference)}
}

// Field declares an attribute: a field that the host adds to a kind, without code. Declare it with the kind,
// or add it at run time with [Kind.WithFields] and [Desk.Use].
type Field struct {
	Key      string          `json:"key"` // a name: lower-case letters, digits, '_'
	Type     FieldType       `json:"type"`
	Label    string          `json:"label,omitempty"`
	Required bool            `json:"required,omitempty"` // checked when a record is opened, and when its attributes change; a blank text is no value
	Default  json.RawMessage `json:"default,omitempty"`  // set when a record is opened without a value
	Unique   bool            `json:"unique,omitempty"`   // among the tenant's records of the kind; makes an index
	Indexed  bool            `json:"indexed,omitempty"`  // makes an index that leaves out records without a value
	Choices  []string        `json:"choices,omitempty"`  // of a choice
	Kind     string          `json:"kind,omitempty"`     // of a reference: the kind that it must point at, if any
	Max      int             `json:"max,omitempty"`      // characters of a text; 0 is 1,000; bytes up to 1 MB where it is more
}

// Index returns the name of the attribute's index: "attributes.floor".
func (f Field) Index() IndexName { return IndexName("attributes." + f.Key) }

// Check returns what is wrong with the declaration, or nil.
func (f Field) Check() error { return f.check() }

// Canonical returns the one form of a value that is given as JSON, or an error that is [ErrInvalid]: for those who
// keep values of fields outside a record's own attributes.
func (f Field) Canonical(value string) (string, error) {
	canonical, p := f.canonical(value)
	if p != nil {
		return "", &ValidationError{Problems: []Problem{*p}}
	}
	return canonical, nil
}

func (f Field) check() error {
	fail := func(why string, args ...any) error {
		return fmt.Errorf("attribute %q: "+why, append([]any{f.Key}, args...)...)
	}
	indexed := f.Indexed || f.Unique
	switch {
	case !validName(f.Key) || strings.ContainsAny(f.Key, ".-"):
		return fail("its key must be %s, without '-' and '.'", nameRule)
	case !slices.Contains(f.Type.Choices(), string(f.Type)):
		return fail("unknown type %q", f.Type)
	case (f.Type == FieldChoice) != (len(f.Choices) > 0):
		return fail("choices go with the type %q", FieldChoice)
	case f.Kind != "" && f.Type != FieldReference:
		return fail("a kind goes with the type %q", FieldReference)
	case f.Kind != "" && !validName(f.Kind):
		return fail("its kind must be %s", nameRule)
	case checkText(f.Label, maxLine) != "":
		return fail("its label must be valid text of at most %d bytes", maxLine)
	case f.Max != 0 && f.Type != FieldText:
		return fail("max goes with the type %q", FieldText)
	case f.Max < 0 || f.Max > maxText:
		return fail("max must be 0 to %d", maxText)
	case indexed && f.Max > maxIndexed:
		return fail("an indexed text holds %d bytes at most", maxIndexed)
	case f.Unique && f.Default != nil:
		return fail("a unique attribute has no default")
	}
	if err := checkChoices(f.Choices); err != nil {
		return fail("%w", err)
	}
	if f.Default != nil {
		if _, p := f.canonical(string(f.Default)); p != nil {
			return fail("its default is wrong: %s", p)
		}
	}
	return nil
}

// checkChoices refuses a list that a pick box could not show, or whose values no store could keep.
func checkChoices(list []string) error {
	for i, choice := range list {
		switch {
		case strings.TrimSpace(choice) == "" || checkText(choice, maxIndexed) != "":
			return fmt.Errorf("choice %q must be 1 to %d bytes of valid text", clip(choice), maxIndexed)
		case slices.Contains(list[:i], choice):
			return fmt.Errorf("choice %q is there twice", choice)
		}
	}
	return nil
}

// canonical returns the one form of a value, or what is wrong with it.
func (f Field) canonical(raw string) (string, *Problem) {
	bad := func(code string, params ...string) (string, *Problem) {
		p := problem("attributes."+f.Key, code, params)
		return "", &p
	}
	mistyped := func(want string) (string, *Problem) { return bad("type", "want", want, "value", clip(raw)) }
	s, isText := readString([]byte(raw))
	switch f.Type {
	case FieldText:
		n := node{limit: f.Max, long: f.Max > maxLine}
		if n.limit == 0 {
			n.limit = maxLine
		}
		if !isText {
			return mistyped("text")
		}
		var c Checker
		if n.checkText(s, "/attributes/"+f.Key, &c); len(c.problems) > 0 {
			return "", &c.problems[0]
		}
		if (f.Indexed || f.Unique) && len(s) > maxIndexed {
			return bad("too_long", "max", strconv.Itoa(maxIndexed))
		}
	case FieldNumber:
		if !isNumber(raw, maxDigits, maxExponent) {
			return mistyped("number of at most 100 digits")
		}
		return raw, nil
	case FieldBoolean:
		if raw != "true" && raw != "false" {
			return mistyped("true or false")
		}
		return raw, nil
	case FieldDate:
		if _, err := time.Parse(time.DateOnly, s); err != nil || s < "0001" {
			return mistyped("date such as 2026-11-24")
		}
	case FieldInstant:
		t, err := time.Parse(time.RFC3339Nano, s)
		if err != nil || Instant(t).Year() < 1 || Instant(t).Year() > 9999 {
			return mistyped("instant such as 2026-11-24T09:00:00Z")
		}
		s = Instant(t).Format(time.RFC3339Nano)
	case FieldChoice:
		if !slices.Contains(f.Choices, s) || !isText {
			return bad("choice", "value", clip(raw), "allowed", strings.Join(f.Choices, ", "))
		}
	case FieldReference:
		r, ok := readRef([]byte(raw))
		if !ok || !validName(r.Kind) || r.ID == (ID{}) {
			return mistyped(`{"kind":…,"id":…}`)
		}
		if f.Kind != "" && r.Kind != f.Kind {
			return bad("kind", "value", r.Kind, "want", f.Kind)
		}
		return string(appendRef(nil, r)), nil
	}
	return string(appendString(nil, s)), nil
}

// The limits of a number attribute.
const (
	maxDigits   = 100 // bytes
	maxExponent = 9999
)

// isNumber tells whether s is a JSON number of at most so many bytes and with such an exponent.
func isNumber(s string, length, exponent int) bool {
	if len(s) > length || s == "" || (s[0] != '-' && (s[0] < '0' || s[0] > '9')) || !json.Valid([]byte(s)) {
		return false
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		n, err := strconv.Atoi(strings.TrimPrefix(s[i+1:], "+"))
		return err == nil && n >= -exponent && n <= exponent
	}
	return true
}

// fieldSet is the declared attributes of a kind.
type fieldSet []Field

func newFieldSet(declared []Field) (fieldSet, error) {
	seen := map[string]bool{}
	for _, f := range declared {
		if err := f.check(); err != nil {
			return nil, err
		}
		if seen[f.Key] {
			return nil, fmt.Errorf("attribute %q is declared twice", f.Key)
		}
		seen[f.Key] = true
	}
	return fieldSet(declared).clone(), nil
}

// clone shares no memory with s.
func (s fieldSet) clone() []Field {
	out := slices.Clone(s)
	for i := range out {
		out[i].Choices, out[i].Default = slices.Clone(out[i].Choices), slices.Clone(out[i].Default)
	}
	return out
}

func (s fieldSet) named(key string) *Field {
	for i := range s {
		if s[i].Key == key {
			return &s[i]
		}
	}
	return nil
}

// settle validates the attributes of a record that is opened or whose attributes changed, brings them into
// their one form, and fills in defaults when it is opened.
func (s fieldSet) settle(old Attributes, a *Attributes, opening bool, c *Checker) {
	if !opening && slices.Equal(old, *a) {
		return
	}
	given := slices.Clone(*a) // it may be the action's own input
	given.sort()
	for _, f := range s {
		if opening && f.Default != nil && given.Raw(f.Key) == "" {
			given.set(f.Key, string(f.Default))
		}
	}
	kept := make(Attributes, 0, len(given))
	for _, x := range given {
		if x.Value == "null" || x.Value == "" {
			continue
		}
		if x.Value != old.Raw(x.Key) { // what did not change may stem from an earlier declaration
			f := s.named(x.Key)
			if f == nil {
				c.Fail("attributes."+clip(x.Key), "undeclared", "allowed", s.keys())
				continue
			}
			value, p := f.canonical(x.Value)
			if p != nil {
				c.Fail(p.Path, p.Code)
				c.problems[len(c.problems)-1] = *p
				continue
			}
			x.Value = value
		}
		kept = append(kept, x)
	}
	if *a = kept; len(kept) == 0 {
		*a = nil
	}
	for _, f := range s {
		c.Check(!f.Required || strings.TrimSpace(a.Text(f.Key)) != "", "attributes."+f.Key, "required")
	}
}

func (s fieldSet) keys() string {
	keys := make([]string, len(s))
	for i, f := range s {
		keys[i] = f.Key
	}
	return strings.Join(keys, ", ")
}

// part returns the index of an attribute.
func (f Field) part() part {
	key, t := f.Key, f.valueType()
	return part{name: f.Index(), typ: t, sparse: true, zero: t.numeric(), keys: func(rec any, dst []Key) []Key {
		attributes := head(rec).Attributes
		if raw := attributes.Raw(key); raw != "" {
			return append(dst, attributeKey(t, raw))
		}
		return dst
	}, same: func(a, b any) bool { return head(a).Attributes.Raw(key) == head(b).Attributes.Raw(key) }}
}

func (f Field) valueType() ValueType {
	switch f.Type {
	case FieldNumber:
		return TypeDecimal
	case FieldBoolean:
		return TypeBool
	case FieldInstant:
		return TypeTime
	case FieldDate:
		return TypeDate
	case FieldReference:
		return TypeRef
	}
	return TypeText
}

func attributeKey(t ValueType, raw string) Key {
	a := Attributes{{Key: "v", Value: raw}}
	switch t {
	case TypeDecimal:
		return Key{S: decimalKey(raw)}
	case TypeBool:
		return boolKey(raw == "true")
	case TypeTime:
		return timeKey(a.Time("v"))
	case TypeRef:
		return refKey(a.Ref("v"))
	}
	return Key{S: a.Text("v")}
}

// ByAttribute is the handle on a declared attribute that is indexed. Its values are given as their JSON:
// `"ground floor"`, `12.50`, `true`.
func ByAttribute[T any](f Field) Index[T, json.RawMessage] {
	t := f.valueType()
	return Index[T, json.RawMessage]{
		def: indexDef{parts: []part{f.part()}, unique: f.Unique},
		key: func(raw json.RawMessage) Key {
			if canonical, p := f.canonical(string(raw)); p == nil {
				return attributeKey(t, canonical)
			}
			if text, ok := readString(raw); ok && t == TypeText {
				return Key{S: text} // perhaps of an earlier declaration, with other choices
			}
			return Key{S: above} // of another type: Select refuses it
		},
	}
}
