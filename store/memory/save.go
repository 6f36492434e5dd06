package memory

import (
	"context"
	"fmt"

	"github.com/itsmkit/itsm"
)

// saveOne stores one record with its event. Everything is checked before anything changes.
func (s *Store) saveOne(ctx context.Context, in itsm.Scope, w *itsm.Write) error {
	unlock, err := s.write(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	return s.apply(in, w)
}

// SaveAll stores records of several kinds with their events, all or none, if the expected versions hold.
func (s *Store) SaveAll(ctx context.Context, in itsm.Scope, writes []itsm.Write, expect ...itsm.Expect) error {
	unlock, err := s.write(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	for _, x := range expect {
		k := s.kinds[x.Of.Kind]
		if k == nil {
			return fmt.Errorf("memory: the store has no kind %q", x.Of.Kind)
		}
		if stored := k.version(in.Tenant, x.Of.ID); stored != x.Version {
			return &itsm.ConflictError{Of: x.Of, Expected: x.Version, Stored: stored}
		}
	}
	return s.atomically(func() error {
		if len(writes) > 1 {
			s.late = &late{seen: map[*slot]bool{}}
			defer func() { s.late = nil }()
		}
		for i := range writes {
			if err := s.apply(in, &writes[i]); err != nil {
				return err
			}
		}
		s.catchUp()
		return nil
	})
}

// late is what several writes leave to their end: a record that is written more than once moves in the indexes once.
// The unique ones move with each write, which asks them.
type late struct {
	seen  map[*slot]bool
	moves []move
}

// move is the place of a record whose indexes are to follow, and the record that they know.
type move struct {
	k   *kind
	t   *table
	at  *slot
	old any
}

// index moves a slot in the indexes, or leaves it to the end of several writes.
func (s *Store) index(m move, new any, moved []int) part {
	if s.late == nil {
		s.move(m.k, m.t, m.at, m.old, new, moved, everything)
		return everything
	}
	s.move(m.k, m.t, m.at, m.old, new, moved, uniqueOnly)
	if !s.late.seen[m.at] {
		s.late.seen[m.at], s.late.moves = true, append(s.late.moves, m)
	}
	return uniqueOnly
}

// catchUp moves what was left to the end.
func (s *Store) catchUp() {
	if s.late == nil {
		return
	}
	for _, m := range s.late.moves {
		rec := m.at.rec
		s.move(m.k, m.t, m.at, m.old, rec, s.moved(m.k, m.old, rec), theRest)
		s.undo(func() { s.move(m.k, m.t, m.at, rec, m.old, s.moved(m.k, rec, m.old), theRest) })
	}
}

// version returns the stored version of a record, 0 for none.
func (k *kind) version(tenant string, id itsm.ID) int64 {
	if t := k.tenants[tenant]; t != nil && t.slots[id] != nil {
		return k.shape.Header(t.slots[id].rec).Version
	}
	return 0
}

// apply stores one write, or returns an error and changes nothing.
func (s *Store) apply(in itsm.Scope, w *itsm.Write) error {
	k := s.kinds[w.Kind]
	if k == nil {
		return fmt.Errorf("memory: the store has no kind %q: make its repository with memory.For", w.Kind)
	}
	if err := k.shape.CheckWrite(in, w); err != nil {
		return err
	}
	h := k.shape.Header(w.Record)
	if stored := k.version(in.Tenant, h.ID); stored != h.Version-1 {
		return &itsm.ConflictError{Of: w.Event.Subject, Expected: h.Version - 1, Stored: stored}
	}
	key := ownKey{in.Tenant, w.Kind, w.Event.Key}
	if w.Event.Key != "" {
		if seq, used := s.keys[key]; used {
			e, _, _ := s.log.event(seq)
			return &itsm.DuplicateError{Index: "key", Value: w.Event.Key, Of: e.Subject}
		}
	}
	t := k.table(in.Tenant)
	at := t.slots[h.ID]
	fresh := at == nil
	var stored any
	if !fresh {
		stored = at.rec
	}
	if w.Draw.Prefix != "" { // of an earlier call that failed: the number is not the record's
		k.shape.SetNumber(w.Record, &w.Event, "")
	}
	moved := s.moved(k, stored, w.Record)
	if err := s.taken(k, t, h.ID, w.Record, moved); err != nil {
		return err
	}
	if s.number(k, t, in.Tenant, w); w.Draw.Prefix != "" {
		moved = k.every // the number that was drawn is indexed too
	}
	if fresh {
		at = &slot{id: h.ID}
		t.slots[h.ID] = at
		t.all.insert(entry{slot: at})
	}
	old, last := at.rec, at.last
	done := s.index(move{k, t, at, old}, w.Record, moved)
	at.rec, at.last = w.Record, s.log.append(&w.Event, last)
	if w.Event.Key != "" {
		s.keys[key] = at.last
	}
	if s.tx != nil {
		rec, keyed := w.Record, w.Event.Key != ""
		s.undo(func() {
			s.move(k, t, at, rec, old, s.moved(k, rec, old), done)
			if at.rec, at.last = old, last; fresh {
				delete(t.slots, at.id)
				t.all.remove(entry{slot: at})
			}
			if keyed {
				delete(s.keys, key)
			}
		})
	}
	return nil
}

// number draws the number that a write asks for, and keeps the series ahead of those that come from
// elsewhere.
func (s *Store) number(k *kind, t *table, tenant string, w *itsm.Write) {
	h := k.shape.Header(w.Record)
	series := w.Draw
	if series.Prefix == "" {
		if series = k.shape.Sequence(); series.Prefix == "" || h.Number == "" || h.Version != 1 {
			return
		}
	}
	key := seriesKey{tenant, series.Prefix}
	before, had := s.series[key]
	if w.Draw.Prefix == "" {
		if n := series.Parse(h.Number); n > before {
			s.series[key] = n
		}
	} else {
		if at := t.slots[h.ID]; at != nil && k.shape.Header(at.rec).Number != "" { // an earlier write of the call drew it
			k.shape.SetNumber(w.Record, &w.Event, k.shape.Header(at.rec).Number)
			return
		}
		n := before + 1
		for t.holder(k.index(itsm.IndexNumber), itsm.Key{S: series.Format(n)}) != nil {
			n++
		}
		k.shape.SetNumber(w.Record, &w.Event, series.Format(n))
		s.series[key] = n
	}
	s.undo(func() {
		if s.series[key] = before; !had {
			delete(s.series, key)
		}
	})
}
