package sla

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
)

// History is what happened to many records, held in memory: it can be replayed under many rules without touching the
// store again. It never changes, so that it may be used by many goroutines at once. The zero History has no records.
type History struct {
	records []past
	index   map[itsm.Ref]int
	end     time.Time
}

// past is the events of one record, in order.
type past struct {
	of     itsm.Ref
	events []*itsm.Event
}

// HistoryOf groups events by their records. The events of a record may come in any order and more than once, but all of
// them must be there from the first version on; a gap is an error. It keeps the events, which must not be changed any more.
func HistoryOf(events []itsm.Event) (History, error) {
	h := History{index: map[itsm.Ref]int{}}
	for i := range events {
		e := &events[i]
		n, known := h.index[e.Subject]
		if !known {
			n = len(h.records)
			h.index[e.Subject] = n
			h.records = append(h.records, past{of: e.Subject})
		}
		h.records[n].events = append(h.records[n].events, e)
		if e.Time.After(h.end) {
			h.end = e.Time
		}
	}
	for i := range h.records {
		if err := h.records[i].order(); err != nil {
			return History{}, err
		}
	}
	return h, nil
}

// order sorts the events of a record by version and drops those that came again.
func (p *past) order() error {
	byVersion := func(a, b *itsm.Event) int { return cmp.Compare(a.Version, b.Version) }
	if !slices.IsSortedFunc(p.events, byVersion) {
		slices.SortStableFunc(p.events, byVersion)
	}
	p.events = slices.CompactFunc(p.events, func(a, b *itsm.Event) bool { return a.Version == b.Version })
	for i, e := range p.events {
		if e.Version != int64(i)+1 {
			return fmt.Errorf("sla: the history of %s has no event of version %d: %w", p.of, i+1, itsm.ErrNotFound)
		}
	}
	return nil
}

// ReadHistory reads the events of a tenant from a log, of the named kinds or of all. The scope must not have filters:
// they are about records as they are, not about events.
func ReadHistory(ctx context.Context, log itsm.EventLog, in itsm.Scope, kinds ...string) (History, error) {
	if in.Any != nil {
		return History{}, itsm.Invalid("scope.any", "not_supported", "want", "a tenant alone")
	}
	var all []itsm.Event
	var from itsm.Position
	for {
		events, next, err := log.Since(ctx, from, itsm.MaxPage, kinds...)
		if err != nil {
			return History{}, err
		}
		for i := range events {
			if events[i].Tenant == in.Tenant {
				all = append(all, events[i])
			}
		}
		if next == from {
			return HistoryOf(all)
		}
		from = next
	}
}

// Len returns the number of records.
func (h History) Len() int { return len(h.records) }

// End returns the instant at which a replay ends: that of the last event, or what [History.Until] set.
func (h History) End() time.Time { return h.end }

// Until returns the history up to an instant, at which a replay ends. Events behind it are left out.
func (h History) Until(at time.Time) History {
	cut := History{index: map[itsm.Ref]int{}, end: itsm.Instant(at)}
	for _, p := range h.records {
		n := slices.IndexFunc(p.events, func(e *itsm.Event) bool { return e.Time.After(at) })
		if n < 0 {
			n = len(p.events)
		}
		if n > 0 {
			cut.index[p.of] = len(cut.records)
			cut.records = append(cut.records, past{of: p.of, events: p.events[:n:n]})
		}
	}
	return cut
}

// find returns the events of a record.
func (h History) find(of itsm.Ref) (past, bool) {
	i, known := h.index[of]
	if !known {
		return past{}, false
	}
	return h.records[i], true
}
