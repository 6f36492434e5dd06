// Package storage opens the store that a service desk is kept in, by its name:
//
//	memory         nothing is kept behind the end of the program
//	sqlite:FILE    a file, which is made where there is none
//
// A further store is a case of the switch below and a type with three methods, as in sqlite.go.
package storage

import (
	"context"
	"fmt"
	"strings"

	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
)

// Names says in words which names there are.
const Names = "memory or sqlite:FILE"

// Store is a store that is open.
type Store interface {
	casebook.Store
	Close() error
}

// Open opens the store with a name. It returns nil for the memory, which has nothing to open or to go on with.
func Open(ctx context.Context, name string) (Store, error) {
	open, place := find(name)
	switch {
	case name == "memory":
		return nil, nil
	case open == nil:
		return nil, fmt.Errorf("the store is %q, want %s", name, Names)
	}
	return open(ctx, place)
}

// Known tells whether a store may have the name.
func Known(name string) bool {
	open, _ := find(name)
	return name == "memory" || open != nil
}

// find returns what opens the store with a name, and what it is told to open.
func find(name string) (open func(context.Context, string) (Store, error), place string) {
	scheme, place, _ := strings.Cut(name, ":")
	if place == "" {
		return nil, ""
	}
	switch scheme {
	case "sqlite":
		return openSQLite, place
	}
	return nil, ""
}
