package sqlite

import (
	"context"
	"database/sql"
	"sync"

	"github.com/itsmkit/itsm/store/internal/relational"
)

// Tx is a transaction, or a connection within one, for a host's own statements: what *sql.Tx, *sql.Conn and *sql.DB
// have in common.
type Tx interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// How many statements are kept prepared, and how long they may be: those of queries with many values are long, hardly ever
// come again, and would take the place of others. What comes beyond is prepared each time.
const (
	maxPrepared = 2000
	maxText     = 16 << 10
)

// conn runs statements on a database, a connection or a transaction, and keeps them prepared there, if it may.
type conn struct {
	on   Tx
	keep bool

	mu       sync.RWMutex
	prepared map[string]*sql.Stmt
}

func (c *conn) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	c.mu.RLock()
	s, full := c.prepared[query], len(c.prepared) >= maxPrepared || len(query) > maxText
	c.mu.RUnlock()
	if s != nil || full || !c.keep {
		return s, nil
	}
	s, err := c.on.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.prepared[query]; known != nil {
		return known, s.Close()
	}
	if c.prepared == nil {
		c.prepared = map[string]*sql.Stmt{}
	}
	c.prepared[query] = s
	return s, nil
}

func (c *conn) Query(ctx context.Context, query string, args ...any) (relational.Rows, error) {
	s, err := c.statement(ctx, query)
	var r *sql.Rows
	switch {
	case err != nil:
	case s != nil:
		r, err = s.QueryContext(ctx, args...)
	default:
		r, err = c.on.QueryContext(ctx, query, args...)
	}
	if err != nil {
		return nil, err
	}
	return rows{r}, nil
}

func (c *conn) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	s, err := c.statement(ctx, query)
	var r sql.Result
	switch {
	case err != nil:
	case s != nil:
		r, err = s.ExecContext(ctx, args...)
	default:
		r, err = c.on.ExecContext(ctx, query, args...)
	}
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// close forgets what was prepared.
func (c *conn) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.prepared {
		s.Close() //nolint:errcheck // its connection is closed next
	}
	c.prepared = nil
}

// rows lets the rows of database/sql be closed as those of all drivers.
type rows struct{ *sql.Rows }

func (r rows) Close() { r.Rows.Close() } //nolint:errcheck // Err has said what went wrong
