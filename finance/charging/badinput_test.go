package charging_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/money"
)

var (
	perUnit = charging.Tariff{Model: charging.PerUnit, Price: price("0.10"), Rounding: money.HalfUp}
	march   = charging.MonthOf(day("2026-03-01"))
)

func tiers(list ...charging.Tier) charging.Tariff {
	return charging.Tariff{Model: charging.Graduated, Tiers: list, Rounding: money.HalfUp}
}

func inYen(text string) money.Price {
	p, err := money.ParsePrice(text, money.JPY)
	check(err)
	return p
}

func TestTariffsThatAreRefused(t *testing.T) {
	one := charging.Tier{UpTo: number("10"), UnitPrice: price("1")}
	for name, c := range map[string]struct {
		tariff charging.Tariff
		is     error
		says   string
	}{
		"no model":          {charging.Tariff{Price: price("1"), Rounding: money.HalfUp}, charging.ErrTariff, `model "" is unknown`},
		"no price":          {charging.Tariff{Model: charging.Flat, Rounding: money.HalfUp}, money.ErrCurrency, "currency"},
		"no rounding":       {charging.Tariff{Model: charging.Flat, Price: price("1")}, money.ErrRounding, "rounding"},
		"unknown rounding":  {charging.Tariff{Model: charging.Flat, Price: price("1"), Rounding: "banker"}, money.ErrRounding, "banker"},
		"discount over all": {charging.Tariff{Model: charging.Flat, Price: price("1"), Markup: number("-1.01"), Rounding: money.HalfUp}, charging.ErrTariff, "-1.01"},
		"no size":           {charging.Tariff{Model: charging.Packages, Price: price("1"), Rounding: money.HalfUp}, charging.ErrTariff, "package of 0 units"},
		"a size":            {charging.Tariff{Model: charging.PerUnit, Price: price("1"), Size: number("3"), Rounding: money.HalfUp}, charging.ErrTariff, "per_unit has no size"},
		"tiers of a flat":   {charging.Tariff{Model: charging.Flat, Price: price("1"), Tiers: []charging.Tier{one}, Rounding: money.HalfUp}, charging.ErrTariff, "no tiers"},
		"no tiers":          {charging.Tariff{Model: charging.Volume, Price: price("1"), Rounding: money.HalfUp}, charging.ErrTariff, "volume wants tiers"},
		"price and tiers":   {charging.Tariff{Model: charging.Volume, Price: price("1"), Tiers: []charging.Tier{one}, Rounding: money.HalfUp}, charging.ErrTariff, "neither price nor size"},
		"overlapping tiers": {tiers(one, charging.Tier{UpTo: number("9.99"), UnitPrice: price("1")}), charging.ErrTariff, "tier 2 is up to 9.99, want more than 10"},
		"empty tier":        {tiers(one, one), charging.ErrTariff, "tier 2 is up to 10, want more than 10"},
		"negative tier":     {tiers(charging.Tier{UpTo: number("-5"), UnitPrice: price("1")}), charging.ErrTariff, "tier 1 is up to -5"},
		"behind an open":    {tiers(charging.Tier{UnitPrice: price("1")}, one), charging.ErrTariff, "tier 1 has no end, but tier 2 follows"},
		"tier in yen":       {tiers(one, charging.Tier{UnitPrice: inYen("1")}), money.ErrCurrency, "tier 2"},
		"fee in yen":        {tiers(charging.Tier{UnitPrice: price("1"), FlatFee: inYen("1")}), money.ErrCurrency, "JPY"},
		"tier of no price":  {tiers(one, charging.Tier{}), money.ErrCurrency, "tier 2"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.tariff.Charge(number("1"))
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, c.says)
			require.True(t, strings.HasPrefix(err.Error(), "charging: "), err)
			_, err = charging.NewList(charging.Entry{Item: "cpu", From: day("2026-01-01"), Tariff: c.tariff})
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, `entry 1 of item "cpu"`)
			require.Equal(t, 1, strings.Count(err.Error(), "charging: "), err)
		})
	}
}

func TestPriceListsThatAreRefused(t *testing.T) {
	entry := func(from, until string) charging.Entry {
		e := charging.Entry{Item: "cpu", From: day(from), Tariff: perUnit}
		if until != "" {
			e.Until = day(until)
		}
		return e
	}
	yen := entry("2026-02-01", "")
	yen.Tariff.Price = inYen("1")
	nameless, taxed, dateless, unreal := entry("2026-01-01", ""), entry("2026-01-01", ""), entry("2026-01-01", ""), entry("2026-01-01", "")
	nameless.Item, taxed.Tax = "", number("-0.19")
	dateless.From, unreal.From = calendar.Date{}, calendar.Date{Year: 2026, Month: 2, Day: 30}
	for name, c := range map[string]struct {
		entries []charging.Entry
		is      error
		says    string
	}{
		"overlap":        {[]charging.Entry{entry("2026-02-01", ""), entry("2026-01-01", "2026-02-03")}, charging.ErrList, "overlap from 2026-02-01 to 2026-02-03"},
		"gap":            {[]charging.Entry{entry("2026-01-01", "2026-01-30"), entry("2026-02-02", "")}, charging.ErrList, "no price from 2026-01-31 to 2026-02-01"},
		"twice":          {[]charging.Entry{entry("2026-01-01", ""), entry("2026-01-01", "")}, charging.ErrList, "two entries from 2026-01-01 on"},
		"two currencies": {[]charging.Entry{entry("2026-01-01", ""), yen}, money.ErrCurrency, "JPY"},
		"no item":        {[]charging.Entry{nameless}, charging.ErrList, "names no item"},
		"negative tax":   {[]charging.Entry{taxed}, charging.ErrTax, "-0.19"},
		"no date":        {[]charging.Entry{dateless}, charging.ErrDates, "0-00-00"},
		"no such date":   {[]charging.Entry{unreal}, charging.ErrDates, "2026-02-30"},
		"ends first":     {[]charging.Entry{entry("2026-01-02", "2026-01-01")}, charging.ErrDates, "from 2026-01-02 until 2026-01-01"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := charging.NewList(c.entries...)
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestUsageThatIsRefused(t *testing.T) {
	list, err := charging.NewList(charging.Entry{Item: "cpu", From: day("2026-02-01"), Until: day("2026-03-20"), Tariff: perUnit})
	require.NoError(t, err)
	good := charging.Usage{ID: "a", Customer: "cleo", Item: "cpu", On: day("2026-03-05"), Quantity: number("1")}
	with := func(change func(u *charging.Usage)) charging.Usage {
		u := good
		u.ID = "b"
		change(&u)
		return u
	}
	most, err := money.NewNumber(math.MaxInt64, 0)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		record charging.Usage
		is     error
		says   string
	}{
		"nobody's":         {with(func(u *charging.Usage) { u.Customer = "" }), charging.ErrUsage, "required"},
		"of nothing":       {with(func(u *charging.Usage) { u.Item = "" }), charging.ErrUsage, "required"},
		"without ID":       {with(func(u *charging.Usage) { u.ID = "" }), charging.ErrUsage, "required"},
		"same ID":          {with(func(u *charging.Usage) { u.ID, u.Quantity = "a", number("2") }), charging.ErrUsage, `usage record "a": usage: the ID was used before for something else: 1 of "cpu" by "cleo" on 2026-03-05, now 2 of`},
		"other month":      {with(func(u *charging.Usage) { u.On = day("2026-02-28") }), charging.ErrDates, "2026-02-28, want 2026-03-01 to 2026-03-31"},
		"no such day":      {with(func(u *charging.Usage) { u.On.Day = 32 }), charging.ErrDates, "2026-03-32"},
		"unknown item":     {with(func(u *charging.Usage) { u.Item = "gpu" }), charging.ErrNoPrice, `does not have item "gpu"`},
		"withdrawn item":   {with(func(u *charging.Usage) { u.On = day("2026-03-21") }), charging.ErrNoPrice, "on 2026-03-21, the list has it from 2026-02-01 to 2026-03-20"},
		"negative line":    {with(func(u *charging.Usage) { u.Quantity = number("-2") }), charging.ErrNegative, `customer "cleo", item "cpu", 2026-03-01 to 2026-03-20: negative quantity: -1`},
		"too much":         {with(func(u *charging.Usage) { u.Quantity = most }), money.ErrOverflow, `usage record "b"`},
		"too much for EUR": {with(func(u *charging.Usage) { u.Customer, u.Quantity = "dan", most }), money.ErrOverflow, `customer "dan"`},
	} {
		t.Run(name, func(t *testing.T) {
			lines, err := list.Rate(march, []charging.Usage{good, c.record})
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, c.says)
			require.Nil(t, lines)
		})
	}
	lines, err := list.Rate(march, []charging.Usage{good, with(func(u *charging.Usage) { u.Quantity = number("-1") })})
	require.NoError(t, err, "a record that takes another one back")
	require.Zero(t, lines[0].Amount.Sign())
	unreal := good
	unreal.On = calendar.Date{Year: 2026, Month: 2, Day: 29}
	_, err = list.Rate(charging.Period{From: day("2026-02-01"), Until: day("2026-03-31")}, []charging.Usage{unreal})
	require.ErrorIs(t, err, charging.ErrDates)
	_, err = list.Rate(charging.Period{From: day("2026-03-02"), Until: day("2026-03-01")}, nil)
	require.ErrorIs(t, err, charging.ErrDates)
}

func TestSubscriptionsThatAreRefused(t *testing.T) {
	list, err := charging.NewList(charging.Entry{Item: "seat", From: day("2026-03-10"), Tariff: perUnit})
	require.NoError(t, err)
	good := charging.Subscription{Customer: "cleo", Item: "seat", Quantity: number("1"), From: day("2026-03-15")}
	for name, c := range map[string]struct {
		change func(s *charging.Subscription)
		is     error
	}{
		"nobody's":          {func(s *charging.Subscription) { s.Customer = "" }, charging.ErrUsage},
		"before the price":  {func(s *charging.Subscription) { s.From = day("2026-03-09") }, charging.ErrNoPrice},
		"negative":          {func(s *charging.Subscription) { s.Quantity = number("-1") }, charging.ErrNegative},
		"without begin":     {func(s *charging.Subscription) { s.From = calendar.Date{} }, charging.ErrDates},
		"ends before begin": {func(s *charging.Subscription) { s.Until = day("2026-03-14") }, charging.ErrDates},
	} {
		s := good
		c.change(&s)
		_, err := list.Recur(march, []charging.Subscription{good, s})
		require.ErrorIs(t, err, c.is, name)
		require.ErrorContains(t, err, "subscription 2", name)
	}
}

func TestFiguresThatAreRefused(t *testing.T) {
	_, err := charging.Commit([]money.Amount{amount("1.00")}, amount("-1.00"), charging.PerPeriod)
	require.ErrorIs(t, err, charging.ErrMode)
	_, err = charging.Commit(nil, amount("1.00"), "yearly")
	require.ErrorIs(t, err, charging.ErrMode)
	for _, mode := range []charging.Mode{charging.PerPeriod, charging.Cumulative} {
		_, err = charging.Commit([]money.Amount{money.Must(money.New(1, money.JPY))}, amount("1.00"), mode)
		require.ErrorIs(t, err, money.ErrCurrency, mode)
	}
	most := money.Must(money.New(math.MaxInt64, money.EUR))
	_, err = charging.Tax(money.EUR, []charging.Taxable{{Net: most, Rate: number("0.19")}}, charging.PerLine, money.HalfUp)
	require.ErrorIs(t, err, money.ErrOverflow)
	_, err = charging.Tax("XXX", nil, charging.PerLine, money.HalfUp)
	require.ErrorIs(t, err, money.ErrCurrency)
	_, err = charging.Tax(money.EUR, nil, charging.PerLine, "")
	require.ErrorIs(t, err, money.ErrRounding)
	_, err = charging.Tax(money.EUR, nil, "", money.HalfUp)
	require.ErrorIs(t, err, charging.ErrTax)
	_, err = charging.Tax(money.EUR, []charging.Taxable{{Net: most, Rate: number("-0.01")}}, charging.PerLine, money.HalfUp)
	require.ErrorIs(t, err, charging.ErrTax)
	_, _, err = charging.Inclusive(amount("1.00"), number("-1"), money.HalfUp)
	require.ErrorIs(t, err, charging.ErrTax)
	_, _, err = charging.Prorate(money.Price{}, day("2026-03-01"), day("2026-03-02"), money.HalfUp)
	require.ErrorIs(t, err, money.ErrCurrency)
	_, _, err = charging.Prorate(price("1"), day("2026-03-01"), day("2026-03-02"), "")
	require.ErrorIs(t, err, money.ErrRounding)
	_, _, err = charging.PlanChange(price("1"), inYen("1"), day("2026-03-01"), money.HalfUp)
	require.ErrorIs(t, err, money.ErrCurrency)
	_, err = charging.Unbilled([]charging.Line{{Customer: "cleo", Amount: amount("1.00")}}, []charging.Line{{Customer: "cleo", Amount: money.Must(money.New(1, money.JPY))}})
	require.ErrorIs(t, err, money.ErrCurrency)
}

// Whatever is read from JSON is refused or charges what its steps say, and never panics.
func FuzzTariff(f *testing.F) {
	f.Add([]byte(`{"model":"per_unit","price":{"amount":"0.10","currency":"EUR"},"rounding":"half_up"}`), "12.5")
	f.Add([]byte(`{"model":"graduated","tiers":[{"up_to":"10","unit_price":{"amount":"1","currency":"EUR"}},{"unit_price":{"amount":"0.5","currency":"EUR"},"flat_fee":{"amount":"2","currency":"EUR"}}],"rounding":"floor"}`), "11")
	f.Add([]byte(`{"model":"packages","size":"0.000000000000000001","price":{"amount":"9223372036854775807","currency":"JPY"},"markup":"1","rounding":"up"}`), "9223372036854775807")
	f.Fuzz(func(t *testing.T, raw []byte, quantity string) {
		var tariff charging.Tariff
		n, err := money.ParseNumber(quantity)
		if err != nil || json.Unmarshal(raw, &tariff) != nil {
			return
		}
		steps, err := tariff.Steps(n)
		amount, failed := tariff.Charge(n)
		if err != nil {
			require.Error(t, failed)
			return
		}
		if failed != nil {
			require.ErrorIs(t, failed, money.ErrOverflow)
			return
		}
		require.Equal(t, tariff.Currency(), amount.Currency())
		require.Equal(t, n.Sign() == 0, len(steps) == 0)
		again, err := json.Marshal(tariff)
		require.NoError(t, err)
		var read charging.Tariff
		require.NoError(t, json.Unmarshal(again, &read))
		same, err := read.Charge(n)
		require.NoError(t, err)
		require.Equal(t, amount, same)
	})
}
