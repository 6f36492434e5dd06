package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/store/storetest"
)

// BenchmarkStore is the work that all stores are given, see [storetest.Benchmark]; commits do not wait for the disk.
func BenchmarkStore(b *testing.B) {
	storetest.Benchmark(b, func(b *testing.B) storetest.Harness {
		h, err := reopening(b, filepath.Join(b.TempDir(), "desk.db"))
		require.NoError(b, err)
		return h
	})
}
