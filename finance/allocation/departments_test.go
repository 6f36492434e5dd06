package allocation_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/money"
)

// drawDepartments draws services that each give something to the first department behind them, and to others.
func drawDepartments(t *rapid.T, services, bearing int, least int64) []allocation.Department {
	out := make([]allocation.Department, services+bearing)
	for i := range out {
		out[i] = allocation.Department{
			Name: fmt.Sprint(i), Service: i < services, Cost: coins(t, rapid.Int64Range(least, 1e6).Draw(t, "cost")),
		}
	}
	for i := range services {
		for j := range out {
			units := rapid.Int64Range(0, 9).Draw(t, "units")
			if j == services {
				units++
			}
			out[i].Gives = append(out[i].Gives, allocation.Weight{To: out[j].Name, Units: number(t, units)})
		}
	}
	return out
}

// gross solves x(s) = cost(s) + Σ x(t)·share(t→s) in fractions, by elimination straight from the definition.
func gross(departments []allocation.Department) []*big.Rat {
	n := 0
	for _, d := range departments {
		if d.Service {
			n++
		}
	}
	m := make([][]*big.Rat, n)
	for s := range m {
		m[s] = make([]*big.Rat, n+1)
		for t := range n {
			m[s][t] = new(big.Rat).Neg(part(departments, t, s))
		}
		m[s][s] = big.NewRat(1, 1)
		m[s][n] = departments[s].Cost.Rat()
	}
	for k := range n {
		for i := range n {
			if i == k || m[i][k].Sign() == 0 {
				continue
			}
			factor := new(big.Rat).Quo(m[i][k], m[k][k])
			for j := k; j <= n; j++ {
				m[i][j].Sub(m[i][j], new(big.Rat).Mul(factor, m[k][j]))
			}
		}
	}
	x := make([]*big.Rat, n)
	for k := range n {
		x[k] = m[k][n].Quo(m[k][n], m[k][k])
	}
	return x
}

// part returns which part of its use by others a service gives to a department.
func part(departments []allocation.Department, from, to int) *big.Rat {
	total := new(big.Rat)
	for j, w := range departments[from].Gives {
		if j != from {
			total.Add(total, w.Units.Rat())
		}
	}
	if from == to {
		return new(big.Rat)
	}
	return new(big.Rat).Quo(departments[from].Gives[to].Units.Rat(), total)
}

// requireSolved compares a solution with the definition: gross costs, and totals that are the exact ones rounded down
// with the coins left over at the largest remainders.
func requireSolved(t require.TestingT, departments []allocation.Department, solved []allocation.Solved, tolerance *big.Rat) {
	x := gross(departments)
	type bearer struct {
		at        int
		floor     *big.Int
		remainder *big.Rat
	}
	left, bearers := new(big.Int), []bearer{}
	for i, d := range departments {
		left.Add(left, big.NewInt(d.Cost.Coins()))
		if d.Service {
			off := new(big.Rat).Sub(x[i], solved[i].Gross)
			require.LessOrEqual(t, off.Abs(off).Cmp(tolerance), 0, "gross of %s", d.Name)
			continue
		}
		exact := d.Cost.Rat()
		for s := range x {
			exact.Add(exact, new(big.Rat).Mul(x[s], part(departments, s, i)))
		}
		exact.Mul(exact, big.NewRat(100, 1))
		floor := new(big.Int).Div(exact.Num(), exact.Denom())
		bearers = append(bearers, bearer{i, floor, exact.Sub(exact, new(big.Rat).SetInt(floor))})
		left.Sub(left, floor)
	}
	slices.SortStableFunc(bearers, func(a, b bearer) int { return b.remainder.Cmp(a.remainder) })
	for k, b := range bearers {
		want := b.floor.Int64()
		if int64(k) < left.Int64() {
			want++
		}
		require.Equal(t, coins(t, want), solved[b.at].Total, departments[b.at].Name)
	}
}

func TestSolveReciprocalIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		departments := drawDepartments(t, rapid.IntRange(0, 6).Draw(t, "services"), rapid.IntRange(1, 4).Draw(t, "bearing"), -1e6)
		solved, err := allocation.SolveReciprocal(departments)
		require.NoError(t, err)
		requireSolved(t, departments, solved, new(big.Rat))
	})
}

// More services than are solved exactly, compared with the exact solution. The costs and weights are small enough for
// fractions to be told apart.
func TestSolveReciprocalOfManyServices(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	departments := make([]allocation.Department, 48)
	for i := range departments {
		departments[i] = allocation.Department{Name: fmt.Sprint(i), Service: i < 40, Cost: coins(t, r.Int64N(2e9)-1e9)}
	}
	for i := range 40 {
		for j := range departments {
			departments[i].Gives = append(departments[i].Gives, allocation.Weight{To: fmt.Sprint(j), Units: number(t, r.Int64N(4))})
		}
	}
	solved, err := allocation.SolveReciprocal(departments)
	require.NoError(t, err)
	requireSolved(t, departments, solved, big.NewRat(1, 1e18))
}

// Two departments that use the same of everything bear the same; the odd coin goes to the earlier, whether the system is
// solved exactly or not.
func TestTiesGoToTheEarlier(t *testing.T) {
	for _, services := range []int{3, 50} {
		departments := make([]allocation.Department, services+2)
		for i := range departments {
			departments[i] = allocation.Department{Name: fmt.Sprint(i), Service: i < services, Cost: coins(t, 0)}
		}
		departments[0].Cost = coins(t, 12345)
		for i := range services {
			for j := range departments {
				units := int64(3)
				if j < services {
					units = int64((i*7 + j*3) % 5)
				}
				departments[i].Gives = append(departments[i].Gives, allocation.Weight{To: fmt.Sprint(j), Units: number(t, units)})
			}
		}
		solved, err := allocation.SolveReciprocal(departments)
		require.NoError(t, err)
		require.Equal(t, []money.Amount{coins(t, 6173), coins(t, 6172)}, []money.Amount{solved[services].Total, solved[services+1].Total})
	}
}

// Two halves of a large system are mirror images, each with a department that bears its costs, and a third department
// takes from both. So the two totals are equal but for a coin left over, which is the earlier one's, although the floats of
// the two differ.
func TestTiesOfMirrorImages(t *testing.T) {
	const half = 20
	odd := 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 13))
		departments := make([]allocation.Department, 2*half+3)
		for i := range departments {
			departments[i] = allocation.Department{Name: fmt.Sprint(i), Service: i < 2*half, Cost: coins(t, 0)}
		}
		mirror := func(i int) int {
			if i < 2*half {
				return (i + half) % (2 * half)
			}
			return 4*half + 1 - i // 2·half ↔ 2·half+1
		}
		for i := range half {
			departments[i].Cost = coins(t, r.Int64N(1e9))
			departments[i+half].Cost = departments[i].Cost
			for j := range departments {
				units := number(t, 1+r.Int64N(1e6))
				to := mirror(j)
				if j == 2*half+2 {
					to = j
				}
				departments[i].Gives = append(departments[i].Gives, allocation.Weight{To: fmt.Sprint(j), Units: units})
				departments[i+half].Gives = append(departments[i+half].Gives, allocation.Weight{To: fmt.Sprint(to), Units: units})
			}
		}
		solved, err := allocation.SolveReciprocal(departments)
		require.NoError(t, err)
		more := solved[2*half].Total.Coins() - solved[2*half+1].Total.Coins()
		require.Contains(t, []int64{0, 1}, more, "seed %d", seed)
		odd += int(more)
	}
	require.Positive(t, odd)
}

// Where one member has all costs, rounding what it gives and rounding what the others get is the same: a stage and
// SolveReciprocal agree.
func TestReciprocalStageAgrees(t *testing.T) {
	compare := func(t require.TestingT, departments []allocation.Department, services int) {
		m := allocation.Model{Currency: money.EUR, Stages: []allocation.Stage{
			{Name: "services", Method: allocation.Reciprocal}, {Name: "others"},
		}}
		var lines []allocation.Line
		for _, d := range departments {
			lines = append(lines, allocation.Line{ID: d.Name, To: d.Name, Amount: d.Cost})
			if !d.Service {
				m.Stages[1].Members = append(m.Stages[1].Members, d.Name)
				continue
			}
			m.Stages[0].Members = append(m.Stages[0].Members, d.Name)
			m.Drivers = append(m.Drivers, allocation.Driver{Name: d.Name, Weights: d.Gives})
			m.Rules = append(m.Rules, allocation.Rule{From: d.Name, Driver: d.Name})
		}
		solved, err := allocation.SolveReciprocal(departments)
		require.NoError(t, err)
		result, err := m.Allocate(lines)
		require.NoError(t, err)
		for _, s := range solved[services:] {
			balance, _ := result.Balance(s.Name)
			require.Equal(t, s.Total, balance, s.Name)
		}
		if len(lines) < 20 {
			requireExactTraces(t, result, lines)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		services := rapid.IntRange(1, 6).Draw(t, "services")
		departments := drawDepartments(t, services, 3, 0)
		one := rapid.IntRange(0, services-1).Draw(t, "the one with costs")
		for i := range departments {
			if i != one {
				departments[i].Cost = coins(t, 0)
			}
		}
		// Each gives to all others, so that all receivers come up in their order.
		for i := range departments[0].Gives {
			departments[0].Gives[i].Units = number(t, 1)
		}
		compare(t, departments, services)
	})
	r := rand.New(rand.NewPCG(11, 12))
	departments := make([]allocation.Department, 70)
	for i := range departments {
		departments[i] = allocation.Department{Name: fmt.Sprint(i), Service: i < 60, Cost: coins(t, 0)}
	}
	departments[17].Cost = coins(t, 98_765_432_109)
	for i := range 60 {
		for j := range departments {
			departments[i].Gives = append(departments[i].Gives, allocation.Weight{To: fmt.Sprint(j), Units: number(t, 1+r.Int64N(1000))})
		}
	}
	compare(t, departments, 60)
}
