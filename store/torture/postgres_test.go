package torture_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/internal/pgserver"
	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/storetest"
)

// server is the PostgreSQL that all tests share but those that kill it.
var server = pgserver.Shared(pgserver.Options{})

func runSQL(dsn, statement string) error {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, statement)
	return err
}

var onPostgres = subject{name: "postgres", at: openPostgres, fresh: func(t testing.TB) string { return server.Database(t, runSQL) }, crashes: 50}

func openPostgres(ctx context.Context, dsn string) (*opened, error) {
	s, err := postgres.Open(ctx, dsn, postgres.Options{})
	if err != nil {
		return nil, err
	}
	o := &opened{
		incidents: postgres.For(s, incident.Kind()), things: postgres.For(s, storetest.Things()), others: postgres.For(s, storetest.Others()),
		store: s, close: func() error { s.Close(); return nil },
	}
	if err := s.Migrate(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return o, nil
}

// TestServerKilled kills the server itself under a process that writes, and starts it again.
func TestServerKilled(t *testing.T) {
	own, err := pgserver.Start(pgserver.Options{Sync: true})
	require.NoError(t, err)
	defer func() { require.NoError(t, own.Stop()) }()
	rnd := rand.New(rand.NewPCG(7, 8))
	l := newLedger()
	dsn := own.DSN("postgres")
	for round := range rounds(10, 1) {
		killed := make(chan error, 1)
		after, n := 5+rnd.IntN(60), 0
		err := run(fmt.Sprint("postgres ", round, " ", dsn), life{lines: -1, time: 60 * time.Second}, func(s said) {
			if l.hear(s); s.What == saysDone {
				if n++; n == after {
					go func() { killed <- own.Kill() }()
				}
			}
		})
		require.ErrorContains(t, err, "the child ended by itself", "round %d: it lost its server", round)
		require.NoError(t, <-killed)
		require.NoError(t, own.Restart())
		o, err := openPostgres(t.Context(), dsn)
		require.NoError(t, err, "round %d", round)
		require.NoError(t, audit(t.Context(), o, l), "round %d", round)
		require.NoError(t, o.close())
	}
}

// TestPasswordIsNotTold connects in ways that fail: no error has the password in it.
func TestPasswordIsNotTold(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	closed := l.Addr().String()
	require.NoError(t, l.Close())
	right, err := url.Parse(onPostgres.fresh(t))
	require.NoError(t, err)
	right.User = url.UserPassword("nobody_of_this_name", "secret")
	host, port, err := net.SplitHostPort(closed)
	require.NoError(t, err)
	for _, dsn := range []string{
		"postgres://itsm:secret@" + closed + "/desk?sslmode=disable", "host=" + host + " port=" + port + " user=itsm password=secret dbname=desk",
		"postgres://itsm:secret@" + closed + "/desk?sslmode=secret", "postgres://itsm:secret@db:port/desk", "postgres://itsm:secret@%zz/desk",
		"user=itsm password='secret", "password=secret pool_max_conns=many", right.String(),
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		s, err := postgres.Open(ctx, dsn, postgres.Options{})
		cancel()
		require.Error(t, err, dsn)
		require.Nil(t, s)
		require.ErrorContains(t, err, "postgres: ")
		require.NotContains(t, err.Error(), "secret")
		require.NoError(t, foreign(err))
	}
}
