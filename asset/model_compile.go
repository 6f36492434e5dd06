package asset

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
)

// compiler checks classes, in passes: each by itself, then the lines of inheritance, then what is inherited.
type compiler struct {
	model    *Model
	byName   map[string]*Class
	problems []itsm.Problem
}

func (c *compiler) fail(path, code string, params ...string) {
	p := itsm.Problem{Path: path, Code: code, Params: map[string]string{}}
	for i := 0; i+1 < len(params); i += 2 {
		p.Params[params[i]] = params[i+1]
	}
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, p)
	}
}

const maxProblems = 100 // collected in one pass

func (c *compiler) err() error {
	return &itsm.ValidationError{Problems: c.problems}
}

// declare checks a class by itself.
func (c *compiler) declare(i int, x *Class) {
	at := fmt.Sprintf("classes[%d]", i)
	switch {
	case !isKey(x.Name):
		c.fail(at+".name", "name", "value", clip(x.Name), "want", keyRule)
	case c.byName[x.Name] != nil:
		c.fail(at+".name", "twice", "value", x.Name)
	default:
		c.byName[x.Name] = x
	}
	if len(x.Attributes) > maxAttributes {
		c.fail(at+".attributes", "range", "max", strconv.Itoa(maxAttributes), "value", strconv.Itoa(len(x.Attributes)))
		return
	}
	seen := map[string]bool{}
	for n, a := range x.Attributes {
		path := fmt.Sprintf("%s.attributes[%d]", at, n)
		switch {
		case !isKey(a.Key):
			c.fail(path+".key", "name", "value", clip(a.Key), "want", keyRule)
		case seen[a.Key]:
			c.fail(path+".key", "twice", "value", a.Key)
		case a.Unique && !mayBeUnique(a.Type):
			c.fail(path+".unique", "only_with", "type", "text, date, instant, reference", "value", clip(string(a.Type)))
		case a.Unique && a.Max > maxUniqueText:
			c.fail(path+".max", "range", "max", strconv.Itoa(maxUniqueText), "value", strconv.Itoa(a.Max))
		case !a.Unique && a.Slot != 0 || a.Slot < 0 || a.Slot > MaxUnique:
			c.fail(path+".slot", "range", "min", "1", "max", strconv.Itoa(MaxUnique), "want", "a slot of a unique attribute")
		default:
			c.define(path, a)
		}
		seen[a.Key] = true
	}
}

// define checks the type of an attribute and what goes with it.
func (c *compiler) define(path string, a AttributeDefinition) {
	switch types := a.Type.Choices(); {
	case !slices.Contains(types, string(a.Type)):
		c.fail(path+".type", "choice", "value", clip(string(a.Type)), "allowed", strings.Join(types, ", "))
		return
	case (a.Type == itsm.FieldChoice) != (len(a.Choices) > 0):
		c.fail(path+".choices", "goes_with", "type", string(itsm.FieldChoice), "value", string(a.Type))
		return
	case a.Kind != "" && a.Type != itsm.FieldReference:
		c.fail(path+".kind", "only_with", "type", string(itsm.FieldReference), "value", string(a.Type))
		return
	case a.Max < 0 || a.Max > itsm.MaxText:
		c.fail(path+".max", "range", "min", "0", "max", strconv.Itoa(itsm.MaxText), "value", strconv.Itoa(a.Max))
		return
	}
	for i, choice := range a.Choices {
		switch at := fmt.Sprintf("%s.choices[%d]", path, i); {
		case strings.TrimSpace(choice) == "":
			c.fail(at, "required")
		case slices.Contains(a.Choices[:i], choice):
			c.fail(at, "twice", "value", clip(choice))
		}
	}
	if err := a.field().Check(); err != nil { // nothing that the checks above know
		c.fail(path, "definition", "error", err.Error())
	}
}

// chain follows a class to its root.
func (c *compiler) chain(i int, x *Class) {
	at := fmt.Sprintf("classes[%d]", i)
	if x.Extends == "" {
		if !slices.Contains(x.Category.Choices(), string(x.Category)) {
			c.fail(at+".category", "choice", "value", clip(string(x.Category)), "allowed", strings.Join(x.Category.Choices(), ", "))
		}
		return
	}
	if x.Category != "" {
		c.fail(at+".category", "inherited", "want", "no category: "+x.Name+" has that of "+x.Extends)
	}
	path := []string{x.Name}
	for up := x; up.Extends != ""; {
		next := c.byName[up.Extends]
		if next == nil {
			if up == x { // the class further up reports it for itself
				c.fail(at+".extends", "unknown", "value", clip(x.Extends))
			}
			return
		}
		path = append(path, next.Name)
		switch {
		case next == x:
			c.fail(at+".extends", "cycle", "path", strings.Join(path, " → "))
			return
		case len(path) > maxDepth:
			if slices.Contains(path[:len(path)-1], next.Name) { // a cycle further up, which its own classes report
				return
			}
			c.fail(at+".extends", "too_deep", "max", strconv.Itoa(maxDepth))
			return
		}
		up = next
	}
}

// line returns the classes from the root to x.
func (c *compiler) line(x *Class) []*Class {
	line := []*Class{x}
	for x.Extends != "" {
		x = c.byName[x.Extends]
		line = append(line, x)
	}
	slices.Reverse(line)
	return line
}

// slots gives the unique attributes that have none the lowest slot that neither a class above nor one below has.
func (c *compiler) slots() {
	related := func(a, b *Class) bool {
		return slices.Contains(c.line(a), b) || slices.Contains(c.line(b), a)
	}
	list := c.model.classes
	for i := range list {
		for n := range list[i].Attributes {
			a := &list[i].Attributes[n]
			if !a.Unique || a.Slot != 0 {
				continue
			}
			var used [MaxUnique + 1]bool
			for o := range list {
				if !related(&list[i], &list[o]) {
					continue
				}
				for _, other := range list[o].Attributes {
					used[other.Slot] = true
				}
			}
			for slot := MaxUnique; slot > 0; slot-- {
				if !used[slot] {
					a.Slot = slot
				}
			}
			if a.Slot == 0 {
				c.fail(fmt.Sprintf("classes[%d].attributes[%d].unique", i, n), "too_many", "max", strconv.Itoa(MaxUnique),
					"want", "so many unique attributes along a line of classes")
			}
		}
	}
}

// resolve collects what a class inherits.
func (c *compiler) resolve(x *Class) *resolved {
	r := &resolved{class: *x}
	by, slots := map[string]string{}, map[int]string{}
	at := fmt.Sprintf("classes[%d]", slices.IndexFunc(c.model.classes, func(o Class) bool { return o.Name == x.Name }))
	for _, up := range c.line(x) {
		r.lineage = append(r.lineage, up.Name)
		r.holdsData = r.holdsData || up.HoldsData
		if up.Extends == "" {
			r.category = up.Category
		}
		for n, a := range up.Attributes {
			path := fmt.Sprintf("%s.attributes[%d]", at, n)
			if first, taken := by[a.Key]; taken {
				if up == x { // the classes below need not say it again
					c.fail(path+".key", "inherited", "value", a.Key, "from", first)
				}
				continue
			}
			if other := slots[a.Slot]; a.Slot != 0 && other != "" && up == x {
				c.fail(path+".slot", "taken", "value", strconv.Itoa(a.Slot), "by", other)
			}
			by[a.Key], slots[a.Slot] = up.Name, up.Name+"."+a.Key
			r.keys = append(r.keys, a.Key)
			r.attributes = append(r.attributes, inherited{AttributeDefinition: a, by: up.Name, field: a.field()})
		}
	}
	return r
}

const keyRule = "a lower-case letter, then lower-case letters, digits and '_', 40 at most"

func isKey(s string) bool {
	if s == "" || len(s) > 40 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// clip shortens a text of somebody else's for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
