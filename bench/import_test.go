package bench_test

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

// BenchmarkImport runs the public log of a service desk through the main job, all actions with their rules and
// events into the memory store, beside what encoding/csv alone needs to read the same file. The environment
// variable ITSM_DATA names the folder that holds the data set; without it the benchmark is skipped.
func BenchmarkImport(b *testing.B) {
	root := os.Getenv("ITSM_DATA")
	if root == "" {
		b.Skip("ITSM_DATA is not set: it names the folder that holds uci-incident-event-log, which is not in the repository")
	}
	path := filepath.Join(root, "uci-incident-event-log", "incident_event_log.dev.csv.gz")

	b.Run("itsm", func(b *testing.B) {
		rows, acts := 0, 0
		measure(b, func(int) error {
			log, err := snlog.Open(path)
			if err != nil {
				return err
			}
			result, err := replay.Run(context.Background(), log, replay.Options{})
			if err != nil {
				return err
			}
			rows, acts = result.Rows, result.Book.Actions
			return log.Close()
		})
		perRow(b, rows)
		b.ReportMetric(float64(acts), "actions")
	})

	b.Run("csv", func(b *testing.B) {
		rows := 0
		measure(b, func(int) error {
			f, err := os.Open(path)
			if err != nil {
				return err
			}
			z, err := gzip.NewReader(bufio.NewReader(f))
			if err != nil {
				return err
			}
			r := csv.NewReader(z)
			r.ReuseRecord = true
			for rows = -1; err == nil; rows++ { // the header is not a row
				_, err = r.Read()
			}
			rows--
			if !errors.Is(err, io.EOF) {
				return err
			}
			return f.Close()
		})
		perRow(b, rows)
	})
}

func perRow(b *testing.B, rows int) {
	require.Positive(b, rows)
	b.ReportMetric(float64(rows), "rows")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows), "ns/row")
}
