package allocation_test

import (
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/money"
)

// A unit of 100 that costs 1.00 in all is used half, one customer uses 25 of it: over all units that customer bears 25 %
// and the other half is idle, over allocated units only it bears 50 %.
func TestAllUnitsOrAllocatedUnits(t *testing.T) {
	for _, c := range []struct {
		capacity int32
		want     map[allocation.End]string
	}{
		{100, map[allocation.End]string{{Kind: allocation.Bill, Name: "a"}: "0.25 EUR", {Kind: allocation.Bill, Name: "b"}: "0.25 EUR", {Kind: allocation.Idle, Name: "disks"}: "0.50 EUR"}},
		{50, map[allocation.End]string{{Kind: allocation.Bill, Name: "a"}: "0.50 EUR", {Kind: allocation.Bill, Name: "b"}: "0.50 EUR"}},
		{0, map[allocation.End]string{{Kind: allocation.Bill, Name: "a"}: "0.50 EUR", {Kind: allocation.Bill, Name: "b"}: "0.50 EUR"}},
	} {
		m := allocation.Model{
			Currency: money.EUR,
			Stages:   []allocation.Stage{{Name: "pools", Members: []string{"disks"}}, {Name: "customers", Members: []string{"a", "b"}}},
			Drivers:  []allocation.Driver{{Name: "terabytes", Weights: weights("a", 25, "b", 25), Capacity: money.Int(c.capacity)}},
			Rules:    []allocation.Rule{{From: "disks", Driver: "terabytes"}},
		}
		r, err := m.Allocate([]allocation.Line{{ID: "1", To: "disks", Amount: eur("1.00")}})
		require.NoError(t, err)
		require.Equal(t, c.want, ends(r))
	}
}

// What nobody receives stays visible where the stage keeps it, the reciprocal one too: a third of the power goes to the
// boiler, which gives nothing on.
func TestKeepIsVisible(t *testing.T) {
	for _, method := range allocation.Method("").Choices() {
		m := allocation.Model{
			Currency: money.EUR,
			Stages: []allocation.Stage{
				{Name: "pools", Members: []string{"power", "boiler"}, Method: allocation.Method(method), Keep: true},
				{Name: "customers", Members: []string{"a"}},
			},
			Drivers: []allocation.Driver{{Name: "kWh", Weights: weights("boiler", 1, "a", 2)}},
			Rules:   []allocation.Rule{{From: "power", Driver: "kWh"}},
		}
		lines := []allocation.Line{{ID: "1", To: "power", Amount: eur("9.00")}, {ID: "2", To: "boiler", Amount: eur("1.00")}}
		r, err := m.Allocate(lines)
		require.NoError(t, err, method)
		want := map[allocation.End]string{{Kind: allocation.Bill, Name: "a"}: "6.00 EUR", {Kind: allocation.Unallocated, Name: "boiler"}: "4.00 EUR"}
		if method == string(allocation.Direct) {
			want = map[allocation.End]string{{Kind: allocation.Bill, Name: "a"}: "9.00 EUR", {Kind: allocation.Unallocated, Name: "boiler"}: "1.00 EUR"}
		}
		require.Equal(t, want, ends(r), method)
		requireExactTraces(t, r, lines)
		m.Stages[0].Keep = false
		_, err = m.Allocate(lines)
		require.EqualError(t, err, `allocation: no receiver: "boiler" has costs and nobody to give them to`, method)
	}
}

// The sequences, told from the first flow of each member: c gives to both others, a to b.
func TestSequences(t *testing.T) {
	for _, c := range []struct {
		sequence allocation.Sequence
		order    []string
		want     []string
	}{
		{"", nil, []string{"c", "a", "b"}},
		{allocation.ByReference, nil, []string{"c", "a", "b"}},
		{allocation.ByReach, nil, []string{"c", "a", "b"}},
		{allocation.ByCost, nil, []string{"b", "a", "c"}},
		{allocation.ByCost, []string{"a", "c", "b"}, []string{"a", "c", "b"}},
	} {
		m := allocation.Model{
			Currency: money.EUR,
			Stages: []allocation.Stage{
				{Name: "services", Members: []string{"a", "b", "c"}, Method: allocation.StepDown, Sequence: c.sequence, Order: c.order},
				{Name: "others", Members: []string{"x"}},
			},
			Drivers: []allocation.Driver{
				{Name: "a", Weights: weights("b", 1, "x", 1)},
				{Name: "b", Weights: weights("x", 1)},
				{Name: "c", Weights: weights("a", 1, "b", 1, "x", 1)},
			},
			Rules: []allocation.Rule{{From: "a", Driver: "a"}, {From: "b", Driver: "b"}, {From: "c", Driver: "c"}},
		}
		r, err := m.Allocate([]allocation.Line{
			{ID: "1", To: "a", Amount: eur("20.00")}, {ID: "2", To: "b", Amount: eur("30.00")}, {ID: "3", To: "c", Amount: eur("10.00")},
		})
		require.NoError(t, err)
		var order []string
		for f := range r.Flows() {
			if !slices.Contains(order, f.From) {
				order = append(order, f.From)
			}
		}
		require.Equal(t, c.want, order, "%s %s", c.sequence, c.order)
	}
}

// A line and its credit leave nothing to give; both can still be traced, by the weights.
func TestLinesThatCancelOut(t *testing.T) {
	m, _ := costs()
	lines := []allocation.Line{{ID: "invoice", To: "storage", Amount: eur("100.00")}, {ID: "credit note", To: "storage", Amount: eur("-100.00")}}
	r, err := m.Allocate(lines)
	require.NoError(t, err)
	requireExactTraces(t, r, lines)
	s, err := r.Share("invoice", allocation.End{Kind: allocation.Bill, Name: "sales"})
	require.NoError(t, err)
	require.Equal(t, "4/15", s.Fraction.RatString()) // 80 of 100 terabytes, a third of the heads
	require.Equal(t, "80/3", s.Amount().RatString())
}

// A result is read by many at once.
func TestTracesAtOnce(t *testing.T) {
	m, lines := costs()
	r, err := m.Allocate(lines)
	require.NoError(t, err)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { requireExactTraces(t, r, lines) })
	}
	all.Wait()
}

// Counts and sums are compared with those of maps.
func TestDriversFromRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOf(rapid.SampledFrom([]string{"a", "b", "c"})).Draw(t, "names")
		count, err := allocation.Count("incidents", slices.Values(names))
		require.NoError(t, err)
		cost, err := allocation.Cost("use", func(yield func(string, money.Amount) bool) {
			for i, name := range names {
				if !yield(name, coins(t, int64(i))) {
					return
				}
			}
		})
		require.NoError(t, err)
		counts, sums := map[string]money.Number{}, map[string]money.Number{}
		for i, name := range names {
			counts[name], _ = counts[name].Add(money.Int(1))
			cents, _ := money.NewNumber(int64(i), 2)
			sums[name], _ = sums[name].Add(cents)
		}
		require.Equal(t, counts, unitsOf(count))
		require.Equal(t, sums, unitsOf(cost))
		require.Equal(t, len(counts), len(count.Weights))
	})
	yen := money.Must(money.New(1, money.JPY))
	_, err := allocation.Cost("use", maps.All(map[string]money.Amount{"a": yen, "b": eur("1.00")}))
	require.ErrorIs(t, err, money.ErrCurrency)
	_, err = allocation.Cost("use", maps.All(map[string]money.Amount{"a": {}}))
	require.ErrorIs(t, err, money.ErrCurrency)
}

func unitsOf(d allocation.Driver) map[string]money.Number {
	out := map[string]money.Number{}
	for _, w := range d.Weights {
		out[w.To] = w.Units
	}
	return out
}

func ends(r *allocation.Result) map[allocation.End]string {
	out := map[allocation.End]string{}
	for end, amount := range r.Ends() {
		out[end] = amount.String()
	}
	return out
}
