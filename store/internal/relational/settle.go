package relational

import (
	"context"
	"encoding/json"

	"github.com/itsmkit/itsm"
)

// tried is a write as an attempt stored it.
type tried struct {
	event  itsm.Event
	number string
}

// attempt is all writes of a call.
type attempt []tried

// maxOpen is how many attempts may be without a known end.
const maxOpen = 4

// settled tells whether one of the attempts whose end is not known was kept: a later one was refused, since the records
// have their versions already. The records get the numbers that were drawn in it. Trying again is safe, as no version
// is stored twice.
func (e *Engine) settled(ctx context.Context, in itsm.Scope, tables []*Table, writes []itsm.Write, open []attempt) (bool, error) {
	c, err := e.Backend.Conn(ctx, reach(in))
	if err != nil {
		return false, err
	}
	for _, a := range open {
		kept := len(a) > 0
		for i := 0; kept && i < len(a); i++ {
			if kept, err = e.has(ctx, c, &a[i].event); err != nil {
				return false, err
			}
		}
		if !kept {
			continue
		}
		for i := range a {
			w := writes[i]
			if a[i].number != tables[i].Shape.Header(w.Record).Number {
				tables[i].Shape.SetNumber(w.Record, &w.Event, a[i].number)
			}
		}
		return true, nil
	}
	return false, nil
}

// has tells whether just this event is stored.
func (e *Engine) has(ctx context.Context, c Conn, x *itsm.Event) (bool, error) {
	want, err := json.Marshal(x)
	if err != nil {
		return false, err
	}
	var raw []byte
	found, err := maybe(ctx, c, e.SQL("SELECT event FROM @event WHERE id = ? AND version = ? AND tenant = ? AND kind = ?"),
		[]any{e.Dialect.ID(x.Subject.ID), x.Version, x.Tenant, x.Subject.Kind}, &raw)
	return found && string(raw) == string(want), err
}
