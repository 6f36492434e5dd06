package sla

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/itsmkit/itsm"
)

// Neighbours are what an agreement must fit to: the facts of [Revise] and [Sign].
type Neighbours struct {
	Signed     []Agreement // those over the same kind of records that are signed and have not ended
	Supersedes Agreement   // the edition before
}

// AgreementFacts returns the Config.Facts of a desk for agreements: it loads the [Neighbours] from the desk's repository.
func AgreementFacts(r itsm.Repository[Agreement]) func(context.Context, *Agreement, itsm.Action[Agreement]) (any, error) {
	return func(ctx context.Context, a *Agreement, on itsm.Action[Agreement]) (any, error) {
		actor, _ := itsm.ActorFrom(ctx)
		in := itsm.Scope{Tenant: actor.Tenant}
		switch on := on.(type) {
		case Revise:
			found, err := r.Get(ctx, in, on.Supersedes.ID)
			if err != nil || len(found) == 0 || found[0] == nil || found[0].Tenant != in.Tenant {
				return Neighbours{}, err
			}
			return Neighbours{Supersedes: *found[0]}, nil
		case Sign:
			if a == nil {
				return Neighbours{}, nil
			}
			return signed(ctx, r, in, a)
		}
		return nil, nil
	}
}

// signed loads the signed agreements beside one.
func signed(ctx context.Context, r itsm.Repository[Agreement], in itsm.Scope, beside *Agreement) (any, error) {
	var known Neighbours
	q, p := itsm.Where(itsm.ByState[Agreement]().In(Active, InReview)), itsm.PageRequest{Limit: itsm.MaxPage}
	for {
		page, err := r.Find(ctx, in, q, p)
		if err != nil {
			return nil, err
		}
		for _, other := range page.Items {
			if other.Kind == beside.Kind && other.ID != beside.ID {
				known.Signed = append(known.Signed, *other)
			}
		}
		if p.Cursor = page.Next; p.Cursor == "" {
			return known, nil
		}
	}
}

// neighbours returns the facts of a moment; it is an error if the desk does not load them.
func neighbours(m itsm.Moment) (Neighbours, error) {
	known, ok := m.Facts.(Neighbours)
	if !ok {
		return known, itsm.Invalid("", "facts_required", "want", "sla.AgreementFacts as the desk's Config.Facts")
	}
	return known, nil
}

// TermsOf returns all agreements that are or were signed in the tenant of the context's actor, as terms to compile: clocks
// name the edition that they run under, so those that have ended are among them. The subjects say where records hold
// what agreements ask for.
func TermsOf(ctx context.Context, d *itsm.Desk[Agreement], subjects ...Subject) (Terms, error) {
	t := Terms{Subjects: subjects}
	for a, err := range d.All(ctx, itsm.Where(itsm.ByState[Agreement]().In(Active, InReview, Expired, Terminated))) {
		if err != nil {
			return Terms{}, err
		}
		if a.SignedAt.IsZero() || a.ValidUntil.Equal(a.ValidFrom) { // given up, or terminated before it took effect
			continue
		}
		t.Agreements = append(t.Agreements, a)
	}
	return t, nil
}

// SweepAgreements expires the agreements whose end has come by a moment, in the tenant of the context's actor, and returns
// how many. Each is dated at the moment, which needs the permission to date back unless the context is of itsm.System. An
// agreement on which somebody acted meanwhile is left for the next sweep; where single ones fail the others are done, and
// the errors are joined.
func SweepAgreements(ctx context.Context, d *itsm.Desk[Agreement], at time.Time) (int, error) {
	at = itsm.Instant(at)
	done := 0
	var failures []error
	for a, err := range d.All(ctx, itsm.Where(AgreementsByEnd.To(at))) {
		if err != nil {
			return done, errors.Join(append(failures, err)...)
		}
		if a.UpdatedAt.After(at) {
			continue
		}
		switch _, err := d.Do(ctx, a.ID, Expire{}, itsm.At(at)); {
		case err == nil:
			done++
		case ctx.Err() != nil:
			return done, errors.Join(append(failures, ctx.Err())...)
		case overtaken(err):
		default:
			failures = append(failures, fmt.Errorf("sla: sweep: agreement %s: %w", a.called(), err))
		}
	}
	return done, errors.Join(failures...)
}

// overtaken tells that somebody else was faster.
func overtaken(err error) bool {
	var invalid *itsm.ValidationError
	if errors.As(err, &invalid) && len(invalid.Problems) == 1 {
		return invalid.Problems[0].Code == "before_last_event"
	}
	return errors.Is(err, itsm.ErrNotAllowed) || errors.Is(err, itsm.ErrNotFound) || errors.Is(err, itsm.ErrConflict)
}
