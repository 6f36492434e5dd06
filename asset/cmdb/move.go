package cmdb

import (
	"context"
	"fmt"
	"strconv"

	"github.com/itsmkit/itsm"
)

// mover gives an item the relations of another one.
type mover struct {
	*together
	from, to itsm.Ref
	class    string // of to
	reason   string
	judge    *judge
	others   map[itsm.Ref]end
	present  map[string]*Relation // of to, by key, as far as asked for
	opened   map[string]*Relation // the first that was opened, by end and type, where the rules limit how many
	counts   map[string]int64     // by end and type
}

// mover prepares to move some relations: it loads what is at their other ends, and which of them are at the item already.
func (t *together) mover(from, to itsm.Ref, class, reason string, relations []*Relation) (*mover, error) {
	known, err := t.known(t.ctx, t.in)
	if err != nil {
		return nil, err
	}
	m := &mover{together: t, from: from, to: to, class: class, reason: reason, judge: known.judge,
		others: map[itsm.Ref]end{}, present: map[string]*Relation{}, opened: map[string]*Relation{}, counts: map[string]int64{}}
	var ids []itsm.ID
	var keys []string
	for _, r := range relations {
		c := m.moved(r)
		keys = append(keys, PairKey(c.Source, c.Type, c.Target))
		for _, e := range [...]itsm.Ref{c.Source, c.Target} {
			if _, asked := m.others[e]; asked || e == to {
				continue
			}
			if m.others[e] = (end{}); e.Kind == ItemName {
				ids = append(ids, e.ID)
			} else if m.others[e], err = t.end(t.ctx, t.in, e); err != nil {
				return nil, err
			}
		}
	}
	items, err := t.found(ids)
	if err != nil {
		return nil, err
	}
	for _, x := range items {
		if x != nil {
			m.others[x.Ref(ItemName)] = end{there: true, class: x.Class, state: x.State}
		}
	}
	for len(keys) > 0 {
		n := min(len(keys), itsm.MaxPage)
		page, err := t.config.Relations.Find(t.ctx, t.in, itsm.Where(RelationsByPair.In(keys[:n]...)), itsm.PageRequest{Limit: itsm.MaxPage})
		if err != nil {
			return nil, err
		}
		for _, r := range page.Items {
			m.present[r.key()] = r
		}
		keys = keys[n:]
	}
	return m, nil
}

// moved returns a relation with the other item at its end. One that ended before was there already.
func (m *mover) moved(r *Relation) Connect {
	at := func(e itsm.Ref) itsm.Ref {
		if e == m.from && r.State == Active {
			return m.to
		}
		return e
	}
	return Connect{Source: at(r.Source), Type: r.Type, Target: at(r.Target), Says: r.Says, Fixed: r.Fixed, Attributes: r.Attributes}
}

// move ends a relation and opens it at the other item: not to itself, not a second time, and not to what is no longer in
// use.
func (m *mover) move(r *Relation) error {
	if err := m.relation(m.ctx, r, r.ID, Disconnect{Reason: m.reason}); err != nil {
		return err
	}
	return m.open(r, false)
}

// open opens a relation at the other item. added: it is not there in place of one that ends.
func (m *mover) open(r *Relation, added bool) error {
	c := m.moved(r)
	if c.Source == c.Target || !m.isInUse(c.Source) || !m.isInUse(c.Target) {
		return nil
	}
	if has := m.present[PairKey(c.Source, c.Type, c.Target)]; has != nil {
		if len(c.Says) == 0 {
			return nil
		}
		return m.relation(m.ctx, r, has.ID, Support{Says: c.Says})
	}
	e := ends{judge: m.judge, types: m.types, rule: m.rule(c.Type), source: m.end(c.Source), target: m.end(c.Target)}
	if e.rule != nil {
		if err := m.fits(r, RelationsBySource, c.Source, e.rule.MaxTargets, added); err != nil {
			return err
		}
		if err := m.fits(r, RelationsByTarget, c.Target, e.rule.MaxSources, added); err != nil {
			return err
		}
	}
	return m.relation(context.WithValue(m.ctx, endsKey{}, e), r, itsm.ID{}, c)
}

func (m *mover) isInUse(r itsm.Ref) bool {
	e := m.end(r)
	return e.there && e.state != Retired && e.state != Merged
}

func (m *mover) end(r itsm.Ref) end {
	if r == m.to {
		return end{there: true, class: m.class, state: Operational}
	}
	return m.others[r]
}

// fits refuses one more relation of a type at an end than the rules allow, and names it and one that is there. At the end
// that stays nothing is added by a relation that only moves.
func (m *mover) fits(r *Relation, by itsm.Index[Relation, string], at itsm.Ref, limit int, added bool) error {
	if limit == 0 || at != m.to && !added {
		return nil
	}
	key := at.String() + " " + r.Type
	if _, counted := m.counts[key]; !counted {
		n, err := m.count(m.ctx, m.in, by.Is(key))
		if err != nil {
			return err
		}
		m.counts[key] = n
	}
	if m.counts[key] < int64(limit) {
		m.counts[key]++
		if m.opened[key] == nil {
			m.opened[key] = r
		}
		return nil
	}
	other := m.opened[key]
	if other == nil {
		page, err := m.config.Relations.Find(m.ctx, m.in, itsm.Where(by.Is(key)), itsm.PageRequest{Limit: 1})
		if err != nil {
			return err
		}
		if len(page.Items) > 0 {
			other = page.Items[0]
		}
	}
	return itsm.Invalid("relations", "cardinality", "type", r.Type, "at", at.String(), "max", strconv.Itoa(limit), "relation", r.named(), "other", other.named(),
		"want", "disconnect one of the two before")
}

// named is how an error names a relation.
func (r *Relation) named() string {
	if r == nil {
		return "another one"
	}
	return fmt.Sprintf("%s (%s)", r.Number, r.key())
}
