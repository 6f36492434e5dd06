package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// story is an estate and what fails in it.
type story struct {
	*estate
	failed *thing
	chosen bool
	impact *cmdb.Impact
	down   []*thing // services
	up     []*thing // services that are not down
	repair []cmdb.Edge
}

// tell finds everything that the report says.
func tell(ctx context.Context, e *estate, fail string) (*Report, error) {
	s := &story{estate: e}
	if err := s.choose(fail); err != nil {
		return nil, err
	}
	r := &Report{Items: len(e.items), Records: len(e.others), Relations: e.graph.Relations()}
	for _, step := range []func(context.Context, *Report) error{
		s.states, s.hits, s.promises, s.diagnose, s.mend, s.expect, s.window, s.rely, s.draw,
	} {
		if err := step(ctx, r); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// choose takes the item of a name, or the distribution switch whose failure brings most services down.
func (s *story) choose(name string) error {
	if name != "" {
		s.failed, s.chosen = s.byName[name], true
		if s.failed == nil {
			return fmt.Errorf("-fail is %q, want the name of an item; -list lists them", name)
		}
		var err error
		s.impact, err = s.graph.Impact(s.failed.ref)
		return err
	}
	most := -1
	for _, t := range s.of("distribution_switch") {
		impact, err := s.graph.Impact(t.ref)
		if err != nil {
			return err
		}
		if n := len(downOf(impact, "service")); n > most {
			most, s.failed, s.impact = n, t, impact
		}
	}
	return nil
}

func downOf(impact *cmdb.Impact, classes ...string) []itsm.Ref {
	var out []itsm.Ref
	for e := range impact.Effects(classes...) {
		if e.State == cmdb.Down {
			out = append(out, e.Item)
		}
	}
	return out
}

// states counts the items by class and state. Whether an item is at risk is looked for of services only.
func (s *story) states(_ context.Context, r *Report) error {
	t := s.failed
	r.Failed = Failed{Name: t.name, Class: t.class, Place: t.place, Chosen: s.chosen, Down: s.impact.Down(), Reached: s.impact.Reached()}
	for _, c := range classes {
		tally := Tally{Class: c.name, Label: c.many}
		for _, x := range s.of(c.name) {
			tally.Items++
			path := s.impact.Path(x.ref)
			if len(path) == 0 {
				continue
			}
			switch state := s.state(x, path); state {
			case cmdb.Down:
				tally.Down++
			case cmdb.AtRisk:
				tally.AtRisk++
			case cmdb.Degraded:
				tally.Degraded++
			}
		}
		r.Classes = append(r.Classes, tally)
	}
	return nil
}

func (s *story) state(x *thing, path []cmdb.Step) cmdb.State {
	if x.class == "service" {
		return s.impact.Of(x.ref).State
	}
	return path[len(path)-1].State
}

// hits lists the services that are reached: the worst first, of these the ones with new single points of failure, then by
// importance.
func (s *story) hits(_ context.Context, r *Report) error {
	for _, x := range s.services {
		state := s.impact.Of(x.ref).State
		if state == cmdb.Down {
			s.down = append(s.down, x)
		} else {
			s.up = append(s.up, x)
		}
		if state == cmdb.Up {
			r.Untouched++
			continue
		}
		hit := Hit{Name: x.name, Criticality: x.critical, State: state, Why: s.path(s.impact, x.ref)}
		if state != cmdb.Down {
			before, err := s.graph.SinglePoints(x.ref)
			if err != nil {
				return err
			}
			meanwhile, err := s.graph.SinglePoints(x.ref, s.failed.ref)
			if err != nil {
				return err
			}
			hit.Next = s.names(without(meanwhile, before))
		}
		r.Services = append(r.Services, hit)
	}
	slices.SortStableFunc(r.Services, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(severity(b.State), severity(a.State)), cmp.Compare(len(b.Next), len(a.Next)))
	})
	return nil
}

func severity(s cmdb.State) int { return slices.Index(cmdb.States(), s) }

func without(a, b []itsm.Ref) []itsm.Ref {
	return slices.DeleteFunc(slices.Clone(a), func(r itsm.Ref) bool { return slices.Contains(b, r) })
}

// promises lists agreements and customers that lose a service.
func (s *story) promises(_ context.Context, r *Report) error {
	for _, x := range append(s.of("agreement"), s.of("customer")...) {
		p := Promise{Name: x.name, Terms: x.terms, Services: len(x.serves)}
		for _, service := range x.serves {
			switch s.impact.Of(service.ref).State {
			case cmdb.Down:
				p.Down = append(p.Down, service.name)
			case cmdb.AtRisk:
				p.AtRisk++
			}
		}
		if len(p.Down) == 0 {
			continue
		}
		if x.class == "agreement" {
			r.Promises = append(r.Promises, p)
		} else {
			r.Customers = append(r.Customers, p)
		}
	}
	return nil
}
