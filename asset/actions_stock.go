package asset

import (
	"strconv"

	"github.com/itsmkit/itsm"
)

const maxQuantity = 1_000_000_000_000

var maxQuantityText = strconv.FormatInt(maxQuantity, 10) // never written to

// Reorder says how much of a consumable is on order, in all; 0 that none is.
type Reorder struct {
	Quantity int64  `json:"quantity"`
	Text     string `json:"text,omitempty"` // such as the number of the order
}

// Name returns "reorder".
func (Reorder) Name() string { return "reorder" }

// Apply sets the quantity.
func (a Reorder) Apply(x *Asset, m itsm.Moment) error {
	if a.Quantity < 0 || a.Quantity > maxQuantity {
		return itsm.Invalid("quantity", "range", "min", "0", "max", maxQuantityText)
	}
	x.Stock.OnOrder = a.Quantity
	m.Say(a.Text, false)
	return nil
}

// Replenish adds to the stock of a consumable what came, whether it was on order or not.
type Replenish struct {
	Quantity int64  `json:"quantity"`
	Text     string `json:"text,omitempty"`
}

// Name returns "replenish".
func (Replenish) Name() string { return "replenish" }

// Apply adds the quantity; so much less is on order.
func (a Replenish) Apply(x *Asset, m itsm.Moment) error {
	if a.Quantity < 1 || a.Quantity > maxQuantity-x.Stock.OnHand {
		return itsm.Invalid("quantity", "range", "min", "1", "max", strconv.FormatInt(maxQuantity-x.Stock.OnHand, 10))
	}
	x.Stock.arrive(a.Quantity)
	m.Say(a.Text, false)
	return nil
}

// arrive takes over what came: so much less is on order.
func (s *Stock) arrive(quantity int64) {
	s.OnHand += quantity
	s.OnOrder = max(s.OnOrder-quantity, 0)
}

// Issue takes from the stock of a consumable. Who got it, for which cost centre, is on the event.
type Issue struct {
	Quantity   int64  `json:"quantity"`
	To         string `json:"to,omitempty"`
	CostCentre string `json:"cost_centre,omitempty"`
}

// Name returns "issue".
func (Issue) Name() string { return "issue" }

// Apply subtracts the quantity; more than there is, is refused.
func (a Issue) Apply(x *Asset, m itsm.Moment) error {
	if a.Quantity < 1 || a.Quantity > x.Stock.OnHand || x.Stock.Issued > maxQuantity {
		return itsm.Invalid("quantity", "range", "min", "1", "on_hand", strconv.FormatInt(x.Stock.OnHand, 10))
	}
	x.Stock.OnHand -= a.Quantity
	x.Stock.Issued += a.Quantity
	return m.Record("issued", a)
}

// Count sets the stock of a consumable to what was counted.
type Count struct {
	OnHand int64  `json:"on_hand"`
	Reason string `json:"reason"`
}

// Name returns "count".
func (Count) Name() string { return "count" }

// Apply sets the quantity; the event holds the difference.
func (a Count) Apply(x *Asset, m itsm.Moment) error {
	if a.OnHand < 0 || a.OnHand > maxQuantity {
		return itsm.Invalid("on_hand", "range", "min", "0", "max", maxQuantityText)
	}
	if a.OnHand != x.Stock.OnHand && a.Reason == "" {
		return itsm.Invalid("reason", "required", "because", "the count differs from "+strconv.FormatInt(x.Stock.OnHand, 10))
	}
	x.Stock.OnHand = a.OnHand
	m.Say(a.Reason, false)
	return nil
}

// SetReorder says when more of a consumable is to be ordered, and how much.
type SetReorder struct {
	Point    int64  `json:"point"`
	Quantity int64  `json:"quantity"`
	Unit     string `json:"unit,omitempty"` // an empty one stays
}

// Name returns "set_reorder".
func (SetReorder) Name() string { return "set_reorder" }

// Apply sets both.
func (a SetReorder) Apply(x *Asset, _ itsm.Moment) error {
	x.Stock.ReorderPoint, x.Stock.ReorderQuantity = a.Point, a.Quantity
	replace(&x.Stock.Unit, a.Unit)
	return nil
}

// Entitle sets the terms of a licence or subscription.
type Entitle struct {
	Grant Entitlement `json:"grant"`
}

// Name returns "entitle".
func (Entitle) Name() string { return "entitle" }

// Apply replaces the terms.
func (a Entitle) Apply(x *Asset, _ itsm.Moment) error {
	x.Grant = &a.Grant
	return nil
}
