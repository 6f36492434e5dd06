package asset

import (
	"slices"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
)

// Model is a set of classes, checked. It never changes and is safe for concurrent use.
type Model struct {
	Of       itsm.Ref // the record that holds the classes; zero for the standard ones
	Edition  int      // the edition of that record; 0 for the standard ones
	classes  []Class  // by name
	resolved map[string]*resolved
}

// resolved is a class with what it inherits.
type resolved struct {
	class      Class
	lineage    []string // from the root to the class
	category   Category
	holdsData  bool
	attributes []inherited // the root's first
	keys       []string    // of attributes
}

type inherited struct {
	AttributeDefinition
	by    string // the class that declares it
	field itsm.Field
}

// Limits of a model.
const (
	maxClasses    = 2_000
	maxAttributes = 200 // of one class
	maxDepth      = 20  // classes from the root to the last
)

// Compile checks classes and returns them as a model, or an [itsm.ValidationError] with everything that is wrong. It
// keeps nothing of what it is given.
func Compile(classes []Class) (*Model, error) {
	c := compiler{byName: map[string]*Class{}, model: &Model{resolved: map[string]*resolved{}}}
	c.model.classes = cloneClasses(classes)
	list := c.model.classes
	if len(list) == 0 || len(list) > maxClasses {
		c.fail("classes", "range", "min", "1", "max", strconv.Itoa(maxClasses), "value", strconv.Itoa(len(list)))
		return nil, c.err()
	}
	for i := range list {
		c.declare(i, &list[i])
	}
	if len(c.problems) > 0 {
		return nil, c.err()
	}
	for i := range list {
		c.chain(i, &list[i])
	}
	if len(c.problems) > 0 {
		return nil, c.err()
	}
	c.slots()
	for i := range list {
		c.model.resolved[list[i].Name] = c.resolve(&list[i])
	}
	if len(c.problems) > 0 {
		return nil, c.err()
	}
	slices.SortFunc(list, func(a, b Class) int { return strings.Compare(a.Name, b.Name) })
	return c.model, nil
}

// Classes returns all classes by name, with the slots of their unique attributes.
func (m *Model) Classes() []Class { return cloneClasses(m.classes) }

// Class returns a class, or false if there is none of the name.
func (m *Model) Class(name string) (Class, bool) {
	r := m.resolved[name]
	if r == nil {
		return Class{}, false
	}
	return cloneClasses([]Class{r.class})[0], true
}

// Category returns the category of a class, "" for one that does not exist.
func (m *Model) Category(class string) Category {
	if r := m.resolved[class]; r != nil {
		return r.category
	}
	return ""
}

// Lineage returns the names of the classes from the root to the class, nil for one that does not exist.
func (m *Model) Lineage(class string) []string {
	if r := m.resolved[class]; r != nil {
		return slices.Clone(r.lineage)
	}
	return nil
}

// Is tells whether a class is, or extends at whatever distance, another one.
func (m *Model) Is(class, ancestor string) bool {
	r := m.resolved[class]
	return r != nil && slices.Contains(r.lineage, ancestor)
}

// HoldsData tells whether assets of the class hold data that is to be wiped.
func (m *Model) HoldsData(class string) bool {
	r := m.resolved[class]
	return r != nil && r.holdsData
}

// Attributes returns the attributes of a class with those that it inherits, which come first.
func (m *Model) Attributes(class string) []AttributeDefinition {
	r := m.resolved[class]
	if r == nil {
		return nil
	}
	out := make([]AttributeDefinition, len(r.attributes))
	for i, a := range r.attributes {
		out[i] = a.AttributeDefinition
		out[i].Choices = slices.Clone(a.Choices)
	}
	return out
}

// Keys returns the keys of the attributes of a class, inherited ones first; nil for one that does not exist. The slice is
// shared: do not write to it.
func (m *Model) Keys(class string) []string {
	if r := m.resolved[class]; r != nil {
		return r.keys
	}
	return nil
}

// Canonical returns the one form of a value of an attribute of a class, given as JSON, or an [itsm.ValidationError] of
// the path "specification.…".
func (m *Model) Canonical(class, key, value string) (string, error) {
	r := m.resolved[class]
	if r == nil {
		return "", itsm.Invalid("class", "unknown", "value", clip(class), "allowed", m.open())
	}
	for i := range r.attributes {
		if r.attributes[i].Key != key {
			continue
		}
		out, err := r.attributes[i].field.Canonical(value)
		if err != nil {
			return "", &itsm.ValidationError{Problems: ofSpecification(err)}
		}
		return out, nil
	}
	return "", itsm.Invalid("specification."+clip(key), "undeclared", "class", class, "allowed", strings.Join(r.keys, ", "))
}

// TypeOf returns the type of an attribute of a class, "" for one that the class does not have.
func (m *Model) TypeOf(class, key string) itsm.FieldType {
	if r := m.resolved[class]; r != nil {
		for i := range r.attributes {
			if r.attributes[i].Key == key {
				return r.attributes[i].Type
			}
		}
	}
	return ""
}

// open returns the classes that an asset can be of.
func (m *Model) open() string {
	var out []string
	for _, c := range m.classes {
		if !c.Abstract && !c.Closed {
			out = append(out, c.Name)
		}
	}
	return strings.Join(out, ", ")
}

func cloneClasses(list []Class) []Class {
	out := slices.Clone(list)
	for i := range out {
		out[i].Attributes = slices.Clone(out[i].Attributes)
		for n := range out[i].Attributes {
			out[i].Attributes[n].Choices = slices.Clone(out[i].Attributes[n].Choices)
		}
	}
	return out
}
