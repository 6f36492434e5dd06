package memory

import (
	"context"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// kind is the place of one kind in the store: a table for each tenant.
type kind struct {
	shape   *itsm.Shape
	indexes []itsm.IndexShape
	pairs   []bool // parallel to indexes: a composite of two texts, see joiner
	unique  []bool // parallel to indexes
	every   []int  // the places of all indexes
	tenants map[string]*table
}

func newKind(s *itsm.Shape) *kind {
	k := &kind{shape: s, indexes: s.Indexes(), tenants: map[string]*table{}}
	for n, i := range k.indexes {
		k.pairs, k.unique, k.every = append(k.pairs, isPair(i)), append(k.unique, i.Unique), append(k.every, n)
	}
	return k
}

// table is the records of a kind and a tenant with their indexes.
type table struct {
	slots   map[itsm.ID]*slot
	all     tree   // by ID
	indexes []tree // parallel to kind.indexes
	words   tree   // by word of the search texts
}

// table returns the tenant's table, making it.
func (k *kind) table(tenant string) *table {
	t := k.tenants[tenant]
	if t == nil {
		t = k.empty()
		k.tenants[strings.Clone(tenant)] = t
	}
	return t
}

// empty returns a table without records.
func (k *kind) empty() *table {
	t := &table{slots: map[itsm.ID]*slot{}, indexes: make([]tree, len(k.indexes))}
	for i := range t.indexes {
		t.indexes[i].kept = k.unique[i]
	}
	return t
}

// index returns the place of the index over one part alone, or -1.
func (k *kind) index(name itsm.IndexName) int {
	return slices.IndexFunc(k.indexes, func(i itsm.IndexShape) bool { return i.Name == name })
}

// moved returns the places of the indexes whose keys may differ between two versions of a record, nil being none.
// The result is good until the next call.
func (s *Store) moved(k *kind, old, new any) []int {
	if old == nil || new == nil {
		return k.every
	}
	s.places = k.shape.Moved(old, new, s.places[:0])
	return s.places
}

// reindex moves a slot in the indexes that are kept from its old record to a new one; nil is none. It must be called before
// the slot's record is replaced, and touches only the trees whose key changes.
func (s *Store) reindex(k *kind, t *table, at *slot, old, new any) {
	s.move(k, t, at, old, new, s.moved(k, old, new), everything)
}

// part is which of the indexes are moved.
type part int

const (
	everything part = iota
	uniqueOnly      // the unique indexes, which each write of several asks
	theRest         // the others, and the words
)

// move is reindex where it is known in which indexes the keys may differ.
func (s *Store) move(k *kind, t *table, at *slot, old, new any, moved []int, which part) {
	for _, i := range moved {
		if !t.indexes[i].kept || which != everything && k.unique[i] != (which == uniqueOnly) {
			continue
		}
		s.buf[0], s.buf[1] = s.buf[0][:0], s.buf[1][:0]
		if old != nil {
			s.buf[0] = s.joiner.keys(k, i, old, s.buf[0])
		}
		if new != nil {
			s.buf[1] = s.joiner.keys(k, i, new, s.buf[1])
		}
		before, after := s.buf[0], s.buf[1]
		if slices.Equal(before, after) {
			continue
		}
		slices.SortFunc(before, itsm.Key.Compare) // lists may be long
		slices.SortFunc(after, itsm.Key.Compare)
		for _, key := range before {
			if _, kept := slices.BinarySearchFunc(after, key, itsm.Key.Compare); !kept {
				t.indexes[i].remove(entry{key, at})
			}
		}
		for _, key := range after {
			if _, had := slices.BinarySearchFunc(before, key, itsm.Key.Compare); !had {
				t.indexes[i].insert(entry{key, at})
			}
		}
	}
	if which == uniqueOnly || !t.words.kept || old != nil && new != nil && k.shape.SameTokens(old, new) {
		return
	}
	var before, after []string
	if old != nil {
		before = k.shape.Tokens(old)
	}
	if new != nil {
		after = k.shape.Tokens(new)
	}
	for _, w := range before {
		if _, kept := slices.BinarySearch(after, w); !kept {
			t.words.remove(entry{itsm.Key{S: w}, at})
		}
	}
	for _, w := range after {
		if _, had := slices.BinarySearch(before, w); !had {
			t.words.insert(entry{s.wordKey(w), at})
		}
	}
}

// taken returns the error for a value of a unique index that another record has, if any. It looks at the indexes
// in which the record moved: a value that stays is the record's own already.
func (s *Store) taken(k *kind, t *table, id itsm.ID, rec any, moved []int) error {
	for _, i := range moved {
		if !k.indexes[i].Unique {
			continue
		}
		s.buf[0] = k.shape.Keys(i, rec, s.buf[0][:0])
		for _, key := range s.buf[0] {
			if holder := t.holder(i, key); holder != nil && holder.id != id {
				return k.duplicate(i, rec, holder.id)
			}
		}
	}
	return nil
}

// holder returns the first slot under a key of an index.
func (t *table) holder(index int, key itsm.Key) *slot {
	w := t.indexes[index].walk(place{key: key, edge: -1}, false)
	if e := w.next(); e != nil && e.key == key {
		return e.slot
	}
	return nil
}

func (k *kind) duplicate(index int, rec any, holder itsm.ID) error {
	var values []string
	for _, p := range k.indexes[index].Parts {
		for _, key := range k.shape.Values(p.Name, rec, nil) {
			values = append(values, key.Format(p.Type))
		}
	}
	return &itsm.DuplicateError{Index: k.indexes[index].Name, Value: strings.Join(values, ", "), Of: itsm.Ref{Kind: k.shape.Name(), ID: holder}}
}

// adopt puts the records into tables of another declaration and swaps them. What is unique is checked; the other indexes
// are made again by the queries that walk them.
func (s *Store) adopt(ctx context.Context, shape *itsm.Shape) error {
	unlock, err := s.write(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	old := s.kinds[shape.Name()]
	if old.shape == shape {
		return nil
	}
	adopted := newKind(shape)
	for tenant, from := range old.tenants {
		to := adopted.table(tenant)
		for w := from.all.walk(place{edge: -1}, false); ; {
			e := w.next()
			if e == nil {
				break
			}
			if !shape.Is(e.slot.rec) {
				return itsm.Invalid("kind", "type", "want", "a declaration of the same record type")
			}
			if err := s.taken(adopted, to, e.slot.id, e.slot.rec, adopted.every); err != nil {
				return err
			}
			to.slots[e.slot.id] = e.slot
			to.all.insert(*e)
			s.reindex(adopted, to, e.slot, nil, e.slot.rec)
		}
	}
	s.kinds[shape.Name()] = adopted
	s.undo(func() { s.kinds[shape.Name()] = old })
	return nil
}
