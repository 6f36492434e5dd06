package memory

import (
	"context"
	"fmt"
	"slices"

	"github.com/itsmkit/itsm"
)

// History returns a page of the events of a record, oldest first.
func (s *Store) History(ctx context.Context, in itsm.Scope, of itsm.Ref, p itsm.PageRequest) (itsm.Page[itsm.Event], error) {
	page := itsm.Page[itsm.Event]{Items: []itsm.Event{}}
	limit, err := p.Size()
	if err != nil {
		return page, err
	}
	behind, err := itsm.ResumeHistory(of, p.Cursor)
	if err != nil {
		return page, err
	}
	unlock, err := s.read(ctx)
	if err != nil {
		return page, err
	}
	defer unlock()
	k := s.kinds[of.Kind]
	if k == nil || k.tenants[in.Tenant] == nil || k.tenants[in.Tenant].slots[of.ID] == nil {
		return page, nil
	}
	at := k.tenants[in.Tenant].slots[of.ID]
	// The newest version is stored; what lies behind the page is stepped over without being kept.
	for seq, newest := at.last, k.shape.Header(at.rec).Version; seq > 0; newest-- {
		if newest > behind+int64(limit) {
			page.Next = itsm.HistoryCursor(of, behind+int64(limit))
			seq = s.log.prev(seq)
			continue
		}
		if newest <= behind {
			break
		}
		e, prev, _ := s.log.event(seq)
		page.Items = append(page.Items, e)
		seq = prev
	}
	slices.Reverse(page.Items)
	return page, nil
}

// prev returns the sequence number of the event before one of the same record, reading no more than that.
func (l *eventLog) prev(seq int64) int64 {
	u, _ := l.reader(seq)
	u.word()
	u.b = u.b[16:]
	return int64(u.uint())
}

// Since returns the events behind a position, of some kinds or of all.
func (s *Store) Since(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
	if limit < 1 {
		return nil, after, itsm.Invalid("limit", "range", "min", "1")
	}
	unlock, err := s.read(ctx)
	if err != nil {
		return nil, after, err
	}
	defer unlock()
	seq, err := s.log.place(after)
	if err != nil {
		return nil, after, err
	}
	var out []itsm.Event
	for seq < int64(len(s.log.at)) && len(out) < limit {
		seq++
		if len(kinds) > 0 && !slices.Contains(kinds, s.log.kind(seq)) {
			continue
		}
		if e, _, ok := s.log.event(seq); ok {
			out = append(out, e)
		}
	}
	return out, position(seq), nil
}

// ByKey returns the event that was stored under an idempotency key.
func (s *Store) ByKey(ctx context.Context, in itsm.Scope, kind, key string) (itsm.Event, error) {
	unlock, err := s.read(ctx)
	if err != nil {
		return itsm.Event{}, err
	}
	defer unlock()
	if seq, ok := s.keys[ownKey{in.Tenant, kind, key}]; ok {
		if e, _, ok := s.log.event(seq); ok {
			return e, nil
		}
	}
	return itsm.Event{}, fmt.Errorf("memory: key %q of %s: %w", key, kind, itsm.ErrNotFound)
}

// LoadConsumer returns how far a consumer has come.
func (s *Store) LoadConsumer(ctx context.Context, name string) (itsm.Consumer, error) {
	unlock, err := s.read(ctx)
	if err != nil {
		return itsm.Consumer{}, err
	}
	defer unlock()
	if c, ok := s.consumers[name]; ok {
		return copied(c), nil
	}
	return itsm.Consumer{}, fmt.Errorf("memory: consumer %s: %w", name, itsm.ErrNotFound)
}

// SaveConsumer stores how far a consumer has come.
func (s *Store) SaveConsumer(ctx context.Context, c itsm.Consumer) error {
	unlock, err := s.write(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	old, had := s.consumers[c.Name]
	if old.Version != c.Version-1 {
		return &itsm.ConflictError{Of: itsm.Ref{Kind: "consumer"}, Expected: c.Version - 1, Stored: old.Version}
	}
	s.consumers[c.Name] = copied(c)
	s.undo(func() {
		if s.consumers[c.Name] = old; !had {
			delete(s.consumers, c.Name)
		}
	})
	return nil
}

// copied returns a consumer that shares no memory with the caller's.
func copied(c itsm.Consumer) itsm.Consumer {
	c.Parked = slices.Clone(c.Parked)
	if c.Failing != nil {
		e := *c.Failing
		c.Failing = &e
	}
	return c
}
