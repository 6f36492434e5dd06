package asset

import (
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Particulars are what is known of an asset when it is opened.
type Particulars struct {
	Title         string          `json:"title"`
	Class         string          `json:"class"`
	Manufacturer  string          `json:"manufacturer,omitempty"`
	Product       string          `json:"product,omitempty"`
	Serial        string          `json:"serial,omitempty"`
	Tag           string          `json:"tag,omitempty"`
	Description   string          `json:"description,omitempty"`
	Specification itsm.Attributes `json:"specification,omitempty"`
	Location      string          `json:"location,omitempty"`
	CostCentre    string          `json:"cost_centre,omitempty"`
	Owner         string          `json:"owner,omitempty"`
	WarrantyEnds  calendar.Date   `json:"warranty_ends,omitzero"`
	SupportEnds   calendar.Date   `json:"support_ends,omitzero"`
	LifeEnds      calendar.Date   `json:"life_ends,omitzero"`
	Stock         *Stock          `json:"stock,omitempty"` // of a consumable
	Grant         *Entitlement    `json:"grant,omitempty"` // of a licence or subscription
	Attributes    itsm.Attributes `json:"attributes,omitempty"`
}

// apply fills in the asset, and validates its specification by the class model of the moment.
func (p Particulars) apply(a *Asset, m itsm.Moment) error {
	model := known(m).Model
	if err := model.mayHoldAsset(p.Class); err != nil {
		return err
	}
	a.Title, a.Class, a.Category, a.Description = p.Title, p.Class, model.Category(p.Class), p.Description
	a.Manufacturer, a.Product = strings.TrimSpace(p.Manufacturer), strings.TrimSpace(p.Product)
	a.Serial, a.Tag = strings.TrimSpace(p.Serial), strings.TrimSpace(p.Tag)
	a.Location, a.CostCentre, a.Owner, a.Attributes = p.Location, p.CostCentre, p.Owner, p.Attributes
	a.WarrantyEnds, a.SupportEnds, a.LifeEnds = p.WarrantyEnds, p.SupportEnds, p.LifeEnds
	if a.Stock = p.Stock; a.Category == Consumable && a.Stock == nil {
		a.Stock = &Stock{}
	}
	a.Grant = p.Grant
	return a.specify(model, p.Specification)
}

// specify sets a specification that the model accepts. What an earlier edition declared, and this one does not, may
// stay as it is: who changes something else need not know of it.
func (a *Asset) specify(model *Model, values itsm.Attributes) error {
	if is := model.Category(a.Class); is != "" && is != a.Category { // the class was dropped, and another one has its name
		return itsm.Invalid("class", "category", "value", a.Class, "is", string(is), "want", string(a.Category))
	}
	keys := model.Keys(a.Class)
	left := without(a.Specification, func(v itsm.Attribute) bool {
		return slices.Contains(keys, v.Key) || values.Raw(v.Key) != v.Value
	})
	checked, err := model.Check(a.Class, without(values, func(v itsm.Attribute) bool { return slices.Contains(left, v) }))
	if err != nil {
		return err
	}
	a.Specification = slices.Concat(checked.Values, left)
	u := checked.Unique
	a.Validated = Validated{Model: model.Of, Edition: model.Edition, HoldsData: model.HoldsData(a.Class),
		Unique1: u[0], Unique2: u[1], Unique3: u[2], Unique4: u[3]}
	return nil
}

// Plan opens an asset that is to be bought.
type Plan struct {
	Asset Particulars  `json:"asset"`
	Cost  money.Amount `json:"cost,omitzero"` // as planned
}

// Name returns "plan".
func (Plan) Name() string { return "plan" }

// Apply fills in the asset.
func (a Plan) Apply(x *Asset, m itsm.Moment) error {
	if a.Asset.Stock != nil && a.Asset.Stock.OnHand != 0 {
		return itsm.Invalid("asset.stock.on_hand", "not_here_yet", "want", "0")
	}
	x.Purchase.Cost = a.Cost
	return a.Asset.apply(x, m)
}

// Register opens an asset that is here already.
type Register struct {
	Asset       Particulars   `json:"asset"`
	Purchase    Purchase      `json:"purchase,omitzero"`
	InServiceOn calendar.Date `json:"in_service_on,omitzero"` // of one that is in use
}

// Name returns "register".
func (Register) Name() string { return "register" }

// Apply fills in the asset.
func (a Register) Apply(x *Asset, m itsm.Moment) error {
	x.Purchase, x.InServiceOn = a.Purchase, a.InServiceOn
	if x.Purchase.ReceivedOn.IsZero() {
		x.Purchase.ReceivedOn = calendar.DateOf(m.Time)
		if !a.InServiceOn.IsZero() && a.InServiceOn.Compare(x.Purchase.ReceivedOn) < 0 { // it was here before it was in use
			x.Purchase.ReceivedOn = a.InServiceOn
		}
	}
	return a.Asset.apply(x, m)
}

// Order says that the asset is ordered.
type Order struct {
	Supplier   itsm.Ref      `json:"supplier,omitzero"`
	Order      string        `json:"order"` // the number of the purchase order
	ExpectedOn calendar.Date `json:"expected_on,omitzero"`
	Cost       money.Amount  `json:"cost,omitzero"` // as ordered; none leaves what was planned
}

// Name returns "order".
func (Order) Name() string { return "order" }

// Apply notes the order.
func (a Order) Apply(x *Asset, m itsm.Moment) error {
	if strings.TrimSpace(a.Order) == "" {
		return itsm.Invalid("order", "required")
	}
	x.Purchase.Supplier, x.Purchase.Order, x.Purchase.ExpectedOn = a.Supplier, a.Order, a.ExpectedOn
	x.Purchase.OrderedOn = calendar.DateOf(m.Time)
	replace(&x.Purchase.Cost, a.Cost)
	return nil
}

// Receive says that the asset has come.
type Receive struct {
	Serial       string        `json:"serial,omitempty"`
	Tag          string        `json:"tag,omitempty"`
	Location     string        `json:"location,omitempty"`
	Invoice      string        `json:"invoice,omitempty"`
	Cost         money.Amount  `json:"cost,omitzero"` // as invoiced; none leaves what was ordered
	WarrantyEnds calendar.Date `json:"warranty_ends,omitzero"`
	Quantity     int64         `json:"quantity,omitempty"` // of a consumable
}

// Name returns "receive".
func (Receive) Name() string { return "receive" }

// Apply takes it into stock.
func (a Receive) Apply(x *Asset, m itsm.Moment) error {
	switch {
	case a.Quantity != 0 && x.Stock == nil:
		return itsm.Invalid("quantity", "only_with", "category", string(Consumable), "value", string(x.Category))
	case a.Quantity < 0 || a.Quantity > maxQuantity:
		return itsm.Invalid("quantity", "range", "min", "0", "max", maxQuantityText)
	}
	replace(&x.Serial, strings.TrimSpace(a.Serial))
	replace(&x.Tag, strings.TrimSpace(a.Tag))
	replace(&x.Location, a.Location)
	replace(&x.Purchase.Invoice, a.Invoice)
	replace(&x.Purchase.Cost, a.Cost)
	replace(&x.WarrantyEnds, a.WarrantyEnds)
	x.Purchase.ReceivedOn = calendar.DateOf(m.Time)
	if x.Stock != nil {
		x.Stock.arrive(a.Quantity)
	}
	return nil
}

// Cancel says that the asset is not bought.
type Cancel struct {
	Reason string `json:"reason"`
}

// Name returns "cancel".
func (Cancel) Name() string { return "cancel" }

// Apply notes the reason and releases what was reserved.
func (a Cancel) Apply(x *Asset, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	x.Retired, x.Reservations = Ending{At: m.Time, Reason: a.Reason}, nil
	return nil
}

// replace sets a field unless the new value is its zero.
func replace[V comparable](field *V, value V) {
	if value != *new(V) {
		*field = value
	}
}
