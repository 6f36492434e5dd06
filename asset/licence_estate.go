package asset

import (
	"time"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Estate is what a licence position is made of: the rights, and what was found in use.
type Estate struct {
	On            calendar.Date  `json:"on"`       // the day whose position it is
	Currency      money.Currency `json:"currency"` // of all prices and costs
	Products      []Product      `json:"products"`
	Holdings      []Holding      `json:"holdings,omitempty"`
	Installations []Installation `json:"installations,omitempty"` // of products by device and by core
	Uses          []Use          `json:"uses,omitempty"`          // of products by person and by seat
	Sessions      []Session      `json:"sessions,omitempty"`      // of products by concurrent use
	Devices       []Device       `json:"devices,omitempty"`       // with their processors, for products by core
	// Factors are the tables that core rules name.
	Factors map[string]Factors `json:"factors,omitempty"`
}

// Installation is a product that was found on a device.
type Installation struct {
	Product string `json:"product"`
	Device  string `json:"device"`
}

// Use is a person who may use a product, or to whom a seat is assigned.
type Use struct {
	Product string `json:"product"`
	User    string `json:"user"`
}

// Session is one use of a product, from an instant until another one.
type Session struct {
	Product string    `json:"product"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"` // exclusive
}

// Device is a machine that software runs on.
type Device struct {
	Name       string      `json:"name"`
	Processors []Processor `json:"processors,omitempty"`
}

// Processor is a processor of a device.
type Processor struct {
	Type  string `json:"type,omitempty"` // by which its factor is looked up
	Cores int64  `json:"cores"`
}

// Factors is a table of core factors by processor type, as decimals in text: {"x86": "0.5"}. The type "" is any other.
type Factors map[string]money.Number

// Holding is an entitlement under a name: the number of the asset that it is of.
type Holding struct {
	ID string `json:"id"`
	Entitlement
}
