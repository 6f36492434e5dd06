package sla

import (
	"context"
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
// how many. What single records and permissions mean for it is told at [itsm.Desk.Sweep].
func SweepAgreements(ctx context.Context, d *itsm.Desk[Agreement], at time.Time) (int, error) {
	at = itsm.Instant(at)
	return d.Sweep(ctx, itsm.Where(AgreementsByEnd.To(at)), at, Expire{})
}
