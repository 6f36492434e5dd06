// Package storage opens the store that a service desk is kept in, by its name:
//
//	memory          nothing is kept behind the end of the program
//	sqlite:FILE     a file, which is made where there is none
//	postgres:DSN    a PostgreSQL database, by a connection string as psql takes it; postgres://… is one too
//
// A further store is an entry of schemes and a type with a few methods, as in sqlite.go.
package storage

import (
	"context"
	"fmt"
	"strings"

	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
)

// Names says in words which names there are.
const Names = "memory, sqlite:FILE or postgres:DSN"

// Store is a store that is open.
type Store interface {
	casebook.Store
	Close() error
}

// scheme is a kind of store.
type scheme struct {
	open  func(ctx context.Context, place string) (Store, error)
	shown func(place string) string // what may be told of the place
}

// schemes are what stands before the colon of a name.
var schemes = map[string]scheme{
	"sqlite":   {openSQLite, func(path string) string { return path }},
	"postgres": {openPostgres, shownPostgres},
}

// parse splits a name at its colon. The URL of a database is a name as it stands.
func parse(name string) (scheme, place string) {
	scheme, place, _ = strings.Cut(name, ":")
	if strings.HasPrefix(place, "//") && (scheme == "postgres" || scheme == "postgresql") {
		return "postgres", name
	}
	return scheme, place
}

// Open opens the store with a name. It returns nil for the memory, which has nothing to open or to go on with.
func Open(ctx context.Context, name string) (Store, error) {
	if name == "memory" {
		return nil, nil
	}
	if !Known(name) {
		return nil, fmt.Errorf("the store is %q, want %s", Shown(name), Names)
	}
	scheme, place := parse(name)
	return schemes[scheme].open(ctx, place)
}

// Known tells whether a store may have the name.
func Known(name string) bool {
	scheme, place := parse(name)
	return name == "memory" || place != "" && schemes[scheme].open != nil
}

// Shown returns a name as it may be told to anybody: without a password.
func Shown(name string) string {
	switch scheme, place := parse(name); {
	case place == "":
		return name
	case !Known(name):
		return scheme + ":…"
	default:
		return scheme + ":" + schemes[scheme].shown(place)
	}
}
