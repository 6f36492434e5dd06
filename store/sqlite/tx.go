package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/internal/relational"
)

// tx is a transaction that a context carries.
type tx struct {
	store *Store
	conn  *conn
	depth int // savepoints that are open
	ended bool
	lost  error // why it is no longer there, although it has not ended
	hosts bool  // the host may run statements of its own in it
	wiped bool  // something was erased in it
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
	if t.lost != nil {
		return nil, undone(t.lost)
	}
	return t, nil
}

func undone(why error) error {
	return fmt.Errorf("sqlite: the transaction of this context was undone: %w", why)
}

// Tx returns the transaction of a context, for the host's own statements, or nil outside of [Store.InTx].
func (s *Store) Tx(ctx context.Context) Tx {
	if t, err := s.joined(ctx); err == nil && t != nil {
		t.hosts = true
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
	// This changes nothing and takes the right to write.
	if _, err := t.ExecContext(ctx, "UPDATE "+s.engine.Names.Table("schema")+" SET version = version WHERE 1 = 0"); err != nil {
		return nil, fmt.Errorf("sqlite: join: %w", err)
	}
	return itsm.MarkTx(context.WithValue(ctx, txKey{}, &tx{store: s, conn: &conn{on: t}, hosts: true})), nil
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
	c, release, err := s.start(ctx)
	if err != nil {
		return err
	}
	t = &tx{store: s, conn: c}
	kept := false
	lasting := context.WithoutCancel(ctx)
	defer func() {
		t.ended = true
		release(kept || undo(lasting, c))
	}()
	err = fn(itsm.MarkTx(context.WithValue(ctx, txKey{}, t)), t)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = t.lost
	}
	if err != nil {
		return err
	}
	if _, err = c.Exec(lasting, "COMMIT"); err != nil {
		return err
	}
	kept = true
	if t.wiped {
		emptyLog(ctx, c)
	}
	return nil
}

// savepoint runs fn so that its error or panic undoes what it did within the transaction.
func (t *tx) savepoint(ctx context.Context, fn func(context.Context, *tx) error) error {
	lasting := context.WithoutCancel(ctx)
	if err := t.missing(lasting); err != nil {
		return err
	}
	t.depth++
	name := "itsm" + strconv.Itoa(t.depth)
	defer func() { t.depth-- }()
	if _, err := t.conn.Exec(lasting, "SAVEPOINT "+name); err != nil {
		return err
	}
	kept := false
	defer func() {
		if kept {
			return
		}
		_, err := t.conn.Exec(lasting, "ROLLBACK TO "+name)
		if err == nil {
			_, err = t.conn.Exec(lasting, "RELEASE "+name)
		}
		if err != nil && t.lost == nil { // SQLite undoes all of it where the disk is full, or a statement was interrupted
			t.lost = err
		}
	}()
	if err := fn(ctx, t); err != nil {
		return err
	}
	if t.lost != nil {
		return t.lost
	}
	if _, err := t.conn.Exec(lasting, "RELEASE "+name); err != nil {
		return err
	}
	kept = true
	return nil
}

// missing finds out whether a statement of the host's, whose error it has passed over, made SQLite undo the transaction:
// a savepoint would begin another one then, and keep what is done in it.
func (t *tx) missing(ctx context.Context) error {
	if !t.hosts {
		return nil
	}
	if _, err := t.conn.Exec(ctx, "BEGIN"); err != nil {
		return nil //nolint:nilerr // there is one already, as there should be
	}
	t.lost = errors.New("a statement of the host's ended it")
	_, err := t.conn.Exec(ctx, "ROLLBACK")
	return errors.Join(undone(t.lost), err)
}

// backend is the store as the engine reaches it.
type backend Store

func (b *backend) Conn(ctx context.Context, _ relational.Reach) (relational.Conn, error) {
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

func (b *backend) Snapshot(ctx context.Context, _ relational.Reach, read func(relational.Conn) error) error {
	s := (*Store)(b)
	t, err := s.joined(ctx)
	if err != nil {
		return err
	}
	if t != nil {
		return read(t.conn)
	}
	own, err := s.reader.Conn(ctx)
	if err != nil {
		return err
	}
	c := &conn{on: own}
	_, err = c.Exec(ctx, "BEGIN")
	defer func() { giveBack(own, undo(context.WithoutCancel(ctx), c)) }()
	if err != nil {
		return err
	}
	return read(c)
}

func (b *backend) Write(ctx context.Context, _ relational.Reach, write func(relational.Conn) error) error {
	return (*Store)(b).write(ctx, func(_ context.Context, t *tx) error { return write(t.conn) })
}

func (b *backend) Alter(ctx context.Context, _ *relational.Table, alter func(relational.Conn) error) error {
	return b.Write(ctx, relational.Everyone, alter)
}

func (b *backend) BuildIndex(ctx context.Context, name, statement string) error {
	return b.Alter(ctx, nil, func(c relational.Conn) error {
		there, err := has(ctx, c, "SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?1 AND sql = ?2", name, statement)
		if err != nil || there { // another program was faster, or an attempt was cut short behind it
			return err
		}
		if _, err := c.Exec(ctx, `DROP INDEX IF EXISTS "`+name+`"`); err != nil {
			return err
		}
		_, err = c.Exec(ctx, statement)
		return err
	})
}

func (b *backend) InTx(ctx context.Context, fn func(context.Context) error) error {
	return (*Store)(b).InTx(ctx, fn)
}

// Erased moves what is in the log to the database, and empties the log: it holds older pages. It is not waited for: a
// reader may hold it open, and then a later checkpoint does it.
func (b *backend) Erased(ctx context.Context) {
	s := (*Store)(b)
	if t, err := s.joined(ctx); err != nil || t != nil {
		if t != nil { // when it is committed
			t.wiped = true
		}
		return
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return
	}
	c, release, err := s.connection(ctx)
	if err != nil {
		return
	}
	release(emptyLog(ctx, c))
}

func emptyLog(ctx context.Context, c *conn) (done bool) {
	_, err := c.Exec(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err == nil
}

// Since reads the log by its rows' numbers: writers take turns, so that a number that is there has no lower one behind
// it.
func (b *backend) Since(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
	if limit < 1 {
		return nil, after, itsm.Invalid("limit", "range", "min", "1")
	}
	c, err := b.Conn(ctx, relational.Everyone)
	if err != nil {
		return nil, after, err
	}
	return b.engine.SinceSeq(ctx, c, after, limit, kinds)
}
