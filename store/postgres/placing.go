package postgres

import (
	"context"
	"errors"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/internal/relational"
)

// placing is how positions stand to the places of an archive, which are the events' own numbers: transactions that ran
// beside each other may have drawn those in another order than their own.
type placing struct{ *Store }

// Place returns the number before that of the first event behind a position.
func (s placing) Place(ctx context.Context, c relational.Conn, p itsm.Position) (n int64, err error) {
	at, ok := parsePlace(p)
	if !ok {
		return 0, itsm.Invalid("after", "position", "value", string(p), "want", "a position that Since returned")
	}
	err = scan(ctx, c, s.engine.SQL("SELECT coalesce((SELECT min(seq) - 1 FROM @event WHERE (at, seq) > ($1, $2)), (SELECT max(seq) FROM @event), 0)"), []any{at.at, at.seq}, &n)
	return n, err
}

// Position returns the place of the last event up to a number: one transaction has loaded them all.
func (s placing) Position(ctx context.Context, c relational.Conn, n int64) (itsm.Position, error) {
	var at place
	err := scan(ctx, c, s.engine.SQL("SELECT at, seq FROM @event WHERE seq <= $1 ORDER BY seq DESC LIMIT 1"), []any{n}, &at.at, &at.seq)
	if errors.Is(err, errNoRow) {
		return "", nil
	}
	return at.position(), err
}

// Loaded has the next event draw the number behind all places.
func (s placing) Loaded(ctx context.Context, c relational.Conn, places int64) error {
	if places == 0 {
		return nil
	}
	var set int64
	return scan(ctx, c, "SELECT setval(pg_get_serial_sequence($1::text, 'seq'), $2::bigint)", []any{s.engine.Names.Table("event"), places}, &set)
}
