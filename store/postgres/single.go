package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/itsmkit/itsm/store/internal/relational"
)

// single stores a write by one statement that is its own transaction, READ COMMITTED. What it replaces is told by its
// condition, which PostgreSQL asks of the row as it is when it is locked.
type single struct{ *Store }

var errManyWords = errors.New("it has more words than one tsvector takes")

// Put tries first whether lists and words stay as they are, which is what most actions do.
func (s single) Put(ctx context.Context, to relational.Reach, t *relational.Table, p *relational.Put) (bool, error) {
	if p.Version > 1 {
		q := s.putting(to, t, p)
		q.same()
		if stored, err := s.run(ctx, to, q); stored || err != nil {
			return stored, err
		}
	}
	words := chunked(p.Words())
	if len(words) > 1 {
		return false, errManyWords
	}
	q := s.putting(to, t, p)
	q.words = words[0]
	if p.Version > 1 {
		q.other()
	} else {
		q.insert()
	}
	return s.run(ctx, to, q)
}

func (s single) putting(to relational.Reach, t *relational.Table, p *relational.Put) *putting {
	return &putting{Put: p, names: s.engine.Names, table: t, tenant: to.Tenant}
}

// run runs a statement to its end: where the context ends meanwhile, the server is asked to give it up, and its answer is
// still waited for.
func (s single) run(ctx context.Context, to relational.Reach, q *putting) (stored bool, err error) {
	c, err := s.pool.Acquire(ctx)
	if err != nil {
		return false, err
	}
	defer c.Release()
	lasting, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.options.Wait)
	defer cancel()
	asked := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(asked)
		c.Conn().PgConn().CancelRequest(lasting) //nolint:errcheck // then the statement takes its time
	})
	done, err := s.exec(lasting, c, to, q)
	if !stop() {
		<-asked
		c.Conn().Close(lasting) //nolint:errcheck // the request may come late, and must not meet another statement
	}
	if err != nil && lost(err) && !pgconn.SafeToRetry(err) {
		err = fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	if stored = err == nil && done.RowsAffected() > 0; stored {
		s.Notify()
	}
	return stored, err
}

func (s single) exec(ctx context.Context, c *pgxpool.Conn, to relational.Reach, q *putting) (pgconn.CommandTag, error) {
	if !s.options.RowSecurity {
		return c.Exec(ctx, q.String(), q.args...)
	}
	var b pgx.Batch // one transaction, one round trip
	b.Queue(bind, bound(to)...)
	b.Queue(q.String(), q.args...)
	results := c.SendBatch(ctx, &b)
	if _, err := results.Exec(); err != nil {
		results.Close() //nolint:errcheck // the first error tells more
		return pgconn.CommandTag{}, err
	}
	done, err := results.Exec()
	return done, errors.Join(err, results.Close())
}
