package main

import (
	"context"
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// The calls that the service desk gets, and the services that somebody tried and found working.
const (
	calls = 5
	tried = 6
	// causes is how many are listed.
	causes = 8
)

// diagnose asks what may have failed, as if one did not know, when the first call comes in, then the second, and so on.
func (s *story) diagnose(_ context.Context, r *Report) error {
	if len(s.down) == 0 {
		return nil
	}
	d := &Diagnosis{}
	up := s.up[:min(tried, len(s.up))]
	for _, x := range up {
		d.Up = append(d.Up, x.name)
	}
	var ranked []cmdb.Cause
	known := s.down[:min(calls, len(s.down))]
	for n := 1; n <= len(known); n++ {
		var err error
		if ranked, err = s.graph.Causes(cmdb.Symptoms{Down: refs(known[:n]), Up: refs(up)}, 0); err != nil {
			return err
		}
		round := Round{Last: known[n-1].name, Known: n, Place: 1 + slices.IndexFunc(ranked, func(c cmdb.Cause) bool { return c.Item == s.failed.ref })}
		for _, c := range ranked {
			if len(c.Explains) == n && len(c.Contradicts) == 0 {
				round.Suspects++
			}
		}
		d.Rounds = append(d.Rounds, round)
	}
	for _, c := range ranked[:min(causes, len(ranked))] {
		d.Causes = append(d.Causes, Suspect{Name: s.name(c.Item), Class: c.Class, Explains: len(c.Explains), Contradicts: len(c.Contradicts),
			Others: c.Others, True: c.Item == s.failed.ref})
	}
	r.Diagnosis = d
	return nil
}

// critical returns the three most important services that are down, or else the three most important ones.
func (s *story) critical() []*thing {
	return slices.Concat(s.down, s.up)[:min(3, len(s.services))]
}

// mend lays the second cables: each access switch with a single uplink gets one to the other distribution switch of its
// room.
func (s *story) mend(_ context.Context, r *Report) error {
	for _, x := range s.of("access_switch") {
		var to []itsm.Ref
		for e := range s.graph.RelationsOf(x.ref) {
			if e.Source == x.ref && e.Type == "connects_to" {
				to = append(to, e.Target)
			}
		}
		if len(to) != 1 {
			continue
		}
		other := s.other(to[0])
		s.repair = append(s.repair, cmdb.Edge{Source: x.ref, Type: "connects_to", Target: other.ref})
		r.Repair.Links = append(r.Repair.Links, Link{From: x.name, To: other.name})
	}
	outcome, err := s.graph.WhatIf(cmdb.Scenario{Change: cmdb.Change{Relate: s.repair}, Watch: refs(s.critical())})
	if err != nil {
		return err
	}
	for i, x := range s.critical() {
		points, err := s.graph.SinglePoints(x.ref)
		if err != nil {
			return err
		}
		r.Critical = append(r.Critical, Critical{Name: x.name, Points: s.names(points), Gone: s.names(outcome.Watched[i].Lost)})
	}
	if r.Repair.Before, err = s.hanging(s.graph); err == nil {
		r.Repair.After, err = s.hanging(outcome.After)
	}
	return err
}

// other returns the other distribution switch of the room.
func (s *story) other(dist itsm.Ref) *thing {
	for _, room := range s.rooms {
		switch dist {
		case room.dist[0].ref:
			return room.dist[1]
		case room.dist[1].ref:
			return room.dist[0]
		}
	}
	return nil // every uplink of an access switch is to a distribution switch: see blueprint.rack
}

// hanging counts the services that a single distribution switch can bring down.
func (s *story) hanging(g *cmdb.Graph) (int, error) {
	down := map[itsm.Ref]bool{}
	for _, x := range s.of("distribution_switch") {
		falls, err := g.Falls([]itsm.Ref{x.ref}, "service")
		if err != nil {
			return 0, err
		}
		for _, f := range falls {
			down[f] = true
		}
	}
	return len(down), nil
}
