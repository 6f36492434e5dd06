package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/store/sqlite"
	"github.com/itsmkit/itsm/store/storetest"
)

func harness(s *sqlite.Store) storetest.Harness {
	return storetest.Harness{
		Things:     sqlite.For(s, storetest.Things()),
		Others:     sqlite.For(s, storetest.Others()),
		Saver:      s,
		Transactor: s,
	}
}

// reopening returns a harness on a file, which is closed and opened again by Reopen.
func reopening(t testing.TB, path string) (storetest.Harness, error) {
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{Sync: sqlite.SyncNormal})
	if err != nil {
		return storetest.Harness{}, err
	}
	h := harness(s)
	h.Close = func() { require.NoError(t, s.Close()) }
	h.Reopen = func() (storetest.Harness, error) {
		if err := s.Close(); err != nil {
			return storetest.Harness{}, err
		}
		return reopening(t, path)
	}
	return h, nil
}

// TestStore plays the whole suite, each check on a file of its own.
func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		h, err := reopening(t, filepath.Join(t.TempDir(), "desk.db"))
		require.NoError(t, err)
		return h
	})
}
