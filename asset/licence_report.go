package asset

import "github.com/itsmkit/itsm/money"

// report puts the outcome into figures.
func (e *estate) report(needs [][]Need, claims [][]claim, order []int, m *matching) (*LicencePosition, error) {
	out := &LicencePosition{On: e.On, Products: make([]ProductPosition, len(e.Products)), Holdings: make([]HoldingPosition, len(e.Holdings))}
	var short, idle []money.Amount
	for d, i := range order {
		p := &e.Products[i]
		at := ProductPosition{Product: p.Name, Metric: p.Metric, Needs: needs[i], Needed: total(needs[i]), Missing: m.need[d]}
		for place, c := range claims[i] {
			if n := m.flow[d][place]; n > 0 {
				at.Covered = append(at.Covered, Cover{Holding: e.Holdings[c.holding].ID, Units: n, By: c.by})
			}
		}
		if at.Missing > 0 && p.Price.IsZero() {
			e.find("no_price", p.Name, "units are missing, but the product has no price")
		}
		var err error
		if at.Short, err = e.times(p.Price, at.Missing); err != nil {
			return nil, err
		}
		short = append(short, at.Short)
		out.Products[i] = at
	}
	for i := range e.Holdings {
		h := &e.Holdings[i]
		at := HoldingPosition{Holding: h.ID, Product: h.Product, Quantity: h.Quantity, InForce: h.InForce(e.On), Until: h.Until}
		if !h.Until.IsZero() {
			at.Days = e.On.DaysUntil(h.Until)
		}
		if at.InForce {
			at.Unused = m.free[i]
			at.Used = h.Quantity - at.Unused
		}
		var err error
		if at.Idle, err = e.times(h.Cost, at.Unused); err != nil {
			return nil, err
		}
		idle = append(idle, at.Idle)
		out.Holdings[i] = at
	}
	var err error
	if out.Short, err = money.Sum(e.Currency, short); err != nil {
		return nil, err
	}
	if out.Idle, err = money.Sum(e.Currency, idle); err != nil {
		return nil, err
	}
	out.Findings = e.findings
	return out, nil
}

// times returns n units at a price; none where there is no price.
func (e *estate) times(price money.Amount, n int64) (money.Amount, error) {
	if price.IsZero() {
		return money.New(0, e.Currency)
	}
	return price.Mul(n)
}

func total(needs []Need) int64 {
	var n int64
	for _, x := range needs {
		n += x.Units
	}
	return n
}
