package allocation

import (
	"math/big"

	"github.com/itsmkit/itsm/money"
)

// A reciprocal system with up to so many givers, and where shares are asked for also receivers, is solved in whole
// numbers; larger ones are solved in floats, see elimination and refine.
const (
	exactGivers    = 32
	exactReceivers = 1000
)

// system is givers, counted from 0, that give to one another and to receivers. With U the sum of a giver's weights u,
// what comes from giver s to receiver p in the end is the p-th number of row s of Q in
//
//	U(s)·Q(s) = u(s→·) + Σ u(s→t)·Q(t)
//
// and the gross costs x of the givers, y(s) = x(s)/U(s) of a unit, solve the transposed system
//
//	U(s)·y(s) = cost(s) + Σ u(t→s)·y(t)
//
// (Kaplan and Atkinson, Advanced Management Accounting, on the reciprocal method; the first is the absorption of a
// Markov chain). Both have the same matrix of whole numbers, U on the diagonal and -u beside it.
type system struct {
	within [][]cell // of each giver, to givers
	out    [][]cell // of each giver, to receivers
	total  []int64  // of each giver
}

// cell is a weight for a giver or receiver.
type cell struct {
	to    int32
	units int64
}

// add adds a giver with its weights, none of them zero, as whole numbers without a common divisor. place returns the
// number of the i-th one's giver or receiver, and whether it is a giver.
func (s *system) add(units []money.Number, place func(i int) (int32, bool)) error {
	whole, err := wholes(units)
	if err != nil {
		return err
	}
	var within, out []cell
	total := int64(0)
	for i, w := range whole {
		total += w
		if to, gives := place(i); gives {
			within = append(within, cell{to, w})
		} else {
			out = append(out, cell{to, w})
		}
	}
	s.within, s.out, s.total = append(s.within, within), append(s.out, out), append(s.total, total)
	return nil
}

// closedLoop returns givers that give to each other only, the smallest such set that one of them reaches; nil if costs
// leave from everywhere.
func (s *system) closedLoop() []int {
	leaves := make([]bool, len(s.total))
	for changed := true; changed; {
		changed = false
		for i := range leaves {
			if leaves[i] {
				continue
			}
			leaves[i] = len(s.out[i]) > 0
			for _, c := range s.within[i] {
				leaves[i] = leaves[i] || leaves[c.to]
			}
			changed = changed || leaves[i]
		}
	}
	var loop []int
	for i := range leaves {
		if leaves[i] {
			continue
		}
		if from := s.reach(i); loop == nil || len(from) < len(loop) {
			loop = from
		}
	}
	return loop
}

// reach returns the givers that the costs of a giver come to, itself included, in their order.
func (s *system) reach(from int) []int {
	seen := make([]bool, len(s.total))
	seen[from] = true
	for todo := []int{from}; len(todo) > 0; {
		next := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, c := range s.within[next] {
			if !seen[c.to] {
				seen[c.to] = true
				todo = append(todo, int(c.to))
			}
		}
	}
	var out []int
	for i, s := range seen {
		if s {
			out = append(out, i)
		}
	}
	return out
}

// inverse returns the inverse of the matrix as whole numbers over a common divisor: elimination without fractions after
// Bareiss (Mathematics of Computation 22, 1968), in which each division leaves nothing. Where there is no closed loop
// the leading minors are positive, so that it needs no exchange of rows.
func (s *system) inverse() ([][]*big.Int, *big.Int) {
	n := len(s.total)
	m := make([][]*big.Int, n)
	for i := range m {
		m[i] = make([]*big.Int, 2*n)
		for j := range m[i] {
			m[i][j] = new(big.Int)
		}
		m[i][i].SetInt64(s.total[i])
		m[i][n+i].SetInt64(1)
		for _, c := range s.within[i] {
			m[i][c.to].SetInt64(-c.units)
		}
	}
	divisor, product := big.NewInt(1), new(big.Int)
	for k := range n {
		pivot := m[k][k]
		for i := range n {
			if i == k {
				continue
			}
			factor := new(big.Int).Set(m[i][k])
			for j := range m[i] {
				product.Mul(factor, m[k][j])
				m[i][j].Mul(m[i][j], pivot)
				m[i][j].Quo(m[i][j].Sub(m[i][j], product), divisor)
			}
		}
		divisor = new(big.Int).Set(pivot)
	}
	for i := range m {
		m[i] = m[i][n:]
	}
	return m, divisor
}

// unitCosts solves the system for the costs of the givers: y over a common divisor, exactly for up to exactGivers and
// else with a total error below 2^-accuracyBits coins over all receivers.
func (s *system) unitCosts(costs []*big.Int) ([]*big.Int, *big.Int, error) {
	if len(costs) > exactGivers {
		return s.refine(costs)
	}
	inverse, divisor := s.inverse()
	y := make([]*big.Int, len(costs))
	for i := range y {
		y[i] = new(big.Int)
		for j, c := range costs {
			y[i].Add(y[i], new(big.Int).Mul(inverse[j][i], c))
		}
	}
	return y, divisor, nil
}

// exactRow returns row giver of Q times the divisor of the inverse, for each receiver.
func (s *system) exactRow(inverse []*big.Int, receivers int) []*big.Int {
	row := make([]*big.Int, receivers)
	for i := range row {
		row[i] = new(big.Int)
	}
	product, units := new(big.Int), new(big.Int)
	for t, through := range inverse {
		if through.Sign() == 0 {
			continue
		}
		for _, c := range s.out[t] {
			row[c.to].Add(row[c.to], product.Mul(through, units.SetInt64(c.units)))
		}
	}
	return row
}
