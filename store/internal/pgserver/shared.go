package pgserver

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Common is a server that the tests of a package share. It is started by the first that asks for a database.
type Common struct {
	options Options
	once    sync.Once
	server  *Server
	err     error
	count   atomic.Int64
}

// Shared returns a server for the tests of a package, whose TestMain calls [Common.Main].
func Shared(o Options) *Common { return &Common{options: o} }

// Main runs the tests and stops the server. It returns the exit code.
func (c *Common) Main(m *testing.M) int {
	code := m.Run()
	if c.server != nil {
		if err := c.server.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return code
}

// Database makes an empty database, which is removed after the test, and returns its connection string. exec runs a
// statement in the database of a connection string.
func (c *Common) Database(t testing.TB, exec func(dsn, statement string) error) string {
	t.Helper()
	dsn := os.Getenv(Variable)
	if dsn == "" {
		c.once.Do(func() { c.server, c.err = Start(c.options) })
		if errors.Is(c.err, ErrNone) {
			t.Skip(c.err)
		}
		if c.err != nil {
			t.Fatal(c.err)
		}
		dsn = c.server.DSN("postgres")
	}
	name := fmt.Sprintf("itsm_test_%d_%d", os.Getpid(), c.count.Add(1))
	own, err := withDatabase(dsn, name)
	if err != nil {
		t.Fatal(err)
	}
	if err := exec(dsn, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := exec(dsn, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return own
}

// withDatabase returns a connection string with another database.
func withDatabase(dsn, name string) (string, error) {
	if !strings.Contains(dsn, "://") {
		return dsn + " dbname=" + name, nil // the last one counts
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return "", fmt.Errorf("%s: want a URL, or pairs of key and value", Variable)
	}
	u.Path = "/" + name
	return u.String(), nil
}
