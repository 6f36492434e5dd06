package allocation_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/internal/vectors"
	"github.com/itsmkit/itsm/money"
)

// vector is a case; testdata/vectors/README.md says where they come from.
type vector struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	In   struct {
		Departments []struct {
			ID   string `json:"id"`
			Type string `json:"type"`
			Cost string `json:"cost"`
		} `json:"departments"`
		Usage    map[string]map[string]money.Number `json:"usage"`
		Exponent string                             `json:"exponent"`
		Order    []string                           `json:"order"`
	} `json:"in"`
	Want struct {
		Totals     map[string]string `json:"totals"`
		Gross      map[string]string `json:"gross"`
		Error      string            `json:"error"`
		Department string            `json:"department"`
	} `json:"want"`
	Tolerance string `json:"tolerance"`
}

// currencies are those with as many decimals as the exponent of a vector.
var currencies = map[string]money.Currency{"0": money.JPY, "2": money.EUR, "3": money.KWD}

// codes are the words of the vectors for our errors.
var codes = map[string]error{
	"bad_order":     allocation.ErrOrder,
	"no_recipients": allocation.ErrNoReceiver,
	"singular":      allocation.ErrClosedLoop,
}

func TestVectorAllocation(t *testing.T) {
	counts := vectors.Run(t, func(topic, _ string) bool { return topic == "03-allocation" }, func(t *testing.T, raw json.RawMessage) {
		var v vector
		require.NoError(t, json.Unmarshal(raw, &v))
		switch v.Kind {
		case "allocation.direct":
			v.stages(t, allocation.Direct)
		case "allocation.step_down":
			v.stages(t, allocation.StepDown)
		case "allocation.reciprocal", "allocation.reciprocal_gross":
			v.reciprocal(t)
		default:
			require.Fail(t, "unknown kind", v.Kind)
		}
	})
	require.Positive(t, counts[0])
}

// stages runs a case as a model with the services in the first stage and the other departments in the second. The costs
// of the departments are its lines.
func (v vector) stages(t *testing.T, method allocation.Method) {
	m := allocation.Model{Currency: currencies[v.In.Exponent], Stages: []allocation.Stage{
		{Name: "services", Method: method, Order: v.In.Order}, {Name: "production"},
	}}
	if m.Stages[0].Order == nil && method == allocation.StepDown {
		m.Stages[0].Order = []string{}
	}
	var lines []allocation.Line
	for _, d := range v.In.Departments {
		lines = append(lines, allocation.Line{ID: "cost of " + d.ID, To: d.ID, Amount: v.amount(t, d.Cost)})
		if d.Type == "production" {
			m.Stages[1].Members = append(m.Stages[1].Members, d.ID)
			continue
		}
		m.Stages[0].Members = append(m.Stages[0].Members, d.ID)
		m.Drivers = append(m.Drivers, allocation.Driver{Name: d.ID, Weights: v.gives(d.ID)})
		m.Rules = append(m.Rules, allocation.Rule{From: d.ID, Driver: d.ID})
	}
	result, err := m.Allocate(lines)
	if v.refused(t, err) {
		return
	}
	totals := map[string]string{}
	for name, amount := range result.Bills() {
		totals[name] = v.text(amount)
	}
	v.requireTotals(t, totals)
	requireExactTraces(t, result, lines)
}

func (v vector) reciprocal(t *testing.T) {
	var departments []allocation.Department
	for _, d := range v.In.Departments {
		departments = append(departments, allocation.Department{
			Name: d.ID, Service: d.Type == "service", Cost: v.amount(t, d.Cost), Gives: v.gives(d.ID),
		})
	}
	solved, err := allocation.SolveReciprocal(departments)
	if v.refused(t, err) {
		return
	}
	totals := map[string]string{}
	for i, s := range solved {
		require.Equal(t, departments[i].Name, s.Name)
		if !departments[i].Service {
			totals[s.Name] = v.text(s.Total)
		}
	}
	v.requireTotals(t, totals)
	tolerance, ok := new(big.Rat).SetString(v.Tolerance)
	require.True(t, ok)
	compared := 0
	for _, s := range solved {
		if text, listed := v.Want.Gross[s.Name]; listed {
			want, ok := new(big.Rat).SetString(text)
			require.True(t, ok, text)
			require.NotNil(t, s.Gross, s.Name)
			require.LessOrEqual(t, want.Sub(want, s.Gross).Abs(want).Cmp(tolerance), 0, "gross of %s: got %s, want %s", s.Name, s.Gross.FloatString(10), text)
			compared++
		}
	}
	require.Len(t, v.Want.Gross, compared)
}

// requireTotals compares those totals that the case lists; a case has totals or gross costs.
func (v vector) requireTotals(t *testing.T, totals map[string]string) {
	require.NotEqual(t, len(v.Want.Totals) > 0, len(v.Want.Gross) > 0)
	for name, want := range v.Want.Totals {
		require.Equal(t, want, totals[name], name)
	}
}

// refused tells whether an error was wanted, and compares it.
func (v vector) refused(t *testing.T, err error) bool {
	if v.Want.Error == "" {
		require.NoError(t, err)
		return false
	}
	require.Contains(t, codes, v.Want.Error)
	require.ErrorIs(t, err, codes[v.Want.Error])
	if v.Want.Department != "" {
		var none *allocation.NoReceiverError
		require.ErrorAs(t, err, &none)
		require.Equal(t, v.Want.Department, none.Member)
	}
	return true
}

// gives returns what departments use of a service, in the order of the departments.
func (v vector) gives(service string) []allocation.Weight {
	var out []allocation.Weight
	for _, d := range v.In.Departments {
		if units, uses := v.In.Usage[service][d.ID]; uses {
			out = append(out, allocation.Weight{To: d.ID, Units: units})
		}
	}
	return out
}

func (v vector) amount(t *testing.T, text string) money.Amount {
	a, err := money.Parse(text, currencies[v.In.Exponent])
	require.NoError(t, err)
	return a
}

func (v vector) text(a money.Amount) string {
	return strings.TrimSuffix(a.String(), " "+string(a.Currency()))
}
