package asset

import (
	"cmp"
	"slices"
	"strings"
)

// Position computes the effective licence position of an estate. It is a pure function and safe for concurrent use.
//
// What is missing is as little as the rights allow: the units that are covered are together worth the most at the
// products' prices, and of those the most. Among equal ways a product uses its own entitlements first, then those whose
// rights reach the fewest products, then those that end first.
func Position(x Estate) (*LicencePosition, error) {
	e, err := x.checked()
	if err != nil {
		return nil, err
	}
	needs := e.demands()
	claims, width := e.claims()
	order, m := e.match(needs, claims, width)
	return e.report(needs, claims, order, m)
}

// claim is a holding that can be used for a product, and why.
type claim struct {
	holding int
	by      Right
}

// claims returns for each product the holdings that can be used for it, and for each holding how many products it can
// be used for.
func (e *estate) claims() (byProduct [][]claim, width []int) {
	byProduct, width = make([][]claim, len(e.Products)), make([]int, len(e.Holdings))
	for i := range e.Holdings {
		h := &e.Holdings[i]
		own, known := e.products[h.Product]
		if !known {
			e.find("unknown_product", h.Product, "holding "+h.ID+" is for it, but no product is declared under this name")
			continue
		}
		if !h.InForce(e.On) {
			continue
		}
		reach := append([]int{own}, e.lines[e.Products[own].Line]...)
		for _, also := range h.Also {
			if p, known := e.products[also]; known {
				reach = append(reach, p)
			} else {
				e.find("unknown_product", also, "holding "+h.ID+" names it, but no product is declared under this name")
			}
		}
		slices.Sort(reach)
		for _, p := range slices.Compact(reach) {
			of := &e.Products[p]
			switch by := right(h, &e.Products[own], of); {
			case by == "":
			case of.Metric == h.Metric:
				byProduct[p] = append(byProduct[p], claim{i, by})
				width[i]++
			case by == ByOwn || by == ByTerms: // releases of a line may be counted otherwise
				e.find("metric_differs", h.ID, "counts by "+string(h.Metric)+", "+of.Name+" by "+string(of.Metric)+": it does not cover it")
			}
		}
	}
	return byProduct, width
}

// right returns why an entitlement for a product may be used for another one, "" if it may not.
func right(h *Holding, own, p *Product) Right {
	inLine := own.Line != "" && own.Line == p.Line
	switch {
	case p.Name == own.Name:
		return ByOwn
	case inLine && p.Release < own.Release && h.Downgrade:
		return ByDowngrade
	case inLine && p.Release > own.Release && !p.ReleasedOn.IsZero() && p.ReleasedOn.Compare(h.UpgradeUntil) <= 0:
		return ByUpgrade
	case slices.Contains(h.Also, p.Name):
		return ByTerms
	}
	return ""
}

// match shares the holdings among the products. order is the products from the dearest to the cheapest; their claims
// are brought into the order in which they are used.
func (e *estate) match(needs [][]Need, claims [][]claim, width []int) (order []int, m *matching) {
	for p := range e.Products {
		order = append(order, p)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(e.Products[b].Price.Coins(), e.Products[a].Price.Coins()) // no price is the least
	})
	supply := make([]int64, len(e.Holdings))
	for i := range supply {
		supply[i] = e.Holdings[i].Quantity
	}
	demand, reach := make([]int64, len(order)), make([][]int, len(order))
	for d, p := range order {
		demand[d] = total(needs[p])
		slices.SortFunc(claims[p], func(a, b claim) int { return e.prefer(a, b, width) })
		for _, c := range claims[p] {
			reach[d] = append(reach[d], c.holding)
		}
	}
	return order, share(demand, supply, reach)
}

// prefer orders claims of one product: its own entitlements first, then those of the fewest products, then those that
// end first.
func (e *estate) prefer(a, b claim, width []int) int {
	x, y := &e.Holdings[a.holding], &e.Holdings[b.holding]
	return cmp.Or(
		first(a.by == ByOwn, b.by == ByOwn),
		cmp.Compare(width[a.holding], width[b.holding]),
		first(!x.Until.IsZero(), !y.Until.IsZero()),
		x.Until.Compare(y.Until),
		strings.Compare(x.ID, y.ID),
	)
}

// first orders what is true before what is not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
