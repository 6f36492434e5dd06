package bench_test

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/money"
)

// BenchmarkRate rates a month of 1,000,000 usage records, one in a hundred of which comes twice, of 1,000 customers and 20
// items, to lines: half of the items are per unit, half graduated over four tiers. The limit adds up integers by the same
// keys, with the same set of IDs, and prices nothing. The peer does it all with shopspring/decimal.
func BenchmarkRate(b *testing.B) {
	n := 1_000_000
	if testing.Short() {
		n = 10_000
	}
	list, usage := usageMonth(b, n)
	month := charging.MonthOf(calendar.Date{Year: 2026, Month: time.March, Day: 1})
	var lines []charging.Line
	b.Run("itsm", func(b *testing.B) {
		measure(b, func(int) (err error) { lines, err = list.Rate(month, usage); return err })
		require.NotEmpty(b, lines)
	})
	b.Run("int64", func(b *testing.B) {
		var sums map[rateKey]int64
		measure(b, func(int) error { sums = addUsage(usage); return nil })
		require.Len(b, sums, len(lines))
	})
	b.Run("decimal", func(b *testing.B) {
		var got map[rateKey]decimal.Decimal
		measure(b, func(int) error { got = rateDecimals(usage); return nil })
		for _, line := range lines {
			require.True(b, line.Amount.Decimal().Equal(got[rateKey{line.Customer, line.Item}]), "%+v", line)
		}
	})
}

type rateKey struct{ customer, item string }

// rateTiers are the upper bounds and the prices in hundredths of a cent.
var rateTiers = []struct{ upTo, price int64 }{{1_000, 1_000}, {5_000, 800}, {20_000, 500}, {0, 250}}

// usageMonth makes a price list and usage.
func usageMonth(b *testing.B, n int) (*charging.List, []charging.Usage) {
	price := func(units int64) money.Price {
		number, err := money.NewNumber(units, 4)
		require.NoError(b, err)
		p, err := money.NewPrice(number, money.EUR)
		require.NoError(b, err)
		return p
	}
	graduated := charging.Tariff{Model: charging.Graduated, Rounding: money.HalfUp}
	for _, t := range rateTiers {
		graduated.Tiers = append(graduated.Tiers, charging.Tier{UpTo: money.Int(int32(t.upTo)), UnitPrice: price(t.price)})
	}
	items, customers := make([]string, 20), make([]string, 1000)
	var entries []charging.Entry
	for i := range items {
		items[i] = "item " + strconv.Itoa(i)
		tariff := charging.Tariff{Model: charging.PerUnit, Price: price(125), Rounding: money.HalfUp}
		if i%2 == 1 {
			tariff = graduated
		}
		entries = append(entries, charging.Entry{Item: items[i], From: calendar.Date{Year: 2026, Month: time.January, Day: 1}, Tariff: tariff})
	}
	list, err := charging.NewList(entries...)
	require.NoError(b, err)
	for i := range customers {
		customers[i] = "customer " + strconv.Itoa(i)
	}
	r := rand.New(rand.NewPCG(7, 8))
	usage := make([]charging.Usage, n)
	for i := range usage {
		if i%100 == 99 {
			usage[i] = usage[r.IntN(i)]
			continue
		}
		quantity, err := money.NewNumber(r.Int64N(1_000_000), 3)
		require.NoError(b, err)
		usage[i] = charging.Usage{ID: "record-" + strconv.Itoa(i), Customer: customers[r.IntN(1000)], Item: items[r.IntN(20)],
			On: calendar.Date{Year: 2026, Month: time.March, Day: 1 + r.IntN(31)}, Quantity: quantity}
	}
	return list, usage
}

func addUsage(usage []charging.Usage) map[rateKey]int64 {
	seen, sums := make(map[string]struct{}, len(usage)), map[rateKey]int64{}
	for i := range usage {
		u := &usage[i]
		if _, again := seen[u.ID]; again {
			continue
		}
		seen[u.ID] = struct{}{}
		sums[rateKey{u.Customer, u.Item}] += int64(u.On.Day)
	}
	return sums
}

// rateDecimals rates with shopspring/decimal; the quantities are converted on the way.
func rateDecimals(usage []charging.Usage) map[rateKey]decimal.Decimal {
	seen, sums := make(map[string]struct{}, len(usage)), map[rateKey]decimal.Decimal{}
	for i := range usage {
		u := &usage[i]
		if _, again := seen[u.ID]; again {
			continue
		}
		seen[u.ID] = struct{}{}
		key := rateKey{u.Customer, u.Item}
		sums[key] = sums[key].Add(u.Quantity.Decimal())
	}
	for key, quantity := range sums {
		sum := quantity.Mul(decimal.New(125, -4))
		if last := key.item[len(key.item)-1]; (last-'0')%2 == 1 {
			sum = graduateDecimal(quantity)
		}
		sums[key] = sum.Round(2)
	}
	return sums
}

func graduateDecimal(quantity decimal.Decimal) decimal.Decimal {
	sum, below := decimal.Zero, decimal.Zero
	for _, t := range rateTiers {
		end := decimal.New(t.upTo, 0)
		if t.upTo == 0 || quantity.LessThan(end) {
			end = quantity
		}
		sum = sum.Add(end.Sub(below).Mul(decimal.New(t.price, -4)))
		if below = end; end.Equal(quantity) {
			break
		}
	}
	return sum
}
