package asset

import (
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/money"
)

// Name is the name of the kind of assets.
const Name = "asset"

// Asset is something of value that the organisation owns, leases or has the right to use, from the plan to buy it
// until it is gone.
type Asset struct {
	itsm.Header

	Title        string   `json:"title"`
	Class        string   `json:"class"`
	Category     Category `json:"category"` // that of the class
	Manufacturer string   `json:"manufacturer,omitempty"`
	Product      string   `json:"product,omitempty"` // the maker's name for it, or the product of software
	Serial       string   `json:"serial,omitempty"`  // the maker's; no two assets of a manufacturer have the same, but for cancelled ones
	Tag          string   `json:"tag,omitempty"`     // the label on it; no two assets have the same, but for cancelled ones
	Description  string   `json:"description,omitempty"`

	// Specification are the attributes of the class, as they were valid under an edition of a class model.
	Specification itsm.Attributes `json:"specification,omitempty"`
	Validated     Validated       `json:"validated,omitzero"`

	Holder     string `json:"holder,omitempty"`      // the person who has it
	Location   string `json:"location,omitempty"`    // where it is, or belongs
	CostCentre string `json:"cost_centre,omitempty"` // who pays
	Owner      string `json:"owner,omitempty"`       // who answers for it

	Custody      *Custody      `json:"custody,omitempty"` // while it is deployed
	Reservations []Reservation `json:"reservations,omitempty"`
	Maintenance  *Maintenance  `json:"maintenance,omitempty"` // while it is in maintenance
	Stock        *Stock        `json:"stock,omitempty"`       // of a consumable
	Grant        *Entitlement  `json:"grant,omitempty"`       // of a licence or subscription

	Purchase     Purchase      `json:"purchase,omitzero"`
	InServiceOn  calendar.Date `json:"in_service_on,omitzero"` // the first day of its use: depreciation begins
	WarrantyEnds calendar.Date `json:"warranty_ends,omitzero"` // its last day
	SupportEnds  calendar.Date `json:"support_ends,omitzero"`  // the last day of the maker's support
	LifeEnds     calendar.Date `json:"life_ends,omitzero"`     // when it is to be replaced

	Loss     *Loss     `json:"loss,omitempty"`
	Disposal *Disposal `json:"disposal,omitempty"`
	Retired  Ending    `json:"retired,omitzero"`
	Sighted  Sighting  `json:"sighted,omitzero"` // where it was seen last
}

// Validated says under which declaration of the class the specification was valid.
type Validated struct {
	Model   itsm.Ref `json:"model,omitzero"` // zero: the standard classes
	Edition int      `json:"edition,omitempty"`
	// HoldsData says that the class demanded evidence of wiping.
	HoldsData bool `json:"holds_data,omitempty"`
	// Unique1 to Unique4 are the unique values of the specification, with class and key. Who redacts such a value
	// redacts it here too: "validated.unique_1".
	Unique1 string `json:"unique_1,omitempty"`
	Unique2 string `json:"unique_2,omitempty"`
	Unique3 string `json:"unique_3,omitempty"`
	Unique4 string `json:"unique_4,omitempty"`
}

// Custody is a deployed asset in somebody's hands.
type Custody struct {
	Since      time.Time `json:"since"`
	DueBack    time.Time `json:"due_back,omitzero"` // of a loan
	Pending    bool      `json:"pending,omitempty"` // handed out, and not yet accepted by the holder
	AcceptedAt time.Time `json:"accepted_at,omitzero"`
	From       string    `json:"from,omitempty"` // the location that it was handed out at, and comes back to
}

// Reservation keeps an asset for somebody for some time.
type Reservation struct {
	ID    string    `json:"id"`
	For   string    `json:"for"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"` // exclusive
}

// Maintenance is a repair or a service.
type Maintenance struct {
	Reason   string          `json:"reason"`
	Supplier itsm.Ref        `json:"supplier,omitzero"`
	Since    time.Time       `json:"since"`
	BackBy   calendar.Date   `json:"back_by,omitzero"`
	From     lifecycle.State `json:"from"` // the state to go back to
}

// Stock is how much there is of a consumable.
type Stock struct {
	Unit            string `json:"unit,omitempty"` // pieces if it is empty
	OnHand          int64  `json:"on_hand"`
	OnOrder         int64  `json:"on_order,omitempty"`         // so much more is coming
	ReorderPoint    int64  `json:"reorder_point,omitempty"`    // at so many here and coming, or fewer, more is to be ordered
	ReorderQuantity int64  `json:"reorder_quantity,omitempty"` // and so many of it
	Issued          int64  `json:"issued,omitempty"`           // in all
}

// Purchase is what was paid to whom.
type Purchase struct {
	Supplier   itsm.Ref      `json:"supplier,omitzero"`
	Order      string        `json:"order,omitempty"` // the number of the purchase order
	OrderedOn  calendar.Date `json:"ordered_on,omitzero"`
	ExpectedOn calendar.Date `json:"expected_on,omitzero"`
	ReceivedOn calendar.Date `json:"received_on,omitzero"`
	Invoice    string        `json:"invoice,omitempty"`
	Cost       money.Amount  `json:"cost,omitzero"` // all that is capitalised, in its currency
}

// Loss is how an asset went.
type Loss struct {
	At     time.Time       `json:"at"`
	Text   string          `json:"text"`
	Report string          `json:"report,omitempty"` // the number of the police or insurance report
	Holder string          `json:"holder,omitempty"` // who had it
	From   lifecycle.State `json:"from"`
}

// Ending is when and why something ended.
type Ending struct {
	At     time.Time `json:"at,omitzero"`
	Reason string    `json:"reason,omitempty"`
}

// Sighting is where an asset was seen.
type Sighting struct {
	At       time.Time `json:"at,omitzero"`
	Location string    `json:"location,omitempty"`
	By       string    `json:"by,omitempty"`
}

// Disposal is how an asset left, with the evidence.
type Disposal struct {
	At          time.Time      `json:"at"`
	Method      DisposalMethod `json:"method"`
	To          string         `json:"to,omitempty"`          // who took it
	Wiped       WipeMethod     `json:"wiped,omitempty"`       // how the data was removed
	WipedBy     string         `json:"wiped_by,omitempty"`    // who did it, or says that there was none
	Certificate string         `json:"certificate,omitempty"` // the number or address of the evidence
	Proceeds    money.Amount   `json:"proceeds,omitzero"`
	Reason      string         `json:"reason,omitempty"` // of a write-off
}

// IsHeld tells whether the asset is in the organisation's hands: in stock, deployed or in maintenance.
func (a *Asset) IsHeld() bool {
	return a.State == InStock || a.State == Deployed || a.State == InMaintenance
}

// DisposalMethod is the way on which an asset leaves.
type DisposalMethod string

// The methods.
const (
	Sold       DisposalMethod = "sold"
	Donated    DisposalMethod = "donated"
	Recycled   DisposalMethod = "recycled"
	Destroyed  DisposalMethod = "destroyed"
	Returned   DisposalMethod = "returned" // to the lessor or the maker
	Expired    DisposalMethod = "expired"  // a right that ended
	WrittenOff DisposalMethod = "written_off"
)

// Choices returns the methods for a pick box.
func (DisposalMethod) Choices() []string {
	return []string{string(Sold), string(Donated), string(Recycled), string(Destroyed), string(Returned), string(Expired), string(WrittenOff)}
}

// WipeMethod is how data was removed from a medium. The three ways are those of NIST SP 800-88: clear, purge, destroy.
type WipeMethod string

// The methods; NoData says that there was none.
const (
	Cleared        WipeMethod = "clear"
	Purged         WipeMethod = "purge"
	MediaDestroyed WipeMethod = "destroy"
	NoData         WipeMethod = "no_data"
)

// Choices returns the methods for a pick box.
func (WipeMethod) Choices() []string {
	return []string{string(Cleared), string(Purged), string(MediaDestroyed), string(NoData)}
}
