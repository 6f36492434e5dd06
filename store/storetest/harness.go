package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"testing"

	"github.com/itsmkit/itsm"
)

// Harness is a store under test: one store, opened empty, seen through the repositories of two kinds.
type Harness struct {
	Things     itsm.Repository[Thing] // of the kind [Things]
	Others     itsm.Repository[Other] // of the kind [Others], in the same store
	Saver      itsm.Saver             // writes both kinds at once
	Transactor itsm.Transactor
	// Reopen closes the store and opens it again with what it has kept. A store without a durable place
	// leaves it nil.
	Reopen func() (Harness, error)
	// Close is called when a check is done, if it is set.
	Close func()
}

// Check is one thing that the suite asks of a store.
type Check struct {
	Name string // "save/stale"
	Doc  string // what a store must do, and by which mistake it fails
	// Run returns the first difference, or nil. The store must be fresh.
	Run func(ctx context.Context, h Harness) error
}

// ErrSkipped is returned by a check of something that a store need not have.
var ErrSkipped = errors.New("storetest: skipped")

// Checks returns all checks, the simple ones first.
func Checks() []Check {
	var all []Check
	for _, group := range [][]Check{
		saveChecks(), valueChecks(), aliasChecks(), eventChecks(), tenantChecks(), orderChecks(), pageChecks(),
		cursorChecks(), findChecks(), textChecks(), uniqueChecks(), numberChecks(), keyChecks(), eraseChecks(),
		adoptChecks(), severalChecks(), txChecks(), isolationChecks(), concurrentChecks(), randomChecks(),
		cancelChecks(), durableChecks(),
	} {
		all = append(all, group...)
	}
	return all
}

// Run plays all checks, each against a store of its own that open returns.
func Run(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	for _, c := range Checks() {
		t.Run(c.Name, func(t *testing.T) {
			h := open(t)
			if h.Close != nil {
				defer h.Close()
			}
			switch err := c.Run(t.Context(), h); {
			case errors.Is(err, ErrSkipped):
				t.Skip(err)
			case err != nil:
				t.Errorf("%v\n\n%s", err, c.Doc)
			}
		})
	}
}

// check makes a Check of a function that fails by [trial.failf].
func check(name, doc string, run func(*trial)) Check {
	return Check{Name: name, Doc: doc, Run: func(ctx context.Context, h Harness) (err error) {
		defer func() { err = caught(recover(), name) }()
		run(newTrial(ctx, h))
		return nil
	}}
}

// failure is what failf panics with; it does not leave the package.
type failure struct{ err error }

// caught turns a recovered panic into an error; nil is none.
func caught(p any, name string) error {
	switch p := p.(type) {
	case nil:
		return nil
	case failure:
		return fmt.Errorf("%s: %w", name, p.err)
	default:
		return fmt.Errorf("%s: the store panicked: %v\n%s", name, p, debug.Stack())
	}
}
