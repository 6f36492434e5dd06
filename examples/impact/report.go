package main

import (
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/money"
)

// Report is all that the program says.
type Report struct {
	Seed      uint64     `json:"seed"`
	Items     int        `json:"items"`
	Records   int        `json:"records"` // of other kinds: customers, agreements, suppliers
	Relations int        `json:"relations"`
	Classes   []Tally    `json:"classes"`
	Failed    Failed     `json:"failed"`
	Services  []Hit      `json:"services"` // those that are reached, the worst first
	Untouched int        `json:"services_untouched"`
	Promises  []Promise  `json:"agreements"`
	Customers []Promise  `json:"customers"`
	Diagnosis *Diagnosis `json:"diagnosis,omitempty"` // none where no service is down
	Repair    Repair     `json:"repair"`
	Critical  []Critical `json:"critical"`
	Figures   []Figure   `json:"figures"`
	Window    Window     `json:"window"`
	Suppliers Reliance   `json:"suppliers"`

	tree    *branch // the paths to the services that are down
	picture *branch // and to some of the others
	hidden  int     // services that the picture leaves out
	mermaid string
}

// Tally counts the items of a class by what the failure does to them.
type Tally struct {
	Class    string `json:"class"`
	Label    string `json:"label"`
	Items    int    `json:"items"`
	Down     int    `json:"down,omitempty"`
	AtRisk   int    `json:"at_risk,omitempty"`
	Degraded int    `json:"degraded,omitempty"`
}

// Failed is what fails.
type Failed struct {
	Name    string `json:"name"`
	Class   string `json:"class"`
	Place   string `json:"place,omitempty"`
	Chosen  bool   `json:"chosen"` // by the caller
	Down    int    `json:"down"`   // items and other records
	Reached int    `json:"reached"`
}

// Hit is a service that the failure reaches.
type Hit struct {
	Name        string     `json:"name"`
	Criticality string     `json:"criticality"`
	State       cmdb.State `json:"state"`
	Why         []Hop      `json:"why"`
	// Next are the single points of failure that it has while the failure lasts and did not have before.
	Next []string `json:"next,omitempty"`
}

// Hop is an item on the way from what failed to a service.
type Hop struct {
	Name  string     `json:"name"`
	Class string     `json:"class"`
	State cmdb.State `json:"state"`
	Words string     `json:"words"`
}

// Promise is a customer or an agreement with what it loses.
type Promise struct {
	Name     string   `json:"name"`
	Terms    string   `json:"terms,omitempty"`
	Services int      `json:"services"`
	Down     []string `json:"down"`
	AtRisk   int      `json:"at_risk"`
}

// Diagnosis is the search for the cause by somebody who does not know it.
type Diagnosis struct {
	Rounds []Round   `json:"rounds"`
	Up     []string  `json:"up"` // services of which it is known that they work
	Causes []Suspect `json:"causes"`
}

// Round is what is suspected when some services are known to be down.
type Round struct {
	Last     string `json:"last"` // the service that was reported last
	Known    int    `json:"known"`
	Suspects int    `json:"suspects"` // items that explain all and contradict nothing
	Place    int    `json:"place"`    // of what failed in the ranking
}

// Suspect is a possible cause.
type Suspect struct {
	Name        string `json:"name"`
	Class       string `json:"class"`
	Explains    int    `json:"explains"`
	Contradicts int    `json:"contradicts"`
	Others      int    `json:"others"`
	True        bool   `json:"true,omitempty"`
}

// Repair is the second cable for each access switch that has one.
type Repair struct {
	Links []Link `json:"links"`
	// Before and After count the services that a single distribution switch can bring down.
	Before int `json:"before"`
	After  int `json:"after"`
}

// Link is a cable.
type Link struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Critical is one of the most critical services, as it is and with the repair.
type Critical struct {
	Name   string   `json:"name"`
	Points []string `json:"points"` // its single points of failure
	Gone   []string `json:"gone"`   // those that the repair takes away
	// Before and After are its expected availability.
	Before Expected `json:"before"`
	After  Expected `json:"after"`
}

// Expected is an availability as a fraction of time, or bounds of it.
type Expected struct {
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Exact bool    `json:"exact"`
}

// Figure is what is assumed of the items of a class.
type Figure struct {
	Label   string  `json:"label"`
	Between float64 `json:"hours_between_failures"`
	Repair  float64 `json:"hours_to_repair"`
	Up      float64 `json:"up"`
}

// Window is a planned change of what failed in the story: it is taken out of service.
type Window struct {
	AsIs     Counts   `json:"as_is"`
	Repaired Counts   `json:"repaired"`        // with the second cables laid before
	Watch    []string `json:"watch,omitempty"` // single points of failure that the critical services have meanwhile, with the cables
}

// Counts counts services by state.
type Counts struct {
	Down     int `json:"down"`
	AtRisk   int `json:"at_risk"`
	Degraded int `json:"degraded"`
}

// Reliance is how much the company depends on single suppliers.
type Reliance struct {
	Suppliers []Supplier `json:"suppliers"`
	Index     int        `json:"index"` // of the yearly cost, Herfindahl-Hirschman
}

// Supplier is what falls with one.
type Supplier struct {
	Name     string       `json:"name"`
	Delivers []string     `json:"delivers"`
	Services []string     `json:"services"`
	Annual   money.Amount `json:"annual"`
}
