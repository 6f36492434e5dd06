package asset

import (
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Edit replaces what an asset is called. An empty field stays.
type Edit struct {
	Title       string `json:"title,omitempty"`
	Product     string `json:"product,omitempty"`
	Description string `json:"description,omitempty"`
}

// Name returns "edit".
func (Edit) Name() string { return "edit" }

// Apply replaces what is given.
func (a Edit) Apply(x *Asset, _ itsm.Moment) error {
	if a == (Edit{}) {
		return itsm.Invalid("", "nothing_given")
	}
	replace(&x.Title, a.Title)
	replace(&x.Product, strings.TrimSpace(a.Product))
	replace(&x.Description, a.Description)
	return nil
}

// Identify says by what an asset is told from all others. All three are set: an empty one is cleared, as a label is that
// was put on the wrong thing.
type Identify struct {
	Manufacturer string `json:"manufacturer,omitempty"`
	Serial       string `json:"serial,omitempty"`
	Tag          string `json:"tag,omitempty"`
}

// Name returns "identify".
func (Identify) Name() string { return "identify" }

// Apply sets all of them.
func (a Identify) Apply(x *Asset, _ itsm.Moment) error {
	x.Manufacturer, x.Serial, x.Tag = strings.TrimSpace(a.Manufacturer), strings.TrimSpace(a.Serial), strings.TrimSpace(a.Tag)
	return nil
}

// Specify changes attributes of the specification; the others stay, and null removes one. All of them are validated
// by the class model of the moment.
type Specify struct {
	Specification itsm.Attributes `json:"specification"`
}

// Name returns "specify".
func (Specify) Name() string { return "specify" }

// Apply merges and validates.
func (a Specify) Apply(x *Asset, m itsm.Moment) error {
	merged := append(itsm.Attributes(nil), x.Specification...)
	merged.Merge(a.Specification)
	return x.specify(known(m).Model, merged)
}

// Reclassify makes an asset one of another class of the same category. Its specification is replaced.
type Reclassify struct {
	Class         string          `json:"class"`
	Specification itsm.Attributes `json:"specification,omitempty"`
}

// Name returns "reclassify".
func (Reclassify) Name() string { return "reclassify" }

// Apply sets the class and validates the specification.
func (a Reclassify) Apply(x *Asset, m itsm.Moment) error {
	model := known(m).Model
	if err := model.mayHoldAsset(a.Class); err != nil {
		return err
	}
	if to := model.Category(a.Class); to != x.Category {
		return itsm.Invalid("class", "category", "value", a.Class, "is", string(to), "want", string(x.Category))
	}
	x.Class, x.Specification = a.Class, nil
	return x.specify(model, a.Specification)
}

// Revalidate validates the specification as it is by the class model of the moment, and notes its edition.
type Revalidate struct{}

// Name returns "revalidate".
func (Revalidate) Name() string { return "revalidate" }

// Apply validates.
func (Revalidate) Apply(x *Asset, m itsm.Moment) error {
	return x.specify(known(m).Model, x.Specification)
}

// SetValue corrects what was paid, and when the use began. An empty field stays. Finance follows by [Valuation].
type SetValue struct {
	Cost        money.Amount  `json:"cost,omitzero"`
	Invoice     string        `json:"invoice,omitempty"`
	InServiceOn calendar.Date `json:"in_service_on,omitzero"`
	Reason      string        `json:"reason"`
}

// Name returns "set_value".
func (SetValue) Name() string { return "set_value" }

// Apply replaces what is given.
func (a SetValue) Apply(x *Asset, m itsm.Moment) error {
	switch {
	case a.Cost.IsZero() && a.Invoice == "" && a.InServiceOn.IsZero():
		return itsm.Invalid("", "nothing_given")
	case strings.TrimSpace(a.Reason) == "":
		return itsm.Invalid("reason", "required")
	case !a.InServiceOn.IsZero() && (x.State == Planned || x.State == Ordered):
		return itsm.Invalid("in_service_on", "not_here_yet", "state", string(x.State))
	case !a.Cost.IsZero() && !x.Purchase.Cost.IsZero() && a.Cost.Currency() != x.Purchase.Cost.Currency():
		return itsm.Invalid("cost", "currency", "value", string(a.Cost.Currency()), "want", string(x.Purchase.Cost.Currency()))
	}
	replace(&x.Purchase.Cost, a.Cost)
	replace(&x.Purchase.Invoice, a.Invoice)
	replace(&x.InServiceOn, a.InServiceOn)
	m.Say(a.Reason, false)
	return nil
}

// SetDates sets the dates to look ahead to. All three are set: an empty one is cleared.
type SetDates struct {
	WarrantyEnds calendar.Date `json:"warranty_ends,omitzero"`
	SupportEnds  calendar.Date `json:"support_ends,omitzero"`
	LifeEnds     calendar.Date `json:"life_ends,omitzero"`
}

// Name returns "set_dates".
func (SetDates) Name() string { return "set_dates" }

// Apply sets the dates.
func (a SetDates) Apply(x *Asset, _ itsm.Moment) error {
	x.WarrantyEnds, x.SupportEnds, x.LifeEnds = a.WarrantyEnds, a.SupportEnds, a.LifeEnds
	return nil
}

// Sight says that the asset was seen somewhere: in an audit, by a scanner. Where it belongs stays as it is.
type Sight struct {
	Location string `json:"location,omitempty"`
}

// Name returns "sight".
func (Sight) Name() string { return "sight" }

// Apply notes where and by whom.
func (a Sight) Apply(x *Asset, m itsm.Moment) error {
	x.Sighted = Sighting{At: m.Time, Location: a.Location, By: m.Actor.ID}
	return nil
}

// The kernel's actions for every kind, as the asset has them.
type (
	// Comment adds a note to the history.
	Comment = itsm.Comment[Asset]
	// SetAttributes changes the host's own fields, which every asset has whatever its class.
	SetAttributes = itsm.SetAttributes[Asset]
	// Relate adds a link to another record.
	Relate = itsm.Relate[Asset]
	// Unrelate removes a link.
	Unrelate = itsm.Unrelate[Asset]
)
