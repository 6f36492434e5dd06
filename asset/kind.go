package asset

import (
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/lifecycle"
)

// Options are what a vendor may choose. The zero value is the standard.
type Options struct {
	// Lifecycle is the vendor's own workflow, made from [Lifecycle]; nil is the standard. Actions that it does not
	// have are not offered.
	Lifecycle *lifecycle.Lifecycle
	// Actions are the vendor's own, each in a rule of Lifecycle.
	Actions []itsm.Offer[Asset]
	// Fields are the vendor's own fields of every asset: its attributes. What differs by class is the class model's.
	Fields []itsm.Field
	// Locations are those allowed; nil allows all texts.
	Locations []string
	// Labels replace texts for people by key, see [itsm.Description].
	Labels map[string]string
}

var standard = sync.OnceValue(func() *itsm.Kind[Asset] {
	k, err := NewKind(Options{})
	if err != nil {
		panic(err) // the standard options are constants, and a test makes the kind
	}
	return k
})

// Kind returns the standard asset. It is made once, on first use.
func Kind() *itsm.Kind[Asset] { return standard() }

// NewKind returns an asset by a vendor's options, or everything that is wrong with them. Desks and stores take it in
// place of [Kind].
func NewKind(o Options) (*itsm.Kind[Asset], error) {
	if o.Lifecycle == nil {
		o.Lifecycle = Lifecycle()
	}
	d := itsm.Declaration[Asset]{
		Lifecycle: o.Lifecycle,
		Actions:   offers(o),
		Indexes:   indexes(),
		Number:    itsm.Numbering{Prefix: "AST"},
		Keyed:     []itsm.Keyed{{List: "reservations", By: []string{"id"}}},
		Long:      []string{"description"},
		Max:       map[string]int{"manufacturer": 50, "product": 120, "serial": 50, "tag": 100, "class": 40, "location": 120, "cost_centre": 120, "holder": maxHolder},
		Search:    []string{"title", "description", "manufacturer", "product", "serial", "tag"},
		Fields:    o.Fields,
		Labels:    o.Labels,
		Derive:    derive,
		Validate:  validate,
	}
	if o.Locations != nil {
		if len(o.Locations) == 0 || slices.Contains(o.Locations, "") {
			return nil, errors.New("asset: Options.Locations: want at least one location, none of them empty")
		}
		d.Choices = map[string][]string{"location": slices.Clone(o.Locations)}
	}
	return itsm.NewKind(Name, d)
}

// offers returns the actions with their guards, without those that the lifecycle does not have.
func offers(o Options) []itsm.Offer[Asset] {
	all := []offered{
		offer(Plan{}), offer(Register{}), offer(Order{}), offer(Receive{}), offer(Cancel{}),
		offer(CheckOut{}, isSingle), offer(Accept{}, isPending), offer(Decline{}, isPending), offer(CheckIn{}), offer(Extend{}, isHandedOut),
		offer(Transfer{}, isHandedOut), offer(Assign{}), offer(Reserve{}, isSingle), offer(Release{}),
		offer(Maintain{}, isThing), offer(Return{}, isUnderMaintenance),
		offer(Reorder{}, isConsumable), offer(Replenish{}, isConsumable), offer(Issue{}, isConsumable), offer(Count{}, isConsumable), offer(SetReorder{}, isConsumable),
		offer(Entitle{}, isGrant),
		offer(ReportLost{}, isThing), offer(ReportStolen{}, isThing), offer(Recover{}),
		offer(Retire{}), offer(Reinstate{}), offer(Dispose{}), offer(WriteOff{}),
		offer(Edit{}), offer(Identify{}), offer(Specify{}), offer(Reclassify{}), offer(Revalidate{}), offer(SetValue{}), offer(SetDates{}), offer(Sight{}),
		offer(Comment{}), offer(Relate{}), offer(Unrelate{}), offer(SetAttributes{}),
	}
	has := o.Lifecycle.Actions()
	var out []itsm.Offer[Asset]
	for _, x := range all {
		if slices.Contains(has, x.name) {
			out = append(out, x.offer)
		}
	}
	return append(out, o.Actions...)
}

// offered is an action with its guards, and the name by which the lifecycle knows it.
type offered struct {
	name  string
	offer itsm.Offer[Asset]
}

func offer(a itsm.Action[Asset], when ...itsm.Guard[Asset]) offered {
	return offered{a.Name(), itsm.Do(a, when...)}
}

// derive lets reservations go whose time is over.
func derive(x *Asset, m itsm.Moment) {
	over := func(r Reservation) bool { return !r.Until.After(m.Time) }
	if slices.ContainsFunc(x.Reservations, over) {
		x.Reservations = without(x.Reservations, over)
	}
}

// validate checks what an action made.
func validate(x *Asset, c *itsm.Checker) {
	c.Required(x.Title, "title")
	c.Check(x.Serial == "" || x.Category == Hardware, "serial", "only_with", "category", string(Hardware), "value", string(x.Category))
	c.Check((x.Category == Consumable) == (x.Stock != nil), "stock", "goes_with", "category", string(Consumable), "value", string(x.Category))
	c.Check(x.Grant == nil || x.Category.grants(), "grant", "only_with", "category", "licence, subscription", "value", string(x.Category))
	c.Check((x.State == InMaintenance) == (x.Maintenance != nil), "maintenance", "goes_with_state", "state", string(InMaintenance))
	if x.State == InStock {
		c.Check(x.Holder == "", "holder", "not_in_stock", "want", "check_out")
	}
	c.Check(x.Holder == "" || strings.TrimSpace(x.Holder) != "", "holder", "blank")
	checkDates(x, c)
	if !x.Purchase.Cost.IsZero() {
		c.Check(x.Purchase.Cost.Sign() >= 0, "purchase.cost", "negative", "value", x.Purchase.Cost.String())
	}
	if s := x.Stock; s != nil {
		c.Check(s.OnHand >= 0 && s.OnHand <= maxQuantity, "stock.on_hand", "range", "min", "0", "max", maxQuantityText)
		c.Check(s.ReorderPoint >= 0 && s.ReorderPoint <= maxQuantity, "stock.reorder_point", "range", "min", "0", "max", maxQuantityText)
		c.Check(s.ReorderQuantity >= 0 && s.ReorderQuantity <= maxQuantity, "stock.reorder_quantity", "range", "min", "0", "max", maxQuantityText)
		c.Check(s.OnOrder >= 0 && s.OnOrder <= maxQuantity, "stock.on_order", "range", "min", "0", "max", maxQuantityText)
		c.Check(s.Issued >= 0, "stock.issued", "range", "min", "0")
	}
	if x.Grant != nil {
		for _, p := range x.Grant.problems("grant.") {
			c.Fail(p.Path, p.Code, pairs(p.Params)...)
		}
	}
}

// checkDates refuses dates that no calendar has: Go code can make them, JSON cannot.
func checkDates(x *Asset, c *itsm.Checker) {
	type dated struct {
		path string
		on   calendar.Date
	}
	p := &x.Purchase
	dates := []dated{{"purchase.ordered_on", p.OrderedOn}, {"purchase.expected_on", p.ExpectedOn}, {"purchase.received_on", p.ReceivedOn},
		{"in_service_on", x.InServiceOn}, {"warranty_ends", x.WarrantyEnds}, {"support_ends", x.SupportEnds}, {"life_ends", x.LifeEnds}}
	if x.Maintenance != nil {
		dates = append(dates, dated{"maintenance.back_by", x.Maintenance.BackBy})
	}
	if g := x.Grant; g != nil {
		dates = append(dates, dated{"grant.from", g.From}, dated{"grant.until", g.Until}, dated{"grant.upgrade_until", g.UpgradeUntil})
	}
	for _, d := range dates {
		if _, err := calendar.ParseDate(d.on.String()); err != nil && !d.on.IsZero() {
			c.Fail(d.path, "date", "value", d.on.String())
		}
	}
}

// pairs returns parameters as pairs of name and value.
func pairs(params map[string]string) []string {
	var out []string
	for name, value := range params {
		out = append(out, name, value)
	}
	return out
}
