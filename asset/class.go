package asset

import (
	"slices"

	"github.com/itsmkit/itsm"
)

// Category is what an asset is at the root of all classes. It decides what can be done with it.
type Category string

// The categories.
const (
	Hardware     Category = "hardware"     // one thing, handed out and taken back
	Software     Category = "software"     // an installation
	Licence      Category = "licence"      // the right to use software, with terms
	Subscription Category = "subscription" // a right that ends with its term
	Consumable   Category = "consumable"   // counted stock, used up
	// Configuration is what only configuration management knows: a service, an application, a database. No asset is
	// of it, and items of the CMDB are of classes of every category.
	Configuration Category = "configuration"
)

// Choices returns the categories for a pick box.
func (Category) Choices() []string {
	return []string{string(Hardware), string(Software), string(Licence), string(Subscription), string(Consumable), string(Configuration)}
}

// grants tells whether assets of the category are rights to use something.
func (c Category) grants() bool { return c == Licence || c == Subscription }

// Class declares a sort of asset. It has the attributes of the class that it extends, and of all that that one
// extends, beside its own.
type Class struct {
	Name     string   `json:"name"` // a lower-case letter, then lower-case letters, digits and '_'
	Label    string   `json:"label,omitempty"`
	Extends  string   `json:"extends,omitempty"`  // the class that it is a special case of
	Category Category `json:"category,omitempty"` // of a class that extends none; the others inherit it
	Abstract bool     `json:"abstract,omitempty"` // no asset is of this class itself, only of those that extend it
	Closed   bool     `json:"closed,omitempty"`   // takes no new assets; those that are there stay
	// HoldsData makes the evidence that data was wiped a condition of the disposal. It is inherited.
	HoldsData  bool                  `json:"holds_data,omitempty"`
	Attributes []AttributeDefinition `json:"attributes,omitempty"`
}

// AttributeDefinition declares one attribute of a class: see [itsm.Field] for the types and their JSON.
type AttributeDefinition struct {
	Key      string         `json:"key"` // a lower-case letter, then lower-case letters, digits and '_'
	Label    string         `json:"label,omitempty"`
	Type     itsm.FieldType `json:"type"`
	Required bool           `json:"required,omitempty"`
	Unique   bool           `json:"unique,omitempty"`  // among the tenant's assets of the class and those that extend it
	Choices  []string       `json:"choices,omitempty"` // of a choice
	Kind     string         `json:"kind,omitempty"`    // of a reference: the kind that it must point at, if any
	Max      int            `json:"max,omitempty"`     // characters of a text; 0 is 1,000, or 360 of a unique one
	// Slot is the index that keeps a unique attribute unique, 1 to [MaxUnique]. [Compile] gives the lowest that is
	// free along the line of classes; once given it stays.
	Slot int `json:"slot,omitempty"`
}

// MaxUnique is how many unique attributes an asset can have: those of its class and of all that the class extends.
const MaxUnique = 4

// maxUniqueText is the length of a unique value that leaves room for the names of class and attribute in an index, unless
// its characters take several bytes.
const maxUniqueText = 360

// field returns the declaration as the kernel checks it.
func (a AttributeDefinition) field() itsm.Field {
	f := itsm.Field{Key: a.Key, Type: a.Type, Label: a.Label, Choices: a.Choices, Kind: a.Kind, Max: a.Max}
	if a.Unique && a.Type == itsm.FieldText && f.Max == 0 {
		f.Max = maxUniqueText
	}
	return f
}

// mayBeUnique are the types whose values have one text each.
func mayBeUnique(t itsm.FieldType) bool {
	return slices.Contains([]itsm.FieldType{itsm.FieldText, itsm.FieldDate, itsm.FieldInstant, itsm.FieldReference}, t)
}

// StandardClasses returns the classes of a tenant that has declared none: one for each category, and the usual sorts
// of hardware. A host's own classes may replace or extend them.
func StandardClasses() []Class {
	text := func(key string) AttributeDefinition { return AttributeDefinition{Key: key, Type: itsm.FieldText} }
	number := func(key string) AttributeDefinition { return AttributeDefinition{Key: key, Type: itsm.FieldNumber} }
	return []Class{
		{Name: "hardware", Category: Hardware},
		{Name: "computer", Extends: "hardware", Abstract: true, HoldsData: true, Attributes: []AttributeDefinition{
			text("host_name"), text("operating_system"), text("processor"), number("memory_gb"), number("storage_gb")}},
		{Name: "laptop", Extends: "computer"},
		{Name: "desktop", Extends: "computer"},
		{Name: "server", Extends: "computer", Attributes: []AttributeDefinition{number("processors"), number("cores")}},
		{Name: "mobile", Extends: "hardware", HoldsData: true, Attributes: []AttributeDefinition{
			{Key: "imei", Type: itsm.FieldText, Unique: true, Max: 20}, text("phone_number")}},
		{Name: "network_device", Extends: "hardware", HoldsData: true, Attributes: []AttributeDefinition{text("host_name"), text("management_address")}},
		{Name: "peripheral", Extends: "hardware"},
		{Name: "software", Category: Software},
		{Name: "licence", Category: Licence},
		{Name: "subscription", Category: Subscription},
		{Name: "consumable", Category: Consumable},
	}
}
