package itsm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Redacted is what stands in place of a text that was redacted.
const Redacted = "[redacted]"

// Redaction says what to replace in a record and in its whole history.
type Redaction struct {
	// Paths are dotted paths of texts, lists, attributes and other fields. Texts become [Redacted]; whatever
	// else becomes absent.
	Paths []string `json:"paths,omitempty"`
	// Notes are the versions of events whose comments are replaced.
	Notes []int64 `json:"notes,omitempty"`
	// Reason is kept in the history: why it was done. It is required.
	Reason string `json:"reason"`
}

// Redact replaces values in a record, its events, its search words and (with the next one) its snapshots, and
// leaves an event that says what was replaced and why, never the value. Replay still gives the record. It
// needs the permission [Redact].
func (d *Desk[T]) Redact(ctx context.Context, id ID, x Redaction) (T, error) {
	var none T
	if InTx(ctx) {
		return none, Invalid("redaction", "in_transaction", "want", "a call of its own")
	}
	for try := 0; ; try++ {
		rec, err := d.redact(ctx, id, x)
		if try < d.config.Retries && errors.Is(err, ErrConflict) && ctx.Err() == nil {
			continue
		}
		return rec, err
	}
}

func (d *Desk[T]) redact(ctx context.Context, id ID, x Redaction) (T, error) {
	var none T
	r, err := d.reading(ctx)
	if err != nil {
		return none, err
	}
	if err := r.kind.shape.checkRedaction(x); err != nil {
		return none, err
	}
	stored, err := r.get(ctx, id)
	if err != nil {
		return none, err
	}
	name := r.kind.Name()
	if err := permit(ctx, d.config.Policy, Request{Actor: r.actor, Permission: Redact, Kind: name, Action: "redact", Record: stored, Input: x}); err != nil {
		return none, err
	}
	of := head(stored).Ref(name)
	events, err := d.events(ctx, r.scope(), of)
	if err != nil {
		return none, err
	}
	for i := range events {
		r.kind.shape.redactEvent(&events[i], x)
	}
	now := d.config.Clock.Now()
	h := head(stored)
	last := Event{Subject: of, Version: h.Version + 1, Number: h.Number, Tenant: h.Tenant, Action: "redact",
		From: h.State, To: h.State, Time: now, RecordedAt: now, Actor: Actor{ID: r.actor.ID, Name: r.actor.Name},
		Note: x.Reason, Facts: redactionFacts(x)}
	if now.Before(h.UpdatedAt) {
		last.Time, last.RecordedAt = h.UpdatedAt, h.UpdatedAt
	}
	events = append(events, last)
	rec, err := r.kind.Replay(events, time.Time{})
	if err != nil {
		return none, err
	}
	err = d.config.Repository.Erase(ctx, Scope{Tenant: r.actor.Tenant}, Erasure[T]{Of: of, Version: h.Version, Record: &rec, Events: events})
	if err != nil {
		return none, err
	}
	return r.show(&rec), nil
}

func redactionFacts(x Redaction) []Fact {
	paths, _ := json.Marshal(x.Paths)
	notes, _ := json.Marshal(x.Notes)
	return []Fact{{Name: "paths", Value: paths}, {Name: "notes", Value: notes}}
}

func (s *Shape) checkRedaction(x Redaction) error {
	var c Checker
	c.Required(x.Reason, "reason")
	if code := checkText(x.Reason, maxLine); code != "" {
		c.Fail("reason", code, "max", strconv.Itoa(maxLine))
	}
	c.Check(len(x.Paths)+len(x.Notes) > 0, "paths", "required", "want", "paths or notes")
	for i, path := range x.Paths {
		at := "paths[" + strconv.Itoa(i) + "]"
		if strings.HasPrefix(path, "attributes.") || path == "external" {
			continue
		}
		switch n := s.plan.find(path); {
		case n == nil:
			c.Fail(at, "unknown_field", "value", clip(path))
		case n.is == isHeader || path == "links":
			c.Fail(at, "not_redactable", "value", clip(path), "want", "a field of the record, external or an attribute")
		}
	}
	return c.err(s.name, "redact")
}

// redactEvent replaces the values of an event. Each value that is not zero becomes the same as in the record
// that a replay of all rewritten events gives, so that replay holds.
func (s *Shape) redactEvent(e *Event, x Redaction) {
	if slices.Contains(x.Notes, e.Version) && e.Note != "" {
		e.Note = Redacted
	}
	if len(x.Paths) == 0 {
		return
	}
	kept := make([]Change, 0, len(e.Changes))
	for _, c := range e.Changes {
		path := rename(c.Path, s.renamed)
		for _, x := range x.Paths {
			pointer := "/" + strings.ReplaceAll(x, ".", "/")
			switch {
			case path == pointer || strings.HasPrefix(path, pointer+"/"):
				c.Old, c.New = s.redacted(path, c.Old), s.redacted(path, c.New)
			case strings.HasPrefix(pointer, path+"/"): // an optional struct as a whole
				c.Old, c.New = redactWithin(c.Old, pointer[len(path)+1:]), redactWithin(c.New, pointer[len(path)+1:])
			}
		}
		if len(c.Old)+len(c.New) > 0 {
			kept = append(kept, c)
		}
	}
	if e.Changes = kept; len(kept) == 0 {
		e.Changes = nil
	}
	// A digest would let somebody try out what the input was.
	e.Digest = ""
	for i := range e.Facts {
		for _, x := range x.Paths {
			if e.Facts[i].Name == x {
				e.Facts[i].Value = json.RawMessage(`null`)
			}
		}
	}
}

// redacted returns what stands in place of a value of a change: a marker for a text, nothing for all else.
func (s *Shape) redacted(path string, raw json.RawMessage) json.RawMessage {
	if n := s.plan.byPath[path]; n != nil && n.is == isText && n.choices == nil && path != "/external" && len(raw) > 0 && n.limit >= len(Redacted) {
		return json.RawMessage(`"` + Redacted + `"`)
	}
	return nil
}

// redactWithin replaces a member of a JSON object.
func redactWithin(raw json.RawMessage, pointer string) json.RawMessage {
	if len(raw) == 0 {
		return raw
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return nil // a value of a form that we do not know does not stay
	}
	name, rest, deeper := strings.Cut(pointer, "/")
	value, ok := members[name]
	switch {
	case !ok:
		return raw
	case deeper:
		members[name] = redactWithin(value, rest)
	case value[0] == '"':
		members[name] = json.RawMessage(`"` + Redacted + `"`)
	default:
		delete(members, name)
	}
	out, err := json.Marshal(members)
	if err != nil {
		return nil
	}
	return out
}

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
	if now := d.config.Clock.Now(); before.After(now.Add(-KeepKeys)) {
		return Invalid("before", "too_early", "latest", now.Add(-KeepKeys).Format(time.RFC3339))
	}
	if err := permit(ctx, d.config.Policy, Request{Actor: r.actor, Permission: Purge, Kind: r.kind.Name(), Action: "forget_keys", Input: before}); err != nil {
		return err
	}
	return d.config.Repository.Erase(ctx, Scope{Tenant: r.actor.Tenant}, Erasure[T]{Keys: Instant(before)})
}
