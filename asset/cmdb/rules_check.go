package cmdb

import (
	"errors"
	"fmt"
	"slices"
)

// The limits of a graph; they are what its compact form can hold.
const (
	MaxRelationTypes = 255
	MaxNeeds         = 64     // of one item
	MaxWeight        = 65_535 // of one relation
	maxProblems      = 100    // in one error
)

// The rules that a graph's input can break, for errors.Is.
var (
	ErrRules          = errors.New("invalid rules")
	ErrUnknown        = errors.New("no such item")
	ErrDuplicate      = errors.New("twice the same")
	ErrToItself       = errors.New("relation to itself")
	ErrRelationType   = errors.New("no such relation type")
	ErrForbiddenPair  = errors.New("classes that the relation type does not join")
	ErrCardinality    = errors.New("more relations than the relation type allows")
	ErrWeight         = errors.New("weight out of range")
	ErrNoSuchRelation = errors.New("no such relation")
)

// problems collects errors, up to a number that someone may read.
type problems struct {
	list []error
	more int
}

func (p *problems) add(err error) {
	if len(p.list) < maxProblems {
		p.list = append(p.list, err)
		return
	}
	p.more++
}

func (p *problems) err() error {
	if p.more > 0 {
		return errors.Join(append(slices.Clone(p.list), fmt.Errorf("and %d more", p.more))...)
	}
	return errors.Join(p.list...)
}

// Check returns an error that matches [ErrRules] and lists what is wrong with the rules, or nil.
func (r Rules) Check() error {
	var p problems
	bad := func(format string, args ...any) {
		p.add(fmt.Errorf("cmdb: %w: "+format, append([]any{ErrRules}, args...)...))
	}
	if len(r.Relations) > MaxRelationTypes {
		bad("%d relation types, want %d or fewer", len(r.Relations), MaxRelationTypes)
	}
	types := map[string]bool{}
	for _, t := range r.Relations {
		switch {
		case t.Name == "" || t.Inverse == "":
			bad("relation type %q with inverse %q: both need a name", t.Name, t.Inverse)
		case types[t.Name]:
			bad("relation type %q is declared twice", t.Name)
		case !slices.Contains(Spreads(), t.Spread):
			bad("relation type %q: spread %q, want one of %v", t.Name, t.Spread, Spreads())
		case t.MaxTargets < 0 || t.MaxSources < 0:
			bad("relation type %q: a cardinality below 0", t.Name)
		}
		types[t.Name] = true
	}
	parents := map[string]string{}
	for _, c := range r.Classes {
		if _, twice := parents[c.Class]; twice || c.Class == "" {
			bad("class %q is empty or declared twice", c.Class)
		}
		parents[c.Class] = c.Parent
		if err := checkNeeds(c.Needs, types); err != nil {
			bad("class %q: %w", c.Class, err)
		}
	}
	for _, c := range r.Classes {
		at := c.Class
		for range len(r.Classes) + 1 {
			at = parents[at]
		}
		if at != "" {
			bad("class %q is below itself, or below a class that is", c.Class)
		}
	}
	return p.err()
}

// checkNeeds returns what is wrong with the needs of an item or a class. No types: those of relations are not checked.
func checkNeeds(needs []Need, types map[string]bool) error {
	if len(needs) > MaxNeeds {
		return fmt.Errorf("%d needs, want %d or fewer", len(needs), MaxNeeds)
	}
	for i, n := range needs {
		counted := n.Redundancy == KOfN || n.Redundancy == Weighted
		switch {
		case !slices.Contains(Redundancies(), n.Redundancy):
			return fmt.Errorf("need %d: redundancy %q, want one of %v", i, n.Redundancy, Redundancies())
		case n.Relation != "" && types != nil && !types[n.Relation]:
			return fmt.Errorf("need %d: %w: %q", i, ErrRelationType, n.Relation)
		case counted && n.Min < 1:
			return fmt.Errorf("need %d: min %d, want 1 or more", i, n.Min)
		case !counted && n.Min != 0:
			return fmt.Errorf("need %d: min %d, want 0 with %s", i, n.Min, n.Redundancy)
		}
	}
	return nil
}
