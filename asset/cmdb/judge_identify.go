package cmdb

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// keyRuleName is how an identifier begins that is a source's own key.
const keyRuleName = "key"

// identifiers returns all by which an item may be recognised: the keys of its sources, and what each rule makes of the
// item and of each of its reports.
func (j *judge) identifiers(x *Item) []string {
	out := make([]string, 0, len(x.Identifiers))
	add := func(id string) {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	for i := range x.Reports {
		r := &x.Reports[i]
		for _, key := range r.Keys {
			add(keyOf(r.Source, key))
		}
		if r.Gone {
			continue
		}
		for n := range j.rules.Identify {
			add(j.identifier(n, x.Class, func(field string) string { return textOf(r.Values, field) }))
		}
	}
	own := func(field string) string {
		if i := textNumber(field); i >= 0 {
			return *texts[i].of(x)
		}
		return x.Specification.Text(field)
	}
	for n := range j.rules.Identify {
		add(j.identifier(n, x.Class, own))
	}
	slices.Sort(out)
	return out
}

// identifier returns what rule n makes of the fields of an item of a class, or "" if it does not recognise it.
func (j *judge) identifier(n int, class string, text func(field string) string) string {
	rule := &j.rules.Identify[n]
	if rule.Class != "" && !j.model.Is(class, rule.Class) {
		return ""
	}
	var b strings.Builder
	b.Grow(64)
	b.WriteString(rule.Name)
	for i, f := range rule.Fields {
		value := fold(text(f))
		if value == "" || j.ignored[n][value] {
			return ""
		}
		b.WriteByte("=/"[min(i, 1)])
		b.WriteString(strings.ReplaceAll(value, "/", "\\/"))
	}
	return short(b.String())
}

// identifying tells what the rules recognise an item of a class by.
func (j *judge) identifying(class string) string {
	var rules []string
	for _, rule := range j.rules.Identify {
		if rule.Class == "" || j.model.Is(class, rule.Class) {
			rules = append(rules, strings.Join(rule.Fields, " and "))
		}
	}
	return strings.Join(rules, ", or ")
}

// keyOf returns the identifier of a source's own key, "" without one.
func keyOf(source, key string) string {
	if key == "" {
		return ""
	}
	return short(keyRuleName + "=" + source + "/" + key)
}

// short replaces the end of an identifier that no index holds by its hash.
func short(s string) string {
	if len(s) <= itsm.MaxIndexed {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return strings.ToValidUTF8(s[:itsm.MaxIndexed-70], "") + "…" + hex.EncodeToString(sum[:])
}

// fold is a value as it is compared: sources do not agree on case.
func fold(s string) string {
	if s == itsm.Redacted {
		return ""
	}
	return strings.ToUpper(strings.TrimSpace(s))
}
