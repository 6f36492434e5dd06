package sla

import (
	"context"
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
	due := itsm.Where(ByNext.To(at))
	for {
		page, err := t.desk.Find(ctx, due, itsm.PageRequest{Limit: 500})
		if err != nil || len(page.Items) == 0 {
			return done, err
		}
		written, err := t.look(ctx, page.Items, at)
		if err != nil || !written { // all of them are ahead of the moment, or measured no longer
			return done, err
		}
		done += len(page.Items)
	}
}

// meet takes the clocks that go to a moment, once for each tenant and rules that move clocks at a date: what is stored of
// a clock tells when it is next to be looked at, and cannot know of an agreement that was not there yet.
func (t *Tracker) meet(ctx context.Context, at time.Time) (done int, err error) {
	actor, _ := itsm.ActorFrom(ctx)
	if t.met[actor.Tenant] || !t.rules.move() {
		return 0, nil
	}
	query := itsm.Where(itsm.ByState[Clock]().In(Running, Paused))
	for p := (itsm.PageRequest{Limit: 500}); ; {
		page, err := t.desk.Find(ctx, query, p)
		if err != nil {
			return done, err
		}
		if _, err := t.look(ctx, page.Items, at); err != nil {
			return done, err
		}
		done += len(page.Items)
		if p.Cursor = page.Next; p.Cursor == "" {
			t.met[actor.Tenant] = true
			return done, nil
		}
	}
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

// look takes the records of clocks to a moment and saves what became of them; false if nothing did.
func (t *Tracker) look(ctx context.Context, clocks []Clock, at time.Time) (bool, error) {
	seen := map[itsm.Ref]bool{}
	for i := range clocks {
		c := &clocks[i]
		if seen[c.Of] {
			continue
		}
		seen[c.Of] = true
		if err := t.advance(ctx, t.batch, c, at); err != nil {
			t.forget(seen)
			return false, err
		}
	}
	if t.batch.Len() == 0 {
		return false, nil
	}
	if err := t.batch.Save(ctx); err != nil {
		t.forget(seen)
		return false, err
	}
	return true, nil
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
	if err := x.of.Advance(at); err != nil {
		return err
	}
	return t.sync(ctx, b, x, at)
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
