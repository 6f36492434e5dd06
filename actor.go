package itsm

import (
	"context"
	"strconv"
)

// Actor is who acts: a person or a program, in one tenant. It travels in the context; without one every call
// of a desk is [ErrForbidden].
type Actor struct {
	ID     string   `json:"id"`
	Name   string   `json:"name,omitempty"`
	Tenant string   `json:"tenant,omitempty"`
	Roles  []string `json:"roles,omitempty"`
	// system is set by System only: a host that fills Actor from a login cannot claim it.
	system bool
}

// SystemID is the actor ID of background work, see [System].
const SystemID = "system"

type contextKey int

const (
	actorKey contextKey = iota
	txKey
)

// WithActor returns a context in which a acts.
func WithActor(ctx context.Context, a Actor) context.Context {
	a.system = false
	return context.WithValue(ctx, actorKey, &a)
}

// System returns a context for background work in a tenant: a relay, a sweep, a migration. Its events name
// the actor [SystemID], and no [Policy] is asked.
func System(ctx context.Context, tenant string) context.Context {
	return context.WithValue(ctx, actorKey, &Actor{ID: SystemID, Name: "System", Tenant: tenant, system: true})
}

// ActorFrom returns the actor of a context.
func ActorFrom(ctx context.Context) (Actor, bool) {
	if a, ok := ctx.Value(actorKey).(*Actor); ok {
		return *a, true
	}
	return Actor{}, false
}

// IsSystem tells that a was made by [System].
func (a *Actor) IsSystem() bool { return a.system }

// Has tells whether the actor has a role.
func (a *Actor) Has(role string) bool {
	for _, r := range a.Roles {
		if r == role {
			return true
		}
	}
	return false
}

func actorFrom(ctx context.Context) (*Actor, error) {
	a, ok := ctx.Value(actorKey).(*Actor)
	if !ok {
		return nil, forbidden("the context has no actor", "use itsm.WithActor or itsm.System", nil)
	}
	if a.ID == "" {
		return nil, forbidden("the actor has no ID", "set Actor.ID", nil)
	}
	if err := a.check("actor"); err != nil {
		return nil, err
	}
	return a, nil
}

// check refuses texts that no store could keep.
func (a *Actor) check(path string) error {
	for _, given := range [...]struct{ name, text string }{{".id", a.ID}, {".name", a.Name}, {".tenant", a.Tenant}} {
		if code := checkText(given.text, maxName); code != "" {
			return Invalid(path+given.name, code, "max", strconv.Itoa(maxName))
		}
	}
	return nil
}

// InTx tells that ctx carries a transaction begun by a [Transactor]. A desk then takes no lock of its own and
// leaves the retry after a conflict to the transaction.
func InTx(ctx context.Context) bool { return ctx.Value(txKey) != nil }

// MarkTx returns a context for which [InTx] holds. Stores call it when they begin a transaction.
func MarkTx(ctx context.Context) context.Context { return context.WithValue(ctx, txKey, true) }
