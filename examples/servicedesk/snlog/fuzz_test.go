package snlog_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
)

// FuzzReader reads any bytes: the reader must end, and must either return rows that can be kept or say in an
// *Error what is wrong.
func FuzzReader(f *testing.F) {
	f.Add([]byte(file(firstRow)), false)
	f.Add([]byte(file(firstRow, with("opened_at", "31/2/2016 10:00"))), false)
	f.Add([]byte(file(with("location", `"a`))), false)
	f.Add([]byte(header()+",x\n"+firstRow), false)
	f.Add([]byte(zipped(f, file(firstRow))), true)
	f.Add([]byte("\ufeff\x1f\x8b"), false)
	f.Fuzz(func(t *testing.T, data []byte, gz bool) {
		r, err := snlog.NewReader("log", strings.NewReader(string(data)), gz)
		var fault *snlog.Error
		if err != nil {
			require.True(t, errors.As(err, &fault))
			require.NotEmpty(t, fault.Why)
			return
		}
		for {
			row, err := r.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				require.True(t, errors.As(err, &fault))
				require.Positive(t, fault.Row)
				require.Equal(t, snlog.Row{}, row)
				return
			}
			require.NotEmpty(t, row.Number)
			require.False(t, row.SysUpdatedAt.IsZero())
			for _, s := range []string{row.Number, row.State, row.Location, row.ClosedCode} {
				require.True(t, utf8.ValidString(s))
				require.NotContains(t, s, "\x00")
			}
		}
	})
}
