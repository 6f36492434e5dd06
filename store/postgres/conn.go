package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/itsmkit/itsm/store/internal/relational"
)

// How often a read is tried, and a transaction that was refused because of others or lost its connection.
const (
	triesOfRead  = 8
	triesOfWrite = 40
	triesOfLost  = 8
)

// poolConn runs each statement on any connection of the pool. It reads only, so that a statement whose connection is lost
// may be tried on another one.
type poolConn struct {
	store *Store
	to    relational.Reach
}

func (c poolConn) Query(ctx context.Context, query string, args ...any) (relational.Rows, error) {
	for try := 1; ; try++ {
		r, err := c.query(ctx, query, args)
		if err == nil {
			if r.first = r.Rows.Next(); !r.first {
				err = r.Rows.Err()
			}
			if err == nil {
				return r, nil
			}
			r.Close()
		}
		if ctx.Err() != nil || try == triesOfRead || !lost(err) && !stale(err) || !pause(ctx, try, 5*time.Millisecond) {
			return nil, translated(err)
		}
	}
}

func (c poolConn) query(ctx context.Context, query string, args []any) (*rows, error) {
	if !c.store.options.RowSecurity {
		r, err := c.store.pool.Query(ctx, query, args...)
		return &rows{Rows: r, peeked: true}, err
	}
	var b pgx.Batch // one transaction, one round trip
	b.Queue(bind, bound(c.to)...)
	b.Queue(query, args...)
	results := c.store.pool.SendBatch(ctx, &b)
	if _, err := results.Exec(); err != nil {
		results.Close() //nolint:errcheck // the first error tells more
		return nil, err
	}
	r, err := results.Query()
	if err != nil {
		results.Close() //nolint:errcheck // as above
		return nil, err
	}
	return &rows{Rows: r, peeked: true, done: results.Close}, nil
}

func (c poolConn) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := c.Query(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	for r.Next() { // a statement that is not a query has none
	}
	r.Close()
	return 0, translated(r.Err())
}

// txConn runs statements in a transaction.
type txConn struct {
	tx *tx
	to relational.Reach
}

func (c txConn) Query(ctx context.Context, query string, args ...any) (relational.Rows, error) {
	if err := c.tx.reach(ctx, c.to); err != nil {
		return nil, err
	}
	r, err := c.tx.pg.Query(ctx, query, args...)
	if err != nil {
		return nil, c.tx.noted(err)
	}
	return &rows{Rows: r, noted: c.tx.noted}, nil
}

func (c txConn) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := c.tx.reach(ctx, c.to); err != nil {
		return 0, err
	}
	done, err := c.tx.pg.Exec(ctx, query, args...)
	if err != nil {
		return 0, c.tx.noted(err)
	}
	return done.RowsAffected(), nil
}

// rows is a result. Its first row may have been asked for already.
type rows struct {
	pgx.Rows
	peeked, first bool
	noted         func(error) error
	done          func() error
}

func (r *rows) Next() bool {
	if r.peeked {
		r.peeked = false
		return r.first
	}
	return r.Rows.Next()
}

// Scan gives instants in UTC, as the store was given them.
func (r *rows) Scan(into ...any) error {
	if err := r.Rows.Scan(into...); err != nil {
		return err
	}
	for _, p := range into {
		if v, ok := p.(*any); ok {
			if at, ok := (*v).(time.Time); ok {
				*v = at.UTC()
			}
		}
	}
	return nil
}

func (r *rows) Err() error {
	err := r.Rows.Err()
	if err != nil && r.noted != nil {
		return r.noted(err)
	}
	return translated(err)
}

func (r *rows) Close() {
	r.Rows.Close()
	if r.done != nil {
		r.done() //nolint:errcheck // Err has said what went wrong
		r.done = nil
	}
}
