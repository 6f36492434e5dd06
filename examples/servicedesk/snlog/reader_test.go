package snlog_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
)

const firstRow = "INC0000045,New,true,0,0,0,true,Caller 2403,Opened by  8,29/2/2016 01:16,Created by 6," +
	"29/2/2016 01:23,Updated by 21,29/2/2016 01:23,Phone,Location 143,Category 55,Subcategory 170,Symptom 72,?," +
	"2 - Medium,2 - Medium,3 - Moderate,Group 56,?,true,false,Do Not Notify,?,?,?,?,code 5,Resolved by 149," +
	"29/2/2016 11:29,5/3/2016 12:00"

func header() string { return strings.Join(snlog.Columns(), ",") }

// with returns firstRow with one cell replaced.
func with(column, value string) string {
	cells := strings.Split(firstRow, ",")
	for i, name := range snlog.Columns() {
		if name == column {
			cells[i] = value
		}
	}
	return strings.Join(cells, ",")
}

func file(rows ...string) string { return header() + "\n" + strings.Join(rows, "\n") + "\n" }

func zipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.String()
}

// readAll returns the rows before the first error, and that error; nil at the end of the file.
func readAll(text string, gz bool) ([]snlog.Row, error) {
	r, err := snlog.NewReader("log.csv", strings.NewReader(text), gz)
	if err != nil {
		return nil, err
	}
	var rows []snlog.Row
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
}

func TestRow(t *testing.T) {
	rows, err := readAll(file(firstRow), false)
	require.NoError(t, err)
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2016, month, day, hour, minute, 0, 0, time.UTC)
	}
	require.Equal(t, []snlog.Row{{
		Number: "INC0000045", State: "New", Active: true, MadeSLA: true, SLAKnown: true, CallerID: "Caller 2403",
		OpenedBy: "Opened by  8", OpenedAt: at(2, 29, 1, 16), SysCreatedBy: "Created by 6",
		SysCreatedAt: at(2, 29, 1, 23), SysUpdatedBy: "Updated by 21", SysUpdatedAt: at(2, 29, 1, 23),
		ContactType: "Phone", Location: "Location 143", Category: "Category 55", Subcategory: "Subcategory 170",
		Symptom: "Symptom 72", Impact: "2 - Medium", Urgency: "2 - Medium", Priority: "3 - Moderate",
		Group: "Group 56", Knowledge: true, Notify: "Do Not Notify", ClosedCode: "code 5",
		ResolvedBy: "Resolved by 149", ResolvedAt: at(2, 29, 11, 29), ClosedAt: at(3, 5, 12, 0),
	}}, rows)
}

func TestCellsThatRepeatAndChange(t *testing.T) {
	rows, err := readAll(file(firstRow, with("cmdb_ci", "ci 1"), firstRow, with("resolved_at", "?"), firstRow,
		with("sys_mod_count", "7"), with("active", "FALSE"), with("active", "?")), false)
	require.NoError(t, err)
	require.Len(t, rows, 8)
	require.Equal(t, []string{"", "ci 1", ""}, []string{rows[0].CI, rows[1].CI, rows[2].CI})
	require.True(t, rows[3].ResolvedAt.IsZero())
	require.False(t, rows[4].ResolvedAt.IsZero())
	require.Equal(t, []int{0, 7, 0}, []int{rows[4].SysModCount, rows[5].SysModCount, rows[6].SysModCount})
	require.Equal(t, []bool{true, false, false}, []bool{rows[5].Active, rows[6].Active, rows[7].Active})
}

func TestForms(t *testing.T) {
	names, cells := snlog.Columns(), strings.Split(firstRow, ",")
	for i, j := 0, len(names)-1; i < j; i, j = i+1, j-1 {
		names[i], names[j], cells[i], cells[j] = names[j], names[i], cells[j], cells[i]
	}
	turned := strings.ToUpper(strings.Join(names, " ,")) + ",note\n" + strings.Join(cells, ",") + ",seen\n"
	for _, c := range []struct {
		name, text string
		gz         bool
		rows       int
	}{
		{"other order, upper case, an extra column", turned, false, 1},
		{"byte order mark", "\ufeff" + file(firstRow), false, 1},
		{"CRLF", strings.ReplaceAll(file(firstRow, firstRow), "\n", "\r\n"), false, 2},
		{"no line break at the end", strings.TrimSuffix(file(firstRow), "\n"), false, 1},
		{"gzip", zipped(t, file(firstRow)), true, 1},
		{"two gzip members", zipped(t, file(firstRow)) + zipped(t, firstRow), true, 2},
		{"header only", header() + "\n", false, 0},
		{"a state that nobody knows", file(with("incident_state", "-100")), false, 1},
		{"quoted", file(with("location", `"Porto, ""Sé"""`)), false, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, err := readAll(c.text, c.gz)
			require.NoError(t, err)
			require.Len(t, rows, c.rows)
			for _, row := range rows {
				require.Equal(t, "INC0000045", row.Number)
			}
		})
	}
}

func TestLongValueIsClipped(t *testing.T) {
	_, err := readAll(file(with("opened_at", strings.Repeat("9", 500))), false)
	require.Less(t, len(err.Error()), 200)
}

func TestFirstErrorIsFinal(t *testing.T) {
	r, err := snlog.NewReader("log.csv", strings.NewReader(file(with("opened_at", "x"), firstRow)), false)
	require.NoError(t, err)
	_, first := r.Next()
	require.Error(t, first)
	_, second := r.Next()
	require.Same(t, first, second)
}

func TestReadError(t *testing.T) {
	cause := errors.New("disk on fire")
	r, err := snlog.NewReader("log.csv", io.MultiReader(strings.NewReader(file(firstRow)), failing{cause}), false)
	require.NoError(t, err)
	_, err = r.Next()
	require.NoError(t, err)
	_, err = r.Next()
	require.ErrorIs(t, err, cause)
	require.EqualError(t, err, "log.csv: row 3: disk on fire")
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	_, err := snlog.Open(filepath.Join(dir, "none.csv"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	var fault *snlog.Error
	require.ErrorAs(t, err, &fault)
	_, err = snlog.Open(dir)
	require.ErrorAs(t, err, &fault)

	path := filepath.Join(dir, "log.csv.GZ")
	text := zipped(t, file(firstRow, firstRow))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	r, err := snlog.Open(path)
	require.NoError(t, err)
	for i := 2; i < 4; i++ {
		_, err = r.Next()
		require.NoError(t, err)
		require.Equal(t, i, r.Line())
		require.Equal(t, i-1, r.Rows())
	}
	_, err = r.Next()
	require.Equal(t, io.EOF, err)
	done, size := r.Progress()
	require.EqualValues(t, len(text), size)
	require.Equal(t, size, done)
	require.NoError(t, r.Close())
	require.NoError(t, r.Close())
}

func TestLineAfterLineBreakInCell(t *testing.T) {
	r, err := snlog.NewReader("log.csv", strings.NewReader(file(with("location", "\"a\nb\""), firstRow)), false)
	require.NoError(t, err)
	for _, line := range []int{2, 4} {
		_, err := r.Next()
		require.NoError(t, err)
		require.Equal(t, line, r.Line())
	}
}
