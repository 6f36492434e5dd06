package charging_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/internal/vectors"
	"github.com/itsmkit/itsm/money"
)

// vector is a case; testdata/vectors/README.md says where they come from.
type vector struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	In   struct {
		Exponent string         `json:"exponent"`
		Rounding money.Rounding `json:"rounding"`

		Quantity money.Number `json:"quantity"`
		Tiers    []struct {
			UpTo      money.Number `json:"up_to"`
			UnitPrice string       `json:"unit_price"`
			FlatFee   string       `json:"flat_fee"`
		} `json:"tiers"`

		MonthlyPrice string        `json:"monthly_price"`
		From         calendar.Date `json:"from"`
		To           calendar.Date `json:"to"`
		OldPrice     string        `json:"old_price"`
		NewPrice     string        `json:"new_price"`
		ChangeOn     calendar.Date `json:"change_on"`

		Usage   []string `json:"usage"`
		Minimum string   `json:"minimum"`
		Mode    string   `json:"mode"`

		Lines []struct {
			Net  string       `json:"net"`
			Rate money.Number `json:"rate"`
		} `json:"lines"`
		Gross string       `json:"gross"`
		Rate  money.Number `json:"rate"`
	} `json:"in"`
	Want map[string]any `json:"want"` // to be met to the coin: a tolerance of 0
}

// codes are the words of the vectors for our errors.
var codes = map[string]error{
	"negative_quantity": charging.ErrNegative,
	"beyond_last_tier":  charging.ErrBeyond,
	"bad_range":         charging.ErrDates,
}

// currencies are those with as many decimals as the exponent of a vector.
var currencies = map[string]money.Currency{"0": money.JPY, "2": money.EUR, "3": money.KWD}

func TestVectorCharging(t *testing.T) {
	counts := vectors.Run(t, func(topic, _ string) bool { return topic == "06-charging" }, func(t *testing.T, raw json.RawMessage) {
		var v vector
		require.NoError(t, json.Unmarshal(raw, &v))
		if v.In.Rounding == "" {
			v.In.Rounding = money.HalfUp
		}
		require.Contains(t, currencies, v.In.Exponent)
		got, err := v.answer(t)
		if code, refused := v.Want["error"]; refused {
			require.Contains(t, codes, code)
			require.ErrorIs(t, err, codes[code.(string)])
			return
		}
		require.NoError(t, err)
		require.NotEmpty(t, v.Want)
		requireWanted(t, v.Want, got)
	})
	require.Positive(t, counts[0])
}

// requireWanted compares what is wanted, and no other fields.
func requireWanted(t *testing.T, want, got any) {
	switch want := want.(type) {
	case map[string]any:
		for field := range want {
			require.Contains(t, got, field)
			requireWanted(t, want[field], got.(map[string]any)[field])
		}
	case []any:
		require.Len(t, got, len(want))
		for k := range want {
			requireWanted(t, want[k], got.([]any)[k])
		}
	default:
		require.Equal(t, want, got)
	}
}

// answer computes a case, in the form in which the vectors write answers.
func (v *vector) answer(t *testing.T) (map[string]any, error) {
	in := v.In
	switch v.Kind {
	case "charging.graduated", "charging.volume":
		tariff := charging.Tariff{Model: charging.Model(strings.TrimPrefix(v.Kind, "charging.")), Rounding: in.Rounding}
		for _, tier := range in.Tiers {
			one := charging.Tier{UpTo: tier.UpTo, UnitPrice: v.price(t, tier.UnitPrice)}
			if tier.FlatFee != "" {
				one.FlatFee = v.price(t, tier.FlatFee)
			}
			tariff.Tiers = append(tariff.Tiers, one)
		}
		amount, err := tariff.Charge(in.Quantity)
		return map[string]any{"amount": text(amount)}, err
	case "charging.proration":
		months, sum, err := charging.Prorate(v.price(t, in.MonthlyPrice), in.From, in.To, in.Rounding)
		list := []any{}
		for _, m := range months {
			list = append(list, map[string]any{"month": fmt.Sprintf("%04d-%02d", m.Year, m.Month),
				"days": strconv.Itoa(m.Days), "days_in_month": strconv.Itoa(m.Of), "amount": text(m.Amount)})
		}
		return map[string]any{"months": list, "amount": text(sum)}, err
	case "charging.plan_change":
		before, after, err := charging.PlanChange(v.price(t, in.OldPrice), v.price(t, in.NewPrice), in.ChangeOn, in.Rounding)
		require.NoError(t, err)
		sum, err := before.Add(after)
		return map[string]any{"old_part": text(before), "new_part": text(after), "amount": text(sum)}, err
	case "charging.minimum":
		c, err := charging.Commit(v.amounts(t, in.Usage), v.amount(t, in.Minimum), charging.Mode(in.Mode))
		list := []any{}
		for _, a := range c.Charges {
			list = append(list, text(a))
		}
		return map[string]any{"charges": list, "true_up": text(c.TrueUp), "total": text(c.Total)}, err
	case "charging.tax":
		var lines []charging.Taxable
		for _, line := range in.Lines {
			lines = append(lines, charging.Taxable{Net: v.amount(t, line.Net), Rate: line.Rate})
		}
		sums, err := charging.Tax(currencies[in.Exponent], lines, charging.TaxMode(in.Mode), in.Rounding)
		list := []any{}
		for _, x := range sums.ByRate {
			list = append(list, map[string]any{"rate": x.Rate.String(), "net": text(x.Net), "tax": text(x.Tax)})
		}
		v.normalise(t)
		return map[string]any{"by_rate": list, "net": text(sums.Net), "tax": text(sums.Tax), "gross": text(sums.Gross)}, err
	case "charging.tax_inclusive":
		net, tax, err := charging.Inclusive(v.amount(t, in.Gross), in.Rate, in.Rounding)
		return map[string]any{"net": text(net), "tax": text(tax)}, err
	}
	require.Fail(t, "unknown kind", v.Kind)
	return nil, nil
}

// normalise writes the wanted rates without zeros at their end: 0.20 and 0.2 are one rate.
func (v *vector) normalise(t *testing.T) {
	list, _ := v.Want["by_rate"].([]any)
	for _, x := range list {
		n, err := money.ParseNumber(x.(map[string]any)["rate"].(string))
		require.NoError(t, err)
		x.(map[string]any)["rate"] = n.String()
	}
}

func (v *vector) price(t *testing.T, s string) money.Price {
	p, err := money.ParsePrice(s, currencies[v.In.Exponent])
	require.NoError(t, err)
	return p
}

func (v *vector) amount(t *testing.T, s string) money.Amount {
	a, err := money.Parse(s, currencies[v.In.Exponent])
	require.NoError(t, err)
	return a
}

func (v *vector) amounts(t *testing.T, list []string) []money.Amount {
	var out []money.Amount
	for _, s := range list {
		out = append(out, v.amount(t, s))
	}
	return out
}

// text is the number of an amount, with the decimals of its currency.
func text(a money.Amount) string { return strings.TrimSuffix(a.String(), " "+string(a.Currency())) }
