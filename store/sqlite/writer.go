package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// start begins a transaction that has the right to write, waiting for writers of other processes. The function that it
// returns gives the connection back, or closes it if it is not good any more.
func (s *Store) start(ctx context.Context) (*conn, func(good bool), error) {
	c, release, err := s.connection(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err = s.reserve(ctx, c); errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) { // nothing is done yet
		release(false)
		if c, release, err = s.connection(ctx); err != nil {
			return nil, nil, err
		}
		err = s.reserve(ctx, c)
	}
	if err != nil {
		release(code(err) == lib.SQLITE_BUSY || undo(context.WithoutCancel(ctx), c))
		return nil, nil, err
	}
	return c, release, nil
}

// reserve takes the right to write.
func (s *Store) reserve(ctx context.Context, c *conn) error {
	for end := time.Now().Add(s.options.Wait); ; {
		_, err := c.Exec(ctx, "BEGIN IMMEDIATE")
		if err == nil || code(err) != lib.SQLITE_BUSY || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// connection returns the connection to write with, and what gives it back, or closes it if it is not good any more.
func (s *Store) connection(ctx context.Context) (*conn, func(good bool), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.own != nil {
		return s.writes, s.release, nil
	}
	own, err := s.writer.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	if s.single {
		s.own, s.writes = own, &conn{on: own, keep: true}
		return s.writes, s.release, nil
	}
	return &conn{on: own}, func(good bool) { giveBack(own, good) }, nil
}

// release closes the store's own connection, if it is not good any more: the next write makes another one.
func (s *Store) release(good bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !good && s.own != nil {
		s.writes.close()
		giveBack(s.own, false)
		s.own = nil
	}
}

// giveBack returns a connection to its pool, which closes it if it is not good: nobody may get one with a transaction
// that is still open.
func giveBack(own *sql.Conn, good bool) {
	if !good {
		own.Raw(func(any) error { return driver.ErrBadConn }) //nolint:errcheck // it returns just that
	}
	own.Close() //nolint:errcheck // there is nothing to lose any more
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

// undo ends a transaction without keeping it, and tells whether the connection is good for another one.
func undo(ctx context.Context, c *conn) bool {
	_, err := c.Exec(ctx, "ROLLBACK")
	return err == nil || code(err) == lib.SQLITE_ERROR // what went wrong had rolled it back
}

// code returns the primary result code of SQLite in an error, or -1.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return -1
}
