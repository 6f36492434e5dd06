package supplier

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Graph is what this package asks of a configuration management database.
type Graph interface {
	// Falls returns the services that are down if all of some items and services fail at the same time, each once. What
	// is only degraded is not among them. An item that it does not know makes nothing fall.
	Falls(ctx context.Context, failed []itsm.Ref) ([]itsm.Ref, error)
}

// Dependence is what depends on one supplier.
type Dependence struct {
	Supplier  itsm.Ref     `json:"supplier"`
	Contracts []string     `json:"contracts"`          // the numbers of those in force
	Delivers  []itsm.Ref   `json:"delivers,omitempty"` // what stands on the contracts directly
	Services  []itsm.Ref   `json:"services,omitempty"` // what falls with the supplier
	Share     int          `json:"share"`              // of all services, in hundredths of a percent
	Annual    money.Amount `json:"annual"`             // what the contracts cost a year
	Spend     int          `json:"spend"`              // of all contracts' cost, in hundredths of a percent
}

// Concentrated is how much an organisation depends on single suppliers.
type Concentrated struct {
	On        calendar.Date `json:"on"`
	Suppliers []Dependence  `json:"suppliers"` // those with whom most services fall first
	// Index is the Herfindahl-Hirschman index of the yearly cost: the sum of the squares of the shares in percent, 10,000
	// for a single supplier. The merger guidelines of the US agencies (2023) call a market above 1,800 highly
	// concentrated.
	Index int `json:"index"`
}

// Concentration asks the graph, supplier by supplier, which services fall if everything that it delivers fails. services
// are how many services there are in all, for the shares; contracts are those of the tenant, of which the ones in force
// on the day count, with their yearly cost in one currency. It stops at the first error of the graph.
func Concentration(ctx context.Context, g Graph, contracts []Contract, services int, currency money.Currency, on calendar.Date) (Concentrated, error) {
	bySupplier := map[itsm.Ref]*Dependence{}
	out := Concentrated{On: on, Suppliers: []Dependence{}}
	if !currency.Valid() {
		return out, itsm.Invalid("currency", "unknown", "value", clip(string(currency)))
	}
	total := new(big.Int)
	for i := range contracts {
		c := &contracts[i]
		if !c.IsInForce(on) {
			continue
		}
		d := bySupplier[c.Supplier]
		if d == nil {
			none, err := money.New(0, currency)
			if err != nil {
				return out, err
			}
			d = &Dependence{Supplier: c.Supplier, Annual: none}
			bySupplier[c.Supplier] = d
		}
		d.Contracts = append(d.Contracts, c.Number)
		for _, r := range c.Terms.Delivers {
			if !slices.Contains(d.Delivers, r) {
				d.Delivers = append(d.Delivers, r)
			}
		}
		if c.Terms.Annual.IsZero() {
			continue
		}
		var err error
		if d.Annual, err = d.Annual.Add(c.Terms.Annual); err != nil {
			return out, fmt.Errorf("supplier: contract %s: yearly cost: %w", c.Number, err)
		}
		total.Add(total, big.NewInt(c.Terms.Annual.Coins()))
	}
	index := new(big.Rat)
	for _, supplier := range slices.SortedFunc(maps.Keys(bySupplier), compareRefs) {
		d := bySupplier[supplier]
		slices.Sort(d.Contracts)
		slices.SortFunc(d.Delivers, compareRefs)
		if len(d.Delivers) > 0 {
			falls, err := g.Falls(ctx, slices.Clone(d.Delivers))
			if err != nil {
				return Concentrated{}, fmt.Errorf("supplier: what falls with %s: %w", d.Supplier, err)
			}
			d.Services = slices.Clone(falls)
			slices.SortFunc(d.Services, compareRefs)
		}
		if len(d.Services) > services {
			return Concentrated{}, itsm.Invalid("services", "range", "min", fmt.Sprint(len(d.Services)), "because", "so many fall with "+d.Supplier.String())
		}
		d.Share = hundredths(big.NewInt(int64(len(d.Services))), big.NewInt(int64(services)))
		d.Spend = hundredths(big.NewInt(d.Annual.Coins()), total)
		if total.Sign() > 0 {
			share := new(big.Rat).SetFrac(big.NewInt(d.Annual.Coins()), total)
			index.Add(index, share.Mul(share, share))
		}
		out.Suppliers = append(out.Suppliers, *d)
	}
	out.Index = hundredths(index.Num(), index.Denom())
	slices.SortFunc(out.Suppliers, func(a, b Dependence) int {
		return cmp.Or(cmp.Compare(len(b.Services), len(a.Services)), cmp.Compare(b.Annual.Coins(), a.Annual.Coins()), compareRefs(a.Supplier, b.Supplier))
	})
	return out, nil
}

// hundredths returns part of whole in hundredths of a percent, rounded half up; 0 of nothing.
func hundredths(part, whole *big.Int) int {
	if whole.Sign() == 0 {
		return 0
	}
	n := new(big.Int).Mul(part, big.NewInt(2*10_000))
	n.Add(n, whole)
	return int(n.Quo(n, new(big.Int).Lsh(whole, 1)).Int64())
}

func compareRefs(a, b itsm.Ref) int { return cmp.Compare(a.String(), b.String()) }
