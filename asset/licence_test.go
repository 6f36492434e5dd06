package asset_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/money"
	"github.com/stretchr/testify/require"
)

// windows is the rule of Windows Server since 2016, as Microsoft's licensing guides and the partners that explain them
// give it: at least 8 cores for each processor, at least 16 for each server, sold in packs of two.
var windows = asset.CoreRule{MinPerProcessor: 8, MinPerServer: 16, Pack: 2}

func server(name string, processors int, cores int64, kind string) asset.Device {
	d := asset.Device{Name: name}
	for range processors {
		d.Processors = append(d.Processors, asset.Processor{Type: kind, Cores: cores})
	}
	return d
}

// needed counts one product by core on devices.
func needed(t *testing.T, rule asset.CoreRule, devices ...asset.Device) *asset.LicencePosition {
	e := asset.Estate{On: on(2026, 1, 1), Currency: money.EUR, Devices: devices,
		Products: []asset.Product{{Name: "p", Metric: asset.PerCore, Cores: rule}},
		Factors:  map[string]asset.Factors{"oracle": {"xeon": number("0.5"), "power": number("1"), "t1": number("0.25")}}}
	for _, d := range devices {
		e.Installations = append(e.Installations, asset.Installation{Product: "p", Device: d.Name})
	}
	p, err := asset.Position(e)
	require.NoError(t, err)
	return p
}

// Published examples of counting cores.
func TestPublishedCoreCounts(t *testing.T) {
	oracle := asset.CoreRule{Factors: "oracle", Total: true}
	for _, c := range []struct {
		source string
		rule   asset.CoreRule
		on     []asset.Device
		want   int64
	}{
		// support.bluesolutions.co.uk, "Microsoft Windows Server 2016 licensing requirements", 2017.
		{"2 processors of 4 cores", windows, []asset.Device{server("a", 2, 4, "")}, 16},
		{"4 processors of 4 cores", windows, []asset.Device{server("a", 4, 4, "")}, 32},
		// redresscompliance.com, "Windows Server core-based licensing mechanics".
		{"1 processor of 6 cores", windows, []asset.Device{server("a", 1, 6, "")}, 16},
		{"2 processors of 10 cores", windows, []asset.Device{server("a", 2, 10, "")}, 20},
		// samexpert.com, "Truth about Windows Server licensing with core packs": two servers of 2 × 12 cores.
		{"two servers of 24 cores", windows, []asset.Device{server("a", 2, 12, ""), server("b", 2, 12, "")}, 48},
		// oraclelicensingexperts.com, "Oracle core factor table": 16 cores × 0.5; and oraclelicenseaudits.pages.dev,
		// "Counting processors correctly with core factors": two sockets of 16 cores at 0.5.
		{"16 Xeon cores", oracle, []asset.Device{server("a", 1, 16, "xeon")}, 8},
		{"2 sockets of 16 cores", oracle, []asset.Device{server("a", 2, 16, "xeon")}, 16},
	} {
		require.Equal(t, c.want, needed(t, c.rule, c.on...).Products[0].Needed, c.source)
	}
}

// What the rules add to the published examples: rounding once for each type of processor, or for each server.
func TestCoreRounding(t *testing.T) {
	two := []asset.Device{server("a", 1, 5, "xeon"), server("b", 1, 5, "xeon"), server("c", 1, 3, "t1")}
	p := needed(t, asset.CoreRule{Factors: "oracle", Total: true}, two...)
	require.Equal(t, []asset.Need{{Subject: "t1", Units: 1, Why: "3 cores × 0.25 = 0.75"}, {Subject: "xeon", Units: 5, Why: "10 cores × 0.5 = 5"}}, p.Products[0].Needs)
	p = needed(t, asset.CoreRule{Factors: "oracle"}, two...)
	require.Equal(t, int64(3+3+1), p.Products[0].Needed)
	require.Equal(t, "5 cores, weighed 2.5", p.Products[0].Needs[0].Why)
	p = needed(t, asset.CoreRule{Factors: "oracle"}, server("a", 1, 4, "sparc"), asset.Device{Name: "b"})
	require.Equal(t, []asset.Finding{
		{Code: "factor_unknown", Subject: "sparc", Text: "no factor in table oracle: each core is counted as one"},
		{Code: "cores_unknown", Subject: "b", Text: "runs p, whose cores are licensed, but its processors are not known"},
		{Code: "no_price", Subject: "p", Text: "units are missing, but the product has no price"},
	}, p.Findings)
	require.Equal(t, int64(4), p.Products[0].Needed)
}

// small is an estate with two releases and a suite.
func small() asset.Estate {
	return asset.Estate{On: on(2026, 6, 30), Currency: money.EUR,
		Products: []asset.Product{
			{Name: "d3", Line: "d", Release: 3, Metric: asset.PerDevice, Price: eur(90)},
			{Name: "d4", Line: "d", Release: 4, Metric: asset.PerDevice, Price: eur(120), ReleasedOn: on(2026, 2, 1)},
		}}
}

func installed(product string, devices ...string) (out []asset.Installation) {
	for _, d := range devices {
		out = append(out, asset.Installation{Product: product, Device: d})
	}
	return out
}

func hold(id, product string, n int64) asset.Holding {
	return asset.Holding{ID: id, Entitlement: asset.Entitlement{Product: product, Metric: asset.PerDevice, Quantity: n, Cost: eur(10)}}
}

func position(t *testing.T, e asset.Estate) *asset.LicencePosition {
	p, err := asset.Position(e)
	require.NoError(t, err)
	return p
}

func TestRights(t *testing.T) {
	for name, c := range map[string]struct {
		of      string // the entitlement's product
		terms   func(*asset.Entitlement)
		used    string
		covered asset.Right
	}{
		"own":                        {"d3", nil, "d3", asset.ByOwn},
		"no right to earlier ones":   {"d4", nil, "d3", ""},
		"downgrade":                  {"d4", func(e *asset.Entitlement) { e.Downgrade = true }, "d3", asset.ByDowngrade},
		"no upgrade by a downgrade":  {"d3", func(e *asset.Entitlement) { e.Downgrade = true }, "d4", ""},
		"released on the last day":   {"d3", func(e *asset.Entitlement) { e.UpgradeUntil = on(2026, 2, 1) }, "d4", asset.ByUpgrade},
		"released the day after":     {"d3", func(e *asset.Entitlement) { e.UpgradeUntil = on(2026, 1, 31) }, "d4", ""},
		"named":                      {"d3", func(e *asset.Entitlement) { e.Also = []string{"d4"} }, "d4", asset.ByTerms},
		"ends on the day":            {"d3", func(e *asset.Entitlement) { e.Until = on(2026, 6, 30) }, "d3", asset.ByOwn},
		"ended the day before":       {"d3", func(e *asset.Entitlement) { e.Until = on(2026, 6, 29) }, "d3", ""},
		"begins on the day":          {"d3", func(e *asset.Entitlement) { e.From = on(2026, 6, 30) }, "d3", asset.ByOwn},
		"begins the day after":       {"d3", func(e *asset.Entitlement) { e.From = on(2026, 7, 1) }, "d3", ""},
		"another metric than wanted": {"d3", func(e *asset.Entitlement) { e.Metric = asset.PerUser }, "d3", ""},
	} {
		e := small()
		h := hold("l", c.of, 1)
		if c.terms != nil {
			c.terms(&h.Entitlement)
		}
		e.Holdings, e.Installations = []asset.Holding{h}, installed(c.used, "pc")
		p := position(t, e)
		var by asset.Right
		for _, x := range p.Products {
			for _, cover := range x.Covered {
				require.Equal(t, c.used, x.Product)
				by = cover.By
			}
		}
		require.Equal(t, c.covered, by, name)
	}
}

// The dearest product comes first, and what was met is moved, not dropped.
func TestDearestFirst(t *testing.T) {
	e := small()
	l1 := hold("l1", "d4", 2)
	l1.Downgrade = true
	e.Holdings = []asset.Holding{l1, hold("l2", "d3", 3)}
	e.Installations = append(installed("d3", "a", "b", "c", "e"), installed("d4", "x", "y")...)
	p := position(t, e)
	require.Equal(t, int64(1), p.Products[0].Missing, "d4 needs all of l1")
	require.Zero(t, p.Products[1].Missing)
	require.Equal(t, eur(90), p.Short)
	require.Equal(t, []asset.Cover{{Holding: "l1", Units: 2, By: asset.ByOwn}}, p.Products[1].Covered)

	e.Installations = installed("d3", "a", "a", "a")
	p = position(t, e)
	require.Equal(t, int64(1), p.Products[0].Needed, "a device counts once")
	require.Equal(t, []int64{2, 2}, []int64{p.Holdings[0].Unused, p.Holdings[1].Unused}, "its own entitlement is used first")
	require.Equal(t, eur(40), p.Idle)
}

func TestLaterReleaseCoversEarlierOnes(t *testing.T) {
	e := small()
	e.Installations = append(installed("d3", "a", "b"), installed("d4", "a")...)
	require.Equal(t, int64(2), position(t, e).Products[0].Needed)
	e.Products[1].CoversLower = true
	require.Equal(t, int64(1), position(t, e).Products[0].Needed, "a has the later release")
}

func TestPeak(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 3, 2, hour, 0, 0, 0, time.UTC) }
	e := asset.Estate{On: on(2026, 6, 30), Currency: money.EUR, Products: []asset.Product{{Name: "cad", Metric: asset.PerConcurrent}}}
	for _, s := range [][2]int{{8, 10}, {9, 11}, {10, 12}, {11, 13}, {11, 12}} {
		e.Sessions = append(e.Sessions, asset.Session{Product: "cad", From: at(s[0]), Until: at(s[1])})
	}
	p := position(t, e)
	require.Equal(t, []asset.Need{{Subject: "peak", Units: 3, Why: "3 at one time, first at 2026-03-02T11:00:00Z"}}, p.Products[0].Needs,
		"one that ends at 11 makes room for one that begins then")
}

func TestWhatAPositionCannotAnswer(t *testing.T) {
	e := small()
	e.Products = append(e.Products, asset.Product{Name: "free", Metric: asset.PerUser})
	odd := hold("l9", "gone", 1)
	odd.Also = []string{"never"}
	metric := hold("l8", "d3", 1)
	metric.Metric = asset.PerUser
	e.Holdings = []asset.Holding{odd, metric}
	e.Installations = append(installed("mystery", "a"), installed("free", "a")...)
	e.Uses = []asset.Use{{Product: "free", User: "cleo"}, {Product: "free", User: "cleo"}}
	e.Sessions = []asset.Session{{Product: "d4", From: time.Unix(0, 0), Until: time.Unix(1, 0)}}
	p := position(t, e)
	var got []string
	for _, f := range p.Findings {
		got = append(got, f.Code+" "+f.Subject)
	}
	named := small()
	named.Products = append(named.Products, asset.Product{Name: "free", Metric: asset.PerUser})
	also := hold("l7", "d3", 1)
	also.Also = []string{"free", "d4"}
	named.Holdings = []asset.Holding{also}
	require.Equal(t, []asset.Finding{{Code: "metric_differs", Subject: "l7", Text: "counts by device, free by user: it does not cover it"}}, position(t, named).Findings)
	require.Equal(t, []string{"unknown_product mystery", "not_counted free", "not_counted d4", "unknown_product gone", "metric_differs l8", "no_price free"}, got)
	require.Equal(t, int64(1), p.Products[2].Missing)
	require.Contains(t, p.Explain(), "note: mystery: in use")
}

func TestBadEstates(t *testing.T) {
	for want, change := range map[string]func(*asset.Estate){
		"on: required":                         func(e *asset.Estate) { e.On = on(0, 0, 0) },
		"currency: unknown":                    func(e *asset.Estate) { e.Currency = "XXX" },
		"products[1].name: twice":              func(e *asset.Estate) { e.Products[1].Name = "d3" },
		"products[1].release: twice":           func(e *asset.Estate) { e.Products[1].Release = 3 },
		"products[0].metric: choice":           func(e *asset.Estate) { e.Products[0].Metric = "socket" },
		"products[0].price: currency":          func(e *asset.Estate) { e.Products[0].Price = money.Must(money.New(1, money.USD)) },
		"products[0].price: negative":          func(e *asset.Estate) { e.Products[0].Price = eur(-1) },
		"products[0].cores: only with":         func(e *asset.Estate) { e.Products[0].Cores = windows },
		"products[0].cores.pack: range":        func(e *asset.Estate) { e.Products[0].Cores.Pack = -1 },
		"products[0].cores.total: excludes":    func(e *asset.Estate) { e.Products[0].Cores = asset.CoreRule{Total: true, Pack: 2} },
		"products[0].cores.factors: unknown":   func(e *asset.Estate) { e.Products[0].Cores.Factors = "none" },
		"holdings[1].id: required once":        func(e *asset.Estate) { e.Holdings = []asset.Holding{hold("a", "d3", 1), hold("a", "d3", 1)} },
		"holdings[0].metric: choice":           func(e *asset.Estate) { e.Holdings = []asset.Holding{hold("a", "d3", 1)}; e.Holdings[0].Metric = "x" },
		"holdings[0].quantity: range":          func(e *asset.Estate) { e.Holdings = []asset.Holding{hold("a", "d3", 0)} },
		"devices[0].processors[0].cores: rang": func(e *asset.Estate) { e.Devices = []asset.Device{server("a", 1, 0, "")} },
		"sessions[0].until: not after":         func(e *asset.Estate) { e.Sessions = []asset.Session{{Product: "d3"}} },
		"factors.f.x: range": func(e *asset.Estate) {
			e.Products[0].Metric, e.Products[0].Cores.Factors, e.Factors = asset.PerCore, "f", map[string]asset.Factors{"f": {"x": number("-1")}}
		},
	} {
		e := small()
		change(&e)
		_, err := asset.Position(e)
		require.ErrorIs(t, err, itsm.ErrInvalid, want)
		require.ErrorContains(t, err, want)
	}
}

// What is wrong comes in the same order each time.
func TestProblemsHaveAnOrder(t *testing.T) {
	e := small()
	e.Products[0].Metric, e.Products[0].Cores.Factors = asset.PerCore, "f"
	bad := asset.Factors{}
	for i := range 20 {
		bad[fmt.Sprintf("p%02d", i)] = number("-1")
	}
	e.Factors = map[string]asset.Factors{"f": bad}
	_, err := asset.Position(e)
	var invalid *itsm.ValidationError
	require.ErrorAs(t, err, &invalid)
	require.Len(t, invalid.Problems, 20)
	for i, p := range invalid.Problems {
		require.Equal(t, fmt.Sprintf("factors.f.p%02d", i), p.Path)
	}
}

func TestAhead(t *testing.T) {
	e := small()
	ends, begins := hold("old", "d3", 2), hold("new", "d3", 1)
	ends.Until, begins.From = on(2026, 9, 30), on(2026, 11, 1)
	e.Holdings, e.Installations = []asset.Holding{ends, begins}, installed("d3", "a", "b")
	turns, err := asset.Ahead(e, on(2026, 12, 31))
	require.NoError(t, err)
	var got []string
	for _, x := range turns {
		got = append(got, fmt.Sprint(x.On, " +", strings.Join(x.Begin, ","), " -", strings.Join(x.Ended, ","), " short ", x.Position.Short))
	}
	require.Equal(t, []string{"2026-10-01 + -old short 1.80 EUR", "2026-11-01 +new - short 0.90 EUR"}, got)
	none, err := asset.Ahead(e, on(2026, 9, 30))
	require.NoError(t, err)
	require.Empty(t, none)
	_, err = asset.Ahead(e, on(2026, 6, 29))
	require.ErrorIs(t, err, itsm.ErrInvalid)
}

func TestHoldingsOfADesk(t *testing.T) {
	d := newDepot(t, asset.Kind())
	terms := asset.Entitlement{Product: "d3", Metric: asset.PerDevice, Quantity: 5, Until: on(2026, 12, 31)}
	licence := d.open(asset.Register{Asset: asset.Particulars{Title: "Draw", Class: "licence", Grant: &terms}})
	d.open(asset.Plan{Asset: asset.Particulars{Title: "More", Class: "subscription", Grant: &terms}})
	d.open(laptop())
	got, err := asset.Holdings(d.as("ann"), d.desk)
	require.NoError(t, err)
	require.Equal(t, []asset.Holding{{ID: licence.Number, Entitlement: terms}}, got, "what is planned is no right")
	terms.Quantity = 7
	licence = d.do(licence, asset.Entitle{Grant: terms})
	require.Equal(t, int64(7), licence.Grant.Quantity)
}

func TestExplainNamesEachRight(t *testing.T) {
	e := small()
	e.Products = append(e.Products, asset.Product{Name: "viewer", Metric: asset.PerDevice})
	up, terms := hold("up", "d3", 1), hold("terms", "d4", 1)
	up.UpgradeUntil, terms.Also = on(2026, 12, 31), []string{"viewer"}
	past := hold("past", "d3", 1)
	past.Until = on(2026, 1, 1)
	e.Holdings, e.Installations = []asset.Holding{up, terms, past}, append(installed("d4", "a"), installed("viewer", "b")...)
	text := position(t, e).Explain()
	require.Contains(t, text, "d4: 1 of up, by the right to later releases")
	require.Contains(t, text, "viewer: 1 of terms, by its terms")
	require.Contains(t, text, "past (not in force)")
}

// Estates come as JSON from inventories, and positions go as JSON to screens: neither loses anything on the way.
func TestEstatesAndPositionsAsJSON(t *testing.T) {
	e := small()
	e.Factors = map[string]asset.Factors{"usual": {"x86": number("0.5"), "": number("1")}}
	e.Products = append(e.Products, asset.Product{Name: "base", Metric: asset.PerCore, Price: eur(800), Cores: asset.CoreRule{Factors: "usual", Total: true}},
		asset.Product{Name: "cad", Metric: asset.PerConcurrent})
	ends := hold("l1", "d4", 2)
	ends.Downgrade, ends.Until, ends.Also = true, e.On, []string{"cad"}
	e.Holdings, e.Installations = []asset.Holding{ends}, append(installed("d3", "a"), installed("base", "a")...)
	e.Devices = []asset.Device{server("a", 2, 5, "x86")}
	e.Sessions = []asset.Session{{Product: "cad", From: time.Unix(0, 0).UTC(), Until: time.Unix(9, 0).UTC()}}
	raw, err := json.Marshal(e)
	require.NoError(t, err)
	require.Contains(t, string(raw), `"factors":{"usual":{"":"1","x86":"0.5"}}`)
	var read asset.Estate
	require.NoError(t, json.Unmarshal(raw, &read))
	require.Equal(t, e, read)
	p := position(t, e)
	raw, err = json.Marshal(p)
	require.NoError(t, err)
	require.Contains(t, string(raw), `"until":"2026-06-30","days":0`, "it ends today")
	var shown asset.LicencePosition
	require.NoError(t, json.Unmarshal(raw, &shown))
	require.Equal(t, *p, shown)
}
