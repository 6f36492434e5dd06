package postgres

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
	"github.com/itsmkit/itsm/store/internal/relational"
)

// Store keeps the records of any number of kinds and tenants in a database. Open one with [Open] or [New].
type Store struct {
	engine  *relational.Engine
	options Options
	pool    *pgxpool.Pool
	own     bool // Open made the pool
	bell    bell
	ear     ear
}

var (
	_ itsm.EventLog   = (*Store)(nil)
	_ itsm.Saver      = (*Store)(nil)
	_ itsm.Transactor = (*Store)(nil)
	_ itsm.Consumers  = (*Store)(nil)
	_ archive.Source  = (*Store)(nil)
	_ archive.Target  = (*Store)(nil)
)

// For returns the repository of a kind in the store. It changes no table: where the database lacks what the declaration
// needs, the error of each method says so until [Store.Migrate] was called. A later call with another declaration of the
// same kind gives a repository whose every method fails: declare fields that are added at run time with [itsm.Desk.Use].
func For[T any](s *Store, k *itsm.Kind[T]) itsm.Repository[T] {
	if s == nil {
		return relational.For[T](nil, k, false)
	}
	return relational.For(s.engine, k, false)
}

// SaveAll stores records of several kinds with their events, all or none, if the expected versions hold. It is tried
// again where the database refused it because of others, or the connection was lost.
func (s *Store) SaveAll(ctx context.Context, in itsm.Scope, w []itsm.Write, expect ...itsm.Expect) error {
	return s.engine.SaveAll(ctx, in, w, expect...)
}

// History returns a page of the events of a record, oldest first.
func (s *Store) History(ctx context.Context, in itsm.Scope, of itsm.Ref, p itsm.PageRequest) (itsm.Page[itsm.Event], error) {
	return s.engine.History(ctx, in, of, p)
}

// ByKey returns the event that was stored under an idempotency key.
func (s *Store) ByKey(ctx context.Context, in itsm.Scope, kind, key string) (itsm.Event, error) {
	return s.engine.ByKey(ctx, in, kind, key)
}

// LoadConsumer returns how far a consumer has come.
func (s *Store) LoadConsumer(ctx context.Context, name string) (itsm.Consumer, error) {
	return s.engine.LoadConsumer(ctx, name)
}

// SaveConsumer stores how far a consumer has come.
func (s *Store) SaveConsumer(ctx context.Context, c itsm.Consumer) error {
	return s.engine.SaveConsumer(ctx, c)
}

// Kinds returns the kinds that the store was given, by name.
func (s *Store) Kinds() []*itsm.Shape { return s.engine.Kinds() }

// Dump hands everything that the store holds, as it was at one moment, to an archive: see [archive.Export]. Others work
// meanwhile.
func (s *Store) Dump(ctx context.Context, to archive.Sink) error { return s.engine.Dump(ctx, to) }

// Load fills the store, which must be empty but for its kinds (call [For] for each of them and [Store.Migrate] first),
// from an archive: see [archive.Import]. It does so in one transaction.
func (s *Store) Load(ctx context.Context, fill func(archive.Sink) error) error {
	err := s.engine.Load(ctx, fill)
	if err == nil {
		s.Notify()
	}
	return err
}

// Step is one thing that a migration does; its String is a line of SQL with its explanation.
type Step = relational.Step

// Plan returns what Migrate would do now, for the kinds that [For] was called with: nothing where the tables have all
// that the declarations need.
func (s *Store) Plan(ctx context.Context) ([]Step, error) { return s.engine.Plan(ctx) }

// Migrate makes the tables of the kinds that [For] was called with, adds what they lack, and derives the columns of rows
// again that were written without. It removes nothing, so that older programs go on. It may run while they work, and in
// several programs at once: indexes of tables that are in use are built CONCURRENTLY, and a change that does not get its
// turn within [Options.LockTimeout] lets the others go first and tries again. It needs a connection to the database
// itself, not a pooler of transactions.
func (s *Store) Migrate(ctx context.Context) error {
	if err := s.engine.Migrate(ctx); err != nil {
		return err
	}
	for _, t := range s.engine.Tables() {
		if err := s.secureTables(ctx, t.Name, t.ListsName, t.WordsName); err != nil {
			return s.failed(ctx, "migrate "+t.Shape.Name(), err)
		}
	}
	return nil
}

// Prune removes the columns and indexes that no declaration of this program has. Older programs must not run any more.
func (s *Store) Prune(ctx context.Context) error { return s.engine.Prune(ctx) }
