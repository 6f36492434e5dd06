package memory

import (
	"context"
	"time"

	"github.com/itsmkit/itsm"
)

// erasure is an itsm.Erasure without its type parameter.
type erasure struct {
	of      itsm.Ref
	version int64
	record  any
	events  []itsm.Event
	keys    time.Time
}

func (s *Store) erase(ctx context.Context, name string, in itsm.Scope, x erasure) error {
	unlock, err := s.write(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	defer s.joiner.forget()
	k := s.kinds[name]
	if !x.keys.IsZero() && x.of.IsZero() {
		s.forget(name, in.Tenant, x.keys)
		return nil
	}
	stored := k.version(in.Tenant, x.of.ID)
	if x.of.Kind != name || stored == 0 || stored != x.version {
		return &itsm.ConflictError{Of: x.of, Expected: x.version, Stored: stored}
	}
	return s.atomically(func() error {
		if x.record == nil {
			s.purge(k, in.Tenant, x.of.ID)
			return nil
		}
		return s.redact(k, in, x)
	})
}

// forget drops the idempotency keys that were recorded before an instant.
func (s *Store) forget(kind, tenant string, before time.Time) {
	for key, seq := range s.keys {
		if key.kind != kind || key.tenant != tenant {
			continue
		}
		if e, _, ok := s.log.event(seq); ok && !e.RecordedAt.Before(before) {
			continue
		}
		delete(s.keys, key)
		s.undo(func() { s.keys[key] = seq })
	}
}

// purge removes a record with its events and keys.
func (s *Store) purge(k *kind, tenant string, id itsm.ID) {
	t := k.tenants[tenant]
	at := t.slots[id]
	s.reindex(k, t, at, at.rec, nil)
	t.all.remove(entry{slot: at})
	delete(t.slots, id)
	s.undo(func() {
		t.slots[id] = at
		t.all.insert(entry{slot: at})
		s.reindex(k, t, at, nil, at.rec)
	})
	for seq := at.last; seq > 0; {
		e, prev, _ := s.log.event(seq)
		s.dropKey(ownKey{tenant, k.shape.Name(), e.Key})
		s.replace(seq, gone)
		seq = prev
	}
}

func (s *Store) dropKey(key ownKey) {
	if seq, ok := s.keys[key]; ok {
		delete(s.keys, key)
		s.undo(func() { s.keys[key] = seq })
	}
}

// replace puts an event elsewhere, or nowhere; the old bytes are overwritten once that is certain.
func (s *Store) replace(seq int64, to address) {
	old := s.log.at[seq-1]
	s.log.at[seq-1] = to
	s.tx.wipes = append(s.tx.wipes, old)
	s.undo(func() { s.log.at[seq-1] = old })
}

// redact replaces a record and its events; the last event is new.
func (s *Store) redact(k *kind, in itsm.Scope, x erasure) error {
	t := k.table(in.Tenant)
	at := t.slots[x.of.ID]
	last := len(x.events) - 1
	w := itsm.Write{Kind: k.shape.Name(), Record: x.record}
	if last >= 0 {
		w.Event = x.events[last]
	}
	if int64(last) != x.version || k.shape.Header(x.record).ID != x.of.ID {
		return itsm.Invalid("events", "count", "want", "all events of the record and a new one")
	}
	seq := at.last
	for i := last - 1; i >= 0; i-- {
		e, prev, _ := s.log.event(seq)
		if x.events[i].Version != e.Version || x.events[i].Subject != e.Subject {
			return itsm.Invalid("events", "order", "want", "the record's events, oldest first")
		}
		if x.events[i].Key != e.Key {
			s.dropKey(ownKey{in.Tenant, w.Kind, e.Key})
		}
		s.replace(seq, s.log.put(&x.events[i], prev))
		seq = prev
	}
	return s.apply(in, &w)
}
