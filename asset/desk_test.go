package asset_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// depot is a desk for assets and one for class models, with a clock that only moves when it is told to.
type depot struct {
	t      require.TestingT
	desk   *itsm.Desk[asset.Asset]
	models *itsm.Desk[asset.ClassModel]
	now    time.Time
	ids    atomic.Int64
}

const tenant = "acme"

func newDepot(t require.TestingT, k *itsm.Kind[asset.Asset]) *depot {
	d := &depot{t: t, now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	store := memory.New()
	models := memory.For(store, asset.ModelKind())
	clock := func() time.Time { return d.now }
	id := func(time.Time) itsm.ID { // the same IDs in every run
		var id itsm.ID
		n := d.ids.Add(1)
		id[6], id[8], id[14], id[15] = 0x70, 0x80, byte(n>>8), byte(n)
		return id
	}
	var err error
	d.models, err = itsm.NewDesk(asset.ModelKind(), itsm.Config[asset.ClassModel]{Repository: models, Policy: itsm.AllowAll, Clock: clock, NewID: id})
	require.NoError(t, err)
	d.desk, err = itsm.NewDesk(k, itsm.Config[asset.Asset]{Repository: memory.For(store, k), Policy: itsm.AllowAll, Clock: clock, NewID: id,
		Facts: asset.Facts(models, "")})
	require.NoError(t, err)
	return d
}

// as returns the context of a person of the tenant.
func (d *depot) as(id string) context.Context {
	return itsm.WithActor(context.Background(), itsm.Actor{ID: id, Tenant: tenant})
}

func (d *depot) open(a itsm.Action[asset.Asset]) asset.Asset {
	x, err := d.desk.Open(d.as("ann"), a)
	require.NoError(d.t, err)
	return x
}

// do lets ann do actions on an asset, which must all succeed.
func (d *depot) do(x asset.Asset, actions ...itsm.Action[asset.Asset]) asset.Asset {
	for _, a := range actions {
		var err error
		x, err = d.desk.Do(d.as("ann"), x.ID, a)
		require.NoError(d.t, err, a.Name())
	}
	return x
}

// refused does an action that must fail and change nothing, and returns the error.
func (d *depot) refused(x asset.Asset, a itsm.Action[asset.Asset]) error {
	_, err := d.desk.Do(d.as("ann"), x.ID, a)
	require.Error(d.t, err, a.Name())
	stored, failed := d.desk.Get(d.as("ann"), x.ID)
	require.NoError(d.t, failed)
	require.Equal(d.t, x, stored, "a failure changes nothing")
	return err
}

func (d *depot) history(x asset.Asset) []itsm.Event {
	page, err := d.desk.History(d.as("ann"), x.ID, itsm.PageRequest{Limit: itsm.MaxPage})
	require.NoError(d.t, err)
	return page.Items
}

func laptop() asset.Register {
	return asset.Register{Asset: asset.Particulars{Title: "Laptop", Class: "laptop", Manufacturer: "Example", Serial: "S-1", Tag: "A-1", Location: "Oslo"}}
}

func on(y, m, d int) calendar.Date { return calendar.Date{Year: y, Month: time.Month(m), Day: d} }

func eur(coins int64) money.Amount { return money.Must(money.New(coins, money.EUR)) }

func values(t require.TestingT, v map[string]any) itsm.Attributes {
	a, err := itsm.AttributesOf(v)
	require.NoError(t, err)
	return a
}

func TestLoan(t *testing.T) {
	d := newDepot(t, asset.Kind())
	x := d.open(laptop())
	week := d.now.AddDate(0, 0, 7)
	x = d.do(x, asset.Reserve{ID: "r1", For: "dan", From: week, Until: week.AddDate(0, 0, 7)})
	require.ErrorContains(t, d.refused(x, asset.CheckOut{To: "cleo"}), "to: reserved (for dan")
	require.ErrorContains(t, d.refused(x, asset.CheckOut{To: "cleo", DueBack: week.Add(time.Hour)}), "reserved")
	x = d.do(x, asset.CheckOut{To: "cleo", DueBack: week, Acceptance: true})
	require.Equal(t, asset.Deployed, x.State)
	require.ErrorContains(t, d.refused(x, asset.Accept{}), "not the holder")
	require.ErrorContains(t, d.refused(x, asset.Extend{DueBack: week.Add(time.Hour)}), "due_back: reserved")
	require.ErrorContains(t, d.refused(x, asset.Reserve{ID: "r2", For: "eve", From: d.now, Until: week}), "from: handed out")
	x, err := d.desk.Do(d.as("cleo"), x.ID, asset.Accept{})
	require.NoError(t, err)
	require.Equal(t, d.now, x.Custody.AcceptedAt)

	d.now = week.AddDate(0, 0, 1)
	due, err := asset.Due(d.as("ann"), d.desk, calendar.DateOf(d.now), on(2026, 1, 1), on(2026, 12, 31))
	require.NoError(t, err)
	require.Len(t, due, 1)
	require.Equal(t, asset.LoanDue, due[0].Type)
	require.Equal(t, -1, due[0].Days, "overdue since yesterday")

	x = d.do(x, asset.CheckIn{Location: "Bergen", Condition: "scratched"}, asset.CheckOut{To: "dan"})
	require.Empty(t, x.Reservations, "the holder's own reservation is used up")
	require.Equal(t, "dan", x.Holder)
	require.Equal(t, on(2026, 3, 2), x.InServiceOn, "the first use counts")
}

// A blank is nobody.
func TestNobody(t *testing.T) {
	d := newDepot(t, asset.Kind())
	x := d.open(laptop())
	require.ErrorContains(t, d.refused(x, asset.CheckOut{To: " "}), "to: required")
	require.ErrorContains(t, d.refused(x, asset.CheckOut{To: " ", Location: "Home", Acceptance: true}), "to: required")
	require.ErrorContains(t, d.refused(x, asset.CheckOut{To: " ", Location: "Home"}), "holder: blank")
	require.ErrorContains(t, d.refused(x, asset.Reserve{ID: "r", For: "\t", From: d.now, Until: d.now.Add(time.Hour)}), "for: required")
	x = d.do(x, asset.CheckOut{Location: "Home"})
	require.ErrorContains(t, d.refused(x, asset.Transfer{To: " "}), "to: required")
}

func TestDecline(t *testing.T) {
	d := newDepot(t, asset.Kind())
	x := d.do(d.open(laptop()), asset.CheckOut{To: "cleo", Location: "Home", Acceptance: true})
	x, err := d.desk.Do(d.as("cleo"), x.ID, asset.Decline{Reason: "the wrong one"})
	require.NoError(t, err)
	require.Equal(t, asset.InStock, x.State)
	require.Equal(t, "Oslo", x.Location, "back where it was handed out")
	require.Empty(t, x.Holder)
}

// What comes back is where it was handed out, unless somebody says where: a home is no stock room.
func TestComesBackToStock(t *testing.T) {
	d := newDepot(t, asset.Kind())
	x := d.open(laptop())
	home := asset.CheckOut{To: "cleo", Location: "Home"}
	x = d.do(x, home, asset.CheckIn{})
	require.Equal(t, "Oslo", x.Location)
	x = d.do(x, home, asset.Transfer{To: "dan", Location: "Another home"}, asset.CheckIn{})
	require.Equal(t, "Oslo", x.Location)
	x = d.do(x, home, asset.Maintain{Reason: "fan"}, asset.Return{ToStock: true})
	require.Equal(t, "Oslo", x.Location)
	x = d.do(x, home, asset.Maintain{Reason: "fan"}, asset.Return{})
	require.Equal(t, "Home", x.Location, "it did not come back")
	x = d.do(x, asset.CheckIn{Location: "Bergen"})
	require.Equal(t, "Bergen", x.Location)
	x = d.do(x, asset.Maintain{Reason: "fan"}, asset.Return{})
	require.Equal(t, "Bergen", x.Location)
}

func TestMaintenanceGoesBackToWhereItWas(t *testing.T) {
	d := newDepot(t, asset.Kind())
	x := d.do(d.open(laptop()), asset.CheckOut{To: "cleo"}, asset.Maintain{Reason: "fan"})
	require.Equal(t, "cleo", x.Holder, "the holder keeps it")
	x = d.do(x, asset.Return{})
	require.Equal(t, asset.Deployed, x.State)
	x = d.do(x, asset.Maintain{Reason: "fan again"}, asset.Return{ToStock: true})
	require.Equal(t, asset.InStock, x.State)
	require.Empty(t, x.Holder)
}

func TestLossAndRecovery(t *testing.T) {
	d := newDepot(t, asset.Kind())
	x := d.do(d.open(laptop()), asset.CheckOut{To: "cleo"}, asset.ReportLost{Text: "in the train"}, asset.ReportStolen{Text: "seen on camera", Report: "P-9"})
	require.Equal(t, asset.Loss{At: d.now, Text: "seen on camera", Report: "P-9", Holder: "cleo", From: asset.Deployed}, *x.Loss)
	x = d.do(x, asset.Recover{Location: "Oslo"})
	require.Equal(t, asset.InStock, x.State)
	require.Nil(t, x.Loss)
	x = d.do(x, asset.ReportStolen{Text: "again"}, asset.WriteOff{Reason: "insured", Proceeds: eur(500)})
	require.Equal(t, asset.WrittenOff, x.Disposal.Method)
}

// The evidence that a disposal needs is that of the class as it is then.
func TestEvidenceOfDisposal(t *testing.T) {
	d := newDepot(t, asset.Kind())
	x := d.do(d.open(laptop()), asset.Retire{Reason: "old"}, asset.Assign{Location: "cellar"})
	require.Equal(t, "cellar", x.Location, "what waits for its disposal is somewhere")
	require.ErrorContains(t, d.refused(x, asset.Dispose{Method: asset.Sold, Wiped: asset.NoData}), "wiped_by: required", "somebody says that there is no data")
	x = d.do(x, asset.Dispose{Method: asset.Sold, Wiped: asset.NoData, WipedBy: "ann"})
	require.Equal(t, "ann", x.Disposal.WipedBy)

	p := d.do(d.open(asset.Register{Asset: asset.Particulars{Title: "Printer", Class: "peripheral"}}), asset.Retire{Reason: "old"})
	classes := asset.StandardClasses()
	for i := range classes {
		classes[i].HoldsData = classes[i].HoldsData || classes[i].Name == "peripheral"
	}
	_, err := d.models.Open(d.as("ann"), asset.Define{Model: "standard", Classes: classes})
	require.NoError(t, err)
	require.ErrorContains(t, d.refused(p, asset.Dispose{Method: asset.Recycled}), "wiped: required (because class peripheral holds data)")
	d.do(p, asset.Dispose{Method: asset.Recycled, Wiped: asset.Purged, WipedBy: "ann", Certificate: "W-2"})
}

func TestConsumable(t *testing.T) {
	d := newDepot(t, asset.Kind())
	x := d.open(asset.Register{Asset: asset.Particulars{Title: "Toner", Class: "consumable", Stock: &asset.Stock{OnHand: 5}}})
	require.ErrorContains(t, d.refused(x, asset.CheckOut{To: "cleo"}), "consumable")
	x = d.do(x, asset.SetReorder{Point: 3, Quantity: 10}, asset.Issue{Quantity: 2, To: "cleo", CostCentre: "4100"})
	require.Equal(t, int64(3), x.Stock.OnHand)
	require.ErrorContains(t, d.refused(x, asset.Issue{Quantity: 4}), "on_hand 3")
	require.JSONEq(t, `{"quantity":2,"to":"cleo","cost_centre":"4100"}`, string(d.history(x)[2].Facts[0].Value))
	low, err := d.desk.Count(d.as("ann"), itsm.Where(asset.BelowReorder.Is(true)))
	require.NoError(t, err)
	require.Equal(t, int64(1), low.Total)
	x = d.do(x, asset.Reorder{Quantity: 10})
	low, err = d.desk.Count(d.as("ann"), itsm.Where(asset.BelowReorder.Is(true)))
	require.NoError(t, err)
	require.Zero(t, low.Total, "what is on order is not ordered again")
	levels, err := asset.Levels(d.desk.All(d.as("ann"), itsm.Query[asset.Asset]{}), d.now)
	require.NoError(t, err)
	require.Equal(t, []asset.Level{{Class: "consumable", InStock: 3, Coming: 10}}, levels)
	paper := d.do(d.open(asset.Plan{Asset: asset.Particulars{Title: "Paper", Class: "consumable", Location: "Oslo", Stock: &asset.Stock{OnOrder: 20}}}), asset.Order{Order: "PO-2"})
	levels, err = asset.Levels(d.desk.All(d.as("ann"), itsm.Where(asset.ByLocation.Is("Oslo"))), d.now)
	require.NoError(t, err)
	require.Equal(t, int64(20), levels[0].Coming)
	paper = d.do(paper, asset.Receive{Quantity: 15})
	require.Equal(t, []int64{15, 5}, []int64{paper.Stock.OnHand, paper.Stock.OnOrder})
	x = d.do(x, asset.Replenish{Quantity: 4})
	require.Equal(t, []int64{7, 6}, []int64{x.Stock.OnHand, x.Stock.OnOrder}, "a part has come")
	x = d.do(x, asset.Replenish{Quantity: 7}) // one more than was ordered
	require.Equal(t, []int64{14, 0}, []int64{x.Stock.OnHand, x.Stock.OnOrder})
	require.ErrorContains(t, d.refused(x, asset.Reorder{Quantity: -1}), "quantity: range")
	x = d.do(x, asset.Reorder{Quantity: 5}, asset.Reorder{}, asset.Issue{Quantity: 11})
	require.Zero(t, x.Stock.OnOrder, "the order was cancelled")
	require.ErrorContains(t, d.refused(x, asset.Count{OnHand: 2}), "reason: required")
	x = d.do(x, asset.Count{OnHand: 2, Reason: "one was broken"}, asset.Replenish{Quantity: 10})
	require.Equal(t, int64(12), x.Stock.OnHand)
	low, err = d.desk.Count(d.as("ann"), itsm.Where(asset.BelowReorder.Is(true)))
	require.NoError(t, err)
	require.Zero(t, low.Total)
}

func TestBadInput(t *testing.T) {
	d := newDepot(t, asset.Kind())
	first := d.open(laptop())
	with := func(change func(*asset.Particulars)) asset.Register {
		r := laptop()
		r.Asset.Serial, r.Asset.Tag = "", ""
		change(&r.Asset)
		return r
	}
	for name, c := range map[string]struct {
		with asset.Register
		want string
	}{
		"one serial twice": {with(func(p *asset.Particulars) { p.Serial = " s-1" }), "duplicate: serial"},
		"one label twice":  {with(func(p *asset.Particulars) { p.Tag = "a-1" }), "duplicate: tag"},
		"no class":         {with(func(p *asset.Particulars) { p.Class = "" }), "class: required"},
		"abstract class":   {with(func(p *asset.Particulars) { p.Class = "computer" }), "class: abstract"},
		"no title":         {with(func(p *asset.Particulars) { p.Title = " " }), "title: required"},
		"wrong type":       {with(func(p *asset.Particulars) { p.Specification = values(t, map[string]any{"memory_gb": "many"}) }), "specification.memory_gb: type"},
		"undeclared":       {with(func(p *asset.Particulars) { p.Specification = values(t, map[string]any{"wings": 2}) }), "specification.wings: undeclared (allowed host_name"},
		"attribute twice": {with(func(p *asset.Particulars) {
			p.Specification = itsm.Attributes{{Key: "host_name", Value: `"a"`}, {Key: "host_name", Value: `"b"`}}
		}), "specification.host_name: twice"},
		"stock of hardware":   {with(func(p *asset.Particulars) { p.Stock = &asset.Stock{} }), "stock: goes with"},
		"serial of a licence": {with(func(p *asset.Particulars) { p.Class, p.Serial = "licence", "x" }), "serial: only with"},
		"licence of hardware": {with(func(p *asset.Particulars) {
			p.Grant = &asset.Entitlement{Product: "a", Metric: asset.PerUser, Quantity: 1}
		}), "grant: only with"},
		"licence of nothing":    {with(func(p *asset.Particulars) { p.Class, p.Grant = "licence", &asset.Entitlement{Metric: "x"} }), "grant.metric: choice"},
		"a date of no calendar": {with(func(p *asset.Particulars) { p.WarrantyEnds = on(2026, 2, 30) }), "warranty_ends: date (value 2026-02-30)"},
		"negative stock":        {with(func(p *asset.Particulars) { p.Class, p.Stock = "consumable", &asset.Stock{OnHand: -1} }), "stock.on_hand: range"},
	} {
		_, err := d.desk.Open(d.as("ann"), c.with)
		require.ErrorContains(t, err, c.want, name)
		var invalid *itsm.ValidationError
		if errors.As(err, &invalid) {
			told := map[string]bool{}
			for _, p := range invalid.Problems {
				require.False(t, told[p.Path+p.Code], "%s: each thing is told once: %v", name, err)
				told[p.Path+p.Code] = true
			}
		}
	}
	all, err := d.desk.Count(d.as("ann"), itsm.Query[asset.Asset]{})
	require.NoError(t, err)
	require.Equal(t, int64(1), all.Total, "nothing was stored")

	other := d.open(with(func(p *asset.Particulars) { p.Manufacturer, p.Serial = "Another", "S-1" }))
	require.NotEqual(t, first.ID, other.ID, "another manufacturer may use the same number")
	require.ErrorContains(t, d.refused(other, asset.Identify{Manufacturer: "example", Serial: "s-1"}), "duplicate")
	long := asset.Reserve{ID: "r", For: strings.Repeat("å", 121), From: d.now, Until: d.now.Add(time.Hour)}
	require.ErrorContains(t, d.refused(first, long), "reserve: invalid: for: too long (max 120)", "nobody of such a name could have it")
	x := d.do(first, asset.Retire{Reason: "old"})
	for _, bad := range []asset.Dispose{{}, {Method: asset.Sold}, {Method: asset.WrittenOff}, {Method: asset.Sold, Wiped: asset.Purged},
		{Method: asset.Sold, Wiped: asset.Purged, WipedBy: "x"}, {Method: "burnt", Wiped: asset.NoData}} {
		require.ErrorIs(t, d.refused(x, bad), itsm.ErrInvalid)
	}
}
