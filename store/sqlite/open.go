package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"runtime"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver

	"github.com/itsmkit/itsm/store/internal/relational"
)

// Sync is what a commit waits for.
type Sync string

// The values of Sync.
const (
	SyncFull   Sync = "FULL"   // for the disk: a power cut loses nothing
	SyncNormal Sync = "NORMAL" // for the operating system: a power cut may lose the last commits, each as a whole
)

// Options are how a store is kept. The zero value is good.
type Options struct {
	Prefix          string        // of the names of all tables; "" is "itsm_"
	Sync            Sync          // "" is SyncFull
	Cache           int           // bytes of the page cache of each connection; 0 is 64 MiB
	Readers         int           // connections that read at once; 0 is the number of processors, 4 at least
	Wait            time.Duration // how long to wait for a writer of another process; 0 is 5 s
	ManualMigration bool          // For changes no table: the host calls Migrate
}

//go:embed migrations/*.sql
var files embed.FS

// Open opens the database in a file, making it where there is none.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if path == "" || path == ":memory:" {
		return nil, errors.New("sqlite: Open: want the path of a file; a store without one is store/memory")
	}
	writer, err := sql.Open("sqlite", o.source(path, ""))
	if err != nil {
		return nil, fmt.Errorf("sqlite: open %s: %w", path, err)
	}
	writer.SetMaxOpenConns(1)
	s := newStore(o, writer)
	s.single = true
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("sqlite: open %s: %w", path, err), writer.Close())
	}
	reader, err := sql.Open("sqlite", o.source(path, "&_pragma=query_only(1)"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sqlite: open %s: %w", path, err), s.Close())
	}
	reader.SetMaxOpenConns(o.Readers)
	reader.SetMaxIdleConns(o.Readers)
	s.reader, s.reads = reader, &conn{on: reader, keep: true}
	return s, nil
}

// New puts a store into a database that the host has opened, with a driver that registers as SQLite does. The host
// chooses its settings: journal_mode(WAL) and a busy_timeout are wanted, and at least two connections.
func New(ctx context.Context, db *sql.DB, o Options) (*Store, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if db == nil {
		return nil, errors.New("sqlite: New: the database is required")
	}
	s := newStore(o, db)
	s.reader, s.reads, s.host = db, &conn{on: db}, true
	if err := s.begin(ctx); err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	return s, nil
}

func (o *Options) check() error {
	if err := (relational.Names{Prefix: o.Prefix}).Check(); err != nil {
		return fmt.Errorf("sqlite: Options.Prefix: %w", err)
	}
	if o.Sync == "" {
		o.Sync = SyncFull
	}
	if o.Sync != SyncFull && o.Sync != SyncNormal {
		return fmt.Errorf("sqlite: Options.Sync is %q: want %s or %s", o.Sync, SyncFull, SyncNormal)
	}
	if o.Cache < 0 || o.Readers < 0 || o.Wait < 0 {
		return errors.New("sqlite: Options.Cache, Readers and Wait must not be negative")
	}
	if o.Cache == 0 {
		o.Cache = 64 << 20
	}
	if o.Readers == 0 {
		o.Readers = max(4, runtime.GOMAXPROCS(0))
	}
	if o.Wait == 0 {
		o.Wait = 5 * time.Second
	}
	return nil
}

// source is what the driver opens. An absolute path stands behind an empty host, so that one that begins with two
// slashes names none.
func (o *Options) source(path, more string) string {
	host := ""
	if strings.HasPrefix(path, "/") {
		host = "//"
	}
	return fmt.Sprintf("file:%s%s?_pragma=busy_timeout(%d)&_pragma=journal_mode(WAL)&_pragma=synchronous(%s)&_pragma=cache_size(%d)&_pragma=secure_delete(FAST)%s",
		host, (&url.URL{Path: path}).EscapedPath(), o.Wait.Milliseconds(), o.Sync, -o.Cache/1024, more)
}

// begin makes the shared tables.
func (s *Store) begin(ctx context.Context) error {
	all, err := s.engine.Migrations(migrations())
	if err != nil {
		return err
	}
	return s.engine.MigrateBase(ctx, all, func(c relational.Conn) (bool, error) {
		rows, err := c.Query(ctx, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1", s.engine.Names.Bare("schema"))
		if err != nil {
			return false, err
		}
		defer rows.Close()
		there := rows.Next()
		return there, rows.Err()
	})
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
	return s.engine.Migrations(migrations())
}

// Close closes the database, if Open opened it.
func (s *Store) Close() error {
	if s.host {
		return nil
	}
	s.reads.close()
	var errs []error
	if s.reader != nil {
		errs = append(errs, s.reader.Close())
	}
	return errors.Join(append(errs, s.closeWriter(), s.writer.Close())...)
}
