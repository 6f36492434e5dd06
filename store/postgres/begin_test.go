package postgres

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// TestBegunMeanwhile: a program that waits for its turn to make the tables, having seen that there are none, sees those
// that the one before it has made.
func TestBegunMeanwhile(t *testing.T) {
	dsn := Server.Database(t, Run)
	other, err := Open(t.Context(), Server.Database(t, Run), Options{})
	require.NoError(t, err)
	defer other.Close()
	all, err := other.Migrations()
	require.NoError(t, err)
	tables, _, _ := strings.Cut(all[0].Text, "-- +goose Down")

	first, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	defer first.Close(t.Context()) //nolint:errcheck // the test is done
	_, err = first.Exec(t.Context(), "SELECT pg_advisory_lock($1)", other.turn())
	require.NoError(t, err)
	second := make(chan error, 1)
	go func() {
		s, err := Open(t.Context(), dsn, Options{})
		if err == nil {
			s.Close()
		}
		second <- err
	}()
	require.Eventually(t, func() (waits bool) {
		require.NoError(t, first.QueryRow(t.Context(), `SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database())`).Scan(&waits))
		return waits
	}, time.Minute, time.Millisecond)
	_, err = first.Exec(t.Context(), tables)
	require.NoError(t, err)
	_, err = first.Exec(t.Context(), "SELECT pg_advisory_unlock($1)", other.turn())
	require.NoError(t, err)
	require.NoError(t, <-second)
}
