package postgres

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/internal/relational"
)

// triesOfLock is how often a change of a table that did not get its turn is tried.
const triesOfLock = 10

// Alter runs alter in a transaction that reads what is committed: what others did before its turn came is seen.
func (b *backend) Alter(ctx context.Context, t *relational.Table, alter func(relational.Conn) error) error {
	s := (*Store)(b)
	if itsm.InTx(ctx) {
		return errors.New("postgres: tables are changed outside of a transaction")
	}
	for try := 1; ; try++ {
		one := &tx{store: s}
		err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(pg pgx.Tx) error {
			one.pg = pg
			if _, err := pg.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", s.turn()); err != nil {
				return err
			}
			// Whoever had the turn before may have made what this connection has noted as lacking: reading a table of the
			// catalogue has it forget that.
			if _, err := pg.Exec(ctx, s.lockTimeout("LOCAL")+"; SELECT FROM pg_catalog.pg_class LIMIT 0"); err != nil {
				return err
			}
			if t != nil {
				var there bool
				if err := pg.QueryRow(ctx, "SELECT to_regclass($1::text) IS NOT NULL", t.Name).Scan(&there); err != nil {
					return err
				}
				if there {
					if _, err := pg.Exec(ctx, "LOCK TABLE "+t.Name+" IN ACCESS EXCLUSIVE MODE"); err != nil {
						return err
					}
				}
			}
			return alter(txConn{one, relational.Everyone})
		})
		if err == nil || ctx.Err() != nil || try == triesOfLock || !refusedLock(err) || !pause(ctx, try, 10*time.Millisecond) {
			return err
		}
	}
}

// refusedLock tells that a change of a table did not get its turn: lock_not_available, deadlock_detected.
func refusedLock(err error) bool { return code(err) == "55P03" || code(err) == "40P01" }

func (s *Store) lockTimeout(scope string) string {
	return "SET " + scope + " lock_timeout = " + strconv.FormatInt(s.options.LockTimeout.Milliseconds(), 10)
}

// turn is the number of the lock that one program at a time holds while it changes tables.
func (s *Store) turn() int64 {
	h := fnv.New64a()
	h.Write([]byte("itsm " + s.engine.Names.Table("schema"))) //nolint:errcheck // a hash has no error
	return int64(h.Sum64())
}

// builders is the number of the lock that one program at a time holds while it builds indexes.
func (s *Store) builders() int64 { return s.turn() + 1 }

// awaitBuilders waits until no other program builds an index. It asks again and again: a statement that waits holds up
// what it waits for, since an index that is built beside the work of others is ready when all older statements have ended.
func (s *Store) awaitBuilders(ctx context.Context, c *pgxpool.Conn) error {
	for try := 1; ; try++ {
		var mine bool
		if err := c.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", s.builders()).Scan(&mine); err != nil || mine {
			return err
		}
		if !pause(ctx, try, 10*time.Millisecond) {
			return ctx.Err()
		}
	}
}

// BuildIndex builds an index while others write. What an attempt that failed left behind is removed first.
func (b *backend) BuildIndex(ctx context.Context, name, statement string) error {
	s := (*Store)(b)
	if itsm.InTx(ctx) {
		return errors.New("postgres: indexes are built outside of a transaction")
	}
	c, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	defer func() {
		if _, err := c.Exec(context.WithoutCancel(ctx), "RESET lock_timeout; SELECT pg_advisory_unlock("+strconv.FormatInt(s.builders(), 10)+")"); err != nil {
			c.Conn().Close(context.WithoutCancel(ctx)) //nolint:errcheck // nobody else is to get it as it is
		}
	}()
	if err := s.awaitBuilders(ctx, c); err != nil {
		return err
	}
	if _, err := c.Exec(ctx, s.lockTimeout("SESSION")); err != nil {
		return err
	}
	for try := 1; ; try++ {
		err := s.build(ctx, c.Conn(), name, statement)
		if err == nil || ctx.Err() != nil || try == triesOfLock || !refusedLock(err) || !pause(ctx, try, 100*time.Millisecond) {
			return err
		}
	}
}

func (s *Store) build(ctx context.Context, c *pgx.Conn, name, statement string) error {
	index := `"` + name + `"`
	if s.options.Schema != "" {
		index = `"` + s.options.Schema + `".` + index
	}
	var valid bool
	err := c.QueryRow(ctx, "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1::text)", index).Scan(&valid)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
	case err != nil:
		return err
	case valid:
		return nil // another program has built it
	default:
		if _, err := c.Exec(ctx, "DROP INDEX CONCURRENTLY IF EXISTS "+index); err != nil {
			return fmt.Errorf("removing what is left of index %s: %w", name, err)
		}
	}
	_, err = c.Exec(ctx, concurrently(statement))
	return err
}

// concurrently has the statement that makes an index build it beside the work of others.
func concurrently(statement string) string {
	for _, what := range []string{"CREATE INDEX ", "CREATE UNIQUE INDEX "} {
		if len(statement) > len(what) && statement[:len(what)] == what {
			return what + "CONCURRENTLY " + statement[len(what):]
		}
	}
	return statement
}
