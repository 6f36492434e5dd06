package torture_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"sync"

	"modernc.org/sqlite"
)

// fault is what happens to a statement between database/sql and the database.
type fault string

const (
	refused fault = "refused"               // it is not run, the connection stays good
	dropped fault = "dropped"               // it is not run, the connection is gone
	cut     fault = "cut"                   // it is run, the reply is lost after its first row, the connection is gone
	slow    fault = "slow"                  // it comes late, and is not run if the call has ended by then
	stuck   fault = "refused like its undo" // as refused, and ROLLBACK is refused too
)

var (
	errRefused = errors.New("the driver refuses")
	errCut     = errors.New("the connection was cut")
)

// faults decides which statement meets a fault. The zero value lets all pass.
type faults struct {
	mu     sync.Mutex
	kind   fault
	at     int // 1 is the next statement
	seen   int
	met    string // the statement that met the fault
	cancel func() // ends the caller's context
}

// arm lets the n-th statement from now meet a fault.
func (f *faults) arm(kind fault, n int, cancel func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kind, f.at, f.seen, f.met, f.cancel = kind, n, 0, "", cancel
}

// disarm lets all pass again and returns the statement that met the fault, "" for none.
func (f *faults) disarm() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kind = ""
	return f.met
}

// before is called before a statement, and returns what happens to it.
func (f *faults) before(ctx context.Context, query string) (fault, error) {
	f.mu.Lock()
	f.seen++
	kind, cancel := f.kind, f.cancel
	switch {
	case kind == stuck && f.met != "" && strings.HasPrefix(query, "ROLLBACK"):
	case kind == "" || f.seen != f.at:
		kind = ""
	default:
		f.met = query
	}
	f.mu.Unlock()
	switch kind {
	case refused, stuck:
		return kind, fmt.Errorf("%w %.30q", errRefused, query)
	case slow:
		cancel()
		return kind, ctx.Err()
	}
	return kind, nil
}

// connector opens connections to an SQLite file through faults.
type connector struct {
	source string
	*faults
}

func (c connector) Driver() driver.Driver { return &sqlite.Driver{} }

func (c connector) Connect(context.Context) (driver.Conn, error) {
	real, err := c.Driver().Open(c.source)
	if err != nil {
		return nil, err
	}
	return &faultyConn{real: real, faults: c.faults}, nil
}

// sqliteConn is what the driver's connections can do.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.ConnPrepareContext
}

type faultyConn struct {
	real driver.Conn
	*faults
	dead bool
}

var _ sqliteConn = (*faultyConn)(nil)

func (c *faultyConn) conn() sqliteConn { return c.real.(sqliteConn) }

// IsValid keeps a dead connection out of the pool.
func (c *faultyConn) IsValid() bool { return !c.dead }

// die ends the connection, and what was not committed with it.
func (c *faultyConn) die() {
	if !c.dead {
		c.dead = true
		c.real.Close()
	}
}

func (c *faultyConn) Close() error {
	if c.dead {
		return nil
	}
	return c.real.Close()
}

// meet lets a statement meet its fault, and tells whether its reply is to be cut.
func (c *faultyConn) meet(ctx context.Context, query string) (bool, error) {
	if c.dead {
		return false, driver.ErrBadConn
	}
	kind, err := c.before(ctx, query)
	if kind == dropped {
		c.die()
		return false, driver.ErrBadConn
	}
	return kind == cut, err
}

func (c *faultyConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	lost, err := c.meet(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := c.conn().ExecContext(ctx, query, args)
	if lost {
		c.die()
		return nil, errCut
	}
	return r, err
}

func (c *faultyConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	lost, err := c.meet(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := c.conn().QueryContext(ctx, query, args)
	if err == nil && lost {
		return &cutRows{Rows: r, of: c}, nil
	}
	return r, err
}

// cutRows end after their first row.
type cutRows struct {
	driver.Rows
	of *faultyConn
	n  int
}

func (r *cutRows) Next(dst []driver.Value) error {
	if r.n++; r.n > 1 {
		return errCut
	}
	if err := r.Rows.Next(dst); err != nil {
		return errCut
	}
	return nil
}

func (r *cutRows) Close() error {
	err := r.Rows.Close()
	r.of.die()
	return err
}

func (c *faultyConn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

// PrepareContext refuses: a store in a host's database prepares nothing.
func (c *faultyConn) PrepareContext(context.Context, string) (driver.Stmt, error) {
	return nil, errors.New("a statement is prepared past the faults")
}

func (c *faultyConn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (c *faultyConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	lost, err := c.meet(ctx, "BEGIN")
	if err != nil {
		return nil, err
	}
	t, err := c.conn().BeginTx(ctx, o)
	if lost {
		c.die()
		return nil, errCut
	}
	return faultyTx{t, c}, err
}

type faultyTx struct {
	driver.Tx
	of *faultyConn
}

func (t faultyTx) end(what string, end func() error) error {
	lost, err := t.of.meet(context.Background(), what)
	if err != nil {
		return err
	}
	err = end()
	if lost {
		t.of.die()
		return errCut
	}
	return err
}

func (t faultyTx) Commit() error   { return t.end("COMMIT", t.Tx.Commit) }
func (t faultyTx) Rollback() error { return t.end("ROLLBACK", t.Tx.Rollback) }
