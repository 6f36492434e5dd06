package cmdb

import (
	"context"
	"slices"

	"github.com/itsmkit/itsm"
)

// maxAsked is how many values a query may name.
const maxAsked = 1000

// everyOf runs over all records that a query finds, page by page.
func everyOf[T any](ctx context.Context, r itsm.Repository[T], in itsm.Scope, q itsm.Query[T], take func(*T)) error {
	for cursor := ""; ; {
		page, err := r.Find(ctx, in, q, itsm.PageRequest{Limit: itsm.MaxPage, Cursor: cursor})
		if err != nil {
			return err
		}
		for _, x := range page.Items {
			take(x)
		}
		if cursor = page.Next; cursor == "" {
			return nil
		}
	}
}

// everyIn is everyOf for the records with one of some values of an index, of which there may be many.
func everyIn[T any](ctx context.Context, r itsm.Repository[T], in itsm.Scope, index itsm.Index[T, string], values []string, take func(*T)) error {
	for part := range slices.Chunk(values, maxAsked) {
		if err := everyOf(ctx, r, in, itsm.Where(index.In(part...)), take); err != nil {
			return err
		}
	}
	return nil
}

// sight is the items among which rows are recognised: those of the store, and in front of them those that the import has
// made and not stored.
type sight struct {
	stored map[string][]*Item // by identifier
	asked  map[string]bool
	made   map[string][]*Item
	moved  map[itsm.ID]bool // the stored items in whose place one of made stands
}

func newSight() *sight {
	return &sight{stored: map[string][]*Item{}, asked: map[string]bool{}, made: map[string][]*Item{}, moved: map[itsm.ID]bool{}}
}

// again forgets what the store said.
func (s *sight) again() {
	clear(s.stored)
	clear(s.asked)
}

// saved forgets what the import has made: it is stored.
func (s *sight) saved() {
	clear(s.made)
	clear(s.moved)
}

// find returns the items that have an identifier.
func (s *sight) find(identifier string) []*Item {
	stored, made := s.stored[identifier], s.made[identifier]
	if len(s.moved) > 0 && slices.ContainsFunc(stored, func(x *Item) bool { return s.moved[x.ID] }) {
		stored = slices.DeleteFunc(slices.Clone(stored), func(x *Item) bool { return s.moved[x.ID] })
	}
	switch {
	case len(made) == 0:
		return stored
	case len(stored) == 0:
		return made
	}
	return slices.Concat(stored, made)
}

// put shows an item as the import made it. An import makes each item once.
func (s *sight) put(x *Item) {
	s.moved[x.ID] = true
	for _, id := range x.Identifiers {
		s.made[id] = append(s.made[id], x)
	}
}

// ask reads the items with some identifiers that were not asked for yet.
func (s *sight) ask(ctx context.Context, r itsm.Repository[Item], in itsm.Scope, identifiers []string) error {
	fresh := make([]string, 0, len(identifiers))
	for _, id := range identifiers {
		if !s.asked[id] {
			s.asked[id], fresh = true, append(fresh, id)
		}
	}
	return everyIn(ctx, r, in, ItemsByIdentifier, fresh, func(x *Item) {
		for _, id := range x.Identifiers {
			if there := s.stored[id]; !slices.ContainsFunc(there, func(o *Item) bool { return o.ID == x.ID }) {
				s.stored[id] = append(there, x)
			}
		}
	})
}
