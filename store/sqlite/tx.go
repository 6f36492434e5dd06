package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"time"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/internal/relational"
)

// tx is a transaction that a context carries.
type tx struct {
	store *Store
	conn  *conn
	depth int // savepoints that are open
	ended bool
}

type txKey struct{}

// joined returns the transaction of a context, or nil.
func (s *Store) joined(ctx context.Context) (*tx, error) {
	t, ok := ctx.Value(txKey{}).(*tx)
	if !ok || t.store != s {
		return nil, nil
	}
	if t.ended {
		return nil, errors.New("sqlite: the transaction of this context has ended")
	}
	return t, nil
}

// Tx returns the transaction of a context, for the host's own statements, or nil outside of [Store.InTx].
func (s *Store) Tx(ctx context.Context) Tx {
	if t, err := s.joined(ctx); err == nil && t != nil {
		return t.conn.on
	}
	return nil
}

// Join takes the store into a transaction that the host has begun: calls with the context that it returns are kept or
// undone with it. It takes the right to write, so that the host should not have read before: SQLite refuses that (as
// busy) where another has written in between.
func (s *Store) Join(ctx context.Context, t *sql.Tx) (context.Context, error) {
	if t == nil {
		return nil, errors.New("sqlite: Join: the transaction is required")
	}
	if _, err := t.ExecContext(ctx, s.reserve()); err != nil {
		return nil, fmt.Errorf("sqlite: join: %w", err)
	}
	return itsm.MarkTx(context.WithValue(ctx, txKey{}, &tx{store: s, conn: &conn{on: t}})), nil
}

// reserve is a statement that changes nothing and takes the right to write.
func (s *Store) reserve() string {
	return "UPDATE " + s.engine.Names.Table("schema") + " SET version = version WHERE 1 = 0"
}

// InTx runs fn in a transaction: all that it does with its context is kept if it returns nil, and undone otherwise, also
// by a panic. Others read what was there before; writers wait. A call within a transaction takes part in it; its own
// error undoes what it did itself.
func (s *Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.write(ctx, func(ctx context.Context, _ *tx) error { return fn(ctx) })
}

// write runs fn in a transaction, or a savepoint of the one that the context carries.
func (s *Store) write(ctx context.Context, fn func(context.Context, *tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t, err := s.joined(ctx)
	if err != nil {
		return err
	}
	if t != nil {
		return t.savepoint(ctx, fn)
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	c, done, err := s.connection(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := s.start(ctx, c); err != nil {
		return err
	}
	t = &tx{store: s, conn: c}
	kept := false
	lasting := context.WithoutCancel(ctx)
	defer func() {
		if t.ended = true; !kept {
			c.Exec(lasting, "ROLLBACK") //nolint:errcheck // it may have been rolled back by what went wrong
		}
	}()
	err = fn(itsm.MarkTx(context.WithValue(ctx, txKey{}, t)), t)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	if _, err = c.Exec(lasting, "COMMIT"); err == nil {
		kept = true
	}
	return err
}

// savepoint runs fn so that its error or panic undoes what it did within the transaction.
func (t *tx) savepoint(ctx context.Context, fn func(context.Context, *tx) error) error {
	lasting := context.WithoutCancel(ctx)
	t.depth++
	name := "itsm" + strconv.Itoa(t.depth)
	defer func() { t.depth-- }()
	if _, err := t.conn.Exec(lasting, "SAVEPOINT "+name); err != nil {
		return err
	}
	kept := false
	defer func() {
		if !kept {
			t.conn.Exec(lasting, "ROLLBACK TO "+name) //nolint:errcheck // the transaction fails with what went wrong
			t.conn.Exec(lasting, "RELEASE "+name)     //nolint:errcheck // as above
		}
	}()
	if err := fn(ctx, t); err != nil {
		return err
	}
	if _, err := t.conn.Exec(lasting, "RELEASE "+name); err != nil {
		return err
	}
	kept = true
	return nil
}

// start begins a transaction that has the right to write, waiting for writers of other processes.
func (s *Store) start(ctx context.Context, c *conn) error {
	lasting := context.WithoutCancel(ctx)
	for end := time.Now().Add(s.options.Wait); ; {
		_, err := c.Exec(lasting, "BEGIN IMMEDIATE")
		if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) { // the next one gets a new connection
			return errors.Join(err, s.closeWriter())
		}
		var e *sqlite.Error
		if err == nil || !errors.As(err, &e) || e.Code()&0xff != lib.SQLITE_BUSY || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// connection returns the connection to write with, and what gives it back.
func (s *Store) connection(ctx context.Context) (*conn, func(), error) {
	if !s.single {
		own, err := s.writer.Conn(ctx)
		if err != nil {
			return nil, nil, err
		}
		return &conn{on: own}, func() { own.Close() }, nil //nolint:errcheck // it goes back to the host's pool
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.own == nil {
		own, err := s.writer.Conn(ctx)
		if err != nil {
			return nil, nil, err
		}
		s.own, s.writes = own, &conn{on: own, keep: true}
	}
	return s.writes, func() {}, nil
}

func (s *Store) closeWriter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.own == nil {
		return nil
	}
	s.writes.close()
	err := s.own.Close()
	s.own = nil
	return err
}

// backend is the store as the engine reaches it.
type backend Store

func (b *backend) Conn(ctx context.Context) (relational.Conn, error) {
	s := (*Store)(b)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t, err := s.joined(ctx)
	switch {
	case err != nil:
		return nil, err
	case t != nil:
		return t.conn, nil
	}
	return s.reads, nil
}

func (b *backend) Snapshot(ctx context.Context, read func(relational.Conn) error) error {
	s := (*Store)(b)
	t, err := s.joined(ctx)
	if err != nil {
		return err
	}
	if t != nil {
		return read(t.conn)
	}
	one, err := s.reader.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer one.Rollback() //nolint:errcheck // it has only read
	return read(&conn{on: one})
}

func (b *backend) Write(ctx context.Context, write func(relational.Conn) error) error {
	return (*Store)(b).write(ctx, func(_ context.Context, t *tx) error { return write(t.conn) })
}

func (b *backend) BuildIndex(ctx context.Context, _, statement string) error {
	return b.Write(ctx, func(c relational.Conn) error {
		_, err := c.Exec(ctx, statement)
		return err
	})
}

// Since reads the log by its rows' numbers: writers take turns, so that a number that is there has no lower one behind
// it.
func (b *backend) Since(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
	if limit < 1 {
		return nil, after, itsm.Invalid("limit", "range", "min", "1")
	}
	c, err := b.Conn(ctx)
	if err != nil {
		return nil, after, err
	}
	return b.engine.SinceSeq(ctx, c, after, limit, kinds)
}
