package snlog_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
)

func TestDamage(t *testing.T) {
	cells := func(n int) string { return strings.Join(strings.Split(firstRow, ",")[:n], ",") }
	packed := zipped(t, file(strings.Split(strings.Repeat(firstRow+"\n", 500), "\n")[:500]...))
	without := func(names ...string) string {
		h := header()
		for _, name := range names {
			h = strings.Replace(h, ","+name, "", 1)
		}
		return h + "\n"
	}
	for _, c := range []struct {
		name, text string
		gz         bool
		rows       int
		message    string
	}{
		{"empty", "", false, 0, `log.csv: is empty (want a header row)`},
		{"empty gzip file", "", true, 0, `log.csv: is empty (want a header row)`},
		{"gzip of nothing", zipped(t, ""), true, 0, `log.csv: is empty (want a header row)`},
		{"blank lines", "\n\n", false, 0, `log.csv: is empty (want a header row)`},
		{"missing column", without("rfc"), false, 0, `log.csv: row 1, column rfc: is missing from the header`},
		{"missing columns", without("rfc", "vendor"), false, 0,
			`log.csv: row 1, column rfc: is missing from the header, and so is vendor`},
		{"other separator", strings.ReplaceAll(header(), ",", ";") + "\n", false, 0,
			`log.csv: row 1, column number: is missing from the header, which has one column only (want 36 names separated by commas)`},
		{"repeated column", header() + ",Vendor\n", false, 0, `log.csv: row 1, column vendor: is in the header twice`},
		{"bad date", file(firstRow, with("opened_at", "31/2/2016 10:00")), false, 1,
			`log.csv: row 3, column opened_at: "31/2/2016 10:00" is not a date (want d/m/yyyy hh:mm)`},
		{"no date", file(with("sys_updated_at", "?")), false, 0,
			`log.csv: row 2, column sys_updated_at: is missing (want a date on every row)`},
		{"no number", file(with("number", "?")), false, 0,
			`log.csv: row 2, column number: is missing (want a value on every row)`},
		{"bad count", file(with("reopen_count", "-1")), false, 0,
			`log.csv: row 2, column reopen_count: "-1" is not a count (want a whole number from 0 to 999999999)`},
		{"bad truth value", file(with("made_sla", "yes")), false, 0,
			`log.csv: row 2, column made_sla: "yes" is not a truth value (want true or false)`},
		{"short row", file(firstRow, cells(28)), false, 1,
			`log.csv: row 3, column problem_id: is missing: the row ends after 28 of 36 fields`},
		{"long row", file(firstRow + ",more"), false, 0, `log.csv: row 2: has 37 fields (want 36)`},
		{"NUL", file(with("location", "a\x00b")), false, 0,
			`log.csv: row 2, column location: "a\x00b" holds a NUL (want text in UTF-8)`},
		{"not UTF-8", file(with("location", "S\xe9")), false, 0,
			`log.csv: row 2, column location: "S\xe9" is not UTF-8 (want text in UTF-8)`},
		{"not UTF-8 in an extra column", header() + ",note\n" + firstRow + ",\xff\n", false, 0,
			`log.csv: row 2, column note: "\xff" is not UTF-8 (want text in UTF-8)`},
		{"UTF-16", "n\x00u\x00m\x00", false, 0,
			`log.csv: row 1, column 1: "n\x00u\x00m\x00" holds a NUL (want a column name in UTF-8)`},
		{"bare quote", file(firstRow, with("location", `Porto "Sé"`)), false, 1,
			`log.csv: row 3, column location: holds a bare quote (want "…" around a whole field, and "" for a quote in it)`},
		{"open quote", file(firstRow, with("location", `"Porto`)), false, 1,
			`log.csv: row 3, column location: has a quote that is not closed, or text after the one that closes it (want "…" around a whole field, and "" for a quote in it)`},
		{"a row without end", file(firstRow) + strings.Repeat("a", 3<<20), false, 1,
			`log.csv: row 3: is too long (want at most 1048576 bytes; is a quote not closed?)`},
		{"not gzip", file(firstRow), true, 0, `log.csv: is not gzip data (want a file made by gzip)`},
		{"gzip without the name", packed, false, 0,
			`log.csv: is compressed with gzip (want text, or a name that ends in .gz)`},
		{"gzip cut in its header", packed[:5], true, 0, `log.csv: is cut short: the gzip data end too early`},
		{"gzip cut", packed[:len(packed)-9], true, 500,
			`log.csv: row 502: is cut short: the gzip data end too early`},
		{"gzip with a wrong checksum", packed[:len(packed)-8] + "12345678", true, 500,
			`log.csv: row 502: is damaged: the gzip checksum does not fit the data`},
		{"text after gzip", packed + firstRow, true, 500, `log.csv: row 502: is not gzip data (want a file made by gzip)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, err := readAll(c.text, c.gz)
			require.EqualError(t, err, c.message)
			require.Len(t, rows, c.rows)
			var fault *snlog.Error
			require.ErrorAs(t, err, &fault)
		})
	}
}
