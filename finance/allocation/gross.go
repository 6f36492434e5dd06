package allocation

import (
	"fmt"
	"math/big"
	"sync"

	"github.com/itsmkit/itsm/money"
)

// Gross returns what a member costs with all that the others of its stage give to it: the cost of the whole service desk,
// with its share of the premises and of the management. Divided by how often it is used it is the unit cost. The gross
// costs of a reciprocal stage add up to more than its costs, since what one gives to another is in both; elsewhere gross
// is [Result.Balance]. It is exact for a stage of up to 32 members that give; in a larger one the gross costs explain all
// costs but for less than 2^-96 coins.
//
// An unknown name is an error that matches [ErrName]; [ErrAccuracy] matches that of a large stage whose members keep nearly
// all costs among themselves.
func (r *Result) Gross(member string) (*big.Rat, error) {
	m, known := r.index[member]
	if !known {
		return nil, refuse(ErrName, "%q is no member", member)
	}
	t := r.turns[r.stage[m]]
	at, gave := t.row[m]
	if !gave {
		return r.balance[m].Rat(), nil
	}
	all, err := t.gross()
	if err != nil {
		return nil, fmt.Errorf("stage %q: %w", r.stages[r.stage[m]], err)
	}
	return new(big.Rat).Set(all[at]), nil
}

// turns is what the members of a reciprocal stage gave to one another.
type turns struct {
	row   map[int32]int // of a member that gave
	gross func() ([]*big.Rat, error)
}

// keepTurns keeps the system of a stage for [Result.Gross], which solves it when it is first asked.
func (r *run) keepTurns(stage int, s *system, givers []int32) error {
	coin, err := money.New(1, r.currency)
	if err != nil {
		return err
	}
	t := turns{row: make(map[int32]int, len(givers))}
	costs := make([]*big.Int, len(givers))
	for i, m := range givers {
		t.row[m], costs[i] = i, big.NewInt(r.balance[m].Coins())
	}
	t.gross = sync.OnceValues(func() ([]*big.Rat, error) {
		y, divisor, err := s.unitCosts(costs)
		if err != nil {
			return nil, err
		}
		return s.gross(y, divisor, coin), nil
	})
	r.turns[stage] = t
	return nil
}

// gross returns the gross costs of the givers from what a unit of each costs.
func (s *system) gross(y []*big.Int, divisor *big.Int, coin money.Amount) []*big.Rat {
	out := make([]*big.Rat, len(y))
	for i := range y {
		out[i] = new(big.Rat).SetFrac(new(big.Int).Mul(y[i], big.NewInt(s.total[i])), divisor)
		out[i].Mul(out[i], coin.Rat())
	}
	return out
}
