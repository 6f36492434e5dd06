package charging_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/money"
)

// The charge of whole units, against one that walks from unit to unit and looks each one's tier up.
func TestTiersAgreeWithWalkingUnitByUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tiers, quantity := drawTiers(t), rapid.Int32Range(0, 45).Draw(t, "quantity")
		tierOf := func(unit int32) int {
			return slices.IndexFunc(tiers, func(x charging.Tier) bool { return x.UpTo.Sign() == 0 || money.Int(unit).Cmp(x.UpTo) <= 0 })
		}
		graduated, volume := new(big.Rat), new(big.Rat)
		entered, beyond := map[int]bool{}, false
		for unit := int32(1); unit <= quantity; unit++ {
			at, all := tierOf(unit), tierOf(quantity)
			if beyond = all < 0; beyond {
				break
			}
			if !entered[at] {
				graduated.Add(graduated, tiers[at].FlatFee.Rat())
			}
			if unit == 1 {
				volume.Add(volume, tiers[all].FlatFee.Rat())
			}
			entered[at] = true
			graduated.Add(graduated, tiers[at].UnitPrice.Rat())
			volume.Add(volume, tiers[all].UnitPrice.Rat())
		}
		r := rapid.SampledFrom(roundings).Draw(t, "rounding")
		for model, exact := range map[charging.Model]*big.Rat{charging.Graduated: graduated, charging.Volume: volume} {
			got, err := charging.Tariff{Model: model, Tiers: tiers, Rounding: r}.Charge(money.Int(quantity))
			if beyond {
				require.ErrorIs(t, err, charging.ErrBeyond)
				continue
			}
			require.NoError(t, err)
			want, err := money.RoundRat(exact, money.EUR, r)
			require.NoError(t, err)
			require.Equal(t, want, got, model)
		}
	})
}

// The steps of a charge explain it: their exact sum with the markup rounds to it.
func TestStepsExplainTheCharge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tariff, quantity := drawTariff(t), drawNumber(t, 100_000, 4, "quantity")
		steps, err := tariff.Steps(quantity)
		require.NoError(t, err)
		sum := new(big.Rat)
		for _, s := range steps {
			sum.Add(sum, new(big.Rat).Add(new(big.Rat).Mul(s.Units.Rat(), s.Price.Rat()), s.Fee.Rat()))
		}
		sum.Mul(sum, new(big.Rat).Add(big.NewRat(1, 1), tariff.Markup.Rat()))
		want, err := money.RoundRat(sum, money.EUR, tariff.Rounding)
		require.NoError(t, err)
		got, err := tariff.Charge(quantity)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

// Prorating counts each day once: the days of the months are those of the range, whole months cost the whole price, and
// cutting a range at a month's end changes nothing.
func TestProrationLosesNoDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := day("2023-01-01").AddDays(rapid.IntRange(0, 800).Draw(t, "from"))
		until := from.AddDays(rapid.IntRange(0, 800).Draw(t, "days"))
		monthly, r := drawPrice(t, "monthly"), rapid.SampledFrom(roundings).Draw(t, "rounding")
		months, sum, err := charging.Prorate(monthly, from, until, r)
		require.NoError(t, err)
		days, coins := 0, int64(0)
		for i, m := range months {
			days += m.Days
			coins += m.Amount.Coins()
			if i > 0 && i < len(months)-1 {
				require.Equal(t, m.Of, m.Days)
			}
			if m.Days == m.Of {
				whole, err := monthly.Round(r)
				require.NoError(t, err)
				require.Equal(t, whole, m.Amount)
			}
		}
		require.Equal(t, from.DaysUntil(until)+1, days)
		require.Equal(t, coins, sum.Coins())
		cut := charging.MonthOf(from).Until
		if cut.Compare(until) >= 0 {
			return
		}
		_, head, err := charging.Prorate(monthly, from, cut, r)
		require.NoError(t, err)
		_, tail, err := charging.Prorate(monthly, cut.AddDays(1), until, r)
		require.NoError(t, err)
		require.Equal(t, sum.Coins(), head.Coins()+tail.Coins())
	})
}

// Taxes against fractions, by both modes; net and tax are the gross, and the rates add up to the whole.
func TestTaxAgreesWithFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rates := []money.Number{number("0"), number("0.07"), number("0.19"), number("0.081")}
		r := rapid.SampledFrom(roundings).Draw(t, "rounding")
		var lines []charging.Taxable
		perLine, nets := map[money.Number]int64{}, map[money.Number]*big.Rat{}
		for range rapid.IntRange(0, 8).Draw(t, "lines") {
			l := charging.Taxable{Net: money.Must(money.New(rapid.Int64Range(-1000, 100_000).Draw(t, "net"), money.EUR)), Rate: rapid.SampledFrom(rates).Draw(t, "rate")}
			lines = append(lines, l)
			tax, err := money.RoundRat(new(big.Rat).Mul(l.Net.Rat(), l.Rate.Rat()), money.EUR, r)
			require.NoError(t, err)
			perLine[l.Rate] += tax.Coins()
			if nets[l.Rate] == nil {
				nets[l.Rate] = new(big.Rat)
			}
			nets[l.Rate].Add(nets[l.Rate], l.Net.Rat())
		}
		for _, mode := range []charging.TaxMode{charging.PerLine, charging.PerInvoice} {
			sums, err := charging.Tax(money.EUR, lines, mode, r)
			require.NoError(t, err)
			require.Len(t, sums.ByRate, len(nets))
			net, tax := int64(0), int64(0)
			for _, x := range sums.ByRate {
				require.Zero(t, x.Net.Rat().Cmp(nets[x.Rate]))
				want := perLine[x.Rate]
				if mode == charging.PerInvoice {
					once, err := money.RoundRat(new(big.Rat).Mul(nets[x.Rate], x.Rate.Rat()), money.EUR, r)
					require.NoError(t, err)
					want = once.Coins()
				}
				require.Equal(t, want, x.Tax.Coins())
				net, tax = net+x.Net.Coins(), tax+x.Tax.Coins()
			}
			require.Equal(t, []int64{net, tax, net + tax}, []int64{sums.Net.Coins(), sums.Tax.Coins(), sums.Gross.Coins()})
			require.True(t, slices.IsSortedFunc(sums.ByRate, func(a, b charging.TaxOfRate) int { return a.Rate.Cmp(b.Rate) }))
		}
	})
}

// Commitments in cents by hand: each period the greater of both, or what is missing to the minimum at the end.
func TestCommitAgreesWithCents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minimum := rapid.Int64Range(0, 300).Draw(t, "minimum")
		cents := rapid.SliceOfN(rapid.Int64Range(-50, 200), 0, 5).Draw(t, "usage")
		var usage []money.Amount
		sum, raised := int64(0), int64(0)
		for _, c := range cents {
			usage = append(usage, money.Must(money.New(c, money.EUR)))
			sum += c
			raised += max(c, minimum)
		}
		for mode, want := range map[charging.Mode][2]int64{charging.PerPeriod: {0, raised}, charging.Cumulative: {max(0, minimum-sum), max(sum, minimum)}} {
			got, err := charging.Commit(usage, money.Must(money.New(minimum, money.EUR)), mode)
			require.NoError(t, err)
			require.Len(t, got.Charges, len(cents))
			for k, c := range cents {
				if mode == charging.PerPeriod {
					c = max(c, minimum)
				}
				require.Equal(t, c, got.Charges[k].Coins())
			}
			require.Equal(t, want, [2]int64{got.TrueUp.Coins(), got.Total.Coins()}, mode)
		}
	})
}
