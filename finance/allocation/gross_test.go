package allocation_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/money"
)

// requireGross holds gross costs to their definition: the balance and, in a reciprocal stage, of the gross cost of each
// other member that gives as much as its driver gives to the member. A use of oneself does not count.
func requireGross(t require.TestingT, r *allocation.Result, m allocation.Model) {
	for _, stage := range m.Stages {
		for _, name := range stage.Members {
			balance, _ := r.Balance(name)
			want := balance.Rat()
			for i := range m.Rules {
				d, from := m.Drivers[i], m.Rules[i].From // each rule has the driver of its place
				if stage.Method != allocation.Reciprocal || from == name || !slices.Contains(stage.Members, from) || takesOnly(m, name) {
					continue
				}
				total, part := new(big.Rat), new(big.Rat)
				for _, w := range d.Weights {
					if w.To != from {
						total.Add(total, w.Units.Rat())
					}
					if w.To == name {
						part.Add(part, w.Units.Rat())
					}
				}
				if d.Capacity.Sign() > 0 {
					total.Set(d.Capacity.Rat())
					for _, w := range d.Weights {
						if w.To == from {
							total.Sub(total, w.Units.Rat())
						}
					}
				}
				if part.Sign() > 0 {
					gross, err := r.Gross(from)
					require.NoError(t, err)
					want.Add(want, part.Mul(part, gross.Quo(gross, total)))
				}
			}
			got, err := r.Gross(name)
			require.NoError(t, err)
			require.Equal(t, want.RatString(), got.RatString(), name)
		}
	}
}

// takesOnly tells that a member gives to nobody but itself: what others gave it is its balance.
func takesOnly(m allocation.Model, name string) bool {
	for i, rule := range m.Rules {
		if d := m.Drivers[i]; rule.From == name {
			used, own := new(big.Rat), new(big.Rat)
			for _, w := range d.Weights {
				if used.Add(used, w.Units.Rat()); w.To == name {
					own.Add(own, w.Units.Rat())
				}
			}
			if d.Capacity.Sign() > 0 {
				used = d.Capacity.Rat()
			}
			return used.Cmp(own) == 0
		}
	}
	return true
}

// The two service departments of the textbook: maintenance costs 200, of which 10 % are for power; power costs 100, of
// which 20 % are for maintenance. M = 200 + P/5 and P = 100 + M/10, so that M = 11000/49 and P = 6000/49.
func TestGrossByHand(t *testing.T) {
	m := allocation.Model{
		Currency: money.EUR,
		Stages: []allocation.Stage{
			{Name: "services", Members: []string{"maintenance", "power"}, Method: allocation.Reciprocal},
			{Name: "production", Members: []string{"assembly"}},
		},
		Drivers: []allocation.Driver{
			{Name: "hours", Weights: weights("power", 1, "assembly", 9)},
			{Name: "kWh", Weights: weights("maintenance", 2, "assembly", 8)},
		},
		Rules: []allocation.Rule{{From: "maintenance", Driver: "hours"}, {From: "power", Driver: "kWh"}},
	}
	r, err := m.Allocate([]allocation.Line{{ID: "1", To: "maintenance", Amount: eur("200.00")}, {ID: "2", To: "power", Amount: eur("100.00")}})
	require.NoError(t, err)
	for name, want := range map[string]string{"maintenance": "11000/49", "power": "6000/49", "assembly": "300"} {
		got, err := r.Gross(name)
		require.NoError(t, err)
		require.Equal(t, want, got.RatString(), name)
	}
	_, err = r.Gross("nobody")
	require.ErrorIs(t, err, allocation.ErrName)
}

// A stage with more members than are solved exactly agrees with the exact solution of its definition to 2^-96 coins: each
// costs 1.00 and gives half to the next and half away, so that by symmetry the gross cost of each is 2.00.
func TestGrossOfManyMembers(t *testing.T) {
	const n = 50
	m := allocation.Model{Currency: money.EUR, Stages: []allocation.Stage{{Name: "ring", Method: allocation.Reciprocal}, {Name: "out", Members: []string{"out"}}}}
	var lines []allocation.Line
	for i := range n {
		name := fmt.Sprint(i)
		m.Stages[0].Members = append(m.Stages[0].Members, name)
		m.Drivers = append(m.Drivers, allocation.Driver{Name: name, Weights: weights(fmt.Sprint((i+1)%n), 1, "out", 1)})
		m.Rules = append(m.Rules, allocation.Rule{From: name, Driver: name})
		lines = append(lines, allocation.Line{ID: name, To: name, Amount: eur("1.00")})
	}
	r, err := m.Allocate(lines)
	require.NoError(t, err)
	for i := range n {
		got, err := r.Gross(fmt.Sprint(i))
		require.NoError(t, err)
		off := got.Sub(got, big.NewRat(2, 1))
		require.Negative(t, off.Abs(off).Cmp(new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Lsh(big.NewInt(100), 96))), "%d", i)
	}
}
