package itsm

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Purge removes the records in a final state whose last event lies before an instant, with their whole
// history: retention. It removes at most limit of them (0 is 1,000) and returns how many; call it again until
// it returns 0. It needs the permission [Purge].
func (d *Desk[T]) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	r, err := d.reading(ctx)
	if err != nil {
		return 0, err
	}
	if limit <= 0 {
		limit = 1000
	}
	if err := permit(ctx, d.config.Policy, Request{Actor: r.actor, Permission: Purge, Kind: r.kind.Name(), Action: "purge", Input: before}); err != nil {
		return 0, err
	}
	q := Where(ByState[T]().In(r.kind.Lifecycle().Final()...), ByUpdated[T]().To(before.Add(-time.Millisecond))).Sorted(ByUpdated[T]().Asc())
	removed := 0
	for removed < limit {
		page, err := d.config.Repository.Find(ctx, r.scope(), q, PageRequest{Limit: min(MaxPage, limit-removed)})
		if err != nil {
			return removed, err
		}
		if len(page.Items) == 0 {
			return removed, nil
		}
		done := 0
		for _, rec := range page.Items {
			h := head(rec)
			err := d.config.Repository.Erase(ctx, Scope{Tenant: h.Tenant}, Erasure[T]{Of: h.Ref(r.kind.Name()), Version: h.Version})
			switch {
			case errors.Is(err, ErrConflict), errors.Is(err, ErrNotFound): // somebody used or removed it since: leave it
			case err != nil:
				return removed, fmt.Errorf("purge of %s %s: %w", r.kind.Name(), h.ID, err)
			default:
				removed, done = removed+1, done+1
			}
		}
		if done == 0 {
			return removed, nil
		}
	}
	return removed, nil
}

// KeepKeys is how long idempotency keys are kept at least.
const KeepKeys = 7 * 24 * time.Hour

// ForgetKeys forgets the idempotency keys of the tenant that were used before an instant, which must lie
// [KeepKeys] back or more. It needs the permission [Purge].
func (d *Desk[T]) ForgetKeys(ctx context.Context, before time.Time) error {
	r, err := d.reading(ctx)
	if err != nil {
		return err
	}
	if before.IsZero() {
		return Invalid("before", "required")
	}
	if now := d.config.Clock.Now(); before.After(now.Add(-KeepKeys)) {
		return Invalid("before", "too_early", "latest", now.Add(-KeepKeys).Format(time.RFC3339))
	}
	if err := permit(ctx, d.config.Policy, Request{Actor: r.actor, Permission: Purge, Kind: r.kind.Name(), Action: "forget_keys", Input: before}); err != nil {
		return err
	}
	return d.config.Repository.Erase(ctx, Scope{Tenant: r.actor.Tenant}, Erasure[T]{Keys: Instant(before)})
}
