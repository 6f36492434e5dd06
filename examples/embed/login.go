package main

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
)

// agent is the role of those who work at the desk; the others are customers.
const agent = "agent"

// people is the login of the example: a host has one already, and fills an actor from it.
var people = map[string]struct {
	password string
	actor    itsm.Actor
}{
	"ann":  {"ann's password", itsm.Actor{ID: "ann", Name: "Ann Agent", Roles: []string{agent}}},
	"cleo": {"cleo's password", itsm.Actor{ID: "cleo", Name: "Cleo Customer"}},
	"dan":  {"dan's password", itsm.Actor{ID: "dan", Name: "Dan Customer"}},
}

// login tells who asks.
func login(r *http.Request) (itsm.Actor, bool) {
	name, password, _ := r.BasicAuth()
	p, ok := people[name]
	return p.actor, ok && subtle.ConstantTimeCompare([]byte(password), []byte(p.password)) == 1
}

// policy lets agents do everything, and customers speak about what is theirs.
type policy struct{}

// Allow implements itsm.Policy.
func (policy) Allow(_ context.Context, r itsm.Request) error {
	if r.Permission == itsm.Act {
		if r.Actor.Has(agent) {
			return nil
		}
		switch r.Action {
		case "report", "comment", "caller_reply", "confirm", "reopen":
			return nil
		}
	}
	return errors.New("that is for agents")
}

// See implements itsm.Policy.
func (policy) See(_ context.Context, a *itsm.Actor, _ string) (itsm.View, error) {
	if a.Has(agent) {
		return itsm.View{}, nil
	}
	return itsm.View{PublicOnly: true, Any: []itsm.Condition{incident.ByCaller.Is(a.ID).Condition}}, nil
}
