package allocation

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/itsmkit/itsm/money"
)

// Department is one of a reciprocal system.
type Department struct {
	Name    string       `json:"name"`
	Service bool         `json:"service,omitempty"` // it gives all its costs to others; else it bears them
	Cost    money.Amount `json:"cost"`              // its own; all are in one currency
	Gives   []Weight     `json:"gives,omitempty"`   // of a service: the units that each department uses of it
}

// Solved is a department of a solved system.
type Solved struct {
	Name  string
	Gross *big.Rat     // of a service: its own cost and what it receives; nil for others
	Total money.Amount // of a department that is no service: what it bears; no amount for services
}

// SolveReciprocal allocates service departments that use one another, by the reciprocal method of cost accounting. It
// returns the departments in their order. Gross costs are exact for up to 32 services. The exact total of each
// department that bears costs is rounded down to the coin and the coins left over go one each to the largest remainders,
// the earlier first, so that the totals add up to all costs. For more services the linear system is solved with an error
// of less than 2^-96 coins over all departments together; totals are then as if they were exact unless two remainders
// differ by less than 2^-80 coins, which count as equal. A service's use of itself does not count.
//
// It refuses a service that has costs and nobody to give them to ([NoReceiverError]) and services that give to each
// other only ([ClosedLoopError]), even without costs.
//
// A [Stage] with the method Reciprocal differs from this: to trace them it rounds what each member gives, not what each
// receiver gets, so that its totals may be some coins apart.
func SolveReciprocal(departments []Department) ([]Solved, error) {
	s, err := newSolver(departments)
	if err != nil {
		return nil, err
	}
	if loop := s.closedLoop(); loop != nil {
		e := &ClosedLoopError{}
		for _, i := range loop {
			e.Members = append(e.Members, departments[s.givers[i]].Name)
		}
		return nil, e
	}
	costs := make([]*big.Int, len(s.givers))
	for i, d := range s.givers {
		costs[i] = big.NewInt(departments[d].Cost.Coins())
	}
	y, divisor, err := s.unitCosts(costs)
	if err != nil {
		return nil, err
	}
	out := make([]Solved, len(departments))
	for i, gross := range s.gross(y, divisor, s.coin) {
		out[s.givers[i]].Gross = gross
	}
	if err := s.bear(y, divisor, out); err != nil {
		return nil, err
	}
	return out, nil
}

// solver is departments and their system. Its receivers are numbers of departments.
type solver struct {
	system
	departments []Department
	currency    money.Currency
	coin        money.Amount
	givers      []int // their departments
}

func newSolver(departments []Department) (*solver, error) {
	s := &solver{departments: departments}
	index := make(map[string]int, len(departments))
	for i, d := range departments {
		if _, twice := index[d.Name]; twice || d.Name == "" {
			return nil, refuse(ErrName, "department %d: %q, want a name of its own", i, d.Name)
		}
		index[d.Name] = i
		if i == 0 {
			s.currency = d.Cost.Currency()
		}
		if c := d.Cost.Currency(); c != s.currency || !c.Valid() {
			return nil, refuse(&money.MismatchError{A: s.currency, B: c}, "the cost of %q", d.Name)
		}
	}
	if len(departments) == 0 {
		return s, nil
	}
	var err error
	if s.coin, err = money.New(1, s.currency); err != nil {
		return nil, err
	}
	gives := make([]share, len(departments))
	place := make([]int32, len(departments)) // of a giver
	seen := make([]int, len(departments))    // the last department, from 1, that gives to it
	for i := range departments {
		d := &departments[i]
		place[i] = -1
		if gives[i], err = d.share(i, index, seen); err != nil {
			return nil, err
		}
		if len(gives[i].to) > 0 {
			place[i] = int32(len(s.givers))
			s.givers = append(s.givers, i)
		} else if d.Service && d.Cost.Sign() != 0 {
			return nil, &NoReceiverError{Member: d.Name}
		}
	}
	for _, i := range s.givers {
		err := s.add(gives[i].units, func(k int) (int32, bool) {
			to := gives[i].to[k]
			if place[to] >= 0 {
				return place[to], true
			}
			return to, false
		})
		if err != nil {
			return nil, fmt.Errorf("allocation: the weights of %q: %w", departments[i].Name, err)
		}
	}
	return s, nil
}

// share is the weights of a department that count.
type share struct {
	to    []int32
	units []money.Number
}

// share checks the weights of department i.
func (d *Department) share(i int, index map[string]int, seen []int) (share, error) {
	if !d.Service && len(d.Gives) > 0 {
		return share{}, refuse(ErrMethod, "%q gives, but is no service", d.Name)
	}
	s := share{to: make([]int32, 0, len(d.Gives)), units: make([]money.Number, 0, len(d.Gives))}
	for _, w := range d.Gives {
		to, known := index[w.To]
		switch {
		case !known:
			return share{}, refuse(ErrName, "%q gives to %q, which is no department", d.Name, w.To)
		case seen[to] > i:
			return share{}, refuse(ErrName, "%q gives to %q twice", d.Name, w.To)
		case w.Units.Sign() < 0:
			return share{}, refuse(money.ErrNegativeWeight, "%q gives %s to %q", d.Name, w.Units, w.To)
		}
		seen[to] = i + 1
		if w.Units.Sign() > 0 && to != i {
			s.to, s.units = append(s.to, int32(to)), append(s.units, w.Units)
		}
	}
	return s, nil
}

// tieBits is how fine remainders of a system are that was not solved exactly.
const tieBits = 80

// bear sets the names and the totals.
func (s *solver) bear(y []*big.Int, divisor *big.Int, out []Solved) error {
	exact := make([]*big.Int, len(out)) // coins times the divisor
	for i, d := range s.departments {
		out[i].Name = d.Name
		exact[i] = new(big.Int).Mul(big.NewInt(d.Cost.Coins()), divisor)
	}
	product, units := new(big.Int), new(big.Int)
	for i, cells := range s.out {
		for _, c := range cells {
			exact[c.to].Add(exact[c.to], product.Mul(y[i], units.SetInt64(c.units)))
		}
	}
	if len(s.givers) > exactGivers {
		divisor = coarsen(exact, divisor)
	}
	var bearers []int
	for i, d := range s.departments {
		if !d.Service {
			bearers = append(bearers, i)
		} else if out[i].Gross == nil && exact[i].Sign() != 0 {
			return &NoReceiverError{Member: d.Name}
		}
	}
	return s.round(bearers, exact, divisor, out)
}

// coarsen rounds numbers over a power of two to a coarser one, which it returns.
func coarsen(numbers []*big.Int, divisor *big.Int) *big.Int {
	drop := uint(divisor.BitLen() - 1 - tieBits)
	half := new(big.Int).Lsh(big.NewInt(1), drop-1)
	for _, n := range numbers {
		n.Rsh(n.Add(n, half), drop)
	}
	return new(big.Int).Rsh(divisor, drop)
}

// round rounds the totals of the bearers to the coin so that they add up to all costs.
func (s *solver) round(bearers []int, exact []*big.Int, divisor *big.Int, out []Solved) error {
	left := new(big.Int)
	for _, d := range s.departments {
		left.Add(left, big.NewInt(d.Cost.Coins()))
	}
	floors, remainders := make(map[int]*big.Int, len(bearers)), make(map[int]*big.Int, len(bearers))
	for _, b := range bearers {
		floors[b], remainders[b] = new(big.Int).DivMod(exact[b], divisor, new(big.Int))
		left.Sub(left, floors[b])
	}
	order := slices.Clone(bearers)
	slices.SortStableFunc(order, func(a, b int) int { return remainders[b].Cmp(remainders[a]) })
	for _, b := range order {
		if left.Sign() > 0 {
			floors[b].Add(floors[b], big.NewInt(1))
			left.Sub(left, big.NewInt(1))
		}
		if !floors[b].IsInt64() {
			return refuse(money.ErrOverflow, "the total of %q", s.departments[b].Name)
		}
		var err error
		if out[b].Total, err = money.New(floors[b].Int64(), s.currency); err != nil {
			return err
		}
	}
	return nil
}
