package itsm

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
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
	// else becomes absent, which the kind's Validate must accept. The marker is no value of a unique index. Comments that
	// say the same, as that of a resolution does, are named in Notes.
	Paths []string `json:"paths,omitempty"`
	// Notes are the versions of events whose comments are replaced.
	Notes []int64 `json:"notes,omitempty"`
	// Reason is kept in the history: why it was done. It is required.
	Reason string `json:"reason"`
}

// Redact replaces values in a record, its events, its search words and (with the next one) its archives, and
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
	if err := r.kind.shape.checkRedacted(x, events); err != nil {
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
	if err := r.kind.checkUsable(stored, &rec); err != nil {
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

// checkRedacted refuses a redaction of what is not there, which would only seem to be done: a comment that no
// event has, an attribute that is neither declared nor in the history.
func (s *Shape) checkRedacted(x Redaction, events []Event) error {
	var c Checker
	for i, version := range x.Notes {
		c.Check(slices.ContainsFunc(events, func(e Event) bool { return e.Version == version && e.Note != "" }),
			"notes["+strconv.Itoa(i)+"]", "no_comment", "version", strconv.FormatInt(version, 10), "want", "the version of an event with a comment")
	}
	for i, path := range x.Paths {
		key, ok := strings.CutPrefix(path, "attributes.")
		if !ok || s.fields.named(key) != nil {
			continue
		}
		known := slices.ContainsFunc(events, func(e Event) bool {
			return slices.ContainsFunc(e.Changes, func(c Change) bool { return c.Path == "/attributes/"+escapePointer(key) })
		})
		c.Check(known, "paths["+strconv.Itoa(i)+"]", "undeclared", "value", clip(path), "allowed", s.fields.keys())
	}
	return c.err(s.name, "redact")
}

// checkUsable refuses a redaction behind which the record would be one that its kind does not accept: no action would be
// possible any more. What was wrong with it before does not count.
func (k *Kind[T]) checkUsable(before, after *T) error {
	if k.declared.Validate == nil {
		return nil
	}
	problems := func(rec T) []Problem {
		var c Checker
		k.shape.plan.root.detach(reflect.ValueOf(&rec).Elem()) // Validate may do as it likes
		k.declared.Validate(&rec, &c)
		return c.problems
	}
	known := problems(*before)
	var c Checker
	for _, p := range problems(*after) {
		old := slices.ContainsFunc(known, func(q Problem) bool { return q.Path == p.Path && q.Code == p.Code })
		c.Check(old, "paths", "still_needed", "because", p.String(), "want", "fields that the record can be without")
	}
	return c.err(k.shape.name, "redact")
}

// redactEvent replaces the values of an event. Each value that is not zero becomes the same as in the record
// that a replay of all rewritten events gives, so that replay holds.
func (s *Shape) redactEvent(e *Event, x Redaction) {
	if slices.Contains(x.Notes, e.Version) && e.Note != "" {
		e.Note, e.Digest = Redacted, "" // the digest is of an input that held the note
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
				c.Old, c.New = s.redacted(path, pointer, c.Old), s.redacted(path, pointer, c.New)
			case strings.HasPrefix(pointer, path+"/"): // an optional struct as a whole
				c.Old, c.New = s.redactWithin(path, pointer, c.Old), s.redactWithin(path, pointer, c.New)
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

// redacted returns what stands in place of a value of a change, where a pointer at it or above it is redacted:
// a marker for a text, nothing for all else. Of an optional struct that is redacted as a whole nothing stays.
func (s *Shape) redacted(path, pointer string, raw json.RawMessage) json.RawMessage {
	n := s.plan.byPath[path]
	if len(raw) == 0 || n == nil || n.is != isText || n.choices != nil || n.limit < len(Redacted) || path == "/external" {
		return nil
	}
	for o := s.plan.outer(n); o != nil; o = s.plan.outer(o) {
		if o.path == pointer || strings.HasPrefix(o.path, pointer+"/") {
			return nil
		}
	}
	return json.RawMessage(`"` + Redacted + `"`)
}

// redactWithin replaces what a pointer leads to within the JSON object of the struct at path.
func (s *Shape) redactWithin(path, pointer string, raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return raw
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return nil // a value of a form that we do not know does not stay
	}
	name, _, deeper := strings.Cut(pointer[len(path)+1:], "/")
	value, ok := members[name]
	if !ok {
		return raw
	}
	if at := path + "/" + name; deeper {
		members[name] = s.redactWithin(at, pointer, value)
	} else if members[name] = s.redacted(at, pointer, value); members[name] == nil {
		delete(members, name)
	}
	out, err := json.Marshal(members)
	if err != nil {
		return nil
	}
	return out
}
