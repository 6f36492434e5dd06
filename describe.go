package itsm

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/itsmkit/itsm/lifecycle"
)

// Description is everything that a screen, a form builder or a list of tools needs of a kind, as one JSON
// document.
type Description struct {
	Kind     string              `json:"kind"`
	Record   Schema              `json:"record"` // JSON Schema 2020-12
	States   []StateDescription  `json:"states"`
	Actions  []ActionDescription `json:"actions"` // in the order of the lifecycle
	Rules    []lifecycle.Rule    `json:"rules"`   // the transitions
	Indexes  []IndexDescription  `json:"indexes"` // what a query may name
	Search   []string            `json:"search"`  // where a text search looks, beside the number
	Fields   []Field             `json:"fields"`  // the declared attributes
	Reviewed bool                `json:"reviewed,omitempty"`
	Numbers  string              `json:"numbers,omitempty"` // what a number looks like: INC0000001
	// Labels are texts for people by key: incident.state.on_hold, incident.field.resolution.code,
	// incident.action.resolve, incident.choice.impact.high. They are English; a translation has the same keys.
	Labels map[string]string `json:"labels"`
}

// StateDescription is a state and what can be done in it.
type StateDescription struct {
	Name    lifecycle.State `json:"name"`
	Final   bool            `json:"final,omitempty"`
	Actions []string        `json:"actions"`
}

// ActionDescription is an action with its input as a JSON Schema.
type ActionDescription struct {
	Name  string            `json:"name"`
	Opens bool              `json:"opens,omitempty"` // it opens a record
	From  []lifecycle.State `json:"from"`
	Input Schema            `json:"input"`
}

// IndexDescription is a value by which a query may select or order.
type IndexDescription struct {
	Name   IndexName `json:"name"`
	Type   ValueType `json:"type"`
	List   bool      `json:"list,omitempty"`   // gives no order
	Unique bool      `json:"unique,omitempty"` // no two records have the same value
	Sparse bool      `json:"sparse,omitempty"` // leaves out records without a value
	With   []string  `json:"with,omitempty"`   // orders that may be asked with conditions on this and others: "caller,created"
}

// Describe returns the description of the kind.
func (k *Kind[T]) Describe() Description { return k.describe(nil) }

// Describe returns the description of the desk's kind as the actor may see it: without hidden fields.
func (d *Desk[T]) Describe(ctx context.Context) (Description, error) {
	r, err := d.reading(ctx)
	if err != nil {
		return Description{}, err
	}
	return r.kind.describe(r.view.Hidden), nil
}

func (k *Kind[T]) describe(hide []string) Description {
	s := k.shape
	w := schemaWriter{kind: s.name, hide: hide, labels: map[string]string{}, fields: s.fields}
	d := Description{Kind: s.name, Rules: s.lifecycle.Rules(), Search: []string{}, Fields: []Field{}, Reviewed: s.reviewed, Labels: w.labels}
	w.prefix = s.name + ".field."
	d.Record = w.document(s.plan.root)
	for _, state := range s.lifecycle.States() {
		d.States = append(d.States, StateDescription{Name: state, Final: s.lifecycle.IsFinal(state), Actions: slices.Clone(s.lifecycle.Allowed(state))})
		w.label("state", string(state))
	}
	for _, name := range s.lifecycle.Actions() {
		a := ActionDescription{Name: name, Opens: s.lifecycle.Allows("", name), From: []lifecycle.State{}}
		for _, state := range s.lifecycle.States() {
			if s.lifecycle.Allows(state, name) {
				a.From = append(a.From, state)
			}
		}
		w.prefix = s.name + ".input." + name + "."
		a.Input = w.document(k.offers[name].input.root)
		w.label("action", name)
		d.Actions = append(d.Actions, a)
	}
	for _, name := range s.order {
		if hidden(hide, string(name)) {
			continue
		}
		p := s.parts[name]
		x := IndexDescription{Name: name, Type: p.typ, List: p.multi, Sparse: p.sparse}
		for _, def := range s.indexes {
			if len(def.parts) == 1 && def.parts[0].name == name {
				x.Unique = def.unique
			} else if len(def.parts) > 1 && def.parts[0].name == name {
				x.With = append(x.With, string(def.name()))
			}
		}
		w.label("index", string(name))
		d.Indexes = append(d.Indexes, x)
	}
	for _, n := range s.search {
		if !hidden(hide, n.dotted()) {
			d.Search = append(d.Search, n.dotted())
		}
	}
	for _, f := range s.fields {
		if !hidden(hide, "attributes."+f.Key) {
			d.Fields = append(d.Fields, f)
		}
	}
	if q := s.Sequence(); q.Prefix != "" {
		d.Numbers = q.Format(1)
	}
	for key, text := range s.labels {
		d.Labels[key] = text
	}
	return d
}

// Schema is a JSON Schema 2020-12. Its members keep the order of the fields, so that a form can follow it.
type Schema struct{ members []schemaMember }

type schemaMember struct {
	name  string
	value any
}

func (s *Schema) set(name string, value any) {
	s.members = append(s.members, schemaMember{name, value})
}

// MarshalJSON writes the members in their order.
func (s Schema) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, m := range s.members {
		if i > 0 {
			out = append(out, ',')
		}
		raw, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		out = append(append(appendString(out, m.name), ':'), raw...)
	}
	return append(out, '}'), nil
}

type schemaWriter struct {
	kind, prefix string
	hide         []string
	labels       map[string]string
	fields       fieldSet
}

// label adds the English text that a name reads as: "on_hold" is "On hold".
func (w *schemaWriter) label(what, name string) {
	w.labels[w.kind+"."+what+"."+name] = humanise(name)
}

func humanise(name string) string {
	name = name[strings.LastIndexByte(name, '.')+1:]
	text := strings.NewReplacer("_", " ", "-", " ").Replace(name)
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func (w *schemaWriter) document(f fields) Schema {
	var s Schema
	s.set("$schema", "https://json-schema.org/draft/2020-12/schema")
	w.object(&s, f, "")
	return s
}

func (w *schemaWriter) object(s *Schema, f fields, path string) {
	var properties Schema
	required := []string{}
	for _, n := range f.tree {
		at := join(path, n.name)
		if slices.Contains(w.hide, at) {
			continue
		}
		properties.set(n.name, w.value(n, at))
		if !n.omit {
			required = append(required, n.name)
		}
	}
	s.set("type", "object")
	s.set("properties", properties)
	s.set("required", required)
	s.set("additionalProperties", false)
}

func (w *schemaWriter) value(n *node, path string) Schema {
	var s Schema
	title := humanise(n.name)
	w.labels[w.prefix+path] = title
	s.set("title", title)
	of := func(t string, more ...any) {
		s.set("type", t)
		for i := 0; i+1 < len(more); i += 2 {
			s.set(more[i].(string), more[i+1])
		}
	}
	is := n.is
	if is == isHeader {
		is = headerKind(n)
		s.set("readOnly", true)
	}
	switch is {
	case isText:
		of("string", "maxLength", n.limit)
		if n.choices != nil {
			s.set("enum", n.choices)
			for _, c := range n.choices {
				w.labels[w.kind+".choice."+n.name+"."+c] = humanise(c)
			}
		}
	case isBool:
		of("boolean")
	case isInteger:
		of("integer")
	case isInstant:
		of("string", "format", "date-time")
	case isID:
		of("string", "format", "uuid")
	case isRef:
		var kind, id, properties Schema
		kind.set("type", "string")
		id.set("type", "string")
		id.set("format", "uuid")
		properties.set("kind", kind)
		properties.set("id", id)
		of("object", "properties", properties, "required", []string{"kind", "id"}, "additionalProperties", false)
	case isValue:
		if t := n.typ.Name(); t == "Duration" || t == "Period" {
			of("string", "format", "duration")
		}
	case isGroup, isOptional:
		w.object(&s, n.sub, path)
	case isList:
		of("array", "items", w.value(n.elem, path), "maxItems", maxList)
		if n.keyed {
			s.set("uniqueItems", true)
		}
	case isAttributes:
		w.attributes(&s)
	}
	return s
}

// headerKind returns what a field that the kernel writes is, for its schema.
func headerKind(n *node) nodeKind {
	switch n.typ {
	case typeTime:
		return isInstant
	case typeID:
		return isID
	}
	if n.name == "version" || n.name == "revision" {
		return isInteger
	}
	return isText
}

func (w *schemaWriter) attributes(s *Schema) {
	var properties Schema
	required := []string{}
	for _, f := range w.fields {
		if hidden(w.hide, "attributes."+f.Key) {
			continue
		}
		label := f.Label
		if label == "" {
			label = humanise(f.Key)
		}
		w.labels[w.kind+".attribute."+f.Key] = label
		var p Schema
		p.set("title", label)
		switch f.Type {
		case FieldNumber:
			p.set("type", "number")
		case FieldBoolean:
			p.set("type", "boolean")
		case FieldDate:
			p.set("type", "string")
			p.set("format", "date")
		case FieldInstant:
			p.set("type", "string")
			p.set("format", "date-time")
		case FieldChoice:
			p.set("type", "string")
			p.set("enum", f.Choices)
		case FieldReference:
			p.set("type", "object")
			p.set("required", []string{"kind", "id"})
		default:
			p.set("type", "string")
			limit := f.Max
			if limit == 0 {
				limit = maxLine
			}
			p.set("maxLength", limit)
		}
		if f.Default != nil {
			p.set("default", f.Default)
		}
		properties.set(f.Key, p)
		if f.Required {
			required = append(required, f.Key)
		}
	}
	s.set("type", "object")
	s.set("properties", properties)
	s.set("required", required)
	s.set("additionalProperties", false)
}
