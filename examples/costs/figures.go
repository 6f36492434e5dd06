package main

import (
	"context"
	"math/big"
	"slices"

	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/finance/charging"
	"github.com/itsmkit/itsm/money"
)

// idle returns the cost of what nobody uses of a member.
func idle(r *allocation.Result, member string) money.Amount {
	for end, amount := range r.Ends() {
		if end.Kind == allocation.Idle && end.Name == member {
			return amount
		}
	}
	return eur(0)
}

func (y *year) poolCosts(_ context.Context, r *Report) error {
	for _, p := range pools {
		own, _ := y.result.Balance(p.name)
		gross, err := y.result.Gross(p.name) // what an incident costs is the desk's gross cost, and not its own
		if err != nil {
			return err
		}
		all, err := money.RoundRat(gross, money.EUR, money.HalfUp)
		if err != nil {
			return err
		}
		unused := idle(y.result, p.name)
		share := percent(new(big.Rat).Quo(unused.Rat(), all.Rat()), 1)
		r.Pools = append(r.Pools, Pool{Name: p.name, Driver: p.gives, Own: own, Gross: all, Idle: unused, IdlePercent: share})
	}
	return nil
}

// unitCosts divides what services and customers cost by how many units they have. Idle costs are not the price of what is
// used.
func (y *year) unitCosts(_ context.Context, r *Report) error {
	bySite, byService := map[string]int{}, map[string]int{}
	for _, c := range y.incidents {
		byService[disturbed[c.Service]]++
		bySite[c.Location]++
	}
	add := func(list *[]Unit, u Unit) (err error) {
		u.Each, err = u.Cost.Over(u.Units, money.HalfUp)
		*list = append(*list, u)
		return err
	}
	for _, s := range services {
		u := Unit{Name: s.name, Unit: s.unit, Idle: idle(y.result, s.name), Incidents: byService[s.name]}
		all, _ := y.result.Balance(s.name)
		var err error
		if u.Cost, err = all.Sub(u.Idle); err != nil {
			return err
		}
		for _, c := range customers {
			if u.Units, err = u.Units.Add(y.units(s.unit+" of "+s.name, c.name)); err != nil {
				return err
			}
		}
		if err := add(&r.Services, u); err != nil {
			return err
		}
	}
	var err error
	if r.Planned.Price, err = money.ParsePrice(plannedPrice, money.EUR); err != nil {
		return err
	}
	if r.Planned.Amount, err = charging.Net(money.EUR, y.metered); err != nil {
		return err
	}
	handled := Unit{Name: "An incident", Unit: "incident", Units: money.Int(int32(len(y.incidents))), Incidents: len(y.incidents), Idle: eur(0),
		Cost: r.Pools[slices.IndexFunc(r.Pools, func(p Pool) bool { return p.Name == desk })].Gross}
	if err := add(&r.Services, handled); err != nil {
		return err
	}
	for _, c := range customers {
		u := Unit{Name: c.name, Unit: "seat", Units: money.Int(c.seats), Idle: eur(0)}
		u.Cost, _ = y.result.Balance(c.name)
		for _, site := range c.sites {
			u.Incidents += bySite[site]
		}
		if err := add(&r.Customers, u); err != nil {
			return err
		}
	}
	return nil
}
