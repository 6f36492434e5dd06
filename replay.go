package itsm

import (
	"fmt"
	"reflect"
)

// Fold changes a record by one event: the step of a replay, which begins with [Shape.New]. The event must be the
// record's next.
func (s *Shape) Fold(rec any, e *Event) error {
	h := head(rec)
	switch {
	case e.Subject.Kind != s.name:
		return fmt.Errorf("itsm: replay of %s: event of a record of kind %q", s.name, e.Subject.Kind)
	case e.Version != h.Version+1 || h.Version > 0 && e.Subject.ID != h.ID:
		return fmt.Errorf("itsm: replay of %s: event %s does not follow version %d of %s", s.name, e.ID(), h.Version, h.ID)
	}
	if err := s.plan.fold(reflect.ValueOf(rec).Elem(), e.Changes, s.renamed); err != nil {
		return fmt.Errorf("itsm: replay of %s: event %s: %w", s.name, e.ID(), err)
	}
	h.ID, h.Tenant, h.State, h.Version, h.UpdatedAt = e.Subject.ID, e.Tenant, e.To, e.Version, e.Time
	if e.Number != "" {
		h.Number = e.Number
	}
	if e.Version == 1 {
		h.CreatedAt = e.Time
	}
	if e.Version == 1 || e.changesField() {
		h.Revision = e.Version
	}
	return nil
}
