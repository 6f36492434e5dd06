package sla

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/itsmkit/itsm"
)

// The limits of a condition.
const (
	maxConditionText  = 64 << 10
	maxConditionDepth = 32
)

type operator string

const (
	opAlways  operator = "always"
	opAll     operator = "all"
	opAny     operator = "any"
	opNot     operator = "not"
	opField   operator = "field"
	opFact    operator = "fact"
	opAction  operator = "action"
	opChanged operator = "changed"
	opPublic  operator = "public"
	opBy      operator = "by"
)

type truth int8

const (
	unset truth = iota
	yes
	no
)

// expr is a condition as a tree.
type expr struct {
	op       operator
	of       []expr   // of all, any and not
	name     string   // of field, fact and by
	names    []string // of action and changed
	in       []string // canonical JSON values
	min, max string
	exists   truth // of field, fact and public
}

// expr returns the tree of a condition that was made or read, which hence has one.
func (c Condition) expr() expr {
	e, err := parseExpr([]byte(c.text))
	if err != nil {
		return expr{op: opAny} // never holds; cannot be: the text was written by expr.text
	}
	return e
}

func parseExpr(raw []byte) (expr, error) {
	if len(raw) > maxConditionText {
		return expr{}, itsm.Invalid("", "too_long", "max", strconv.Itoa(maxConditionText), "bytes", strconv.Itoa(len(raw)))
	}
	if !utf8.Valid(raw) {
		return expr{}, itsm.Invalid("", "utf8")
	}
	return readExpr(raw, "", 0)
}

func badExpr(path, why string, args ...any) error {
	return itsm.Invalid(path, "condition", "error", fmt.Sprintf(why, args...))
}

// members are the JSON members of an expression.
type members struct {
	Always  *bool             `json:"always"`
	All     []json.RawMessage `json:"all"`
	Any     []json.RawMessage `json:"any"`
	Not     json.RawMessage   `json:"not"`
	Field   *string           `json:"field"`
	Fact    *string           `json:"fact"`
	Action  []string          `json:"action"`
	Changed []string          `json:"changed"`
	Public  *bool             `json:"public"`
	By      *string           `json:"by"`
	In      []json.RawMessage `json:"in"`
	Min     json.RawMessage   `json:"min"`
	Max     json.RawMessage   `json:"max"`
	Exists  *bool             `json:"exists"`
}

func readExpr(raw []byte, path string, depth int) (expr, error) {
	if depth > maxConditionDepth {
		return expr{}, badExpr(path, "nested more than %d deep", maxConditionDepth)
	}
	var m members
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return expr{}, badExpr(path, "%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if d.More() {
		return expr{}, badExpr(path, "something stands behind the expression")
	}
	var e expr
	for _, x := range []struct {
		op    operator
		given bool
	}{
		{opAlways, m.Always != nil}, {opAll, m.All != nil}, {opAny, m.Any != nil}, {opNot, m.Not != nil}, {opField, m.Field != nil},
		{opFact, m.Fact != nil}, {opAction, m.Action != nil}, {opChanged, m.Changed != nil}, {opPublic, m.Public != nil}, {opBy, m.By != nil},
	} {
		if x.given && e.op != "" {
			return expr{}, badExpr(path, "%s and %s stand in one place; join them with all or any", e.op, x.op)
		}
		if x.given {
			e.op = x.op
		}
	}
	if e.op == "" {
		return expr{}, badExpr(path, "want one of always, all, any, not, field, fact, action, changed, public, by")
	}
	if err := e.read(m, path, depth); err != nil {
		return expr{}, err
	}
	return e, nil
}

// read fills in what goes with the operator, and refuses what does not.
func (e *expr) read(m members, path string, depth int) error {
	tests := m.In != nil || m.Min != nil || m.Max != nil || m.Exists != nil
	if tests && e.op != opField && e.op != opFact {
		return badExpr(path, "in, min, max and exists go with field and fact, not with %s", e.op)
	}
	var err error
	switch e.op {
	case opAlways:
		if !*m.Always {
			return badExpr(path, "always is true or absent")
		}
	case opAll, opAny:
		for i, raw := range slices.Concat(m.All, m.Any) {
			sub, err := readExpr(raw, join(path, string(e.op)+"["+strconv.Itoa(i)+"]"), depth+1)
			if err != nil {
				return err
			}
			e.of = append(e.of, sub)
		}
		if len(e.of) == 0 {
			return badExpr(path, "%s is empty", e.op)
		}
	case opNot:
		var sub expr
		sub, err = readExpr(m.Not, join(path, "not"), depth+1)
		e.of = []expr{sub}
	case opField:
		e.name = *m.Field
		err = e.readTest(m, path)
	case opFact:
		e.name = *m.Fact
		err = e.readTest(m, path)
	case opAction:
		e.names = m.Action
	case opChanged:
		e.names = m.Changed
	case opPublic:
		e.exists = truthOf(*m.Public)
	case opBy:
		e.name = *m.By
	}
	switch {
	case err != nil:
		return err
	case (e.op == opField || e.op == opFact || e.op == opBy) && e.name == "", (e.op == opAction || e.op == opChanged) && (len(e.names) == 0 || slices.Contains(e.names, "")):
		return badExpr(path, "%s needs a name", e.op)
	}
	return nil
}

func (e *expr) readTest(m members, path string) error {
	kinds := 0
	for _, given := range []bool{m.In != nil, m.Min != nil || m.Max != nil, m.Exists != nil} {
		if given {
			kinds++
		}
	}
	if kinds != 1 {
		return badExpr(path, "%s %s needs one of: in, min and max, exists", e.op, e.name)
	}
	for _, raw := range m.In {
		e.in = append(e.in, canonical(raw))
	}
	if m.In != nil && len(e.in) == 0 {
		return badExpr(path, "in is empty")
	}
	if m.Exists != nil {
		e.exists = truthOf(*m.Exists)
	}
	var low, high ordered
	for _, end := range []struct {
		name string
		raw  json.RawMessage
		to   *string
		val  *ordered
	}{{"min", m.Min, &e.min, &low}, {"max", m.Max, &e.max, &high}} {
		if end.raw == nil {
			continue
		}
		*end.to = canonical(end.raw)
		var ok bool
		if *end.val, ok = orderedOf(*end.to); !ok {
			return badExpr(path, "%s is %s, want a number or an instant", end.name, clip(*end.to))
		}
	}
	if e.min != "" && e.max != "" && low.isTime != high.isTime {
		return badExpr(path, "min and max are of different types")
	}
	return nil
}

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// text writes the one form of an expression.
func (e expr) text() string {
	var b strings.Builder
	e.write(&b)
	return b.String()
}

func (e expr) write(b *strings.Builder) {
	member := func(name string) { b.WriteString(name) }
	list := func(items []string, quoted bool) {
		b.WriteByte('[')
		for i, s := range items {
			if i > 0 {
				b.WriteByte(',')
			}
			if quoted {
				s = quote(s)
			}
			b.WriteString(s)
		}
		b.WriteByte(']')
	}
	switch e.op {
	case opAlways:
		member(`{"always":true`)
	case opPublic:
		member(`{"public":` + strconv.FormatBool(e.exists == yes))
	case opNot:
		member(`{"not":`)
		e.of[0].write(b)
	case opAll, opAny:
		member(`{"` + string(e.op) + `":[`)
		for i, sub := range e.of {
			if i > 0 {
				b.WriteByte(',')
			}
			sub.write(b)
		}
		b.WriteByte(']')
	case opAction, opChanged:
		member(`{"` + string(e.op) + `":`)
		list(e.names, true)
	default:
		member(`{"` + string(e.op) + `":` + quote(e.name))
		if e.in != nil {
			member(`,"in":`)
			list(e.in, false)
		}
		if e.min != "" {
			member(`,"min":` + e.min)
		}
		if e.max != "" {
			member(`,"max":` + e.max)
		}
		if e.exists != unset {
			member(`,"exists":` + strconv.FormatBool(e.exists == yes))
		}
	}
	b.WriteByte('}')
}

// quote returns a text as the kernel writes it into events: only what JSON must escape is.
func quote(s string) string {
	out := []byte{'"'}
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c == '\n':
			out = append(out, `\n`...)
		case c == '\r':
			out = append(out, `\r`...)
		case c == '\t':
			out = append(out, `\t`...)
		case c < 0x20:
			out = fmt.Appendf(out, `\u%04x`, c)
		default:
			out = append(out, c)
		}
	}
	return string(append(out, '"'))
}

// canonical returns a JSON value as the kernel writes it into events: compact, without the escapes for HTML.
func canonical(raw []byte) string {
	var out bytes.Buffer
	if json.Compact(&out, raw) != nil {
		return string(raw)
	}
	if !bytes.ContainsRune(out.Bytes(), '\\') {
		return out.String()
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return out.String()
	}
	if s, ok := v.(string); ok {
		return quote(s)
	}
	out.Reset()
	w := json.NewEncoder(&out)
	w.SetEscapeHTML(false)
	if w.Encode(v) != nil {
		return string(raw)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}
