package torture_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/store/sqlite"
)

// alter runs statements on a file past the store.
func alter(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer db.Close()
	for _, s := range statements {
		_, err := db.Exec(s)
		require.NoError(t, err, s)
	}
}

// TestNewerTables opens a file that a newer library has written.
func TestNewerTables(t *testing.T) {
	f := newFile(t, sqlite.Options{Sync: sqlite.SyncNormal})
	require.NoError(t, f.store.Close())
	alter(t, f.path, "UPDATE itsm_schema SET version = 99")
	_, err := sqlite.Open(t.Context(), f.path, sqlite.Options{})
	require.ErrorContains(t, err, f.path)
	require.ErrorContains(t, err, "the database has version 99 of the tables, this library knows 1: use a newer one")
	require.NoError(t, foreign(err))
	alter(t, f.path, "UPDATE itsm_schema SET version = 1")
	o, err := openSQLite(t.Context(), f.path)
	require.NoError(t, err)
	defer o.close()
	require.NoError(t, audit(t.Context(), o, newLedger()))
}

// TestNoDatabase opens what is none: the error names the path, and nothing is written there.
func TestNoDatabase(t *testing.T) {
	folder := t.TempDir()
	garbage := filepath.Join(folder, "garbage.db")
	text := []byte("The quick brown fox jumps over the lazy dog, and it does so for more than a hundred bytes, which is the size of a header.")
	require.NoError(t, os.WriteFile(garbage, text, 0o600))
	for _, path := range []string{garbage, folder, filepath.Join(folder, "missing", "desk.db")} {
		_, err := sqlite.Open(t.Context(), path, sqlite.Options{})
		require.ErrorContains(t, err, path)
		require.NoError(t, foreign(err))
	}
	left, err := os.ReadFile(garbage)
	require.NoError(t, err)
	require.Equal(t, text, left)
}

// TestDamagedFile writes over pages of a file, before it is opened and while it is in use. A call may fail; it
// never panics, and never says that the caller's data are wrong.
func TestDamagedFile(t *testing.T) {
	f := newFile(t, sqlite.Options{Sync: sqlite.SyncNormal})
	w := newWorker(f.opened, acme.Tenant, 9, 9, func(said) error { return nil })
	for range 60 {
		require.NoError(t, w.step())
	}
	f.base.one, f.base.two = w.mine[0], w.mine[1]
	f.base.at = f.base.at.AddDate(1, 0, 0)
	require.NoError(t, f.store.Close())
	good, err := os.ReadFile(f.path)
	require.NoError(t, err)
	const page = 4096
	failed := 0
	for seed := range uint64(rounds(60, 10)) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		bad := append([]byte(nil), good...)
		for range 1 + rnd.IntN(12) {
			n := 1 + rnd.IntN(len(bad)/page-1)
			junk := bad[n*page : (n+1)*page]
			switch rnd.IntN(3) {
			case 0:
				clear(junk)
			case 1:
				for i := range junk {
					junk[i] = 0xff
				}
			default:
				for i := range junk {
					junk[i] = byte(rnd.Uint32())
				}
			}
		}
		path := filepath.Join(t.TempDir(), "damaged.db")
		var o *opened
		if inUse := seed%2 == 0; inUse {
			require.NoError(t, os.WriteFile(path, good, 0o600))
			o, err = openSQLite(t.Context(), path)
			require.NoError(t, err)
			overwrite(t, path, bad)
		} else {
			require.NoError(t, os.WriteFile(path, bad, 0o600))
			if o, err = openSQLite(t.Context(), path); err != nil {
				require.NoError(t, foreign(err))
				failed++
				continue
			}
		}
		write := writing(f.base)[rnd.IntN(len(writing(f.base)))]
		for _, c := range append(reading(f.base), write) {
			_, err := c.make(t.Context(), o)
			where := fmt.Sprintf("seed %d: %s: %v", seed, c.name, err)
			require.NoError(t, foreign(err), where)
			if err != nil {
				failed++
			}
		}
		o.close()
	}
	require.Greater(t, failed, rounds(60, 10), "hardly any damage was met")
	require.NoError(t, os.WriteFile(f.path, good, 0o600))
	o, err := openSQLite(t.Context(), f.path)
	require.NoError(t, err)
	defer o.close()
	require.NoError(t, audit(t.Context(), o, newLedger()), "a file that is restored is good again")
}

// overwrite changes the bytes of a file in place.
func overwrite(t *testing.T, path string, raw []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteAt(raw, 0)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

// TestDamagedTexts puts texts into the tables that are no records and no events. The store says so; it does not say that
// the caller's input is invalid.
func TestDamagedTexts(t *testing.T) {
	f := newFile(t, sqlite.Options{Sync: sqlite.SyncNormal})
	require.NoError(t, f.store.Close())
	good, err := os.ReadFile(f.path)
	require.NoError(t, err)
	reads := []string{"get", "get two", "find", "history", "since", "by key", "load consumer", "redact"}
	for _, junk := range []string{"", "{", "null", "7", `{"id":7}`, `{"unknown":"field"}`}[:rounds(6, 2)] {
		failed := 0
		for _, c := range calls(f.base) {
			path := filepath.Join(t.TempDir(), "damaged.db")
			require.NoError(t, os.WriteFile(path, good, 0o600))
			alter(t, path, "UPDATE itsm_incident SET record = '"+junk+"'", "UPDATE itsm_event SET event = '"+junk+"'", "UPDATE itsm_consumer SET consumer = '"+junk+"'")
			o, err := openSQLite(t.Context(), path)
			require.NoError(t, err)
			answer, err := c.make(t.Context(), o)
			if err != nil {
				failed++
				require.NoError(t, foreign(err), "%s: %q", c.name, junk)
				require.ErrorContains(t, err, "sqlite: ", "%s: %q", c.name, junk)
				require.ErrorContains(t, err, "cannot be read", "%s: %q", c.name, junk)
			} else {
				require.NotContains(t, reads, c.name, "%s: %q was read as %v", c.name, junk, answer)
			}
			require.NoError(t, o.close())
		}
		require.GreaterOrEqual(t, failed, len(reads), "%q", junk)
	}
}

// TestUnknownState reads a record in a state that a newer lifecycle has.
func TestUnknownState(t *testing.T) {
	f := newFile(t, sqlite.Options{Sync: sqlite.SyncNormal})
	alter(t, f.path, `UPDATE itsm_incident SET record = replace(record, '"state":"new"', '"state":"lost"')`)
	_, err := f.incidents.Get(t.Context(), acme, f.base.one.ID)
	require.ErrorContains(t, err, f.base.one.ID.String())
	require.ErrorContains(t, err, "lost")
	require.NoError(t, foreign(err))
}
