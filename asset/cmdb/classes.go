package cmdb

import (
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
)

// StandardClasses returns the classes of a tenant that has declared none: those of package asset, and what only
// configuration management knows. A host's own class model, see [asset.ClassModel], takes their place for both.
func StandardClasses() []asset.Class {
	text := func(key string) asset.AttributeDefinition {
		return asset.AttributeDefinition{Key: key, Type: itsm.FieldText}
	}
	number := func(key string) asset.AttributeDefinition {
		return asset.AttributeDefinition{Key: key, Type: itsm.FieldNumber}
	}
	return append(asset.StandardClasses(),
		asset.Class{Name: "configuration_item", Category: asset.Configuration, Abstract: true},
		asset.Class{Name: "service", Extends: "configuration_item", Attributes: []asset.AttributeDefinition{
			{Key: "criticality", Type: itsm.FieldChoice, Choices: []string{"high", "medium", "low"}}}},
		asset.Class{Name: "application", Extends: "configuration_item", Attributes: []asset.AttributeDefinition{text("version")}},
		asset.Class{Name: "database", Extends: "application"},
		asset.Class{Name: "cluster", Extends: "configuration_item"},
		asset.Class{Name: "virtual_machine", Extends: "configuration_item", Attributes: []asset.AttributeDefinition{
			text("operating_system"), number("cores"), number("memory_gb")}},
		asset.Class{Name: "container", Extends: "configuration_item"},
		asset.Class{Name: "network", Extends: "configuration_item"},
		asset.Class{Name: "power_supply", Extends: "hardware"},
		asset.Class{Name: "storage_system", Extends: "hardware", HoldsData: true, Attributes: []asset.AttributeDefinition{number("capacity_gb")}},
		asset.Class{Name: "site", Extends: "configuration_item"},
	)
}

var standardModel = sync.OnceValue(func() *asset.Model {
	m, err := asset.Compile(StandardClasses())
	if err != nil {
		panic(err) // the classes are constants, and a test makes them
	}
	return m
})

// StandardModel returns [StandardClasses] as a model. Its edition is 0.
func StandardModel() *asset.Model { return standardModel() }
