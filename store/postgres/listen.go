package postgres

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
)

// How long a listener hears nothing before it has itself notified, and how long it waits for that.
const (
	quiet = 30 * time.Second
	proof = 5 * time.Second
)

// ear hears the notifications for all of a process that wait, on one connection beside those of the pool.
type ear struct {
	mu    sync.Mutex
	rung  chan struct{} // closed at the next notification
	hears bool          // the last attempt to be heard has succeeded
	end   context.CancelFunc
	ended chan struct{} // closed when the listener has ended; nil where none was begun
	shut  bool

	quiet, proof time.Duration
}

func (e *ear) ring(hears bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.hears = hears
	close(e.rung)
	e.rung = make(chan struct{})
}

// next returns what is closed at the next notification, and whether one would be heard.
func (e *ear) next() (rung <-chan struct{}, hears bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.rung, e.hears
}

// attend begins to listen, where that was not begun yet and is asked for.
func (s *Store) attend() {
	e := &s.ear
	e.mu.Lock()
	defer e.mu.Unlock()
	if !s.options.Notify || e.ended != nil || e.shut {
		return
	}
	ctx, end := context.WithCancel(context.Background())
	e.end, e.ended = end, make(chan struct{})
	go func() {
		defer close(e.ended)
		s.listen(ctx)
	}()
}

// close ends the listener.
func (e *ear) close() {
	e.mu.Lock()
	e.shut = true
	ended := e.ended
	e.mu.Unlock()
	if ended != nil {
		e.end()
		<-ended
	}
}

// listen listens until the context ends; where the connection is lost, on another one.
func (s *Store) listen(ctx context.Context) {
	for try := 1; ; try++ {
		if s.hear(ctx) {
			try = 1
		}
		s.ear.ring(false) // who waits looks for itself
		if !pause(ctx, try, 250*time.Millisecond) {
			return
		}
	}
}

// hear listens on one connection, and returns whether it has heard anything when that is of no use any more. A connection
// proves itself by a notification that another one sends: one to a pooler of transactions takes LISTEN and hears nothing,
// and one whose server has vanished does not tell.
func (s *Store) hear(ctx context.Context) (heard bool) {
	c, err := s.direct(ctx)
	if err != nil {
		return false
	}
	defer func() {
		lasting, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		c.Close(lasting) //nolint:errcheck // it was of no use any more
	}()
	if _, err := c.Exec(ctx, "LISTEN "+s.channel()); err != nil {
		return false
	}
	for proven := false; ; {
		wait := s.ear.quiet
		if !proven {
			s.Notify()
			wait = s.ear.proof
		}
		switch err := notified(ctx, c, wait); {
		case err == nil:
			proven, heard = true, true
			s.ear.ring(true)
		case proven && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded):
			proven = false
		default:
			return heard
		}
	}
}

// notified waits for one notification.
func notified(ctx context.Context, c *pgx.Conn, wait time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	_, err := c.WaitForNotification(ctx)
	return err
}

// direct makes a connection to the server itself.
func (s *Store) direct(ctx context.Context) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, s.options.Wait)
	defer cancel()
	if s.options.Listen != "" {
		return pgx.Connect(ctx, s.options.Listen)
	}
	own := s.pool.Config()
	config := own.ConnConfig
	config.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: c.Conn()}
	}
	if own.BeforeConnect != nil {
		if err := own.BeforeConnect(ctx, config); err != nil {
			return nil, err
		}
	}
	return pgx.ConnectConfig(ctx, config)
}
