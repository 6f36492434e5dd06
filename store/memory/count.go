package memory

import (
	"context"
	"slices"

	"github.com/itsmkit/itsm"
)

// count returns how many records match, and how many of them have each value of some indexes.
func (s *Store) count(ctx context.Context, name string, in itsm.Scope, q itsm.Select, by []itsm.IndexName) (itsm.Counts, error) {
	k, sel, unlock, err := s.open(ctx, name, in, q, by...)
	if err != nil {
		return itsm.Counts{}, err
	}
	defer unlock()
	parts := make([]itsm.PartShape, len(by))
	for i, n := range by {
		if parts[i], err = k.part(n); err != nil {
			return itsm.Counts{}, err
		}
	}
	var counts itsm.Counts
	t := k.tenants[in.Tenant]
	if t == nil {
		t = k.empty()
	}
	if total, ok := k.total(t, sel); ok && len(by) == 0 {
		counts.Total = total
		return counts, nil
	}
	if whole(sel) && !slices.ContainsFunc(parts, func(p itsm.PartShape) bool { return k.index(p.Name) < 0 }) {
		counts.Total = int64(t.all.len())
		for _, p := range parts {
			counts.Facets = append(counts.Facets, t.facet(k.index(p.Name), p))
		}
		return counts, nil
	}
	tallies := make([]map[itsm.Key]int64, len(by))
	for i := range tallies {
		tallies[i] = map[itsm.Key]int64{}
	}
	var buf []itsm.Key
	k.matches(sel, nil, func(rec any) bool {
		counts.Total++
		for i, p := range parts {
			buf = k.shape.Values(p.Name, rec, buf[:0])
			for n, key := range buf {
				if !slices.Contains(buf[:n], key) {
					tallies[i][key]++
				}
			}
		}
		return true
	})
	for i, p := range parts {
		counts.Facets = append(counts.Facets, facet(p, tallies[i]))
	}
	return counts, nil
}

// part returns the declared value of a name.
func (k *kind) part(name itsm.IndexName) (itsm.PartShape, error) {
	for _, i := range k.indexes {
		for _, p := range i.Parts {
			if p.Name == name {
				return p, nil
			}
		}
	}
	return itsm.PartShape{}, itsm.Invalid("by", "unknown_index", "value", string(name))
}

// whole tells that a selection leaves nothing out.
func whole(sel *itsm.Selection) bool {
	return sel.Access().Exact && sel.Access().Index < 0 && sel.Scope().Any == nil
}

// total counts without walking, where the spans of one index are the result.
func (k *kind) total(t *table, sel *itsm.Selection) (int64, bool) {
	access := sel.Access()
	switch {
	case whole(sel):
		return int64(t.all.len()), true
	case !access.Exact || sel.Scope().Any != nil || access.Index < 0:
		return 0, false
	case len(access.Spans) > 1 && slices.ContainsFunc(k.indexes[access.Index].Parts, func(p itsm.PartShape) bool { return p.Multi }):
		return 0, false // a record may stand in several spans
	}
	total := 0
	for _, span := range access.Spans {
		total += t.indexes[access.Index].within(span)
	}
	return int64(total), true
}

// facet goes from value to value of an index, skipping the records between them.
func (t *table) facet(index int, p itsm.PartShape) itsm.Facet {
	f := itsm.Facet{Index: p.Name, Type: p.Type, Buckets: []itsm.Bucket{}}
	tree := &t.indexes[index]
	if tree.root == nil {
		return f
	}
	for w := tree.walk(place{key: itsm.Key{N: -1 << 63}, edge: -1}, false); ; {
		e := w.next()
		if e == nil {
			return f
		}
		key := e.key
		f.Buckets = append(f.Buckets, itsm.Bucket{Value: key.Format(p.Type), Count: int64(tree.within(itsm.Span{From: key, To: key}))})
		w = tree.walk(place{key: key, edge: 1}, false)
	}
}

func facet(p itsm.PartShape, tally map[itsm.Key]int64) itsm.Facet {
	keys := make([]itsm.Key, 0, len(tally))
	for key := range tally {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, itsm.Key.Compare)
	f := itsm.Facet{Index: p.Name, Type: p.Type, Buckets: []itsm.Bucket{}}
	for _, key := range keys {
		f.Buckets = append(f.Buckets, itsm.Bucket{Value: key.Format(p.Type), Count: tally[key]})
	}
	return f
}
