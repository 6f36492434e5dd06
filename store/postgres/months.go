package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/itsmkit/itsm/store/internal/relational"
)

// ahead is for how many months behind the present one there are tables of events. What comes later than that, in a
// program that runs on without another one being started, goes to the rest.
const ahead = 12

// months makes the tables of events for the present month and those to come, in a store that keeps events by month.
func (s *Store) months(ctx context.Context, now time.Time) error {
	events := s.engine.Names.Table("event")
	var by bool
	c := poolConn{s, relational.Everyone}
	if err := scan(ctx, c, "SELECT relkind = 'p' FROM pg_class WHERE oid = $1::text::regclass", []any{events}, &by); err != nil {
		return err
	}
	switch {
	case !by && s.options.Months:
		return errors.New("Options.Months: the events of this store are in one table: want a new store, into which an archive is imported")
	case !by:
		return nil
	}
	now = now.UTC()
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	for n := range ahead + 1 {
		from := first.AddDate(0, n, 0)
		if err := s.month(ctx, c, events, from); err != nil {
			return fmt.Errorf("the events of %s: %w", from.Format("2006-01"), err)
		}
	}
	return nil
}

// month makes the table of a month. Where the rest has events of the month already, they and those to come stay there. A
// user who may not make it leaves it to a program that opens the store as one who may.
func (s *Store) month(ctx context.Context, c relational.Conn, events string, from time.Time) error {
	name := s.engine.Names.Table("event", from.Format("2006_01"))
	var there bool
	if err := scan(ctx, c, "SELECT to_regclass($1::text) IS NOT NULL", []any{name}, &there); err != nil || there {
		return err
	}
	err := (*backend)(s).Alter(ctx, nil, func(c relational.Conn) error {
		_, err := c.Exec(ctx, fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s PARTITION OF %s FOR VALUES FROM ('%s') TO ('%s')",
			name, events, from.Format(time.RFC3339), from.AddDate(0, 1, 0).Format(time.RFC3339)))
		return err
	})
	switch code(err) {
	case "23514", "42501": // check_violation, by the rest; insufficient_privilege
		return nil
	}
	return err
}
