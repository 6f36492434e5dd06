package snlog_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
)

// Berlin is an hour ahead in winter and two in summer; on 27 March 2016 its clocks went from 2:00 to 3:00, and on 30 October from
// 3:00 back to 2:00.
func TestIn(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for wall, want := range map[string][]string{
		"1/3/2016 09:00":   {"2016-03-01T08:00:00Z"},
		"1/7/2016 09:00":   {"2016-07-01T07:00:00Z"},
		"27/3/2016 02:30":  {"2016-03-27T00:30:00Z", "2016-03-27T01:30:00Z"}, // it never was
		"30/10/2016 02:30": {"2016-10-30T00:30:00Z", "2016-10-30T01:30:00Z"}, // it was twice
	} {
		r, err := snlog.NewReader("log.csv", strings.NewReader(file(with("sys_updated_at", wall))), false)
		require.NoError(t, err)
		row, err := r.In(berlin).Next()
		require.NoError(t, err)
		require.Contains(t, want, row.SysUpdatedAt.Format(time.RFC3339), wall)
		require.Equal(t, time.UTC, row.SysUpdatedAt.Location())
	}
	_, err = readAll(file(with("sys_updated_at", "31/2/2016 09:00")), false)
	require.Error(t, err)
}
