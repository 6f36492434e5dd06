package asset_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestBadModels(t *testing.T) {
	text := asset.AttributeDefinition{Key: "a", Type: itsm.FieldText}
	with := func(change func(*asset.AttributeDefinition)) []asset.Class {
		a := text
		change(&a)
		return []asset.Class{{Name: "x", Category: asset.Hardware, Attributes: []asset.AttributeDefinition{a}}}
	}
	many := func(n int) (list []asset.Class) {
		for i := range n {
			c := asset.Class{Name: fmt.Sprintf("c%d", i), Extends: fmt.Sprintf("c%d", i-1)}
			if i == 0 {
				c.Extends, c.Category = "", asset.Hardware
			}
			list = append(list, c)
		}
		return list
	}
	var five []asset.AttributeDefinition
	for i := range asset.MaxUnique + 1 {
		five = append(five, asset.AttributeDefinition{Key: fmt.Sprintf("u%d", i), Type: itsm.FieldText, Unique: true})
	}
	for name, c := range map[string]struct {
		classes []asset.Class
		want    string
	}{
		"none":             {nil, "classes: range"},
		"cycle of three":   {[]asset.Class{{Name: "a", Extends: "b"}, {Name: "b", Extends: "c"}, {Name: "c", Extends: "a"}}, "classes[0].extends: cycle (path a → b → c → a); classes[1].extends: cycle (path b → c → a → b)"},
		"itself":           {[]asset.Class{{Name: "a", Extends: "a"}}, "classes[0].extends: cycle (path a → a)"},
		"below a cycle":    {[]asset.Class{{Name: "z", Extends: "a"}, {Name: "a", Extends: "a"}}, "classes[1].extends: cycle"},
		"extends nothing":  {[]asset.Class{{Name: "a", Extends: "b"}}, `classes[0].extends: unknown (value b)`},
		"no category":      {[]asset.Class{{Name: "a"}}, "classes[0].category: choice"},
		"category again":   {[]asset.Class{{Name: "a", Category: asset.Hardware}, {Name: "b", Extends: "a", Category: asset.Software}}, "classes[1].category: inherited"},
		"name":             {[]asset.Class{{Name: "A b", Category: asset.Hardware}}, "classes[0].name: name"},
		"name twice":       {[]asset.Class{{Name: "a", Category: asset.Hardware}, {Name: "a", Category: asset.Hardware}}, "classes[1].name: twice"},
		"too deep":         {many(21), "classes[20].extends: too deep"},
		"key":              {with(func(a *asset.AttributeDefinition) { a.Key = "a.b" }), "attributes[0].key: name"},
		"type":             {with(func(a *asset.AttributeDefinition) { a.Type = "colour" }), "attributes[0].type: choice (allowed text, number, boolean, date, instant, choice, reference, value colour)"},
		"no choices":       {with(func(a *asset.AttributeDefinition) { a.Type = itsm.FieldChoice }), "attributes[0].choices: goes with (type choice"},
		"choices of texts": {with(func(a *asset.AttributeDefinition) { a.Choices = []string{"x"} }), "attributes[0].choices: goes with (type choice"},
		"choice twice":     {with(func(a *asset.AttributeDefinition) { a.Type, a.Choices = itsm.FieldChoice, []string{"x", "y", "x"} }), "attributes[0].choices[2]: twice (value x)"},
		"blank choice":     {with(func(a *asset.AttributeDefinition) { a.Type, a.Choices = itsm.FieldChoice, []string{"x", " "} }), "attributes[0].choices[1]: required"},
		"kind of a text":   {with(func(a *asset.AttributeDefinition) { a.Kind = "ci" }), "attributes[0].kind: only with (type reference"},
		"negative max":     {with(func(a *asset.AttributeDefinition) { a.Max = -1 }), "attributes[0].max: range"},
		"unique number":    {with(func(a *asset.AttributeDefinition) { a.Type, a.Unique = itsm.FieldNumber, true }), "unique: only with"},
		"long unique":      {with(func(a *asset.AttributeDefinition) { a.Max, a.Unique = 361, true }), "max: range"},
		"slot of no use":   {with(func(a *asset.AttributeDefinition) { a.Slot = 1 }), "slot: range"},
		"slot too high":    {with(func(a *asset.AttributeDefinition) { a.Unique, a.Slot = true, 5 }), "slot: range"},
		"key twice":        {[]asset.Class{{Name: "a", Category: asset.Hardware, Attributes: []asset.AttributeDefinition{text, text}}}, "attributes[1].key: twice"},
		"key inherited":    {[]asset.Class{{Name: "b", Extends: "a", Attributes: []asset.AttributeDefinition{text}}, {Name: "a", Category: asset.Hardware, Attributes: []asset.AttributeDefinition{text}}}, "classes[0].attributes[0].key: inherited (from a, value a)"},
		"too many uniques": {[]asset.Class{{Name: "a", Category: asset.Hardware, Attributes: five}}, "attributes[4].unique: too many"},
		"slot twice": {[]asset.Class{{Name: "a", Category: asset.Hardware, Attributes: []asset.AttributeDefinition{
			{Key: "a", Type: itsm.FieldText, Unique: true, Slot: 1}, {Key: "b", Type: itsm.FieldText, Unique: true, Slot: 1}}}}, "slot: taken (by a.a, value 1)"},
	} {
		_, err := asset.Compile(c.classes)
		require.ErrorIs(t, err, itsm.ErrInvalid, name)
		require.ErrorContains(t, err, c.want, name)
	}
	_, err := asset.Compile(many(20))
	require.NoError(t, err)
}

// forest draws classes that extend earlier ones, and the parents by which they do.
func forest(t *rapid.T) (list []asset.Class, parent []int) {
	n := rapid.IntRange(1, 8).Draw(t, "classes")
	for i := range n {
		c := asset.Class{Name: fmt.Sprintf("c%d", i)}
		up := rapid.IntRange(-1, i-1).Draw(t, "extends")
		if parent = append(parent, up); up < 0 {
			c.Category = rapid.SampledFrom([]asset.Category{asset.Hardware, asset.Licence}).Draw(t, "category")
		} else {
			c.Extends = list[up].Name
		}
		c.HoldsData = rapid.Bool().Draw(t, "data")
		for k := range rapid.IntRange(0, 2).Draw(t, "attributes") {
			a := asset.AttributeDefinition{Key: fmt.Sprintf("k%d_%d", i, k), Type: itsm.FieldText}
			a.Unique, a.Required = rapid.IntRange(0, 9).Draw(t, "unique") < 2, rapid.Bool().Draw(t, "required")
			c.Attributes = append(c.Attributes, a)
		}
		list = append(list, c)
	}
	return list, parent
}

// A compiled model against the definition of inheritance: walk up the parents.
func TestInheritance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list, parent := forest(t)
		m, err := asset.Compile(list)
		up := func(i int) (line []int) {
			for ; i >= 0; i = parent[i] {
				line = append([]int{i}, line...)
			}
			return line
		}
		if err != nil { // the one rule that a forest can break: a line, or what is below it, has too many unique ones
			require.ErrorContains(t, err, "too many")
			return
		}
		for i := range list {
			var keys, names []string
			data := false
			for _, c := range up(i) {
				names, data = append(names, list[c].Name), data || list[c].HoldsData
				for _, a := range list[c].Attributes {
					keys = append(keys, a.Key)
				}
			}
			var got []string
			slots := map[int]bool{}
			for _, a := range m.Attributes(list[i].Name) {
				got = append(got, a.Key)
				require.Equal(t, a.Unique, a.Slot > 0)
				require.False(t, a.Unique && slots[a.Slot], "two unique attributes of one asset have slots of their own")
				slots[a.Slot] = true
			}
			require.Equal(t, keys, got)
			require.Equal(t, names, m.Lineage(list[i].Name))
			require.Equal(t, data, m.HoldsData(list[i].Name))
			require.Equal(t, list[up(i)[0]].Category, m.Category(list[i].Name))
			for o := range list {
				require.Equal(t, slices.Contains(up(i), o), m.Is(list[i].Name, list[o].Name))
			}
		}
		again, err := asset.Compile(m.Classes())
		require.NoError(t, err)
		require.Equal(t, m, again, "what was compiled compiles to itself")
	})
}

// Check accepts exactly the values that the declarations allow, and its result is accepted unchanged.
func TestCheck(t *testing.T) {
	m, err := asset.Compile([]asset.Class{{Name: "a", Category: asset.Hardware, Attributes: []asset.AttributeDefinition{
		{Key: "colour", Type: itsm.FieldChoice, Choices: []string{"red", "blue"}},
		{Key: "count", Type: itsm.FieldNumber, Required: true},
		{Key: "code", Type: itsm.FieldText, Unique: true, Max: 4},
		{Key: "since", Type: itsm.FieldDate},
	}}})
	require.NoError(t, err)
	valid := map[string]map[string]bool{
		"colour": {`"red"`: true, `"green"`: false, "null": true, "1": false, "": true},
		"count":  {"12.50": true, `"12"`: false, "null": false, "1e99999": false, "": false},
		"code":   {`"ab"`: true, `"abcde"`: false, "null": true, "true": false, "": true, `""`: true, `" "`: true},
		"since":  {`"2026-02-28"`: true, `"2026-02-30"`: false, "null": true, `"soon"`: false, "": true},
		"other":  {`"x"`: false, "null": true, "": true},
	}
	rapid.Check(t, func(t *rapid.T) {
		var given itsm.Attributes
		var wrong []string
		for _, key := range []string{"code", "colour", "count", "other", "since"} {
			var raws []string
			for raw := range valid[key] {
				raws = append(raws, raw)
			}
			slices.Sort(raws)
			raw := rapid.SampledFrom(raws).Draw(t, key)
			if raw != "" {
				given = append(given, itsm.Attribute{Key: key, Value: raw})
			}
			if !valid[key][raw] {
				wrong = append(wrong, "specification."+key)
			}
		}
		checked, err := m.Check("a", given)
		if len(wrong) > 0 {
			var invalid *itsm.ValidationError
			require.ErrorAs(t, err, &invalid)
			var paths []string
			for _, p := range invalid.Problems {
				paths = append(paths, p.Path)
			}
			require.ElementsMatch(t, wrong, paths)
			return
		}
		require.NoError(t, err)
		again, err := m.Check("a", checked.Values)
		require.NoError(t, err)
		require.Equal(t, checked, again)
		code := given.Raw("code") == `"ab"`
		require.Equal(t, code, checked.Unique != [asset.MaxUnique]string{}, "a blank is no value that nobody else may have")
		require.Equal(t, code, checked.Values.Raw("code") != "")
	})
}

func TestEditions(t *testing.T) {
	d := newDepot(t, asset.Kind())
	m, err := d.models.Open(d.as("ann"), asset.Define{Model: "standard", Classes: asset.StandardClasses()})
	require.NoError(t, err)
	phone := func(imei string) asset.Register {
		return asset.Register{Asset: asset.Particulars{Title: "Phone", Class: "mobile", Specification: values(t, map[string]any{"imei": imei})}}
	}
	first := d.open(phone("356938035643809"))
	require.Equal(t, asset.Validated{Model: m.Ref(asset.ModelName), Edition: 1, HoldsData: true, Unique1: `mobile.imei="356938035643809"`}, first.Validated)
	_, err = d.desk.Open(d.as("ann"), phone("356938035643809"))
	require.ErrorIs(t, err, itsm.ErrDuplicate)

	change := func(a itsm.Action[asset.ClassModel]) {
		m, err = d.models.Do(d.as("ann"), m.ID, a)
		require.NoError(t, err)
	}
	change(asset.DeclareClass{Class: asset.Class{Name: "rugged", Extends: "mobile", Attributes: []asset.AttributeDefinition{{Key: "seal", Type: itsm.FieldText, Unique: true}}}})
	change(asset.DeclareAttribute{Class: "hardware", Attribute: asset.AttributeDefinition{Key: "colour", Type: itsm.FieldText, Required: true, Unique: true}})
	require.Equal(t, 3, m.Edition)
	model, err := m.Model()
	require.NoError(t, err)
	slots := map[string]int{}
	for _, a := range model.Attributes("rugged") {
		slots[a.Key] = a.Slot
	}
	require.Equal(t, map[string]int{"imei": 1, "seal": 2, "colour": 3, "phone_number": 0}, slots, "what had a slot keeps it")

	first = d.do(first, asset.CheckOut{To: "cleo"})
	require.Equal(t, 1, first.Validated.Edition, "what does not touch the specification does not ask the model")
	require.ErrorContains(t, d.refused(first, asset.Revalidate{}), "specification.colour: required (class hardware)")
	first = d.do(first, asset.Specify{Specification: values(t, map[string]any{"colour": "black"})})
	require.Equal(t, 3, first.Validated.Edition)
	require.Equal(t, `hardware.colour="black"`, first.Validated.Unique3)

	first = d.do(first, asset.Reclassify{Class: "rugged", Specification: values(t, map[string]any{"colour": "grey", "seal": "s1"})})
	require.ErrorContains(t, d.refused(first, asset.Reclassify{Class: "licence"}), "class: category (is licence, value licence, want hardware)")

	_, err = d.models.Do(d.as("ann"), m.ID, asset.DropClass{Class: "mobile"})
	require.ErrorContains(t, err, "extends: unknown", "another class extends it")
	change(asset.DropAttribute{Class: "hardware", Key: "colour"})
	first = d.do(first, asset.Revalidate{})
	require.Equal(t, "grey", first.Specification.Text("colour"), "what was declared once stays until somebody removes it")
	require.Empty(t, first.Validated.Unique3)
	first = d.do(first, asset.Specify{Specification: values(t, map[string]any{"seal": "s2"})})
	require.Equal(t, "grey", first.Specification.Text("colour"))
	require.ErrorContains(t, d.refused(first, asset.Specify{Specification: values(t, map[string]any{"colour": "red"})}), "specification.colour: undeclared")
	require.ErrorContains(t, d.refused(first, asset.Reclassify{Class: "mobile", Specification: values(t, map[string]any{"colour": "grey"})}), "specification.colour: undeclared")
	first = d.do(first, asset.Specify{Specification: values(t, map[string]any{"colour": nil})})
	require.Empty(t, first.Specification.Text("colour"))
	require.Empty(t, first.Validated.Unique3)

	change(asset.Withdraw{})
	require.ErrorContains(t, d.refused(first, asset.Revalidate{}), "class: unknown", "the standard classes count again")
	change(asset.Restore{})
	d.do(first, asset.Revalidate{})
}

// The classes of an edition can be read from the history for ever.
func TestEditionsAreKept(t *testing.T) {
	d := newDepot(t, asset.Kind())
	m, err := d.models.Open(d.as("ann"), asset.Define{Model: "standard", Classes: asset.StandardClasses()})
	require.NoError(t, err)
	then := d.now
	d.now = d.now.Add(time.Hour)
	_, err = d.models.Do(d.as("ann"), m.ID, asset.DropClass{Class: "desktop"})
	require.NoError(t, err)
	page, err := d.models.History(d.as("ann"), m.ID, itsm.PageRequest{})
	require.NoError(t, err)
	old, err := asset.ModelKind().Replay(page.Items, then)
	require.NoError(t, err)
	require.Equal(t, m, old)
}

// The category of a class decides what can be done with its assets: it is not changed under them.
func TestCategoriesStay(t *testing.T) {
	d := newDepot(t, asset.Kind())
	m, err := d.models.Open(d.as("ann"), asset.Define{Model: "standard", Classes: asset.StandardClasses()})
	require.NoError(t, err)
	x := d.open(laptop())
	moved := asset.Class{Name: "laptop", Extends: "consumable"}
	for _, a := range []itsm.Action[asset.ClassModel]{asset.DeclareClass{Class: moved}, asset.DeclareClass{Class: asset.Class{Name: "hardware", Category: asset.Consumable}}} {
		_, err = d.models.Do(d.as("ann"), m.ID, a)
		require.ErrorIs(t, err, itsm.ErrInvalid)
		require.ErrorContains(t, err, "category: fixed")
		require.ErrorContains(t, err, "class laptop")
	}
	for _, a := range []itsm.Action[asset.ClassModel]{asset.DropClass{Class: "laptop"}, asset.DeclareClass{Class: moved}} { // another class of the name
		m, err = d.models.Do(d.as("ann"), m.ID, a)
		require.NoError(t, err)
	}
	require.ErrorContains(t, d.refused(x, asset.Revalidate{}), "class: category (is consumable, value laptop, want hardware)")
	d.do(x, asset.Reclassify{Class: "desktop"})
}
