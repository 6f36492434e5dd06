package relational

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/itsmkit/itsm"
)

// Engine is a store without its driver.
type Engine struct {
	Store   string // the name of the store's package, for errors
	Names   Names
	Dialect Dialect
	Backend Backend
	Single  Single  // nil: each write is a transaction
	Placing Placing // nil: a position is the number of an event's row

	mu     sync.RWMutex
	places map[string]*place
	texts  sync.Map // statements by the texts that they were written as

	crowded atomic.Int64 // until when numbers are drawn before the write that uses them, in milliseconds of Unix time
}

// place is where the records of a kind are, under the declaration that is in use now.
type place struct {
	table *Table
	ready bool // the database has been seen to have what the declaration needs
	// migrate tells that what the database lacks is added by whoever finds it missing, one at a time.
	migrate   bool
	migrating sync.Mutex
}

// TableOf returns the table of a kind.
func (e *Engine) TableOf(kind string) (*Table, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if p := e.places[kind]; p != nil {
		return p.table, nil
	}
	return nil, fmt.Errorf("%s: the store has no kind %q: make its repository with %s.For", e.Store, kind, e.Store)
}

// Tables returns the tables of all kinds, by name.
func (e *Engine) Tables() []*Table {
	e.mu.RLock()
	defer e.mu.RUnlock()
	var out []*Table
	for _, p := range e.places {
		out = append(out, p.table)
	}
	slices.SortFunc(out, func(a, b *Table) int { return itsm.Key{S: a.BareName}.Compare(itsm.Key{S: b.BareName}) })
	return out
}

// failed names the store in an error of the database; what the contract knows passes through.
func (e *Engine) failed(ctx context.Context, what string, err error) error {
	if err == nil {
		return nil
	}
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	return fmt.Errorf("%s: %s: %w", e.Store, what, err)
}
