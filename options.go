package itsm

import (
	"context"
	"errors"
	"fmt"
	"reflect"
)

// Option is an action as a screen offers it: possible now, or why not.
type Option struct {
	Action  string   `json:"action"`
	Allowed bool     `json:"allowed"`
	Why     *Reason  `json:"why,omitempty"` // where it is not: code "state", "forbidden", or the guard's own
	To      []string `json:"to,omitempty"`  // where the record may go; the first is the usual one
}

// Options tells for each action of the kind whether the actor may do it to the record now, and why not: a
// screen's buttons. Errors of the input are found by [Desk.Check]. Options may share their reasons.
func (d *Desk[T]) Options(ctx context.Context, rec T) ([]Option, error) {
	r, err := d.reading(ctx)
	if err != nil {
		return nil, err
	}
	h := head(&rec)
	if h.Tenant != r.actor.Tenant && h.Version > 0 {
		return nil, fmt.Errorf("%s %s: %w", r.kind.Name(), h.ID, ErrNotFound)
	}
	switch {
	case h.Version == 0:
	case len(r.view.Hidden) > 0: // the caller's copy lacks what the guards and the view may look at
		stored, err := r.get(ctx, h.ID)
		if err != nil {
			return nil, err
		}
		rec = *stored
		r.kind.shape.plan.root.detach(reflect.ValueOf(&rec).Elem())
	default:
		if err := within(r.kind, r.view, &rec); err != nil {
			return nil, err
		}
	}
	if err := r.kind.shape.checkState(h); err != nil {
		return nil, err
	}
	m := Moment{Time: d.config.Clock.Now(), Actor: r.actor}
	if m.Time.Before(h.UpdatedAt) {
		m.Time = h.UpdatedAt
	}
	lifecycle := r.kind.shape.lifecycle
	actions := lifecycle.Actions()
	out := make([]Option, 0, len(actions))
	to := make([]string, 0, 2*len(actions)) // of all options together
	elsewhere := &Reason{Code: "state", Params: map[string]string{"state": string(h.State)}}
	for _, name := range actions {
		o := Option{Action: name}
		switch targets := lifecycle.Targets(h.State, name); {
		case len(targets) == 0:
			o.Why = elsewhere
		default:
			from := len(to)
			for _, t := range targets {
				to = append(to, string(t))
			}
			o.To = to[from:len(to):len(to)]
			if o.Why, err = r.whyNot(ctx, &rec, name, m); err != nil {
				return nil, err
			}
			o.Allowed, o.Why = o.Why == nil, r.kind.shape.veiledReason(o.Why, r.view.Hidden)
		}
		out = append(out, o)
	}
	return out, nil
}

// whyNot asks the policy and the guards; nil means that the action is possible.
func (r *reading[T]) whyNot(ctx context.Context, rec *T, name string, m Moment) (*Reason, error) {
	o := r.kind.offers[name]
	req := Request{Actor: r.actor, Permission: Act, Kind: r.kind.Name(), Action: name, Input: o.action}
	if head(rec).Version > 0 {
		req.Record = rec
	}
	if permit(ctx, r.desk.config.Policy, req) != nil {
		return &Reason{Code: "forbidden"}, ctx.Err()
	}
	if len(o.when) > 0 && r.desk.config.Facts != nil {
		before := rec
		if req.Record == nil {
			before = nil
		}
		var err error
		if m.Facts, err = r.desk.config.Facts(ctx, before, o.action); err != nil {
			return nil, fmt.Errorf("%sfacts: %w", subject(r.kind.Name(), head(rec).Number, name), err)
		}
	}
	for _, guard := range o.when {
		if err := guard(rec, m); err != nil {
			var reason *Reason
			if errors.As(err, &reason) {
				return reason, nil
			}
			var refused *TransitionError
			if errors.As(r.kind.refused(err, head(rec), name), &refused) && refused.Reason != nil {
				return refused.Reason, nil
			}
			return nil, err
		}
	}
	return nil, nil
}
