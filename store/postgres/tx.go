package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/internal/relational"
)

// tx is a transaction that a context carries. One goroutine uses it at a time.
type tx struct {
	store *Store
	pg    pgx.Tx
	depth int // savepoints that are open
	ended bool

	again bool // a statement was refused because of other transactions
	lost  bool // the connection is gone
	tells bool // it has stored events

	to    relational.Reach // whose rows the database lets through
	bound bool             // it was told
}

type txKey struct{}

// joined returns the transaction of a context, or nil.
func (s *Store) joined(ctx context.Context) (*tx, error) {
	t, ok := ctx.Value(txKey{}).(*tx)
	if !ok || t.store != s {
		return nil, nil
	}
	if t.ended {
		return nil, errors.New("postgres: the transaction of this context has ended")
	}
	return t, nil
}

// Tx returns the transaction of a context, for the host's own statements, or nil outside of [Store.InTx]. InTx alone
// ends it: its Commit and Rollback return an error.
func (s *Store) Tx(ctx context.Context) pgx.Tx {
	if t, err := s.joined(ctx); err == nil && t != nil {
		return guarded{t.pg}
	}
	return nil
}

// guarded is a transaction that its user cannot end.
type guarded struct{ pgx.Tx }

var errNotYours = errors.New("postgres: the transaction is ended by the function that began it")

func (guarded) Commit(context.Context) error   { return errNotYours }
func (guarded) Rollback(context.Context) error { return errNotYours }

// Join takes the store into a transaction that the host has begun: calls with the context that it returns are kept or
// undone with it. The transaction must be SERIALIZABLE. An error matching [itsm.ErrConflict] may come from any call with
// the context, and from the host's own statements and its commit an error of PostgreSQL with the codes 40001 or 40P01:
// then the host rolls back and begins anew.
func (s *Store) Join(ctx context.Context, t pgx.Tx) (context.Context, error) {
	if t == nil {
		return nil, errors.New("postgres: Join: the transaction is required")
	}
	var level string
	if err := t.QueryRow(ctx, "SELECT current_setting('transaction_isolation')").Scan(&level); err != nil {
		return nil, fmt.Errorf("postgres: join: %w", err)
	}
	if level != "serializable" {
		return nil, fmt.Errorf("postgres: Join: the transaction is %s: want one that was begun as SERIALIZABLE (pgx.TxOptions{IsoLevel: pgx.Serializable})", level)
	}
	return itsm.MarkTx(context.WithValue(ctx, txKey{}, &tx{store: s, pg: t})), nil
}

// InTx runs fn in a SERIALIZABLE transaction: all that it does with its context is kept if it returns nil, and undone
// otherwise, also by a panic. Where the database refuses the transaction because of others that ran beside it, or the
// connection was lost before the commit, fn is run again: it wraps the errors of its own statements, and what it does
// beside the database must bear that. After many tries the error matches [itsm.ErrConflict]. It matches [ErrUnknown] if the connection was lost while it was committed.
// A call within a transaction takes part in it; its own error undoes what it did itself.
func (s *Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.write(ctx, relational.Everyone, false, func(ctx context.Context, _ *tx) error { return fn(ctx) })
}

// write runs fn in a transaction, or a savepoint of the one that the context carries.
func (s *Store) write(ctx context.Context, to relational.Reach, bind bool, fn func(context.Context, *tx) error) error {
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
	for try := 1; ; try++ {
		t := &tx{store: s, to: to, bound: bind && s.options.RowSecurity}
		err := s.once(ctx, t, fn)
		switch {
		case err == nil || ctx.Err() != nil || errors.Is(err, ErrUnknown):
			return err
		case t.again && try < triesOfWrite:
			if !pause(ctx, try, 2*time.Millisecond) {
				return ctx.Err()
			}
		case t.lost && try < triesOfLost:
			if !pause(ctx, try, 20*time.Millisecond) {
				return ctx.Err()
			}
		case t.again && !errors.Is(err, itsm.ErrConflict):
			return &conflictError{err}
		default:
			return err
		}
	}
}

// once runs fn in a transaction of its own.
func (s *Store) once(ctx context.Context, t *tx, fn func(context.Context, *tx) error) (err error) {
	begin := pgx.TxOptions{IsoLevel: pgx.Serializable}
	if t.bound {
		begin.BeginQuery = "BEGIN ISOLATION LEVEL SERIALIZABLE; " + bindText(t.to)
	}
	if t.pg, err = s.pool.BeginTx(ctx, begin); err != nil {
		return t.noted(err)
	}
	lasting, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.options.Wait)
	defer cancel()
	kept := false
	defer func() {
		if t.ended = true; !kept {
			t.pg.Rollback(lasting) //nolint:errcheck // a connection that cannot even do that is closed, which undoes it
		}
	}()
	err = fn(itsm.MarkTx(context.WithValue(ctx, txKey{}, t)), t)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil { // of the store, or of the host's own statements
		t.again = t.again || refused(err)
		t.lost = t.lost || lost(err)
		return err
	}
	if t.pg.Conn().IsClosed() { // a commit that was sent and whose answer got lost looks the same afterwards
		t.lost = true
		return errClosed
	}
	if err = t.pg.Commit(lasting); err == nil {
		kept = true
		if t.tells {
			s.Notify()
		}
		return nil
	}
	kept = true // or not: there is nothing left to undo
	if code(err) == "" && !errors.Is(err, pgx.ErrTxCommitRollback) || lost(err) {
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return t.noted(err)
}

var errClosed = errors.New("postgres: the connection was closed before the commit")

// noted keeps what an error says of the transaction, and returns it as the contract has it.
func (t *tx) noted(err error) error {
	switch {
	case err == nil:
		return nil
	case conflicting(err):
		t.again = true
		return &conflictError{err}
	case lost(err):
		t.lost = true
	}
	return translated(err)
}

// savepoint runs fn so that its error or panic undoes what it did within the transaction.
func (t *tx) savepoint(ctx context.Context, fn func(context.Context, *tx) error) error {
	t.depth++
	name := "itsm" + strconv.Itoa(t.depth)
	defer func() { t.depth-- }()
	if _, err := t.pg.Exec(ctx, "SAVEPOINT "+name); err != nil {
		return t.noted(err)
	}
	to, bound := t.to, t.bound
	kept := false
	defer func() {
		if kept {
			return
		}
		lasting, cancel := context.WithTimeout(context.WithoutCancel(ctx), t.store.options.Wait)
		defer cancel()
		if _, err := t.pg.Exec(lasting, "ROLLBACK TO SAVEPOINT "+name+"; RELEASE SAVEPOINT "+name); err != nil {
			t.noted(err) //nolint:errcheck // the transaction fails with what went wrong
		}
		t.to, t.bound = to, bound // settings are undone too
	}()
	if err := fn(ctx, t); err != nil {
		return err
	}
	if _, err := t.pg.Exec(ctx, "RELEASE SAVEPOINT "+name); err != nil {
		return t.noted(err)
	}
	kept = true
	return nil
}

// backend is the store as the engine reaches it.
type backend Store

func (b *backend) Conn(ctx context.Context, to relational.Reach) (relational.Conn, error) {
	s := (*Store)(b)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t, err := s.joined(ctx)
	switch {
	case err != nil:
		return nil, err
	case t != nil:
		return txConn{t, to}, nil
	}
	return poolConn{s, to}, nil
}

func (b *backend) Snapshot(ctx context.Context, to relational.Reach, read func(relational.Conn) error) error {
	s := (*Store)(b)
	t, err := s.joined(ctx)
	if err != nil {
		return err
	}
	if t != nil {
		return read(txConn{t, to})
	}
	for try := 1; ; try++ {
		pg, err := s.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
		if err == nil {
			defer pg.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // it has only read
			return read(txConn{&tx{store: s, pg: pg}, to})
		}
		if ctx.Err() != nil || try == triesOfRead || !lost(err) || !pause(ctx, try, 5*time.Millisecond) {
			return err
		}
	}
}

func (b *backend) Write(ctx context.Context, to relational.Reach, write func(relational.Conn) error) error {
	return (*Store)(b).write(ctx, to, true, func(_ context.Context, t *tx) error {
		t.tells = t.tells || !to.All // what is written for a tenant is records with their events
		return write(txConn{t, to})
	})
}

func (b *backend) InTx(ctx context.Context, fn func(context.Context) error) error {
	return (*Store)(b).InTx(ctx, fn)
}

// Erased has nothing to do: autovacuum removes the old row versions.
func (b *backend) Erased(context.Context) {}
