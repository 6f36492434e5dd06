package allocation

import (
	"math/big"
	"slices"
)

// term is a fraction that is not in lowest terms.
type term struct{ num, denom *big.Int }

// sum adds fractions up. It multiplies them out in pairs and reduces once: adding them one by one would look for a
// common divisor of ever longer numbers each time.
func sum(terms []term) *big.Rat {
	t := merge(terms)
	return new(big.Rat).SetFrac(t.num, t.denom)
}

func merge(terms []term) term {
	if len(terms) == 1 {
		return terms[0]
	}
	a, b := merge(terms[:len(terms)/2]), merge(terms[len(terms)/2:])
	if a.denom.Cmp(b.denom) == 0 {
		return term{new(big.Int).Add(a.num, b.num), a.denom}
	}
	num := new(big.Int).Mul(a.num, b.denom)
	num.Add(num, new(big.Int).Mul(b.num, a.denom))
	return term{num, new(big.Int).Mul(a.denom, b.denom)}
}

// weights returns the weights by which a member's costs went to its receivers, and their total: its coins, or where the
// balance is 0 the weights of its driver.
func (r *Result) weights(member int32) (at func(i int) *big.Rat, total *big.Rat) {
	g := &r.out[member]
	if balance := r.balance[member].Coins(); balance != 0 {
		return func(i int) *big.Rat { return new(big.Rat).SetInt64(g.coins[i].Coins()) }, new(big.Rat).SetInt64(balance)
	}
	at, total = func(i int) *big.Rat { return g.units[i].Rat() }, new(big.Rat)
	if g.exact != nil {
		at = func(i int) *big.Rat { return g.exact[i] }
	}
	for i := range g.to {
		total.Add(total, at(i))
	}
	return at, total
}

// backward sets which part of what each member has comes to a node; nil is none. It looks only at members that are
// reached, if that is not nil. parts has an element for each node.
func (r *Result) backward(to int32, reached []bool, parts []*big.Rat) {
	clear(parts)
	parts[to] = big.NewRat(1, 1)
	var terms []term
	for _, m := range slices.Backward(r.order) {
		if reached != nil && !reached[m] {
			continue
		}
		var at func(i int) *big.Rat
		var total *big.Rat
		terms = terms[:0]
		for i, next := range r.out[m].to {
			if parts[next] == nil {
				continue
			}
			if at == nil {
				at, total = r.weights(m)
			}
			if w := at(i); w.Sign() != 0 {
				terms = append(terms, times(parts[next], w))
			}
		}
		if len(terms) > 0 {
			parts[m] = sum(terms)
			parts[m].Quo(parts[m], total)
		}
	}
}

// forward returns which part of what a member has comes to each node; nil is none.
func (r *Result) forward(from int32) []*big.Rat {
	parts, came := make([]*big.Rat, len(r.balance)), make([][]term, len(r.balance))
	parts[from] = big.NewRat(1, 1)
	for _, m := range r.order { // each before those that it gives to
		if came[m] != nil {
			parts[m] = sum(came[m])
		}
		if parts[m] == nil || parts[m].Sign() == 0 {
			continue
		}
		at, total := r.weights(m)
		of := total.Quo(parts[m], total)
		for i, to := range r.out[m].to {
			if w := at(i); w.Sign() != 0 {
				came[to] = append(came[to], times(of, w))
			}
		}
	}
	for node, terms := range came {
		if parts[node] == nil && terms != nil {
			parts[node] = sum(terms)
		}
	}
	return parts
}

// reached tells which nodes a member's costs come to.
func (r *Result) reached(from int32) []bool {
	out := make([]bool, len(r.balance))
	out[from] = true
	for _, m := range r.order {
		if out[m] {
			for _, to := range r.out[m].to {
				out[to] = true
			}
		}
	}
	return out
}

func times(a, b *big.Rat) term {
	return term{new(big.Int).Mul(a.Num(), b.Num()), new(big.Int).Mul(a.Denom(), b.Denom())}
}
