package allocation

import (
	"fmt"
	"math"
	"math/big"

	"github.com/itsmkit/itsm/money"
)

// reciprocal lets the members of a stage give by their effective shares: how much of a coin that a member has comes to
// each receiver in the end, after any number of turns among the members. So each member's coins go to who bears them,
// and the turns themselves need no rounding.
func (r *run) reciprocal(stage int) error {
	s, givers, receivers, err := r.system(stage)
	if err != nil {
		return err
	}
	if loop := s.closedLoop(); loop != nil {
		e := &ClosedLoopError{}
		for _, i := range loop {
			e.Members = append(e.Members, r.names[givers[i]])
		}
		return e
	}
	gives := make(map[int32]bool, len(givers))
	for i, g := range s.effective(receivers) {
		gives[givers[i]] = true
		if err := r.share(givers[i], g); err != nil {
			return err
		}
	}
	if err := r.keepTurns(stage, s, givers); err != nil {
		return err
	}
	for m := r.first[stage]; m < r.first[stage+1]; m++ {
		if gives[m] {
			continue
		}
		if err := r.settle(m); err != nil { // with what the givers gave to it
			return err
		}
		if err := r.share(m, giving{}); err != nil {
			return err
		}
	}
	return nil
}

// system returns the reciprocal system of a stage. Members who have nobody to give to are receivers.
func (r *run) system(stage int) (s *system, givers, receivers []int32, err error) {
	s = &system{}
	all := make([]giving, 0, len(r.names))
	row, column := map[int32]int32{}, map[int32]int32{}
	for m := r.first[stage]; m < r.first[stage+1]; m++ {
		if g := r.receivers(m, func(to int32) bool { return to != m }); len(g.to) > 0 {
			row[m] = int32(len(givers))
			givers, all = append(givers, m), append(all, g)
		}
	}
	for k, g := range all {
		err := s.add(g.units, func(i int) (int32, bool) {
			if to, gives := row[g.to[i]]; gives {
				return to, true
			}
			to, known := column[g.to[i]]
			if !known {
				to = int32(len(receivers))
				column[g.to[i]], receivers = to, append(receivers, g.to[i])
			}
			return to, false
		})
		if err != nil {
			return nil, nil, nil, fmt.Errorf("allocation: the driver of %q: %w", r.names[givers[k]], err)
		}
	}
	return s, givers, receivers, nil
}

// effective returns by which weights each giver gives to receivers: exact fractions in a small system, and else the
// shares of elimination with 18 decimals.
func (s *system) effective(receivers []int32) []giving {
	out := make([]giving, len(s.total))
	if len(out) <= exactGivers && len(receivers) <= exactReceivers {
		inverse, _ := s.inverse()
		for i := range out {
			for j, n := range s.exactRow(inverse[i], len(receivers)) {
				if n.Sign() > 0 {
					out[i].to, out[i].exact = append(out[i].to, receivers[j]), append(out[i].exact, new(big.Rat).SetInt(n))
				}
			}
		}
		return out
	}
	rows := make([][]float64, len(out))
	for i, cells := range s.out {
		rows[i] = make([]float64, len(receivers))
		for _, c := range cells {
			rows[i][c.to] = float64(c.units)
		}
	}
	s.eliminate().shares(rows)
	for i, row := range rows {
		for j, share := range row {
			units, err := money.NewNumber(int64(math.RoundToEven(share*1e18)), 18)
			if err == nil && units.Sign() > 0 {
				out[i].to, out[i].units = append(out[i].to, receivers[j]), append(out[i].units, units)
			}
		}
	}
	return out
}
