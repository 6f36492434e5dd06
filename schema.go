package itsm

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
)

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
	states       []string
	input, opens bool // an action's input, of one that opens a record
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
		if !w.input && slices.Contains(w.hide, at) {
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
		if n.is == isHeader && n.name == "state" {
			s.set("enum", w.states)
		}
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
		w.ref(&s)
	case isValue:
		w.ownValue(&s, n.typ)
	case isGroup, isOptional:
		w.object(&s, n.sub, path)
	case isList:
		of("array", "items", w.value(n.elem, path), "maxItems", maxList)
		if n.keyed {
			s.set("uniqueItems", true)
		}
	case isAttributes:
		if n.name != "attributes" { // others than the host's own: the kind says what they may be
			of("object")
			break
		}
		w.attributes(&s)
	}
	return s
}

// schemed is a type with its own JSON that tells the schema of it, as a JSON object.
type schemed interface{ JSONSchema() string }

// ownValue writes the schema of a type with its own JSON: nothing where nobody knows it.
func (w *schemaWriter) ownValue(s *Schema, t reflect.Type) {
	told, ok := reflect.Zero(t).Interface().(schemed)
	switch {
	case t == reflect.TypeFor[Duration](), t == reflect.TypeFor[Period]():
		s.set("type", "string")
		s.set("format", "duration")
	case ok:
		var members map[string]json.RawMessage
		if json.Unmarshal([]byte(told.JSONSchema()), &members) != nil {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(members)) {
			s.set(name, members[name])
		}
	case reflect.PointerTo(t).Implements(typeTexter) && !reflect.PointerTo(t).Implements(typeMarshaler):
		s.set("type", "string")
	}
}

// ref writes the schema of {"kind":…,"id":…}.
func (w *schemaWriter) ref(s *Schema) {
	var kind, id, properties Schema
	kind.set("type", "string")
	id.set("type", "string")
	id.set("format", "uuid")
	properties.set("kind", kind)
	properties.set("id", id)
	s.set("type", "object")
	s.set("properties", properties)
	s.set("required", []string{"kind", "id"})
	s.set("additionalProperties", false)
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
			w.ref(&p)
		default:
			p.set("type", "string")
			limit := f.Max
			if limit == 0 {
				limit = maxLine
			}
			if f.Indexed || f.Unique {
				limit = min(limit, maxIndexed)
			}
			p.set("maxLength", limit)
		}
		if f.Default != nil {
			p.set("default", f.Default)
		}
		properties.set(f.Key, p)
		if f.Required && w.opens { // a record may be older than the declaration, an action may change others
			required = append(required, f.Key)
		}
	}
	s.set("type", "object")
	s.set("properties", properties)
	s.set("required", required)
	s.set("additionalProperties", !w.input) // a record may hold what an earlier declaration had
}
