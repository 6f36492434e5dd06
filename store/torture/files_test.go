package torture_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/sqlite"
	"github.com/itsmkit/itsm/store/storetest"
)

// file is a store in an SQLite file with the base in it.
type file struct {
	*opened
	store *sqlite.Store
	path  string
	base  base
}

func newFile(t *testing.T, o sqlite.Options) file {
	f := file{path: filepath.Join(t.TempDir(), "desk.db")}
	var err error
	f.store, err = sqlite.Open(t.Context(), f.path, o)
	require.NoError(t, err)
	t.Cleanup(func() { f.store.Close() })
	f.opened = overSQLite(f.store)
	f.base, err = fill(t.Context(), f.opened)
	require.NoError(t, err)
	return f
}

// pragma changes a setting of the connection that writes.
func (f file) pragma(t *testing.T, setting string) {
	t.Helper()
	require.NoError(t, f.store.InTx(t.Context(), func(ctx context.Context) error {
		_, err := f.store.Tx(ctx).ExecContext(ctx, "PRAGMA "+setting)
		return err
	}))
}

// works holds that the store can be written and is whole.
func (f file) works(t *testing.T) {
	t.Helper()
	incidents, others := f.desks()
	i, err := incidents.Do(itsm.System(t.Context(), acme.Tenant), f.base.two.ID, itsm.Comment[incident.Incident]{Text: "still here"})
	require.NoError(t, err)
	_, err = others.Find(itsm.System(t.Context(), acme.Tenant), itsm.Where(itsm.ByNumber[storetest.Other]().Is(f.base.other.Number)), itsm.PageRequest{})
	require.NoError(t, err)
	_, err = incidents.Get(itsm.System(t.Context(), acme.Tenant), i.ID)
	require.NoError(t, err)
	require.NoError(t, audit(t.Context(), f.opened, newLedger()))
}

// big is an incident with a text of many pages.
func big(b base, id byte) itsm.Commit[incident.Incident] {
	report := reported("2")
	report.Description = strings.Repeat("many words ", 20_000)
	return opening[incident.Incident](incident.Kind(), report, b, id)
}

// TestDiskFull lets the file grow no more.
func TestDiskFull(t *testing.T) {
	f := newFile(t, sqlite.Options{Sync: sqlite.SyncNormal})
	f.pragma(t, "max_page_count = 150")
	refusedAt := 0
	for n := byte(10); n < 60 && refusedAt == 0; n++ {
		if err := f.incidents.Save(t.Context(), acme, big(f.base, n)); err != nil {
			require.ErrorContains(t, err, "full")
			require.NoError(t, foreign(err))
			refusedAt = int(n)
		}
	}
	require.NotZero(t, refusedAt, "the disk was never full")
	require.NoError(t, audit(t.Context(), f.opened, newLedger()), "reads go on, and nothing is half written")

	// A transaction that goes on after the refusal is kept without it, or not at all.
	small := func() itsm.Commit[incident.Incident] {
		return opening[incident.Incident](incident.Kind(), incident.Report{Title: "small", Impact: incident.Low, Urgency: incident.Low}, f.base, 100)
	}
	var first error
	err := f.store.InTx(t.Context(), func(ctx context.Context) error {
		first = f.incidents.Save(ctx, acme, big(f.base, 101))
		return f.incidents.Save(ctx, acme, small())
	})
	require.Error(t, first)
	require.NoError(t, foreign(first))
	found, getErr := f.incidents.Get(t.Context(), acme, small().Record.ID, big(f.base, 101).Record.ID)
	require.NoError(t, getErr)
	require.Equal(t, err == nil, found[0] != nil, "InTx: %v", err)
	require.Nil(t, found[1])

	f.pragma(t, "max_page_count = 1000000")
	require.NoError(t, f.incidents.Save(t.Context(), acme, big(f.base, byte(refusedAt))))
	f.works(t)
}

// TestInterrupted ends the context of one call within a transaction at any moment, while it writes a big record. The
// transaction is kept with all that was not refused, or not at all.
func TestInterrupted(t *testing.T) {
	f := newFile(t, sqlite.Options{Sync: sqlite.SyncNormal})
	rnd := rand.New(rand.NewPCG(5, 6))
	ended, lost := 0, 0
	for n := range rounds(40, 12) {
		id := byte(n + 10)
		small := opening[incident.Incident](incident.Kind(), incident.Report{Title: "small", Impact: incident.Low, Urgency: incident.Low}, f.base, 100+id)
		large := big(f.base, id)
		var first error
		err := f.store.InTx(t.Context(), func(ctx context.Context) error {
			some, cancel := context.WithCancel(ctx)
			defer cancel()
			if n%3 > 0 { // one in three goes undisturbed
				defer time.AfterFunc(time.Duration(rnd.IntN(15000))*time.Microsecond, cancel).Stop()
			}
			if first = f.incidents.Save(some, acme, large); first != nil {
				require.ErrorIs(t, first, context.Canceled)
				ended++
			}
			return f.incidents.Save(ctx, acme, small)
		})
		if err != nil {
			require.NoError(t, foreign(err))
			lost++
		}
		found, getErr := f.incidents.Get(t.Context(), acme, small.Record.ID, large.Record.ID)
		require.NoError(t, getErr)
		require.Equal(t, err == nil, found[0] != nil, "InTx: %v", err)
		require.Equal(t, err == nil && first == nil, found[1] != nil, "InTx: %v, the call: %v", err, first)
	}
	t.Logf("%d calls ended, %d transactions were lost with them", ended, lost)
	f.works(t)
}

// TestReadOnly takes the right to write away from a store at work, in a database of the host's.
func TestReadOnly(t *testing.T) {
	f := file{path: filepath.Join(t.TempDir(), "desk.db")}
	db, err := sql.Open("sqlite", "file:"+f.path+"?_pragma=journal_mode(WAL)")
	require.NoError(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	f.store, err = sqlite.New(t.Context(), db, sqlite.Options{})
	require.NoError(t, err)
	f.opened = overSQLite(f.store)
	f.base, err = fill(t.Context(), f.opened)
	require.NoError(t, err)
	before, err := dumped(t.Context(), f.opened)
	require.NoError(t, err)

	_, err = db.Exec("PRAGMA query_only = 1")
	require.NoError(t, err)
	refused := 0
	for _, c := range calls(f.base) {
		if _, err := c.make(t.Context(), f.opened); err != nil {
			require.NoError(t, foreign(err), c.name)
			require.ErrorContains(t, err, "readonly", c.name)
			refused++
		}
	}
	require.Equal(t, 11, refused, "the calls that write, and no others")
	after, err := dumped(t.Context(), f.opened)
	require.NoError(t, err)
	require.Equal(t, before, after)
	_, err = db.Exec("PRAGMA query_only = 0")
	require.NoError(t, err)
	f.works(t)

	only, err := sql.Open("sqlite", "file:"+f.path+"?mode=ro")
	require.NoError(t, err)
	defer only.Close()
	reading, err := sqlite.New(t.Context(), only, sqlite.Options{})
	require.NoError(t, err)
	o := overSQLite(reading)
	_, err = dumped(t.Context(), o)
	require.NoError(t, err, "a file that may only be read can be read")
	err = o.incidents.Save(t.Context(), acme, big(f.base, 10))
	require.ErrorContains(t, err, "readonly")
	require.NoError(t, foreign(err))
	f.works(t)
}

// lockOf names the environment variable that makes the test binary another process, which holds the right to write to
// a file until its input ends.
const lockOf = "ITSM_TORTURE_LOCK"

func holdLock(path string) error {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		return err
	}
	c, err := db.Conn(context.Background())
	if err != nil {
		return err
	}
	if _, err := c.ExecContext(context.Background(), "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	fmt.Println("locked")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// lock lets another process take the right to write, and returns what kills it.
func lock(t *testing.T, path string) (unlock func()) {
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command(self)
	c.Env = append(os.Environ(), lockOf+"="+path)
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	require.NoError(t, err)
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "locked\n", line)
	done := false
	unlock = func() {
		if !done {
			done = true
			c.Process.Kill()
			c.Wait()
			in.Close()
		}
	}
	t.Cleanup(unlock)
	return unlock
}

// TestLocked lets another process hold the right to write for longer than the store waits.
func TestLocked(t *testing.T) {
	const wait = 150 * time.Millisecond
	f := newFile(t, sqlite.Options{Sync: sqlite.SyncNormal, Wait: wait})
	unlock := lock(t, f.path)

	began := time.Now()
	err := f.incidents.Save(t.Context(), acme, big(f.base, 10))
	require.ErrorContains(t, err, "locked")
	require.NoError(t, foreign(err))
	require.GreaterOrEqual(t, time.Since(began), wait)
	_, err = dumped(t.Context(), f.opened)
	require.NoError(t, err, "reads do not wait")

	patient, err := sqlite.Open(t.Context(), f.path, sqlite.Options{Wait: wait})
	require.ErrorContains(t, err, "locked")
	require.ErrorContains(t, err, f.path)
	require.Nil(t, patient)
	unlock()
	require.NoError(t, f.incidents.Save(t.Context(), acme, big(f.base, 10)))
	f.works(t)
}

// TestLockedAndEnded lets the context end while the store waits for another process: it returns at once, the error is the
// context's, and those who wait behind it are served.
func TestLockedAndEnded(t *testing.T) {
	f := newFile(t, sqlite.Options{Sync: sqlite.SyncNormal, Wait: time.Minute})
	unlock := lock(t, f.path)
	for name, want := range map[string]error{"deadline": context.DeadlineExceeded, "cancel": context.Canceled} {
		ctx, cancel := context.WithCancel(t.Context())
		if name == "deadline" {
			ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
		} else {
			time.AfterFunc(50*time.Millisecond, cancel)
		}
		began := time.Now()
		err := f.incidents.Save(ctx, acme, big(f.base, 10))
		require.ErrorIs(t, err, want)
		require.NoError(t, foreign(err))
		require.Less(t, time.Since(began), 20*time.Second, "it waited for the lock and not for the context")
		cancel()
	}
	late := make(chan error)
	go func() { late <- f.incidents.Save(t.Context(), acme, big(f.base, 11)) }()
	time.Sleep(20 * time.Millisecond)
	unlock()
	require.NoError(t, <-late)
	f.works(t)
}

// TestFaultsOfFor lets the tables of a kind meet a lock when they are to be made: the repository fails then, and works
// once they can be.
func TestFaultsOfFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{Wait: 50 * time.Millisecond})
	require.NoError(t, err)
	defer s.Close()
	unlock := lock(t, path)
	o := overSQLite(s)
	_, err = fill(t.Context(), o)
	require.ErrorContains(t, err, "locked")
	require.NoError(t, foreign(err))
	unlock()
	f := file{opened: o, store: s, path: path}
	f.base, err = fill(t.Context(), o)
	require.NoError(t, err, "the same repository, later")
	f.works(t)
}
