package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/storage"
)

// server names the environment variable with the connection string of a PostgreSQL server.
const server = "ITSM_POSTGRES"

var databases atomic.Int64

// database returns a -store in an empty database, which is removed after the test.
func database(t *testing.T) string {
	t.Helper()
	dsn := os.Getenv(server)
	if dsn == "" {
		t.Skip("no PostgreSQL: " + server + " does not name a server by its connection string")
	}
	name := fmt.Sprintf("servicedesk_test_%d_%d", os.Getpid(), databases.Add(1))
	exec := func(statement string) {
		c, err := pgx.Connect(context.Background(), dsn)
		require.NoError(t, err)
		defer c.Close(context.Background())
		_, err = c.Exec(context.Background(), statement)
		require.NoError(t, err)
	}
	exec("CREATE DATABASE " + name)
	t.Cleanup(func() { exec("DROP DATABASE " + name + " WITH (FORCE)") })
	if !strings.Contains(dsn, "://") {
		return "postgres:" + dsn + " dbname=" + name // the last one counts
	}
	u, err := url.Parse(dsn)
	require.NoError(t, err, server)
	u.Path = "/" + name
	return u.String()
}

// A password is in no message, whatever is wrong with the database.
func TestPasswordIsNotTold(t *testing.T) {
	for _, name := range []string{
		"postgres://ann:secret@127.0.0.1:1/desk?connect_timeout=2", "postgres:user=ann password=secret host=127.0.0.1 port=1 connect_timeout=2",
		"postgres://ann:secret@127.0.0.1:port/desk", "mysql://ann:secret@127.0.0.1/desk",
	} {
		code, out, errs := call("-incidents", "1", "-store", name)
		require.NotZero(t, code)
		require.Empty(t, out)
		require.NotContains(t, errs, "secret")
		require.Contains(t, errs, "servicedesk: ")
	}
}

// A database that holds another run is named without its password.
func TestOtherRunInDatabase(t *testing.T) {
	name := database(t)
	code, _, errs := call("-incidents", "20", "-store", name)
	require.Zero(t, code, errs)
	code, _, errs = call("-incidents", "21", "-store", name)
	require.Equal(t, 1, code)
	require.Contains(t, errs, "servicedesk: "+storage.Shown(name)+" holds a simulated year of 20 incidents, seed 1, not a simulated year of 21 incidents, seed 1")
	require.NotContains(t, errs, "://")
}
