package sla

import (
	"context"
	"time"

	"github.com/itsmkit/itsm"
)

// Queue returns what a group should work on next: the clocks that run on the records that it holds, the due instant that
// comes first, or is longest past, before the others. Without a group it is that of all. A record with several clocks is
// there once for each.
func Queue(ctx context.Context, d *itsm.Desk[Clock], group string, p itsm.PageRequest) (itsm.Page[Clock], error) {
	var q itsm.Query[Clock]
	if group != "" {
		q = itsm.Where(ByDueGroup.Is(group))
	}
	return d.Find(ctx, q.Sorted(ByDue.Asc()), p)
}

// Risk is a clock that will be missed if nobody acts.
type Risk struct {
	Clock     Clock         `json:"clock"`
	Remaining itsm.Duration `json:"remaining"` // working time until it is due
}

// AtRisk returns the clocks that will be missed within so much time on the wall from now on if nobody acts, in the order of
// their due instants: those that run, are due from now on, and before the end of that time. What is missed already, and
// what is paused, is not among them. Terms that take effect meanwhile and move clocks that go are not looked ahead at.
//
// The rules are those under which the clocks run.
func AtRisk(ctx context.Context, d *itsm.Desk[Clock], r *Rules, now time.Time, within itsm.Duration) ([]Risk, error) {
	now = itsm.Instant(now)
	last := now.Add(within.Std() - time.Millisecond) // in time is up to and including the due instant
	switch {
	case r == nil:
		return nil, itsm.Invalid("rules", "required")
	case now.IsZero():
		return nil, itsm.Invalid("now", "required")
	case within <= 0:
		return nil, itsm.Invalid("within", "range", "value", within.String(), "want", "more than nothing")
	}
	var out []Risk
	for c, err := range d.All(ctx, itsm.Where(ByDue.Between(now, last)).Sorted(ByDue.Asc())) {
		if err != nil {
			return nil, err
		}
		if !c.Reading.BreachedAt.IsZero() {
			continue
		}
		g, err := r.goalOf(&c)
		if err != nil {
			return nil, err
		}
		left, err := g.deal.hours[c.Reading.Calendar].Elapsed(now, c.Reading.DueAt)
		if err != nil {
			return nil, err
		}
		out = append(out, Risk{Clock: c, Remaining: itsm.Duration(left)})
	}
	return out, nil
}
