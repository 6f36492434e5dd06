package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// expect computes the availability of the critical services as they are and with the second cables.
func (s *story) expect(_ context.Context, r *Report) error {
	for _, c := range classes {
		if c.between > 0 {
			r.Figures = append(r.Figures, Figure{Label: c.one, Between: c.between, Repair: c.repair, Up: c.up()})
		}
	}
	after, err := s.graph.Edit(cmdb.Change{Relate: s.repair})
	if err != nil {
		return err
	}
	for i, x := range s.critical() {
		if r.Critical[i].Before, err = s.expected(s.graph, x); err != nil {
			return err
		}
		if r.Critical[i].After, err = s.expected(after, x); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) expected(g *cmdb.Graph, x *thing) (Expected, error) {
	a, err := g.Availability(x.ref, s.figure)
	return Expected{Low: a.Low, High: a.High, Exact: a.Exact}, err
}

// figure returns what is assumed of an item. Suppliers fail only with what they deliver.
func (s *story) figure(r itsm.Ref) (float64, bool) {
	t := s.things[r]
	if t == nil || t.kind != cmdb.ItemName {
		return 0, false
	}
	return classOf(t.class).up(), true
}

// window plans a change of what failed: what is down while it is out of service, as it is and with the second cables
// laid before. Then it does the first in the database, and compares.
func (s *story) window(ctx context.Context, r *Report) error {
	out := []itsm.Ref{s.failed.ref}
	asIs, err := s.graph.WhatIf(cmdb.Scenario{Out: out, Classes: []string{"service"}})
	if err != nil {
		return err
	}
	repaired, err := s.graph.WhatIf(cmdb.Scenario{Change: cmdb.Change{Relate: s.repair}, Out: out, Classes: []string{"service"}, Watch: refs(s.critical())})
	if err != nil {
		return err
	}
	r.Window = Window{AsIs: count(asIs.States), Repaired: count(repaired.States)}
	for _, w := range repaired.Watched {
		for _, name := range s.names(w.Gained) {
			if !slices.Contains(r.Window.Watch, name) {
				r.Window.Watch = append(r.Window.Watch, name)
			}
		}
	}
	return s.rehearse(ctx, r.Window.AsIs)
}

func count(states []cmdb.Difference) Counts {
	var c Counts
	for _, d := range states {
		switch d.After {
		case cmdb.Down:
			c.Down++
		case cmdb.AtRisk:
			c.AtRisk++
		case cmdb.Degraded:
			c.Degraded++
		}
	}
	return c
}

// rehearse takes the item out of service in the database, reads the graph anew, and brings the item back. What the
// scenario said and what the database says must agree.
func (s *story) rehearse(ctx context.Context, want Counts) error {
	items := s.database.Items
	if _, err := items.Do(ctx, s.failed.ref.ID, cmdb.TakeOut{Reason: "planned change"}); err != nil {
		return err
	}
	live, err := s.database.Graph(ctx)
	if err != nil {
		return err
	}
	impact, err := live.Impact(live.Out...)
	if err != nil {
		return err
	}
	var states []cmdb.Difference
	for e := range impact.Effects("service") {
		states = append(states, cmdb.Difference{Item: e.Item, After: e.State})
	}
	if got := count(states); got != want {
		return fmt.Errorf("%s out of service: the scenario has %+v, the database %+v", s.failed.name, want, got)
	}
	_, err = items.Do(ctx, s.failed.ref.ID, cmdb.BringBack{})
	return err
}
