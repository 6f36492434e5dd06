package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/itsmkit/itsm/store/internal/relational"
)

// bind tells the database, for one transaction, whose rows statements may touch.
const bind = "SELECT set_config('itsm.tenant', $1, true), set_config('itsm.every', $2, true)"

func bound(to relational.Reach) []any { return []any{to.Tenant, onOff(to.All)} }

// bindText is bind without parameters, to go with the statement that begins a transaction.
func bindText(to relational.Reach) string {
	return "SELECT set_config('itsm.tenant', " + literal(to.Tenant) + ", true), set_config('itsm.every', " + literal(onOff(to.All)) + ", true)"
}

// literal quotes a text whatever standard_conforming_strings says.
func literal(s string) string {
	return "E'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(s) + "'"
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// reach tells the database whose rows the next statements of a transaction touch.
func (t *tx) reach(ctx context.Context, to relational.Reach) error {
	if !t.store.options.RowSecurity || t.bound && t.to == to {
		return nil
	}
	if _, err := t.pg.Exec(ctx, bind, bound(to)...); err != nil {
		return t.noted(err)
	}
	t.to, t.bound = to, true
	return nil
}

// secure turns row-level security on for a table, unless it is on already.
func (s *Store) secure(ctx context.Context, c relational.Conn, tables ...string) error {
	for _, table := range tables {
		var on bool
		if err := scan(ctx, c, "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = $1::text::regclass", []any{table}, &on); err != nil {
			return err
		}
		if on {
			continue
		}
		for _, statement := range []string{
			"CREATE POLICY itsm_tenant ON " + table + " USING (tenant = current_setting('itsm.tenant', true) OR current_setting('itsm.every', true) = 'on')",
			"ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY",
			"ALTER TABLE " + table + " FORCE ROW LEVEL SECURITY",
		} {
			if _, err := c.Exec(ctx, statement); err != nil {
				return fmt.Errorf("row security of %s: %w", table, err)
			}
		}
	}
	return nil
}

// guards refuses a user whom row-level security does not hold.
func (s *Store) guards(ctx context.Context) error {
	var user string
	var free bool
	if err := scan(ctx, poolConn{s, relational.Everyone}, "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user", nil, &user, &free); err != nil {
		return err
	}
	if free {
		return fmt.Errorf("Options.RowSecurity: the user %s is not bound by it: want one that is neither SUPERUSER nor BYPASSRLS", user)
	}
	return nil
}

var errNoRow = errors.New("the query gave no row")

// scan reads the one row of a query.
func scan(ctx context.Context, c relational.Conn, query string, args []any, into ...any) error {
	r, err := c.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer r.Close()
	if !r.Next() {
		if err := r.Err(); err != nil {
			return err
		}
		return errNoRow
	}
	if err := r.Scan(into...); err != nil {
		return err
	}
	r.Close()
	return r.Err()
}
