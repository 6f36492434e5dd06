package asset

import (
	"strings"

	"github.com/itsmkit/itsm"
)

// The handles by which assets are found and ordered, beside those that every kind has.
var (
	ByClass      = itsm.Text("class", func(a *Asset) string { return a.Class })
	ByCategory   = itsm.Text("category", func(a *Asset) Category { return a.Category })
	ByHolder     = itsm.Text("holder", func(a *Asset) string { return a.Holder }).Sparse()
	ByLocation   = itsm.Text("location", func(a *Asset) string { return a.Location })
	ByCostCentre = itsm.Text("cost_centre", func(a *Asset) string { return a.CostCentre })
	ByProduct    = itsm.Text("product", func(a *Asset) string { return a.Product }).Sparse()
	ByTag        = itsm.Text("tag", func(a *Asset) string { return a.claimed(folded(a.Tag)) }).Unique()
	// BySerial finds an asset by what [SerialKey] makes of manufacturer and serial number.
	BySerial = itsm.Text("serial", func(a *Asset) string { return a.claimed(SerialKey(a.Manufacturer, a.Serial)) }).Unique()
	// BySupplier is the supplier that it was bought from.
	BySupplier = itsm.Points("supplier", func(a *Asset) itsm.Ref { return a.Purchase.Supplier }).Sparse()
	// ByDueMonth are the months in which something of an asset ends, as YYYY-MM: see [Asset.Deadlines].
	ByDueMonth = itsm.Texts("due_month", func(a *Asset) []string { return a.dueMonths() })
	// ByReserved are the people for whom it is reserved. One that is over is found until something is done with the asset.
	ByReserved = itsm.Texts("reserved", func(a *Asset) []string { return a.reservedFor() })
	// BelowReorder leaves out everything of which nothing has to be ordered.
	BelowReorder = itsm.Flag("below_reorder", func(a *Asset) bool { return a.State == InStock && a.Stock.below() }).Sparse()
)

// indexes returns what the kind declares: the handles, the unique values, and the composites behind lists.
func indexes() []itsm.Indexed[Asset] {
	return []itsm.Indexed[Asset]{
		ByClass, ByCategory, ByHolder, ByLocation, ByCostCentre, ByProduct, ByTag, BySerial, BySupplier, ByDueMonth, ByReserved, BelowReorder,
		itsm.Text("unique_1", func(a *Asset) string { return a.claimed(a.Validated.Unique1) }).Unique(),
		itsm.Text("unique_2", func(a *Asset) string { return a.claimed(a.Validated.Unique2) }).Unique(),
		itsm.Text("unique_3", func(a *Asset) string { return a.claimed(a.Validated.Unique3) }).Unique(),
		itsm.Text("unique_4", func(a *Asset) string { return a.claimed(a.Validated.Unique4) }).Unique(),
		itsm.Then(ByCategory, itsm.ByState[Asset]()), itsm.Then(ByClass, itsm.ByState[Asset]()),
		itsm.Then(ByLocation, itsm.ByState[Asset]()),
	}
}

// SerialKey returns a serial number as it is compared: without its case, within its manufacturer; "" for none.
func SerialKey(manufacturer, serial string) string {
	if serial == "" || serial == itsm.Redacted {
		return ""
	}
	return escaped.Replace(folded(manufacturer)) + "/" + folded(serial)
}

// escaped keeps the '/' of a manufacturer apart from the one that ends its name: there are companies called A/S.
var escaped = strings.NewReplacer("%", "%25", "/", "%2F")

// claimed returns a value that no other asset may have, none of an asset that was never bought.
func (a *Asset) claimed(value string) string {
	if a.State == Cancelled {
		return ""
	}
	return value
}

// folded is a label as it is compared: people and scanners do not agree on its case.
func folded(s string) string {
	if s == itsm.Redacted {
		return s
	}
	return strings.ToUpper(strings.TrimSpace(s))
}

func (a *Asset) reservedFor() []string {
	var out []string
	for _, r := range a.Reservations {
		out = append(out, r.For)
	}
	return out
}

// below tells whether more has to be ordered.
func (s *Stock) below() bool {
	return s != nil && s.ReorderQuantity > 0 && s.OnHand+s.OnOrder <= s.ReorderPoint
}
