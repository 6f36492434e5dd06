package sla

import (
	"slices"

	"github.com/itsmkit/itsm"
)

// same tells whether two readings show the same.
func same(a, b *Reading) bool {
	x, y := *a, *b
	x.Stretches, x.Crossed, y.Stretches, y.Crossed = nil, nil, nil, nil
	return slices.Equal(a.Stretches, b.Stretches) && slices.Equal(a.Crossed, b.Crossed) && equal(x, y)
}

// equal compares readings without lists. All instants are UTC and whole milliseconds, so that they compare by value.
func equal(a, b Reading) bool {
	return a.Agreement == b.Agreement && a.Edition == b.Edition && a.Type == b.Type && a.Target == b.Target && a.Round == b.Round &&
		a.Holder == b.Holder && a.Calendar == b.Calendar && a.Amount == b.Amount && a.Own == b.Own && a.Elapsed == b.Elapsed &&
		a.Since.Equal(b.Since) && a.StartedAt.Equal(b.StartedAt) && a.DueAt.Equal(b.DueAt) && a.BreachedAt.Equal(b.BreachedAt) &&
		a.StoppedAt.Equal(b.StoppedAt) && a.NextAt.Equal(b.NextAt) &&
		a.Service == b.Service && a.Customer == b.Customer && a.Group == b.Group && a.Priority == b.Priority
}

// actions returns what leads a stored clock to what a run shows. Where the clock only went on in time they are its
// crossings and its breach, one by one; what else happened takes the crossings along.
func actions(was Snapshot, r *run) []itsm.Action[Clock] {
	now := Snapshot{r.state, r.Reading}
	var out []itsm.Action[Clock]
	for _, c := range was.Reading.Crossed {
		if !slices.Contains(now.Reading.Crossed, c) {
			out = append(out, Withdraw{Crossing: c, NextAt: now.Reading.NextAt})
		}
	}
	told := r.told(was.Reading.Crossed)
	breached := !now.Reading.BreachedAt.IsZero() && !now.Reading.BreachedAt.Equal(was.Reading.BreachedAt)
	then := was.Reading // what crossings and the breach alone make of it
	then.Crossed = now.Reading.Crossed
	if breached {
		then.BreachedAt = now.Reading.BreachedAt
	}
	if len(out)+len(told) > 0 || breached {
		then.NextAt = now.Reading.NextAt
	}
	if was.State != now.State || !same(&then, &now.Reading) {
		return append(out, follow(was, Following{now.State, now.Reading, told}))
	}
	for _, x := range told {
		out = append(out, Cross{Crossing: x.Crossing, NextAt: now.Reading.NextAt, Do: x.Do})
	}
	if breached {
		out = append(out, Breach{At: now.Reading.BreachedAt, NextAt: now.Reading.NextAt})
	}
	return out
}

// told returns the crossings of a run that are not among those known.
func (r *run) told(known []Crossing) []Told {
	var out []Told
	for _, c := range r.Crossed {
		if !slices.Contains(known, c) {
			out = append(out, Told{c, r.goal.escalations(c.Threshold)})
		}
	}
	return out
}

// follow names what became of a clock.
func follow(was Snapshot, now Following) itsm.Action[Clock] {
	once := len(now.Reading.Stretches) <= len(was.Reading.Stretches)+1 // one stretch has ended, not more
	switch {
	case goes(was.State) && (now.State == Met || now.State == Missed):
		return Stop{now}
	case goes(was.State) && now.State == Cancelled:
		return Cancel{now}
	case was.State == Running && now.State == Paused && once:
		return Pause{now}
	case was.State == Paused && now.State == Running && once:
		return Resume{now}
	case !goes(was.State) && goes(now.State):
		return Continue{now}
	case was.State == now.State && goes(now.State) && (was.Reading.Amount != now.Reading.Amount || was.Reading.Calendar != now.Reading.Calendar ||
		was.Reading.Agreement != now.Reading.Agreement || !was.Reading.StartedAt.Equal(now.Reading.StartedAt)):
		return Retarget{now}
	case was.State == now.State && goes(now.State) && was.Reading.Since.Equal(now.Reading.Since) && was.Reading.Elapsed == now.Reading.Elapsed:
		return HandOver{now}
	}
	return CatchUp{now}
}

// escalations returns what the host should do at a threshold.
func (g *goal) escalations(name string) []Escalation {
	for i := range g.Thresholds {
		if g.Thresholds[i].Name == name {
			return g.Thresholds[i].Do
		}
	}
	return nil
}
