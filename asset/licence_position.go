package asset

import (
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// LicencePosition is the effective licence position of an estate on a day: what is needed, what there is, how the one
// covers the other, and what that is in money.
type LicencePosition struct {
	On       calendar.Date     `json:"on"`
	Products []ProductPosition `json:"products"` // in the order of the estate
	Holdings []HoldingPosition `json:"holdings"` // in the order of the estate
	Short    money.Amount      `json:"short"`    // what the missing units cost
	Idle     money.Amount      `json:"idle"`     // what the unused units cost when they were bought
	Findings []Finding         `json:"findings,omitempty"`
}

// ProductPosition is that of one product.
type ProductPosition struct {
	Product string       `json:"product"`
	Metric  Metric       `json:"metric"`
	Needs   []Need       `json:"needs,omitempty"`
	Needed  int64        `json:"needed"`
	Covered []Cover      `json:"covered,omitempty"`
	Missing int64        `json:"missing"` // under-licensed
	Short   money.Amount `json:"short"`   // Missing at the product's price; 0 where it has none, see the findings
}

// Cover is units of a holding that a product uses.
type Cover struct {
	Holding string `json:"holding"`
	Units   int64  `json:"units"`
	By      Right  `json:"by"`
}

// Right is why an entitlement may be used for a product.
type Right string

// The rights.
const (
	ByOwn       Right = "own"       // it is for the product
	ByDowngrade Right = "downgrade" // it is for a later release
	ByUpgrade   Right = "upgrade"   // it is for an earlier release, with a right to what came out since
	ByTerms     Right = "terms"     // its terms name the product
)

// HoldingPosition is that of one entitlement.
type HoldingPosition struct {
	Holding  string        `json:"holding"`
	Product  string        `json:"product"`
	Quantity int64         `json:"quantity"`
	InForce  bool          `json:"in_force"`
	Until    calendar.Date `json:"until,omitzero"`
	Days     int           `json:"days"` // until its last day, 0 where it has none
	Used     int64         `json:"used"`
	Unused   int64         `json:"unused"` // over-licensed; 0 where it is not in force
	Idle     money.Amount  `json:"idle"`   // Unused at the cost of a unit
}

// Finding is what a position cannot answer for.
type Finding struct {
	Code    string `json:"code"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
}
