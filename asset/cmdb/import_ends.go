package cmdb

import (
	"github.com/itsmkit/itsm"
)

// resolve finds the ends of relations.
func (r *relationImport) resolve(rows []*RelationRow) ([]resolved, error) {
	all := make([]resolved, len(rows))
	sight := newSight()
	var identifiers []string
	var ids []itsm.ID
	looks := make([][2]traits, len(rows))
	for i, row := range rows {
		all[i] = resolved{RelationRow: row, ends: ends{judge: r.j, types: r.d.types, rule: r.d.rule(row.Type)}}
		for n, l := range [...]*Lookup{&row.Source, &row.Target} {
			if err := l.check([...]string{"source", "target"}[n]); err != nil {
				if all[i].err == nil {
					all[i].err = err
				}
				continue
			}
			if l.Ref.Kind == ItemName {
				ids = append(ids, l.Ref.ID)
			}
			looks[i][n] = r.j.traitsOf(r.how.Source, "", l.Key, l.Values)
			for id := range looks[i][n].each {
				identifiers = append(identifiers, id)
			}
		}
	}
	if err := sight.ask(r.ctx, r.d.config.Items, r.in, identifiers); err != nil {
		return nil, err
	}
	byID, err := r.itemsOf(ids)
	if err != nil {
		return nil, err
	}
	for i := range all {
		w := &all[i]
		if w.err != nil { // of a lookup
			r.name(w)
			continue
		}
		if w.source, w.ends.source, w.err, err = r.end(&w.Source, &looks[i][0], sight, byID, "source"); err != nil {
			return nil, err
		}
		var wrong error
		if w.target, w.ends.target, wrong, err = r.end(&w.Target, &looks[i][1], sight, byID, "target"); err != nil {
			return nil, err
		}
		if w.err == nil {
			w.err = wrong
		}
		if w.err != nil {
			r.name(w)
		}
	}
	return all, nil
}

// check refuses a lookup that names nothing, or in two ways.
func (l *Lookup) check(path string) error {
	ways := 0
	for _, given := range [...]bool{!l.Ref.IsZero(), l.Key != "", len(l.Values) > 0} {
		if given {
			ways++
		}
	}
	if ways == 1 {
		return nil
	}
	return itsm.Invalid(path, "required", "want", "one of a reference, a key of the source, and values that identify")
}

func (r *relationImport) itemsOf(ids []itsm.ID) (map[itsm.ID]*Item, error) {
	out := map[itsm.ID]*Item{}
	if len(ids) == 0 {
		return out, nil
	}
	found, err := r.d.config.Items.Get(r.ctx, r.in, ids...)
	for _, x := range found {
		if x != nil {
			out[x.ID] = x
		}
	}
	return out, err
}

// end finds what a lookup names. The first error refuses the row, the second one ends the import.
func (r *relationImport) end(l *Lookup, t *traits, sight *sight, byID map[itsm.ID]*Item, path string) (itsm.Ref, end, error, error) {
	if !l.Ref.IsZero() {
		if l.Ref.Kind != ItemName {
			e, err := r.d.end(r.ctx, r.in, l.Ref)
			return l.Ref, e, nil, err
		}
		e := end{}
		if x := byID[l.Ref.ID]; x != nil {
			e = end{there: true, class: x.Class, state: x.State}
		}
		return l.Ref, e, nil, nil // which Connect refuses if it is not there
	}
	says := clip(l.Key)
	if l.Key == "" {
		raw, _ := l.Values.MarshalJSON() // it has no error
		says = clip(string(raw))
	}
	v := r.j.recognise(t, sight.find)
	switch {
	case v.why != "":
		return itsm.Ref{}, end{}, itsm.Invalid(path, "not_clear", "value", says, "why", v.why), nil
	case v.item == nil:
		return itsm.Ref{}, end{}, itsm.Invalid(path, "unknown", "value", says, "want", "an item that is known by it"), nil
	}
	return v.item.Ref(ItemName), end{there: true, class: v.item.Class, state: v.item.State}, nil, nil
}

// limits are how many relations of a type a record has at one end, by [limitKey]; only of types that the rules limit.
type limits map[string]int

// limitKey names one end of relations of a type.
func limitKey(side string, r itsm.Ref, relation string) string {
	return side + " " + r.String() + " " + relation
}

func (l limits) add(r *Relation, n int) {
	l[limitKey("source", r.Source, r.Type)] += n
	l[limitKey("target", r.Target, r.Type)] += n
}

// count counts what the ends of some relations have already.
func (r *relationImport) count(all []resolved, there map[string]*Relation) (limits, error) {
	var sources, targets []string
	for i := range all {
		w := &all[i]
		if w.err != nil || w.ends.rule == nil || there[w.key()] != nil {
			continue
		}
		if w.ends.rule.MaxTargets > 0 {
			sources = append(sources, w.source.String()+" "+w.Type)
		}
		if w.ends.rule.MaxSources > 0 {
			targets = append(targets, w.target.String()+" "+w.Type)
		}
	}
	out := limits{}
	once := func(side string) func(*Relation) {
		seen := map[itsm.ID]bool{} // one may be found by two queries
		return func(x *Relation) {
			of := x.Source
			if side == "target" {
				of = x.Target
			}
			if !seen[x.ID] {
				seen[x.ID] = true
				out[limitKey(side, of, x.Type)]++
			}
		}
	}
	if err := everyIn(r.ctx, r.d.config.Relations, r.in, RelationsBySource, sources, once("source")); err != nil {
		return nil, err
	}
	if err := everyIn(r.ctx, r.d.config.Relations, r.in, RelationsByTarget, targets, once("target")); err != nil {
		return nil, err
	}
	for key, n := range r.dry {
		out[key] += n
	}
	return out, nil
}

// roomy tells whether the rules allow one more.
func (e ends) roomy() bool {
	return e.rule == nil || (e.rule.MaxTargets == 0 || e.targets < int64(e.rule.MaxTargets)) && (e.rule.MaxSources == 0 || e.sources < int64(e.rule.MaxSources))
}

// name notes of a row whose ends are not clear which relations it may mean: they are not taken back.
func (r *relationImport) name(w *resolved) {
	switch {
	case !w.source.IsZero():
		r.named[limitKey("source", w.source, w.Type)] = true
	case !w.target.IsZero():
		r.named[limitKey("target", w.target, w.Type)] = true
	default:
		r.named[w.Type] = true
	}
}

// mayMean tells whether a row whose ends are not clear may mean a relation.
func (r *relationImport) mayMean(x *Relation) bool {
	return r.named[x.Type] || r.named[limitKey("source", x.Source, x.Type)] || r.named[limitKey("target", x.Target, x.Type)]
}
