package snlog_test

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
)

// sample is a log of n rows with six rows a case, as the real one has.
func sample(n int) string {
	var b strings.Builder
	b.WriteString(header() + "\n")
	row := strings.TrimPrefix(firstRow, "INC0000045,New,true,0,0,0")
	for i := range n {
		c := i / 6
		fmt.Fprintf(&b, "INC%07d,%s,true,0,0,%d%s\n", c, [...]string{"New", "Active", "Resolved"}[i%6/2], i%6,
			strings.Replace(row, "Caller 2403", fmt.Sprint("Caller ", c%4000), 1))
	}
	return b.String()
}

// BenchmarkRead reads the same 10,000 rows with this package and with encoding/csv alone.
func BenchmarkRead(b *testing.B) {
	text := sample(10_000)
	b.Run("snlog", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			r, err := snlog.NewReader("log.csv", strings.NewReader(text), false)
			require.NoError(b, err)
			for err == nil {
				_, err = r.Next()
			}
			require.Equal(b, io.EOF, err)
			require.Equal(b, 10_000, r.Rows())
		}
	})
	b.Run("csv", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			r := csv.NewReader(strings.NewReader(text))
			r.ReuseRecord = true
			var err error
			for err == nil {
				_, err = r.Read()
			}
			require.Equal(b, io.EOF, err)
		}
	})
}
