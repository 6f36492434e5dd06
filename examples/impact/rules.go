package main

import (
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// class is what the example says of a class: where it is in the class model, what its items need, and how often one
// fails by itself.
type class struct {
	name, extends string // extends is empty where the standard has the class
	many          string // for people, in the plural
	one           string
	needs         []cmdb.Need // nil: those of the class that it extends
	// Hours from one failure to the next, and those to repair it. Both are assumptions of the example, of the order that vendors and
	// operators state; none is taken from a source. 0: it fails only with what it stands on.
	between, repair float64
}

var (
	anyUplink = cmdb.Need{Relation: "connects_to", Redundancy: cmdb.AnyOf}
	anyPower  = cmdb.Need{Relation: "powered_by", Redundancy: cmdb.AnyOf}
	anyCooler = cmdb.Need{Relation: "cooled_by", Redundancy: cmdb.AnyOf}
	anyRunner = cmdb.Need{Relation: "runs_on", Redundancy: cmdb.AnyOf}
	anyLine   = cmdb.Need{Relation: "depends_on", Redundancy: cmdb.AnyOf}
)

// classes are all classes of the estate, from the ground up. What their needs do not name is needed in full: the rack
// of a host, the storage of a cluster.
var classes = []class{ // never written to
	{name: "site", one: "site", many: "sites", between: 200_000, repair: 24},
	{name: "grid_feed", extends: "power_supply", one: "grid feed", many: "grid feeds", between: 9_000, repair: 2},
	{name: "generator", extends: "power_supply", one: "generator", many: "generators", between: 3_000, repair: 24},
	{name: "ups", extends: "power_supply", one: "UPS", many: "UPSs", needs: []cmdb.Need{anyPower}, between: 90_000, repair: 8},
	{name: "cooling_unit", extends: "hardware", one: "cooling unit", many: "cooling units", needs: []cmdb.Need{anyPower}, between: 30_000, repair: 12},
	{name: "room", extends: "configuration_item", one: "room", many: "rooms", needs: []cmdb.Need{anyCooler}, between: 500_000, repair: 24},
	{name: "rack", extends: "hardware", one: "rack", many: "racks", between: 2_000_000, repair: 12},
	{name: "pdu", extends: "power_supply", one: "power strip", many: "power strips", between: 250_000, repair: 6},
	{name: "core_switch", extends: "network_device", one: "core switch", many: "core switches", needs: []cmdb.Need{anyPower}, between: 120_000, repair: 4},
	{name: "distribution_switch", extends: "network_device", one: "distribution switch", many: "distribution switches", needs: []cmdb.Need{anyUplink, anyPower}, between: 80_000, repair: 6},
	{name: "access_switch", extends: "network_device", one: "access switch", many: "access switches", needs: []cmdb.Need{anyUplink, anyPower}, between: 100_000, repair: 6},
	{name: "office_switch", extends: "network_device", one: "office switch", many: "office switches", needs: []cmdb.Need{anyUplink}, between: 60_000, repair: 24},
	{name: "access_point", extends: "network_device", one: "access point", many: "access points", between: 50_000, repair: 48},
	{name: "line", extends: "network", one: "line", many: "lines", between: 4_000, repair: 4},
	{name: "internet_access", extends: "network", one: "internet access", many: "internet accesses", needs: []cmdb.Need{anyLine}},
	{name: "card_gateway", extends: "network", one: "card gateway", many: "card gateways", between: 8_000, repair: 2},
	{name: "storage_system", one: "storage system", many: "storage systems", needs: []cmdb.Need{anyUplink, anyPower}, between: 150_000, repair: 8},
	{name: "server", one: "host", many: "hosts", needs: []cmdb.Need{anyUplink, anyPower}, between: 40_000, repair: 12},
	{name: "cluster", one: "cluster", many: "clusters", between: 50_000, repair: 2},
	{name: "virtual_machine", one: "virtual machine", many: "virtual machines", between: 6_000, repair: 1},
	{name: "database", one: "database", many: "databases", needs: []cmdb.Need{anyRunner}, between: 8_000, repair: 2},
	{name: "application", one: "application", many: "applications", between: 4_000, repair: 1},
	{name: "service", one: "service", many: "services"},
}

// classOf returns a class of the estate by its name; a kind of other records is its own class.
func classOf(name string) class {
	for _, c := range classes {
		if c.name == name {
			return c
		}
	}
	return class{name: name, one: name, many: name + "s"}
}

// model returns the class model: the standard one with what the example adds.
func model() []asset.Class {
	out := cmdb.StandardClasses()
	for _, c := range classes {
		if c.extends != "" {
			out = append(out, asset.Class{Name: c.name, Extends: c.extends})
		}
	}
	return out
}

// rules returns the standard relation types, and what the items of each class need.
func rules() cmdb.Rules {
	out := cmdb.StandardRules()
	for _, c := range classes {
		if c.needs != nil {
			out.Classes = append(out.Classes, cmdb.ClassRule{Class: c.name, Needs: c.needs})
		}
	}
	return out
}

// up is the share of time that an item of the class is up by itself (the steady state availability of IEC 60050-192):
// from one failure to the next, less the time to repair.
func (c class) up() float64 {
	if c.between == 0 {
		return 1
	}
	return 1 - c.repair/c.between
}
