package replay_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/replay"
	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
)

// BenchmarkRealLog runs the public log, beside what reading the file alone costs.
func BenchmarkRealLog(b *testing.B) {
	path := filepath.Join(realLog(b), "incident_event_log.dev.csv.gz")
	b.Run("desk", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			log, err := snlog.Open(path)
			require.NoError(b, err)
			_, err = replay.Run(context.Background(), log, replay.Options{})
			require.NoError(b, err)
			require.NoError(b, log.Close())
		}
	})
	b.Run("csv", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f, err := os.Open(path)
			require.NoError(b, err)
			z, err := gzip.NewReader(bufio.NewReader(f))
			require.NoError(b, err)
			r := csv.NewReader(z)
			for err = nil; err == nil; {
				_, err = r.Read()
			}
			require.True(b, errors.Is(err, io.EOF))
			require.NoError(b, f.Close())
		}
	})
}
