package sqlite

import (
	"context"
	"database/sql"
	"sync"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
	"github.com/itsmkit/itsm/store/internal/relational"
)

// Store keeps the records of any number of kinds and tenants in a database. Open one with [Open] or [New].
type Store struct {
	engine  *relational.Engine
	options Options
	host    bool // the database is the host's
	single  bool // the writer has one connection of its own

	reader *sql.DB
	reads  *conn

	writer *sql.DB
	turn   chan struct{} // who holds it writes
	own    *sql.Conn     // the writer's connection
	writes *conn
	mu     sync.Mutex // guards own and writes
}

var (
	_ itsm.EventLog   = (*Store)(nil)
	_ itsm.Saver      = (*Store)(nil)
	_ itsm.Transactor = (*Store)(nil)
	_ itsm.Consumers  = (*Store)(nil)
	_ archive.Source  = (*Store)(nil)
	_ archive.Target  = (*Store)(nil)
)

func newStore(o Options, writer *sql.DB) *Store {
	s := &Store{options: o, writer: writer, turn: make(chan struct{}, 1), reads: &conn{on: writer}}
	s.engine = &relational.Engine{Store: "sqlite", Names: relational.Names{Prefix: o.Prefix}, Dialect: dialect{}, Backend: (*backend)(s)}
	return s
}

// For returns the repository of a kind in the store. The first call for a kind makes its tables, or adds to them what
// the declaration has more than they (see [Store.Plan]); where that fails, each method tries it again. A later call with
// another declaration of the same kind gives a repository whose every method fails: declare fields that are added at
// run time with [itsm.Desk.Use].
func For[T any](s *Store, k *itsm.Kind[T]) itsm.Repository[T] {
	if s == nil {
		return relational.For[T](nil, k, false)
	}
	return relational.For(s.engine, k, !s.options.ManualMigration)
}

// SaveAll stores records of several kinds with their events, all or none, if the expected versions hold.
func (s *Store) SaveAll(ctx context.Context, in itsm.Scope, w []itsm.Write, expect ...itsm.Expect) error {
	return s.engine.SaveAll(ctx, in, w, expect...)
}

// History returns a page of the events of a record, oldest first.
func (s *Store) History(ctx context.Context, in itsm.Scope, of itsm.Ref, p itsm.PageRequest) (itsm.Page[itsm.Event], error) {
	return s.engine.History(ctx, in, of, p)
}

// Since returns the events behind a position, of some kinds or of all.
func (s *Store) Since(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
	return (*backend)(s).Since(ctx, after, limit, kinds...)
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

// Dump hands everything that the store holds, as it was at one moment, to an archive: see [archive.Export]. Others read
// and write meanwhile; the write-ahead log grows by what they write until it is done.
func (s *Store) Dump(ctx context.Context, to archive.Sink) error { return s.engine.Dump(ctx, to) }

// Load fills the store, which must be empty but for its kinds (call [For] for each of them first), from an archive: see
// [archive.Import]. It is one transaction: other writers wait until it is done, and the write-ahead log holds all of it.
func (s *Store) Load(ctx context.Context, fill func(archive.Sink) error) error {
	return s.engine.Load(ctx, fill)
}

// Step is one thing that a migration does; its String is a line of SQL with its explanation.
type Step = relational.Step

// Plan returns what Migrate would do now: nothing where the tables have all that the declarations need.
func (s *Store) Plan(ctx context.Context) ([]Step, error) { return s.engine.Plan(ctx) }

// Migrate adds what the tables of the kinds lack, and derives the columns of rows again that were written without. It
// removes nothing.
func (s *Store) Migrate(ctx context.Context) error { return s.engine.Migrate(ctx) }

// Prune removes the columns and indexes that no declaration of this program has. Older programs must not run any more.
func (s *Store) Prune(ctx context.Context) error { return s.engine.Prune(ctx) }
