package incident

import (
	"context"
	"errors"
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
// second call with the same moment does nothing. What single records and permissions mean for it is told at
// [itsm.Desk.Sweep].
func Sweep(ctx context.Context, d *itsm.Desk[Incident], at time.Time) (Swept, error) {
	var done Swept
	var failures []error
	at = itsm.Instant(at)
	for _, work := range []struct {
		by     itsm.Index[Incident, time.Time]
		action itsm.Action[Incident]
		count  *int
	}{
		{ByWakeAt, Wake{}, &done.Woken},
		{ByAutoCloseAt, AutoClose{}, &done.Closed},
		{ByUpdateDue, RemindUpdate{}, &done.Reminded},
	} {
		n, err := d.Sweep(ctx, itsm.Where(work.by.To(at)), at, work.action)
		*work.count = n
		failures = append(failures, err)
		if ctx.Err() != nil {
			break
		}
	}
	return done, errors.Join(failures...)
}
