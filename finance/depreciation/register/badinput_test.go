package register_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/finance/depreciation/register"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/storetest"
)

// What is wrong is named by field and rule, and nothing is stored.
func TestRefusedTerms(t *testing.T) {
	right := straight("100.00", "0.00", 2)
	with := func(change func(*register.Terms)) register.Terms {
		x := register.Terms{Name: "tax", Plan: right}
		change(&x)
		return x
	}
	dollars, err := money.Parse("1.00", money.USD)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		terms      register.Terms
		path, code string
	}{
		"no name":            {with(func(x *register.Terms) { x.Name = " " }), "books[0].name", "required"},
		"no plan":            {with(func(x *register.Terms) { x.Plan = depreciation.Plan{} }), "books[0].plan.cost", "currency"},
		"salvage":            {with(func(x *register.Terms) { x.Plan.Salvage = eur("100.01") }), "books[0].plan.salvage", "salvage_above_cost"},
		"salvage in dollars": {with(func(x *register.Terms) { x.Plan.Salvage = dollars }), "books[0].plan.salvage", "currency"},
		"negative":           {with(func(x *register.Terms) { x.Plan.Cost, x.Plan.Salvage = eur("-1.00"), eur("-2.00") }), "books[0].plan.cost", "negative"},
		"periods":            {with(func(x *register.Terms) { x.Plan.Periods = 0 }), "books[0].plan.periods", "periods"},
		"method":             {with(func(x *register.Terms) { x.Plan.Method = "guess" }), "books[0].plan.method", "method"},
		"convention":         {with(func(x *register.Terms) { x.Plan.Convention = "guess" }), "books[0].plan.convention", "convention"},
		"no dates":           {with(func(x *register.Terms) { x.Plan.Start = calendar.Date{} }), "books[0].plan.start", "dates"},
		"rate":               {with(func(x *register.Terms) { x.Plan.Method = depreciation.DecliningBalance }), "books[0].plan.rate", "rate"},
		"no rounding":        {with(func(x *register.Terms) { x.Plan.Rounding = "" }), "books[0].plan.rounding", "rounding"},
		"units given": {with(func(x *register.Terms) {
			x.Plan.Method, x.Plan.TotalUnits, x.Plan.Units = depreciation.UnitsOfUse, money.Int(9), []money.Number{money.Int(1)}
		}), "books[0].plan.units", "units"},
		"units without start": {with(func(x *register.Terms) {
			x.Plan.Method, x.Plan.TotalUnits, x.Plan.Start = depreciation.UnitsOfUse, money.Int(9), calendar.Date{}
		}), "books[0].plan.start", "required"},
		"no such day": {with(func(x *register.Terms) {
			x.Plan.Method, x.Plan.TotalUnits, x.Plan.Start = depreciation.UnitsOfUse, money.Int(9), calendar.Date{Year: 2026, Month: 2, Day: 30}
		}), "books[0].plan.start", "date"},
		"balance without day": {with(func(x *register.Terms) { x.Balance.Depreciated = eur("1.00") }), "books[0].balance.on", "required"},
		"balance before":      {with(func(x *register.Terms) { x.Balance = register.Balance{On: day("2025-12-31"), Depreciated: eur("1.00")} }), "books[0].balance.on", "before_book"},
		"balance of nothing":  {with(func(x *register.Terms) { x.Balance = register.Balance{On: day("2026-12-31")} }), "books[0].balance.depreciated", "required"},
		"balance in dollars":  {with(func(x *register.Terms) { x.Balance = register.Balance{On: day("2026-12-31"), Depreciated: dollars} }), "books[0].balance.depreciated", "currency"},
		"balance too high": {with(func(x *register.Terms) {
			x.Balance = register.Balance{On: day("2026-12-31"), Depreciated: eur("100.01")}
		}), "books[0].balance.depreciated", "above_base"},
		"balance too late": {with(func(x *register.Terms) {
			x.Balance = register.Balance{On: day("2028-01-01"), Depreciated: eur("99.00")}
		}), "books[0].balance.on", "no_life_left"},
		"all units used": {with(func(x *register.Terms) {
			x.Plan.Method, x.Plan.TotalUnits = depreciation.UnitsOfUse, money.Int(9)
			x.Balance = register.Balance{On: day("2026-12-31"), Depreciated: eur("1.00"), Used: money.Int(9)}
		}), "books[0].balance.used", "range"},
		"long name": {with(func(x *register.Terms) { x.Name = strings.Repeat("x", 65) }), "books[0].name", "too_long"},
	} {
		_, err := newBench(t).desk.Open(newBench(t).ctx(), register.Capitalise{Title: "Rack", Books: []register.Terms{c.terms}})
		t.Log(name)
		problem(t, err, c.path, c.code)
	}
	b := newBench(t)
	x := register.Terms{Name: "tax", Plan: right}
	_, err = b.desk.Open(b.ctx(), register.Capitalise{Title: "Rack"})
	problem(t, err, "books", "required")
	_, err = b.desk.Open(b.ctx(), register.Capitalise{Books: []register.Terms{x}})
	problem(t, err, "title", "required")
	_, err = b.desk.Open(b.ctx(), register.Capitalise{Title: "Rack", Books: []register.Terms{x, x}})
	problem(t, err, "books[1].name", "duplicate")
	a := b.open(x)
	y := register.Terms{Name: "group", Plan: right}
	y.Plan.Cost, y.Plan.Salvage = dollars, dollars
	b.refused(a, register.AddBook{Book: y}, "books[1].plan.cost", "currency")
	b.refused(a, register.AddBook{Book: x}, "book.name", "duplicate")
	y.Plan = straight("50.00", "0.00", 1)
	a = b.do(a, register.AddBook{Book: y})
	require.Equal(t, "0.00 EUR", value(t, a, "group", "2026-12-31"))
}

func TestRefusedActions(t *testing.T) {
	b := newBench(t)
	yen, err := money.New(5, money.JPY)
	require.NoError(t, err)
	units := depreciation.Plan{Method: depreciation.UnitsOfUse, Cost: eur("10.00"), Salvage: eur("0.00"), TotalUnits: money.Int(9), Start: day("2026-01-01"), Rounding: money.Down}
	a := b.open(register.Terms{Name: "statutory", Plan: units}, register.Terms{Name: "tax", Plan: straight("100.00", "0.00", 2)})
	a = b.do(a, register.Depreciate{Until: day("2026-12-31")})
	on, year, plan := day("2027-01-01"), "2027-01-01", register.NextPlan{Method: depreciation.StraightLine, Periods: 1, FirstEnd: day("2027-12-31")}
	for _, c := range []struct {
		action     itsm.Action[register.Asset]
		path, code string
	}{
		{register.Revalue{Book: "none", On: on, Value: eur("1.00"), Reason: "x"}, "book", "unknown"},
		{register.Revalue{Book: "tax", On: on, Value: eur("1.00")}, "reason", "required"},
		{register.Revalue{Book: "tax", Value: eur("1.00"), Reason: "x"}, "on", "required"},
		{register.Revalue{Book: "tax", On: calendar.Date{Year: 10000, Month: 1, Day: 1}, Value: eur("1.00"), Reason: "x"}, "on", "date"},
		{register.Revalue{Book: "tax", On: on, Reason: "x"}, "value", "required"},
		{register.Revalue{Book: "tax", On: on, Value: yen, Reason: "x"}, "value", "currency"},
		{register.Revalue{Book: "tax", On: on, Value: eur("-0.01"), Reason: "x"}, "value", "negative"},
		{register.Revalue{Book: "tax", On: day("2025-12-31"), Value: eur("1.00"), Reason: "x"}, "on", "before_book"},
		{register.Revalue{Book: "tax", On: day("2026-12-31"), Value: eur("1.00"), Reason: "x"}, "on", "charged"},
		{register.Revalue{Book: "tax", On: day("2028-01-01"), Value: eur("1.00"), Reason: "x"}, "on", "no_life_left"},
		{register.Revalue{Book: "statutory", On: on, Value: eur("1.00"), Reason: "x"}, "on", "use_missing"},
		{register.Impair{Book: "tax", On: on, Value: eur("50.00"), Reason: "x"}, "value", "not_below"},
		{register.Impair{Book: "tax", On: on, Value: eur("49.00")}, "reason", "required"},
		{register.Revise{Book: "tax", On: on, Plan: plan}, "reason", "required"},
		{register.Revise{Book: "none", On: on, Plan: plan, Reason: "x"}, "book", "unknown"},
		{register.Revise{Book: "tax", On: on, Plan: register.NextPlan{Method: depreciation.StraightLine, Periods: 1, FirstEnd: day("2026-12-31")}, Reason: "x"}, "plan.first_end", "dates"},
		{register.Revise{Book: "tax", On: on, Plan: register.NextPlan{Method: depreciation.StraightLine, Salvage: eur("51.00"), Periods: 1}, Reason: "x"}, "plan.salvage", "salvage_above_cost"},
		{register.Revise{Book: "tax", On: on, Plan: register.NextPlan{Method: depreciation.StraightLine}, Reason: "x"}, "plan.periods", "periods"},
		{register.Dispose{On: on}, "reason", "required"},
		{register.Dispose{On: on, Part: 3, Whole: 2, Reason: "x"}, "part", "range"},
		{register.Dispose{On: on, Part: -1, Whole: 2, Reason: "x"}, "part", "range"},
		{register.Dispose{On: on, Proceeds: yen, Reason: "x"}, "proceeds", "currency"},
		{register.Dispose{On: on, Proceeds: eur("-1.00"), Reason: "x"}, "proceeds", "negative"},
		{register.Divide{On: on, Parts: []register.Portion{{Weight: 1, Title: "x"}}}, "parts", "range"},
		{register.Divide{On: on, Parts: []register.Portion{{Weight: 1, Title: "x"}, {Weight: 0, Title: "y"}}}, "parts[1].weight", "range"},
		{register.Divide{On: on, Parts: []register.Portion{{Weight: 1, Title: "x"}, {Weight: math.MaxInt64, Title: "y"}}}, "parts[1].weight", "range"},
		{register.Divide{On: on, Parts: []register.Portion{{Weight: 1, Title: "x"}, {Weight: 1}}}, "parts[1].title", "required"},
		{register.Use{Book: "tax", Until: on, Units: money.Int(1)}, "book", "method"},
		{register.Use{Book: "none", Until: on, Units: money.Int(1)}, "book", "unknown"},
		{register.Use{Book: "statutory", Until: on, Units: money.Int(-1)}, "units", "negative"},
		{register.Use{Book: "statutory", Until: day("2025-12-31"), Units: money.Int(1)}, "until", "range"},
		{register.Use{Book: "statutory", Units: money.Int(1)}, "until", "required"},
		{register.Depreciate{}, "until", "required"},
		{register.Depreciate{Until: on, Book: "none"}, "book", "unknown"},
		{register.Edit{}, "title", "required"},
	} {
		b.refused(a, c.action, c.path, c.code)
	}
	stored, err := b.desk.Get(b.ctx(), a.ID)
	require.NoError(t, err)
	require.Equal(t, a, stored, "nothing is half done")
	require.Equal(t, year, on.String())
	_, err = register.DepreciateAll(b.ctx(), b.desk, calendar.Date{}, b.now)
	problem(t, err, "until", "required")
}

// A part is received once, of an asset that was divided.
func TestRefusedParts(t *testing.T) {
	b := newBench(t)
	a := b.open(register.Terms{Name: "tax", Plan: straight("100.00", "0.00", 2)})
	for _, c := range []struct {
		action     register.Receive
		path, code string
	}{
		{register.Receive{Of: itsm.Ref{Kind: register.Name, ID: itsm.ID{1}}, Part: 1}, "of", "not_found"},
		{register.Receive{Of: a.Ref("incident"), Part: 1}, "of", "not_found"},
		{register.Receive{Of: a.Ref(register.Name), Part: 1}, "of", "not_divided"},
	} {
		_, err := b.desk.Open(b.ctx(), c.action)
		problem(t, err, c.path, c.code)
	}
	parts, err := register.Split(b.ctx(), b.desk, b.store, a.ID, register.Divide{On: day("2027-01-01"), Parts: []register.Portion{{Weight: 2, Title: "left"}, {Weight: 1, Title: "right"}}})
	require.NoError(t, err)
	require.Equal(t, "33.33 EUR", parts[0].Charges[0].Amount.String())
	require.Equal(t, "16.67 EUR", parts[1].Charges[0].Amount.String())
	_, err = b.desk.Open(b.ctx(), register.Receive{Of: a.Ref(register.Name), Part: 3})
	problem(t, err, "part", "range")
	_, err = parts[0].Position("tax", day("2026-12-31"))
	require.ErrorIs(t, err, register.ErrBefore)

	alone, err := itsm.NewDesk(register.Kind(), itsm.Config[register.Asset]{Repository: memory.For(memory.New(), register.Kind()), Policy: itsm.AllowAll})
	require.NoError(t, err)
	_, err = alone.Open(b.ctx(), register.Receive{Of: a.Ref(register.Name), Part: 1})
	problem(t, err, "", "facts_required")
}

// What comes as JSON is read strictly: no number that is none, none that is too long, no currency that does not exist, no day
// that does not, and no field that is misspelt.
func TestRefusedJSON(t *testing.T) {
	for text, path := range map[string]string{
		`{"books":[{"plan":{"cost":{"amount":"NaN","currency":"EUR"}}}]}`:                             "books[0].plan.cost",
		`{"books":[{"plan":{"cost":{"amount":"1e400","currency":"EUR"}}}]}`:                           "books[0].plan.cost",
		`{"books":[{"plan":{"cost":{"amount":"` + strings.Repeat("9", 80) + `","currency":"EUR"}}}]}`: "books[0].plan.cost",
		`{"books":[{"plan":{"salvage":{"amount":"1.00","currency":"XQX"}}}]}`:                         "books[0].plan.salvage",
		`{"books":[{"plan":{"rate":"Infinity"}}]}`:                                                    "books[0].plan.rate",
		`{"books":[{"plan":{"periods":1.5}}]}`:                                                        "books[0].plan.periods",
		`{"books":[{"plan":{"start":"2026-02-30"}}]}`:                                                 "books[0].plan.start",
		`{"books":[{"balance":{"on":"01.02.2026"}}]}`:                                                 "books[0].balance.on",
		`{"books":[{"plan":{"live":5}}]}`:                                                             "books[0].plan.live",
	} {
		_, err := register.Kind().Decode("capitalise", []byte(text))
		var invalid *itsm.ValidationError
		require.ErrorAs(t, err, &invalid, text)
		require.Equal(t, path, invalid.Problems[0].Path, text)
	}
	x, err := register.Kind().Decode("dispose", []byte(`{"on":"2027-07-15","part":1,"whole":3,"proceeds":{"amount":"5.00","currency":"EUR"},"reason":"sold"}`))
	require.NoError(t, err)
	require.Equal(t, register.Dispose{On: day("2027-07-15"), Part: 1, Whole: 3, Proceeds: eur("5.00"), Reason: "sold"}, x)
}

// An amount near the end of what an Amount holds is an error and no wrong figure.
func TestOverflow(t *testing.T) {
	b := newBench(t)
	a := b.open(register.Terms{Name: "tax", Plan: straight("92233720368547758.07", "0.00", 2)})
	b.refused(a, register.Revalue{Book: "tax", On: day("2027-01-01"), Value: eur("92233720368547758.07"), Reason: "x"}, "value", "overflow")
}

// Every store keeps assets as the memory store does.
func TestRunKind(t *testing.T) {
	storetest.RunKind(t, register.Kind(), func(*testing.T) itsm.Repository[register.Asset] {
		return memory.For(memory.New(), register.Kind())
	}, someAsset)
}

func someAsset(rnd *rand.Rand, a *register.Asset) itsm.Action[register.Asset] {
	if a == nil {
		p := straight("1000.00", "100.00", 1+rnd.IntN(5))
		p.Method = []depreciation.Method{depreciation.StraightLine, depreciation.SumOfYears, depreciation.DoubleDeclining}[rnd.IntN(3)]
		return register.Capitalise{Title: "Rack", Class: "servers", Books: []register.Terms{{Name: "tax", Plan: p}, {Name: "statutory", Plan: straight("900.00", "0.00", 7)}}}
	}
	on := calendar.DateOf(time.Date(2026, time.Month(1+rnd.IntN(60)), 1+rnd.IntN(28), 0, 0, 0, 0, time.UTC))
	value := money.Must(money.New(rnd.Int64N(100000), money.EUR))
	switch rnd.IntN(6) {
	case 0:
		return register.Depreciate{Until: on}
	case 1:
		return register.Revalue{Book: "tax", On: on, Value: value, Reason: "x"}
	case 2:
		return register.Impair{Book: "statutory", On: on, Value: value, Reason: "x"}
	case 3:
		return register.Dispose{On: on, Part: 1, Whole: 1 + rnd.Int64N(5), Proceeds: value, Reason: "x"}
	case 4:
		return register.Divide{On: on, Parts: []register.Portion{{Weight: 1, Title: "a"}, {Weight: 2, Title: "b"}}}
	}
	return register.Edit{Class: "racks"}
}
