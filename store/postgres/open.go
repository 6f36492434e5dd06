package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/itsmkit/itsm/store/internal/relational"
)

// Options are how a store is kept. The zero value is good.
type Options struct {
	Schema      string        // of all tables, made where it is lacking; "" is the first of the connection's search_path
	Prefix      string        // of the names of all tables; "" is "itsm_"
	Months      bool          // a new store keeps the events of each month in a table of its own
	RowSecurity bool          // the database itself lets statements touch no rows but the tenant's
	LockTimeout time.Duration // how long a change of a table waits for its turn before it lets others go first; 0 is 3 s
	Wait        time.Duration // how long a commit may take after its caller has left; 0 is 30 s
	Notify      bool          // tell those who call [Store.Wait] of new events, by NOTIFY, and listen to it there
	Listen      string        // the connection string to the server itself for that, where the pool goes through a pooler of transactions
}

//go:embed migrations/*.sql
var files embed.FS

//go:embed events_by_month.sql
var eventsByMonth string

// Open connects to the database of a connection string: a URL or pairs of key and value, as libpq reads them, with the
// pool's own parameters (pool_max_conns and others, see pgxpool). It makes the shared tables where they are lacking. Its
// connections compile no plans (jit=off), unless the string says something about jit.
func Open(ctx context.Context, dsn string, o Options) (*Store, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil { // the error quotes the string, which may hold a password
		return nil, errors.New("postgres: Open: the connection string cannot be read: want postgres://user:password@host:port/database?option=value, or pairs such as host=… user=…")
	}
	config.ConnConfig.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: 5 * time.Second} // so that it is known what came of the statement
	}
	if _, said := config.ConnConfig.RuntimeParams["jit"]; !said && !strings.Contains(config.ConnConfig.RuntimeParams["options"], "jit") && prepares(config.ConnConfig) {
		config.AfterConnect = withoutJIT
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("postgres: open: %w", err)
	}
	s, err := New(ctx, pool, o)
	if err != nil {
		pool.Close()
		return nil, err
	}
	s.own = true
	return s, nil
}

// prepares tells that the driver may keep something in a session, which it cannot behind a pooler of transactions.
func prepares(c *pgx.ConnConfig) bool {
	return c.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement || c.DefaultQueryExecMode == pgx.QueryExecModeCacheDescribe
}

// withoutJIT lets a connection not compile its plans: among a million records that takes ten times as long as the
// statements themselves.
func withoutJIT(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, "SET jit = off")
	return err
}

// New puts a store into the database of a pool that the host has made, and which it closes itself.
func New(ctx context.Context, pool *pgxpool.Pool, o Options) (*Store, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if pool == nil {
		return nil, errors.New("postgres: New: the pool is required")
	}
	s := &Store{options: o, pool: pool}
	s.bell.closing = make(chan struct{})
	s.ear.rung, s.ear.quiet, s.ear.proof = make(chan struct{}), quiet, proof
	s.engine = &relational.Engine{Store: "postgres", Names: relational.Names{Schema: o.Schema, Prefix: o.Prefix}, Dialect: dialect{}, Backend: (*backend)(s), Single: single{s}, Placing: placing{s}}
	if err := s.begin(ctx); err != nil {
		return nil, fmt.Errorf("postgres: open: %w", err)
	}
	return s, nil
}

func (o *Options) check() error {
	if err := (relational.Names{Schema: o.Schema, Prefix: o.Prefix}).Check(); err != nil {
		return fmt.Errorf("postgres: Options: %w", err)
	}
	if o.LockTimeout < 0 || o.Wait < 0 {
		return errors.New("postgres: Options.LockTimeout and Wait must not be negative")
	}
	if o.Listen != "" {
		if _, err := pgx.ParseConfig(o.Listen); err != nil || !o.Notify {
			return errors.New("postgres: Options.Listen: want a connection string, together with Notify")
		}
	}
	if o.LockTimeout == 0 {
		o.LockTimeout = 3 * time.Second
	}
	if o.Wait == 0 {
		o.Wait = 30 * time.Second
	}
	return nil
}

// begin makes the shared tables.
func (s *Store) begin(ctx context.Context) error {
	if s.options.RowSecurity {
		if err := s.guards(ctx); err != nil {
			return err
		}
	}
	all, err := s.Migrations()
	if err != nil {
		return err
	}
	has := func(c relational.Conn) (there bool, err error) {
		err = scan(ctx, c, "SELECT to_regclass($1::text) IS NOT NULL", []any{s.engine.Names.Table("schema")}, &there)
		return there, err
	}
	there, err := has(poolConn{s, relational.Everyone})
	if err != nil {
		return err
	}
	if s.options.Schema != "" && !there {
		if err := (*backend)(s).Alter(ctx, nil, func(c relational.Conn) error {
			var made bool
			if err := scan(ctx, c, "SELECT to_regnamespace($1::text) IS NOT NULL", []any{s.options.Schema}, &made); err != nil || made {
				return err
			}
			_, err := c.Exec(ctx, `CREATE SCHEMA "`+s.options.Schema+`"`)
			return err
		}); err != nil {
			return err
		}
	}
	if err := s.engine.MigrateBase(ctx, all, has); err != nil {
		return err
	}
	if err := s.renumber(ctx); err != nil {
		return err
	}
	if err := s.months(ctx, time.Now()); err != nil {
		return err
	}
	return s.secureTables(ctx, s.engine.Names.Table("event"), s.engine.Names.Table("key"), s.engine.Names.Table("series"), s.engine.Names.Table("sweep"))
}

// secureTables turns row-level security on, where the options ask for it.
func (s *Store) secureTables(ctx context.Context, tables ...string) error {
	if !s.options.RowSecurity {
		return nil
	}
	return (*backend)(s).Alter(ctx, nil, func(c relational.Conn) error { return s.secure(ctx, c, tables...) })
}

func migrations() fs.FS {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sub
}

// Migrations returns the files that make the shared tables, with the store's names: plain SQL in the form that goose
// reads, for hosts that run all their migrations by one tool. Open and New run them where they have not been run.
func (s *Store) Migrations() ([]relational.Migration, error) {
	all, err := s.engine.Migrations(migrations())
	if err != nil || !s.options.Months {
		return all, err
	}
	base := &all[0]
	before, rest, _ := strings.Cut(base.Text, "-- events: begin\n")
	_, after, _ := strings.Cut(rest, "-- events: end\n")
	base.Text = before + s.engine.Named(eventsByMonth) + after
	return all, nil
}

// Close ends what [Options.Notify] has begun, and closes the pool, if Open made it.
func (s *Store) Close() {
	s.ear.close()
	s.bell.close()
	if s.own {
		s.pool.Close()
	}
}
