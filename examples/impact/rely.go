package main

import (
	"context"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/asset/supplier"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/store/memory"
)

// rely signs the contracts with the suppliers and asks which services fall with each.
func (s *story) rely(ctx context.Context, r *Report) error {
	signed, names, err := s.sign(ctx)
	if err != nil {
		return err
	}
	found, err := supplier.Concentration(ctx, cmdb.Services{Graph: s.graph}, signed, len(s.services), money.EUR, calendar.DateOf(now))
	if err != nil {
		return err
	}
	r.Suppliers.Index = found.Index
	for _, d := range found.Suppliers {
		r.Suppliers.Suppliers = append(r.Suppliers.Suppliers, Supplier{Name: names[d.Supplier], Delivers: s.names(d.Delivers), Services: s.names(d.Services), Annual: d.Annual})
	}
	return nil
}

// sign makes the records of suppliers and contracts.
func (s *story) sign(ctx context.Context) ([]supplier.Contract, map[itsm.Ref]string, error) {
	suppliers, store := memory.For(s.store, supplier.Kind()), memory.For(s.store, supplier.ContractKind())
	people, err := itsm.NewDesk(supplier.Kind(), itsm.Config[supplier.Supplier]{Repository: suppliers, Policy: itsm.AllowAll, Clock: clock, NewID: s.newID,
		Facts: supplier.Facts(store)})
	if err != nil {
		return nil, nil, err
	}
	desk, err := itsm.NewDesk(supplier.ContractKind(), itsm.Config[supplier.Contract]{Repository: store, Policy: itsm.AllowAll, Clock: clock, NewID: s.newID,
		Facts: supplier.ContractFacts(suppliers)})
	if err != nil {
		return nil, nil, err
	}
	var signed []supplier.Contract
	names := map[itsm.Ref]string{}
	for _, c := range contracts {
		p, err := people.Open(ctx, supplier.Propose{Title: c.supplier})
		for _, a := range []itsm.Action[supplier.Supplier]{supplier.Assess{Value: supplier.High, Risk: supplier.High, Reason: "services stand on it"}, supplier.Approve{}} {
			if err == nil {
				p, err = people.Do(ctx, p.ID, a)
			}
		}
		if err != nil {
			return nil, nil, err
		}
		names[p.Ref(supplier.Name)] = c.supplier
		x, err := desk.Open(ctx, supplier.Draft{Title: c.title, Supplier: p.Ref(supplier.Name), Terms: supplier.Terms{From: calendar.DateOf(now),
			Annual: money.Must(money.New(100*c.annual, money.EUR)), Delivers: refs(s.contracts[c.supplier])}})
		if err == nil {
			x, err = desk.Do(ctx, x.ID, supplier.Sign{By: "the board"})
		}
		if err != nil {
			return nil, nil, err
		}
		signed = append(signed, x)
	}
	return signed, names, nil
}
