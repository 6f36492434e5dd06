package investment_test

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/internal/vectors"
	"github.com/itsmkit/itsm/investment"
	"github.com/itsmkit/itsm/money"
)

// vector is a case; testdata/vectors/README.md says where they come from.
type vector struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	In   struct {
		Rate  string          `json:"rate"`
		First string          `json:"first_period"`
		Flows json.RawMessage `json:"flows"`
	} `json:"in"`
	Want      map[string]string `json:"want"`
	Tolerance string            `json:"tolerance"`
}

// codes are the errors of the vectors.
var codes = map[string]error{
	"no_root":           investment.ErrNoRate,
	"multiple_roots":    investment.ErrSeveralRates,
	"no_outlay":         investment.ErrNoOutlay,
	"never":             investment.ErrNeverPaidBack,
	"date_before_first": investment.ErrBeforeFirst,
}

func TestVectorInvestment(t *testing.T) {
	counts := vectors.Run(t, func(topic, _ string) bool { return topic == "05-investment" }, func(t *testing.T, raw json.RawMessage) {
		var v vector
		require.NoError(t, json.Unmarshal(raw, &v))
		v.compare(t)
	})
	require.Positive(t, counts[0])
}

func (v vector) compare(t *testing.T) {
	name, got, err := v.answer(t)
	if code := v.Want["error"]; code != "" {
		require.Contains(t, codes, code, v.ID)
		require.ErrorIs(t, err, codes[code], v.ID)
		return
	}
	require.NoError(t, err, v.ID)
	want, tolerance := number(t, v.Want[name]), number(t, v.Tolerance)
	require.LessOrEqual(t, math.Abs(got-want), tolerance, "%s: got %v, want %v", v.ID, got, want)
}

// answer returns the name of the answer in want, and the answer.
func (v vector) answer(t *testing.T) (string, float64, error) {
	switch v.Kind {
	case "investment.npv":
		first, err := strconv.Atoi(v.In.First)
		require.NoError(t, err, v.ID)
		npv, err := investment.NPV(v.rate(t), v.flows(t), first)
		if err != nil {
			return "npv", 0, err
		}
		f, _ := npv.Float64()
		return "npv", f, nil
	case "investment.irr":
		irr, err := investment.IRR(v.flows(t))
		return "irr", irr, err
	case "investment.payback", "investment.discounted_payback":
		periods, err := investment.Payback(v.flows(t))
		if v.Kind == "investment.discounted_payback" {
			periods, err = investment.DiscountedPayback(v.rate(t), v.flows(t))
		}
		if err != nil {
			return "periods", 0, err
		}
		f, _ := periods.Float64()
		return "periods", f, nil
	case "investment.xnpv":
		npv, err := investment.XNPV(v.rate(t), v.dated(t))
		return "npv", npv, err
	case "investment.xirr":
		irr, err := investment.XIRR(v.dated(t))
		return "irr", irr, err
	}
	require.FailNow(t, "unknown kind", "%s: %s", v.ID, v.Kind)
	return "", 0, errors.ErrUnsupported
}

func (v vector) rate(t *testing.T) money.Number { return parse(t, v.In.Rate) }

func (v vector) flows(t *testing.T) []money.Number {
	var texts []string
	require.NoError(t, json.Unmarshal(v.In.Flows, &texts), v.ID)
	return numbers(t, texts...)
}

func (v vector) dated(t *testing.T) []investment.Dated {
	var flows []struct {
		Date   calendar.Date
		Amount money.Number
	}
	require.NoError(t, json.Unmarshal(v.In.Flows, &flows), v.ID)
	out := make([]investment.Dated, len(flows))
	for i, f := range flows {
		out[i] = investment.Dated{On: f.Date, Amount: f.Amount}
	}
	return out
}

func parse(t require.TestingT, text string) money.Number {
	n, err := money.ParseNumber(text)
	require.NoError(t, err, text)
	return n
}

func numbers(t require.TestingT, texts ...string) []money.Number {
	out := make([]money.Number, len(texts))
	for i, text := range texts {
		out[i] = parse(t, text)
	}
	return out
}

func number(t *testing.T, text string) float64 {
	f, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err, text)
	return f
}
