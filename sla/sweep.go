package sla

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/itsmkit/itsm"
)

// Sweep notes what has come due up to a moment in the tenant of the context's actor: thresholds that were reached and
// breaches, each with its own instant, and terms that took effect. It finds them by an index; only the first sweep under
// rules that move clocks at a date looks at all that go. It returns how many clocks it looked at. Nothing ticks by itself;
// the host calls it, as often as it likes, with its clock's time. It needs a context of itsm.System, or the permissions to
// import and to date back.
func (t *Tracker) Sweep(ctx context.Context, at time.Time) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at = itsm.Instant(at)
	done, err := t.meet(ctx, at)
	if err != nil {
		return done, err
	}
	due, err := t.look(ctx, itsm.Where(ByNext.To(at)), at)
	return done + due, err
}

// meet takes the clocks that go to a moment, once for each tenant and rules that move clocks at a date: what is stored of
// a clock tells when it is next to be looked at, and cannot know of an agreement that was not there yet.
func (t *Tracker) meet(ctx context.Context, at time.Time) (int, error) {
	actor, _ := itsm.ActorFrom(ctx)
	if t.met[actor.Tenant] || !t.rules.move() {
		return 0, nil
	}
	done, err := t.look(ctx, itsm.Where(itsm.ByState[Clock]().In(Running, Paused)), at)
	t.met[actor.Tenant] = err == nil
	return done, err
}

// move tells whether an agreement moves clocks at a date.
func (r *Rules) move() bool {
	for _, s := range r.subjects {
		if slices.ContainsFunc(s.deals, func(d *deal) bool { return d.Transition == Move && !d.ValidFrom.IsZero() }) {
			return true
		}
	}
	return false
}

// look takes the records of some clocks to a moment and saves what became of them, page by page: what is ahead of the
// moment or measured no longer stays, and does not come again.
func (t *Tracker) look(ctx context.Context, clocks itsm.Query[Clock], at time.Time) (done int, err error) {
	for p := (itsm.PageRequest{Limit: 500}); ; {
		page, err := t.desk.Find(ctx, clocks, p)
		if err != nil {
			return done, err
		}
		seen := map[itsm.Ref]bool{}
		for i := range page.Items {
			c := &page.Items[i]
			if seen[c.Of] {
				continue
			}
			seen[c.Of] = true
			if err := t.advance(ctx, t.batch, c, at); err != nil {
				t.forget(seen)
				return done, err
			}
		}
		if err := t.batch.Save(ctx); err != nil {
			t.forget(seen)
			return done, err
		}
		done += len(page.Items)
		if p.Cursor = page.Next; p.Cursor == "" {
			return done, nil
		}
	}
}

// forget drops what a failure has left half done: the batch, and what is remembered of its records.
func (t *Tracker) forget(records map[itsm.Ref]bool) {
	t.batch.Discard()
	for ref := range records {
		delete(t.known, ref)
	}
}

// advance takes the record of a clock to a moment.
func (t *Tracker) advance(ctx context.Context, b *itsm.Batch[Clock], c *Clock, at time.Time) error {
	x := t.known[c.Of]
	if x == nil {
		if t.rules.subjects[c.Of.Kind] == nil {
			return nil
		}
		var err error
		if x, err = t.rebuild(ctx, c.Tenant, c.Of); err != nil {
			return err
		}
	}
	if x.of.Version() == 0 {
		return t.end(ctx, b, x, at)
	}
	if err := x.of.Advance(at); err != nil {
		return err
	}
	return t.sync(ctx, b, x, at)
}

// end cancels the clocks that go of a record that was purged. They show what had counted at its last event.
func (t *Tracker) end(ctx context.Context, b *itsm.Batch[Clock], x *tracked, at time.Time) error {
	for i := range x.stored {
		h := &x.stored[i]
		if !goes(h.State) {
			continue
		}
		r := run{Reading: h.Reading, state: Cancelled}
		r.StoppedAt, r.DueAt, r.NextAt = at, time.Time{}, time.Time{}
		if err := t.write(ctx, b, h, &r, at); err != nil {
			return fmt.Errorf("sla: clock %s of %s: %w", r.Target, x.of.ref, err)
		}
	}
	return nil
}

// Next returns when the next threshold, breach or change of terms is to be noted in the tenant of the context's actor:
// when to call [Tracker.Sweep] again. The zero time means that nothing lies ahead.
func (t *Tracker) Next(ctx context.Context) (time.Time, error) {
	page, err := t.desk.Find(ctx, itsm.Query[Clock]{}.Sorted(ByNext.Asc()), itsm.PageRequest{Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return time.Time{}, err
	}
	return page.Items[0].Reading.NextAt, nil
}
