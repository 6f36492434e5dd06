package pgserver

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestLife starts a server, kills it, starts it again on the same files and stops it.
func TestLife(t *testing.T) {
	s, err := Start(Options{Settings: map[string]string{"max_connections": "20"}})
	if errors.Is(err, ErrNone) {
		t.Skip(err)
	}
	require.NoError(t, err)
	dir := s.dir
	defer func() { require.NoError(t, s.Stop()); require.NoDirExists(t, dir) }()
	require.Error(t, s.Restart(), "it is running")
	answers := func() error {
		c, err := net.DialTimeout("tcp", hostPort(t, s), time.Second)
		if err == nil {
			err = c.Close()
		}
		return err
	}
	require.NoError(t, answers())
	require.NoError(t, s.Kill())
	require.NoError(t, s.Kill(), "a second time")
	require.Error(t, answers())
	require.FileExists(t, filepath.Join(s.data(), "postmaster.pid"), "a crash leaves it behind")
	require.NoError(t, s.Restart())
	require.NoError(t, answers())
}

func hostPort(t *testing.T, s *Server) string {
	config, err := withDatabase(s.DSN("a"), "b")
	require.NoError(t, err)
	require.Equal(t, s.DSN("b"), config)
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))
}

func TestWithDatabase(t *testing.T) {
	for dsn, want := range map[string]string{
		"postgres://a:b@h:1/x?sslmode=disable": "postgres://a:b@h:1/n?sslmode=disable",
		"host=h user=a dbname=x":               "host=h user=a dbname=x dbname=n",
	} {
		got, err := withDatabase(dsn, "n")
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := withDatabase("postgres://a:secret@h:bad port/x", "n")
	require.ErrorContains(t, err, Variable)
	require.NotContains(t, err.Error(), "secret")
}

// TestNoServer: what a test sees on a machine without the programs.
func TestNoServer(t *testing.T) {
	t.Setenv(Variable, "")
	c := Shared(Options{})
	c.once.Do(func() { c.err = ErrNone })
	skipped := false
	t.Run("skipped", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		c.Database(t, func(string, string) error { return os.ErrInvalid })
	})
	require.True(t, skipped)
}
