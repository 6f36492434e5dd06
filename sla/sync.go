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

// actions returns what leads a stored clock to what a run shows: crossings that are withdrawn, crossings that are new,
// the breach, and then what became of the clock.
func actions(was Snapshot, r *run) []itsm.Action[Clock] {
	var out []itsm.Action[Clock]
	now := Snapshot{r.state, r.Reading}
	for _, c := range was.Reading.Crossed {
		if !slices.Contains(now.Reading.Crossed, c) {
			out = append(out, Withdraw{Crossing: c, NextAt: now.Reading.NextAt})
		}
	}
	for _, c := range now.Reading.Crossed {
		if !slices.Contains(was.Reading.Crossed, c) {
			out = append(out, Cross{Crossing: c, NextAt: now.Reading.NextAt, Do: r.goal.escalations(c.Threshold)})
		}
	}
	if at := now.Reading.BreachedAt; !at.IsZero() && !at.Equal(was.Reading.BreachedAt) {
		out = append(out, Breach{At: at, NextAt: now.Reading.NextAt})
	}
	then := was.Reading // what these actions make of it
	if then.Crossed = now.Reading.Crossed; len(out) > 0 {
		then.NextAt = now.Reading.NextAt
	}
	if !now.Reading.BreachedAt.IsZero() {
		then.BreachedAt = now.Reading.BreachedAt
	}
	if was.State == now.State && same(&then, &now.Reading) {
		return out
	}
	return append(out, follow(was, now))
}

// follow names what became of a clock.
func follow(was, now Snapshot) itsm.Action[Clock] {
	switch {
	case goes(was.State) && (now.State == Met || now.State == Missed):
		return Stop{now}
	case goes(was.State) && now.State == Cancelled:
		return Cancel{now}
	case was.State == Running && now.State == Paused:
		return Pause{now}
	case was.State == Paused && now.State == Running:
		return Resume{now}
	case !goes(was.State) && goes(now.State):
		return Continue{now}
	case was.State == now.State && goes(now.State) && (was.Reading.Amount != now.Reading.Amount || was.Reading.Calendar != now.Reading.Calendar ||
		was.Reading.Agreement != now.Reading.Agreement || !was.Reading.StartedAt.Equal(now.Reading.StartedAt)):
		return Retarget{now}
	case was.State == now.State && was.Reading.Since.Equal(now.Reading.Since) && was.Reading.Elapsed == now.Reading.Elapsed:
		return HandOver{now}
	}
	return Correct{now}
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
