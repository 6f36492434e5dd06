package asset

import (
	"slices"
	"strings"

	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// LicencePosition is the effective licence position of an estate on a day: what is needed, what there is, how the one
// covers the other, and what that is in money.
type LicencePosition struct {
	On       calendar.Date     `json:"on"`
	Products []ProductPosition `json:"products"` // in the order of the estate
	Holdings []HoldingPosition `json:"holdings"` // in the order of the estate
	Short    money.Amount      `json:"short"`    // what the missing units cost
	Idle     money.Amount      `json:"idle"`     // what the unused units cost when they were bought
	Findings []Finding         `json:"findings,omitempty"`
}

// ProductPosition is that of one product.
type ProductPosition struct {
	Product string       `json:"product"`
	Metric  Metric       `json:"metric"`
	Needs   []Need       `json:"needs,omitempty"`
	Needed  int64        `json:"needed"`
	Covered []Cover      `json:"covered,omitempty"`
	Missing int64        `json:"missing"` // under-licensed
	Short   money.Amount `json:"short"`   // Missing at the product's price; 0 where it has none, see the findings
}

// Cover is units of a holding that a product uses.
type Cover struct {
	Holding string `json:"holding"`
	Units   int64  `json:"units"`
	By      Right  `json:"by"`
}

// Right is why an entitlement may be used for a product.
type Right string

// The rights.
const (
	ByOwn       Right = "own"       // it is for the product
	ByDowngrade Right = "downgrade" // it is for a later release
	ByUpgrade   Right = "upgrade"   // it is for an earlier release, with a right to what came out since
	ByTerms     Right = "terms"     // its terms name the product
)

// Choices returns the rights for a pick box.
func (Right) Choices() []string {
	return []string{string(ByOwn), string(ByDowngrade), string(ByUpgrade), string(ByTerms)}
}

// HoldingPosition is that of one entitlement.
type HoldingPosition struct {
	Holding  string        `json:"holding"`
	Product  string        `json:"product"`
	Quantity int64         `json:"quantity"`
	InForce  bool          `json:"in_force"`
	Until    calendar.Date `json:"until,omitzero"`
	Days     int           `json:"days,omitempty"` // until its last day
	Used     int64         `json:"used"`
	Unused   int64         `json:"unused"` // over-licensed; 0 where it is not in force
	Idle     money.Amount  `json:"idle"`   // Unused at the cost of a unit
}

// Finding is what a position cannot answer for.
type Finding struct {
	Code    string `json:"code"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

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
	rights := e.rights()
	order, m := e.match(needs, rights)
	return e.report(needs, rights, order, m)
}

// rights returns by which right each holding can be used for each product, "" for none.
func (e *estate) rights() [][]Right {
	out := make([][]Right, len(e.Holdings))
	for i := range e.Holdings {
		h := &e.Holdings[i]
		out[i] = make([]Right, len(e.Products))
		at, known := e.products[h.Product]
		if !known {
			e.find("unknown_product", h.Product, "holding "+h.ID+" is for it, but no product is declared under this name")
			continue
		}
		if !h.InForce(e.On) {
			continue
		}
		for p := range e.Products {
			by := e.right(h, &e.Products[at], &e.Products[p])
			if by != "" && e.Products[p].Metric != h.Metric {
				if by == ByOwn {
					e.find("metric_differs", h.ID, "counts by "+string(h.Metric)+", "+h.Product+" by "+string(e.Products[p].Metric)+": it covers nothing")
				}
				by = ""
			}
			out[i][p] = by
		}
	}
	return out
}

func (e *estate) right(h *Holding, own, p *Product) Right {
	inLine := own.Line != "" && own.Line == p.Line
	switch {
	case p.Name == own.Name:
		return ByOwn
	case inLine && p.Release < own.Release && h.Downgrade:
		return ByDowngrade
	case inLine && p.Release > own.Release && !h.UpgradeUntil.IsZero() && !p.ReleasedOn.IsZero() && p.ReleasedOn.Compare(h.UpgradeUntil) <= 0:
		return ByUpgrade
	case slices.Contains(h.Also, p.Name):
		return ByTerms
	}
	return ""
}

// match shares the holdings among the products. order is the products from the dearest to the cheapest.
func (e *estate) match(needs [][]Need, rights [][]Right) (order []int, m *matching) {
	for p := range e.Products {
		order = append(order, p)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return compareCoins(e.Products[b].Price, e.Products[a].Price)
	})
	width := make([]int, len(e.Holdings))
	supply := make([]int64, len(e.Holdings))
	for i, reach := range rights {
		for _, by := range reach {
			if by != "" {
				width[i]++
			}
		}
		if width[i] > 0 {
			supply[i] = e.Holdings[i].Quantity
		}
	}
	demand, reach := make([]int64, len(order)), make([][]int, len(order))
	for d, p := range order {
		demand[d] = total(needs[p])
		for i := range rights {
			if rights[i][p] != "" {
				reach[d] = append(reach[d], i)
			}
		}
		slices.SortStableFunc(reach[d], func(a, b int) int { return e.prefer(p, a, b, rights, width) })
	}
	return order, share(demand, supply, reach)
}

func (e *estate) prefer(p, a, b int, rights [][]Right, width []int) int {
	if ownA, ownB := rights[a][p] == ByOwn, rights[b][p] == ByOwn; ownA != ownB {
		if ownA {
			return -1
		}
		return 1
	}
	if width[a] != width[b] {
		return width[a] - width[b]
	}
	untilA, untilB := e.Holdings[a].Until, e.Holdings[b].Until
	if untilA.IsZero() != untilB.IsZero() {
		if untilB.IsZero() {
			return -1
		}
		return 1
	}
	if c := untilA.Compare(untilB); c != 0 {
		return c
	}
	return strings.Compare(e.Holdings[a].ID, e.Holdings[b].ID)
}

// report puts the outcome into figures.
func (e *estate) report(needs [][]Need, rights [][]Right, order []int, m *matching) (*LicencePosition, error) {
	out := &LicencePosition{On: e.On, Products: make([]ProductPosition, len(e.Products)), Holdings: make([]HoldingPosition, len(e.Holdings))}
	var short, idle []money.Amount
	for d, i := range order {
		p := &e.Products[i]
		at := ProductPosition{Product: p.Name, Metric: p.Metric, Needs: needs[i], Needed: total(needs[i]), Missing: m.need[d]}
		for place, h := range m.reach[d] {
			if n := m.flow[d][place]; n > 0 {
				at.Covered = append(at.Covered, Cover{Holding: e.Holdings[h].ID, Units: n, By: rights[h][i]})
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
			at.Unused = h.Quantity
			if slices.ContainsFunc(rights[i], func(r Right) bool { return r != "" }) {
				at.Unused = m.free[i]
			}
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

// compareCoins orders amounts of one currency; no amount is the least.
func compareCoins(a, b money.Amount) int {
	switch {
	case a.Coins() < b.Coins():
		return -1
	case a.Coins() > b.Coins():
		return 1
	}
	return 0
}
