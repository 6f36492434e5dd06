package cmdb

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// Manual is the source of what people enter. Unless a [Reconciliation] lists it elsewhere it is trusted most.
const Manual = "manual"

// Reconciliation says how items are recognised and whom to believe. It is data: a host keeps it where it likes and may
// change it at any time; an item follows at its next action.
//
// What several sources say of one item gives the same fields in whatever order they report. Where two share nothing that
// identifies, only a third that has both makes them one: if it comes first there is one item, if it comes last there are two,
// and a [Candidate] for a person to merge them.
type Reconciliation struct {
	// Identify are the rules by which an item is recognised, asked in order. [StandardIdentification] is the usual list.
	Identify []Identification `json:"identify"`
	// Sources are those that may report, the most trusted first.
	Sources []Source `json:"sources"`
	// Precedence changes the order for some fields and classes; the first that fits counts.
	Precedence []Precedence `json:"precedence,omitempty"`
}

// Source is something that reports items: a discovery tool, an import.
type Source struct {
	Name string `json:"name"`
	// Stale is how long a source may be silent about an item before what it said gives way to any source that is not
	// stale; 0: for ever.
	Stale itsm.Duration `json:"stale,omitempty"`
	// Refresh is how old a report is before it is noted that the source still says the same; 0: a quarter of Stale, or a
	// day where that is 0.
	Refresh itsm.Duration `json:"refresh,omitempty"`
}

// Precedence orders sources for some fields of a class and of those that extend it.
type Precedence struct {
	Class   string   `json:"class,omitempty"`  // "": every class
	Fields  []string `json:"fields,omitempty"` // none: every field
	Sources []string `json:"sources"`          // the most trusted first; those not named come behind, in their usual order
}

// Identification is a rule by which items are recognised: two that agree in all its fields are the same. An item without
// one of them is not recognised by it. Case and surrounding space do not count. A retired item is meant only where no other
// one agrees.
type Identification struct {
	Name   string   `json:"name"` // a name: lower-case letters, digits, '_'
	Fields []string `json:"fields"`
	Class  string   `json:"class,omitempty"` // asked only of items of the class; "": of all
	// Ignore lists values that identify nothing, whatever their case, such as the serial number "None".
	Ignore []string `json:"ignore,omitempty"`
	// Weak says that what the rule finds moves from one item to another, as addresses do. It counts only where no rule
	// before it found anything, and an item that a rule before it tells apart is not meant.
	Weak bool `json:"weak,omitempty"`
}

// StandardIdentification returns the usual rules: the serial number, then host name and domain, then, weakly, the
// address.
func StandardIdentification() []Identification {
	return []Identification{
		{Name: "serial", Fields: []string{"serial"}, Ignore: []string{"0", "none", "n/a", "unknown", "not specified", "to be filled by o.e.m.", "default string",
			"system serial number", "not applicable", "serial number"}},
		{Name: "host", Fields: []string{"host", "domain"}, Ignore: []string{"localhost"}},
		{Name: "address", Fields: []string{"address"}, Weak: true, Ignore: []string{"0.0.0.0", "127.0.0.1", "::", "::1"}},
	}
}

// maxSources is how many sources may report; a record holds a report of each.
const maxSources = 50

// Check returns everything that is wrong as an [itsm.ValidationError], or nil.
func (r Reconciliation) Check() error {
	var c problemList
	names := map[string]bool{}
	for i, s := range r.Sources {
		at := fmt.Sprintf("sources[%d]", i)
		c.check(isName(s.Name), at+".name", "name", "value", clip(s.Name), "want", nameRule)
		c.check(!names[s.Name], at+".name", "twice", "value", clip(s.Name))
		c.check(s.Stale >= 0, at+".stale", "negative")
		c.check(s.Refresh >= 0, at+".refresh", "negative")
		c.check(s.Name != Manual || s.Stale == 0, at+".stale", "manual_is_never_stale")
		names[s.Name] = true
	}
	c.check(len(r.Sources) <= maxSources, "sources", "too_many", "max", fmt.Sprint(maxSources))
	names[Manual] = true
	for i, p := range r.Precedence {
		at := fmt.Sprintf("precedence[%d]", i)
		c.check(len(p.Sources) > 0, at+".sources", "required")
		for n, s := range p.Sources {
			c.check(names[s], fmt.Sprintf("%s.sources[%d]", at, n), "unknown", "value", clip(s), "allowed", allowed(names))
			c.check(!slices.Contains(p.Sources[:n], s), fmt.Sprintf("%s.sources[%d]", at, n), "twice", "value", clip(s))
		}
	}
	rules := map[string]bool{}
	for i, f := range r.Identify {
		at := fmt.Sprintf("identify[%d]", i)
		c.check(isName(f.Name), at+".name", "name", "value", clip(f.Name), "want", nameRule)
		c.check(!rules[f.Name] && f.Name != keyRuleName, at+".name", "twice", "value", clip(f.Name))
		c.check(len(f.Fields) > 0, at+".fields", "required")
		for n, field := range f.Fields {
			c.check(field != "" && !slices.Contains(f.Fields[:n], field), fmt.Sprintf("%s.fields[%d]", at, n), "twice", "value", clip(field))
		}
		rules[f.Name] = true
	}
	return c.err()
}

const nameRule = "a lower-case letter, then lower-case letters, digits and '_', 40 at most"

func isName(s string) bool {
	if s == "" || len(s) > 40 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' }) < 0
}

func allowed(names map[string]bool) string { return list(slices.Sorted(maps.Keys(names))) }

func list(names []string) string { return strings.Join(names, ", ") }

// clip shortens a text of somebody else's for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// problemList collects what is wrong.
type problemList []itsm.Problem

func (l *problemList) check(ok bool, path, code string, params ...string) {
	if ok || len(*l) >= 100 {
		return
	}
	p := itsm.Problem{Path: path, Code: code}
	for i := 0; i+1 < len(params); i += 2 {
		if p.Params == nil {
			p.Params = map[string]string{}
		}
		p.Params[params[i]] = params[i+1]
	}
	*l = append(*l, p)
}

// takeOver adds the problems of another check, as values of a report.
func (l *problemList) takeOver(err error) {
	var invalid *itsm.ValidationError
	if !errors.As(err, &invalid) {
		l.check(false, "values", "invalid", "error", err.Error())
		return
	}
	for _, p := range invalid.Problems {
		if _, field, ok := strings.Cut(p.Path, "."); ok { // of a specification or of attributes
			p.Path = "values." + field
		}
		*l = append(*l, p)
	}
}

func (l problemList) err() error {
	if len(l) == 0 {
		return nil
	}
	return &itsm.ValidationError{Problems: l}
}
