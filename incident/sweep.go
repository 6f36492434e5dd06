package incident

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
)

// Swept is what a sweep did.
type Swept struct {
	Woken    int `json:"woken"`    // holds that ended
	Closed   int `json:"closed"`   // resolved incidents that closed
	Reminded int `json:"reminded"` // major incidents whose stakeholders wait for an update
}

// Sweep does everything that is due at a moment, in the tenant of the context's actor: it ends holds whose
// wake-up time has come, closes resolved incidents that nobody objected to, and notes overdue status updates of
// major incidents. Nothing ticks by itself: the host calls it as often as it likes, with its clock's time; a
// second call with the same moment does nothing.
//
// Each action is dated at the moment, which needs the permission to date back unless the context is of
// itsm.System. An incident on which somebody acted meanwhile is left for the next sweep. Where single incidents
// fail the others are done, and the errors are joined.
func Sweep(ctx context.Context, d *itsm.Desk[Incident], at time.Time) (Swept, error) {
	var done Swept
	var failures []error
	at = itsm.Instant(at)
	has := d.Kind().Lifecycle()
	for _, work := range []struct {
		by     itsm.Index[Incident, time.Time]
		action itsm.Action[Incident]
		count  *int
	}{
		{ByWakeAt, Wake{}, &done.Woken},
		{ByAutoCloseAt, AutoClose{}, &done.Closed},
		{ByUpdateDue, RemindUpdate{}, &done.Reminded},
	} {
		for i, err := range d.All(ctx, itsm.Where(work.by.To(at))) {
			if err != nil {
				return done, errors.Join(append(failures, err)...)
			}
			if i.UpdatedAt.After(at) || !has.Allows(i.State, work.action.Name()) {
				continue
			}
			switch _, err := d.Do(ctx, i.ID, work.action, itsm.At(at)); {
			case err == nil:
				*work.count++
			case ctx.Err() != nil:
				return done, errors.Join(append(failures, ctx.Err())...)
			case overtaken(err):
			default:
				failures = append(failures, fmt.Errorf("incident: sweep: %s: %s: %w", i.Number, work.action.Name(), err))
			}
		}
	}
	return done, errors.Join(failures...)
}

// overtaken tells that somebody else was faster: the action is no longer possible, or no longer due.
func overtaken(err error) bool {
	var invalid *itsm.ValidationError
	if errors.As(err, &invalid) && len(invalid.Problems) == 1 {
		return invalid.Problems[0].Code == "before_last_event"
	}
	return errors.Is(err, itsm.ErrNotAllowed) || errors.Is(err, itsm.ErrNotFound) || errors.Is(err, itsm.ErrConflict)
}
