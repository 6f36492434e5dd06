package cmdb

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
)

// Content returns what people see of an item, by dotted paths: its class, its state, its texts, the asset that it is,
// what it needs, its specification ("specification.cores") and its attributes ("attributes.shelf"). Values are JSON; what
// is empty is left out. Baselines, differences and drift are made of it: reports, locks and identifiers are no part of
// it. An item that is retired or was merged has no content.
func (x *Item) Content() itsm.Attributes {
	if !x.isThere() {
		return nil
	}
	out := make(itsm.Attributes, 0, 4+len(texts)+len(x.Specification)+len(x.Attributes))
	add := func(key, value string) { out = append(out, itsm.Attribute{Key: key, Value: value}) }
	add("class", quoted(x.Class))
	add("state", quoted(string(x.State)))
	for i := range texts {
		if text := *texts[i].of(x); text != "" {
			add(texts[i].name, quoted(text))
		}
	}
	if !x.Asset.IsZero() {
		add("asset", quoted(x.Asset.String()))
	}
	if x.Needs != nil {
		add("needs", x.Needs.json())
	}
	return sorted(nested(nested(out, "specification.", x.Specification), "attributes.", x.Attributes))
}

// isThere tells whether the item is in use or planned.
func (x *Item) isThere() bool { return x.State != "" && x.State != Retired && x.State != Merged }

// Content returns what people see of a relation beside its type and its ends: its state, its weight (1 where none is
// set) and its attributes. A relation that ended has no content.
func (r *Relation) Content() itsm.Attributes {
	if r.State != Active {
		return nil
	}
	out := itsm.Attributes{{Key: "state", Value: quoted(string(r.State))}, {Key: "weight", Value: strconv.Itoa(max(r.Weight, 1))}}
	return sorted(nested(out, "attributes.", r.Attributes))
}

// bond names a relation whatever record it is.
type bond struct {
	source itsm.Ref
	name   string
	target itsm.Ref
}

func (r *Relation) bond() bond { return bond{r.Source, r.Type, r.Target} }

func (b bond) compare(o bond) int {
	for _, c := range [...]int{compareRefs(b.source, o.source), strings.Compare(b.name, o.name), compareRefs(b.target, o.target)} {
		if c != 0 {
			return c
		}
	}
	return 0
}

func compareRefs(a, b itsm.Ref) int {
	if a.Kind != b.Kind {
		return strings.Compare(a.Kind, b.Kind)
	}
	return bytes.Compare(a.ID[:], b.ID[:])
}

func nested(out itsm.Attributes, prefix string, more itsm.Attributes) itsm.Attributes {
	for _, a := range more {
		out = append(out, itsm.Attribute{Key: prefix + a.Key, Value: a.Value})
	}
	return out
}

func sorted(a itsm.Attributes) itsm.Attributes {
	slices.SortFunc(a, func(a, b itsm.Attribute) int { return strings.Compare(a.Key, b.Key) })
	return a
}

// json writes needs; none at all is a need for every input.
func (n *OwnNeeds) json() string {
	if len(n.Of) == 0 {
		return "[]"
	}
	raw, err := json.Marshal(n.Of)
	if err != nil {
		return "[]" // texts and numbers have JSON always
	}
	return string(raw)
}

// quoted returns a text as JSON in its one form.
func quoted(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' }) < 0 {
		return `"` + s + `"`
	}
	a, err := itsm.AttributesOf(map[string]any{"": s})
	if err != nil {
		return `""` // no record holds such a text
	}
	return a[0].Value
}

// reachesContent tells whether an event may change what people see, and not only what sources said and what is made of it.
func reachesContent(e *itsm.Event) bool {
	if e.From != e.To {
		return true
	}
	return slices.ContainsFunc(e.Changes, func(c itsm.Change) bool {
		return !slices.ContainsFunc(unseen, func(prefix string) bool { return strings.HasPrefix(c.Path, prefix) })
	})
}

var unseen = []string{"/reports/", "/says/", "/identifiers/", "/locks/", "/validated/", "/links/"}
