package torture_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/sqlite"
	"github.com/itsmkit/itsm/store/storetest"
)

// subject is a kind of store under torture.
type subject struct {
	name string
	// at opens the store in a place: what fresh returned, or another process was given.
	at func(ctx context.Context, place string) (*opened, error)
	// fresh returns a place without anything in it. It is nil where a store keeps nothing beyond its process.
	fresh func(t testing.TB) string
	// crashes is how often a process that writes to it is killed.
	crashes int
}

// opened is a store at work, seen through the repositories of three kinds.
type opened struct {
	incidents itsm.Repository[incident.Incident]
	things    itsm.Repository[storetest.Thing]
	others    itsm.Repository[storetest.Other]
	store     store
	close     func() error
}

// store is what the stores have in common beside the repositories.
type store interface {
	itsm.EventLog
	itsm.Saver
	itsm.Transactor
	itsm.Consumers
}

// subjects are all stores.
func subjects() []subject {
	return append([]subject{{name: "memory", at: func(context.Context, string) (*opened, error) {
		s := memory.New()
		return &opened{
			incidents: memory.For(s, incident.Kind()), things: memory.For(s, storetest.Things()), others: memory.For(s, storetest.Others()),
			store: s, close: func() error { return nil },
		}, nil
	}}}, durable()...)
}

// durable are the stores that outlive a process.
func durable() []subject {
	return []subject{{name: "sqlite", at: openSQLite, fresh: func(t testing.TB) string { return filepath.Join(t.TempDir(), "desk.db") }, crashes: 200}, onPostgres}
}

func openSQLite(ctx context.Context, path string) (*opened, error) {
	s, err := sqlite.Open(ctx, path, sqlite.Options{Sync: sqlite.SyncNormal, Cache: 4 << 20})
	if err != nil {
		return nil, err
	}
	return overSQLite(s), nil
}

func overSQLite(s *sqlite.Store) *opened {
	return &opened{
		incidents: sqlite.For(s, incident.Kind()), things: sqlite.For(s, storetest.Things()), others: sqlite.For(s, storetest.Others()),
		store: s, close: s.Close,
	}
}

// openFresh opens a store in a place of its own, until the test ends.
func (s subject) openFresh(t testing.TB) *opened {
	t.Helper()
	place := ""
	if s.fresh != nil {
		place = s.fresh(t)
	}
	o, err := s.at(t.Context(), place)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, o.close()) })
	return o
}

// subjectOf returns a subject by its name.
func subjectOf(name string) (subject, error) {
	for _, s := range subjects() {
		if s.name == name {
			return s, nil
		}
	}
	return subject{}, errors.New("no store " + name)
}

// desks returns desks over the repositories, without a policy to ask: use them with [itsm.System].
func (o *opened) desks() (*itsm.Desk[incident.Incident], *itsm.Desk[storetest.Other]) {
	return deskOf(incident.Kind(), o.incidents), deskOf(storetest.Others(), o.others)
}

func deskOf[T any](k *itsm.Kind[T], repo itsm.Repository[T]) *itsm.Desk[T] {
	d, err := itsm.NewDesk(k, itsm.Config[T]{Repository: repo, Policy: itsm.AllowAll})
	if err != nil {
		panic(err) // the configuration is constant
	}
	return d
}

// rounds is how often something is done: all times, or with -short fewer.
func rounds(all, short int) int {
	if testing.Short() {
		return short
	}
	return all
}
