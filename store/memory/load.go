package memory

import (
	"context"
	"errors"
	"fmt"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
)

// Load fills the store, which must be empty but for its kinds (call [For] for each of them first), from an archive: see
// [archive.Import]. All others wait until it is done.
func (s *Store) Load(ctx context.Context, fill func(archive.Sink) error) error {
	unlock, err := s.write(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if s.tx != nil {
		return errors.New("memory: load: not within a transaction")
	}
	for name, k := range s.kinds {
		for _, t := range k.tenants {
			if t.all.len() > 0 {
				return fmt.Errorf("memory: load: the store holds records of kind %s: want an empty one", name)
			}
		}
	}
	if len(s.log.at)+len(s.series)+len(s.consumers) > 0 {
		return errors.New("memory: load: the store holds events, series or consumers: want an empty one")
	}
	fresh := New()
	for name, k := range s.kinds {
		fresh.kinds[name] = newKind(k.shape)
	}
	if err := fill(&loader{store: fresh}); err != nil {
		return err
	}
	s.kinds, s.log, s.keys, s.series, s.consumers = fresh.kinds, fresh.log, fresh.keys, fresh.series, fresh.consumers
	s.joiner.forget()
	return nil
}

// loader is the sink that fills a store, one that nobody else knows.
type loader struct {
	store  *Store
	at     *slot // of the record that came last
	events []located
}

// located is where the event of a place lies. The order of all events is made when the number of places is known.
type located struct {
	seq int64
	at  address
}

func (l *loader) Record(shape *itsm.Shape, rec any) error {
	s, h := l.store, shape.Header(rec)
	k := s.kinds[shape.Name()]
	if k == nil {
		return fmt.Errorf("memory: the store has no kind %q: make its repository with memory.For", shape.Name())
	}
	t := k.table(h.Tenant)
	if t.slots[h.ID] != nil {
		return fmt.Errorf("memory: %s %s comes twice", shape.Name(), h.ID)
	}
	if err := s.taken(k, t, h.ID, rec, k.every); err != nil {
		return err
	}
	l.at = &slot{id: h.ID, rec: rec}
	t.slots[h.ID] = l.at
	t.all.insert(entry{slot: l.at})
	s.reindex(k, t, l.at, nil, rec)
	return nil
}

func (l *loader) Event(seq int64, keyed bool, e *itsm.Event) error {
	s := l.store
	if keyed {
		key := ownKey{e.Tenant, e.Subject.Kind, e.Key}
		if s.keys[key] != 0 {
			return &itsm.DuplicateError{Index: "key", Value: e.Key, Of: e.Subject}
		}
		s.keys[key] = seq
	}
	l.events = append(l.events, located{seq, s.log.put(e, l.at.last)})
	l.at.last = seq
	return nil
}

func (l *loader) Places(n int64) error {
	log := &l.store.log
	log.at = make([]address, n)
	for i := range log.at {
		log.at[i] = gone
	}
	for _, e := range l.events {
		log.at[e.seq-1] = e.at
	}
	l.events = nil
	return nil
}

func (l *loader) Series(tenant, prefix string, last int64) error {
	l.store.series[seriesKey{tenant, prefix}] = last
	return nil
}

func (l *loader) Consumer(c itsm.Consumer, passed int64) error {
	c.Position = position(passed)
	l.store.consumers[c.Name] = copied(c)
	return nil
}
