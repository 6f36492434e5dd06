package depreciation_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/finance/depreciation"
	"github.com/itsmkit/itsm/internal/vectors"
	"github.com/itsmkit/itsm/money"
)

// vector is a case; testdata/vectors/README.md says where they come from.
type vector struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	In   struct {
		Method       depreciation.Method     `json:"method"`
		Convention   depreciation.Convention `json:"convention"`
		Cost         string                  `json:"cost"`
		Salvage      string                  `json:"salvage"`
		Exponent     string                  `json:"exponent"`
		Periods      int                     `json:"periods,string"`
		PeriodMonths int                     `json:"period_months,string"`
		Start        calendar.Date           `json:"start"`
		FirstEnd     calendar.Date           `json:"first_period_end"`
		Rate         money.Number            `json:"rate"`
		Factor       money.Number            `json:"factor"`
		Switch       *bool                   `json:"switch"`
		TotalUnits   money.Number            `json:"total_units"`
		Units        []money.Number          `json:"units"`
		Rounding     money.Rounding          `json:"rounding"`

		Life        money.Number `json:"life"`
		Period      money.Number `json:"period"`
		Month       int          `json:"month,string"`
		StartPeriod money.Number `json:"start_period"`
		EndPeriod   money.Number `json:"end_period"`
		NoSwitch    bool         `json:"no_switch"`
	} `json:"in"`
	Want struct {
		Amounts []string `json:"amounts"`
		Value   string   `json:"value"`
		Error   string   `json:"error"`
	} `json:"want"`
	Tolerance string `json:"tolerance"`
}

// codes are the words of the vectors for our errors.
var codes = map[string]error{
	"salvage_above_cost": depreciation.ErrSalvage,
	"negative_amount":    depreciation.ErrNegative,
	"bad_periods":        depreciation.ErrPeriods,
}

// currencies are those with as many decimals as the exponent of a vector.
var currencies = map[string]money.Currency{"0": money.JPY, "2": money.EUR, "3": money.KWD}

func TestVectorDepreciation(t *testing.T) {
	counts := vectors.Run(t, func(topic, _ string) bool { return topic == "02-depreciation" }, func(t *testing.T, raw json.RawMessage) {
		var v vector
		require.NoError(t, json.Unmarshal(raw, &v))
		if v.Kind == "depreciation.schedule" {
			v.schedule(t)
			return
		}
		got, err := v.function(t)
		if v.refused(t, err) {
			return
		}
		want, ok := new(big.Rat).SetString(v.Want.Value)
		require.True(t, ok, v.Want.Value)
		tolerance, ok := new(big.Rat).SetString(v.Tolerance)
		require.True(t, ok, v.Tolerance)
		require.LessOrEqual(t, want.Sub(want, got).Abs(want).Cmp(tolerance), 0, "got %s, want %s", got.FloatString(12), v.Want.Value)
	})
	require.Positive(t, counts[0])
}

// refused tells whether an error was wanted, and compares it.
func (v vector) refused(t *testing.T, err error) bool {
	if v.Want.Error == "" {
		require.NoError(t, err)
		return false
	}
	require.Contains(t, codes, v.Want.Error)
	require.ErrorIs(t, err, codes[v.Want.Error])
	return true
}

func (v vector) schedule(t *testing.T) {
	in, unit := v.In, currencies[v.In.Exponent]
	if in.Rounding == "" {
		in.Rounding = money.HalfUp
	}
	cost, err := money.Parse(in.Cost, unit)
	require.NoError(t, err)
	salvage, err := money.Parse(in.Salvage, unit)
	require.NoError(t, err)
	amounts, err := depreciation.Plan{
		Method: in.Method, Convention: in.Convention, Cost: cost, Salvage: salvage,
		Periods: in.Periods, PeriodMonths: in.PeriodMonths, Start: in.Start, FirstEnd: in.FirstEnd,
		Rate: in.Rate, Factor: in.Factor, NoSwitch: in.Switch != nil && !*in.Switch,
		TotalUnits: in.TotalUnits, Units: in.Units, Rounding: in.Rounding,
	}.Amounts()
	if v.refused(t, err) {
		return
	}
	texts := make([]string, len(amounts))
	for i, a := range amounts {
		texts[i] = strings.TrimSuffix(a.String(), " "+string(unit))
	}
	require.Equal(t, v.Want.Amounts, texts)
}

func (v vector) function(t *testing.T) (*big.Rat, error) {
	in, cost, salvage := v.In, parse(t, v.In.Cost), parse(t, v.In.Salvage)
	switch v.Kind {
	case "depreciation.sln":
		return depreciation.SLN(cost, salvage, in.Life)
	case "depreciation.syd":
		return depreciation.SYD(cost, salvage, in.Life, in.Period)
	case "depreciation.db":
		return depreciation.DB(cost, salvage, in.Life, in.Period, in.Month)
	case "depreciation.ddb":
		return depreciation.DDB(cost, salvage, in.Life, in.Period, in.Factor)
	case "depreciation.vdb":
		return depreciation.VDB(cost, salvage, in.Life, in.StartPeriod, in.EndPeriod, in.Factor, in.NoSwitch)
	}
	require.Fail(t, "unknown kind", v.Kind)
	return nil, nil
}
