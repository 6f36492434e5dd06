package cmdb

import (
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/lifecycle"
)

// ItemName is the name of the kind of configuration items.
const ItemName = "ci"

// Item is a configuration item: something that has to be known to deliver a service.
//
// Its texts and its specification follow from its reports: each is what the most trusted source says that says
// anything about it, unless it is locked. Actions change reports and locks, never a field by itself.
type Item struct {
	itsm.Header

	Class        string `json:"class"` // of the class model
	Title        string `json:"title"`
	Manufacturer string `json:"manufacturer,omitempty"`
	Product      string `json:"product,omitempty"`
	Serial       string `json:"serial,omitempty"`
	Host         string `json:"host,omitempty"` // its name in the network, without the domain
	Domain       string `json:"domain,omitempty"`
	Address      string `json:"address,omitempty"`
	Environment  string `json:"environment,omitempty"` // production, test …
	Location     string `json:"location,omitempty"`
	Owner        string `json:"owner,omitempty"` // who answers for it
	Team         string `json:"team,omitempty"`  // who looks after it
	Description  string `json:"description,omitempty"`

	// Specification are the attributes of the class, as they were valid under an edition of a class model.
	Specification itsm.Attributes `json:"specification,omitempty"`
	Validated     Validated       `json:"validated,omitzero"`

	Asset itsm.Ref  `json:"asset,omitzero"`  // the asset that it is, if it is one
	Needs *OwnNeeds `json:"needs,omitempty"` // in place of those of its class

	Reports []Report `json:"reports,omitempty"` // one of each source; of a merged item as they were
	Locks   []Lock   `json:"locks,omitempty"`
	// Identifiers are what it is recognised by: see [Identification]. They follow from reports and fields.
	Identifiers []string `json:"identifiers,omitempty"`

	MergedInto itsm.Ref `json:"merged_into,omitzero"` // of one that was the same as another one
	// Counterparts are what the sources of a merged item said of the other one before the merge: a split puts them back.
	Counterparts []Report `json:"counterparts,omitempty"`

	Retired Ending `json:"retired,omitzero"`
}

// Validated says under which declaration of the class the specification was valid, and what it lacks.
type Validated struct {
	Model   itsm.Ref `json:"model,omitzero"` // zero: the standard classes
	Edition int      `json:"edition,omitempty"`
	Missing []string `json:"missing,omitempty"` // required attributes that no source reports
	// Unique1 to Unique4 are the unique values of the specification, with class and key.
	Unique1 string `json:"unique_1,omitempty"`
	Unique2 string `json:"unique_2,omitempty"`
	Unique3 string `json:"unique_3,omitempty"`
	Unique4 string `json:"unique_4,omitempty"`
}

// OwnNeeds are the needs that an item has in place of those of its class; none: it needs all its inputs.
type OwnNeeds struct {
	Of []Need `json:"of,omitempty"`
}

// Report is what one source says of an item, in whole.
type Report struct {
	Source  string    `json:"source"`
	Keys    []string  `json:"keys,omitempty"` // the source's own names for the item; one, unless items were merged
	FirstAt time.Time `json:"first_at"`
	// LastAt is when the source last said so. Where it keeps saying the same it may lie back by [Source].Refresh.
	LastAt time.Time `json:"last_at"`
	// Gone says that the source's last complete list did not have the item. What it said gives way to anything that
	// another source says.
	Gone bool `json:"gone,omitempty"`
	// Values are its claims by the names of [Fields] and of the attributes of the class.
	Values itsm.Attributes `json:"values,omitempty"`
}

// Lock keeps a field as it is, whatever is reported.
type Lock struct {
	Field  string    `json:"field"`
	Reason string    `json:"reason,omitempty"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// Ending is when and why something ended.
type Ending struct {
	At     time.Time `json:"at,omitzero"`
	Reason string    `json:"reason,omitempty"`
}

// The states of an item.
const (
	Planned      lifecycle.State = "planned"
	Operational  lifecycle.State = "operational"
	OutOfService lifecycle.State = "out_of_service" // for some time: it fails what needs it
	Retired      lifecycle.State = "retired"
	Merged       lifecycle.State = "merged" // it was the same as another item, which took its reports over
)

// IsLive tells whether the item is in use: operational or out of service.
func (x *Item) IsLive() bool { return x.State == Operational || x.State == OutOfService }

// Report returns what a source says, or nil.
func (x *Item) Report(source string) *Report {
	for i := range x.Reports {
		if x.Reports[i].Source == source {
			return &x.Reports[i]
		}
	}
	return nil
}

// IsLocked tells whether a field is locked.
func (x *Item) IsLocked(field string) bool {
	for i := range x.Locks {
		if x.Locks[i].Field == field {
			return true
		}
	}
	return false
}

// Fields returns the names of the texts that every item has and that sources report. The attributes of a class are
// reported by their keys beside them; one that has the name of a text cannot be reported.
func Fields() []string {
	out := make([]string, len(texts))
	for i := range texts {
		out[i] = texts[i].name
	}
	return out
}

// texts are the fields that reports decide, with their limits in characters; the compiled order is that of Item.
var texts = [...]struct {
	name string
	max  int
	of   func(*Item) *string
}{
	{"title", 200, func(x *Item) *string { return &x.Title }},
	{"manufacturer", 100, func(x *Item) *string { return &x.Manufacturer }},
	{"product", 120, func(x *Item) *string { return &x.Product }},
	{"serial", 100, func(x *Item) *string { return &x.Serial }},
	{"host", 100, func(x *Item) *string { return &x.Host }},
	{"domain", 120, func(x *Item) *string { return &x.Domain }},
	{"address", 100, func(x *Item) *string { return &x.Address }},
	{"environment", 60, func(x *Item) *string { return &x.Environment }},
	{"location", 120, func(x *Item) *string { return &x.Location }},
	{"owner", 120, func(x *Item) *string { return &x.Owner }},
	{"team", 120, func(x *Item) *string { return &x.Team }},
	{"description", 1000, func(x *Item) *string { return &x.Description }},
}

// textNumber returns the place of a text in texts, or -1.
func textNumber(name string) int {
	for i := range texts {
		if texts[i].name == name {
			return i
		}
	}
	return -1
}

// isText tells whether a name is that of a text that every item has.
func isText(name string) bool { return textNumber(name) >= 0 }

// take sets what the class model made of a specification.
func (v *Validated) take(model *asset.Model, c asset.Checked) {
	*v = Validated{Model: model.Of, Edition: model.Edition, Missing: c.Missing, Unique1: c.Unique[0], Unique2: c.Unique[1], Unique3: c.Unique[2], Unique4: c.Unique[3]}
}
