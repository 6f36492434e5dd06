package cmdb

import (
	"cmp"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// Evidence is that a rule found an item.
type Evidence struct {
	Rule string   `json:"rule"` // its name, or "key" for the source's own key
	Item itsm.Ref `json:"item"`
}

// Why a person must decide.
const (
	WhySeveral  = "several"  // a rule finds several items
	WhyDisputed = "disputed" // two rules find different items
	WhyDiffers  = "differs"  // the item that a rule finds is another one by a rule before it
	WhyClass    = "class"    // the item is of a class that has nothing to do with the row's
)

// traits are what a row is recognised by.
type traits struct {
	class string   // "": it is not known, and does not count
	key   string   // the identifier of the source's own key, "" without one
	rules []string // the identifier that each rule makes, in order; "": it does not recognise the row
}

// verdict is what the rules say of a row.
type verdict struct {
	item  *Item  // nil: there is none, or a person must decide
	by    string // the rule that found it
	why   string // a person must decide
	found []Evidence
}

// traitsOf returns what a row is recognised by.
func (j *judge) traitsOf(source, class, key string, values itsm.Attributes) traits {
	t := traits{class: class, key: keyOf(source, key), rules: make([]string, len(j.rules.Identify))}
	for n := range t.rules {
		t.rules[n] = j.identifier(n, class, func(field string) string { return textOf(values, field) })
	}
	return t
}

// each yields the identifiers of a row in the order in which they are asked.
func (t *traits) each(yield func(id string) bool) {
	if t.key != "" && !yield(t.key) {
		return
	}
	for _, id := range t.rules {
		if id != "" && !yield(id) {
			return
		}
	}
}

// isEmpty tells that nothing recognises the row, neither now nor the next time.
func (t *traits) isEmpty() bool {
	for range t.each {
		return false
	}
	return true
}

// recognise asks the rules in order: the source's own key, then those of the reconciliation. The first that finds one
// item decides, unless another one finds another item.
func (j *judge) recognise(t *traits, find func(identifier string) []*Item) verdict {
	var v verdict
	if t.key != "" {
		v.take(keyRuleName, present(find(t.key)))
	}
	for n, id := range t.rules {
		if id == "" || j.rules.Identify[n].Weak && len(v.found) > 0 {
			continue
		}
		items := find(id)
		if v.item == nil && v.why == "" {
			items = j.same(&v, t, n, present(items))
		}
		v.take(j.rules.Identify[n].Name, items)
	}
	if v.why == "" && v.item != nil && t.class != "" && !j.model.Is(t.class, v.item.Class) && !j.model.Is(v.item.Class, t.class) {
		v.why = WhyClass
	}
	if v.why != "" {
		v.item, v.by = nil, ""
	}
	return v
}

// present leaves the retired ones out of several items, unless all are: the name of a machine that went is given to the next.
func present(items []*Item) []*Item {
	if len(items) < 2 || !slices.ContainsFunc(items, (*Item).isThere) {
		return items
	}
	return slices.DeleteFunc(slices.Clone(items), func(x *Item) bool { return !x.isThere() })
}

// take adds what a rule found.
func (v *verdict) take(rule string, items []*Item) {
	if len(items) == 0 {
		return
	}
	for _, x := range items {
		v.found = append(v.found, Evidence{rule, x.Ref(ItemName)})
	}
	switch {
	case v.why != "":
	case v.item != nil:
		if !slices.ContainsFunc(items, func(x *Item) bool { return x.ID == v.item.ID }) {
			v.why = WhyDisputed
		}
	case len(items) > 1:
		v.why = WhySeveral
	default:
		v.item, v.by = items[0], rule
	}
}

// same looks at the items that rule n found, where nothing did before it, for those that a rule before it tells apart
// from the row: it recognises both, and they do not agree. A weak rule does not mean them.
func (j *judge) same(v *verdict, t *traits, n int, items []*Item) []*Item {
	var kept []*Item
	for i, x := range items {
		if !j.tellsApart(t, n, x) {
			if kept != nil {
				kept = append(kept, x)
			}
			continue
		}
		if !j.rules.Identify[n].Weak {
			v.why = WhyDiffers
			return items
		}
		if kept == nil {
			kept = append(make([]*Item, 0, len(items)), items[:i]...)
		}
	}
	if kept == nil {
		return items
	}
	return kept
}

// tellsApart tells whether a rule before rule n recognises both the row and an item, and not as the same.
func (j *judge) tellsApart(t *traits, n int, x *Item) bool {
	for m, id := range t.rules[:n] {
		if id == "" || j.rules.Identify[m].Weak {
			continue
		}
		prefix := j.rules.Identify[m].Name + "="
		if slices.ContainsFunc(x.Identifiers, func(other string) bool { return strings.HasPrefix(other, prefix) }) &&
			!slices.Contains(x.Identifiers, id) {
			return true
		}
	}
	return false
}

// read returns the claims of a row in their one form, sorted. Those of a plain row are read by the type of their
// attribute first.
func (j *judge) read(class string, values itsm.Attributes, plain bool) (itsm.Attributes, error) {
	if plain {
		values = j.typed(class, values)
	}
	out, err := j.claims(class, values)
	byKey := func(a, b itsm.Attribute) int { return cmp.Compare(a.Key, b.Key) }
	if err == nil && !slices.IsSortedFunc(out, byKey) {
		slices.SortFunc(out, byKey)
	}
	return out, err
}

// typed returns values that are texts throughout as those of the attributes of a class.
func (j *judge) typed(class string, values itsm.Attributes) itsm.Attributes {
	var out itsm.Attributes
	for i, v := range values {
		if isText(v.Key) || len(v.Value) < 2 || v.Value[0] != '"' {
			continue
		}
		text := values[i : i+1].Text(v.Key)
		switch j.model.TypeOf(class, v.Key) {
		case itsm.FieldNumber, itsm.FieldReference:
		case itsm.FieldBoolean:
			text = strings.ToLower(text)
		default:
			continue
		}
		if _, err := j.model.Canonical(class, v.Key, text); err != nil {
			continue // the text stays, for the error to show it
		}
		if out == nil {
			out = slices.Clone(values)
		}
		out[i].Value = text
	}
	if out == nil {
		return values
	}
	return out
}
