package itsm

import (
	"context"
	"fmt"
	"strings"
)

// Policy answers what an actor may do and see. The desk asks it before each action and each read, with the
// actor of the context; background work of [System] is not asked. An error denies, whatever it is: the caller
// gets [ErrForbidden] with the error as its cause. A Policy is used from many goroutines at once.
type Policy interface {
	// Allow returns nil if the actor may do what the request says, to the record that it holds.
	Allow(ctx context.Context, r Request) error
	// See says which records of a kind the actor may see, and what of them.
	See(ctx context.Context, a *Actor, kind string) (View, error)
}

// Request is what an actor wants to do.
type Request struct {
	Actor      *Actor
	Permission Permission
	Kind       string
	Action     string // the action's name, for Act and what comes with it
	Record     any    // the record (*T) before the action; nil for one that is opened. Not to be written to.
	Input      any    // the action itself
}

// Permission is what a request needs to be allowed. An action needs Act; some options need another one beside
// it.
type Permission string

// The permissions.
const (
	Act      Permission = "act"      // do the action
	Backdate Permission = "backdate" // date it back, with At
	OnBehalf Permission = "onbehalf" // in the name of another author, with By
	Import   Permission = "import"   // give a number of its own, or open many in batches
	Redact   Permission = "redact"   // replace values in the record and its history
	Purge    Permission = "purge"    // remove closed records with their history
)

// View is what an actor sees of a kind. The zero View is everything.
type View struct {
	// Any limits the records to those that meet one of some conditions; nil is no limit, an empty list is no
	// record. Conditions are made with the handles: incident.ByCaller.Is("bo").Condition.
	Any []Condition
	// PublicOnly leaves only public events in a history, and hides internal notes.
	PublicOnly bool
	// Hidden names fields (dotted paths, "attributes.salary") that are absent from records, histories and
	// descriptions, and from the parameters of reasons; an index of that name is refused in queries. An index that
	// reads a hidden field under another name is named too: "review", "review_due". A comment that an action made of
	// its input, as the text of a resolution is, counts as none of these: PublicOnly hides those that are internal.
	Hidden []string
}

// Permissive is a Policy by permission alone: it lets every actor see every record of the tenant, and do what
// it names. Its values are made of the constants below, joined by |.
type Permissive uint8

// AllowAll allows every action and everything to be seen. Dating back, acting in another's name, import,
// redaction and purge are permissions of their own: AllowAll|AllowImport|AllowBackdate.
const (
	AllowAll Permissive = 1 << iota
	AllowBackdate
	AllowOnBehalf
	AllowImport
	AllowRedact
	AllowPurge
)

// Allow implements [Policy].
func (p Permissive) Allow(_ context.Context, r Request) error {
	for bit, permission := range [...]Permission{Act, Backdate, OnBehalf, Import, Redact, Purge} {
		if permission == r.Permission && p&(1<<bit) != 0 {
			return nil
		}
	}
	return forbidden("no permission to "+string(r.Permission), "the policy grants it with the constants of itsm.Permissive", nil)
}

// See implements [Policy].
func (p Permissive) See(context.Context, *Actor, string) (View, error) { return View{}, nil }

// permit asks the policy; its error denies.
func permit(ctx context.Context, p Policy, r Request) error {
	if r.Actor.system {
		return nil
	}
	if err := p.Allow(ctx, r); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return forbidden(r.Actor.ID+" may not "+string(r.Permission)+" on "+r.Kind, "", err)
	}
	return nil
}

// view asks the policy what the actor sees.
func view(ctx context.Context, p Policy, a *Actor, kind string) (View, error) {
	if a.system {
		return View{}, nil
	}
	v, err := p.See(ctx, a, kind)
	if err != nil {
		if ctx.Err() != nil {
			return View{}, ctx.Err()
		}
		return View{}, forbidden(a.ID+" may not see "+kind, "", err)
	}
	return v, nil
}

// checkView refuses a view by an index that the kind does not have, and one that hides a field that the kind
// does not have or that lies within a list: such a policy would show what it means to hide.
func (s *Shape) checkView(v View) error {
	if len(v.Any) > 0 {
		if _, err := s.resolve(v.Any, "any"); err != nil {
			return forbidden("the policy's view of "+s.name+" is wrong", "", err)
		}
	}
	for _, path := range v.Hidden {
		if strings.HasPrefix(path, "attributes.") {
			continue
		}
		if _, ok := s.parts[IndexName(path)]; ok {
			continue
		}
		if n := s.plan.find(path); n == nil || n.is == isHeader {
			return forbidden("the policy hides "+path+", which is no field of "+s.name, "hide the whole list, or an attribute", nil)
		}
	}
	return nil
}

// seen refuses a record that does not exist for the actor.
func (w *work[T]) seen(rec *T, id ID) error {
	if rec == nil || head(rec).Tenant != w.actor.Tenant {
		return fmt.Errorf("%s %s: %w", w.kind.Name(), id, ErrNotFound)
	}
	if err := w.kind.shape.checkState(head(rec)); err != nil {
		return err
	}
	return within(w.kind, w.view, rec)
}

// within refuses a record outside a view, as if it did not exist.
func within[T any](k *Kind[T], v View, rec *T) error {
	if v.Any == nil {
		return nil
	}
	h := head(rec)
	s, err := k.shape.Select(Scope{Tenant: h.Tenant, Any: v.Any}, Select{Scan: true})
	if err != nil {
		return forbidden("the policy's view is wrong", "", err)
	}
	if !s.Visible(rec) {
		return fmt.Errorf("%s %s: %w", k.Name(), h.ID, ErrNotFound)
	}
	return nil
}

// authorise asks the policy for the action and for what its options need.
func (w *work[T]) authorise(ctx context.Context, old *T, opening bool) error {
	if w.actor.system {
		return nil
	}
	r := Request{Actor: w.actor, Permission: Act, Kind: w.kind.Name(), Action: w.action.Name(), Input: w.action}
	if !opening {
		r.Record = old
	}
	if err := permit(ctx, w.desk.config.Policy, r); err != nil {
		return err
	}
	for _, needs := range [...]struct {
		asked      bool
		permission Permission
	}{{!w.set.at.IsZero(), Backdate}, {w.set.by != nil, OnBehalf}, {w.set.number != "", Import}} {
		if needs.asked {
			r.Permission = needs.permission
			if err := permit(ctx, w.desk.config.Policy, r); err != nil {
				return err
			}
		}
	}
	return nil
}
