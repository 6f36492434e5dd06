package itsm

import (
	"context"
	"slices"

	"github.com/itsmkit/itsm/lifecycle"
)

// Description is everything that a screen, a form builder or a list of tools needs of a kind, as one JSON
// document.
type Description struct {
	Kind string `json:"kind"`
	// Record is the JSON Schema 2020-12 of a record. A field of a type with its own JSON has the schema that the type's
	// method JSONSchema() string returns, as a date and an amount of money do.
	Record   Schema              `json:"record"`
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
	for _, state := range s.lifecycle.States() {
		w.states = append(w.states, string(state))
	}
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
		w.prefix, w.input = s.name+".input."+name+".", true
		w.opens = a.Opens
		a.Input = w.document(k.offers[name].input.root)
		w.label("action", name)
		d.Actions = append(d.Actions, a)
	}
	for _, name := range s.order {
		if hiddenIndex(hide, name) {
			continue
		}
		p := s.parts[name]
		x := IndexDescription{Name: name, Type: p.typ, List: p.multi, Sparse: p.sparse}
		for _, def := range s.indexes {
			if len(def.parts) == 1 && def.parts[0].name == name {
				x.Unique = def.unique
			} else if len(def.parts) > 1 && def.parts[0].name == name && !slices.ContainsFunc(def.parts, func(p part) bool { return hiddenIndex(hide, p.name) }) {
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
		if _, shown := d.Labels[key]; shown || len(hide) == 0 {
			d.Labels[key] = text
		}
	}
	return d
}
