package cmdb

import (
	"context"
	"fmt"
	"strconv"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// ends are what a new relation is judged by.
type ends struct {
	rule             *RelationType // nil: the rules have none of the name
	types            string        // of the rules, for an error
	judge            *judge
	source, target   end
	targets, sources int64 // how many the source and the target have of the type already
}

// Serial tells that a relation is opened together with the look at its ends, see [itsm.Serial].
func (ends) Serial() {}

// Known is what its weight follows from.
func (e ends) Known() Known { return Known{e.judge} }

// end is one end of a relation.
type end struct {
	there bool
	class string
	state lifecycle.State // of an item
}

// check refuses a relation that breaks the rules, and names all that is wrong.
func (e ends) check(a Connect) error {
	var c problemList
	c.check(e.rule != nil, "type", "unknown", "value", clip(a.Type), "allowed", e.types)
	c.check(a.Source != a.Target || a.Source.IsZero(), "target", "to_itself", "value", a.Target.String())
	e.source.check(&c, "source", a.Source)
	e.target.check(&c, "target", a.Target)
	if len(c) > 0 {
		return c.err()
	}
	t := e.rule
	c.check(e.joins(), "type", "forbidden_pair", "type", t.Name, "source", e.source.class, "target", e.target.class, "allowed", pairsText(t.Pairs))
	c.check(t.MaxTargets == 0 || e.targets < int64(t.MaxTargets), "source", "cardinality", "type", t.Name, "max", strconv.Itoa(t.MaxTargets), "want", "end the other one first")
	c.check(t.MaxSources == 0 || e.sources < int64(t.MaxSources), "target", "cardinality", "type", t.Inverse, "max", strconv.Itoa(t.MaxSources), "want", "end the other one first")
	return c.err()
}

func (e end) check(c *problemList, path string, r itsm.Ref) {
	switch {
	case r.IsZero():
		c.check(false, path, "required")
	case !e.there:
		c.check(false, path, "unknown", "value", r.String())
	case e.state == Retired || e.state == Merged:
		c.check(false, path, "not_in_use", "value", r.String(), "state", string(e.state))
	}
}

func (e ends) joins() bool {
	is := func(class, of string) bool { return of == "" || class == of || e.judge.model.Is(class, of) }
	for _, p := range e.rule.Pairs {
		if is(e.source.class, p.Source) && is(e.target.class, p.Target) {
			return true
		}
	}
	return len(e.rule.Pairs) == 0
}

func pairsText(pairs []Pair) string {
	var names []string
	for _, p := range pairs {
		names = append(names, fmt.Sprintf("%s to %s", orAny(p.Source), orAny(p.Target)))
	}
	return list(names)
}

func orAny(name string) string {
	if name == "" {
		return "any class"
	}
	return name
}

type endsKey struct{}

// RelationFacts loads what a relation that is opened is judged by: both ends, and how many the type has there already; and
// of one whose weight may change, whom to believe. It is the Config.Facts of the desk for relations, for a host that makes
// one of its own.
func (d *Database) RelationFacts(ctx context.Context, r *Relation, a itsm.Action[Relation]) (any, error) {
	var open Connect
	switch a := a.(type) {
	case Connect:
		open = a
	case Confirm, Support, SetWeight, Withdraw:
		return d.judging(ctx, r.Tenant)
	default:
		return nil, nil
	}
	if e, ok := ctx.Value(endsKey{}).(ends); ok {
		return e, nil
	}
	in, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	known, err := d.known(ctx, in)
	if err != nil {
		return nil, err
	}
	e := ends{judge: known.judge, types: d.types, rule: d.rule(open.Type)}
	if e.source, err = d.end(ctx, in, open.Source); err != nil {
		return nil, err
	}
	if e.target, err = d.end(ctx, in, open.Target); err != nil {
		return nil, err
	}
	if e.rule == nil {
		return e, nil
	}
	if e.rule.MaxTargets > 0 {
		if e.targets, err = d.count(ctx, in, RelationsBySource.Is(open.Source.String()+" "+open.Type)); err != nil {
			return nil, err
		}
	}
	if e.rule.MaxSources > 0 {
		e.sources, err = d.count(ctx, in, RelationsByTarget.Is(open.Target.String()+" "+open.Type))
	}
	return e, err
}

// end looks a record up: an item here, anything else with the host.
func (d *Database) end(ctx context.Context, in itsm.Scope, r itsm.Ref) (end, error) {
	switch {
	case r.IsZero():
		return end{}, nil
	case r.Kind != ItemName && d.config.Others == nil:
		return end{there: true, class: r.Kind}, nil
	case r.Kind != ItemName:
		class, there, err := d.config.Others(ctx, r)
		return end{there: there, class: class}, err
	}
	found, err := d.config.Items.Get(ctx, in, r.ID)
	if err != nil || len(found) == 0 || found[0] == nil {
		return end{}, err
	}
	return end{there: true, class: found[0].Class, state: found[0].State}, nil
}

func (d *Database) count(ctx context.Context, in itsm.Scope, c itsm.Cond[Relation]) (int64, error) {
	n, err := d.config.Relations.Count(ctx, in, itsm.Where(c))
	return n.Total, err
}

// rule returns the relation type of a name, or nil.
func (d *Database) rule(name string) *RelationType {
	for i := range d.config.Rules.Relations {
		if d.config.Rules.Relations[i].Name == name {
			return &d.config.Rules.Relations[i]
		}
	}
	return nil
}
