package itsm

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm/lifecycle"
)

// Apply is the pure core: it returns the record after an action, and the event that explains the difference.
// rec is not modified; a zero rec is opened, with an ID made from the moment. Nothing is stored.
func (k *Kind[T]) Apply(rec T, a Action[T], m Moment) (T, Event, error) {
	var c call[T]
	if m.Actor == nil {
		m.Actor = &Actor{}
	}
	if m.Time.IsZero() {
		return rec, Event{}, Invalid("time", "required")
	}
	m.Time = Instant(m.Time)
	old := rec
	if head(&old).ID == (ID{}) {
		head(&old).ID = NewID(m.Time)
	}
	if err := k.run(&c, &old, a, m); err != nil {
		return rec, Event{}, err
	}
	out := *c.commits[0].Record
	k.shape.plan.root.detach(reflect.ValueOf(&out).Elem())
	return out, c.commits[0].Event, nil
}

// call is the memory of one action: it is allocated once, and nothing of it is kept behind the call.
type call[T any] struct {
	ids     [1]ID
	commits [1]Commit[T]
	said    said
	check   Checker
	keys    [4]Key
}

// run applies an action to a record that nobody writes to and fills in the commit of c. The header of old has
// an ID, and for a record that is opened also its tenant and external key.
func (k *Kind[T]) run(c *call[T], old *T, a Action[T], m Moment) error {
	s, h0 := k.shape, head(old)
	o, err := k.offered(a)
	if err != nil {
		return err
	}
	on := o.action.Name()
	opening := h0.Version == 0
	if err := s.checkState(h0); err != nil {
		return err
	}
	if err := s.checkRule(h0, on); err != nil {
		return err
	}
	next := new(T)
	*next = *old
	v := reflect.ValueOf(next).Elem()
	s.plan.root.detach(v)
	h := head(next)
	m.said = &c.said
	if k.review != nil {
		c.said.clock = k.review(next)
	}
	for _, guard := range o.when {
		if err := guard(next, m); err != nil {
			return k.refused(err, h0, on)
		}
	}
	if err := a.Apply(next, m); err != nil {
		return k.refused(err, h0, on)
	}
	to, err := s.lifecycle.Fire(h0.State, on, h.State)
	if err != nil {
		return k.misled(err, h0, on)
	}
	kernel := *h0
	kernel.State, kernel.Version, kernel.UpdatedAt = to, h0.Version+1, m.Time
	if opening {
		kernel.CreatedAt = m.Time
	}
	h.keep(&kernel)
	if k.review != nil {
		k.review(next).derive(h.CreatedAt)
	}
	if k.declared.Derive != nil {
		k.declared.Derive(next, m)
		h.keep(&kernel)
	}
	check := &c.check
	*check = Checker{}
	s.fields.settle(h0.Attributes, &h.Attributes, opening, check)
	s.plan.root.canonical(v, check)
	base := old
	if opening {
		base = new(T)
	}
	was := reflect.ValueOf(base).Elem()
	if k.declared.Validate != nil {
		check.plan, check.old, check.new = s.plan, was, v
		k.declared.Validate(next, check)
	}
	changes := s.plan.changes(was, v, check)
	s.checkIndexed(next, check, c.keys[:0])
	if code := checkText(c.said.note, maxText); code != "" {
		check.Fail("note", code)
	}
	if err := check.err(s.name, on); err != nil {
		return err
	}
	c.commits[0] = Commit[T]{Record: next, Event: Event{
		Subject: Ref{Kind: s.name, ID: h.ID}, Version: h.Version, Number: h.Number, Tenant: h.Tenant,
		Action: on, From: h0.State, To: to, Time: m.Time, RecordedAt: m.Time,
		Actor: Actor{ID: m.Actor.ID, Name: m.Actor.Name}, Note: c.said.note, Public: c.said.public,
		Facts: c.said.facts, Changes: changes,
	}}
	if h.Revision = h0.Revision; opening || c.commits[0].Event.changesField() {
		h.Revision = h.Version
	}
	if s.draws(on, opening) && h.Number == "" {
		c.commits[0].Draw = s.Sequence()
	}
	return nil
}

// checkRule refuses an action that the lifecycle does not have in the record's state.
func (s *Shape) checkRule(h *Header, on string) error {
	if s.lifecycle.Allows(h.State, on) {
		return nil
	}
	return &TransitionError{Kind: s.name, Number: h.Number, From: h.State, Action: on, Allowed: slices.Clone(s.lifecycle.Allowed(h.State))}
}

// finish makes the caller's copy of the record in c. It writes to the record that is going to be stored, and
// must be called before that is. The copy is returned by value: no memory is taken for it.
func (k *Kind[T]) finish(c *call[T], old *T) T {
	next := c.commits[0].Record
	was, is := reflect.ValueOf(old).Elem(), reflect.ValueOf(next).Elem()
	k.shape.plan.root.disown(was, is)
	out := *next
	k.shape.plan.root.settle(was, is)
	return out
}

// keep sets what only the kernel writes.
func (h *Header) keep(k *Header) {
	h.ID, h.Number, h.Tenant, h.State = k.ID, k.Number, k.Tenant, k.State
	h.Version, h.Revision, h.CreatedAt, h.UpdatedAt = k.Version, k.Revision, k.CreatedAt, k.UpdatedAt
}

// offered finds the kind's offer of an action.
func (k *Kind[T]) offered(a Action[T]) (*offer[T], error) {
	if noAction(a) {
		return nil, k.unknownAction("")
	}
	o := k.offers[a.Name()]
	if o == nil {
		return nil, k.unknownAction(a.Name())
	}
	if t := reflect.TypeOf(a); t != o.input.typ {
		return nil, &ValidationError{Kind: k.shape.name, Action: a.Name(), Problems: []Problem{problem("action", "type",
			[]string{"value", t.String(), "want", o.input.typ.String()})}}
	}
	return o, nil
}

// noAction tells that an action is nil, or a nil pointer: the methods of one panic, its name too.
func noAction[T any](a Action[T]) bool {
	v := reflect.ValueOf(a)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// refused gives the error of a guard or an action its place.
func (k *Kind[T]) refused(err error, h *Header, on string) error {
	var invalid *ValidationError
	if errors.As(err, &invalid) {
		return &ValidationError{Kind: k.shape.name, Action: on, Problems: invalid.Problems}
	}
	var reason *Reason
	if errors.As(err, &reason) {
		return &TransitionError{Kind: k.shape.name, Number: h.Number, From: h.State, Action: on,
			Allowed: slices.Clone(k.shape.lifecycle.Allowed(h.State)), Reason: reason}
	}
	return fmt.Errorf("%s%w", subject(k.shape.name, h.Number, on), err)
}

// misled says that an action chose a state to which its rule does not lead.
func (k *Kind[T]) misled(err error, h *Header, on string) error {
	var target *lifecycle.TargetError
	if !errors.As(err, &target) {
		return fmt.Errorf("%s%w", subject(k.shape.name, h.Number, on), err)
	}
	names := make([]string, len(target.Targets))
	for i, t := range target.Targets {
		names[i] = string(t)
	}
	return &TransitionError{Kind: k.shape.name, Number: h.Number, From: h.State, Action: on, Allowed: slices.Clone(k.shape.lifecycle.Allowed(h.State)),
		Reason: &Reason{Code: "target", Params: map[string]string{"chosen": string(target.Chosen), "allowed": strings.Join(names, ", ")}}}
}

// Check tells what is wrong with an action on a record, without a result; nil means that Apply would succeed.
func (k *Kind[T]) Check(rec T, a Action[T], m Moment) error {
	_, _, err := k.Apply(rec, a, m)
	return err
}

// Fold changes a record by one event: the step of a replay. The event must be the record's next.
func (k *Kind[T]) Fold(rec *T, e Event) error { return k.shape.Fold(rec, &e) }

// Replay rebuilds a record from its events, oldest first, as it was at an instant (of Event.Time); the zero
// time means all of them. Without any event until then the error matches [ErrNotFound].
func (k *Kind[T]) Replay(events []Event, until time.Time) (T, error) {
	return k.replay(events, func(e *Event) bool { return until.IsZero() || !e.Time.After(until) })
}

func (k *Kind[T]) replay(events []Event, counts func(*Event) bool) (T, error) {
	var rec T
	for i := range events {
		if !counts(&events[i]) {
			break
		}
		if err := k.Fold(&rec, events[i]); err != nil {
			return rec, err
		}
	}
	if head(&rec).Version == 0 {
		return rec, fmt.Errorf("%w: %s had no event by then", ErrNotFound, k.shape.name)
	}
	return rec, nil
}
