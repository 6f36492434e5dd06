package itsm

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/itsmkit/itsm/lifecycle"
)

// Declaration is everything that a kind is. The stores, the conformance suite, the permissions, the JSON and
// the description for screens are driven by it.
type Declaration[T any] struct {
	// Lifecycle says which action leads from which state to which. Every action is in one of its rules; one
	// that only edits has a rule that stays.
	Lifecycle *lifecycle.Lifecycle
	Actions   []Offer[T]
	// Indexes are those by which records are found and ordered, beside the ones that every kind has.
	Indexes []Indexed[T]
	Number  Numbering
	// Keyed names the lists whose elements have a key: they are kept sorted by it, and an event holds only
	// the elements that came, went or differ. Links and attributes are keyed always.
	Keyed []Keyed
	// Long names the texts (dotted paths) that hold up to MaxText bytes; all others hold MaxLine characters.
	Long []string
	// Max lowers the limit of single texts: characters, or bytes of a long one.
	Max map[string]int
	// Choices replaces the list of an enumeration, by dotted path, with the vendor's own.
	Choices map[string][]string
	// Search names the texts (dotted paths) that a text search looks into; the number always is.
	Search []string
	// Fields are the host's own fields of the records: their attributes.
	Fields []Field
	// Review gives the review clock within a record of a kind whose records are reviewed, see [ReviewClock].
	Review func(*T) *ReviewClock
	// Derive computes fields from others, after each action and before Validate.
	Derive func(*T, Moment)
	// Validate checks the record that an action made.
	Validate func(*T, *Checker)
	// Renamed maps the JSON Pointers of fields that had another name to the present ones, so that old events
	// still replay: {"/solution": "/resolution/text"}.
	Renamed map[string]string
	// Labels gives texts for people by key, where those made from the names do not do: see [Description].
	Labels map[string]string
}

// Numbering says how records of a kind are numbered: Prefix and digits, "INC0000042". The number is drawn by the
// action On, or by the opening action if On is "".
type Numbering struct {
	Prefix  string
	Digits  int // 7 if it is 0
	On      string
	GapFree bool // no number may be lost, as for invoices
}

// Keyed declares a list (dotted path) as keyed by fields of its elements, or, without By, by the elements.
type Keyed struct {
	List string
	By   []string
}

// Kind is the declaration of the records of type T, checked. It never changes and is safe for concurrent use.
type Kind[T any] struct {
	shape    *Shape
	declared Declaration[T]
	offers   map[string]*offer[T]
	review   func(*T) *ReviewClock
}

// offer is an action with what the kernel knows of its input.
type offer[T any] struct {
	Offer[T]
	input *plan
}

// NewKind declares the records of type T under a name, or returns everything that is wrong with the
// declaration. Both type arguments are inferred: NewKind("incident", Declaration[Incident]{…}).
func NewKind[T any, P Record[T]](name string, d Declaration[T]) (*Kind[T], error) {
	return newKind(name, d)
}

func newKind[T any](name string, d Declaration[T]) (*Kind[T], error) {
	var problems []error
	fail := func(err error) {
		if err != nil {
			problems = append(problems, fmt.Errorf("itsm: kind %s: %w", name, err))
		}
	}
	if !validName(name) {
		return nil, fmt.Errorf("itsm: kind %q: the name must be %s", name, nameRule)
	}
	if d.Lifecycle == nil {
		return nil, fmt.Errorf("itsm: kind %s: Declaration.Lifecycle is required", name)
	}
	p, err := newPlan(reflect.TypeFor[T]())
	if err != nil {
		return nil, fmt.Errorf("itsm: kind %s: %w", name, err)
	}
	k := &Kind[T]{declared: d, offers: map[string]*offer[T]{}, review: d.Review}
	k.shape = &Shape{
		name: name, plan: p, lifecycle: d.Lifecycle, number: d.Number, renamed: maps.Clone(d.Renamed),
		labels: maps.Clone(d.Labels), reviewed: d.Review != nil, parts: map[IndexName]part{},
		make: func() any { return new(T) },
		is:   func(rec any) bool { _, ok := rec.(*T); return ok },
	}
	s := k.shape
	fail(s.declareTexts(d.Keyed, d.Long, d.Max, d.Choices, d.Search))
	s.fields, err = newFieldSet(d.Fields)
	fail(err)
	for _, i := range standard[T]() {
		fail(s.declareIndex(i.index(nil)))
	}
	if d.Review != nil {
		fail(s.declareIndex(reviewDue(d.Review).index(nil)))
	}
	for _, i := range d.Indexes {
		if i == nil {
			fail(errors.New("an index is nil"))
			continue
		}
		fail(s.declareIndex(i.index(nil)))
	}
	for _, f := range s.fields {
		if f.Indexed || f.Unique {
			fail(s.declareIndex(indexDef{parts: []part{f.part()}, unique: f.Unique}))
		}
	}
	fail(k.declareActions(d.Actions))
	fail(s.declareNumber())
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return k, nil
}

// WithFields returns the kind with other declared attributes, for [Desk.Use].
func (k *Kind[T]) WithFields(fields ...Field) (*Kind[T], error) {
	d := k.declared
	d.Fields = fields
	return newKind(k.shape.name, d)
}

// Name returns the name of the kind.
func (k *Kind[T]) Name() string { return k.shape.name }

// Lifecycle returns the table of the kind's states and actions.
func (k *Kind[T]) Lifecycle() *lifecycle.Lifecycle { return k.shape.lifecycle }

// Fields returns the declared attributes.
func (k *Kind[T]) Fields() []Field { return k.shape.fields.clone() }

// Shape returns the kind without its type parameter, for those who store records.
func (k *Kind[T]) Shape() *Shape { return k.shape }

// Actions returns the names of the kind's actions, in the order of the lifecycle.
func (k *Kind[T]) Actions() []string { return k.shape.lifecycle.Actions() }

func (k *Kind[T]) declareActions(offers []Offer[T]) error {
	var problems []string
	for i := range offers {
		o := &offer[T]{Offer: offers[i]}
		if noAction(o.action) {
			problems = append(problems, "an action is nil")
			continue
		}
		name := o.action.Name()
		t := reflect.TypeOf(o.action)
		if t.Kind() != reflect.Struct {
			problems = append(problems, fmt.Sprintf("action %s: offer it as the zero value of a struct, not %s", name, t))
			continue
		}
		var err error
		if o.input, err = newPlan(t); err != nil {
			problems = append(problems, fmt.Sprintf("action %s: %s", name, err))
			continue
		}
		k.shape.describeInput(o.input)
		if slices.ContainsFunc(o.when, func(g Guard[T]) bool { return g == nil }) {
			problems = append(problems, fmt.Sprintf("action %s: a guard is nil", name))
		}
		if k.offers[name] != nil {
			problems = append(problems, fmt.Sprintf("action %s is offered twice", name))
		}
		k.offers[name] = o
		k.shape.actions = append(k.shape.actions, name)
	}
	for _, name := range k.shape.lifecycle.Actions() {
		if k.offers[name] == nil {
			problems = append(problems, fmt.Sprintf("action %s has a rule in the lifecycle but is not offered in Declaration.Actions", name))
		}
	}
	known := k.shape.lifecycle.Actions()
	for name := range k.offers {
		if !slices.Contains(known, name) {
			problems = append(problems, fmt.Sprintf("action %s is offered but no rule of the lifecycle has it", name))
		}
	}
	if len(problems) > 0 {
		slices.Sort(problems)
		return errors.New(strings.Join(problems, "; "))
	}
	return nil
}

// Decode reads the input of an action from JSON. It is strict: an unknown field, a field that occurs twice or
// a value of another type is a problem with its path, and all of them are returned together.
func (k *Kind[T]) Decode(action string, raw []byte) (Action[T], error) {
	o := k.offers[action]
	if o == nil {
		return nil, k.unknownAction(action)
	}
	v := reflect.New(o.input.typ).Elem()
	r := newReader(raw)
	if len(raw) > 0 {
		r.record(o.input.root, v)
	}
	if len(r.problems) > 0 {
		return nil, &ValidationError{Kind: k.shape.name, Action: action, Problems: r.problems}
	}
	return v.Interface().(Action[T]), nil
}

func (k *Kind[T]) unknownAction(name string) error {
	return &ValidationError{Kind: k.shape.name, Problems: []Problem{problem("action", "unknown",
		[]string{"value", clip(name), "allowed", strings.Join(k.shape.lifecycle.Actions(), ", ")})}}
}
