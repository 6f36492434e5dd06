package asset_test

import (
	"fmt"
	"testing"

	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/money"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// best tries every way of sharing the units of the holdings among the products, one unit after the other, and returns
// the greatest value that can be covered, and the most units for it. reach[h][p] says whether h may be used for p.
func best(need []int64, price []int64, units []int, reach [][]bool) (value, covered int64) {
	var try func(i int, value, covered int64)
	var most, many int64
	left := append([]int64(nil), need...)
	try = func(i int, v, c int64) {
		if v > most || v == most && c > many {
			most, many = v, c
		}
		if i == len(units) {
			return
		}
		try(i+1, v, c) // the unit is not used
		for p := range left {
			if left[p] > 0 && reach[units[i]][p] {
				left[p]--
				try(i+1, v+price[p], c+1)
				left[p]++
			}
		}
	}
	try(0, 0, 0)
	return most, many
}

// The position against all ways of sharing: none covers more money, nor more units of the same money.
func TestPositionAgainstAllWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := asset.Estate{On: on(2026, 6, 30), Currency: money.EUR}
		products := rapid.IntRange(1, 4).Draw(t, "products")
		need, price := make([]int64, products), make([]int64, products)
		for p := range products {
			price[p] = int64(rapid.IntRange(0, 3).Draw(t, "price"))
			need[p] = int64(rapid.IntRange(0, 3).Draw(t, "need"))
			e.Products = append(e.Products, asset.Product{Name: fmt.Sprint("p", p), Line: "l", Release: p, Metric: asset.PerDevice, Price: eur(price[p]), ReleasedOn: on(2026, 1, p+1)})
			for n := range need[p] {
				e.Installations = append(e.Installations, asset.Installation{Product: fmt.Sprint("p", p), Device: fmt.Sprint("d", n)})
			}
		}
		var units []int
		var reach [][]bool
		for h := range rapid.IntRange(0, 4).Draw(t, "holdings") {
			own := rapid.IntRange(0, products-1).Draw(t, "of")
			quantity := rapid.IntRange(1, 2).Draw(t, "quantity")
			terms := asset.Entitlement{Product: fmt.Sprint("p", own), Metric: asset.PerDevice, Quantity: int64(quantity), Cost: eur(1),
				Downgrade: rapid.Bool().Draw(t, "downgrade")}
			upgrade := rapid.IntRange(0, products).Draw(t, "upgrade") // releases that came out in time
			if upgrade > 0 {
				terms.UpgradeUntil = on(2026, 1, upgrade)
			}
			also := rapid.IntRange(-1, products-1).Draw(t, "also")
			if also >= 0 {
				terms.Also = []string{fmt.Sprint("p", also)}
			}
			e.Holdings = append(e.Holdings, asset.Holding{ID: fmt.Sprint("h", h), Entitlement: terms})
			may := make([]bool, products)
			for p := range may {
				may[p] = p == own || p == also || p < own && terms.Downgrade || p > own && p < upgrade
			}
			reach = append(reach, may)
			for range quantity {
				units = append(units, h)
			}
		}
		p, err := asset.Position(e)
		require.NoError(t, err)

		var value, covered, used int64
		taken := map[string]int64{}
		for i, x := range p.Products {
			require.Equal(t, need[i], x.Needed)
			met := int64(0)
			for _, c := range x.Covered {
				var h int
				_, err := fmt.Sscanf(c.Holding, "h%d", &h)
				require.NoError(t, err)
				require.True(t, reach[h][i], "%s is used for %s without a right", c.Holding, x.Product)
				require.Positive(t, c.Units)
				taken[c.Holding] += c.Units
				met += c.Units
			}
			require.Equal(t, x.Needed-x.Missing, met)
			require.Equal(t, eur(x.Missing*price[i]), x.Short)
			value, covered = value+met*price[i], covered+met
		}
		for _, h := range p.Holdings {
			require.Equal(t, taken[h.Holding], h.Used)
			require.Equal(t, h.Quantity, h.Used+h.Unused)
			require.GreaterOrEqual(t, h.Unused, int64(0))
			used += h.Used
		}
		require.Equal(t, covered, used)
		most, many := best(need, price, units, reach)
		require.Equal(t, []int64{most, many}, []int64{value, covered})
	})
}
