package postgres_test

import (
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/storetest"
)

// TestStore plays the whole suite, each check in a schema of its own.
func TestStore(t *testing.T) {
	dsn := database(t)
	storetest.Run(t, func(t *testing.T) storetest.Harness { return harness(t, dsn, fresh(postgres.Options{})) })
}

// TestStoreRowSecurity plays the whole suite as a user whom row-level security binds.
func TestStoreRowSecurity(t *testing.T) {
	if testing.Short() {
		t.Skip("the suite a second time: without -short")
	}
	dsn := bound(t)
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		return harness(t, dsn, fresh(postgres.Options{RowSecurity: true, Prefix: "host_"}))
	})
}

// bound returns a database as a user sees it who owns it, and whom row-level security binds.
func bound(t *testing.T) string {
	t.Helper()
	dsn := database(t)
	config, err := pgx.ParseConfig(dsn)
	require.NoError(t, err)
	require.NoError(t, run(dsn, `DO $$ BEGIN CREATE ROLE itsm_bound LOGIN PASSWORD 'bound'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`))
	require.NoError(t, run(dsn, "ALTER DATABASE "+config.Database+" OWNER TO itsm_bound"))
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	u.User = url.UserPassword("itsm_bound", "bound")
	return u.String()
}

// TestRowSecurity: the database itself lets a statement see no row but those of the tenant that the transaction is
// bound to, and refuses a user whom it cannot bind.
func TestRowSecurity(t *testing.T) {
	dsn := bound(t)
	o := newOthers(t, dsn, postgres.Options{RowSecurity: true})
	for _, tenant := range []string{"acme", "globex", `o'ne\`} {
		_, err := o.desk.Open(itsm.System(t.Context(), tenant), storetest.Found{As: tenant})
		require.NoError(t, err)
	}
	seen := func(before string) (n int) {
		c, err := pgx.Connect(t.Context(), dsn)
		require.NoError(t, err)
		defer c.Close(t.Context())
		_, err = c.Exec(t.Context(), before)
		require.NoError(t, err)
		for _, table := range []string{"itsm_event", "itsm_series", "itsm_other"} {
			var some int
			require.NoError(t, c.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&some))
			n += some
		}
		return n
	}
	require.Zero(t, seen("SELECT 1"), "a connection that is bound to no tenant")
	require.Equal(t, 3, seen("SET itsm.tenant = 'acme'"))
	require.Equal(t, 3, seen(`SET itsm.tenant = E'o\'ne\\'`))
	require.Zero(t, seen("SET itsm.tenant = 'other'"))
	require.Equal(t, 9, seen("SET itsm.every = 'on'"))

	_, err := postgres.Open(t.Context(), database(t), postgres.Options{RowSecurity: true})
	require.ErrorContains(t, err, "BYPASSRLS")
}

// TestRowSecurityLater turns it on for tables that were made without.
func TestRowSecurityLater(t *testing.T) {
	dsn := bound(t)
	first := newOthers(t, dsn, postgres.Options{})
	first.found(t, t.Context(), "before")
	o := newOthers(t, dsn, postgres.Options{RowSecurity: true})
	o.found(t, t.Context(), "after")
	names, _ := o.read(t, "")
	require.Equal(t, []string{"before", "after"}, names)
	names, _ = first.read(t, "")
	require.Empty(t, names, "a program that does not bind its statements sees nothing any more")
}
