package memory

import (
	"context"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// An index is kept from the first query that walks it: that query makes it, and each write from then on moves its
// entries. So nobody pays for an index that nobody asks. The unique ones are kept from the beginning: writes ask them.

// ofWords is the place of the words of the search texts, beside those of the declared indexes.
const ofWords = -1

// tree returns the index at a place.
func (t *table) tree(of int) *tree {
	if of == ofWords {
		return &t.words
	}
	return &t.indexes[of]
}

// open takes the store for a query. Where indexes that the query may walk have to be made first, it has the store for
// itself until it is done.
func (s *Store) open(ctx context.Context, name string, in itsm.Scope, q itsm.Select, facets ...itsm.IndexName) (*kind, *itsm.Selection, func(), error) {
	unlock, err := s.read(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	k := s.kinds[name]
	sel, err := k.shape.Select(in, q)
	if err == nil && len(k.missing(sel, facets)) > 0 {
		unlock()
		if unlock, err = s.write(ctx); err != nil {
			return nil, nil, nil, err
		}
		k = s.kinds[name] // another declaration may have come between the locks
		if sel, err = k.shape.Select(in, q); err == nil {
			for _, of := range k.missing(sel, facets) {
				s.keep(k, k.tenants[in.Tenant], of)
			}
		}
	}
	if err != nil {
		unlock()
		return nil, nil, nil, err
	}
	return k, sel, unlock, nil
}

// missing returns the places of the indexes that a query may walk and that are not kept yet.
func (k *kind) missing(sel *itsm.Selection, facets []itsm.IndexName) (missing []int) {
	t := k.tenants[sel.Scope().Tenant]
	if t == nil {
		return nil
	}
	need := func(of int) {
		if !t.tree(of).kept && !slices.Contains(missing, of) {
			missing = append(missing, of)
		}
	}
	if i := sel.Access().Index; i >= 0 {
		need(i)
	}
	if len(sel.Words()) > 0 {
		need(ofWords)
	}
	for _, c := range sel.Scope().Any {
		if i := k.index(c.Index); i >= 0 {
			need(i)
		}
	}
	if whole(sel) {
		for _, name := range facets {
			if i := k.index(name); i >= 0 {
				need(i)
			}
		}
	}
	return missing
}

// keep makes an index of all records of a table.
func (s *Store) keep(k *kind, t *table, of int) {
	entries := make([]entry, 0, len(t.slots))
	for _, at := range t.slots {
		if of == ofWords {
			for _, w := range k.shape.Tokens(at.rec) {
				entries = append(entries, entry{s.wordKey(w), at})
			}
			continue
		}
		s.buf[0] = s.joiner.keys(k, of, at.rec, s.buf[0][:0])
		for _, key := range s.buf[0] {
			entries = append(entries, entry{key, at})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return a.compare(&place{key: b.key, id: b.slot.id}) })
	*t.tree(of) = grown(slices.Compact(entries)) // a list may hold a value twice
}

// wordKey returns the key of a word, whose text the words of the log hold too.
func (s *Store) wordKey(w string) itsm.Key {
	return itsm.Key{S: s.log.words.text[s.log.words.of(strings.Clone(w))]}
}
