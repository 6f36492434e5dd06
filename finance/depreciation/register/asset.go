package register

import (
	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/money"
)

// Name is the name of the kind of fixed assets.
const Name = "fixed_asset"

// Asset is a fixed asset: what was capitalised and is written off. All its books are in one currency.
type Asset struct {
	itsm.Header
	Title string   `json:"title"`
	Class string   `json:"class,omitempty"` // "servers", "licences"
	Of    itsm.Ref `json:"of,omitzero"`     // the configuration item, contract or project behind it

	Books     []Book     `json:"books"`
	Movements []Movement `json:"movements"` // of all books
	Charges   []Charge   `json:"charges"`   // of all books, posted and planned

	Parts  []Portion     `json:"parts,omitempty"`  // into which it was divided
	PartOf itsm.Ref      `json:"part_of,omitzero"` // the asset that this one is a part of
	Part   int           `json:"part,omitempty"`   // which of its Parts, from 1
	Reason string        `json:"reason,omitempty"` // of the disposal
	LeftOn calendar.Date `json:"left_on,omitzero"` // the day on which it was disposed of, or divided
}

// Book is one way of writing the asset off, by its own rules: "statutory", "tax". Books know nothing of each other.
type Book struct {
	Name string `json:"name"`
	// Plan are the terms in force. Its Cost is what the book began with, or what it was worth when the terms were
	// revised; its Salvage is the one in force; its Start and the figures below are of that day too.
	Plan  depreciation.Plan `json:"plan"`
	Since calendar.Date     `json:"since"`         // the first day of which the book knows the value
	Used  money.Number      `json:"used,omitzero"` // of Plan.TotalUnits
}

// Cause is what a movement comes from.
type Cause string

// The causes.
const (
	Acquisition Cause = "acquisition"
	Opening     Cause = "opening" // balances of an asset that was part-depreciated elsewhere
	Revaluation Cause = "revaluation"
	Impairment  Cause = "impairment"
	Revision    Cause = "revision" // other terms from then on; nothing moves
	Disposal    Cause = "disposal"
	Division    Cause = "division" // given to the parts
	Receipt     Cause = "receipt"  // got from the asset that was divided
)

// Choices returns the causes for a pick box.
func (Cause) Choices() []string {
	return []string{string(Acquisition), string(Opening), string(Revaluation), string(Impairment), string(Revision),
		string(Disposal), string(Division), string(Receipt)}
}

// Movement is a change of a book that is no charge. It is effective at the beginning of a day: the one that the action
// names; by the convention full_month the first of that month; by the convention half the middle of its period, or the
// beginning of the first one.
type Movement struct {
	Book        string        `json:"book"`
	Number      int           `json:"number"` // from 1 in each book
	On          calendar.Date `json:"on"`     // effective
	Cause       Cause         `json:"cause"`
	Cost        money.Amount  `json:"cost"`        // how much the cost rises
	Adjusted    money.Amount  `json:"adjusted"`    // how much revaluations and impairments rise
	Depreciated money.Amount  `json:"depreciated"` // how much the accumulated depreciation rises
	Proceeds    money.Amount  `json:"proceeds,omitzero"`
	Gain        money.Amount  `json:"gain,omitzero"` // of a disposal: proceeds less value; a loss is negative
	Reason      string        `json:"reason,omitempty"`
}

// Status is where a charge stands.
type Status string

// The statuses.
const (
	Planned Status = "planned"
	Posted  Status = "posted" // never changes again
	Given   Status = "given"  // planned of an asset that was divided: its parts have it
)

// Choices returns the statuses for a pick box.
func (Status) Choices() []string { return []string{string(Planned), string(Posted), string(Given)} }

// Charge is what a book writes off over some days, both ends counted.
type Charge struct {
	Book   string        `json:"book"`
	Number int           `json:"number"` // from 1 in each book, by date
	Period int           `json:"period"` // counted on when terms are revised; where a change cuts one in two, both have it
	From   calendar.Date `json:"from"`
	Until  calendar.Date `json:"until"`
	Amount money.Amount  `json:"amount"`
	Status Status        `json:"status"`
	// ByMonth: a part of the charge goes by the months that are over; else it goes by days.
	ByMonth bool `json:"by_month,omitempty"`
}

// Portion is one part of an asset that is divided.
type Portion struct {
	Weight int64    `json:"weight"` // it gets Weight of the sum of all weights
	Title  string   `json:"title"`
	Of     itsm.Ref `json:"of,omitzero"`
}
