package postgres_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/store/postgres"
	"github.com/itsmkit/itsm/store/storetest"
)

// run runs a statement in a database.
func run(dsn, statement string) error { return postgres.Run(dsn, statement) }

func database(t testing.TB) string {
	t.Helper()
	return postgres.Server.Database(t, run)
}

var schemas atomic.Int64

// fresh returns options with a schema that no other store has.
func fresh(o postgres.Options) postgres.Options {
	o.Schema = fmt.Sprint("s", schemas.Add(1))
	return o
}

func open(t testing.TB, dsn string, o postgres.Options) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), dsn, o)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// harness returns a harness whose store is closed and opened again by Reopen.
func harness(t *testing.T, dsn string, o postgres.Options) storetest.Harness {
	h, err := reopened(t, dsn, o)
	require.NoError(t, err)
	return h
}

func reopened(t *testing.T, dsn string, o postgres.Options) (storetest.Harness, error) {
	s, err := postgres.Open(t.Context(), dsn, o)
	if err != nil {
		return storetest.Harness{}, err
	}
	h := storetest.Harness{
		Things: postgres.For(s, storetest.Things()), Others: postgres.For(s, storetest.Others()), Saver: s, Transactor: s, Close: s.Close,
		Reopen: func() (storetest.Harness, error) {
			s.Close()
			return reopened(t, dsn, o)
		},
	}
	return h, s.Migrate(t.Context())
}
