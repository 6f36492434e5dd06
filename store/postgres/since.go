package postgres

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/internal/relational"
)

// place is where an event stands in the order of all: by the number of its transaction, then by its own.
type place struct{ at, seq int64 }

func (p place) before(o place) bool { return p.at < o.at || p.at == o.at && p.seq < o.seq }

func (p place) position() itsm.Position {
	if p == (place{}) {
		return ""
	}
	return itsm.Position(strconv.FormatInt(p.at, 10) + "." + strconv.FormatInt(p.seq, 10))
}

// parsePlace reads what position wrote.
func parsePlace(position itsm.Position) (place, bool) {
	if position == "" {
		return place{}, true
	}
	at, seq, _ := strings.Cut(string(position), ".")
	var p place
	var err error
	if p.at, err = strconv.ParseInt(at, 10, 64); err == nil {
		p.seq, err = strconv.ParseInt(seq, 10, 64)
	}
	return p, err == nil && p.at > 0 && p.seq > 0 && p.position() == position
}

// Since returns the events behind a position, of some kinds or of all. An event shows as soon as every transaction that
// began to write before its own has ended, in the whole server: see [Store.Stall]. A transaction's own events are not
// among those that it gets, since their place is not settled yet.
func (s *Store) Since(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
	if limit < 1 {
		return nil, after, itsm.Invalid("limit", "range", "min", "1")
	}
	from, ok := parsePlace(after)
	if !ok {
		return nil, after, itsm.Invalid("after", "position", "value", string(after), "want", "a position that Since returned")
	}
	c, err := (*backend)(s).Conn(ctx, relational.Everyone)
	if err != nil {
		return nil, after, err
	}
	last, newest, err := s.settled(ctx, c)
	if err != nil {
		return nil, after, s.failed(ctx, "since", err)
	}
	if from.at >= newest {
		return nil, after, itsm.Invalid("after", "position", "value", string(after), "want", "a position that Since of this store returned")
	}
	if !from.before(last) {
		return []itsm.Event{}, after, nil
	}
	out, at, err := s.between(ctx, c, from, last, limit, kinds)
	if err != nil {
		return nil, after, s.failed(ctx, "since", err)
	}
	if len(out) < limit {
		at = last
	}
	return out, at.position(), nil
}

// settled returns the place of the last event before which none can come any more: the transactions with a lower number
// than that of the oldest one running have all ended. newest is a number that no transaction has had yet.
func (s *Store) settled(ctx context.Context, c relational.Conn) (last place, newest int64, err error) {
	err = scan(ctx, c, s.engine.SQL(`SELECT coalesce(e.at, 0), coalesce(e.seq, 0), m.shift + pg_snapshot_xmax(pg_current_snapshot())::text::bigint
FROM @schema m LEFT JOIN LATERAL (
	SELECT at, seq FROM @event WHERE at < m.shift + pg_snapshot_xmin(pg_current_snapshot())::text::bigint ORDER BY at DESC, seq DESC LIMIT 1
) e ON true`), nil, &last.at, &last.seq, &newest)
	return last, newest, err
}

// between reads events behind one place up to another.
func (s *Store) between(ctx context.Context, c relational.Conn, from, to place, limit int, kinds []string) (out []itsm.Event, at place, err error) {
	query, args := "SELECT at, seq, event FROM @event WHERE (at, seq) > ($1, $2) AND (at, seq) <= ($3, $4) AND event IS NOT NULL", []any{from.at, from.seq, to.at, to.seq}
	if len(kinds) > 0 {
		query, args = query+" AND kind = ANY($5)", append(args, relational.Storable(kinds))
	}
	args = append(args, limit)
	rows, err := c.Query(ctx, s.engine.SQL(query+" ORDER BY at, seq LIMIT $"+strconv.Itoa(len(args))), args...)
	if err != nil {
		return nil, at, err
	}
	defer rows.Close()
	out = []itsm.Event{}
	for rows.Next() {
		var raw []byte
		if err := rows.Scan(&at.at, &at.seq, &raw); err != nil {
			return nil, at, err
		}
		x, err := relational.EventOf(raw)
		if err != nil {
			return nil, at, err
		}
		out = append(out, x)
	}
	return out, at, rows.Err()
}

// Since is the store's.
func (b *backend) Since(ctx context.Context, after itsm.Position, limit int, kinds ...string) ([]itsm.Event, itsm.Position, error) {
	return (*Store)(b).Since(ctx, after, limit, kinds...)
}

// failed names the store in an error of the database.
func (s *Store) failed(ctx context.Context, what string, err error) error {
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	return fmt.Errorf("postgres: %s: %w", what, err)
}

// renumber keeps the order of events where the database was restored on a server whose transactions have lower numbers
// than those that the events have: from then on it adds what is lacking. Nobody writes meanwhile.
func (s *Store) renumber(ctx context.Context) error {
	restored := s.engine.SQL("SELECT coalesce((SELECT max(at) FROM @event), 0) >= shift + pg_snapshot_xmax(pg_current_snapshot())::text::bigint FROM @schema")
	var is bool
	if err := scan(ctx, poolConn{s, relational.Everyone}, restored, nil, &is); err != nil || !is {
		return err
	}
	return (*backend)(s).Alter(ctx, nil, func(c relational.Conn) error {
		if _, err := c.Exec(ctx, s.engine.SQL("LOCK TABLE @event IN ACCESS EXCLUSIVE MODE")); err != nil {
			return err
		}
		if err := scan(ctx, c, restored, nil, &is); err != nil || !is {
			return err // another program was faster
		}
		var shift int64
		if err := scan(ctx, c, s.engine.SQL("UPDATE @schema SET shift = (SELECT max(at) FROM @event) + 1 - pg_snapshot_xmin(pg_current_snapshot())::text::bigint RETURNING shift"), nil, &shift); err != nil {
			return err
		}
		_, err := c.Exec(ctx, s.engine.SQL("ALTER TABLE @event ALTER COLUMN at SET DEFAULT ("+strconv.FormatInt(shift, 10)+" + pg_current_xact_id()::text::bigint)"))
		return err
	})
}
