package postgres_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/store/postgres"
)

// with adds a parameter to a connection string of either form.
func with(dsn, name, value string) string {
	escaped := strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
	switch {
	case !strings.Contains(dsn, "://"):
		return dsn + " " + name + "='" + value + "'"
	case strings.Contains(dsn, "?"):
		return dsn + "&" + name + "=" + escaped
	}
	return dsn + "?" + name + "=" + escaped
}

// TestNoJIT: connections that the store makes compile no plans, unless the host says otherwise, or a pooler may be between.
func TestNoJIT(t *testing.T) {
	dsn := database(t)
	direct, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	defer direct.Close(context.Background()) //nolint:errcheck // it has only asked
	var usual string
	require.NoError(t, direct.QueryRow(t.Context(), "SELECT current_setting('jit')").Scan(&usual))
	for _, tt := range []struct{ dsn, want string }{
		{dsn, "off"},
		{with(dsn, "jit", "on"), "on"},
		{with(dsn, "options", "-c jit=on"), "on"},
		{with(dsn, "default_query_exec_mode", "exec"), usual},
	} {
		s := open(t, tt.dsn, fresh(postgres.Options{}))
		require.NoError(t, s.InTx(t.Context(), func(ctx context.Context) error {
			var jit string
			require.NoError(t, s.Tx(ctx).QueryRow(ctx, "SELECT current_setting('jit')").Scan(&jit))
			require.Equal(t, tt.want, jit)
			return nil
		}))
	}
}
