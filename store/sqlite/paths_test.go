package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/store/sqlite"
)

// TestPaths: the name of a file may have any character; none of them ends the path, or is an option of SQLite's.
func TestPaths(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a b.db", "a?mode=memory", "a%20b", "a#b", "ünï 😀", "a&_pragma=x", `a'b"`, "file:x", ":x", "a;b+c", " x", "-x"} {
		for _, path := range []string{filepath.Join(dir, name), "/" + filepath.Join(dir, name), dir + "//" + name} {
			store, err := sqlite.Open(t.Context(), path, sqlite.Options{})
			require.NoError(t, err, path)
			require.NoError(t, store.Close())
			require.FileExists(t, path)
			require.NoError(t, os.Remove(path))
		}
	}
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left, "nothing was made elsewhere")
	t.Chdir(dir)
	store, err := sqlite.Open(t.Context(), "a b?", sqlite.Options{})
	require.NoError(t, err)
	require.NoError(t, store.Close())
	require.FileExists(t, filepath.Join(dir, "a b?"))
}
