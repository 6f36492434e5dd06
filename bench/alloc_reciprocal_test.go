package bench_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/money"
)

// reciprocalDepartments returns services that all use one another and give to a hundred departments that bear costs.
func reciprocalDepartments(services int) []allocation.Department {
	const bearing = 100
	r := rand.New(rand.NewPCG(5, 6))
	out := make([]allocation.Department, services+bearing)
	for i := range out {
		out[i] = allocation.Department{
			Name: fmt.Sprintf("department %d", i), Service: i < services, Cost: money.Must(money.New(r.Int64N(1e9), money.EUR)),
		}
	}
	for i := range services {
		out[i].Gives = make([]allocation.Weight, len(out))
		for j := range out {
			units, _ := money.NewNumber(r.Int64N(1e6), 2)
			out[i].Gives[j] = allocation.Weight{To: out[j].Name, Units: units}
		}
	}
	return out
}

// BenchmarkReciprocal solves systems of service departments in which each uses all others; gauss is the same system in
// plain floats, with an error of some coins and no names, checks or rounding.
func BenchmarkReciprocal(b *testing.B) {
	for _, n := range []int{30, 500} {
		departments := reciprocalDepartments(n)
		b.Run(fmt.Sprintf("itsm%d", n), func(b *testing.B) {
			var got []allocation.Solved
			measure(b, func(int) (err error) { got, err = allocation.SolveReciprocal(departments); return err })
			all, borne := new(big.Rat), new(big.Rat)
			for i, s := range got {
				all.Add(all, departments[i].Cost.Rat())
				if !departments[i].Service {
					borne.Add(borne, s.Total.Rat())
				}
			}
			require.Zero(b, all.Cmp(borne))
		})
		b.Run(fmt.Sprintf("gauss%d", n), func(b *testing.B) {
			matrix := make([][]float64, n)
			for i := range matrix {
				matrix[i] = make([]float64, n+1)
			}
			measure(b, func(int) error { gauss(departments, matrix); return nil })
		})
	}
}

// gauss solves for the gross costs of the services: x_s = cost_s + Σ x_t·share(t→s).
func gauss(departments []allocation.Department, m [][]float64) {
	n := len(m)
	for t := range n {
		total := 0.0
		for j, w := range departments[t].Gives {
			if j != t {
				total += w.Units.Decimal().InexactFloat64()
			}
		}
		for s := range n {
			m[s][t] = -departments[t].Gives[s].Units.Decimal().InexactFloat64() / total
		}
		m[t][t], m[t][n] = 1, float64(departments[t].Cost.Coins())
	}
	for k := range n {
		for i := k + 1; i < n; i++ {
			factor := m[i][k] / m[k][k]
			for j := k; j <= n; j++ {
				m[i][j] -= factor * m[k][j]
			}
		}
	}
	for k := n - 1; k >= 0; k-- {
		for j := k + 1; j < n; j++ {
			m[k][n] -= m[k][j] * m[j][n]
		}
		m[k][n] /= m[k][k]
	}
}
