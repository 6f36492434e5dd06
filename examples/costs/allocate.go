package main

import (
	"context"
	"time"

	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/finance/allocation"
	"github.com/itsmkit/itsm/money"
)

// allocate reads the costs of the year out of the ledger and carries them to the customers: those of the pools to one
// another and to the services, where nothing that they use of one another is ignored, and those of the services to their
// customers.
func (y *year) allocate(ctx context.Context) error {
	y.lines = nil
	for l, err := range finance.CostLines(&y.chart, y.ledger.EntriesOf(ctx, y.books, lastDay, time.Time{})) {
		switch {
		case err != nil:
			return err
		case l.Cost.Treatment == finance.Operating: // what buys assets comes back as depreciation
			y.lines = append(y.lines, l)
		}
	}
	in := make([]allocation.Line, len(y.lines))
	for i, l := range y.lines {
		in[i] = allocation.Line{ID: l.ID, To: y.member(l), Amount: l.Amount}
	}
	drivers, err := y.drivers()
	if err != nil {
		return err
	}
	y.model = allocation.Model{Currency: money.EUR, Drivers: drivers, Stages: []allocation.Stage{
		{Name: "pools", Method: allocation.Reciprocal}, {Name: "services"}, {Name: "customers"},
	}}
	members := func(stage int, name string) {
		y.model.Stages[stage].Members = append(y.model.Stages[stage].Members, name)
	}
	for _, p := range pools {
		members(0, p.name)
		y.model.Rules = append(y.model.Rules, allocation.Rule{From: p.name, Driver: p.gives})
	}
	for _, s := range services {
		members(1, s.name)
		y.model.Rules = append(y.model.Rules, allocation.Rule{From: s.name, Driver: s.unit + " of " + s.name})
	}
	for _, c := range customers {
		members(2, c.name)
	}
	y.result, err = y.model.Allocate(in)
	return err
}

// member is where a cost enters: at its service if it has one, else at the pool of its cost centre.
func (y *year) member(l finance.CostLine) string {
	if !l.Service.IsZero() {
		return serviceOf(l.Service)
	}
	centre, _ := y.chart.CostCentre(l.CostCentre)
	return centre.Title
}
