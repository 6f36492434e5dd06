package asset_test

import (
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// all yields assets as a desk does.
func all(list ...asset.Asset) iter.Seq2[asset.Asset, error] {
	return func(yield func(asset.Asset, error) bool) {
		for _, a := range list {
			if !yield(a, nil) {
				return
			}
		}
	}
}

var errBroken = errors.New("broken")

func broken(yield func(asset.Asset, error) bool) { yield(asset.Asset{}, errBroken) }

func TestDue(t *testing.T) {
	d := newDepot(t, asset.Kind())
	r := laptop()
	r.Asset.WarrantyEnds, r.Asset.SupportEnds, r.Asset.LifeEnds = on(2026, 3, 31), on(2026, 4, 1), on(2045, 12, 31)
	x := d.open(r)
	d.open(asset.Register{Asset: asset.Particulars{Title: "Draw", Class: "subscription",
		Grant: &asset.Entitlement{Product: "d3", Metric: asset.PerSeat, Quantity: 5, Until: on(2026, 3, 30), UpgradeUntil: on(2026, 3, 31)}}})
	p := d.open(asset.Plan{Asset: asset.Particulars{Title: "Desk lamp", Class: "peripheral", WarrantyEnds: on(2026, 3, 31)}})
	d.do(p, asset.Order{Order: "PO-1", ExpectedOn: on(2026, 3, 31)})
	found := func(from, to [3]int) (out []string) {
		list, err := asset.Due(d.as("ann"), d.desk, on(2026, 3, 2), on(from[0], from[1], from[2]), on(to[0], to[1], to[2]))
		require.NoError(t, err)
		for _, x := range list {
			require.Equal(t, on(2026, 3, 2).DaysUntil(x.On), x.Days)
			out = append(out, x.On.String()+" "+x.Number+" "+string(x.Type))
		}
		return out
	}
	require.Equal(t, []string{"2026-03-30 AST0000002 term", "2026-03-31 AST0000001 warranty", "2026-03-31 AST0000002 upgrade", "2026-03-31 AST0000003 delivery"},
		found([3]int{2026, 3, 2}, [3]int{2026, 3, 31}), "an order has no warranty yet")
	require.Equal(t, []string{"2026-04-01 AST0000001 support", "2045-12-31 AST0000001 life"}, found([3]int{2026, 4, 1}, [3]int{2046, 3, 31}), "20 years")
	require.Empty(t, found([3]int{2026, 4, 2}, [3]int{2026, 12, 31}))
	for _, to := range []int{2047, 2025} {
		_, err := asset.Due(d.as("ann"), d.desk, on(2026, 3, 2), on(2026, 4, 1), on(to, 1, 1))
		require.ErrorIs(t, err, itsm.ErrInvalid)
	}
	d.do(x, asset.Retire{Reason: "old"})
	require.Empty(t, found([3]int{2026, 4, 1}, [3]int{2026, 4, 30}), "what is retired is due for nothing")
}

func TestAudit(t *testing.T) {
	at := func(number, tag, serial, location string, state asset.State) asset.Asset {
		a := asset.Asset{Title: number, Class: "laptop", Manufacturer: "Example", Tag: tag, Serial: serial, Location: location}
		a.Number, a.State, a.ID = number, state, itsm.ID{number[0]}
		return a
	}
	list := []asset.Asset{
		at("a", "T1", "S1", "Oslo", asset.InStock), at("b", "T2", "S2", "Oslo", asset.Deployed), at("c", "T3", "", "Bergen", asset.Deployed),
		at("d", "T4", "", "Oslo", asset.Disposed), at("e", "", "S5", "Oslo", asset.InMaintenance), at("f", "", "", "Oslo", asset.InStock),
		at("g", "T7", "S7", "Oslo", asset.Deployed),
	}
	scans := []asset.Scan{
		{Tag: "t1 ", Location: "Oslo"}, {Tag: "T1", Location: "Bergen"}, // the second is again the same
		{Serial: "s2", Manufacturer: "EXAMPLE", Location: "Bergen"},
		{Tag: "T4", Location: "Oslo"},
		{Tag: "T9", Location: "Oslo"},
		{Tag: "T1", Serial: "S2", Manufacturer: "Example", Location: "Oslo"},
	}
	got, err := asset.Audit(all(list...), scans, asset.AuditScope{Locations: []string{"Oslo"}})
	require.NoError(t, err)
	numbers := func(list []asset.Seen) (out []string) {
		for _, s := range list {
			out = append(out, s.Number)
		}
		return out
	}
	require.Equal(t, []string{"a"}, numbers(got.Found))
	require.Equal(t, []string{"b"}, numbers(got.WrongPlace))
	require.Equal(t, "Bergen", got.WrongPlace[0].At)
	require.Equal(t, []string{"g"}, numbers(got.Missing), "c is elsewhere, e in repair, f cannot be seen")
	require.Equal(t, []string{"d"}, numbers(got.WrongState))
	require.Equal(t, scans[4:5], got.Unexpected)
	require.Equal(t, scans[5:6], got.Conflicts)
	require.Equal(t, scans[1:2], got.Again)
	_, err = asset.Audit(broken, nil, asset.AuditScope{})
	require.ErrorIs(t, err, errBroken)
}

// What scanners send in practice: a number without its maker, other writing, a label on another thing.
func TestAuditOfRealScans(t *testing.T) {
	at := func(number, tag, manufacturer, serial string) asset.Asset {
		a := asset.Asset{Tag: tag, Manufacturer: manufacturer, Serial: serial, Location: "Oslo, 2nd floor"}
		a.Number, a.State = number, asset.Deployed
		return a
	}
	redacted := at("e", "T5", "", itsm.Redacted)
	planned := at("x", "T1", "", "")
	planned.State = asset.Cancelled
	list := []asset.Asset{at("a", "T1", "Apple", "C02X"), at("b", "T2", "Dell", "7"), at("c", "", "Acer", "7"), at("d", "T4", "", "D1"), redacted, planned}
	place := " oslo, 2nd Floor"
	for name, c := range map[string]struct {
		scan asset.Scan
		want string // the asset that is found, or the list of the scan
	}{
		"a number without its maker":             {asset.Scan{Serial: " c02x"}, "a"},
		"a number of another maker":              {asset.Scan{Serial: "C02X", Manufacturer: "Dell"}, "unexpected"},
		"a number of two makers":                 {asset.Scan{Serial: "7"}, "conflict"},
		"a number of two makers, and the label":  {asset.Scan{Serial: "7", Tag: "T2"}, "b"},
		"a number of two makers, and the maker":  {asset.Scan{Serial: "7", Manufacturer: "ACER"}, "c"},
		"a maker that the record does not know":  {asset.Scan{Serial: "D1", Manufacturer: "HP"}, "d"},
		"the label on a thing without a record":  {asset.Scan{Tag: "T1", Serial: "Z9"}, "conflict"},
		"a thing with a label of no record":      {asset.Scan{Tag: "T9", Serial: "C02X"}, "conflict"},
		"a first label":                          {asset.Scan{Tag: "T9", Serial: "7", Manufacturer: "Acer"}, "c"},
		"a number of no record, label known":     {asset.Scan{Tag: "T4", Serial: "D2"}, "conflict"},
		"a number that was redacted":             {asset.Scan{Tag: "T5", Serial: "D9"}, "e"},
		"neither label nor number":               {asset.Scan{}, "unexpected"},
		"a label of what was never bought, too":  {asset.Scan{Tag: "T1"}, "a"},
		"label and number of two assets at once": {asset.Scan{Tag: "T1", Serial: "D1"}, "conflict"},
	} {
		c.scan.Location = place
		got, err := asset.Audit(all(list...), []asset.Scan{c.scan}, asset.AuditScope{Locations: []string{"OSLO, 2nd floor "}})
		require.NoError(t, err)
		is := map[string]int{"conflict": len(got.Conflicts), "unexpected": len(got.Unexpected)}
		for _, f := range got.Found {
			is[f.Number]++
		}
		require.Equal(t, 1, is[c.want], "%s: %+v", name, got)
		require.Len(t, got.Missing, 5-len(got.Found), name)
	}
}

// Each scan is in one list, each asset in the scope in one too, in whatever order was scanned.
func TestAuditLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []asset.Asset
		place := rapid.SampledFrom([]string{"Oslo", "Bergen"})
		due := 0
		for i := range rapid.IntRange(0, 6).Draw(t, "assets") {
			a := asset.Asset{Class: "laptop", Manufacturer: "Example", Location: place.Draw(t, "location")}
			a.Number, a.State = string(rune('a'+i)), rapid.SampledFrom([]asset.State{asset.InStock, asset.Deployed, asset.Lost, asset.Retired}).Draw(t, "state")
			if rapid.Bool().Draw(t, "labelled") {
				a.Tag = "T" + a.Number
			}
			if rapid.Bool().Draw(t, "numbered") {
				a.Serial = "S" + a.Number
			}
			if a.Location == "Oslo" && (a.State == asset.InStock || a.State == asset.Deployed) && a.Tag+a.Serial != "" {
				due++
			}
			list = append(list, a)
		}
		one := func(t *rapid.T, prefix string) string {
			if n := rapid.IntRange(-1, 6).Draw(t, prefix); n >= 0 {
				return prefix + string(rune('a'+n))
			}
			return ""
		}
		scans := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) asset.Scan {
			return asset.Scan{Tag: one(t, "T"), Manufacturer: "Example", Serial: one(t, "S"), Location: place.Draw(t, "at")}
		}), 0, 12).Draw(t, "scans")
		got, err := asset.Audit(all(list...), scans, asset.AuditScope{Locations: []string{"Oslo"}})
		require.NoError(t, err)
		require.Len(t, scans, len(got.Found)+len(got.WrongPlace)+len(got.WrongState)+len(got.Unexpected)+len(got.Conflicts)+len(got.Again))
		seen := map[string]bool{}
		inScope := len(got.Missing)
		for _, x := range slices.Concat(got.Found, got.WrongPlace, got.WrongState, got.Missing) {
			require.False(t, seen[x.Number], "an asset is in one list")
			seen[x.Number] = true
		}
		for _, x := range append(got.Found, got.WrongPlace...) {
			if x.Recorded == "Oslo" {
				inScope++
			}
		}
		require.Equal(t, due, inScope)
	})
}

func TestLevels(t *testing.T) {
	d := newDepot(t, asset.Kind())
	for i := range 4 {
		r := laptop()
		r.Asset.Serial, r.Asset.Tag = "", ""
		x := d.open(r)
		switch i {
		case 0:
			d.do(x, asset.CheckOut{To: "cleo"})
		case 1:
			d.do(x, asset.Reserve{ID: "r", For: "dan", From: d.now, Until: d.now.Add(time.Hour)})
		case 2:
			d.do(x, asset.Retire{Reason: "old"})
		}
	}
	d.open(asset.Plan{Asset: asset.Particulars{Title: "Laptop", Class: "laptop", Location: "Oslo"}})
	d.open(asset.Register{Asset: asset.Particulars{Title: "Toner", Class: "consumable", Stock: &asset.Stock{OnHand: 7}}})
	later, err := asset.Levels(d.desk.All(d.as("ann"), itsm.Query[asset.Asset]{}), d.now.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, asset.Level{Class: "laptop", Location: "Oslo", InStock: 2, Coming: 1, Deployed: 1}, later[1], "a reservation that is over reserves nothing")
	levels, err := asset.Levels(d.desk.All(d.as("ann"), itsm.Query[asset.Asset]{}), d.now)
	require.NoError(t, err)
	require.Equal(t, []asset.Level{{Class: "consumable", InStock: 7}, {Class: "laptop", Location: "Oslo", InStock: 2, Reserved: 1, Coming: 1, Deployed: 1}}, levels)
	rules := []asset.ReorderRule{{Class: "laptop", Location: "Oslo", Point: 2, Target: 5}, {Class: "laptop", Location: "Oslo", Point: 1, Target: 5},
		{Class: "mobile", Point: 0, Target: 3}, {Class: "consumable", Point: 9, Target: 7}}
	require.Equal(t, []asset.Shortage{{Rule: rules[0], Level: levels[1], Order: 3}, {Rule: rules[2], Level: asset.Level{Class: "mobile"}, Order: 3}},
		asset.Shortages(levels, rules))
	_, err = asset.Levels(broken, d.now)
	require.ErrorIs(t, err, errBroken)
}

func TestValuation(t *testing.T) {
	d := newDepot(t, asset.Kind())
	x := d.open(asset.Plan{Cost: eur(100000), Asset: asset.Particulars{Title: "Laptop", Class: "laptop", CostCentre: "4100"}})
	x = d.do(x, asset.Order{Order: "PO-1", Cost: eur(110000)}, asset.Receive{Cost: eur(120000)})
	d.now = d.now.AddDate(0, 0, 10)
	x = d.do(x, asset.CheckOut{To: "cleo"}, asset.Sight{Location: "Oslo"},
		asset.SetValue{Cost: eur(125000), InServiceOn: on(2026, 3, 9), Reason: "docking station; in use since Monday"},
		asset.Transfer{To: "dan", CostCentre: "4200"}, asset.Retire{Reason: "broken"}, asset.Reinstate{Reason: "repaired"}, asset.Retire{Reason: "broken"},
		asset.Dispose{Method: asset.Sold, Wiped: asset.Cleared, WipedBy: "ann", Certificate: "W-1", Proceeds: eur(9000)})
	events, err := asset.Valuation(d.history(x))
	require.NoError(t, err)
	var got []string
	for _, e := range events {
		require.Equal(t, x.Ref(asset.Name), e.Asset)
		got = append(got, e.On.String()+" "+string(e.Type)+" "+e.Amount.String()+" "+e.CostCentre)
	}
	require.Equal(t, []string{
		"2026-03-02 acquired 1200.00 EUR 4100",
		"2026-03-12 in_service 1200.00 EUR 4100",
		"2026-03-12 cost_adjusted 50.00 EUR 4100",
		"2026-03-09 service_moved 1250.00 EUR 4100",
		"2026-03-12 cost_moved no amount 4200",
		"2026-03-12 retired no amount 4200",
		"2026-03-12 reinstated no amount 4200",
		"2026-03-12 retired no amount 4200",
		"2026-03-12 derecognised 90.00 EUR 4200",
	}, got)
	_, err = asset.Valuation([]itsm.Event{{To: asset.InStock, Changes: []itsm.Change{{Path: "/purchase/cost", New: []byte(`"much"`)}}}})
	require.ErrorContains(t, err, "/purchase/cost")
}

// What is registered while it is in use has been here at least as long; what is not here yet is not in use.
func TestValueOfWhatIsInUse(t *testing.T) {
	d := newDepot(t, asset.Kind())
	r := laptop()
	r.Purchase.Cost, r.InServiceOn = eur(90000), on(2024, 2, 29)
	x := d.open(r)
	require.Equal(t, on(2024, 2, 29), x.Purchase.ReceivedOn)
	events, err := asset.Valuation(d.history(x))
	require.NoError(t, err)
	require.Len(t, events, 2)
	require.Equal(t, []calendar.Date{on(2024, 2, 29), on(2024, 2, 29)}, []calendar.Date{events[0].On, events[1].On})

	p := d.open(asset.Plan{Asset: asset.Particulars{Title: "Laptop", Class: "laptop"}, Cost: eur(1)})
	require.ErrorContains(t, d.refused(p, asset.SetValue{InServiceOn: on(2026, 3, 1), Reason: "soon"}), "in_service_on: not here yet (state planned)")
	d.do(p, asset.SetValue{Cost: eur(2), Reason: "dearer"})
}

func TestVariant(t *testing.T) {
	l, err := asset.Lifecycle().With(lifecycle.Remove("report_stolen"), lifecycle.RemoveState(asset.Stolen))
	require.NoError(t, err)
	k, err := asset.NewKind(asset.Options{Lifecycle: l, Locations: []string{"Oslo"}, Fields: []itsm.Field{{Key: "project", Type: itsm.FieldText, Indexed: true}}})
	require.NoError(t, err)
	d := newDepot(t, k)
	r := laptop()
	r.Asset.Attributes = itsm.Attributes{{Key: "project", Value: `"x"`}}
	d.open(r)
	r.Asset.Location = "Rome"
	_, err = d.desk.Open(d.as("ann"), r)
	require.ErrorContains(t, err, "location: choice")
	_, err = asset.NewKind(asset.Options{Locations: []string{""}})
	require.ErrorContains(t, err, "Options.Locations")
}
