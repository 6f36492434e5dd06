package postgres

import (
	"context"
	"time"

	"github.com/itsmkit/itsm/store/internal/relational"
)

// Stall is what keeps events from the readers of [Store.Since]: a transaction that has written something, anywhere in the
// server, and is still open.
type Stall struct {
	Waiting     int64         // events that are committed and not shown yet
	Oldest      time.Duration // the age of the oldest transaction that has written, 0 where there is none
	Process     int           // the server's process that has it: pg_terminate_backend ends it
	Application string        // the application_name of its connection
}

// Stall returns what readers of events wait for now. Who has the transaction is told to members of pg_read_all_stats,
// and to the transaction's own user.
func (s *Store) Stall(ctx context.Context) (Stall, error) {
	var out Stall
	var seconds float64
	var pid int64
	err := scan(ctx, poolConn{s, relational.Everyone}, s.engine.SQL(`SELECT
	(SELECT count(*) FROM @event, @schema m WHERE at >= m.shift + pg_snapshot_xmin(pg_current_snapshot())::text::bigint),
	coalesce(extract(epoch FROM clock_timestamp() - a.xact_start)::float8, 0), coalesce(a.pid, 0)::bigint, coalesce(a.application_name, '')
FROM (SELECT 1) one LEFT JOIN LATERAL (
	SELECT pid, xact_start, application_name FROM pg_stat_activity WHERE backend_xid IS NOT NULL ORDER BY age(backend_xid) DESC LIMIT 1
) a ON true`), nil, &out.Waiting, &seconds, &pid, &out.Application)
	if err != nil {
		return Stall{}, s.failed(ctx, "stall", err)
	}
	out.Oldest, out.Process = time.Duration(seconds*float64(time.Second)), int(pid)
	return out, nil
}
