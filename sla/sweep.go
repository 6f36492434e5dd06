package sla

import (
	"context"
	"time"

	"github.com/itsmkit/itsm"
)

// Sweep notes what has come due up to a moment in the tenant of the context's actor: thresholds that were reached and
// breaches, each with its own instant. It finds them by an index. It returns how many clocks it looked at. Nothing ticks
// by itself; the host calls it, as often as it likes, with its clock's time. It needs a
// context of itsm.System, or the permissions to import and to date back.
func (t *Tracker) Sweep(ctx context.Context, at time.Time) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at = itsm.Instant(at)
	done := 0
	due := itsm.Where(ByNext.To(at))
	for {
		page, err := t.desk.Find(ctx, due, itsm.PageRequest{Limit: 500})
		if err != nil || len(page.Items) == 0 {
			return done, err
		}
		b := t.batch
		seen := map[itsm.Ref]bool{}
		for i := range page.Items {
			c := &page.Items[i]
			if seen[c.Of] {
				continue
			}
			seen[c.Of] = true
			if err := t.advance(ctx, b, c, at); err != nil {
				t.forget(seen)
				return done, err
			}
		}
		if b.Len() == 0 { // all of them are ahead of the moment, or measured no longer
			return done, nil
		}
		if err := b.Save(ctx); err != nil {
			t.forget(seen)
			return done, err
		}
		done += len(page.Items)
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
	if err := x.of.Advance(at); err != nil {
		return err
	}
	return t.sync(ctx, b, x, at)
}

// Next returns when the next threshold or breach is to be noted in the tenant of the context's actor: when to call
// [Tracker.Sweep] again. The zero time means that no clock runs.
func (t *Tracker) Next(ctx context.Context) (time.Time, error) {
	page, err := t.desk.Find(ctx, itsm.Query[Clock]{}.Sorted(ByNext.Asc()), itsm.PageRequest{Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return time.Time{}, err
	}
	return page.Items[0].Reading.NextAt, nil
}
