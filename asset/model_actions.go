package asset

import (
	"fmt"
	"slices"

	"github.com/itsmkit/itsm"
)

// Define opens a class model.
type Define struct {
	Model   string  `json:"name"`
	Classes []Class `json:"classes"`
}

// Name returns "define".
func (Define) Name() string { return "define" }

// Apply checks the classes and takes them over as the first edition.
func (a Define) Apply(m *ClassModel, _ itsm.Moment) error {
	m.Name = a.Model
	return m.edit(a.Classes)
}

// Revise replaces all classes at once.
type Revise struct {
	Classes []Class `json:"classes"`
}

// Name returns "revise".
func (Revise) Name() string { return "revise" }

// Apply checks the classes and makes the next edition.
func (a Revise) Apply(m *ClassModel, _ itsm.Moment) error { return m.edit(a.Classes) }

// DeclareClass adds a class, or replaces the one of its name.
type DeclareClass struct {
	Class Class `json:"class"`
}

// Name returns "declare_class".
func (DeclareClass) Name() string { return "declare_class" }

// Apply makes the next edition.
func (a DeclareClass) Apply(m *ClassModel, _ itsm.Moment) error {
	classes := cloneClasses(m.Classes)
	if i := m.at(a.Class.Name); i >= 0 {
		classes[i] = a.Class
	} else {
		classes = append(classes, a.Class)
	}
	return m.edit(classes)
}

// DropClass removes a class that none extends. Assets that are of it stay as they are until they are reclassified; to
// keep the class for them and take no new ones close it instead.
type DropClass struct {
	Class string `json:"class"`
}

// Name returns "drop_class".
func (DropClass) Name() string { return "drop_class" }

// Apply makes the next edition.
func (a DropClass) Apply(m *ClassModel, _ itsm.Moment) error {
	i := m.at(a.Class)
	if i < 0 {
		return itsm.Invalid("class", "unknown", "value", clip(a.Class))
	}
	return m.edit(slices.Delete(cloneClasses(m.Classes), i, i+1))
}

// DeclareAttribute adds an attribute to a class, or replaces the one of its key.
type DeclareAttribute struct {
	Class     string              `json:"class"`
	Attribute AttributeDefinition `json:"attribute"`
}

// Name returns "declare_attribute".
func (DeclareAttribute) Name() string { return "declare_attribute" }

// Apply makes the next edition.
func (a DeclareAttribute) Apply(m *ClassModel, _ itsm.Moment) error {
	i := m.at(a.Class)
	if i < 0 {
		return itsm.Invalid("class", "unknown", "value", clip(a.Class))
	}
	classes := cloneClasses(m.Classes)
	list := &classes[i].Attributes
	if n := keyed(*list, a.Attribute.Key); n >= 0 {
		(*list)[n] = a.Attribute
	} else {
		*list = append(*list, a.Attribute)
	}
	return m.edit(classes)
}

// DropAttribute removes an attribute of a class. Assets keep the value until [Specify] removes it, and cannot change it.
type DropAttribute struct {
	Class string `json:"class"`
	Key   string `json:"key"`
}

// Name returns "drop_attribute".
func (DropAttribute) Name() string { return "drop_attribute" }

// Apply makes the next edition.
func (a DropAttribute) Apply(m *ClassModel, _ itsm.Moment) error {
	i := m.at(a.Class)
	if i < 0 {
		return itsm.Invalid("class", "unknown", "value", clip(a.Class))
	}
	classes := cloneClasses(m.Classes)
	n := keyed(classes[i].Attributes, a.Key)
	if n < 0 {
		return itsm.Invalid("key", "unknown", "value", clip(a.Key), "class", a.Class)
	}
	classes[i].Attributes = slices.Delete(classes[i].Attributes, n, n+1)
	return m.edit(classes)
}

// Withdraw takes the model out of use: assets are then validated by the standard one.
type Withdraw struct{}

// Name returns "withdraw".
func (Withdraw) Name() string { return "withdraw" }

// Apply has nothing to do.
func (Withdraw) Apply(*ClassModel, itsm.Moment) error { return nil }

// Restore takes a withdrawn model into use again.
type Restore struct{}

// Name returns "restore".
func (Restore) Name() string { return "restore" }

// Apply has nothing to do.
func (Restore) Apply(*ClassModel, itsm.Moment) error { return nil }

// edit takes classes over as the next edition. Unique attributes keep the slots that they have.
func (m *ClassModel) edit(classes []Class) error {
	classes = cloneClasses(classes)
	for i := range classes {
		for n := range classes[i].Attributes {
			a := &classes[i].Attributes[n]
			if a.Unique && a.Slot == 0 {
				a.Slot = m.slot(classes[i].Name, a.Key)
			}
		}
	}
	model, err := Compile(classes)
	if err != nil {
		return err
	}
	if err := m.keepsCategories(model, classes); err != nil {
		return err
	}
	m.Classes = model.Classes()
	m.Edition++
	return nil
}

// keepsCategories refuses another category for a class that is there: assets of it can do what they could.
func (m *ClassModel) keepsCategories(model *Model, classes []Class) error {
	if len(m.Classes) == 0 {
		return nil
	}
	before, err := Compile(m.Classes)
	if err != nil {
		return err
	}
	var problems []itsm.Problem
	for i, c := range classes {
		if was, is := before.Category(c.Name), model.Category(c.Name); was != "" && is != was && len(problems) < maxProblems {
			problems = append(problems, itsm.Problem{Path: fmt.Sprintf("classes[%d].category", i), Code: "fixed",
				Params: map[string]string{"class": c.Name, "value": string(is), "want": string(was)}})
		}
	}
	if len(problems) > 0 {
		return &itsm.ValidationError{Problems: problems}
	}
	return nil
}

func (m *ClassModel) at(class string) int {
	return slices.IndexFunc(m.Classes, func(c Class) bool { return c.Name == class })
}

// slot returns the slot that an attribute has in this edition, 0 if none.
func (m *ClassModel) slot(class, key string) int {
	if i := m.at(class); i >= 0 {
		if n := keyed(m.Classes[i].Attributes, key); n >= 0 {
			return m.Classes[i].Attributes[n].Slot
		}
	}
	return 0
}

func keyed(list []AttributeDefinition, key string) int {
	return slices.IndexFunc(list, func(a AttributeDefinition) bool { return a.Key == key })
}
