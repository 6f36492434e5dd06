package relational

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// For returns the repository of a kind in a store. The first call for a kind makes its place, and with migrate its
// tables too: where that fails, each call of the repository tries again. A later call with another declaration gives a
// repository whose every method fails.
func For[T any](e *Engine, k *itsm.Kind[T], migrate bool) itsm.Repository[T] {
	if e == nil || k == nil {
		return &repository[T]{err: errors.New("For: the store and the kind are required")}
	}
	r := &repository[T]{Engine: e, name: k.Name()}
	if r.err = r.place(k.Shape(), migrate); r.err == nil && migrate {
		e.ready(context.Background(), k.Name()) //nolint:errcheck // the first call tries again, and returns it
	}
	return r
}

// shared are the names of the tables that are not a kind's, and ends those of the further tables of each kind.
var (
	shared = []string{"schema", "event", "key", "series", "consumer", "declaration", "lease", "sweep"}
	ends   = []string{"_lists", "_words"}
	ofLog  = "event_" // what the table of events has begins so: its indexes, and the tables of months
)

// taken tells whether the tables of a kind would have the names of others.
func taken(kind string) bool {
	return slices.Contains(shared, kind) || strings.HasPrefix(kind, ofLog) || slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(kind, end) })
}

// place makes the place of a kind.
func (e *Engine) place(s *itsm.Shape, migrate bool) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.places == nil {
		e.places = map[string]*place{}
	}
	switch p := e.places[s.Name()]; {
	case taken(s.Name()):
		return fmt.Errorf("%s: For: the kind %s cannot be kept: want a name that is none of %s, does not begin with %s, and does not end in %s", e.Store, s.Name(), strings.Join(shared, ", "), ofLog, strings.Join(ends, " or "))
	case p == nil:
		e.places[s.Name()] = &place{table: NewTable(e.Names, e.Dialect, s)}
	case p.table.Shape != s:
		return fmt.Errorf("%s: For: the store has another declaration of kind %s; use the same *Kind, or Desk.Use to change it", e.Store, s.Name())
	}
	e.places[s.Name()].migrate = migrate
	return nil
}

// repository is the engine's face for one kind; the work is done without its type parameter.
type repository[T any] struct {
	*Engine
	name string
	err  error
}

// InTx implements itsm.Transactor.
func (e *Engine) InTx(ctx context.Context, fn func(context.Context) error) error {
	return e.Backend.InTx(ctx, fn)
}

// table returns the kind's table, ready for use.
func (r *repository[T]) table(ctx context.Context) (*Table, error) {
	if r.err != nil {
		return nil, r.err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return r.ready(ctx, r.name)
}

func (r *repository[T]) Get(ctx context.Context, in itsm.Scope, ids ...itsm.ID) ([]*T, error) {
	t, err := r.table(ctx)
	if err != nil {
		return nil, err
	}
	found, err := r.get(ctx, t, in, ids)
	return typed[T](found), err
}

func typed[T any](found []any) []*T {
	out := make([]*T, len(found))
	for i, rec := range found {
		if rec != nil {
			out[i] = rec.(*T)
		}
	}
	return out
}

func (r *repository[T]) Save(ctx context.Context, in itsm.Scope, commits ...itsm.Commit[T]) error {
	if r.err != nil {
		return r.err
	}
	writes := make([]itsm.Write, len(commits))
	for i, c := range commits {
		writes[i] = itsm.Write{Kind: r.name, Event: c.Event, Draw: c.Draw}
		if c.Record != nil {
			writes[i].Record = c.Record
		}
	}
	return r.SaveAll(ctx, in, writes)
}

func (r *repository[T]) Find(ctx context.Context, in itsm.Scope, q itsm.Query[T], p itsm.PageRequest) (itsm.Page[*T], error) {
	t, err := r.table(ctx)
	if err != nil {
		return itsm.Page[*T]{}, err
	}
	found, next, err := r.find(ctx, t, in, q.Select, p)
	if err != nil {
		return itsm.Page[*T]{}, err
	}
	return itsm.Page[*T]{Items: typed[T](found), Next: next}, nil
}

func (r *repository[T]) Count(ctx context.Context, in itsm.Scope, q itsm.Query[T], by ...itsm.IndexName) (itsm.Counts, error) {
	t, err := r.table(ctx)
	if err != nil {
		return itsm.Counts{}, err
	}
	return r.count(ctx, t, in, q.Select, by)
}

func (r *repository[T]) Erase(ctx context.Context, in itsm.Scope, x itsm.Erasure[T]) error {
	t, err := r.table(ctx)
	if err != nil {
		return err
	}
	what := erasure{of: x.Of, version: x.Version, events: x.Events, keys: x.Keys}
	if x.Record != nil {
		what.record = x.Record
	}
	return r.erase(ctx, t, in, what)
}

func (r *repository[T]) Adopt(ctx context.Context, k *itsm.Kind[T]) error {
	if r.err != nil {
		return r.err
	}
	if k == nil || k.Name() != r.name {
		return fmt.Errorf("%s: Adopt: want another declaration of kind %s", r.Store, r.name)
	}
	return r.adopt(ctx, k.Shape())
}

// Since is the backend's: each database keeps its order of events in its own way.
func (r *repository[T]) Since(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
	return r.Backend.Since(ctx, after, limit, kinds...)
}
