package asset

import (
	"context"
	"reflect"
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// ModelName is the name of the kind of class models.
const ModelName = "asset_class_model"

// ClassModel is the record of a set of classes. Each action that changes a class makes another edition, whose classes
// as they were can be read from the record's history.
type ClassModel struct {
	itsm.Header
	Name    string  `json:"name"` // "standard" is the one that [Facts] looks for unless told otherwise
	Edition int     `json:"edition"`
	Classes []Class `json:"classes"`
}

// The states of a class model.
const (
	InUse     lifecycle.State = "in_use"
	Withdrawn lifecycle.State = "withdrawn"
)

// ModelByName finds the class model of a name.
var ModelByName = itsm.Text("name", func(m *ClassModel) string { return m.Name }).Unique()

// ModelRules returns the lifecycle of a class model as a table.
func ModelRules() []lifecycle.Rule {
	used, all := []lifecycle.State{InUse}, []lifecycle.State{InUse, Withdrawn}
	return []lifecycle.Rule{
		{On: "define", From: []lifecycle.State{""}, To: InUse},
		{On: "revise", From: used, Stay: true},
		{On: "declare_class", From: used, Stay: true},
		{On: "drop_class", From: used, Stay: true},
		{On: "declare_attribute", From: used, Stay: true},
		{On: "drop_attribute", From: used, Stay: true},
		{On: "withdraw", From: used, To: Withdrawn},
		{On: "restore", From: []lifecycle.State{Withdrawn}, To: InUse},
		{On: "comment", From: all, Stay: true},
	}
}

var modelKind = sync.OnceValue(func() *itsm.Kind[ClassModel] {
	l, err := lifecycle.New(ModelRules())
	if err != nil {
		panic(err) // the table above is a constant, and a test makes it
	}
	k, err := itsm.NewKind(ModelName, itsm.Declaration[ClassModel]{
		Lifecycle: l,
		Actions: []itsm.Offer[ClassModel]{itsm.Do(Define{}), itsm.Do(Revise{}), itsm.Do(DeclareClass{}), itsm.Do(DropClass{}),
			itsm.Do(DeclareAttribute{}), itsm.Do(DropAttribute{}), itsm.Do(Withdraw{}), itsm.Do(Restore{}), itsm.Do(itsm.Comment[ClassModel]{})},
		Indexes: []itsm.Indexed[ClassModel]{ModelByName},
		Number:  itsm.Numbering{Prefix: "ACM"},
		Keyed:   []itsm.Keyed{{List: "classes", By: []string{"name"}}},
		Max:     map[string]int{"name": 100},
		Validate: func(m *ClassModel, c *itsm.Checker) {
			c.Required(m.Name, "name")
		},
	})
	if err != nil {
		panic(err) // the declaration is a constant, and a test makes it
	}
	return k
})

// ModelKind returns the kind of class models. It is made once, on first use.
func ModelKind() *itsm.Kind[ClassModel] { return modelKind() }

// Model returns the classes of the record, checked.
func (m *ClassModel) Model() (*Model, error) {
	model, err := Compile(m.Classes)
	if err != nil {
		return nil, err
	}
	model.Of, model.Edition = m.Ref(ModelName), m.Edition
	return model, nil
}

var standardModel = sync.OnceValue(func() *Model {
	m, err := Compile(StandardClasses())
	if err != nil {
		panic(err) // the classes are constants, and a test makes them
	}
	return m
})

// StandardModel returns [StandardClasses] as a model. Its edition is 0.
func StandardModel() *Model { return standardModel() }

// RefreshModel returns the model of a name that is in use in the scope's tenant, or [StandardModel] if there is none. A
// caller that has the model from before gets the same one back, and nothing is compiled, where it has not changed since;
// have may be nil.
func RefreshModel(ctx context.Context, r itsm.Repository[ClassModel], in itsm.Scope, name string, have *Model) (*Model, error) {
	q := itsm.Where(ModelByName.Is(name))
	page, err := r.Find(ctx, in, q, itsm.PageRequest{Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(page.Items) == 0 || page.Items[0].State != InUse {
		return StandardModel(), nil
	}
	found := page.Items[0]
	if have != nil && have.Of == found.Ref(ModelName) && have.Edition == found.Edition && reflect.DeepEqual(have.classes, found.Classes) {
		return have, nil // the edition alone does not tell: one that was rolled back may come again
	}
	return found.Model()
}
