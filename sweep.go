package itsm

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Sweep does an action, dated at a moment, on each record that a query finds, and returns on how many: what is due by
// time, found by an index. Nothing ticks by itself; a host calls it, or a domain's own sweep that calls it.
//
// Dating needs the permission [Backdate] unless the context is of [System]. A record on which somebody acted after the
// moment, or for which the action is no longer possible, is left for the next sweep. Where single records fail the others
// are done, and the errors are joined.
func (d *Desk[T]) Sweep(ctx context.Context, due Query[T], at time.Time, a Action[T]) (int, error) {
	if _, err := d.Kind().offered(a); err != nil {
		return 0, err
	}
	at = Instant(at)
	done := 0
	var failures []error
	for rec, err := range d.All(ctx, due) {
		if err != nil {
			return done, errors.Join(append(failures, err)...)
		}
		h := head(&rec)
		if h.UpdatedAt.After(at) || !d.Kind().Lifecycle().Allows(h.State, a.Name()) {
			continue
		}
		switch _, err := d.Do(ctx, h.ID, a, At(at)); {
		case err == nil:
			done++
		case ctx.Err() != nil:
			return done, errors.Join(append(failures, ctx.Err())...)
		case overtaken(err):
		default:
			failures = append(failures, fmt.Errorf("sweep: %s%w", subject(d.Kind().Name(), h.Number, a.Name()), err))
		}
	}
	return done, errors.Join(failures...)
}

// overtaken tells that somebody else was faster: the action is no longer possible, or no longer due.
func overtaken(err error) bool {
	var invalid *ValidationError
	if errors.As(err, &invalid) && len(invalid.Problems) == 1 {
		return invalid.Problems[0].Code == "before_last_event"
	}
	return errors.Is(err, ErrNotAllowed) || errors.Is(err, ErrNotFound) || errors.Is(err, ErrConflict)
}
