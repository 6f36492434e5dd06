// Package storage opens the store that a service desk is kept in, by its name:
//
//	memory         nothing is kept behind the end of the program
//	sqlite:FILE    a file, which is made where there is none
//
// A further store is an entry of schemes and a type with three methods, as in sqlite.go.
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

// schemes are what stands before the colon of a name, each with what opens the rest of it.
var schemes = map[string]func(ctx context.Context, place string) (Store, error){
	"sqlite": openSQLite,
}

// Open opens the store with a name. It returns nil for the memory, which has nothing to open or to go on with.
func Open(ctx context.Context, name string) (Store, error) {
	if name == "memory" {
		return nil, nil
	}
	if !Known(name) {
		return nil, fmt.Errorf("the store is %q, want %s", name, Names)
	}
	scheme, place, _ := strings.Cut(name, ":")
	return schemes[scheme](ctx, place)
}

// Known tells whether a store may have the name.
func Known(name string) bool {
	scheme, place, _ := strings.Cut(name, ":")
	return name == "memory" || place != "" && schemes[scheme] != nil
}
