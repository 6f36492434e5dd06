package allocation_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/money"
)

func TestBadInput(t *testing.T) {
	yen := money.Must(money.New(1, money.JPY))
	largest := money.Must(money.New(math.MaxInt64, money.EUR))
	for _, c := range []struct {
		name   string
		want   error
		text   string
		change func(*allocation.Model, *[]allocation.Line)
	}{
		{"currency", money.ErrCurrency, `allocation: currency: "XXX" of the model is unknown`, func(m *allocation.Model, _ *[]allocation.Line) { m.Currency = "XXX" }},
		{"mixed currencies", money.ErrCurrency, `allocation: money: the currencies differ: JPY and EUR: line "disks 2027-01"`, func(_ *allocation.Model, l *[]allocation.Line) { (*l)[0].Amount = yen }},
		{"no amount", money.ErrCurrency, `allocation: money: the currencies differ: no currency and EUR: line "disks 2027-01"`, func(_ *allocation.Model, l *[]allocation.Line) { (*l)[0].Amount = money.Amount{} }},
		{"line twice", allocation.ErrName, `allocation: name: line "disks 2027-01" is there twice`, func(_ *allocation.Model, l *[]allocation.Line) { (*l)[2].ID = (*l)[0].ID }},
		{"line without ID", allocation.ErrName, `allocation: name: line 2 has no ID`, func(_ *allocation.Model, l *[]allocation.Line) { (*l)[2].ID = "" }},
		{"line to nobody", allocation.ErrName, `allocation: name: line "disks 2027-01" goes to "tapes", which is no member`, func(_ *allocation.Model, l *[]allocation.Line) { (*l)[0].To = "tapes" }},
		{"stage twice", allocation.ErrName, `allocation: name: stage 2: "pools", want a name of its own`, func(m *allocation.Model, _ *[]allocation.Line) { m.Stages[1].Name = "pools" }},
		{"member twice", allocation.ErrName, `allocation: name: member "mail" of stage "customers" is there twice`, func(m *allocation.Model, _ *[]allocation.Line) { m.Stages[2].Members[1] = "mail" }},
		{"member without name", allocation.ErrName, `allocation: name: a member of stage "customers" has none`, func(m *allocation.Model, _ *[]allocation.Line) { m.Stages[2].Members[1] = "" }},
		{"driver twice", allocation.ErrName, `allocation: name: driver 3: "incidents", want a name of its own`, func(m *allocation.Model, _ *[]allocation.Line) { m.Drivers[2].Name = "incidents" }},
		{"unknown in driver", allocation.ErrName, `allocation: name: driver "incidents" has a weight for "fax", which is no member`, func(m *allocation.Model, _ *[]allocation.Line) { m.Drivers[1].Weights[0].To = "fax" }},
		{"twice in driver", allocation.ErrName, `allocation: name: driver "incidents" has two weights for "files"`, func(m *allocation.Model, _ *[]allocation.Line) { m.Drivers[1].Weights[0].To = "files" }},
		{"negative weight", money.ErrNegativeWeight, `allocation: negative weight: driver "incidents" has -1 for "mail"`, func(m *allocation.Model, _ *[]allocation.Line) { m.Drivers[1].Weights[0].Units = money.Int(-1) }},
		{"weights of zero", allocation.ErrNoReceiver, `allocation: no receiver: "service desk" has costs and nobody to give them to`, func(m *allocation.Model, _ *[]allocation.Line) {
			m.Drivers[1].Weights = weights("mail", 0, "files", 0)
		}},
		{"no rule", allocation.ErrNoReceiver, `allocation: no receiver: "mail" has costs and nobody to give them to`, func(m *allocation.Model, _ *[]allocation.Line) { m.Rules = m.Rules[:2] }},
		{"capacity", allocation.ErrCapacity, `allocation: capacity: driver "terabytes" has 79, its weights are 1 more`, func(m *allocation.Model, _ *[]allocation.Line) { m.Drivers[0].Capacity = money.Int(79) }},
		{"negative capacity", allocation.ErrCapacity, `allocation: capacity: driver "terabytes" has -1`, func(m *allocation.Model, _ *[]allocation.Line) { m.Drivers[0].Capacity = money.Int(-1) }},
		{"rule of nobody", allocation.ErrName, `allocation: name: a rule is for "tapes", which is no member`, func(m *allocation.Model, _ *[]allocation.Line) { m.Rules[0].From = "tapes" }},
		{"rule without driver", allocation.ErrName, `allocation: name: the rule of "storage" names the driver "spindles", which does not exist`, func(m *allocation.Model, _ *[]allocation.Line) { m.Rules[0].Driver = "spindles" }},
		{"rule twice", allocation.ErrName, `allocation: name: "service desk" has two rules`, func(m *allocation.Model, _ *[]allocation.Line) { m.Rules[0].From = "service desk" }},
		{"rule of the last stage", allocation.ErrStage, `allocation: stage: "sales" has a rule, but its stage "customers" is the last`, func(m *allocation.Model, _ *[]allocation.Line) { m.Rules[0].From = "sales" }},
		{"back", allocation.ErrStage, `allocation: stage: the driver "heads" leads from "mail" in stage "services" back to stage "pools"`, func(m *allocation.Model, _ *[]allocation.Line) { m.Drivers[2].Weights[1].To = "storage" }},
		{"method", allocation.ErrMethod, `allocation: method: "guess" of stage "pools" is unknown`, func(m *allocation.Model, _ *[]allocation.Line) { m.Stages[0].Method = "guess" }},
		{"overflow", money.ErrOverflow, `allocation: overflow: the balance of "mail"`, func(_ *allocation.Model, l *[]allocation.Line) {
			*l = append(*l, allocation.Line{ID: "max", To: "mail", Amount: largest})
		}},
		{"sequence", allocation.ErrOrder, `allocation: order: the sequence "guess" of stage "pools" is unknown`, func(m *allocation.Model, _ *[]allocation.Line) {
			m.Stages[0].Method, m.Stages[0].Sequence = allocation.StepDown, "guess"
		}},
		{"order of another stage", allocation.ErrOrder, `allocation: order: "mail" is no member of stage "pools"`, func(m *allocation.Model, _ *[]allocation.Line) {
			m.Stages[0].Method, m.Stages[0].Order = allocation.StepDown, []string{"storage", "mail"}
		}},
		{"order with one twice", allocation.ErrOrder, `allocation: order: stage "pools" names "storage" twice`, func(m *allocation.Model, _ *[]allocation.Line) {
			m.Stages[0].Method, m.Stages[0].Order = allocation.StepDown, []string{"storage", "storage"}
		}},
		{"order without one", allocation.ErrOrder, `allocation: order: stage "pools" does not name "service desk"`, func(m *allocation.Model, _ *[]allocation.Line) {
			m.Stages[0].Method, m.Stages[0].Order = allocation.StepDown, []string{"storage"}
		}},
		{"cycle", allocation.ErrOrder, `allocation: order: "storage" → "service desk" → "storage" give to each other in a circle; name an order, or allocate reciprocally`, func(m *allocation.Model, _ *[]allocation.Line) {
			m.Stages[0].Method = allocation.StepDown
			m.Drivers[0].Capacity = money.Number{}
			m.Drivers[0].Weights = weights("service desk", 1, "mail", 1)
			m.Drivers[1].Weights = weights("storage", 1, "files", 1)
		}},
		{"closed loop", allocation.ErrClosedLoop, `allocation: closed loop: "storage", "service desk" give to each other only`, func(m *allocation.Model, _ *[]allocation.Line) {
			m.Stages[0].Method = allocation.Reciprocal
			m.Drivers[0].Capacity = money.Number{}
			m.Drivers[0].Weights = weights("service desk", 1)
			m.Drivers[1].Weights = weights("storage", 1)
		}},
		{"too long for a system", money.ErrOverflow, `allocation: the driver of "storage": overflow: more than 18 digits beside one another`, func(m *allocation.Model, _ *[]allocation.Line) {
			m.Stages[0].Method = allocation.Reciprocal
			m.Drivers[0].Capacity = money.Number{}
			m.Drivers[0].Weights = []allocation.Weight{{To: "mail", Units: parse(t, "1000000000")}, {To: "files", Units: parse(t, "0.0000000001")}}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, lines := costs()
			c.change(&m, &lines)
			result, err := m.Allocate(lines)
			require.ErrorIs(t, err, c.want)
			require.EqualError(t, err, c.text)
			require.Nil(t, result)
		})
	}
}

// Numbers that are none are refused where a driver or a line is decoded.
func TestBadNumbers(t *testing.T) {
	for _, text := range []string{`"NaN"`, `"Inf"`, `"1e400"`, `"0x10"`, `"1234567890123456789012"`, `"0.1234567890123456789"`, `""`, `"١"`, `1`} {
		var w allocation.Weight
		require.Error(t, json.Unmarshal([]byte(`{"to":"mail","units":`+text+`}`), &w), text)
		var l allocation.Line
		require.Error(t, json.Unmarshal([]byte(`{"id":"1","to":"mail","amount":{"amount":`+text+`,"currency":"EUR"}}`), &l), text)
	}
}

func TestBadDepartments(t *testing.T) {
	good := func() []allocation.Department {
		return []allocation.Department{
			{Name: "power", Service: true, Cost: eur("100.00"), Gives: weights("power", 5, "water", 1, "works", 1)},
			{Name: "water", Service: true, Cost: eur("0.00"), Gives: weights("power", 1, "works", 1)},
			{Name: "works", Cost: eur("10.00")},
		}
	}
	_, err := allocation.SolveReciprocal(good())
	require.NoError(t, err)
	for _, c := range []struct {
		want   error
		text   string
		change func(d []allocation.Department)
	}{
		{allocation.ErrName, `allocation: name: department 1: "power", want a name of its own`, func(d []allocation.Department) { d[1].Name = "power" }},
		{allocation.ErrName, `allocation: name: department 1: "", want a name of its own`, func(d []allocation.Department) { d[1].Name = "" }},
		{money.ErrCurrency, `allocation: money: the currencies differ: EUR and no currency: the cost of "works"`, func(d []allocation.Department) { d[2].Cost = money.Amount{} }},
		{money.ErrCurrency, `allocation: money: the currencies differ: no currency and no currency: the cost of "power"`, func(d []allocation.Department) { d[0].Cost = money.Amount{} }},
		{allocation.ErrName, `allocation: name: "water" gives to "gas", which is no department`, func(d []allocation.Department) { d[1].Gives[0].To = "gas" }},
		{allocation.ErrName, `allocation: name: "water" gives to "works" twice`, func(d []allocation.Department) { d[1].Gives[0].To = "works" }},
		{money.ErrNegativeWeight, `allocation: negative weight: "water" gives -1 to "power"`, func(d []allocation.Department) { d[1].Gives[0].Units = money.Int(-1) }},
		{allocation.ErrMethod, `allocation: method: "water" gives, but is no service`, func(d []allocation.Department) { d[1].Service = false }},
		{allocation.ErrNoReceiver, `allocation: no receiver: "power" has costs and nobody to give them to`, func(d []allocation.Department) { d[0].Gives = weights("power", 1, "works", 0) }},
		{allocation.ErrNoReceiver, `allocation: no receiver: "water" has costs and nobody to give them to`, func(d []allocation.Department) { d[1].Gives = nil }},
		{allocation.ErrClosedLoop, `allocation: closed loop: "power", "water" give to each other only`, func(d []allocation.Department) {
			d[0].Gives, d[1].Gives = weights("water", 1), weights("power", 1)
		}},
		{money.ErrOverflow, `allocation: overflow: the total of "works"`, func(d []allocation.Department) {
			d[2].Cost = money.Must(money.New(math.MaxInt64, money.EUR))
		}},
		{money.ErrOverflow, `allocation: the weights of "water": overflow: more than 18 digits beside one another`, func(d []allocation.Department) {
			d[1].Gives[0].Units, d[1].Gives[1].Units = parse(t, "9000000000000000000"), parse(t, "9000000000000000001")
		}},
	} {
		d := good()
		c.change(d)
		solved, err := allocation.SolveReciprocal(d)
		require.ErrorIs(t, err, c.want)
		require.EqualError(t, err, c.text)
		require.Nil(t, solved)
	}
}

// Unknown names are refused by traces too.
func TestBadTraces(t *testing.T) {
	m, lines := costs()
	r, err := m.Allocate(lines)
	require.NoError(t, err)
	_, err = r.TraceLine("tapes")
	require.EqualError(t, err, `allocation: name: there is no line "tapes"`)
	_, err = r.TraceEnd(allocation.End{Kind: allocation.Bill, Name: "tapes"})
	require.EqualError(t, err, `allocation: name: "tapes" is no member`)
	_, err = r.TraceEnd(allocation.End{Kind: allocation.Unallocated, Name: "storage"})
	require.EqualError(t, err, `allocation: name: "storage" has no end of the kind "unallocated"`)
	_, err = r.Share("tapes", allocation.End{Kind: allocation.Bill, Name: "sales"})
	require.ErrorIs(t, err, allocation.ErrName)
	_, err = r.Share(lines[0].ID, allocation.End{Kind: allocation.Bill, Name: "mail"})
	require.EqualError(t, err, `allocation: name: "mail" has no end of the kind "bill"`)
	_, known := r.Balance("tapes")
	require.False(t, known)
}

func parse(t require.TestingT, text string) money.Number {
	n, err := money.ParseNumber(text)
	require.NoError(t, err)
	return n
}
