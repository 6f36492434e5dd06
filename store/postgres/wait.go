package postgres

import (
	"context"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/internal/relational"
)

// poll is how often Wait looks for itself where it hears no notifications, and where events are committed that Since does
// not show yet: nothing tells when the transaction that they wait for ends.
const poll = 250 * time.Millisecond

// Wait returns as soon as [Store.Since] shows an event behind a position, with how far the log has come, and after atMost
// with the position that it was given. It says that there is work, not what: a relay is run behind each call.
//
//	var seen itsm.Position
//	for err == nil {
//		if failures := relay.Run(ctx, handlers...); failures != nil {
//			log.Print(failures) // such events are tried again, so that atMost is not to be too long
//		}
//		seen, err = store.Wait(ctx, seen, 10*time.Second)
//	}
//
// With [Options.Notify] it is told of events; otherwise, and while the connection on which it listens is lost, it looks
// four times a second. All callers of a store share one such connection, beside those of the pool, until [Store.Close].
func (s *Store) Wait(ctx context.Context, after itsm.Position, atMost time.Duration) (itsm.Position, error) {
	from, ok := parsePlace(after)
	switch {
	case !ok:
		return after, itsm.Invalid("after", "position", "value", string(after), "want", "a position that Since returned")
	case atMost <= 0 || itsm.InTx(ctx):
		return after, itsm.Invalid("wait", "arguments", "want", "a positive time, and no transaction")
	}
	s.attend()
	over := time.NewTimer(atMost)
	defer over.Stop()
	for try := 0; ; try++ {
		rung, hears := s.ear.next() // before it looks, so that nothing falls in between
		end, held, err := s.look(ctx)
		switch {
		case ctx.Err() != nil:
			return after, ctx.Err()
		case err != nil:
			return after, s.failed(ctx, "wait", err)
		case from.before(end):
			return end.position(), nil
		}
		again := poll
		switch {
		case held:
			again = min(5*time.Millisecond<<min(try, 8), poll)
		case hears:
			again, try = atMost, 0
		}
		look := time.NewTimer(again)
		select {
		case <-ctx.Done():
		case <-rung:
		case <-look.C:
		case <-over.C:
			look.Stop()
			return after, nil
		}
		look.Stop()
	}
}

// look returns the place of the last event that Since shows, and whether there are committed ones behind it.
func (s *Store) look(ctx context.Context) (last place, held bool, err error) {
	err = scan(ctx, poolConn{s, relational.Everyone}, s.engine.SQL(`SELECT coalesce(e.at, 0), coalesce(e.seq, 0),
	EXISTS (SELECT 1 FROM @event WHERE at >= m.shift + pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
FROM @schema m LEFT JOIN LATERAL (
	SELECT at, seq FROM @event WHERE at < m.shift + pg_snapshot_xmin(pg_current_snapshot())::text::bigint ORDER BY at DESC, seq DESC LIMIT 1
) e ON true`), nil, &last.at, &last.seq, &held)
	return last, held, err
}
