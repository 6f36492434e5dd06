package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
)

var update = flag.Bool("update", false, "write the golden files anew")

// call runs the program.
func call(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(context.Background(), args, &out, &errs)
	return code, out.String(), errs.String()
}

// The golden file was read by people; a change of the simulator, the desk, the clocks or the report shows in it.
func TestSmallYear(t *testing.T) {
	arguments, err := os.ReadFile(filepath.Join("testdata", "arguments.txt"))
	require.NoError(t, err)
	code, out, errs := call(strings.Fields(string(arguments))...)
	require.Zero(t, code)
	require.Empty(t, errs, "no progress bar where there is no terminal")
	path := filepath.Join("testdata", "output.txt")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(out), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), out)
	for _, line := range strings.Split(out, "\n") {
		require.LessOrEqual(t, len([]rune(line)), 80)
	}
	_, again, _ := call("-incidents", "300", "-seed", "1")
	require.Equal(t, out, again, "the same seed gives the same bytes")
	_, other, _ := call("-incidents", "300", "-seed", "2")
	require.NotEqual(t, out, other)
}

// log is a log of two cases, one of them with a row that no lifecycle allows.
const log = `INC1,New,true,0,0,0,true,Caller 1,Opened by 1,1/3/2016 09:00,Created by 1,1/3/2016 09:05,Updated by 1,1/3/2016 09:10,Phone,Location 1,Category 1,Subcategory 1,?,?,2 - Medium,2 - Medium,3 - Moderate,Group 1,?,false,false,Do Not Notify,?,?,?,?,code 6,Resolved by 1,2/3/2016 09:00,7/3/2016 09:00
INC1,Resolved,true,0,0,1,true,Caller 1,Opened by 1,1/3/2016 09:00,Created by 1,1/3/2016 09:05,Updated by 1,2/3/2016 09:00,Phone,Location 1,Category 1,Subcategory 1,?,?,2 - Medium,2 - Medium,3 - Moderate,Group 1,?,false,false,Do Not Notify,?,?,?,?,code 6,Resolved by 1,2/3/2016 09:00,7/3/2016 09:00
INC1,Closed,false,0,0,2,true,Caller 1,Opened by 1,1/3/2016 09:00,Created by 1,1/3/2016 09:05,Updated by 1,7/3/2016 09:00,Phone,Location 1,Category 1,Subcategory 1,?,?,2 - Medium,2 - Medium,3 - Moderate,Group 1,?,false,false,Do Not Notify,?,?,?,?,code 6,Resolved by 1,2/3/2016 09:00,7/3/2016 09:00
INC2,Active,true,0,0,0,true,Caller 2,Opened by 1,1/3/2016 09:00,Created by 1,1/3/2016 09:05,Updated by 1,1/3/2016 09:10,Phone,Location 1,Category 1,Subcategory 1,?,?,2 - Medium,2 - Medium,3 - Moderate,Group 1,?,false,false,Do Not Notify,?,?,?,?,code 6,?,?,?
INC2,New,true,0,0,1,true,Caller 2,Opened by 1,1/3/2016 09:00,Created by 1,1/3/2016 09:05,Updated by 1,1/3/2016 09:20,Phone,Location 1,Category 1,Subcategory 1,?,?,2 - Medium,2 - Medium,3 - Moderate,Group 1,?,false,false,Do Not Notify,?,?,?,?,code 6,?,?,?
`

func header() string { return strings.Join(snlog.Columns(), ",") + "\n" }

func saved(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

func zipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

// The expected numbers are counted by hand in the log above.
func TestLogAsJSON(t *testing.T) {
	for _, path := range []string{saved(t, "log.csv", header()+log), saved(t, "log.csv.gz", zipped(t, header()+log))} {
		code, out, errs := call("-log", path, "-json", "-refused")
		require.Zero(t, code, errs)
		var got map[string]any
		require.NoError(t, json.Unmarshal([]byte(out), &got))
		for name, want := range map[string]any{
			"rows": 5.0, "cases": 2.0, "actions": 5.0, "events": 5.0, "unchanged": 0.0, "reordered": 0.0, "reopened_cases": 0.0,
			"refused":        []any{map[string]any{"from": "in_progress", "wanted": "new", "count": 1.0}},
			"refused_rows":   []any{map[string]any{"row": 6.0, "number": "INC2", "from": "in_progress", "wanted": "new", "why": "no action leads there"}},
			"final_states":   map[string]any{"closed": 1.0, "in_progress": 1.0},
			"resolved_hours": map[string]any{"n": 1.0, "p50": 24.0, "p90": 24.0, "by_priority": map[string]any{"p3": map[string]any{"n": 1.0, "p50": 24.0, "p90": 24.0}}},
		} {
			require.Equal(t, want, got[name], name)
		}
	}
}

func TestRefusedRowsAreListedOnRequest(t *testing.T) {
	path := saved(t, "log.csv", header()+log)
	_, out, _ := call("-log", path)
	require.Contains(t, out, "In progress  New         1\n")
	require.NotContains(t, out, "no action leads there")
	_, out, _ = call("-log", path, "-refused")
	require.Contains(t, out, "INC2  In progress  New     no action leads there\n")
	_, out, _ = call("-log", path, "-history", "INC1")
	require.Contains(t, out, "History of INC1 ")
}

func TestDamagedLogs(t *testing.T) {
	for _, tt := range []struct{ name, file, text, message string }{
		{"missing column", "log.csv", strings.Replace(header(), ",rfc", "", 1), "row 1, column rfc: is missing from the header"},
		{"bad date", "log.csv", header() + strings.Replace(log, "7/3/2016 09:00,Phone", "31/2/2016 09:00,Phone", 1),
			`row 4, column sys_updated_at: "31/2/2016 09:00" is not a date (want d/m/yyyy hh:mm)`},
		{"short row", "log.csv", header() + log + "INC3,New,true\n", "row 7, column reassignment_count: is missing: the row ends after 3 of 36 fields"},
		{"wrong gzip", "log.csv.gz", header() + log, "is not gzip data (want a file made by gzip)"},
		{"half of a gzip", "log.csv.gz", zipped(t, header()+log)[:300], "is cut short: the gzip data end too early"},
		{"gzip without its name", "log.csv", zipped(t, header()+log), "is compressed with gzip (want text, or a name that ends in .gz)"},
		{"empty", "log.csv", "", "is empty (want a header row)"},
		{"no rows", "log.csv", header(), "row 2: is missing: the log has a header and no rows"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := saved(t, tt.file, tt.text)
			page := filepath.Join(filepath.Dir(path), "desk.html")
			require.NoError(t, os.WriteFile(page, []byte("the last report"), 0o644))
			for _, args := range [][]string{{"-log", path}, {"-log", path, "-json"}, {"-log", path, "-html", page}} {
				code, out, errs := call(args...)
				require.Equal(t, 1, code)
				require.Empty(t, out, "no half report")
				require.True(t, strings.HasPrefix(errs, "servicedesk: "+path+": "), errs)
				require.Contains(t, errs, tt.message)
				require.Equal(t, 1, strings.Count(errs, "\n"))
			}
			kept, err := os.ReadFile(page)
			require.NoError(t, err)
			require.Equal(t, "the last report", string(kept))
			entries, err := os.ReadDir(filepath.Dir(path))
			require.NoError(t, err)
			require.Len(t, entries, 2, "nothing else is left behind")
		})
	}
}

func TestPage(t *testing.T) {
	path := saved(t, "log.csv", header()+log)
	page := filepath.Join(t.TempDir(), "desk.html")
	code, out, errs := call("-log", path, "-refused", "-html", page)
	require.Zero(t, code, errs)
	require.Equal(t, page+" holds the report of 2 cases.\n", out)
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Contains(t, string(text), "A service desk by its audit log")
	require.Contains(t, string(text), "no action leads there")
	for _, outside := range []string{"http://", "https://", "src=", "@import", "url("} {
		require.NotContains(t, strings.ReplaceAll(string(text), "http://www.w3.org/2000/svg", ""), outside, "the page needs nothing else")
	}
	info, err := os.Stat(page)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o644), info.Mode().Perm())

	code, out, errs = call("-log", path, "-html", filepath.Join(t.TempDir(), "none", "desk.html"))
	require.Equal(t, 1, code)
	require.Empty(t, out)
	require.Contains(t, errs, "no such file")
}

func TestWrongCalls(t *testing.T) {
	for _, tt := range []struct {
		args    []string
		message string
	}{
		{[]string{"more"}, `unexpected argument "more"`},
		{[]string{"-incidents", "0"}, "-incidents is 0, want 1 to 1000000"},
		{[]string{"-log", "x", "-seed", "2"}, "-log runs what happened: -incidents and -seed go with a simulated year"},
		{[]string{"-refused"}, "-refused goes with -log"},
		{[]string{"-zone", "UTC"}, "-zone goes with -log"},
		{[]string{"-store", "x"}, `-store is "x", want memory, sqlite:FILE or postgres:DSN`},
		{[]string{"-store", "sqlite:"}, `-store is "sqlite:", want memory, sqlite:FILE or postgres:DSN`},
		{[]string{"-fit", "x"}, "-fit goes with -log"},
		{[]string{"-log", "x", "-zone", "Mars"}, `-zone is "Mars", want the name of an IANA zone such as UTC or Europe/Berlin`},
		{[]string{"-log", "x", "-zone", "Local"}, `-zone is "Local"`},
		{[]string{"-whatif", ""}, "the name of a file is empty"},
		{[]string{"-agreement", ""}, "the name of a file is empty"},
		{[]string{"-log", ""}, "the name of a file is empty"},
		{[]string{"-html="}, "the name of a file is empty"},
		{[]string{"-colour"}, "flag provided but not defined: -colour"},
	} {
		code, out, errs := call(tt.args...)
		require.Equal(t, 2, code, tt.args)
		require.Empty(t, out)
		require.Contains(t, errs, tt.message)
		require.Contains(t, errs, "usage: servicedesk ")
	}
	code, out, errs := call("-h")
	require.Zero(t, code)
	require.Empty(t, out)
	require.Contains(t, errs, "usage: servicedesk ")

	code, _, errs = call("-log", filepath.Join(t.TempDir(), "none.csv"))
	require.Equal(t, 1, code)
	require.Contains(t, errs, "cannot be opened: ")
	code, out, errs = call("-incidents", "20", "-history", "INC9")
	require.Equal(t, 1, code)
	require.Empty(t, out)
	require.Equal(t, "servicedesk: there is no case \"INC9\"\n", errs)
}

// A file that cannot be written is told by its own name, and before the work: the missing log is not even looked for.
func TestNowhereToWrite(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "missing", "file")
	for _, flag := range []string{"-html", "-fit"} {
		code, out, errs := call("-log", "missing.csv", flag, nowhere)
		require.Equal(t, 1, code)
		require.Empty(t, out)
		require.Contains(t, errs, flag+": "+nowhere+": ")
		require.Contains(t, errs, "no such file or directory")
	}
}

// A slip of the hand does not replace the log by its report, under whatever name it goes.
func TestTheLogIsNotReplaced(t *testing.T) {
	path := saved(t, "log.csv", header()+log)
	other := filepath.Join(t.TempDir(), "other.csv")
	require.NoError(t, os.Link(path, other))
	for _, flag := range []string{"-html", "-fit"} {
		code, _, errs := call("-log", path, flag, other)
		require.Equal(t, 1, code)
		require.Equal(t, "servicedesk: "+flag+": "+other+" is the log: want another file\n", errs)
	}
	text, err := os.ReadFile(other)
	require.NoError(t, err)
	require.Equal(t, header()+log, string(text))
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errs bytes.Buffer
	require.Equal(t, 1, run(ctx, []string{"-incidents", "20"}, &out, &errs))
	require.Empty(t, out.String())
	require.Contains(t, errs.String(), "context canceled")
}

// A reader that goes away must not end in success.
func TestOutputThatFails(t *testing.T) {
	var errs bytes.Buffer
	require.Equal(t, 1, run(context.Background(), []string{"-incidents", "20"}, gone{}, &errs))
	require.Contains(t, errs.String(), "file already closed")
}

type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, os.ErrClosed }
