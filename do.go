package itsm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Open opens a record with an action whose lifecycle rule begins at "". It returns the record as stored.
func (d *Desk[T]) Open(ctx context.Context, a Action[T], opts ...DoOption) (T, error) {
	return d.through(ctx, ID{}, a, opts)
}

// Do does an action on a record and returns the record as stored. The whole action happens, record and event
// together, or nothing does.
func (d *Desk[T]) Do(ctx context.Context, id ID, a Action[T], opts ...DoOption) (T, error) {
	if id == (ID{}) {
		var none T
		return none, Invalid("id", "required")
	}
	return d.through(ctx, id, a, opts)
}

// Check is a dry run of Do, or with a zero id of Open: it returns every error that Do would find before it
// stores, and stores nothing.
func (d *Desk[T]) Check(ctx context.Context, id ID, a Action[T], opts ...DoOption) error {
	_, _, err := d.Prepare(ctx, id, a, opts...)
	return err
}

// Prepare does an action, or with a zero id opens a record, without storing it: the result is for
// [Saver.SaveAll], together with writes of other desks. The record may be in conflict by then. A Write without
// a Kind says that the idempotency key was used before for the same action: there is nothing to store. Facts that are
// [Serial] hold until then only if both are done in one transaction of the caller's.
func (d *Desk[T]) Prepare(ctx context.Context, id ID, a Action[T], opts ...DoOption) (Write, T, error) {
	w := work[T]{desk: d, kind: d.Kind(), action: a}
	var none T
	if err := w.begin(ctx, id, opts); err != nil {
		return Write{}, none, err
	}
	out, done, err := w.apply(ctx, id, d.load)
	if err != nil {
		return Write{}, none, err
	}
	if done {
		return Write{}, out, nil
	}
	c := &w.call.commits[0]
	return Write{Kind: w.kind.Name(), Record: c.Record, Event: c.Event, Draw: c.Draw}, veiled(w.kind, out, w.view.Hidden), nil
}

// through runs an action through the middleware.
func (d *Desk[T]) through(ctx context.Context, id ID, a Action[T], opts []DoOption) (T, error) {
	w := &work[T]{desk: d, kind: d.Kind(), action: a}
	if len(d.config.Middleware) == 0 {
		return d.do(ctx, id, w, opts)
	}
	var out T
	c := Call{Kind: w.kind.Name(), ID: id, Input: a}
	if !noAction(a) {
		c.Action = a.Name()
	}
	called := false
	next := func(ctx context.Context) error {
		if called {
			return fmt.Errorf("itsm: %s: %s: a middleware called next twice", c.Kind, c.Action)
		}
		called = true
		var err error
		if out, err = d.do(ctx, id, w, opts); err == nil {
			c.ID = head(&out).ID
		}
		return err
	}
	for i := len(d.config.Middleware) - 1; i >= 0; i-- {
		inner, m := next, d.config.Middleware[i]
		next = func(ctx context.Context) error { return m(ctx, &c, inner) }
	}
	err := next(ctx)
	if err == nil && !called {
		err = fmt.Errorf("itsm: %s: %s: a middleware returned no error and did not call next", c.Kind, c.Action)
	}
	if err != nil {
		var none T
		return none, err
	}
	return out, nil
}

// work is one action under way.
type work[T any] struct {
	desk   *Desk[T]
	kind   *Kind[T]
	action Action[T]
	actor  *Actor
	set    settings
	view   View
	digest string
	fresh  ID         // of the record that is opened, at each try
	alone  Transactor // for serial facts; nil where the caller answers for them
	call   call[T]
}

// begin reads the options and asks the policy what does not depend on the record.
func (w *work[T]) begin(ctx context.Context, id ID, opts []DoOption) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var err error
	if w.actor, err = actorFrom(ctx); err != nil {
		return err
	}
	if w.set, err = readOptions(opts, id == ID{}); err != nil {
		return err
	}
	if _, err := w.kind.offered(w.action); err != nil {
		return err
	}
	if w.view, err = view(ctx, w.desk.config.Policy, w.actor, w.kind.Name()); err != nil {
		return err
	}
	if err := w.kind.shape.checkView(w.view); err != nil {
		return err
	}
	if w.set.key == "" {
		return nil
	}
	input, err := json.Marshal(w.action)
	if err != nil {
		return fmt.Errorf("itsm: %s: the action has no JSON: %w", w.action.Name(), err)
	}
	sum := sha256.Sum256(append([]byte(w.action.Name()+"\x00"+id.String()+"\x00"+w.set.external+"\x00"), input...))
	w.digest = hex.EncodeToString(sum[:16])
	return nil
}

// do loads, authorises, guards, applies, derives, validates and saves; after a conflict again, unless the
// caller named a version or a transaction is under way.
func (d *Desk[T]) do(ctx context.Context, id ID, w *work[T], opts []DoOption) (T, error) {
	var none T
	if err := w.begin(ctx, id, opts); err != nil {
		return none, err
	}
	if id != (ID{}) && !InTx(ctx) {
		lock := &d.locks[id[15]%64]
		lock.Lock()
		defer lock.Unlock()
	}
	w.alone = d.alone
	for try := 0; ; try++ {
		out, err := d.attempt(ctx, id, w)
		if errors.Is(err, errSerial) {
			out, err = d.serially(ctx, id, w)
		}
		switch {
		case err == nil:
			return out, nil
		case try >= d.config.Retries || InTx(ctx) || ctx.Err() != nil || !w.again(err):
			return none, err
		}
		w.call = call[T]{}
	}
}

// attempt does the action on what is stored now, and stores the result.
func (d *Desk[T]) attempt(ctx context.Context, id ID, w *work[T]) (T, error) {
	out, done, err := w.apply(ctx, id, d.load)
	if err != nil || done {
		return out, err
	}
	if err := d.config.Repository.Save(ctx, w.scope(), w.call.commits[:]...); err != nil {
		return out, err
	}
	return w.stored(out), nil
}

// again tells whether an error may be gone at the next try: somebody else was faster with the record, or with
// the same idempotency key.
func (w *work[T]) again(err error) bool {
	var duplicate *DuplicateError
	if errors.As(err, &duplicate) {
		return w.set.key != "" && duplicate.Index == "key"
	}
	var conflict *ConflictError
	return errors.As(err, &conflict) && w.set.ifVersion == 0 && conflict.Key == ""
}

// stored takes over into the caller's copy what the store drew.
func (w *work[T]) stored(out T) T {
	c := &w.call.commits[0]
	if c.Draw.Prefix != "" {
		drawn := out
		head(&drawn).Number = head(c.Record).Number
		return veiled(w.kind, drawn, w.view.Hidden)
	}
	return veiled(w.kind, out, w.view.Hidden)
}

func (w *work[T]) scope() Scope { return Scope{Tenant: w.actor.Tenant} }

// load gets one record for apply.
func (d *Desk[T]) load(ctx context.Context, w *work[T], id ID) (*T, error) {
	w.call.ids[0] = id
	found, err := d.config.Repository.Get(ctx, w.scope(), w.call.ids[:]...)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 || found[0] == nil {
		return nil, nil
	}
	return found[0], nil
}

// apply does the action on the record as it is stored now. done means that the idempotency key was used for
// it before: the result is there and there is nothing to save.
func (w *work[T]) apply(ctx context.Context, id ID, load func(context.Context, *work[T], ID) (*T, error)) (out T, done bool, err error) {
	if w.set.key != "" {
		if out, done, err = w.repeated(ctx); done || err != nil {
			return out, done, err
		}
	}
	config, name := &w.desk.config, w.kind.Name()
	var old *T
	opening := id == ID{}
	now := config.Clock.Now()
	at := now
	if !w.set.at.IsZero() {
		if at = w.set.at; at.After(now) {
			return out, false, Invalid("at", "future", "now", now.Format(time.RFC3339Nano))
		}
	}
	if opening {
		old = new(T)
		h := head(old)
		if w.fresh == (ID{}) {
			w.fresh = config.NewID(at)
		}
		h.ID, h.Tenant, h.Number, h.External = w.fresh, w.actor.Tenant, w.set.number, w.set.external
	} else {
		if old, err = load(ctx, w, id); err != nil {
			return out, false, err
		}
		if err := w.seen(old, id); err != nil {
			return out, false, err
		}
		h := head(old)
		if v := w.set.ifVersion; v != 0 && (h.Revision > v || v > h.Version) {
			return out, false, &ConflictError{Of: h.Ref(name), Expected: v, Stored: h.Version}
		}
		if at.Before(h.UpdatedAt) {
			if !w.set.at.IsZero() {
				return out, false, Invalid("at", "before_last_event", "last", h.UpdatedAt.Format(time.RFC3339Nano))
			}
			at = h.UpdatedAt // a clock that was set back does not turn a record's history round
		}
	}
	if err := w.authorise(ctx, old, opening); err != nil {
		return out, false, err
	}
	m := Moment{Time: at, Actor: w.actor}
	if w.set.by != nil {
		m.Actor = w.set.by
	}
	if config.Facts != nil {
		if err := w.kind.shape.checkRule(head(old), w.action.Name()); err != nil {
			return out, false, err
		}
		rec := old
		if opening {
			rec = nil
		}
		if m.Facts, err = config.Facts(ctx, rec, w.action); err != nil {
			return out, false, fmt.Errorf("%sfacts: %w", subject(name, head(old).Number, w.action.Name()), err)
		}
		if _, serial := m.Facts.(Serial); serial && w.alone != nil && !InTx(ctx) {
			return out, false, errSerial
		}
	}
	w.call.said = said{note: w.set.note, public: w.set.public}
	if err := w.kind.run(&w.call, old, w.action, m); err != nil {
		return out, false, w.kind.shape.veiledError(err, w.view.Hidden)
	}
	e := &w.call.commits[0].Event
	e.RecordedAt, e.Key, e.Digest = now, w.set.key, w.digest
	if at.After(now) {
		e.RecordedAt = at
	}
	if w.set.by != nil {
		e.RecordedBy = w.actor.ID
	}
	return w.kind.finish(&w.call, old), false, ctx.Err()
}

// repeated looks for the event of an earlier call with the same key, and restores its result.
func (w *work[T]) repeated(ctx context.Context) (out T, done bool, err error) {
	e, err := w.desk.config.Repository.ByKey(ctx, w.scope(), w.kind.Name(), w.set.key)
	switch {
	case errors.Is(err, ErrNotFound):
		return out, false, nil
	case err != nil:
		return out, false, err
	case e.Digest != w.digest:
		return out, false, &ConflictError{Of: e.Subject, Key: w.set.key}
	}
	events, err := w.desk.events(ctx, w.scope(), e.Subject)
	if err != nil {
		return out, false, err
	}
	rec, err := w.kind.replay(events, func(x *Event) bool { return x.Version <= e.Version })
	if err != nil {
		return out, false, err
	}
	if err := within(w.kind, w.view, &rec); err != nil {
		return out, false, err
	}
	return veiled(w.kind, rec, w.view.Hidden), true, nil
}
