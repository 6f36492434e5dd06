package itsm

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The limits of every store. A kind may lower them, see [Declaration.Text].
const (
	MaxIndexed = 512      // bytes of a text that an index holds
	MaxLine    = 1_000    // characters of a text, unless the kind declares it long
	MaxText    = 1 << 20  // bytes of a long text, and of a comment
	MaxRecord  = 16 << 20 // bytes of all texts of a record
	MaxList    = 10_000   // elements of a list

	maxIndexed, maxLine, maxText, maxRecord, maxList = MaxIndexed, MaxLine, MaxText, MaxRecord, MaxList

	maxNumber   = 64  // bytes of a record's number
	maxName     = 256 // bytes of a name of an actor or a tenant
	maxProblems = 100 // collected in one pass
)

// Checker collects what is wrong with a record, field by field, in one pass.
type Checker struct {
	problems []Problem
	plan     *plan // of the records before and after the action; nil where there is none before
	old, new reflect.Value
}

// Changed tells whether the action changed a field (dotted path). A list that may get shorter while the product runs is held
// against what changes only: what is there already may stem from an earlier declaration.
func (c *Checker) Changed(path string) bool {
	if c.plan == nil {
		return true
	}
	n := c.plan.find(path)
	if n == nil {
		return true
	}
	was, had := c.plan.look(n, c.old)
	is, has := c.plan.look(n, c.new)
	switch {
	case had != has || !has:
		return had != has
	case n.is == isHeader || n.is == isGroup && was.Comparable():
		return !was.Equal(is)
	case n.is == isGroup:
		return true // rather than one of its fields not
	}
	return !n.equal(was, is)
}

// Check adds a problem unless ok holds. The parameters are pairs of name and value.
func (c *Checker) Check(ok bool, path, code string, params ...string) {
	if !ok {
		c.Fail(path, code, params...)
	}
}

// Fail adds a problem.
func (c *Checker) Fail(path, code string, params ...string) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, problem(path, code, params))
	}
}

// Required adds the problem "required" to a text that is empty or blank.
func (c *Checker) Required(text, path string) {
	c.Check(strings.TrimSpace(text) != "", path, "required")
}

func (c *Checker) size(bytes int) {
	c.Check(bytes <= maxRecord, "", "record_too_large", "max", strconv.Itoa(maxRecord), "bytes", strconv.Itoa(bytes))
}

func (c *Checker) err(kind, action string) error {
	if len(c.problems) == 0 {
		return nil
	}
	return &ValidationError{Kind: kind, Action: action, Problems: c.problems}
}

// checkText returns the code of what is wrong with a text of up to max bytes, or "".
func checkText(s string, max int) string {
	switch {
	case len(s) > max:
		return "too_long"
	case !utf8.ValidString(s):
		return "utf8"
	case strings.IndexByte(s, 0) >= 0:
		return "nul"
	}
	return ""
}

// check reports what is wrong with a changed value of n.
func (n *node) check(v reflect.Value, path string, c *Checker) {
	switch n.is {
	case isText:
		n.checkText(v.String(), path, c)
	case isInstant:
		if t := timeOf(v); !t.IsZero() && (t.Year() < 1 || t.Year() > 9999) {
			c.Fail(dotted(path), "year", "min", "1", "max", "9999")
		}
	case isRef:
		if r := refOf(v); *r != (Ref{}) && (!validName(r.Kind) || r.ID == ID{}) {
			c.Fail(dotted(path), "reference", "want", "a kind and an ID", "value", clip(r.String()))
		}
	case isGroup:
		from := len(c.problems)
		n.sub.check(v, c)
		c.move(from, n.path, path)
	case isOptional:
		if !v.IsNil() {
			n.sub.check(v.Elem(), c)
		}
	case isList:
		for i := range v.Len() {
			from := len(c.problems)
			if n.elem.check(v.Index(i), path, c); len(c.problems) > from {
				c.move(from, path, path+"["+strconv.Itoa(i)+"]")
			}
		}
	}
}

// move gives the problems from a place on another path: that of the list element in which they are.
func (c *Checker) move(from int, old, path string) {
	for i := from; i < len(c.problems) && old != path; i++ {
		p := &c.problems[i].Path
		*p = dotted(path) + strings.TrimPrefix(*p, dotted(old))
	}
}

func (f fields) check(v reflect.Value, c *Checker) {
	for _, n := range f.flat {
		n.check(n.at(v), n.path, c)
	}
}

func (n *node) checkText(s, path string, c *Checker) {
	limit := n.limit
	if !n.long && len(s) > limit {
		limit *= utf8.UTFMax // characters: counted only where the bytes are many
		if utf8.RuneCountInString(s) > n.limit {
			limit = 0
		}
	}
	if code := checkText(s, limit); code != "" {
		params := []string{"max", strconv.Itoa(n.limit)}
		if code != "too_long" {
			params = nil
		}
		c.Fail(dotted(path), code, params...)
	} else if n.choices != nil && s != "" && !slices.Contains(n.choices, s) {
		c.Fail(dotted(path), "choice", "value", clip(s), "allowed", strings.Join(n.choices, ", "))
	}
}
