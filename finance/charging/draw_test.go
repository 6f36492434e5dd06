package charging_test

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/money"
)

var roundings = []money.Rounding{money.HalfUp, money.HalfDown, money.HalfEven, money.Up, money.Down, money.Ceiling, money.Floor}

func drawNumber(t *rapid.T, most int64, decimals int, label string) money.Number {
	n, err := money.NewNumber(rapid.Int64Range(0, most).Draw(t, label), rapid.IntRange(0, decimals).Draw(t, label+" decimals"))
	require.NoError(t, err)
	return n
}

func drawPrice(t *rapid.T, label string) money.Price {
	p, err := money.NewPrice(drawNumber(t, 10_000, 6, label), money.EUR)
	require.NoError(t, err)
	return p
}

// drawTiers makes tiers with whole bounds, the last one with or without end.
func drawTiers(t *rapid.T) []charging.Tier {
	var tiers []charging.Tier
	upTo := int32(0)
	for i, n := 0, rapid.IntRange(1, 4).Draw(t, "tiers"); i < n; i++ {
		upTo += rapid.Int32Range(1, 10).Draw(t, "width")
		tier := charging.Tier{UpTo: money.Int(upTo), UnitPrice: drawPrice(t, "unit price")}
		if rapid.Bool().Draw(t, "fee") {
			tier.FlatFee = drawPrice(t, "flat fee")
		}
		tiers = append(tiers, tier)
	}
	if rapid.Bool().Draw(t, "open") {
		tiers[len(tiers)-1].UpTo = money.Number{}
	}
	return tiers
}

func drawTariff(t *rapid.T) charging.Tariff {
	tariff := charging.Tariff{Model: charging.Model(rapid.SampledFrom(charging.Model("").Choices()).Draw(t, "model")), Rounding: rapid.SampledFrom(roundings).Draw(t, "rounding")}
	switch tariff.Model {
	case charging.Graduated, charging.Volume:
		tariff.Tiers = drawTiers(t)
		tariff.Tiers[len(tariff.Tiers)-1].UpTo = money.Number{}
	case charging.Packages:
		tariff.Size = money.Int(rapid.Int32Range(1, 9).Draw(t, "size"))
		fallthrough
	default:
		tariff.Price = drawPrice(t, "price")
	}
	if rapid.Bool().Draw(t, "cost plus") {
		tariff.Markup = drawNumber(t, 50, 2, "markup")
	}
	return tariff
}

// year is a price list whose items change their price in mid-month, with usage and subscriptions of a quarter.
type year struct {
	list   *charging.List
	usage  []charging.Usage
	subs   []charging.Subscription
	period charging.Period
	pledge charging.Commitment
}

func drawYear(t *rapid.T) year {
	y := year{period: charging.Period{From: day("2026-01-01"), Until: day("2026-03-31")}}
	var entries []charging.Entry
	for _, item := range []string{"cpu", "seat"} {
		from := day("2025-06-01")
		for n := rapid.IntRange(1, 3).Draw(t, "prices"); n > 0; n-- {
			entries = append(entries, charging.Entry{Item: item, From: from, Tariff: drawTariff(t), Tax: number("0.19")})
			from = day("2026-01-01").AddDays(rapid.IntRange(40*n-39, 40*n).Draw(t, "change"))
		}
	}
	var err error
	y.list, err = charging.NewList(dedupe(entries)...)
	require.NoError(t, err)
	person := rapid.SampledFrom([]string{"cleo", "dan"})
	for i := range rapid.IntRange(0, 12).Draw(t, "records") {
		y.usage = append(y.usage, charging.Usage{ID: strconv.Itoa(i), Customer: person.Draw(t, "customer"), Item: "cpu",
			On: day("2026-01-01").AddDays(rapid.IntRange(0, 89).Draw(t, "day")), Quantity: drawNumber(t, 100, 2, "quantity")})
	}
	for range rapid.IntRange(0, 3).Draw(t, "subscriptions") {
		from := day("2025-12-01").AddDays(rapid.IntRange(0, 100).Draw(t, "from"))
		y.subs = append(y.subs, charging.Subscription{Customer: person.Draw(t, "customer"), Item: "seat", Quantity: drawNumber(t, 9, 0, "seats"),
			From: from, Until: from.AddDays(rapid.IntRange(0, 60).Draw(t, "days"))})
	}
	y.pledge = charging.Commitment{Customer: "cleo", Item: "minimum", Minimum: money.Must(money.New(rapid.Int64Range(0, 10_000).Draw(t, "minimum"), money.EUR))}
	return y
}

// dedupe leaves one entry of an item on a day.
func dedupe(entries []charging.Entry) []charging.Entry {
	slices.SortStableFunc(entries, func(a, b charging.Entry) int {
		return cmp.Or(cmp.Compare(a.Item, b.Item), a.From.Compare(b.From))
	})
	return slices.CompactFunc(entries, func(a, b charging.Entry) bool { return a.Item == b.Item && a.From == b.From })
}

// rate charges what is known: usage, subscriptions and the commitment.
func (y *year) rate(t *rapid.T, usage []charging.Usage, subs []charging.Subscription) []charging.Line {
	lines, err := y.list.Rate(y.period, usage)
	require.NoError(t, err)
	recurring, err := y.list.Recur(y.period, subs)
	require.NoError(t, err)
	lines = append(lines, recurring...)
	missing, err := y.pledge.TopUp(y.period, lines)
	require.NoError(t, err)
	return append(lines, missing)
}
