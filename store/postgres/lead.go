package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/itsmkit/itsm"
)

// errFollows says that somebody else leads.
var errFollows = errors.New("another process leads")

// Lead runs work again and again, in one process at a time among all that call it with the same name: the relay of a
// consumer, a sweep. Who leads has a lease, a row of the database, and renews it while work runs; if its process ends,
// another one takes over when the lease has run out. It needs no connection of its own, so that it works through a pooler of
// transactions. every is the pause behind each run of work, and how often the others look whether they are to lead.
//
// work gets a context that ends when the lease could not be renewed in time. It must look at it: work that does not
// stop may run beside that of the next leader, which a relay survives since consumers have versions. Lead returns when
// ctx ends, or with the error of work; the lease is given up then. lease is 1 s or more.
func (s *Store) Lead(ctx context.Context, name string, lease, every time.Duration, work func(context.Context) error) error {
	if name == "" || lease < time.Second || every <= 0 || itsm.InTx(ctx) {
		return itsm.Invalid("lead", "arguments", "want", "a name, a lease of 1s or more, a pause, and no transaction")
	}
	holder := rand.Text()
	defer func() {
		lasting, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.options.Wait)
		defer cancel()
		s.pool.Exec(lasting, s.engine.SQL("DELETE FROM @lease WHERE name = $1 AND holder = $2"), name, holder) //nolint:errcheck // it runs out by itself
	}()
	for {
		err := s.leading(ctx, name, holder, lease, work)
		if ended := ctx.Err(); ended != nil {
			return ended
		}
		if err != nil && !errors.Is(err, errFollows) && !lost(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(every):
		}
	}
}

// leading runs work once, if the lease can be had, and keeps it meanwhile.
func (s *Store) leading(ctx context.Context, name, holder string, lease time.Duration, work func(context.Context) error) error {
	if err := s.lease(ctx, name, holder, lease); err != nil {
		return err
	}
	held, end := context.WithCancel(ctx)
	defer end()
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		defer end()
		last := time.Now()
		for {
			select {
			case <-held.Done():
				return
			case <-time.After(lease / 4):
			}
			try, cancel := context.WithTimeout(held, lease/4)
			now := time.Now()
			err := s.lease(try, name, holder, lease)
			cancel()
			if err == nil {
				last = now
			} else if errors.Is(err, errFollows) || time.Since(last) > lease/2 {
				return
			}
		}
	}()
	err := work(held)
	end()
	<-renewed
	if err != nil && ctx.Err() == nil && errors.Is(err, context.Canceled) {
		return errFollows // the lease was lost, and work has stopped for it
	}
	return err
}

// lease takes a lease that is free, has run out, or is held already, by the database's clock.
func (s *Store) lease(ctx context.Context, name, holder string, lease time.Duration) error {
	done, err := s.pool.Exec(ctx, s.engine.SQL(`INSERT INTO @lease AS l (name, holder, until) VALUES ($1, $2, clock_timestamp() + $3::bigint * interval '1 microsecond')
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until WHERE l.holder = excluded.holder OR l.until < clock_timestamp()`), name, holder, lease.Microseconds())
	if err == nil && done.RowsAffected() == 0 {
		err = errFollows
	}
	return err
}
